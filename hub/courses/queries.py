"""Reads of courses, enrolments and who is expected."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.courses.errors import CourseNotFound, EnrolmentNotFound
from hub.courses.models import Course, Enrolment, EnrolmentException
from hub.courses.rules import EnrolmentState, ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school.models import ClassGroup, Programme, Term
from hub.users import queries as users_queries
from hub.users.models import HodProfile, Membership


async def get_course(uow: UnitOfWork, course_id: UUID) -> Course:
    """The course; CourseNotFound when there is none."""
    course = await uow.session.get(Course, course_id)
    if course is None:
        raise CourseNotFound(f"There is no course {course_id}: list the courses to find the right id.")
    return course


async def courses_by_ids(uow: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, Course]:
    """Those of the courses that exist, in one query."""
    courses = await uow.session.scalars(select(Course).where(Course.id.in_(set(course_ids))))
    return {course.id: course for course in courses}


async def get_enrolment(uow: UnitOfWork, enrolment_id: UUID) -> Enrolment:
    """The enrolment; EnrolmentNotFound when there is none."""
    enrolment = await uow.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise _not_found(enrolment_id)
    return enrolment


async def get_visible_enrolment(uow: UnitOfWork, enrolment_id: UUID, scope: Scope) -> Enrolment:
    """The enrolment, if the caller may see it; EnrolmentNotFound otherwise."""
    enrolment = await uow.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id, _visible(scope)))
    if enrolment is None:
        raise _not_found(enrolment_id)
    return enrolment


async def enrolments_by_ids(uow: UnitOfWork, enrolment_ids: Iterable[UUID]) -> dict[UUID, Enrolment]:
    """Those of the enrolments that exist, in one query."""
    enrolments = await uow.session.scalars(select(Enrolment).where(Enrolment.id.in_(set(enrolment_ids))))
    return {enrolment.id: enrolment for enrolment in enrolments}


async def expected_trainees(uow: UnitOfWork, enrolment_id: UUID, on: date) -> list[UUID]:
    """The ids of those expected on the day, sorted: the class group's members and those added, less those left out."""
    enrolment = await get_enrolment(uow, enrolment_id)
    expected = set(await users_queries.members_of(uow, enrolment.class_group_id, on))
    rows = await uow.session.execute(
        select(EnrolmentException.trainee_id, EnrolmentException.kind).where(
            EnrolmentException.enrolment_id == enrolment_id, exception_on(on)
        )
    )
    exceptions = [(trainee_id, kind) for trainee_id, kind in rows]
    expected |= {trainee_id for trainee_id, kind in exceptions if kind is ExceptionKind.ADDED}
    expected -= {trainee_id for trainee_id, kind in exceptions if kind is ExceptionKind.LEFT_OUT}
    return sorted(expected)


def exception_on(day: date) -> ColumnElement[bool]:
    """Whether an exception holds on the day."""
    return (EnrolmentException.start_date <= day) & or_(
        EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= day
    )


async def weekly_minutes_of(uow: UnitOfWork, *, trainer_id: UUID, term_id: UUID) -> int:
    """Minutes a week that the trainer's live enrolments of the term take, by their courses' hours."""
    minutes: int | None = await uow.session.scalar(
        select(func.sum(Course.weekly_theory_minutes + Course.weekly_practical_minutes))
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(
            Enrolment.trainer_id == trainer_id,
            Enrolment.term_id == term_id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )
    return int(minutes or 0)


async def enrolments_with_terms(uow: UnitOfWork, states: Iterable[EnrolmentState]) -> list[tuple[Enrolment, Term]]:
    """The enrolments in these states, each with its term."""
    rows = await uow.session.execute(
        select(Enrolment, Term).join(Term, Term.id == Enrolment.term_id).where(Enrolment.state.in_(list(states)))
    )
    return [(enrolment, term) for enrolment, term in rows]


def select_courses(department_id: UUID | None) -> Select[Course]:
    query = select(Course)
    return query if department_id is None else query.where(Course.department_id == department_id)


def select_enrolments(
    scope: Scope, *, term_id: UUID | None, class_group_id: UUID | None, trainer_id: UUID | None
) -> Select[Enrolment]:
    """The enrolments that the caller may see and that fit the filters."""
    query = select(Enrolment).where(_visible(scope))
    filters: tuple[tuple[InstrumentedAttribute[UUID], UUID | None], ...] = (
        (Enrolment.term_id, term_id),
        (Enrolment.class_group_id, class_group_id),
        (Enrolment.trainer_id, trainer_id),
    )
    for column, wanted in filters:
        if wanted is not None:
            query = query.where(column == wanted)
    return query


def groups_of_head(hod_id: UUID) -> Select[UUID]:
    """The class groups of the programmes of the department that this user heads."""
    return (
        select(ClassGroup.id)
        .join(Programme, Programme.id == ClassGroup.programme_id)
        .join(HodProfile, HodProfile.department_id == Programme.department_id)
        .where(HodProfile.user_id == hod_id)
    )


def _visible(scope: Scope) -> ColumnElement[bool]:
    """A trainee sees those of the own class groups and those added to; a trainer the own; a head the department's."""
    if scope.everything:
        return Enrolment.id.is_not(None)
    me = scope.principal.id
    if me is None:
        return false()
    visible: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        visible.append(
            Enrolment.class_group_id.in_(select(Membership.class_group_id).where(Membership.trainee_id == me))
        )
        visible.append(
            Enrolment.id.in_(
                select(EnrolmentException.enrolment_id).where(
                    EnrolmentException.trainee_id == me, EnrolmentException.kind == ExceptionKind.ADDED
                )
            )
        )
    if Reach.TAUGHT in scope:
        visible.append(Enrolment.trainer_id == me)
    if Reach.DEPARTMENT in scope:
        headed = select(HodProfile.department_id).where(HodProfile.user_id == me)
        visible.append(Enrolment.class_group_id.in_(groups_of_head(me)))
        visible.append(Enrolment.course_id.in_(select(Course.id).where(Course.department_id.in_(headed))))
    return or_(*visible)


def _not_found(enrolment_id: UUID) -> EnrolmentNotFound:
    return EnrolmentNotFound(f"There is no enrolment {enrolment_id}, or not one that you may see.")
