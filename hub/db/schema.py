"""Every table of the hub in one metadata, for migrations and tests."""

import importlib
import importlib.util
import itertools
import pkgutil

from sqlalchemy import MetaData, create_mock_engine
from sqlalchemy.schema import ExecutableDDLElement

import hub
from hub.db import audit, held_answer, outbox_tables
from hub.db.base import Base

_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_FOUNDATION = (audit, held_answer, outbox_tables)


def import_all_models() -> MetaData:
    """Import `hub.<domain>.models` of every domain that has one, and `hub.jobs.tables`; answers the whole metadata."""
    for module in pkgutil.iter_modules(hub.__path__):
        if not module.ispkg or module.name == "migrations":
            continue
        for tables in ("models", "tables"):
            name = f"hub.{module.name}.{tables}"
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    return Base.metadata


def create_statements(dialect: str) -> list[str]:
    """Every statement that makes the whole schema on "sqlite" or "postgresql", in order."""
    statements: list[str] = []

    def collect(ddl: ExecutableDDLElement, *_: object, **__: object) -> None:
        statements.append(str(ddl.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(f"{dialect}+{_DRIVERS[dialect]}://", collect)
    import_all_models().create_all(engine, checkfirst=False)
    # A table keeps its indexes in a set: in order of their text, the same models make the same script each time.
    ordered: list[str] = []
    for is_index, run in itertools.groupby(statements, lambda s: s.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX"))):
        ordered += sorted(run, key=str if is_index else lambda _: "")
    return ordered
