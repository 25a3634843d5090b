"""Published lines of the plan with the names that people know them by, in one query however many they are."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, false, or_, select, true

from hub.courses.models import Course, Enrolment, EnrolmentException
from hub.courses.rules import EnrolmentState, ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school.models import CalendarDay, ClassGroup, Programme
from hub.timetable.models import Room, TimetableEntry, TimetableVersion
from hub.timetable.policy import DayPattern
from hub.timetable.queries import STANDING, in_force_between
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.schedule.week import Break, FreeDay, Lesson, Named, in_order
from hub.users.models import HodProfile, Membership, TrainerProfile, User

FreeDays = Collection[FreeDay]
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A line of a published version; it holds on the days of `slot` on which the version is in force.

    Attributes:
        lesson_id: the same in every version.
        edits: how often it was changed, when that was in the published plan and not in a draft, which nobody sees.
        update_time: aware instant of its last change, or of the version's publication when that is later.
        force: first and last day (None: no end yet) of the version.
        ended: from this instant on the enrolment is cancelled, or the line withdrawn; None: neither is.
    """

    entry_id: UUID
    lesson_id: UUID
    version_id: UUID
    term_id: UUID
    enrolment_id: UUID
    session_type: SessionType
    kind: EntryKind
    slot: Slot
    course: Named
    course_title: str
    class_group: Named
    trainer: Named
    room: Named
    place: str
    edits: int
    update_time: datetime
    force: tuple[date, date | None]
    ended: datetime | None

    @property
    def days(self) -> Iterator[date]:
        """The days on which it holds, in order."""
        return _days(self.slot.within(*self.force))

    def days_between(self, first: date, last: date) -> Iterator[date]:
        """Those of its days from first to last, both inclusive, in order."""
        return _days(self.slot.within(max(first, self.force[0]), min(last, self.force[1] or last)))


def _days(slot: Slot | None) -> Iterator[date]:
    return iter(()) if slot is None else slot.days()


_COLUMNS = (
    TimetableEntry.id, TimetableEntry.lesson_id, TimetableEntry.version_id, TimetableEntry.term_id,
    TimetableEntry.enrolment_id, TimetableEntry.session_type, TimetableEntry.kind, TimetableEntry.weekday,
    TimetableEntry.start_time_of_day, TimetableEntry.end_time_of_day, TimetableEntry.start_date,
    TimetableEntry.end_date, TimetableEntry.week_pattern, TimetableEntry.anchor_date, TimetableEntry.dates,
    TimetableEntry.etag, TimetableEntry.update_time, TimetableEntry.class_group_id, TimetableEntry.trainer_id,
    TimetableEntry.room_id, TimetableVersion.effective_date, TimetableVersion.end_date.label("last_in_force"),
    TimetableVersion.publish_time, Enrolment.course_id, Enrolment.state.label("enrolment_state"),
    Enrolment.update_time.label("enrolment_update_time"), Course.code.label("course_code"), Course.title,
    ClassGroup.name.label("class_group_name"), User.given_name, User.family_name, Room.code.label("room_code"),
    Room.building, Room.floor, TimetableEntry.withdraw_time,
)  # fmt: skip


def select_lines(first: date, last: date) -> AnySelect:
    """The lines of live enrolments in versions that are in force on a day from first to last."""
    return joined(select(*_COLUMNS)).where(*shown_between(first, last))


