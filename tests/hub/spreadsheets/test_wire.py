import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.spreadsheets.columns import Problem
from hub.spreadsheets.errors import NotAWorkbook
from hub.spreadsheets.reader import Reading
from hub.spreadsheets.wire import Outcome, Report, import_updates
from smartroster.imports.v1.imports_pb2 import ImportUpdate

Store = Callable[[UnitOfWork, Reading, Report], Awaitable[Outcome]]


async def store_three(uow: UnitOfWork, _reading: Reading, report: Report) -> Outcome:
    for i in range(3):
        uow.audit("tests.import", object_type="test", object_id=uuid4())
        report(i + 1, 3, "Storing")
        await asyncio.sleep(0)
    return Outcome(created=3)


async def store_with_problem(uow: UnitOfWork, reading: Reading, report: Report) -> Outcome:
    await store_three(uow, reading, report)
    return Outcome(created=3, problems=[Problem("People", 2, "Name", "is empty: fill it in")])


def updates(
    database: Database,
    store: Store = store_three,
    *,
    read: Callable[[], Reading] = Reading,
    validate_only: bool = False,
) -> AsyncIterator[ImportUpdate]:
    return import_updates(database, SYSTEM, read=read, store=store, lock="tests", validate_only=validate_only)


async def stored(database: Database) -> int:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return await uow.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


async def test_an_import_tells_its_progress_and_then_its_outcome(database: Database) -> None:
    messages = [message async for message in updates(database)]
    assert messages[0].progress.stage == "Reading the file"
    assert [m.progress.done_rows for m in messages[1:-1]] == sorted({m.progress.done_rows for m in messages[1:-1]})
    assert (messages[-2].progress.done_rows, messages[-2].progress.total_rows) == (3, 3)
    assert (messages[-1].outcome.committed, messages[-1].outcome.created) == (True, 3)
    assert await stored(database) == 3


async def test_a_dry_run_answers_the_same_and_stores_nothing(database: Database) -> None:
    *_, last = [message async for message in updates(database, validate_only=True)]
    assert (last.outcome.committed, last.outcome.created) == (False, 3)
    assert await stored(database) == 0


async def test_one_problem_undoes_everything(database: Database) -> None:
    *_, last = [message async for message in updates(database, store_with_problem)]
    assert last.outcome.committed is False
    assert [(p.sheet, p.row, p.column, p.reason) for p in last.outcome.problems] == [
        ("People", 2, "Name", "is empty: fill it in")
    ]
    assert await stored(database) == 0


async def test_a_cancelled_import_stores_nothing(database: Database) -> None:
    started = asyncio.Event()

    async def store_slowly(uow: UnitOfWork, reading: Reading, report: Report) -> Outcome:
        await store_three(uow, reading, report)
        started.set()
        await asyncio.sleep(60)
        return Outcome()

    async def follow() -> None:
        async for _ in updates(database, store_slowly):
            pass

    task = asyncio.create_task(follow())
    await started.wait()
    task.cancel()
    await asyncio.wait({task})
    assert await stored(database) == 0


async def test_a_file_that_is_no_workbook_is_an_error_of_the_call(database: Database) -> None:
    def read() -> Reading:
        raise NotAWorkbook.of("workbook", "is empty: choose the .xlsx file")

    with pytest.raises(NotAWorkbook):
        async for _ in updates(database, read=read):
            pass


async def test_imports_of_one_kind_are_done_one_after_another(database: Database) -> None:
    inside = 0
    most = 0

    async def store(uow: UnitOfWork, reading: Reading, report: Report) -> Outcome:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await store_three(uow, reading, report)
        await asyncio.sleep(0.01)
        inside -= 1
        return Outcome()

    async def follow() -> None:
        async for _ in updates(database, store):
            pass

    await asyncio.gather(follow(), follow(), follow())
    assert most == 1
