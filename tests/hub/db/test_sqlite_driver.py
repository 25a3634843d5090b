import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.db import sqlite_driver
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists, Unavailable

_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT count(*) FROM n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'some.db'}")
    async with database.unit_of_work(SYSTEM) as uow:
        await uow.session.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
    yield database
    await database.dispose()


async def _add(uow: UnitOfWork, *names: str) -> int:
    result = await uow.session.execute(
        text("INSERT INTO things (name) VALUES (:name)"), [{"name": name} for name in names]
    )
    return result.rowcount  # type: ignore[attr-defined, no-any-return] # a cursor's result has it


async def _names(uow: UnitOfWork) -> list[str]:
    return list(await uow.session.scalars(text("SELECT name FROM things ORDER BY id")))


async def test_what_was_committed_is_read_and_what_failed_is_not(database: Database) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        assert await _add(uow, "a", "b") == 2
        assert await _names(uow) == ["a", "b"]
    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work(SYSTEM) as uow:
            await _add(uow, "c")
            raise ZeroDivisionError
    with pytest.raises(AlreadyExists):
        async with database.unit_of_work(SYSTEM) as uow:
            await _add(uow, "d")
            await _add(uow, "a")
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert await _names(uow) == ["a", "b"]


async def test_unit_that_reads_sees_one_moment_and_the_next_one_the_next(database: Database) -> None:
    async with database.unit_of_work(SYSTEM, write=False) as reading:
        assert await _names(reading) == []
        async with database.unit_of_work(SYSTEM) as writing:
            await _add(writing, "a")
        assert await _names(reading) == []
    async with database.unit_of_work(SYSTEM, write=False) as reading:
        assert await _names(reading) == ["a"]


async def test_unit_that_reads_can_write_nothing(database: Database) -> None:
    with pytest.raises(Unavailable, match="read-only"):
        async with database.unit_of_work(SYSTEM, write=False) as uow:
            await _add(uow, "a")
    async with database.unit_of_work(SYSTEM) as uow:
        assert await _names(uow) == []


async def test_small_read_runs_in_the_loop_s_thread_and_a_long_one_leaves_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    run = sqlite_driver._run

    def noted(*arguments, **options):  # type: ignore[no-untyped-def] # noqa: ANN002, ANN003, ANN202 (as `_run`)
        threads.append(threading.current_thread())
        return run(*arguments, **options)

    monkeypatch.setattr(sqlite_driver, "_run", noted)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        await uow.session.execute(text("SELECT 1"))  # opens the connection
        threads.clear()
        assert await _names(uow) == []
        assert threads == [threading.main_thread()]
        counted = asyncio.create_task(_longest_pause())
        assert await uow.session.scalar(text(_ENDLESS.format(3_000_000))) == 3_000_000
        pause = await counted
        assert len(threads) == 3
        assert threads[2] is not threading.main_thread()
        assert pause < 0.2
        # The snapshot is that of the transaction still.
        async with database.unit_of_work(SYSTEM) as writing:
            await _add(writing, "later")
        assert await _names(uow) == []


async def _longest_pause() -> float:
    """How long the loop did not turn at most, over some turns."""
    loop = asyncio.get_running_loop()
    longest, last = 0.0, loop.time()
    for _ in range(20):
        await asyncio.sleep(0.002)
        longest, last = max(longest, loop.time() - last), loop.time()
    return longest


async def test_writing_never_runs_in_the_loop_s_thread(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a write in the loop's thread")

    monkeypatch.setattr(sqlite_driver, "_run_inline", refused)
    async with database.unit_of_work(SYSTEM) as uow:
        await _add(uow, "a")
        assert await _names(uow) == ["a"]


async def test_savepoint_undoes_its_part_alone(database: Database) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        await _add(uow, "a")
        with pytest.raises(IntegrityError):
            async with uow.savepoint():
                await _add(uow, "b")
                await _add(uow, "a")
        await _add(uow, "c")
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert await _names(uow) == ["a", "c"]


async def test_loop_goes_on_while_another_process_holds_the_whole_file(database: Database, tmp_path: Path) -> None:
    await database.dispose()
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("INSERT INTO things (name) VALUES ('theirs')")

    async def read() -> list[str]:
        async with database.unit_of_work(SYSTEM, write=False) as uow:
            return await _names(uow)

    reading = asyncio.create_task(read())
    assert await _longest_pause() < 0.2
    assert not reading.done()
    other.close()
    assert await reading == ["theirs"]