def shown_between(first: Any, last: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 (days, or bound parameters)
    """The conditions of `select_lines`, for a query that is `joined`."""
    return [
        *in_force_between(first, last),
        STANDING,
        TimetableEntry.start_date <= last,
        TimetableEntry.end_date >= first,
        Enrolment.state != EnrolmentState.CANCELLED,
    ]


def select_line_history() -> AnySelect:
    """The lines of every version that was published, withdrawn ones and those of cancelled enrolments too."""
    return joined(select(*_COLUMNS)).where(TimetableVersion.effective_date.is_not(None))


def joined(query: AnySelect) -> AnySelect:
    """The query over lines with everything that names them: version, enrolment, course, class group, trainer, room."""
    return (
        query.join_from(TimetableEntry, TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
        .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ClassGroup, ClassGroup.id == TimetableEntry.class_group_id)
        .join(User, User.id == TimetableEntry.trainer_id)
        .join(Room, Room.id == TimetableEntry.room_id)
    )


async def load_lines(uow: UnitOfWork, query: AnySelect) -> list[PublishedLine]:
    """The lines of a `select_lines` or `select_line_history` with conditions of the caller's."""
    return [_line(row) for row in await uow.session.execute(query)]


def _line(row: Row[Any]) -> PublishedLine:
    is_edited = row.kind is not EntryKind.RECURRING or row.update_time > (row.publish_time or row.update_time)
    ends = [row.withdraw_time, row.enrolment_update_time if row.enrolment_state is EnrolmentState.CANCELLED else None]
    return PublishedLine(
        entry_id=row.id,
        lesson_id=row.lesson_id,
        version_id=row.version_id,
        term_id=row.term_id,
        enrolment_id=row.enrolment_id,
        session_type=row.session_type,
        kind=row.kind,
        slot=Slot(
            row.weekday,
            row.start_time_of_day,
            row.end_time_of_day,
            row.start_date,
            row.end_date,
            row.week_pattern,
            row.anchor_date,
            tuple(map(date.fromisoformat, row.dates)),
        ),
        course=Named(row.course_id, row.course_code),
        course_title=row.title,
        class_group=Named(row.class_group_id, row.class_group_name),
        trainer=Named(row.trainer_id, f"{row.given_name} {row.family_name}"),
        room=Named(row.room_id, row.room_code),
        place=", ".join(part for part in (row.room_code, row.building, row.floor) if part),
        edits=row.etag - 1 if is_edited else 0,
        update_time=max(row.update_time, row.publish_time or row.update_time),
        force=(row.effective_date, row.last_in_force),
        ended=min((end for end in ends if end is not None), default=None),
    )


Holds = Callable[[PublishedLine, date], bool]
"""Whether somebody is at the lesson of the line on the day."""


def always(_line: PublishedLine, _day: date) -> bool:
    """Every lesson."""
    return True


def lessons_of(
    lines: Iterable[PublishedLine],
    *,
    first: date,
    last: date,
    free_days: FreeDays,
    holds: Holds = always,
) -> tuple[Lesson, ...]:
    """The dated lessons of the lines from first to last, both inclusive, in order: none on a free day, and only those
    that `holds` takes.
    """
    free = {(one.day, one.class_group_id) for one in free_days}
    return in_order(
        _lesson(line, day)
        for line in lines
        for day in line.days_between(first, last)
        if not free & {(day, None), (day, line.class_group.id)} and holds(line, day)
    )


def _lesson(line: PublishedLine, day: date) -> Lesson:
    return Lesson(
        entry_id=line.entry_id,
        lesson_id=line.lesson_id,
        enrolment_id=line.enrolment_id,
        day=day,
        start=line.slot.start,
        end=line.slot.end,
        session_type=line.session_type,
        kind=line.kind,
        course_id=line.course.id,
        course_code=line.course.name,
        course_title=line.course_title,
        class_group=line.class_group,
        trainer=line.trainer,
        room=line.room,
    )


async def load_free_days(uow: UnitOfWork, *, first: date, last: date) -> tuple[FreeDay, ...]:
    """The calendar days from first to last, of the school and of class groups."""
    rows = await uow.session.execute(
        select(CalendarDay.date, CalendarDay.name, CalendarDay.class_group_id)
        .where(CalendarDay.date >= first, CalendarDay.date <= last)
        .order_by(CalendarDay.date, CalendarDay.id)
    )
    return tuple(FreeDay(day, name, class_group_id) for day, name, class_group_id in rows)


def breaks_of(pattern: DayPattern) -> tuple[Break, ...]:
    """Its breaks, and the gaps between its periods, by day and time."""
    found = []
    for weekday, periods in pattern.days.items():
        reached: time | None = None
        for period in periods:
            if reached is not None and reached < period.start:
                found.append(Break(weekday, reached, period.start))
            if period.is_break:
                usual = "Lunch" if period.is_lunch else "Break"
                found.append(Break(weekday, period.start, period.end, period.name or usual))
            reached = period.end
    return tuple(sorted(found, key=lambda one: (one.weekday, one.start)))


def readable(scope: Scope, *, first: date, last: date) -> ColumnElement[bool]:
    """Which lines of `select_lines` the caller may read, with the memberships of the days from first to last.

    A trainee those of the own class groups and of enrolments added to; a trainer the own and those of class groups
    taught; a head those of the department's class groups and trainers.
    """
    if scope.everything:
        return true()
    me = scope.principal.id
    reaches: list[ColumnElement[bool]] = [TimetableEntry.class_group_id.in_(groups_read(scope, first=first, last=last))]
    if Reach.SELF in scope:
        reaches.append(TimetableEntry.enrolment_id.in_(_added_to(me, first=first, last=last)))
    if Reach.TAUGHT in scope:
        reaches.append(TimetableEntry.trainer_id == me)
    if Reach.DEPARTMENT in scope:
        reaches.append(TimetableEntry.trainer_id.in_(trainers_below_head(me)))
    return or_(*reaches)


def groups_read(scope: Scope, *, first: date, last: date) -> Select[UUID]:
    """The class groups whose whole timetable the caller may read, who does not see everything anyway."""
    return groups_of(scope.reaches, scope.principal.id, first=first, last=last)


def groups_of(reaches: Collection[Reach], me: Any, *, first: Any, last: Any) -> Select[UUID]:  # noqa: ANN401 (or bound)
    """`groups_read` of a caller with these reaches; id and days may be bound parameters."""
    conditions: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in reaches:
        conditions.append(ClassGroup.id.in_(_groups_of_trainee(me, first=first, last=last)))
    if Reach.TAUGHT in reaches:
        conditions.append(
            ClassGroup.id.in_(
                select(Enrolment.class_group_id).where(
                    Enrolment.trainer_id == me, Enrolment.state != EnrolmentState.CANCELLED
                )
            )
        )
    if Reach.DEPARTMENT in reaches:
        conditions.append(
            ClassGroup.programme_id.in_(
                select(Programme.id)
                .join(HodProfile, HodProfile.department_id == Programme.department_id)
                .where(HodProfile.user_id == me)
            )
        )
    # Not the class groups of the query around it.
    return select(ClassGroup.id).where(or_(*conditions)).correlate(None)


def trainers_below_head(hod_id: UUID | None) -> Select[UUID]:
    """The trainers of the department that this user heads."""
    return (
        select(TrainerProfile.user_id)
        .join(HodProfile, HodProfile.department_id == TrainerProfile.department_id)
        .where(HodProfile.user_id == hod_id)
    )


def _groups_of_trainee(trainee_id: Any, *, first: Any, last: Any) -> Select[UUID]:  # noqa: ANN401 (see groups_of)
    return select(Membership.class_group_id).where(
        Membership.trainee_id == trainee_id,
        Membership.start_date <= last,
        or_(Membership.end_date.is_(None), Membership.end_date > first),
    )


def _added_to(trainee_id: UUID | None, *, first: date, last: date) -> Select[UUID]:
    return select(EnrolmentException.enrolment_id).where(
        EnrolmentException.trainee_id == trainee_id,
        EnrolmentException.kind == ExceptionKind.ADDED,
        EnrolmentException.start_date <= last,
        or_(EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= first),
    )
