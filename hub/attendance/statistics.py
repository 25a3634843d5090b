"""Records of sessions held, counted by subject: a fixed number of statements, however many subjects and sessions."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from hub.attendance import queries
from hub.attendance.models import AttendanceRecord, AttendanceSession
from hub.attendance.rates import CHRONIC_ABSENCE_PERCENT, Tally
from hub.attendance.rules import RecordState, SessionState
from hub.courses.models import Course, Enrolment
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school
from hub.school.models import CalendarDay, ClassGroup, Department
from hub.timetable import queries as timetable
from hub.users.models import User


class Subject(enum.Enum):
    """What rates are of."""

    ENROLMENT = "ENROLMENT"
    COURSE = "COURSE"
    CLASS_GROUP = "CLASS_GROUP"
    TRAINER = "TRAINER"
    DEPARTMENT = "DEPARTMENT"
    TRAINEE = "TRAINEE"

    @property
    def entity(self) -> type[Any]:
        """The class of the rows whose ids name the subjects."""
        return _ENTITIES[self]

    @property
    def key(self) -> ColumnElement[UUID]:
        """The column of the joined tables that tells whose record it is."""
        return _KEYS[self]


_ENTITIES: dict[Subject, type[Any]] = {
    Subject.ENROLMENT: Enrolment,
    Subject.COURSE: Course,
    Subject.CLASS_GROUP: ClassGroup,
    Subject.TRAINER: User,
    Subject.DEPARTMENT: Department,
    Subject.TRAINEE: User,
}
_KEYS: dict[Subject, ColumnElement[UUID]] = {
    Subject.ENROLMENT: AttendanceSession.enrolment_id.expression,
    Subject.COURSE: Enrolment.course_id.expression,
    Subject.CLASS_GROUP: AttendanceSession.class_group_id.expression,
    Subject.TRAINER: func.coalesce(AttendanceSession.substitute_trainer_id, AttendanceSession.trainer_id),
    Subject.DEPARTMENT: Course.department_id.expression,
    Subject.TRAINEE: AttendanceRecord.trainee_id.expression,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which sessions count; days inclusive, None everywhere asks for all."""

    term_id: UUID | None = None
    enrolment_id: UUID | None = None
    course_id: UUID | None = None
    class_group_id: UUID | None = None
    trainee_id: UUID | None = None
    start_date: date | None = None
    end_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of one subject; `remaining` are the records that sessions still planned will make."""

    tally: Tally
    sessions: int
    trainees: int
    chronically_absent: int
    remaining: int = 0


def select_subjects(subject: Subject, scope: Scope, filters: Filters) -> Select[Any]:
    """The enrolments, courses, … that have records which the caller may see and which fit the filters."""
    entity = subject.entity
    return select(entity).where(entity.id.in_(_records(scope, filters, subject.key.label("subject"))))


async def figures_of(
    uow: UnitOfWork,
    subject: Subject,
    ids: Collection[UUID],
    *,
    scope: Scope,
    filters: Filters,
    with_remaining: bool = False,
) -> dict[UUID, Figures]:
    """The counts of each of the subjects, of records that the caller may see."""
    key = subject.key.label("subject")
    by_trainee = (
        _records(
            scope,
            filters,
            key,
            *(
                func.sum(case((AttendanceRecord.state == state, 1), else_=0)).label(state.value)
                for state in (RecordState.PRESENT, RecordState.LATE, RecordState.ABSENT, RecordState.EXCUSED)
            ),
        )
        .where(subject.key.in_(ids))
        .group_by(subject.key, AttendanceRecord.trainee_id)
        .subquery()
    )
    columns = by_trainee.c
    expected = columns.PRESENT + columns.LATE + columns.ABSENT + columns.EXCUSED
    missed = columns.ABSENT + columns.EXCUSED
    is_chronic = and_(expected > 0, missed * 100 >= expected * CHRONIC_ABSENCE_PERCENT)
    rows = await uow.session.execute(
        select(
            columns.subject,
            func.sum(columns.PRESENT),
            func.sum(columns.LATE),
            func.sum(columns.ABSENT),
            func.sum(columns.EXCUSED),
            func.count(),
            func.sum(case((is_chronic, 1), else_=0)),
        ).group_by(columns.subject)
    )
    counted = list(rows)
    held = {
        row[0]: row[1]
        for row in await uow.session.execute(
            _records(scope, filters, key, func.count(AttendanceSession.id.distinct()))
            .where(subject.key.in_(ids))
            .group_by(subject.key)
        )
    }
    remaining = await _remaining(uow, subject, ids, scope=scope, filters=filters) if with_remaining else {}
    return {
        subject_id: Figures(
            tally=Tally(present=int(present), late=int(late), absent=int(absent), excused=int(excused)),
            sessions=held[subject_id],
            trainees=trainees,
            chronically_absent=int(chronic),
            remaining=remaining.get(subject_id, 0),
        )
        for subject_id, present, late, absent, excused, trainees, chronic in counted
    }


def _records(scope: Scope, filters: Filters, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 (columns, and what is computed of them)
    """Columns of the records of sessions held, joined with session, enrolment and course."""
    wanted = [
        column == value
        for column, value in (
            (Enrolment.term_id, filters.term_id),
            (AttendanceSession.enrolment_id, filters.enrolment_id),
            (Enrolment.course_id, filters.course_id),
            (AttendanceSession.class_group_id, filters.class_group_id),
            (AttendanceRecord.trainee_id, filters.trainee_id),
        )
        if value is not None
    ]
    if filters.start_date is not None:
        wanted.append(AttendanceSession.session_date >= filters.start_date)
    if filters.end_date is not None:
        wanted.append(AttendanceSession.session_date <= filters.end_date)
    return (
        select(*columns)
        .select_from(AttendanceRecord)
        .join(AttendanceSession, AttendanceSession.id == AttendanceRecord.session_id)
        .join(Enrolment, Enrolment.id == AttendanceSession.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(AttendanceSession.state == SessionState.COMPLETED, ~_is_free(), _seen(scope), *wanted)
    )


def _is_free() -> ColumnElement[bool]:
    """Whether the session's day is free for its class group: marked after the lesson was held, it counts no more."""
    return exists().where(
        CalendarDay.date == AttendanceSession.session_date,
        or_(CalendarDay.class_group_id.is_(None), CalendarDay.class_group_id == AttendanceSession.class_group_id),
    )


