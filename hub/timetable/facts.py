"""Reads what conflicts are decided on, in a constant number of statements whatever the number of lessons."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import ClassGroup
from hub.school.rules import Period
from hub.timetable.conflicts import (
    GroupFacts,
    Line,
    Maintenance,
    Proposal,
    RoomFacts,
    TrainerFacts,
    Window,
)
from hub.timetable.models import (
    PlanningRules,
    Room,
    TimetableEntry,
    TimetableVersion,
    TrainerAbsence,
    TrainerAvailability,
)
from hub.timetable.policy import DayPattern, TimetablePolicy
from hub.timetable.queries import STANDING, in_force_between
from hub.timetable.rules import AvailabilityKind, EntryKind, SessionType, Slot
from hub.users.models import Membership, TrainerProfile, User

DAY_PATTERN = "day_pattern"
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """What an enrolment wants of a week; an empty room type is any."""

    id: UUID
    class_group_id: UUID
    trainer_id: UUID
    course_code: str
    course_title: str
    theory_minutes: int
    practical_minutes: int
    session_minutes: int
    theory_room_type: str
    practical_room_type: str

    def room_type(self, session_type: SessionType) -> str:
        return self.theory_room_type if session_type is SessionType.THEORY else self.practical_room_type


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A lesson as it would be in the plan."""

    entry_id: UUID | None
    enrolment_id: UUID
    room_id: UUID
    session_type: SessionType
    slot: Slot
    facilities: frozenset[str] = frozenset()
    outside_day_pattern: bool = False


@dataclass(frozen=True, slots=True)
class TermFacts:
    """Of a term, as far as it was asked for."""

    term_id: UUID
    term: Period
    zone: ZoneInfo
    policy: TimetablePolicy
    day_pattern: DayPattern
    enrolments: Mapping[UUID, EnrolmentFacts]
    rooms: Mapping[UUID, RoomFacts]
    trainers: Mapping[UUID, TrainerFacts]
    groups: Mapping[UUID, GroupFacts]
    free_days: Sequence[tuple[date, UUID | None, str]]
    """Of the school (None) or a class group, each with its name."""

    def proposal(self, lesson: LessonFacts, others: Sequence[Line]) -> Proposal:
        """The lesson with everything that decides whether it can be."""
        enrolment = self.enrolments[lesson.enrolment_id]
        line = Line(
            lesson.entry_id,
            lesson.room_id,
            enrolment.trainer_id,
            enrolment.class_group_id,
            lesson.slot,
            enrolment.course_code,
        )
        return self.proposal_of(line, lesson, others)

    def proposal_of(self, line: Line, lesson: LessonFacts, others: Sequence[Line]) -> Proposal:
        """The same for a lesson whose line is there already."""
        enrolment = self.enrolments[lesson.enrolment_id]
        return Proposal(
            line=line,
            room=self.rooms[lesson.room_id],
            trainer=self.trainers[enrolment.trainer_id],
            group=self.groups[enrolment.class_group_id],
            zone=self.zone,
            policy=self.policy,
            day_pattern=self.day_pattern,
            outside_day_pattern=lesson.outside_day_pattern,
            room_type=enrolment.room_type(lesson.session_type),
            facilities=lesson.facilities,
            free_days=self.free_days_of(enrolment.class_group_id),
            others=others,
        )

    def free_days_of(self, class_group_id: UUID) -> dict[date, str]:
        return {day: name for day, group_id, name in self.free_days if group_id in (None, class_group_id)}


