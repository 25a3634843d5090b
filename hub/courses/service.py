"""Use cases of courses and enrolments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from apscheduler.triggers.base import BaseTrigger
from sqlalchemy import or_, select

from hub.courses import queries
from hub.courses.errors import (
    CourseCodeTaken,
    CourseInvalid,
    EnrolmentEnded,
    EnrolmentExists,
    EnrolmentInvalid,
    ExceptionsOverlap,
)
from hub.courses.events import EnrolmentCreated, ExpectedTraineesChanged
from hub.courses.models import Course, Enrolment, EnrolmentException
from hub.courses.rules import EnrolmentState, ExceptionKind, state_on
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.jobs.scheduler import Tick, every
from hub.school import queries as school_queries
from hub.school.models import Department
from hub.users import queries as users_queries
from hub.users.models import User
from hub.users.rules import Role, UserState

_MOST_WEEKLY = timedelta(hours=60)
_LONGEST_SESSION = timedelta(hours=12)
_USUAL_SESSION = timedelta(hours=1)
_MOST_CREDIT_HOURS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDraft:
    """`default_session_length` zero: one hour."""

    code: str
    title: str
    department_id: UUID
    description: str = ""
    credit_hours: int = 0
    weekly_theory: timedelta = timedelta(0)
    weekly_practical: timedelta = timedelta(0)
    default_session_length: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionDraft:
    """Both days inclusive; `end_date` None: to the end of the term."""

    enrolment_id: UUID
    trainee_id: UUID
    kind: ExceptionKind
    start_date: date
    end_date: date | None = None
    reason: str = ""


async def create_course(uow: UnitOfWork, *, draft: CourseDraft) -> Course:
    """Store a course.

    Raises:
        DepartmentNotFound: there is no such department.
        CourseInvalid: names each bad field.
        CourseCodeTaken: another course has the code.
    """
    await school_queries.get_department(uow, draft.department_id)
    session_length = draft.default_session_length or _USUAL_SESSION
    violations = [
        FieldViolation(f"course.{field}", "is required")
        for field, text in (("code", draft.code), ("title", draft.title))
        if not text.strip()
    ]
    if not 0 <= draft.credit_hours <= _MOST_CREDIT_HOURS:
        violations.append(FieldViolation("course.credit_hours", f"must be from 0 to {_MOST_CREDIT_HOURS}"))
    violations += [
        FieldViolation(f"course.{field}", f"must be from 0 to {_MOST_WEEKLY.total_seconds() / 3600:.0f} hours a week")
        for field, length in (("weekly_theory", draft.weekly_theory), ("weekly_practical", draft.weekly_practical))
        if not timedelta(0) <= length <= _MOST_WEEKLY
    ]
    if not timedelta(minutes=1) <= session_length <= _LONGEST_SESSION:
        violations.append(FieldViolation("course.default_session_length", "must be from 1 minute to 12 hours"))
    if violations:
        raise CourseInvalid(_told("course", violations), violations=violations)
    code = draft.code.strip()
    if await uow.session.scalar(select(Course.id).where(Course.code == code)):
        raise CourseCodeTaken(f"There is a course {code} already: use that one, or give another code.")
    values: dict[str, Any] = {
        "code": code,
        "title": draft.title.strip(),
        "department_id": draft.department_id,
        "description": draft.description,
        "credit_hours": draft.credit_hours,
        "weekly_theory_minutes": _minutes(draft.weekly_theory),
        "weekly_practical_minutes": _minutes(draft.weekly_practical),
        "default_session_minutes": _minutes(session_length),
    }
    course = Course(**values)
    await _store(uow, "course", course, values)
    return course


async def create_enrolment(
    uow: UnitOfWork, *, class_group_id: UUID, course_id: UUID, term_id: UUID, trainer_id: UUID
) -> Enrolment:
    """Enrol a class group in a course for a term, with a trainer of the course's department.

    Raises:
        ClassGroupNotFound, CourseNotFound, TermNotFound, UserNotFound: as their names say.
        EnrolmentInvalid: the term is over, or the trainer may not or cannot take the course; the fix is named.
        EnrolmentExists: the class group takes the course in this term already.
    """
    group = await school_queries.get_class_group(uow, class_group_id)
    course = await queries.get_course(uow, course_id)
    term = await school_queries.get_term(uow, term_id)
    trainer = await users_queries.get_user(uow, trainer_id)
    state = state_on(term.period, await school_queries.today(uow))
    violations = await _trainer_violations(uow, trainer, course, term_id)
    if state is EnrolmentState.COMPLETED:
        violations.append(FieldViolation("enrolment.term_id", f"the term ended on {term.end_date}: choose a later one"))
    if violations:
        raise EnrolmentInvalid(_told("enrolment", violations), violations=violations)
    taken = await uow.session.scalar(
        select(Enrolment.id).where(
            Enrolment.class_group_id == group.id,
            Enrolment.course_id == course.id,
            Enrolment.term_id == term.id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )
    if taken is not None:
        raise EnrolmentExists(f"{group.name} takes {course.code} in this term already: that is enrolment {taken}.")
    values = {
        "class_group_id": group.id,
        "course_id": course.id,
        "term_id": term.id,
        "trainer_id": trainer.id,
        "state": state,
    }
    enrolment = Enrolment(**values)
    await _store(uow, "enrolment", enrolment, values)
    uow.publish(EnrolmentCreated(**uow.new_event_args(), enrolment_id=enrolment.id))
    return enrolment


async def create_exception(uow: UnitOfWork, *, draft: ExceptionDraft) -> EnrolmentException:
    """Add a trainee to an enrolment, or leave one out, for some days.

    Raises:
        EnrolmentNotFound, UserNotFound: as their names say.
        EnrolmentEnded: the enrolment is cancelled or completed.
        EnrolmentInvalid: no trainee, or days outside of the term.
        ExceptionsOverlap: the trainee has another exception on one of the days.
    """
    enrolment = await queries.get_enrolment(uow, draft.enrolment_id)
    term = await school_queries.get_term(uow, enrolment.term_id)
    trainee = await users_queries.get_user(uow, draft.trainee_id)
    if enrolment.state in (EnrolmentState.CANCELLED, EnrolmentState.COMPLETED):
        raise EnrolmentEnded(f"This enrolment is {enrolment.state}: nobody is expected in it any more.")
    violations = []
    if Role.TRAINEE not in trainee.roles:
        violations.append(
            FieldViolation("enrolment_exception.trainee_id", f"{trainee.display_name} is no trainee: choose one")
        )
    if draft.start_date not in term.period:
        violations.append(FieldViolation("enrolment_exception.start_date", f"is outside of the term, {term.period}"))
    if draft.end_date is not None and not draft.start_date <= draft.end_date <= term.end_date:
        violations.append(
            FieldViolation("enrolment_exception.end_date", f"must be from the start date to {term.end_date}")
        )
    if violations:
        raise EnrolmentInvalid(_told("exception", violations), violations=violations)
    await _refuse_overlap(uow, draft)
    values: dict[str, Any] = {
        "enrolment_id": enrolment.id,
        "trainee_id": trainee.id,
        "kind": draft.kind,
        "start_date": draft.start_date,
        "end_date": draft.end_date,
        "reason": draft.reason,
    }
    exception = EnrolmentException(**values)
    await _store(uow, "enrolment_exception", exception, values)
    uow.publish(
        ExpectedTraineesChanged(
            **uow.new_event_args(),
            enrolment_id=enrolment.id,
            trainee_id=trainee.id,
            start_date=draft.start_date,
            end_date=draft.end_date,
        )
    )
    return exception


def jobs() -> list[tuple[str, BaseTrigger, Tick]]:
    """What the scheduler runs for courses."""
    return [("courses.advance_enrolments", every(minutes=30), advance_enrolments)]


async def advance_enrolments(uow: UnitOfWork, _scheduled_for: datetime) -> None:
    """Move enrolments to where their terms' dates put them today. Repeating it changes nothing."""
    today = await school_queries.today(uow)
    live = (EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS)
    for enrolment, term in await queries.enrolments_with_terms(uow, live):
        state = state_on(term.period, today)
        if state is not enrolment.state:
            uow.audit(
                "courses.advance_enrolment",
                object_type="enrolment",
                object_id=enrolment.id,
                before={"state": enrolment.state},
                after={"state": state},
            )
            enrolment.state = state


