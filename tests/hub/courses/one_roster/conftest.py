from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from hub.db.database import Database
from tests.fixtures.people_api import api, passwords

__all__ = ["api", "passwords"]  # fixtures of this folder


@pytest.fixture
def statements_of(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements_of() as statements:` collects what the database is asked meanwhile."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        statements: list[str] = []

        def collect(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
                statements.append(statement)

        event.listen(database.engine.sync_engine, "before_cursor_execute", collect)
        try:
            yield statements
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", collect)

    return collecting
