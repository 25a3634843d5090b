"""Opens the database and hands out units of work, on SQLite (one hub) and PostgreSQL (several) alike."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Literal, TypeVar

import psycopg
from sqlalchemy import URL, Executable, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from hub.db.base import Base
from hub.db.failures import as_hub_error, is_retryable
from hub.db.find import Entity, find_all
from hub.db.held_answer import current_held_answer
from hub.db.principal import Principal
from hub.db.sqlite_driver import BUSY_TIMEOUT_MS, OneTripConnection, OneTripDbapi
from hub.db.together import Together
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError

T = TypeVar("T")

_MAX_RUNS = 6


class DatabaseUrlInvalid(HubError):
    pass


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One a process. `engine` is that of units that write; its listeners hear the statements of all. `subscribers` maps
    an event's name to those who get it; the outbox relay fills it at the start.
    """

    def __init__(self, engine: AsyncEngine, reader: AsyncEngine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._reader = reader
        self.clock = clock
        self.subscribers: dict[str, tuple[str, ...]] = {}
        self.on_events: list[Callable[[frozenset[str]], None]] = []
        # SQLite has one writer: waiting here is fair and free, waiting in SQLite polls.
        self._write_lock = asyncio.Lock() if self.dialect == "sqlite" else None
        self._writing_task: asyncio.Task[Any] | None = None
        self._rows: dict[type[Base], Together[Any, Any]] = {}

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] = utc_now, pool_size: int = 10) -> "Database":
        """Make the engine; connects at the first use.

        Args:
            url: "sqlite:////folder/hub.db" or "postgresql://user:password@host/name".
            clock: tells the aware UTC time of each unit of work.
            pool_size: most connections held open for reading, and as many for writing.

        Raises:
            DatabaseUrlInvalid: the URL is of neither kind.
        """
        engine, reader = (_create_engine(url, pool_size, reads=reads) for reads in (False, True))
        # Who listens to the statements of the one hears those of the other: as an engine with options of its own does.
        reader.sync_engine.dispatch = reader.sync_engine.dispatch._join(engine.sync_engine.dispatch)  # noqa: SLF001
        reader.sync_engine._has_events = True  # noqa: SLF001 (see above)
        return cls(engine, reader, clock)

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if self.engine.dialect.name == "sqlite" else "postgresql"

    def unit_of_work(self, principal: Principal, *, write: bool = True) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that commits on success and rolls back on any error.

        Reads of one unit see one moment on SQLite and each statement's moment on PostgreSQL (READ COMMITTED).
        Don't open a writing unit inside another one: it is refused. While an RPC with a `request_id` is answered, the
        unit joins the transaction that also stores the answer (see `held_answer`).

        Raises:
            Unavailable: the database cannot be reached, read or written; nothing was changed.
            Aborted: a versioned row was changed meanwhile.
        """
        if not write:
            return _Reading(self, principal)
        held = current_held_answer()
        if held is not None:
            return held.joined(lambda: self.transaction(principal, write=True))
        return self.transaction(principal, write=True)

    async def read(self, statement: Executable, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of one statement, outside of any unit of work: for what is asked at each call. Make the statement
        once, with `bindparam`: making it costs more than running it.

        Raises:
            Unavailable: the database cannot be reached or read.
        """
        try:
            connection = await self._reader.connect()
            try:
                result = await connection.execute(statement, parameters)
                return list(result.all())
            finally:
                await connection.close()
        except SQLAlchemyError as error:
            raise _explained(error) from error

    async def row(self, entity: type[Entity], key: object) -> Entity | None:
        """One row as it is now, outside of any unit of work: for calls that need no more. Those who ask at the same
        time are answered by one statement, perhaps with the same object: don't change it.

        Raises:
            Unavailable: the database cannot be reached or read.
        """
        rows = self._rows.get(entity)
        if rows is None:
            rows = self._rows[entity] = Together(partial(self._look_up, entity))
        found: Entity | None = await rows.get(key)
        return found

    async def _look_up(self, entity: type[Entity], keys: Collection[object]) -> dict[Any, Entity]:
        try:
            async with self.reading_session() as session:
                return await find_all(session, entity, keys)
        except SQLAlchemyError as error:
            raise _explained(error) from error

    @asynccontextmanager
    async def transaction(self, principal: Principal, *, write: bool) -> AsyncIterator[UnitOfWork]:
        """`unit_of_work` without joining: for the hub's own machinery."""
        if not write:
            async with _Reading(self, principal) as uow:
                yield uow
            return
        waiting: frozenset[str] = frozenset()
        try:
            async with self._exclusively(), AsyncSession(self.engine, expire_on_commit=False) as session:
                session.sync_session.info["read_only"] = False
                uow = UnitOfWork(session, principal, self.clock(), self.subscribers)
                async with session.begin():
                    yield uow
                    waiting = await uow.store_records()
        except SQLAlchemyError as error:
            known = _explained(error)
            if known is error:
                raise
            raise known from error
        if waiting:
            for wake in self.on_events:
                wake(waiting)

    def reading_session(self) -> AsyncSession:
        """A session of the connections that only read."""
        return AsyncSession(self._reader, expire_on_commit=False)

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
        await self._reader.dispose()

    @asynccontextmanager
    async def _exclusively(self) -> AsyncIterator[None]:
        if self._write_lock is None:
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