async def _trainer_violations(uow: UnitOfWork, trainer: User, course: Course, term_id: UUID) -> list[FieldViolation]:
    field = "enrolment.trainer_id"
    if trainer.trainer is None or Role.TRAINER not in trainer.roles or trainer.state is UserState.DISABLED:
        return [FieldViolation(field, f"{trainer.display_name} is no serving trainer: choose one")]
    violations = []
    if trainer.trainer.department_id != course.department_id:
        names = await school_queries.departments_by_ids(uow, [trainer.trainer.department_id, course.department_id])
        violations.append(
            FieldViolation(
                field,
                f"{trainer.display_name} is of {_name(names, trainer.trainer.department_id)}: choose a trainer of "
                f"{_name(names, course.department_id)}, whose course this is",
            )
        )
    most = trainer.trainer.max_weekly_load_minutes
    if most:
        load = await queries.weekly_minutes_of(uow, trainer_id=trainer.id, term_id=term_id)
        if load + course.weekly_minutes > most:
            violations.append(
                FieldViolation(
                    field,
                    f"{trainer.display_name} teaches {load / 60:g} h a week in this term and {course.code} takes "
                    f"{course.weekly_minutes / 60:g} h: that is more than {most / 60:g} h; choose another trainer",
                )
            )
    return violations


def _name(departments: Mapping[UUID, Department], department_id: UUID) -> str:
    return departments[department_id].name


async def _refuse_overlap(uow: UnitOfWork, draft: ExceptionDraft) -> None:
    others = select(EnrolmentException).where(
        EnrolmentException.enrolment_id == draft.enrolment_id,
        EnrolmentException.trainee_id == draft.trainee_id,
        or_(EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= draft.start_date),
    )
    if draft.end_date is not None:
        others = others.where(EnrolmentException.start_date <= draft.end_date)
    other = (await uow.session.scalars(others)).first()
    if other is not None:
        raise ExceptionsOverlap.of(
            "enrolment_exception.start_date",
            f"the trainee is {other.kind} already from {other.start_date} to {other.end_date or 'the end of the term'}",
        )


async def _store(
    uow: UnitOfWork, kind: str, row: Course | Enrolment | EnrolmentException, values: Mapping[str, Any]
) -> None:
    uow.session.add(row)
    await uow.session.flush()
    uow.audit(f"courses.create_{kind}", object_type=kind, object_id=row.id, after=values)


def _told(what: str, violations: Sequence[FieldViolation]) -> str:
    return f"The {what} can't be stored: " + "; ".join(f"{item.field} {item.description}" for item in violations) + "."


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
