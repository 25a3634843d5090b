"""Which rooms and trainers are free at a time, and how far they are used over some days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.school.models import CalendarDay
from hub.timetable.conflicts import VIRTUAL, TrainerFacts, Window
from hub.timetable.facts import day_pattern, room_facts
from hub.timetable.models import (
    Booking,
    Room,
    TimetableEntry,
    TimetableVersion,
    TrainerAbsence,
    TrainerAvailability,
)
from hub.timetable.queries import in_force_on
from hub.timetable.rules import AvailabilityKind, RoomState, local_instant, phase_of
from hub.timetable.schedule import lines, usage
from hub.timetable.schedule.errors import SchedulePeriodInvalid
from hub.timetable.schedule.week import FreeDay, Lesson
from hub.users import queries as users_queries
from hub.users.models import Membership, TrainerProfile, User, UserRole
from hub.users.rules import Role, UserState

LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class When:
    """A time of one day, school-local."""

    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWish:
    """What a room must have. An empty type: any."""

    room_type: str = ""
    min_capacity: int = 0
    facilities: frozenset[str] = field(default_factory=frozenset)


def check_when(day: date, start: time, end: time) -> When:
    """SchedulePeriodInvalid unless the end is after the start."""
    if start >= end:
        raise SchedulePeriodInvalid.of("end_time_of_day", "must be after the start, on the same day")
    return When(day, start, end)


def check_days(first: date, last: date) -> list[date]:
    """The days from first to last; SchedulePeriodInvalid when there are none, or more than a year."""
    if last < first:
        raise SchedulePeriodInvalid.of("end_date", "must not be before the start date")
    if last - first >= LONGEST_PERIOD:
        raise SchedulePeriodInvalid.of("end_date", "must lie within a year of the start date")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def select_free_rooms(uow: UnitOfWork, when: When, wish: RoomWish) -> Select[Room]:
    """The rooms that can be booked then and are not: in use, in their hours, not under maintenance, not booked up.

    A virtual room is always free.
    """
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    start, end = (local_instant(when.day, at, zone) for at in (when.start, when.end))
    closed = []
    facts = [room_facts(room) for room in await uow.session.scalars(select(Room).where(Room.state == RoomState.IN_USE))]
    for room in facts:
        serves = room.is_bookable(when.day.isoweekday(), when.start, when.end) and not any(
            window.start < end and start < window.end for window in room.maintenance
        )
        if not serves or not wish.facilities <= room.facilities:
            closed.append(room.id)
    that_day = _booked(Booking.room_id == Room.id, when.day)
    booked_up = select(func.count(Booking.entry_id.distinct())).where(that_day).correlate(Room).scalar_subquery()
    query: Select[Room] = select(Room).where(
        Room.state == RoomState.IN_USE,
        Room.capacity >= wish.min_capacity,
        Room.id.not_in(sorted(closed)),
        or_(
            func.lower(Room.room_type) == VIRTUAL,
            and_(
                ~exists().where(that_day, *_at(when)),
                or_(Room.max_bookings_per_day == 0, booked_up < Room.max_bookings_per_day),
            ),
        ),
    )
    return query.where(func.lower(Room.room_type) == wish.room_type.lower()) if wish.room_type else query


async def select_free_trainers(
    uow: UnitOfWork, scope: Scope, when: When, *, department_id: UUID | None
) -> Select[User]:
    """The trainers whom the caller may plan and who can teach then: available, not away, without a lesson."""
    unavailable = [
        facts.id
        for facts in await _availabilities(uow, when.day)
        if facts.objection(when.day.isoweekday(), when.start, when.end)
    ]
    away = select(TrainerAbsence.trainer_id).where(
        TrainerAbsence.start_date <= when.day, TrainerAbsence.end_date >= when.day
    )
    query: Select[User] = (
        select(User)
        .join(TrainerProfile, TrainerProfile.user_id == User.id)
        .where(
            User.state != UserState.DISABLED,
            User.id.in_(select(UserRole.user_id).where(UserRole.role == Role.TRAINER)),
            User.id.not_in(away),
            User.id.not_in(sorted(unavailable)),
            ~exists().where(_booked(Booking.trainer_id == User.id, when.day), *_at(when)),
            _planned_by(scope, User.id),
        )
    )
    return query if department_id is None else query.where(TrainerProfile.department_id == department_id)


def select_loaded_trainers(scope: Scope, *, department_id: UUID | None) -> Select[User]:
    """The trainers whose load the caller may see: the own, those of the department headed, or all."""
    query: Select[User] = (
        select(User)
        .join(TrainerProfile, TrainerProfile.user_id == User.id)
        .where(User.state != UserState.DISABLED, _planned_by(scope, User.id))
    )
    return query if department_id is None else query.where(TrainerProfile.department_id == department_id)


async def uses_of(uow: UnitOfWork, rooms: Collection[Room], days: Sequence[date]) -> dict[UUID, usage.RoomUse]:
    """How far each of the rooms is used on the days, in a constant number of queries."""
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    first, last = days[0], days[-1]
    condition = TimetableEntry.room_id.in_({room.id for room in rooms})
    lessons, free_days = await _lessons(uow, condition, first=first, last=last)
    by_room: dict[UUID, list[Lesson]] = {room.id: [] for room in rooms}
    for lesson in lessons:
        by_room[lesson.room.id].append(lesson)
    pattern, _ = await day_pattern(uow)
    sizes = await _sizes(uow, {lesson.class_group.id for lesson in lessons}, on=_between(first, uow.now, zone, last))
    free = frozenset(one.day for one in free_days if one.class_group_id is None)
    return {
        room.id: usage.room_use(
            room_facts(room),
            by_room[room.id],
            days=days,
            free=free,
            pattern=pattern,
            zone=zone,
            group_sizes=sizes,
        )
        for room in rooms
    }


async def loads_of(
    uow: UnitOfWork, trainer_ids: Collection[UUID], *, first: date, last: date
) -> dict[UUID, usage.TrainerLoad]:
    """How much each of the trainers teaches from first to last, in two queries."""
    lessons, _ = await _lessons(uow, TimetableEntry.trainer_id.in_(set(trainer_ids)), first=first, last=last)
    by_trainer: dict[UUID, list[Lesson]] = {trainer_id: [] for trainer_id in trainer_ids}
    for lesson in lessons:
        by_trainer[lesson.trainer.id].append(lesson)
    return {trainer_id: usage.trainer_load(taught, first=first, last=last) for trainer_id, taught in by_trainer.items()}


async def _lessons(
    uow: UnitOfWork, condition: ColumnElement[bool], *, first: date, last: date
) -> tuple[tuple[Lesson, ...], tuple[FreeDay, ...]]:
    found = await lines.load_lines(uow, lines.select_lines(first, last).where(condition))
    free_days = await lines.load_free_days(uow, first=first, last=last)
    return lines.lessons_of(found, first=first, last=last, free_days=free_days), free_days


async def _sizes(uow: UnitOfWork, group_ids: Collection[UUID], *, on: date) -> dict[UUID, int]:
    """Trainees of each class group on the day."""
    rows = await uow.session.execute(
        select(Membership.class_group_id, func.count())
        .where(Membership.class_group_id.in_(group_ids), users_queries.member_on(on))
        .group_by(Membership.class_group_id)
    )
    return {row.class_group_id: row[1] for row in rows}


async def _availabilities(uow: UnitOfWork, day: date) -> list[TrainerFacts]:
    """The weekly windows of each trainer who gave any, as they hold on the day."""
    terms = [term.id for term in await school_queries.terms_holding(uow, day)]
    rows = await uow.session.scalars(
        select(TrainerAvailability).where(
            or_(TrainerAvailability.term_id.is_(None), TrainerAvailability.term_id.in_(terms))
        )
    )
    windows: dict[UUID, list[tuple[Window, AvailabilityKind]]] = {}
    for row in rows:
        windows.setdefault(row.trainer_id, []).extend(
            (
                Window(one["weekday"], time.fromisoformat(one["start"]), time.fromisoformat(one["end"])),
                AvailabilityKind(one["kind"]),
            )
            for one in row.windows
        )
    return [TrainerFacts(trainer_id, "", tuple(found)) for trainer_id, found in windows.items()]


def _booked(resource: ColumnElement[bool], day: date) -> ColumnElement[bool]:
    """Which bookings of the resource are held on the day: of the plan in force, by week pattern, on no calendar day."""
    free = select(CalendarDay.class_group_id).where(CalendarDay.date == day)
    cancelled = (
        select(TimetableEntry.id)
        .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
        .where(Enrolment.state == EnrolmentState.CANCELLED)
    )
    return and_(
        resource,
        Booking.version_id.in_(select(TimetableVersion.id).where(in_force_on(day))),
        Booking.weekday == day.isoweekday(),
        Booking.first_date <= day,
        Booking.last_date >= day,
        Booking.phase_from <= phase_of(day),
        Booking.phase_to > phase_of(day),
        Booking.entry_id.not_in(cancelled),
        ~exists().where(CalendarDay.date == day, CalendarDay.class_group_id.is_(None)),
        Booking.class_group_id.not_in(free.where(CalendarDay.class_group_id.is_not(None))),
    )


def _at(when: When) -> list[ColumnElement[bool]]:
    return [Booking.start_time_of_day < when.end, Booking.end_time_of_day > when.start]


def _planned_by(scope: Scope, trainer_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    reaches: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        reaches.append(trainer_id == scope.principal.id)
    if Reach.DEPARTMENT in scope:
        reaches.append(trainer_id.in_(lines.trainers_below_head(scope.principal.id)))
    return or_(*reaches)


def _between(first: date, now: datetime, zone: ZoneInfo, last: date) -> date:
    """Today, or the nearest of the days to it."""
    return min(max(now.astimezone(zone).date(), first), last)
