"""Courses and enrolments, made through their own service."""
# ruff: noqa: ANN401 (overrides are fields by name)

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hub.courses import curriculum_map, queries
from hub.courses.models import Course, Enrolment, EnrolmentException, ProgrammeCourse, Topic, TrainerLoan
from hub.courses.rules import ExceptionKind, Place
from hub.courses.service import catalogue, curriculum, enrolments, exceptions, loans, topics
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Term
from hub.school.rules import year_of_study
from tests.factories.school import make_class_group, make_department, make_term
from tests.factories.users import make_trainer

_numbers = count(1)


async def make_course(uow: UnitOfWork, *, department_id: UUID | None = None, **overrides: Any) -> Course:
    values: dict[str, Any] = {
        "code": f"ICT{100 + next(_numbers)}",
        "title": "Computer Networks",
        "department_id": department_id or (await make_department(uow)).id,
        "weekly_theory": timedelta(hours=2),
        "weekly_practical": timedelta(hours=2),
        "default_session_length": timedelta(hours=2),
    }
    return await catalogue.create_course(uow, draft=catalogue.CourseDraft(**values | overrides))


async def make_topic(uow: UnitOfWork, *, course_id: UUID, **overrides: Any) -> Topic:
    values: dict[str, Any] = {"title": f"Topic {next(_numbers)}"}
    return await topics.create_topic(uow, draft=topics.TopicDraft(course_id=course_id, **values | overrides))


async def make_line(
    uow: UnitOfWork, *, programme_id: UUID, course_id: UUID, place: tuple[int, int] = (1, 1), **overrides: Any
) -> ProgrammeCourse:
    """A line of the programme's map, in (year of study, term)."""
    year, term = place
    return await curriculum.create_programme_course(
        uow,
        draft=curriculum.ProgrammeCourseDraft(
            programme_id=programme_id, course_id=course_id, year_of_study=year, term_number=term, **overrides
        ),
    )


async def make_enrolment(
    uow: UnitOfWork,
    *,
    class_group_id: UUID | None = None,
    course_id: UUID | None = None,
    term_id: UUID | None = None,
    trainer_id: UUID | None = None,
) -> Enrolment:
    """An enrolment in the current term; what is not given is made, the trainer in the course's department.

    The course comes into the curriculum map, if it is not there yet.
    """
    course = await queries.get_course(uow, course_id) if course_id else await make_course(uow)
    term = await school_queries.get_term(uow, term_id) if term_id else await make_term(uow)
    group = await (school_queries.get_class_group(uow, class_group_id) if class_group_id else make_class_group(uow))
    await ensure_mapped(uow, group, course, term)
    return await enrolments.create_enrolment(
        uow,
        class_group_id=group.id,
        course_id=course.id,
        term_id=term.id,
        trainer_id=trainer_id or (await make_trainer(uow, department_id=course.department_id)).id,
    )


async def ensure_mapped(uow: UnitOfWork, group: ClassGroup, course: Course, term: Term) -> None:
    """The map has the course where the class group is in the term."""
    year = await school_queries.get_academic_year(uow, term.academic_year_id)
    of_study = year_of_study(group.intake_year, year.period)
    assert of_study, "the class group comes in later"
    place = Place(of_study, term.number)
    if await curriculum_map.line_at(uow, group.programme_id, course.id, place) is None:
        await make_line(
            uow, programme_id=group.programme_id, course_id=course.id, place=(place.year_of_study, place.term_number)
        )


async def make_loan(uow: UnitOfWork, *, trainer_id: UUID, department_id: UUID, **overrides: Any) -> TrainerLoan:
    """A loan from the term's first day on, without an end."""
    values: dict[str, Any] = {"start_date": date(2026, 1, 5)}
    return await loans.create_loan(
        uow, draft=loans.LoanDraft(trainer_id=trainer_id, department_id=department_id, **values | overrides)
    )


async def make_exception(
    uow: UnitOfWork,
    *,
    enrolment_id: UUID,
    trainee_id: UUID,
    kind: ExceptionKind = ExceptionKind.ADDED,
    start_date: date = date(2026, 3, 2),
    end_date: date | None = None,
) -> EnrolmentException:
    return await exceptions.create_exception(
        uow,
        draft=exceptions.ExceptionDraft(
            enrolment_id=enrolment_id, trainee_id=trainee_id, kind=kind, start_date=start_date, end_date=end_date
        ),
    )
