"""Generating a plan: a job that searches in a process of its own and stores its best plan as a new draft."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation, InvalidArgument
from hub.jobs import service as jobs
from hub.jobs.models import Job
from hub.jobs.rules import WhenHubIsLost
from hub.jobs.running import JobKind, RunningJob
from hub.school import queries as school_queries
from hub.timetable import facts, queries, search_process
from hub.timetable.conflicts import Line
from hub.timetable.errors import GenerationImpossible
from hub.timetable.facts import LessonFacts, TermFacts
from hub.timetable.models import TimetableEntry, TimetableVersion
from hub.timetable.plan_check import acceptable
from hub.timetable.planned_week import Planned, Standing, Week
from hub.timetable.planning import week_of
from hub.timetable.rules import EntryKind
from hub.timetable.search_process import News, Obstacles, Search
from hub.timetable.service import versions
from hub.timetable.service.entries import slot_columns
from hub.timetable.solver.generation import Progress, Result

KIND = "timetable.generate"
_LONGEST_SECONDS = 3600
_MOST_MOVES = 10_000_000_000
_MOST_CORES = 64
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for; either `seconds` or `moves` is given, and `cores` 0 is half of the machine's."""

    term_id: UUID
    base_version_id: UUID | None = None
    seconds: int = 0
    moves: int = 0
    seed: int = 1
    cores: int = 0
    resemble: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A term's week to be planned, from a version or from nothing."""

    term: TermFacts
    week: Week
    base: TimetableVersion | None
    temporary: Sequence[Line]


