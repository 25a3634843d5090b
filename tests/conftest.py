pytest_plugins = ["tests.fixtures.database", "tests.fixtures.broker", "tests.fixtures.hub", "tests.fixtures.faces"]