class _Reading:
    """A unit of work that reads; nothing to commit. One object, for there is one with almost every call."""

    __slots__ = ("_database", "_principal", "_session")

    def __init__(self, database: Database, principal: Principal) -> None:
        self._database = database
        self._principal = principal

    async def __aenter__(self) -> UnitOfWork:
        database = self._database
        self._session = database.reading_session()
        self._session.sync_session.info["read_only"] = True
        return UnitOfWork(self._session, self._principal, database.clock(), database.subscribers)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and (self._session.new or self._session.dirty or self._session.deleted):
                await self._session.flush()  # refuses, for this is a mistake of the hub's code
        finally:
            # It gives the connection back without asking the database anything: nobody can break in here.
            await self._session.close()
        if isinstance(error, SQLAlchemyError):
            known = _explained(error)
            if known is not error:
                raise known from error


def _explained(error: SQLAlchemyError) -> Exception:
    """The error for callers; itself where it is to be tried again, or nobody foresaw it."""
    known = None if is_retryable(error) else as_hub_error(error)
    return error if known is None else known


def _create_engine(url: str, pool_size: int, *, reads: bool) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            'database_url is not a URL: write "sqlite:////folder/hub.db" or "postgresql://user:password@host/name".'
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return _postgresql_engine(parsed, pool_size, reads=reads)
    if backend != "sqlite":
        raise DatabaseUrlInvalid(f'database_url is for "{backend}": the hub knows sqlite and postgresql.')
    return _sqlite_engine(parsed, pool_size, reads=reads)


def _postgresql_engine(url: URL, pool_size: int, *, reads: bool) -> AsyncEngine:
    # A unit that reads needs no BEGIN and COMMIT: at READ COMMITTED each statement sees its own moment with them, too.
    reading: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if reads else {}
    options = "-c default_transaction_read_only=on" if reads else ""
    engine = create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        # Values of a failed statement may be biometric or secret: they stay out of logs.
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_recycle=1800,
        connect_args={"application_name": "smart-roster-hub", "connect_timeout": 10, "options": options},
        **reading,
    )
    event.listen(engine.sync_engine, "checkout", _ping)
    return engine


def _ping(connection: DBAPIConnection, _record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection is asked whether it is there, and replaced when it is gone."""
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def _sqlite_engine(url: URL, pool_size: int, *, reads: bool) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        module=OneTripDbapi(reads=reads),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        assert isinstance(connection, OneTripConnection)  # noqa: S101 (the engine above makes no other)
        # Python's driver must not open transactions by itself: ours does.
        connection.isolation_level = None
        cursor = connection.cursor()
        pragmas = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"]
        # The driver waits for locks itself where that holds up nobody.
        for pragma in [*pragmas, "query_only=ON", "busy_timeout=0"] if reads else pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own knows the letters of ASCII alone; PostgreSQL's knows all, and searches ask both by this name.
        connection.create_function("lower", 1, _lower, deterministic=True)
        connection.is_prepared = True

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()