async def load_term(
    uow: UnitOfWork,
    term_id: UUID,
    *,
    enrolment_ids: Collection[UUID] | None = None,
    room_ids: Collection[UUID] | None = None,
) -> TermFacts:
    """The facts of these enrolments and rooms; None: of all live enrolments of the term, and of all rooms.

    Raises:
        TermNotFound
    """
    term = await school_queries.get_term(uow, term_id)
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    query = (
        select(
            Enrolment.id,
            Enrolment.class_group_id,
            Enrolment.trainer_id,
            Course.code,
            Course.title,
            Course.weekly_theory_minutes,
            Course.weekly_practical_minutes,
            Course.default_session_minutes,
            ProgrammeCourse.theory_room_type,
            ProgrammeCourse.practical_room_type,
        )
        .join(Course, Course.id == Enrolment.course_id)
        .join(ProgrammeCourse, ProgrammeCourse.id == Enrolment.programme_course_id)
        .where(Enrolment.term_id == term_id)
        .order_by(Enrolment.id)
    )
    if enrolment_ids is None:
        query = query.where(Enrolment.state.in_([EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS]))
    else:
        query = query.where(Enrolment.id.in_(set(enrolment_ids)))
    found: list[Any] = list(await uow.session.execute(query))
    enrolments = {row[0]: EnrolmentFacts(*row) for row in found}
    rooms = select(Room)
    if room_ids is not None:
        rooms = rooms.where(Room.id.in_(set(room_ids)))
    rules = {row.id: row.values for row in await uow.session.scalars(select(PlanningRules))}
    return TermFacts(
        term_id=term_id,
        term=term.period,
        zone=zone,
        policy=TimetablePolicy.from_json(rules.get(POLICY, {})),
        day_pattern=DayPattern.from_json(rules.get(DAY_PATTERN, {})),
        enrolments=enrolments,
        rooms={room.id: room_facts(room) for room in await uow.session.scalars(rooms)},
        trainers=await _trainers(uow, {one.trainer_id for one in enrolments.values()}, term_id, term.period),
        groups=await _groups(
            uow,
            {one.class_group_id for one in enrolments.values()},
            on=min(max((uow.now.astimezone(zone)).date(), term.start_date), term.end_date),
        ),
        free_days=[
            (day.date, day.class_group_id, day.name)
            for day in await school_queries.calendar_days(uow, start=term.start_date, end=term.end_date)
        ],
    )


async def lines_beside(
    uow: UnitOfWork,
    version: TimetableVersion,
    *,
    room_id: UUID,
    trainer_id: UUID,
    class_group_id: UUID,
    without_lesson_id: UUID | None,
) -> list[Line]:
    """The lines that share room, trainer or class group: of the version and, beside a draft, the temporary ones of what
    is or will be in force, which it takes over when it is published. One query.
    """
    rows = await uow.session.execute(
        select(TimetableEntry, Course.code)
        .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            or_(
                TimetableEntry.room_id == room_id,
                TimetableEntry.trainer_id == trainer_id,
                TimetableEntry.class_group_id == class_group_id,
            ),
            await _standing(uow, version),
        )
    )
    return [_line(entry, code) for entry, code in rows if entry.lesson_id != without_lesson_id]


async def lines_of(uow: UnitOfWork, version: TimetableVersion) -> list[tuple[TimetableEntry, Line]]:
    """All lines of a version, and beside a draft the temporary ones as in `lines_beside`. One query."""
    rows = await uow.session.execute(
        select(TimetableEntry, Course.code)
        .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(await _standing(uow, version))
        .order_by(TimetableEntry.weekday, TimetableEntry.start_time_of_day, TimetableEntry.id)
    )
    return [(entry, _line(entry, code)) for entry, code in rows]


def room_facts(room: Room) -> RoomFacts:
    return RoomFacts(
        id=room.id,
        code=room.code,
        state=room.state,
        room_type=room.room_type,
        capacity=room.capacity,
        facilities=frozenset(room.facilities),
        bookable_hours=[_window(window) for window in room.bookable_hours],
        maintenance=[
            Maintenance(
                datetime.fromisoformat(window["start_time"]),
                datetime.fromisoformat(window["end_time"]),
                window["reason"],
            )
            for window in room.maintenance_windows
        ],
        max_bookings_per_day=room.max_bookings_per_day,
    )


