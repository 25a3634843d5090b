"""Re-solving with least change: a job that offers up to three mended plans, and taking one of them as a draft."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.jobs import queries as jobs_queries
from hub.jobs import service as jobs
from hub.jobs.models import Job
from hub.jobs.rules import JobState, WhenHubIsLost
from hub.jobs.running import JobKind, RunningJob
from hub.rpc.permissions import Scope
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.errors import ResolutionImpossible, ResolutionNotReady, ResolutionStale
from hub.timetable.facts import LessonFacts
from hub.timetable.mending import (
    LessonMove,
    WeeklyPlace,
    moves_of,
    pinned_in_the_way,
    standing_plan,
    without_moving_cost,
)
from hub.timetable.models import Booking, TimetableEntry, TimetableVersion
from hub.timetable.plan_check import check_plan
from hub.timetable.planned_week import Planned, Week
from hub.timetable.rules import SessionType, Slot
from hub.timetable.service import versions
from hub.timetable.service.generation import Order, Task, entry_of, lesson_of, load_task
from hub.timetable.solver.cp_sat import Budget, Cancelled
from hub.timetable.solver.reasons import reasons_unplaced
from hub.timetable.solver.repair import Repaired, each_repair
from hub.timetable.solver.validator import validate

KIND = "timetable.resolve"
USUAL_SECONDS = 10
_LONGEST_SECONDS = 600
_MOST_TOLD = 20
_FEWEST_WORKERS = 2
"""One proves, another betters what is there: alone, the first seldom finds a second offer in the time."""


async def submit(uow: UnitOfWork, *, term_id: UUID, base_version_id: UUID | None, seconds: int) -> Job:
    """Begin to mend a version, by default the plan in force; answers the job, whose result holds the offers.

    Raises:
        TermNotFound, TimetableVersionNotFound, GenerationImpossible: as their names say.
        InvalidArgument: names the bad field.
        ResolutionImpossible: there is no plan, or pinned lessons can't stay.
    """
    if not 1 <= seconds <= _LONGEST_SECONDS:
        raise InvalidArgument.of("time_limit", f"must be 1 to {_LONGEST_SECONDS} s")
    term = await school_queries.get_term(uow, term_id)
    task = await _task(uow, term_id, base_version_id)
    assert task.base is not None  # noqa: S101 (_task has refused otherwise)
    return await jobs.submit(
        uow,
        kind=KIND,
        title=f"Mend version {task.base.number} of {term.start_date} to {term.end_date}",
        params={"term_id": term_id, "base_version_id": task.base.id, "seconds": seconds},
    )


def job_kinds() -> list[JobKind]:
    return [JobKind(KIND, run, WhenHubIsLost.RUN_AGAIN)]


async def run(job: RunningJob) -> Mapping[str, Any]:
    """Answers the offers; nothing else is stored."""
    async with job.unit_of_work(write=False) as uow:
        task = await _task(uow, UUID(job.params["term_id"]), UUID(job.params["base_version_id"]))
    assert task.base is not None  # noqa: S101 (the job names it)
    problem, plan = without_moving_cost(task.week.problem), standing_plan(task.week.problem)
    job.tell(total=100, stage="Looks for the fewest moves.", detail={"lessons": len(problem.lessons)})
    budget = Budget(
        seconds=float(job.params["seconds"]),
        workers=max(_FEWEST_WORKERS, (os.cpu_count() or 2) // 2),
        is_cancelled=lambda: job.is_cancelled,
    )
    offers: list[Repaired] = []

    def search() -> None:
        try:
            for repaired in each_repair(problem, plan, budget):
                offers.append(repaired)
                job.tell(done=33 * len(offers), stage=f"{len(offers)}: {_told(repaired)}")
        except Cancelled:
            job.check_cancelled()

    await job.in_thread(search)
    return {
        "base_version_id": str(task.base.id),
        "base_etag": task.base.etag,
        "cost_before": validate(problem, plan).cost,
        "offers": [_offer(task.week, repaired) for repaired in offers],
    }


async def apply(uow: UnitOfWork, *, job_id: UUID, offer_number: int, title: str, scope: Scope) -> TimetableVersion:
    """A draft that is the mended version by one of the job's offers, counted from 1.

    Raises:
        JobNotFound: as its name says.
        ResolutionNotReady: it is no such job, has not succeeded, or has not so many offers.
        ResolutionStale: the version has other entries by now, or a moved lesson has a hard conflict where it was to go.
    """
    job = await jobs_queries.get_job(uow, job_id, scope=scope)
    if job.kind != KIND or job.state is not JobState.SUCCEEDED:
        raise ResolutionNotReady(
            f"Job {job_id} holds no offers: begin one with ResolveTimetable and await its success."
        )
    if not 1 <= offer_number <= len(job.result["offers"]):
        raise ResolutionNotReady(
            f"This job has {len(job.result['offers'])} offers, counted from 1: choose one of them."
        )
    offer = job.result["offers"][offer_number - 1]
    base = await queries.get_version(uow, UUID(job.result["base_version_id"]))
    if base.etag != job.result["base_etag"]:
        raise ResolutionStale(f"Version {base.number} has changed since the offer was made: resolve it again.")
    task = await _task(uow, base.term_id, base.id)
    draft = await versions.open_draft(
        uow,
        term_id=base.term_id,
        title=title or f"Version {base.number}, {offer['relocated']} moves",
        base_version_id=base.id,
    )
    changed, added = await _move(uow, draft, task, [_Moved.of(move) for move in offer["moves"]])
    await uow.session.flush()
    virtual = {room.id for room in task.term.rooms.values() if room.is_virtual}
    await versions.store_bookings(uow, [*changed, *added], virtual)
    uow.audit(
        "timetable.apply_resolution",
        object_type="timetable_version",
        object_id=draft.id,
        after={"job_id": job_id, "offer_number": offer_number, "moves": len(offer["moves"])},
    )
    return draft


@dataclass(frozen=True, slots=True)
class _Moved:
    """A move as the job's result holds it."""

    lesson_id: UUID
    enrolment_id: UUID
    session_type: SessionType
    had_place: bool
    after: tuple[int, time, time, UUID] | None
    """Weekday, start, end, room."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "_Moved":
        after = told["after"]
        return cls(
            UUID(told["lesson_id"]),
            UUID(told["enrolment_id"]),
            SessionType[told["session_type"]],
            told["before"] is not None,
            None
            if after is None
            else (
                int(after["weekday"]),
                time.fromisoformat(after["start"]),
                time.fromisoformat(after["end"]),
                UUID(after["room_id"]),
            ),
        )


async def _task(uow: UnitOfWork, term_id: UUID, base_version_id: UUID | None) -> Task:
    task = await load_task(uow, Order(term_id=term_id, base_version_id=base_version_id, resemble=True))
    if task.base is None:
        raise ResolutionImpossible("This term has no published plan to mend: generate one, or name a draft.")
    if pinned := pinned_in_the_way(task.week.problem):
        raise ResolutionImpossible(f"Pinned lessons can't stay where they are; free them first. {' '.join(pinned[:5])}")
    return task


async def _move(
    uow: UnitOfWork, draft: TimetableVersion, task: Task, moves: list[_Moved]
) -> tuple[list[TimetableEntry], list[TimetableEntry]]:
    """Those of the draft's entries that are changed, without their bookings, and those that are added."""
    entries = {
        entry.lesson_id: entry
        for entry in await uow.session.scalars(select(TimetableEntry).where(TimetableEntry.version_id == draft.id))
    }
    changed: dict[UUID, TimetableEntry] = {}
    added: list[TimetableEntry] = []
    for move in moves:
        entry = entries.get(move.lesson_id)
        if move.after is None:
            if entry is not None:
                await uow.session.execute(delete(Booking).where(Booking.entry_id == entry.id))
                await uow.session.delete(entry)
                del entries[move.lesson_id]
            continue
        weekday, start, end, room_id = move.after
        if entry is None and move.had_place:
            raise ResolutionStale("A lesson that was to move is not in the version any more: resolve it again.")
        if entry is None:
            slot = Slot(weekday, start, end, task.week.first_date, task.week.last_date)
            lesson = LessonFacts(None, move.enrolment_id, room_id, move.session_type, slot)
            entry = entry_of(draft, task.term, Planned(move.lesson_id, lesson))
            added.append(entry)
            entries[move.lesson_id] = entry
            continue
        entry.weekday, entry.start_time_of_day, entry.end_time_of_day, entry.room_id = weekday, start, end, room_id
        changed[entry.lesson_id] = entry
    for entry in entries.values():
        enrolment = task.term.enrolments.get(entry.enrolment_id)
        if enrolment is not None and enrolment.trainer_id != entry.trainer_id:
            # Whoever teaches it now is there instead of whom the version was made for.
            entry.trainer_id = enrolment.trainer_id
            changed[entry.lesson_id] = entry
    _refuse_conflicts(task, entries, {move.lesson_id for move in moves})
    await uow.session.execute(delete(Booking).where(Booking.entry_id.in_([entry.id for entry in changed.values()])))
    uow.session.add_all(added)
    return list(changed.values()), added


