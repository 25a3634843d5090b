"""SQLite under asyncio with as little to and fro as can be.

aiosqlite does each step of a statement (cursor, execute, fetch, close) by a message to its thread and back, and
SQLAlchemy adds BEGIN and COMMIT: some thirty changes of thread for one small read. Here a statement is one message, and
BEGIN goes along with the first one.

A read of a few pages takes less time than one change of thread. So statements of reading transactions run on the event
loop's own thread, until they have taken `INLINE_SECONDS`: SQLite then breaks them off, and they run in the thread from
their beginning. WAL lets readers wait for nobody; where another process holds the whole file all the same, the thread
waits for it and not the loop.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Generator, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

INLINE_SECONDS = 0.002
BUSY_TIMEOUT_MS = 10_000
# SQLite asks after so many steps of its machine, some 20 µs, whether to go on.
_STEPS = 1000
_SERIALIZED = 3  # PEP 249: threads may share connections

# description, rowcount, lastrowid, rows
Outcome = tuple[Any, int, int | None, Sequence[Any]]


class _Nothing:
    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_NOTHING = _Nothing()


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """Holds what a statement answered; nothing is open behind it."""

    __slots__ = ("_outcome",)
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: "OneTripConnection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection  # noqa: SLF001 (as the class above it does)
        self._cursor = None  # type: ignore[assignment] # there is none to close
        self._soft_closed_memoized = {}  # type: ignore[assignment] # an empty mapping
        self._rows: deque[Any] = deque()
        self._outcome: Outcome = (None, -1, None, ())

    @property
    def description(self) -> Any:  # noqa: ANN401 (PEP 249)
        return self._outcome[0]

    @property
    def rowcount(self) -> int:
        return self._outcome[1]

    @property
    def lastrowid(self) -> Any:  # noqa: ANN401 (PEP 249)
        return self._outcome[2]

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401 (PEP 249)
        self._take(self._adapt_connection.run(operation, parameters or (), many=False))  # type: ignore[attr-defined] # it is ours

    def executemany(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401 (PEP 249)
        self._take(self._adapt_connection.run(operation, seq_of_parameters, many=True))  # type: ignore[attr-defined] # it is ours

    def _take(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._rows = deque(outcome[3])


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """`begin` comes before the first statement of each transaction, once `is_prepared` is set; with `reads` statements
    run inline.
    """

    __slots__ = ("_begin", "_is_open", "_reads", "is_prepared")
    _cursor_cls = OneTripCursor  # type: ignore[assignment] # a cursor like it

    def __init__(self, dbapi: Any, connection: Any, *, begin: str, reads: bool) -> None:  # noqa: ANN401 (SQLAlchemy's signature)
        super().__init__(dbapi, connection)
        self._begin = begin
        self._reads = reads
        self._is_open = False
        self.is_prepared = False

    def run(self, operation: str, parameters: Any, *, many: bool) -> Outcome:  # noqa: ANN401 (PEP 249)
        begin = self._begin if self.is_prepared and not self._is_open else ""
        self._is_open = self.is_prepared
        try:
            connection: sqlite3.Connection = self._connection._conn  # noqa: SLF001 (aiosqlite has no other way to it)
            if self._reads and self.is_prepared and sqlite3.threadsafety == _SERIALIZED:
                outcome = _run_inline(connection, begin, operation, parameters)
                if outcome is not None:
                    await_(_NOTHING)  # SQLAlchemy takes a driver that never waits for one that is not asynchronous
                    return outcome
                begin = "" if connection.in_transaction else begin
            run = _run_patiently if self._reads else _run
            answer: Outcome = await_(
                self._connection._execute(run, connection, begin, operation, parameters, many)  # noqa: SLF001 (see above)
            )
        except Exception as error:  # noqa: BLE001 (SQLAlchemy sorts them)
            self._handle_exception(error)
        return answer

    def commit(self) -> None:
        self._end(super().commit)

    def rollback(self) -> None:
        self._end(super().rollback)

    def _end(self, end: Any) -> None:  # noqa: ANN401 (a bound method)
        begun, self._is_open = self._is_open, False
        if not begun:
            return
        if self._reads:
            self._connection._conn.rollback()  # noqa: SLF001 (gives up a snapshot: no I/O, nothing to wait for)
        else:
            end()


class OneTripDbapi(AsyncAdapt_aiosqlite_dbapi):
    """For `create_async_engine(…, module=OneTripDbapi(reads=…))`: connections that read, or write from the start."""

    def __init__(self, *, reads: bool) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._options = {"begin": "BEGIN" if reads else "BEGIN IMMEDIATE", "reads": reads}

    def connect(self, *arguments: Any, **options: Any) -> OneTripConnection:  # noqa: ANN401 (SQLAlchemy's signature)
        # One thread at a time uses it: the pool gives it to one task, which waits for the other thread's answer.
        connection = aiosqlite.connect(*arguments, **(options | {"check_same_thread": False}))
        connection._thread.daemon = True  # noqa: SLF001 (as SQLAlchemy does)
        return OneTripConnection(self, await_(connection), **self._options)  # type: ignore[arg-type] # by name


def _run(connection: sqlite3.Connection, begin: str, operation: str, parameters: Any, many: bool) -> Outcome:  # noqa: ANN401, FBT001 (PEP 249)
    """Both in one go, in whatever thread this is called."""
    if begin:
        connection.execute(begin)
    cursor = (connection.executemany if many else connection.execute)(operation, parameters)
    rows = cursor.fetchall() if cursor.description else ()
    outcome = cursor.description, cursor.rowcount, cursor.lastrowid, rows
    cursor.close()
    return outcome


def _run_patiently(
    connection: sqlite3.Connection,
    begin: str,
    operation: str,
    parameters: Any,  # noqa: ANN401 (PEP 249)
    many: bool,  # noqa: FBT001 (as `_run`)
) -> Outcome:
    """`_run` on a connection that waits for no lock by itself, because it serves the event loop's thread, too."""
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    try:
        return _run(connection, begin, operation, parameters, many)
    finally:
        connection.execute("PRAGMA busy_timeout=0")


def _run_inline(connection: sqlite3.Connection, begin: str, operation: str, parameters: Any) -> Outcome | None:  # noqa: ANN401 (PEP 249)
    """The outcome, if it is there within `INLINE_SECONDS`; None when it is to be asked for in the thread."""
    deadline = time.perf_counter() + INLINE_SECONDS
    connection.set_progress_handler(lambda: time.perf_counter() > deadline, _STEPS)
    try:
        return _run(connection, begin, operation, parameters, many=False)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY):
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
