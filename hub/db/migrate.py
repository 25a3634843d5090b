"""Brings a database to the schema of this hub; several hubs may do so at once."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script.revision import RevisionError
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from hub.db.failures import DatabaseUnavailable, as_hub_error
from hub.errors import FailedPrecondition

# Any fixed number: hubs that start together on PostgreSQL migrate one after another.
_ADVISORY_LOCK = 7_346_518_290


class DatabaseTooNew(FailedPrecondition):
    pass


def migrate(url: str) -> None:
    """Run the migrations that the database lacks. Blocking: call it before the loop, or in a thread.

    Raises:
        DatabaseUnavailable: it cannot be opened, is read-only, full, or damaged.
        DatabaseTooNew: a newer hub has been at it.
    """
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            _prepare(connection)
            configuration = Config()
            configuration.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
            connection.commit()
    except SQLAlchemyError as error:
        known = as_hub_error(error)
        if known is None:
            raise
        raise known from error
    except (CommandError, RevisionError) as error:
        raise DatabaseTooNew(
            "This database was written by a newer version of the hub: install that version, or restore the backup "
            "from before it."
        ) from error
    finally:
        engine.dispose()


def sync_engine(url: str) -> Engine:
    """A plain engine for migrations."""
    parsed = make_url(url)
    driver = "sqlite+pysqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return create_engine(parsed.set(drivername=driver))


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        connection.commit()  # the lock is the session's: it ends with the connection
        return
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    connection.rollback()
    if found != "ok":
        raise DatabaseUnavailable(
            f"The database file is damaged ({found}): stop the hub, keep the file, and restore the last backup."
        )


def _scripts() -> Path:
    return Path(str(files("hub"))) / "migrations"
