"""`python -m bench.schedule [--postgresql URL] [--json]`: weekly view and CheckConflicts against bare selects.

A college of 120 class groups, 150 trainers, 80 rooms and 3,600 trainees, with one published plan and a draft. Each
figure is the p99 of a call in a unit of work of its own, and beside it the p99 of selecting just the rows that it is
about, by index and in a unit of work too. Statements are counted: they are the same for whomever it is about.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, event, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from uuid6 import uuid7

from bench.report import LARGEST_SPREAD, Figure, Report, spread
from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import EnrolmentState, ProgrammeCourseKind
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import ADMIN, Reach, Scope
from hub.school.models import AcademicYear, ClassGroup, Department, Programme, School, Term
from hub.timetable.models import Booking, Room, TimetableEntry, TimetableVersion
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.schedule.week import SubjectKind, Week
from hub.timetable.schedule.weeks import WantedWeek, WeekReader
from hub.timetable.service import EntryDraft, entries, versions
from hub.users.models import Membership, TraineeProfile, TrainerProfile, User, UserRole
from hub.users.rules import EmploymentType, Role, TraineeState, UserState

GROUPS, TRAINERS, ROOMS, SEATS = 120, 150, 80, 30
COURSES, LESSONS_EACH = 8, 2
SLOTS = [(day, start) for day in range(1, 6) for start in (8, 10, 12, 14, 16)]
FIRST, LAST = date(2026, 1, 5), date(2026, 4, 10)
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
STAMPS = {"create_time": NOW, "update_time": NOW}
EVERYTHING = Scope(Principal("user", UUID(int=1), frozenset({ADMIN})), frozenset({Reach.SCHOOL}))


@dataclass(frozen=True, slots=True)
class Lesson:
    enrolment: int
    group: int
    trainer: int
    room: int
    slot: int


@dataclass(frozen=True, slots=True)
class College:
    version_id: UUID
    draft_id: UUID
    groups: list[UUID]
    trainers: list[UUID]
    rooms: list[UUID]
    enrolments: list[UUID]
    lessons: list[Lesson]


def plan_lessons() -> list[Lesson]:
    """A plan without a double booking: every class group starts its week one slot after the one before."""
    rooms_used = [0] * len(SLOTS)
    busy: list[set[int]] = [set() for _ in SLOTS]
    load = [0] * TRAINERS
    found = []
    for group in range(GROUPS):
        for course in range(COURSES):
            slots = [(group + course * LESSONS_EACH + n) % len(SLOTS) for n in range(LESSONS_EACH)]
            free = (one for one in range(TRAINERS) if not any(one in busy[slot] for slot in slots))
            trainer = min(free, key=lambda one: load[one])
            load[trainer] += LESSONS_EACH
            for slot in slots:
                busy[slot].add(trainer)
                found.append(Lesson(group * COURSES + course, group, trainer, rooms_used[slot], slot))
                rooms_used[slot] += 1
    assert max(rooms_used) <= ROOMS
    return found


async def found_college(database: Database) -> College:
    lessons = plan_lessons()
    async with database.unit_of_work(SYSTEM) as uow:
        term_id, groups, trainers, rooms, enrolments = await _found_parts(uow, lessons)
        version = TimetableVersion(term_id=term_id, number=1, effective_date=FIRST, publish_time=NOW)
        uow.session.add(version)
        await uow.session.flush()
        rows, bookings = [], []
        for lesson in lessons:
            weekday, start = SLOTS[lesson.slot]
            shared = {
                "version_id": version.id,
                "room_id": rooms[lesson.room],
                "trainer_id": trainers[lesson.trainer],
                "class_group_id": groups[lesson.group],
                "weekday": weekday,
                "start_time_of_day": time_of_day(start),
                "end_time_of_day": time_of_day(start + 2),
            }
            entry = {
                "id": uuid7(),
                "enrolment_id": enrolments[lesson.enrolment],
                "term_id": term_id,
                "session_type": SessionType.THEORY,
                "kind": EntryKind.RECURRING,
                "start_date": FIRST,
                "end_date": LAST,
            }
            rows.append(STAMPS | shared | entry)
            (span,) = Slot(weekday, time_of_day(start), time_of_day(start + 2), FIRST, LAST).spans()
            days = {
                "first_date": span.first_date,
                "last_date": span.last_date,
                "phase_from": span.phase_from,
                "phase_to": span.phase_to,
            }
            bookings.append({"entry_id": entry["id"]} | shared | days)
        await uow.session.execute(insert(TimetableEntry), rows)
        await uow.session.execute(insert(Booking), bookings)
        draft = await versions.open_draft(uow, term_id=term_id)
    return College(version.id, draft.id, groups, trainers, rooms, enrolments, lessons)


async def _found_parts(
    uow: UnitOfWork, lessons: Sequence[Lesson]
) -> tuple[UUID, list[UUID], list[UUID], list[UUID], list[UUID]]:
    year = AcademicYear(name="2026", start_date=date(2026, 1, 1), end_date=date(2026, 12, 31), active=True)
    department = Department(code="ICT", name="Computing")
    school = School(
        name="College", code="C", time_zone="Africa/Nairobi", programme_levels=["diploma"], default_policies={}
    )
    uow.session.add_all([school, year, department])
    await uow.session.flush()
    term = Term(academic_year_id=year.id, number=1, start_date=FIRST, end_date=LAST)
    programme = Programme(
        department_id=department.id, code="DIT", name="IT", level="diploma", duration_years=3, terms_per_year=3
    )
    uow.session.add_all([term, programme])
    await uow.session.flush()
    groups = await _insert(uow, ClassGroup, GROUPS, lambda n: {
        "programme_id": programme.id, "intake_year": 2026, "stream": f"{n}", "name": f"DIT-2026-{n:03}", "capacity": 40,
    })  # fmt: skip
    rooms = await _insert(uow, Room, ROOMS, lambda n: {
        "code": f"R{n:02}", "name": f"Room {n}", "capacity": 40, "max_accuracy_m": 50.0, "building": "Main",
        "geofence": {"circle": {"latitude": 0.0, "longitude": 37.0, "radius_m": 50.0}},
    })  # fmt: skip
    courses = await _insert(uow, Course, COURSES, lambda n: {
        "code": f"ICT{n:03}", "title": f"Course {n}", "department_id": department.id, "weekly_theory_minutes": 240,
    })  # fmt: skip
    lines = await _insert(uow, ProgrammeCourse, COURSES, lambda n: {
        "programme_id": programme.id, "course_id": courses[n], "year_of_study": 1, "term_number": 1,
        "kind": ProgrammeCourseKind.CORE,
    })  # fmt: skip
    trainers = await _insert(uow, User, TRAINERS, lambda n: _person(f"trainer{n}"))
    trainees = await _insert(uow, User, GROUPS * SEATS, lambda n: _person(f"trainee{n}"))
    await uow.session.execute(insert(UserRole), [
        *({"user_id": one, "role": Role.TRAINER} for one in trainers),
        *({"user_id": one, "role": Role.TRAINEE} for one in trainees),
    ])  # fmt: skip
    await uow.session.execute(insert(TrainerProfile), [
        {"user_id": one, "staff_number": f"S{n}", "department_id": department.id,
         "employment_type": EmploymentType.FULL_TIME}
        for n, one in enumerate(trainers)
    ])  # fmt: skip
    await uow.session.execute(insert(TraineeProfile), [
        {"user_id": one, "admission_number": f"A{n}", "state": TraineeState.ACTIVE} for n, one in enumerate(trainees)
    ])  # fmt: skip
    await uow.session.execute(insert(Membership), [
        {"trainee_id": one, "class_group_id": groups[n // SEATS], "start_date": FIRST} for n, one in enumerate(trainees)
    ])  # fmt: skip
    taught = {lesson.enrolment: lesson for lesson in lessons}
    enrolments = await _insert(uow, Enrolment, GROUPS * COURSES, lambda n: {
        "class_group_id": groups[n // COURSES], "course_id": courses[n % COURSES], "term_id": term.id,
        "programme_course_id": lines[n % COURSES], "trainer_id": trainers[taught[n].trainer],
        "state": EnrolmentState.IN_PROGRESS,
    })  # fmt: skip
    return term.id, groups, trainers, rooms, enrolments


def _person(name: str) -> dict[str, Any]:
    email = f"{name}@college.example"
    return {
        "email": email, "email_key": email, "given_name": name, "family_name": "Mwangi", "state": UserState.ACTIVE,
        "search_text": name,
    }  # fmt: skip


async def _insert(uow: UnitOfWork, model: Any, count: int, values: Callable[[int], dict[str, Any]]) -> list[UUID]:  # noqa: ANN401 (any table)
    rows = [{"id": uuid7()} | STAMPS | values(n) for n in range(count)]
    await uow.session.execute(insert(model), rows)
    return [row["id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds; `ratio` is the median of the rounds' own."""

    p99: float
    comparator_p99: float
    ratio: float
    comparator_spread: float
    statements: set[int]


