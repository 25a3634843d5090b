"""Reads weeks: those of class groups from a cache that one query proves right, all others in a few queries."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, bindparam, func, literal, or_, select, true

from hub.courses.models import Course, Enrolment
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.school.errors import ClassGroupNotFound
from hub.school.models import CalendarDay, ClassGroup, Programme
from hub.timetable import queries
from hub.timetable.facts import DAY_PATTERN, day_pattern
from hub.timetable.models import PlanningRules, Room, TimetableEntry, TimetableVersion
from hub.timetable.rules import monday_of
from hub.timetable.schedule import lines
from hub.timetable.schedule.errors import TrainerNotFound
from hub.timetable.schedule.lines import AnySelect
from hub.timetable.schedule.person import load_expectation
from hub.timetable.schedule.week import Subject, SubjectKind, Week
from hub.users.models import TrainerProfile, User

_MOST_WEEKS = 1000
OWN_NAME = "My timetable"


@dataclass(frozen=True, slots=True)
class WantedWeek:
    """`subject_id` None: the caller's own, of SubjectKind.PERSON alone. Any day of the week will do."""

    kind: SubjectKind
    subject_id: UUID | None
    day: date

    @property
    def first(self) -> date:
        return monday_of(self.day)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


class WeekReader:
    """One a process.

    A class group's week is kept whole, with a stamp of everything that it shows: versions in force and their entries,
    calendar days, day pattern and the rows that names come from. A reading asks for the stamp as it is now, and whether
    the caller may read the class group, in one statement; a week with another stamp is made anew. So a publication or
    any other change is seen at once, by every hub on the same database.
    """

    def __init__(self) -> None:
        self._weeks: OrderedDict[tuple[UUID, date], tuple[tuple[Any, ...], Week]] = OrderedDict()

    async def read(self, uow: UnitOfWork, scope: Scope, wanted: WantedWeek) -> Week:
        """The week, with what the caller may read of it.

        Raises:
            ClassGroupNotFound, TrainerNotFound, RoomNotFound, DepartmentNotFound: as their names say.
        """
        if wanted.kind is SubjectKind.CLASS_GROUP and wanted.subject_id is not None:
            return await self._class_group(uow, scope, wanted, wanted.subject_id)
        return await _read(uow, scope, wanted)

    async def _class_group(self, uow: UnitOfWork, scope: Scope, wanted: WantedWeek, group_id: UUID) -> Week:
        asked = {"group_id": group_id, "me": scope.principal.id, "first": wanted.first, "last": wanted.last}
        row = (await uow.session.execute(_stamp(scope.reaches), asked)).one_or_none()
        if row is None:
            raise ClassGroupNotFound(f"There is no class group {group_id}: list them to find the right id.")
        name, is_read, *stamp = row
        subject = Subject(SubjectKind.CLASS_GROUP, group_id, name)
        if not is_read:
            return await _week(uow, scope, wanted, subject, TimetableEntry.class_group_id == group_id)
        key = (group_id, wanted.first)
        kept = self._weeks.get(key)
        if kept is not None and kept[0] == (name, *stamp):
            self._weeks.move_to_end(key)
            return kept[1]
        week = await _week(uow, None, wanted, subject, TimetableEntry.class_group_id == group_id)
        self._weeks[key] = ((name, *stamp), week)
        self._weeks.move_to_end(key)
        while len(self._weeks) > _MOST_WEEKS:
            self._weeks.popitem(last=False)
        return week


@cache
def _stamp(reaches: frozenset[Reach]) -> AnySelect:
    """Name, whether the caller may read it whole, and whatever changes when the week does.

    Built once for each kind of caller, because building it takes as long as asking it.
    """
    group_id, me = bindparam("group_id", type_=Uuid()), bindparam("me", type_=Uuid())
    first, last = bindparam("first", type_=Date()), bindparam("last", type_=Date())
    shown = lines.joined(
        select(
            func.count().label("lines"),
            *(
                func.max(table.update_time).label(f"{table.__tablename__}_time")
                for table in (TimetableEntry, TimetableVersion, Enrolment, Course, User, Room)
            ),
            func.max(TimetableVersion.publish_time).label("publish_time"),
            func.count(TimetableVersion.end_date).label("ended"),
            func.min(TimetableVersion.end_date).label("end_date"),
        ),
    ).where(*lines.shown_between(first, last), TimetableEntry.class_group_id == group_id)
    days = select(func.count().label("days"), func.max(CalendarDay.update_time).label("days_time")).where(
        CalendarDay.date >= first,
        CalendarDay.date <= last,
        or_(CalendarDay.class_group_id.is_(None), CalendarDay.class_group_id == group_id),
    )
    is_read: ColumnElement[bool] = (
        literal(True)
        if Reach.SCHOOL in reaches
        else ClassGroup.id.in_(lines.groups_of(reaches, me, first=first, last=last))
    )
    pattern = select(PlanningRules.etag).where(PlanningRules.id == DAY_PATTERN).scalar_subquery()
    shown_part, days_part = shown.subquery(), days.subquery()
    return (
        select(ClassGroup.name, is_read, *shown_part.c, *days_part.c, pattern)
        .select_from(ClassGroup)
        .join(shown_part, true())
        .join(days_part, true())
        .where(ClassGroup.id == group_id)
    )


