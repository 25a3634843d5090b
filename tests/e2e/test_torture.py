"""A sample of the torture trials; `make torture` runs 200."""

from pathlib import Path

import pytest

from bench.torture import run


@pytest.mark.torture
@pytest.mark.e2e
@pytest.mark.timeout(400)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_dies_nothing_is_lost_and_nothing_doubled(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("torture")
    if database == "postgresql":
        # PostgreSQL runs as another user than root: that user has to reach its folder.
        for parent in (folder, *list(folder.parents)[:2]):
            parent.chmod(0o755)
    (books,) = run(folder, trials=10, seed=20261124, databases=(database,))
    assert books.is_right
    assert books.stored >= 10 * 15
    assert books.alerts > 0
