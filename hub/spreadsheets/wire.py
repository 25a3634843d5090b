"""Imports on the wire: one transaction that tells how far it is, and ends with an outcome."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from hub.db.database import Database
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.spreadsheets.columns import Problem
from hub.spreadsheets.reader import MAX_PROBLEMS, Reading
from smartroster.imports.v1 import imports_pb2 as pb

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do; with `problems` nothing is stored. `notices` are about rows that were left
    alone, which stops no import.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: Sequence[Problem] = ()
    notices: Sequence[Problem] = ()
    committed: bool = False


class _Undo(Exception):
    """Not an error: how a unit of work is left without a commit."""


async def import_updates(
    database: Database,
    principal: Principal,
    *,
    read: Callable[[], Reading],
    store: Callable[[UnitOfWork, Reading, Report], Awaitable[Outcome]],
    lock: str,
    validate_only: bool,
) -> AsyncIterator[pb.ImportUpdate]:
    """The stream of one import: read the file beside the event loop, check and store it in one transaction.

    A dry run does the same and is undone, so it answers what the real one would. Cancelling the call undoes it too.

    Args:
        database: where it is stored.
        principal: who imports.
        read: parses the file; called in a thread.
        store: checks every row and stores it, reporting `(done, total, stage)`; an outcome with problems is undone.
        lock: a name; imports of one name are done one after another.
        validate_only: a dry run.
    """
    latest: pb.ImportProgress | None = pb.ImportProgress(stage="Reading the file")
    changed = asyncio.Event()
    changed.set()

    def report(done: int, total: int, stage: str) -> None:
        nonlocal latest
        latest = pb.ImportProgress(done_rows=done, total_rows=total, stage=stage)
        changed.set()

    async def work() -> Outcome:
        reading = await asyncio.to_thread(read)
        try:
            async with database.unit_of_work(principal) as uow:
                await uow.take_turn(lock)
                outcome = await store(uow, reading, report)
                if outcome.problems or validate_only:
                    raise _Undo  # noqa: TRY301 (leaving a unit of work without a commit takes an exception)
        except _Undo:
            return outcome
        return replace(outcome, committed=True)

    task = asyncio.create_task(work())
    task.add_done_callback(lambda _: changed.set())
    try:
        while not task.done():
            await changed.wait()
            changed.clear()
            progress, latest = latest, None
            if progress is not None:
                yield pb.ImportUpdate(progress=progress)
        yield pb.ImportUpdate(outcome=_to_proto(task.result()))
    finally:
        task.cancel()
        await asyncio.wait({task})


def _to_proto(outcome: Outcome) -> pb.ImportOutcome:
    return pb.ImportOutcome(
        committed=outcome.committed,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        problems=_told(outcome.problems, "more problems: mend these first"),
        notices=_told(outcome.notices, "more rows that were left alone"),
    )


def _told(problems: Sequence[Problem], more: str) -> list[pb.ImportProblem]:
    """The first MAX_PROBLEMS by sheet and row, and how many there are more."""
    found = sorted(problems, key=lambda problem: (problem.sheet, problem.row))
    shown = found[:MAX_PROBLEMS]
    if len(found) > MAX_PROBLEMS:
        shown.append(Problem("", 0, "", f"and {len(found) - MAX_PROBLEMS} {more}"))
    return [
        pb.ImportProblem(
            sheet=problem.sheet, row=problem.row, column=problem.column, reason=problem.reason, value=problem.value
        )
        for problem in shown
    ]
