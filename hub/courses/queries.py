"""Reads of courses, enrolments and who is expected."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.courses.errors import CourseNotFound, EnrolmentNotFound
from hub.courses.models import Course, Enrolment, EnrolmentException, TrainerLoan
from hub.courses.rules import LIVE, EnrolmentState, ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school.models import ClassGroup, Programme, Term
from hub.users import queries as users_queries
from hub.users.models import HodProfile, Membership, TrainerProfile


async def get_course(uow: UnitOfWork, course_id: UUID, *, lock: bool = False) -> Course:
    """The course; CourseNotFound when there is none. `lock`: nobody else changes it until this unit of work ends."""
    course = await uow.session.get(Course, course_id, with_for_update=lock or None, populate_existing=lock)
    if course is None:
        raise CourseNotFound(f"There is no course {course_id}: list the courses to find the right id.")
    return course


async def courses_by_ids(uow: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, Course]:
    """Those of the courses that exist, in one query."""
    courses = await uow.session.scalars(select(Course).where(Course.id.in_(set(course_ids))))
    return {course.id: course for course in courses}


async def course_codes(uow: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of those of the courses that exist, in one query."""
    rows = await uow.session.execute(select(Course.id, Course.code).where(Course.id.in_(set(course_ids))))
    return {row[0]: row[1] for row in rows}


async def get_enrolment(uow: UnitOfWork, enrolment_id: UUID, *, lock: bool = False) -> Enrolment:
    """The enrolment; EnrolmentNotFound when there is none. `lock` as of a course."""
    enrolment = await uow.session.get(Enrolment, enrolment_id, with_for_update=lock or None, populate_existing=lock)
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


