"""Opens the database and hands out units of work, on SQLite (one hub) and PostgreSQL (several) alike."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from hub.db.failures import as_hub_error, is_retryable
from hub.db.held_answer import current_held_answer
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError

T = TypeVar("T")

_BUSY_TIMEOUT_MS = 10_000
_MAX_RUNS = 6


class DatabaseUrlInvalid(HubError):
    pass


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One a process. `subscribers` maps an event's name to those who get it; the outbox relay fills it at the start."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self.clock = clock
        self.subscribers: dict[str, tuple[str, ...]] = {}
        self.on_events: list[Callable[[frozenset[str]], None]] = []
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._reader = engine.execution_options(sqlite_begin="BEGIN", postgresql_readonly=True)
        # SQLite has one writer: waiting here is fair and free, waiting in SQLite polls.
        self._write_lock = asyncio.Lock() if self.dialect == "sqlite" else None
        self._writing_task: asyncio.Task[Any] | None = None

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] = utc_now, pool_size: int = 10) -> "Database":
        """Make the engine; connects at the first use.

        Args:
            url: "sqlite:////folder/hub.db" or "postgresql://user:password@host/name".
            clock: tells the aware UTC time of each unit of work.
            pool_size: most connections held open.

        Raises:
            DatabaseUrlInvalid: the URL is of neither kind.
        """
        return cls(_create_engine(url, pool_size), clock)

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if self.engine.dialect.name == "sqlite" else "postgresql"

    @asynccontextmanager
    async def unit_of_work(self, principal: Principal, *, write: bool = True) -> AsyncIterator[UnitOfWork]:
        """A transaction that commits on success and rolls back on any error.

        Reads of one unit see one moment on SQLite and each statement's moment on PostgreSQL (READ COMMITTED).
        Don't open a writing unit inside another one: it is refused. While an RPC with a `request_id` is answered, the
        unit joins the transaction that also stores the answer (see `held_answer`).

        Raises:
            Unavailable: the database cannot be reached, read or written; nothing was changed.
            Aborted: a versioned row was changed meanwhile.
        """
        held = current_held_answer() if write else None
        if held is not None:
            async with held.joined(lambda: self.transaction(principal, write=True)) as uow:
                yield uow
            return
        async with self.transaction(principal, write=write) as uow:
            yield uow

    @asynccontextmanager
    async def transaction(self, principal: Principal, *, write: bool) -> AsyncIterator[UnitOfWork]:
        """`unit_of_work` without joining: for the hub's own machinery."""
        waiting: frozenset[str] = frozenset()
        try:
            async with (
                self._exclusively(write),
                AsyncSession(self._writer if write else self._reader, expire_on_commit=False) as session,
            ):
                session.sync_session.info["read_only"] = not write
                uow = UnitOfWork(session, principal, self.clock(), self.subscribers)
                async with session.begin():
                    yield uow
                    if write:
                        waiting = await uow.store_records()
        except SQLAlchemyError as error:
            known = None if is_retryable(error) else as_hub_error(error)
            if known is None:
                raise
            raise known from error
        if waiting:
            for wake in self.on_events:
                wake(waiting)

    async def run(self, principal: Principal, fn: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """`fn` in a writing unit of work, again from its start (at most 6 times) when it lost a race with another."""
        for attempt in range(1, _MAX_RUNS):
            try:
                async with self.unit_of_work(principal) as uow:
                    return await fn(uow)
            except SQLAlchemyError as error:
                if not is_retryable(error):
                    raise
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 (spreads the retries, guards nothing)
        async with self.unit_of_work(principal) as uow:
            return await fn(uow)

    async def dispose(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def _exclusively(self, write: bool) -> AsyncIterator[None]:  # noqa: FBT001 (private)
        if self._write_lock is None or not write:
            yield
            return
        if self._writing_task is asyncio.current_task():
            raise RuntimeError("a writing unit of work was opened inside another: use the outer one")
        async with self._write_lock:
            self._writing_task = asyncio.current_task()
            try:
                yield
            finally:
                self._writing_task = None


def _create_engine(url: str, pool_size: int) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            'database_url is not a URL: write "sqlite:////folder/hub.db" or "postgresql://user:password@host/name".'
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return create_async_engine(
            parsed.set(drivername="postgresql+psycopg"),
            # Values of a failed statement may be biometric or secret: they stay out of logs.
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"application_name": "smart-roster-hub", "connect_timeout": 10},
        )
    if backend != "sqlite":
        raise DatabaseUrlInvalid(f'database_url is for "{backend}": the hub knows sqlite and postgresql.')
    engine = create_async_engine(
        parsed.set(drivername="sqlite+aiosqlite"),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` does, with the right kind.
    setattr(connection, "isolation_level", None)  # noqa: B010 (the driver's own attribute, not of DBAPIConnection)
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