async def _read(uow: UnitOfWork, scope: Scope, wanted: WantedWeek) -> Week:
    me = scope.principal.id
    match wanted.kind, wanted.subject_id:
        case SubjectKind.ROOM, UUID() as room_id:
            room = await queries.get_room(uow, room_id)
            subject = Subject(SubjectKind.ROOM, room_id, room.code)
            return await _week(uow, scope, wanted, subject, TimetableEntry.room_id == room_id)
        case SubjectKind.DEPARTMENT, UUID() as department_id:
            department = await school_queries.get_department(uow, department_id)
            subject = Subject(SubjectKind.DEPARTMENT, department_id, department.name)
            of_department = select(Programme.id).where(Programme.department_id == department_id)
            return await _week(uow, scope, wanted, subject, ClassGroup.programme_id.in_(of_department))
        case SubjectKind.TRAINER, UUID() as trainer_id:
            name = await _trainer_name(uow, scope, trainer_id, wanted)
            subject = Subject(SubjectKind.TRAINER, trainer_id, name)
            return await _week(uow, scope, wanted, subject, TimetableEntry.trainer_id == trainer_id)
    if me is None:
        raise TrainerNotFound("Nobody is signed in who could have a timetable.")
    subject = Subject(SubjectKind.PERSON, me, OWN_NAME)
    expectation = await load_expectation(uow, me, first=wanted.first, last=wanted.last)
    # What is one's own needs no further right.
    return await _week(uow, None, wanted, subject, expectation.condition, holds=expectation.holds)


async def _trainer_name(uow: UnitOfWork, scope: Scope, trainer_id: UUID, wanted: WantedWeek) -> str:
    """The name of a trainer of whom the caller may read something."""
    known: list[ColumnElement[bool]] = [
        User.id == scope.principal.id,
        User.id.in_(
            lines.joined(select(TimetableEntry.trainer_id))
            .where(
                TimetableEntry.trainer_id == trainer_id,
                *lines.shown_between(wanted.first, wanted.last),
                lines.readable(scope, first=wanted.first, last=wanted.last),
            )
            .correlate(None)
        ),
    ]
    if scope.everything:
        known.append(true())
    if Reach.DEPARTMENT in scope:
        known.append(User.id.in_(lines.trainers_below_head(scope.principal.id)))
    row = (
        await uow.session.execute(
            select(User.given_name, User.family_name)
            .join(TrainerProfile, TrainerProfile.user_id == User.id)
            .where(User.id == trainer_id, or_(*known))
        )
    ).one_or_none()
    if row is None:
        raise TrainerNotFound(f"There is no trainer {trainer_id}, or not one whose timetable you may read.")
    return f"{row.given_name} {row.family_name}"


async def _week(
    uow: UnitOfWork,
    scope: Scope | None,
    wanted: WantedWeek,
    subject: Subject,
    condition: ColumnElement[bool],
    *,
    holds: lines.Holds = lines.always,
) -> Week:
    """The week of the lines that fit the condition; without a scope, whoever asks."""
    query = lines.select_lines(wanted.first, wanted.last).where(condition)
    if scope is not None:
        query = query.where(lines.readable(scope, first=wanted.first, last=wanted.last))
    found = await lines.load_lines(uow, query)
    free_days = await lines.load_free_days(uow, first=wanted.first, last=wanted.last)
    pattern, _ = await day_pattern(uow)
    return Week(
        subject=subject,
        monday=wanted.first,
        lessons=lines.lessons_of(found, first=wanted.first, last=wanted.last, free_days=free_days, holds=holds),
        free_days=free_days,
        breaks=lines.breaks_of(pattern),
    )
