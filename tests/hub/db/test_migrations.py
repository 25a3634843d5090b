from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from hub.db.database import Database
from hub.db.failures import DatabaseUnavailable
from hub.db.migrate import DatabaseTooNew, migrate, sync_engine
from hub.db.principal import SYSTEM
from hub.db.schema import import_all_models
from tests.fixtures.database import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    url = server.create_database("template0")
    yield url
    server.drop_database(url)


def _beside_tables(connection: Connection) -> list[tuple[str, str]]:
    """Triggers, functions, exclusion and check constraints: what autogenerate does not compare."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL"
    else:
        query = """
            SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('x', 'c')
            UNION SELECT proname, prosrc FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
                WHERE nspname = 'public' AND probin IS NULL
            UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename !~ 'alembic'
        """
    return sorted((name, " ".join(definition.split())) for name, definition in connection.execute(text(query)))


def test_migrations_make_what_the_models_say(empty_url: str, request: pytest.FixtureRequest) -> None:
    migrate(empty_url)
    migrate(empty_url)  # a second start changes nothing
    server: PostgresqlServer | None = None
    if empty_url.startswith("sqlite"):
        created = f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    else:
        server = request.getfixturevalue("postgresql_server")
        assert server is not None
        created = server.url_of(request.getfixturevalue("postgresql_template"))
    migrated_engine, created_engine = sync_engine(empty_url), sync_engine(created)
    with migrated_engine.connect() as migrated, created_engine.connect() as expected:
        assert compare_metadata(MigrationContext.configure(migrated), import_all_models()) == []
        assert _beside_tables(migrated) == _beside_tables(expected)
    migrated_engine.dispose()
    created_engine.dispose()


def test_database_of_a_newer_hub_is_refused(empty_url: str) -> None:
    migrate(empty_url)
    engine = sync_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew, match="newer version of the hub"):
        migrate(empty_url)


def test_damaged_and_foreign_files_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.write_bytes(b"This is not a database. " * 500)
    with pytest.raises(DatabaseUnavailable, match="restore the last backup"):
        migrate(f"sqlite:///{path}")
    path.unlink()
    migrate(f"sqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    path.write_bytes(content)
    with pytest.raises(DatabaseUnavailable, match="damaged"):
        migrate(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        migrate(f"sqlite:///{tmp_path}/no/such/folder/hub.db")


async def test_full_disk_stores_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    """`max_page_count` makes SQLite answer SQLITE_FULL as a full disk does."""
    url = f"sqlite:///{tmp_path}/hub.db"
    migrate(url)
    database = Database.open(url, pool_size=1)
    async with database.engine.begin() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DatabaseUnavailable, match="the disk is full"):
        async with database.unit_of_work(SYSTEM) as uow:
            for number in range(200):
                uow.audit("test.fill", object_type="disk", object_id=str(number), reason="x" * 1000)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert (await uow.session.execute(text("SELECT count(*) FROM audit_entries"))).scalar_one() == 0
    await database.dispose()


async def test_unreachable_server_says_what_to_check() -> None:
    database = Database.open("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseUnavailable, match="check that it runs"):
        async with database.unit_of_work(SYSTEM) as uow:
            await uow.session.execute(text("SELECT 1"))
    await database.dispose()