def _refuse_conflicts(task: Task, entries: Mapping[UUID, TimetableEntry], moved: set[UUID]) -> None:
    known = {
        lesson_id: lesson_of(entry)
        for lesson_id, entry in entries.items()
        if entry.enrolment_id in task.term.enrolments
    }
    found = check_plan(task.term, known, task.temporary)
    texts = [one.text for lesson_id in moved for one in found.get(lesson_id, ()) if one.hard]
    if texts:
        raise ResolutionStale(f"The offer does not hold any more; resolve again. {' '.join(sorted(set(texts))[:5])}")


def _offer(week: Week, repaired: Repaired) -> dict[str, Any]:
    reasons = reasons_unplaced(week.problem, repaired.plan)
    return {
        "moves": [_move_told(week, move) for move in moves_of(week, repaired)],
        "relocated": repaired.relocated,
        "fewest_proven": repaired.proven,
        "fewest_possible": repaired.fewest_possible,
        "cost": repaired.report.cost,
        "costs": {rule.value: cost for rule, cost in repaired.report.costs.items()},
        "unplaced": repaired.report.unplaced,
        "unplaced_lessons": [
            {"lesson": week.problem.lesson_name(key), "reason": reason}
            for key, reason in list(reasons.items())[:_MOST_TOLD]
        ],
    }


def _move_told(week: Week, move: LessonMove) -> dict[str, Any]:
    enrolment_id, session_type = week.wanted[str(move.lesson_id)]
    return {
        "lesson_id": str(move.lesson_id),
        "lesson": move.name,
        "enrolment_id": str(enrolment_id),
        "session_type": session_type.name,
        "before": _place_told(move.before),
        "after": _place_told(move.after),
    }


def _place_told(place: WeeklyPlace | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "weekday": place.weekday,
        "start": f"{place.start:%H:%M}",
        "end": f"{place.end:%H:%M}",
        "room_id": str(place.room_id),
        "text": str(place),
    }


def _told(repaired: Repaired) -> str:
    proven = " (fewer are impossible)" if repaired.proven else ""
    return f"{repaired.relocated} moves{proven}, cost {repaired.report.cost}, {repaired.report.unplaced} not placed"
