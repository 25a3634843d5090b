"""Courses and enrolments, made through their own service."""
# ruff: noqa: ANN401 (overrides are fields by name)

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hub.courses import queries, service
from hub.courses.models import Course, Enrolment, EnrolmentException
from hub.courses.rules import ExceptionKind
from hub.courses.service import CourseDraft, ExceptionDraft
from hub.db.unit_of_work import UnitOfWork
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
    return await service.create_course(uow, draft=CourseDraft(**values | overrides))


async def make_enrolment(
    uow: UnitOfWork,
    *,
    class_group_id: UUID | None = None,
    course_id: UUID | None = None,
    term_id: UUID | None = None,
    trainer_id: UUID | None = None,
) -> Enrolment:
    """An enrolment in the current term; what is not given is made, the trainer in the course's department."""
    course = await queries.get_course(uow, course_id) if course_id else await make_course(uow)
    return await service.create_enrolment(
        uow,
        class_group_id=class_group_id or (await make_class_group(uow)).id,
        course_id=course.id,
        term_id=term_id or (await make_term(uow)).id,
        trainer_id=trainer_id or (await make_trainer(uow, department_id=course.department_id)).id,
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
    return await service.create_exception(
        uow,
        draft=ExceptionDraft(
            enrolment_id=enrolment_id, trainee_id=trainee_id, kind=kind, start_date=start_date, end_date=end_date
        ),
    )