def exception_on(day: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
    """Whether an exception holds on the day."""
    return (EnrolmentException.start_date <= day) & or_(
        EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= day
    )


async def weekly_minutes_by_trainer(uow: UnitOfWork, trainer_ids: Iterable[UUID], *, term_id: UUID) -> dict[UUID, int]:
    """Minutes a week that each trainer's enrolments of the term take, by their courses' hours; in one query."""
    rows = await uow.session.execute(
        select(Enrolment.trainer_id, func.sum(Course.weekly_theory_minutes + Course.weekly_practical_minutes))
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.trainer_id.in_(set(trainer_ids)),
            Enrolment.term_id == term_id,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
        .group_by(Enrolment.trainer_id)
    )
    return {trainer_id: int(minutes) for trainer_id, minutes in rows}


async def enrolments_with_terms(uow: UnitOfWork, states: Iterable[EnrolmentState]) -> list[tuple[Enrolment, Term]]:
    """The enrolments in these states, each with its term."""
    rows = await uow.session.execute(
        select(Enrolment, Term).join(Term, Term.id == Enrolment.term_id).where(Enrolment.state.in_(list(states)))
    )
    return [(enrolment, term) for enrolment, term in rows]


async def terms_taught(uow: UnitOfWork, *, trainer_id: UUID, department_id: UUID) -> list[Term]:
    """The term of each live enrolment that the trainer has in a course of the department."""
    return list(
        await uow.session.scalars(
            select(Term)
            .join(Enrolment, Enrolment.term_id == Term.id)
            .join(Course, Course.id == Enrolment.course_id)
            .where(
                Enrolment.trainer_id == trainer_id,
                Course.department_id == department_id,
                Enrolment.state.in_(LIVE),
            )
        )
    )


def select_loans(
    scope: Scope, *, trainer_id: UUID | None, department_id: UUID | None, on: date | None
) -> Select[TrainerLoan]:
    """The loans that the caller may see (own ones; of a department headed, of its trainers or to it) and that fit."""
    query = select(TrainerLoan).where(_visible_loans(scope))
    if trainer_id is not None:
        query = query.where(TrainerLoan.trainer_id == trainer_id)
    if department_id is not None:
        query = query.where(TrainerLoan.department_id == department_id)
    if on is None:
        return query
    return query.where(TrainerLoan.start_date <= on, or_(TrainerLoan.end_date.is_(None), TrainerLoan.end_date >= on))


def _visible_loans(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return TrainerLoan.id.is_not(None)
    visible: list[ColumnElement[bool]] = [false()]
    if Reach.TAUGHT in scope:
        visible.append(TrainerLoan.trainer_id == scope.principal.id)
    if Reach.DEPARTMENT in scope:
        headed = select(HodProfile.department_id).where(HodProfile.user_id == scope.principal.id)
        visible.append(TrainerLoan.department_id.in_(headed))
        visible.append(
            TrainerLoan.trainer_id.in_(select(TrainerProfile.user_id).where(TrainerProfile.department_id.in_(headed)))
        )
    return or_(*visible)


async def academic_years_of(uow: UnitOfWork, term_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The academic year of each of the terms, in one query."""
    rows = await uow.session.execute(select(Term.id, Term.academic_year_id).where(Term.id.in_(set(term_ids))))
    return {row[0]: row[1] for row in rows}


def select_courses(*, department_id: UUID | None, query: str, include_archived: bool) -> Select[Course]:
    """The courses that fit the filters; `query` is a part of code or title, in any case."""
    courses = select(Course)
    if department_id is not None:
        courses = courses.where(Course.department_id == department_id)
    if query.strip():
        part = query.strip()
        courses = courses.where(
            or_(Course.code.icontains(part, autoescape=True), Course.title.icontains(part, autoescape=True))
        )
    return courses if include_archived else courses.where(Course.archived.is_(False))


def select_enrolments(
    scope: Scope,
    *,
    term_id: UUID | None = None,
    class_group_id: UUID | None = None,
    trainer_id: UUID | None = None,
    course_id: UUID | None = None,
    programme_id: UUID | None = None,
    academic_year_id: UUID | None = None,
    state: EnrolmentState | None = None,
) -> Select[Enrolment]:
    """The enrolments that the caller may see and that fit the filters."""
    query = select(Enrolment).where(_visible(scope))
    filters: tuple[tuple[InstrumentedAttribute[UUID], UUID | None], ...] = (
        (Enrolment.term_id, term_id),
        (Enrolment.class_group_id, class_group_id),
        (Enrolment.trainer_id, trainer_id),
        (Enrolment.course_id, course_id),
    )
    for column, wanted in filters:
        if wanted is not None:
            query = query.where(column == wanted)
    if programme_id is not None:
        query = query.where(
            Enrolment.class_group_id.in_(select(ClassGroup.id).where(ClassGroup.programme_id == programme_id))
        )
    if academic_year_id is not None:
        query = query.where(Enrolment.term_id.in_(select(Term.id).where(Term.academic_year_id == academic_year_id)))
    return query if state is None else query.where(Enrolment.state == state)


def select_exceptions(
    scope: Scope, *, enrolment_id: UUID | None, trainee_id: UUID | None
) -> Select[EnrolmentException]:
    """A trainee sees the own exceptions only, staff those of the enrolments that they see."""
    staff = Scope(scope.principal, scope.reaches - {Reach.SELF})
    seen: ColumnElement[bool] = EnrolmentException.enrolment_id.in_(select(Enrolment.id).where(_visible(staff)))
    if Reach.SELF in scope:
        seen = or_(seen, EnrolmentException.trainee_id == scope.principal.id)
    query = select(EnrolmentException).where(seen)
    if enrolment_id is not None:
        query = query.where(EnrolmentException.enrolment_id == enrolment_id)
    return query if trainee_id is None else query.where(EnrolmentException.trainee_id == trainee_id)


def groups_of_head(hod_id: UUID) -> Select[UUID]:
    """The class groups of the programmes of the department that this user heads."""
    return (
        select(ClassGroup.id)
        .join(Programme, Programme.id == ClassGroup.programme_id)
        .join(HodProfile, HodProfile.department_id == Programme.department_id)
        .where(HodProfile.user_id == hod_id)
    )


def _visible(scope: Scope) -> ColumnElement[bool]:
    """A trainee sees those of the class groups that it was in during their term, and those that it was added to; a
    trainer the own; a head the department's.
    """
    if scope.everything:
        return Enrolment.id.is_not(None)
    me = scope.principal.id
    if me is None:
        return false()
    visible: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        visible.append(
            exists().where(
                Membership.trainee_id == me,
                Membership.class_group_id == Enrolment.class_group_id,
                Term.id == Enrolment.term_id,
                Membership.start_date <= Term.end_date,
                or_(Membership.end_date.is_(None), Membership.end_date > Term.start_date),
            )
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
