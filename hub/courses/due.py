"""What class groups are to be enrolled in, by the curriculum map (`hub.school.teaching.CurriculumPlan`)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.school.models import Term
from hub.school.teaching import DueEnrolment, GroupInYear
from hub.users.models import User, UserRole
from hub.users.rules import Role, UserState


class CurriculumOfThisHub:
    """The implementation that the composition root gives to school's servicers."""

    async def due(
        self, uow: UnitOfWork, groups: Sequence[GroupInYear], *, academic_year_id: UUID
    ) -> list[DueEnrolment]:
        terms = {
            term.number: term.id
            for term in await uow.session.scalars(select(Term).where(Term.academic_year_id == academic_year_id))
        }
        lines = await uow.session.execute(
            select(ProgrammeCourse.programme_id, ProgrammeCourse.year_of_study, ProgrammeCourse.term_number, Course)
            .join(Course, Course.id == ProgrammeCourse.course_id)
            .where(
                ProgrammeCourse.programme_id.in_({group.programme_id for group in groups}),
                ProgrammeCourse.archived.is_(False),
                Course.archived.is_(False),
            )
        )
        mapped: dict[tuple[UUID, int], list[tuple[int, Course]]] = {}
        for programme_id, year, number, course in lines:
            if number in terms:
                mapped.setdefault((programme_id, year), []).append((number, course))
        enrolled = {
            (group_id, course_id, term_id)
            for group_id, course_id, term_id in await uow.session.execute(
                select(Enrolment.class_group_id, Enrolment.course_id, Enrolment.term_id).where(
                    Enrolment.term_id.in_(terms.values()), Enrolment.state != EnrolmentState.CANCELLED
                )
            )
        }
        last = await _last_trainers(uow, {course.id for due in mapped.values() for _, course in due})
        return [
            DueEnrolment(
                class_group_id=group.class_group_id,
                course_id=course.id,
                course_code=course.code,
                course_title=course.title,
                term_number=number,
                trainer_id=last.get(course.id),
            )
            for group in groups
            for number, course in sorted(
                mapped.get((group.programme_id, group.year_of_study), ()), key=lambda due: (due[0], due[1].code)
            )
            if (group.class_group_id, course.id, terms[number]) not in enrolled
        ]


async def _last_trainers(uow: UnitOfWork, course_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Who taught each of the courses last and still serves as a trainer."""
    rows = await uow.session.execute(
        select(Enrolment.course_id, Enrolment.trainer_id)
        .join(Term, Term.id == Enrolment.term_id)
        .join(User, User.id == Enrolment.trainer_id)
        .where(
            Enrolment.course_id.in_(course_ids),
            Enrolment.state != EnrolmentState.CANCELLED,
            User.state != UserState.DISABLED,
            User.id.in_(select(UserRole.user_id).where(UserRole.role == Role.TRAINER)),
        )
        .order_by(Term.start_date, Enrolment.create_time, Enrolment.id)
    )
    return {course_id: trainer_id for course_id, trainer_id in rows}  # noqa: C416 (the latest row of a course wins)