async def submit(uow: UnitOfWork, order: Order) -> Job:
    """Begin a generation; answers its job, whose result names the new draft.

    Raises:
        TermNotFound, TimetableVersionNotFound: as their names say.
        InvalidArgument: names each bad field.
        GenerationImpossible: there is no day pattern, no enrolment or no room: what is missing is named.
    """
    violations = []
    if (order.seconds > 0) is (order.moves > 0):
        violations.append(FieldViolation("seconds", "give either seconds or moves, more than 0"))
    if not 0 <= order.seconds <= _LONGEST_SECONDS:
        violations.append(FieldViolation("seconds", f"must be 1 to {_LONGEST_SECONDS}"))
    if not 0 <= order.moves <= _MOST_MOVES:
        violations.append(FieldViolation("moves", f"must be 1 to {_MOST_MOVES}"))
    if not 0 <= order.cores <= _MOST_CORES:
        violations.append(FieldViolation("cores", f"must be 0 (half of the machine's) to {_MOST_CORES}"))
    if violations:
        raise InvalidArgument("The generation can't be begun.", violations=violations)
    term = await school_queries.get_term(uow, order.term_id)
    await load_task(uow, order)  # what is missing is told now and not by a failed job
    return await jobs.submit(
        uow,
        kind=KIND,
        title=order.title.strip() or f"Timetable from {term.start_date} to {term.end_date}",
        params={
            "term_id": order.term_id,
            "base_version_id": order.base_version_id,
            "seconds": order.seconds,
            "moves": order.moves,
            "seed": order.seed,
            "cores": order.cores or max(1, (os.cpu_count() or 2) // 2),
            "resemble": order.resemble,
            "title": order.title,
        },
    )


def job_kinds() -> list[JobKind]:
    """The long-running jobs of the timetable."""
    return [JobKind(KIND, run, WhenHubIsLost.RUN_AGAIN)]


async def run(job: RunningJob) -> Mapping[str, Any]:
    """Search, and store the best plan as a draft; also when the job is cancelled, the best so far."""
    order = _order_of(job.params)
    async with job.unit_of_work(write=False) as uow:
        task = await load_task(uow, order)
    job.tell(total=100, stage="Begins to search.", detail={"lessons": len(task.week.problem.lessons)})
    found: list[Result] = []
    obstacles: list[str] = []

    def tell(news: News) -> None:
        if isinstance(news, Obstacles):
            obstacles.extend(news.texts)
            job.tell(stage=" ".join(obstacles[:3]) or "Searches.", detail={"obstacles": obstacles})
            return
        detail = {**detail_of(news), "obstacles": obstacles}
        job.tell(done=round(100 * news.part_done), stage=stage_of(news), detail=detail)

    def search() -> None:
        found.append(
            search_process.run(
                Search(
                    problem=task.week.problem,
                    seconds=float(order.seconds) or None,
                    moves=order.moves or None,
                    seed=order.seed,
                    cores=order.cores,
                ),
                tell=tell,
                is_cancelled=lambda: job.is_cancelled,
            )
        )

    try:
        await job.in_thread(search)
    except asyncio.CancelledError:
        if found:
            stored = await _store(job, order, task, found[0], obstacles, ends=False)
            job.tell(stage="Cancelled; the best plan so far is a draft.", detail=stored)
        raise
    return await _store(job, order, task, found[0], obstacles, ends=True)


def stage_of(progress: Progress) -> str:
    """What still hurts, in one line."""
    report = progress.report
    worst = sorted(report.amounts.items(), key=lambda item: -item[1])[:3]
    hurts = ", ".join(f"{rule.value.replace('_', ' ')} {amount}" for rule, amount in worst)
    return f"cost {report.cost}, {report.unplaced} not placed{f'; {hurts}' if hurts else ''}"


def detail_of(progress: Progress) -> dict[str, Any]:
    report = progress.report
    return {
        "elapsed_seconds": round(progress.elapsed_s, 1),
        "moves": progress.moves,
        "cost": report.cost,
        "unplaced": report.unplaced,
        "violations": {rule.value: amount for rule, amount in report.amounts.items()},
    }


async def load_task(uow: UnitOfWork, order: Order) -> Task:
    term = await facts.load_term(uow, order.term_id)
    missing = [
        what
        for what, is_there in (
            ("a day pattern with teaching periods: `roster timetable pattern` gives one", _teaches(term)),
            ("live enrolments in this term", term.enrolments),
            ("rooms in use", term.rooms),
        )
        if not is_there
    ]
    if missing:
        raise GenerationImpossible(f"A plan can't be generated without {' and without '.join(missing)}.")
    base: TimetableVersion | None
    if order.base_version_id is not None:
        base = await queries.get_version(uow, order.base_version_id)
        if base.term_id != order.term_id:
            raise InvalidArgument.of("base_version_id", "is of another term: choose a version of this one")
    else:
        standing = await queries.published_versions(uow, order.term_id, since=await school_queries.today(uow))
        base = standing[0] if standing else None
    lines = await facts.lines_of(uow, base) if base is not None else []
    today = await school_queries.today(uow)
    first_date = term.term.first if base is None or today < term.term.first else max(today, term.term.first)
    known = [
        Standing(
            entry.lesson_id,
            lesson_of(entry),
            pinned=entry.pinned,
            is_temporary=entry.kind is not EntryKind.RECURRING,
        )
        for entry, _ in lines
        if entry.enrolment_id in term.enrolments and entry.end_date >= first_date
    ]
    week = week_of(term, known, first_date=first_date, resemble=order.resemble)
    temporary = [line for entry, line in lines if entry.kind is not EntryKind.RECURRING]
    return Task(term, week, base, temporary)


async def _store(
    job: RunningJob, order: Order, task: Task, result: Result, obstacles: Sequence[str], *, ends: bool
) -> dict[str, Any]:
    """Store the plan as a draft, and with `ends` the job's end in the same transaction; answers what the draft is."""
    planned = {line.lesson_id: line for line in task.week.lines(result.plan)}
    lessons = {lesson_id: line.lesson for lesson_id, line in planned.items()}
    # As any line that a person writes: what is stored has no hard conflict, whatever made it.
    taken, refused = await asyncio.to_thread(acceptable, task.term, lessons, task.temporary)
    async with job.unit_of_work() as uow:
        draft = await versions.open_draft(
            uow,
            term_id=order.term_id,
            title=order.title or f"Generated, cost {result.report.cost}",
            base_version_id=task.base.id if task.base else None,
            empty=True,
        )
        entries = [entry_of(draft, task.term, planned[lesson_id]) for lesson_id in taken]
        uow.session.add_all(entries)
        await uow.session.flush()
        virtual = {room.id for room in task.term.rooms.values() if room.is_virtual}
        await versions.store_bookings(uow, entries, virtual)
        uow.audit(
            "timetable.generate",
            object_type="timetable_version",
            object_id=draft.id,
            after={"job_id": job.id, "entries": len(entries), "cost": result.report.cost, "seed": result.seed},
        )
        unplaced = {
            **result.reasons,
            **{str(key): " ".join(conflict.text for conflict in found) for key, found in refused.items()},
        }
        told = {
            "version_id": str(draft.id),
            "entries": len(entries),
            "cost": result.report.cost,
            "costs": {rule.value: cost for rule, cost in result.report.costs.items()},
            "violations": {rule.value: amount for rule, amount in result.report.amounts.items()},
            "unplaced": len(unplaced),
            "unplaced_lessons": [
                {"lesson": _name(task.week, key), "reason": reason}
                for key, reason in list(unplaced.items())[:_MOST_TOLD]
            ],
            "obstacles": list(obstacles),
            "moves": result.moves,
            "elapsed_seconds": round(result.elapsed_s, 1),
            "seed": result.seed,
        }
        if ends:
            await job.end_in(uow, told)
    return told


def entry_of(draft: TimetableVersion, term: TermFacts, line: Planned) -> TimetableEntry:
    enrolment = term.enrolments[line.lesson.enrolment_id]
    return TimetableEntry(
        id=uuid7(),
        version_id=draft.id,
        version=draft,
        lesson_id=line.lesson_id,
        enrolment_id=enrolment.id,
        term_id=draft.term_id,
        trainer_id=enrolment.trainer_id,
        class_group_id=enrolment.class_group_id,
        room_id=line.lesson.room_id,
        session_type=line.lesson.session_type,
        kind=EntryKind.RECURRING,
        facilities=sorted(line.lesson.facilities),
        pinned=line.pinned,
        outside_day_pattern=line.lesson.outside_day_pattern,
        **slot_columns(line.lesson.slot),
    )


def _name(week: Week, key: str) -> str:
    return week.problem.lesson_name(key) if key in week.problem.lesson else key


def lesson_of(entry: TimetableEntry) -> LessonFacts:
    return LessonFacts(
        entry.id,
        entry.enrolment_id,
        entry.room_id,
        entry.session_type,
        entry.slot,
        frozenset(entry.facilities),
        entry.outside_day_pattern,
    )


def _teaches(term: TermFacts) -> bool:
    return any(term.day_pattern.teaching(weekday) for weekday in term.day_pattern.days)


def _order_of(params: Mapping[str, Any]) -> Order:
    base = params["base_version_id"]
    return Order(
        term_id=UUID(params["term_id"]),
        base_version_id=UUID(base) if base else None,
        seconds=int(params["seconds"]),
        moves=int(params["moves"]),
        seed=int(params["seed"]),
        cores=int(params["cores"]),
        resemble=bool(params["resemble"]),
        title=params["title"],
    )