async def day_pattern(uow: UnitOfWork) -> tuple[DayPattern, str]:
    """The pattern and its etag, which is empty before any was stored."""
    row = await uow.session.get(PlanningRules, DAY_PATTERN)
    return (DayPattern(), "") if row is None else (DayPattern.from_json(row.values), str(row.etag))


async def policy(uow: UnitOfWork) -> tuple[TimetablePolicy, str]:
    """The policy and its etag, which is empty before any was stored."""
    row = await uow.session.get(PlanningRules, POLICY)
    return (TimetablePolicy(), "") if row is None else (TimetablePolicy.from_json(row.values), str(row.etag))


async def _standing(uow: UnitOfWork, version: TimetableVersion) -> ColumnElement[bool]:
    if not version.is_draft:
        return and_(TimetableEntry.version_id == version.id, STANDING)
    today = await school_queries.today(uow)
    live = select(TimetableVersion.id).where(
        TimetableVersion.term_id == version.term_id, *in_force_between(today, None)
    )
    return and_(
        or_(
            TimetableEntry.version_id == version.id,
            and_(TimetableEntry.kind != EntryKind.RECURRING, TimetableEntry.version_id.in_(live)),
        ),
        STANDING,
    )


def _line(entry: TimetableEntry, title: str) -> Line:
    return Line(entry.id, entry.room_id, entry.trainer_id, entry.class_group_id, entry.slot, title)


async def _trainers(
    uow: UnitOfWork, trainer_ids: Collection[UUID], term_id: UUID, term: Period
) -> dict[UUID, TrainerFacts]:
    windows: dict[UUID, list[tuple[Window, AvailabilityKind]]] = defaultdict(list)
    for row in await uow.session.scalars(
        select(TrainerAvailability).where(
            TrainerAvailability.trainer_id.in_(trainer_ids),
            or_(TrainerAvailability.term_id.is_(None), TrainerAvailability.term_id == term_id),
        )
    ):
        windows[row.trainer_id] += [(_window(one), AvailabilityKind(one["kind"])) for one in row.windows]
    absences: dict[UUID, list[tuple[date, date, str]]] = defaultdict(list)
    for absence in await uow.session.scalars(
        select(TrainerAbsence)
        .where(
            TrainerAbsence.trainer_id.in_(trainer_ids),
            TrainerAbsence.start_date <= term.last,
            TrainerAbsence.end_date >= term.first,
        )
        .order_by(TrainerAbsence.start_date)
    ):
        absences[absence.trainer_id].append((absence.start_date, absence.end_date, absence.reason))
    people = await uow.session.execute(
        select(User.id, User.given_name, User.family_name, TrainerProfile.max_weekly_load_minutes)
        .outerjoin(TrainerProfile, TrainerProfile.user_id == User.id)
        .where(User.id.in_(trainer_ids))
    )
    return {
        user_id: TrainerFacts(
            user_id, f"{given} {family}", tuple(windows[user_id]), tuple(absences[user_id]), most or 0
        )
        for user_id, given, family, most in people
    }


async def _groups(uow: UnitOfWork, group_ids: Collection[UUID], *, on: date) -> dict[UUID, GroupFacts]:
    """Sized by its members on the day or, while it has none, by its capacity."""
    rows = await uow.session.execute(
        select(ClassGroup.id, ClassGroup.name, ClassGroup.capacity, func.count(Membership.id))
        .outerjoin(
            Membership,
            and_(
                Membership.class_group_id == ClassGroup.id,
                Membership.start_date <= on,
                or_(Membership.end_date.is_(None), Membership.end_date > on),
            ),
        )
        .where(ClassGroup.id.in_(group_ids))
        .group_by(ClassGroup.id, ClassGroup.name, ClassGroup.capacity)
    )
    return {group_id: GroupFacts(group_id, name, members or capacity) for group_id, name, capacity, members in rows}


def _window(stored: Mapping[str, Any]) -> Window:
    return Window(stored["weekday"], time.fromisoformat(stored["start"]), time.fromisoformat(stored["end"]))