def _seen(scope: Scope) -> ColumnElement[bool]:
    """A trainee's own records, and those of the sessions that staff see; of records joined with their sessions."""
    if scope.everything:
        return true()
    staff = queries.visible(Scope(scope.principal, scope.reaches - {Reach.SELF}))
    return or_(staff, AttendanceRecord.trainee_id == scope.principal.id) if Reach.SELF in scope else staff


async def _remaining(
    uow: UnitOfWork, subject: Subject, ids: Collection[UUID], *, scope: Scope, filters: Filters
) -> dict[UUID, int]:
    """How many records the sessions still planned will make for each subject, with the trainees seen so far."""
    lessons = await _lessons_to_come(uow, filters)
    if not lessons:
        return {}
    rows = await uow.session.execute(
        _records(
            scope,
            filters,
            subject.key.label("subject"),
            AttendanceSession.enrolment_id,
            func.count(AttendanceRecord.trainee_id.distinct()),
        )
        .where(subject.key.in_(ids))
        .group_by(subject.key, AttendanceSession.enrolment_id)
    )
    found: dict[UUID, int] = {}
    for subject_id, enrolment_id, trainees in rows:
        found[subject_id] = found.get(subject_id, 0) + trainees * lessons.get(enrolment_id, 0)
    return found


async def _lessons_to_come(uow: UnitOfWork, filters: Filters) -> dict[UUID, int]:
    """By enrolment, the sessions from now to the end of the term: those stored, and those that the plan will make."""
    today = await school.today(uow)
    if filters.term_id is None:
        terms = await school.terms_holding(uow, today)
    else:
        terms = [await school.get_term(uow, filters.term_id)]
    last = max((term.end_date for term in terms), default=today)
    stored = await uow.session.execute(
        select(
            AttendanceSession.lesson_id,
            AttendanceSession.lesson_key_date,
            AttendanceSession.enrolment_id,
            AttendanceSession.state,
        ).where(
            AttendanceSession.session_date >= today,
            AttendanceSession.session_date <= last,
            ~AttendanceSession.withdrawn,
        )
    )
    known = set()
    found: dict[UUID, int] = {}
    for lesson_id, key_date, enrolment_id, state in stored:
        known.add((lesson_id, key_date))
        if state in (SessionState.SCHEDULED, SessionState.ACTIVE):
            found[enrolment_id] = found.get(enrolment_id, 0) + 1
    # In whatever zone the school is: the day after may be asked for, what lies on it is left out.
    end = datetime.combine(last + timedelta(days=2), time.min, tzinfo=UTC)
    for lesson in await timetable.occurrences(uow, start=uow.now, end=end):
        if (lesson.lesson_id, lesson.key_date) not in known and lesson.day <= last:
            found[lesson.enrolment_id] = found.get(lesson.enrolment_id, 0) + 1
    return found