class Bench:
    def __init__(self, database: Database, college: College, *, calls: int, rounds: int) -> None:
        self._database = database
        self._college = college
        self._calls = calls
        self._rounds = rounds
        self._sent = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._sent += statement.lstrip()[:6].upper() == "SELECT"

    async def measure(
        self, ours: Callable[[UnitOfWork, int], Awaitable[int]], rows: Callable[[int], Select[*tuple[Any, ...]]]
    ) -> Measured:
        """Both in turns, call by call. `ours` answers how many rows it was about: as many as the bare select finds."""
        statements: set[int] = set()

        async def run_ours(n: int) -> tuple[float, int]:
            self._sent = 0
            began = time.perf_counter()
            async with self._database.unit_of_work(SYSTEM, write=False) as uow:
                found = await ours(uow, n)
            took = time.perf_counter() - began
            statements.add(self._sent)
            return took, found

        async def run_bare(n: int) -> tuple[float, int]:
            began = time.perf_counter()
            async with self._database.unit_of_work(SYSTEM, write=False) as uow:
                found = len((await uow.session.execute(rows(n))).all())
            return time.perf_counter() - began, found

        for n in range(GROUPS):  # what is kept is kept before it is measured
            await run_ours(n)
            await run_bare(n)
        statements.clear()
        p99s: list[tuple[float, float]] = []
        medians = []
        for _ in range(self._rounds):
            mine, theirs = [], []
            for n in range(self._calls):
                took, found = await run_ours(n)
                bare_took, bare_found = await run_bare(n)
                assert found == bare_found > 0, "the comparator selects other rows"
                mine.append(took)
                theirs.append(bare_took)
            p99s.append((_p99(mine), _p99(theirs)))
            medians.append(statistics.median(theirs))
        return Measured(
            p99=1000 * statistics.median(ours for ours, _ in p99s),
            comparator_p99=1000 * statistics.median(bare for _, bare in p99s),
            ratio=statistics.median(ours / bare for ours, bare in p99s),
            comparator_spread=spread(medians),
            statements=statements,
        )

    async def run(self, report: Report) -> None:
        await self._weekly_view(report)
        college = self._college
        await self._other_week(report, "trainer_week", SubjectKind.TRAINER, college.trainers, TimetableEntry.trainer_id)
        await self._other_week(report, "room_week", SubjectKind.ROOM, college.rooms, TimetableEntry.room_id)
        await self._check_conflicts(report)

    async def _weekly_view(self, report: Report) -> None:
        reader = WeekReader()
        groups = self._college.groups

        async def read(uow: UnitOfWork, n: int) -> int:
            return len((await self._read(reader, uow, SubjectKind.CLASS_GROUP, groups[n % GROUPS])).lessons)

        measured = await self.measure(
            read, lambda n: self._entries(TimetableEntry.class_group_id == groups[n % GROUPS])
        )
        _put(report, "weekly_view", measured, statements="== 1")

    async def _other_week(
        self, report: Report, name: str, kind: SubjectKind, ids: list[UUID], column: InstrumentedAttribute[UUID]
    ) -> None:
        reader = WeekReader()

        async def read(uow: UnitOfWork, n: int) -> int:
            return len((await self._read(reader, uow, kind, ids[n % len(ids)])).lessons)

        measured = await self.measure(read, lambda n: self._entries(column == ids[n % len(ids)]))
        _put(report, name, measured, statements="<= 4")

    async def _check_conflicts(self, report: Report) -> None:
        college = self._college

        async def check(uow: UnitOfWork, n: int) -> int:
            """A lesson proposed in the room and at the time of another one: it collides."""
            lesson = college.lessons[n * 7 % len(college.lessons)]
            other = college.lessons[(n * 7 + 31) % len(college.lessons)]
            weekday, start = SLOTS[other.slot]
            conflicts = await entries.check(
                uow,
                draft=EntryDraft(
                    enrolment_id=college.enrolments[lesson.enrolment],
                    room_id=college.rooms[other.room],
                    session_type=SessionType.THEORY,
                    kind=EntryKind.RECURRING,
                    slot=Slot(weekday, time_of_day(start), time_of_day(start + 2), FIRST, LAST),
                    version_id=college.draft_id,
                ),
                entry_id=None,
            )
            assert any(conflict.rule == "ROOM_BUSY" for conflict in conflicts)
            return sum(
                one.room == other.room or one.trainer == lesson.trainer or one.group == lesson.group
                for one in college.lessons
            )

        def beside(n: int) -> Select[*tuple[Any, ...]]:
            lesson = college.lessons[n * 7 % len(college.lessons)]
            other = college.lessons[(n * 7 + 31) % len(college.lessons)]
            return select(*TimetableEntry.__table__.columns).where(
                TimetableEntry.version_id == college.draft_id,
                or_(
                    TimetableEntry.room_id == college.rooms[other.room],
                    TimetableEntry.trainer_id == college.trainers[lesson.trainer],
                    TimetableEntry.class_group_id == college.groups[lesson.group],
                ),
            )

        _put(report, "check_conflicts", await self.measure(check, beside), statements="<= 20")

    async def _read(self, reader: WeekReader, uow: UnitOfWork, kind: SubjectKind, subject_id: UUID) -> Week:
        return await reader.read(uow, EVERYTHING, WantedWeek(kind, subject_id, NOW.date()))

    def _entries(self, condition: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 (a condition of SQLAlchemy)
        return select(*TimetableEntry.__table__.columns).where(
            TimetableEntry.version_id == self._college.version_id, condition
        )


def _put(report: Report, name: str, measured: Measured, *, statements: str) -> None:
    report.figures[f"{name}_p99"] = Figure(measured.p99, "ms", comparator=measured.comparator_p99, ratio=measured.ratio)
    report.figures[f"{name}_statements"] = Figure(max(measured.statements), reach=statements)
    if len(measured.statements) > 1:
        report.invalid_because.append(
            f"{name}: the number of statements is not constant: {sorted(measured.statements)}"
        )
    if measured.comparator_spread > LARGEST_SPREAD:
        report.invalid_because.append(f"{name}: the comparator's rounds spread by {measured.comparator_spread:.0%}")


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


async def run(url: str, *, calls: int, rounds: int) -> Report:
    await asyncio.to_thread(migrate, url)
    database = Database.open(url, clock=lambda: NOW)
    report = Report("schedule")
    try:
        college = await found_college(database)
        report.notes.append(
            f"{len(college.lessons)} lessons of {GROUPS} class groups, {TRAINERS} trainers, {ROOMS} rooms on "
            f"{database.dialect}; ratio = p99 of the call over p99 of a bare select of its rows"
        )
        await Bench(database, college, calls=calls, rounds=rounds).run(report)
    finally:
        await database.dispose()
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", metavar="URL", help="An empty database; SQLite in a new folder when left out.")
    parser.add_argument("--calls", type=int, default=200, help="A round.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.postgresql or f"sqlite:///{Path(folder) / 'hub.db'}"
        report = asyncio.run(run(url, calls=arguments.calls, rounds=arguments.rounds))
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
