"""Which class groups are due to take which courses in a term, and what is registered of it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hub.courses.models import Course, Enrolment, ProgrammeCourse
from hub.courses.rules import EnrolmentState, Place
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Department, Programme, Term
from hub.school.rules import year_of_study
from hub.users.models import TrainerProfile, User, UserRole
from hub.users.rules import Role, UserState


@dataclass(frozen=True, slots=True)
class TermPlan:
    """A term with all that may be registered for it: read in a fixed number of queries.

    Attributes:
        term, name: the term, and what to call it.
        groups: by id; those in use.
        places: where each of them is in the term, if it has come in.
        lines: by programme, the lines of its map in use.
        courses: by id.
        enrolments: by class group and course, those that are not cancelled.
    """

    term: Term
    name: str
    groups: dict[UUID, ClassGroup]
    places: dict[UUID, Place]
    lines: dict[UUID, list[ProgrammeCourse]]
    courses: dict[UUID, Course]
    enrolments: dict[tuple[UUID, UUID], Enrolment]

    def due(self) -> list[tuple[ClassGroup, ProgrammeCourse]]:
        """Each class group with each line of the map that is due for it, by their names."""
        found = [
            (group, line)
            for group in self.groups.values()
            for line in self.lines.get(group.programme_id, ())
            if line.place == self.places.get(group.id) and not self.courses[line.course_id].archived
        ]
        return sorted(found, key=lambda pair: (pair[0].name, self.courses[pair[1].course_id].code))


async def term_plan(uow: UnitOfWork, term_id: UUID, *, department_id: UUID | None = None) -> TermPlan:
    """Everything of the term, or of the class groups of one department's programmes.

    Raises:
        TermNotFound: there is no such term.
    """
    term = await school_queries.get_term(uow, term_id)
    year = await school_queries.get_academic_year(uow, term.academic_year_id)
    groups = await uow.session.scalars(
        school_queries.select_class_groups(department_id=department_id, include_archived=False)
        .join(Programme, Programme.id == ClassGroup.programme_id)
        .where(Programme.archived.is_(False))
    )
    by_id = {group.id: group for group in groups}
    lines: dict[UUID, list[ProgrammeCourse]] = {}
    for line in await uow.session.scalars(
        select(ProgrammeCourse)
        .where(ProgrammeCourse.archived.is_(False))
        .order_by(ProgrammeCourse.year_of_study, ProgrammeCourse.term_number, ProgrammeCourse.id)
    ):
        lines.setdefault(line.programme_id, []).append(line)
    enrolments = await uow.session.scalars(
        select(Enrolment).where(Enrolment.term_id == term.id, Enrolment.state != EnrolmentState.CANCELLED)
    )
    return TermPlan(
        term=term,
        name=f"{year.name}, term {term.number}",
        groups=by_id,
        places={
            group.id: Place(of_study, term.number)
            for group in by_id.values()
            if (of_study := year_of_study(group.intake_year, year.period))
        },
        lines=lines,
        courses={course.id: course for course in await uow.session.scalars(select(Course))},
        enrolments={(one.class_group_id, one.course_id): one for one in enrolments},
    )


async def staff_numbers(uow: UnitOfWork) -> dict[UUID, tuple[str, str]]:
    """Staff number and name of every serving trainer, by staff number; in one query."""
    rows = await uow.session.execute(
        select(User.id, TrainerProfile.staff_number, User.given_name, User.family_name)
        .join(TrainerProfile, TrainerProfile.user_id == User.id)
        .join(UserRole, (UserRole.user_id == User.id) & (UserRole.role == Role.TRAINER))
        .where(User.state != UserState.DISABLED)
        .order_by(TrainerProfile.staff_number)
    )
    return {user_id: (number, f"{given} {family}") for user_id, number, given, family in rows}


async def department_names(uow: UnitOfWork) -> dict[UUID, str]:
    rows = await uow.session.execute(select(Department.id, Department.name))
    return {row[0]: row[1] for row in rows}
