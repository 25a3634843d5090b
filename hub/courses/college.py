"""What users must know of school and courses, which lie above them (`hub.users.college.College`)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select, union

from hub.courses.models import Enrolment, EnrolmentException
from hub.courses.queries import groups_of_head
from hub.courses.rules import EnrolmentState, ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Department, Programme
from hub.users.college import ClassGroupPlaces, Places, ProgrammePlace
from hub.users.models import Membership


class CollegeOfThisHub:
    """The implementation that the composition root gives to the users' servicers."""

    async def today(self, uow: UnitOfWork) -> date:
        return await school_queries.today(uow)

    async def class_groups(self, uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, ClassGroupPlaces]:
        groups = await school_queries.class_groups_by_ids(uow, ids)
        return {
            group.id: ClassGroupPlaces(group.name, group.capacity, group.programme_id, group.archived)
            for group in groups.values()
        }

    async def programmes(self, uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
        rows = await uow.session.execute(select(Programme.id, Programme.name).where(Programme.id.in_(set(ids))))
        return {row[0]: row[1] for row in rows}

    async def places(self, uow: UnitOfWork) -> Places:
        groups = await uow.session.execute(
            select(
                ClassGroup.id, ClassGroup.name, ClassGroup.capacity, ClassGroup.programme_id, ClassGroup.archived
            ).order_by(ClassGroup.name)
        )
        programmes = await uow.session.execute(
            select(Programme.id, Programme.code, Programme.name).order_by(Programme.code)
        )
        departments = await uow.session.execute(select(Department.id, Department.code).order_by(Department.code))
        return Places(
            class_groups={row[0]: ClassGroupPlaces(*row[1:]) for row in groups},
            programmes={row[0]: ProgrammePlace(*row) for row in programmes},
            departments={row[0]: row[1] for row in departments},
        )

    async def departments(self, uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
        departments = await school_queries.departments_by_ids(uow, ids)
        return {department.id: department.name for department in departments.values()}

    def trainees_taught_by(self, trainer_id: UUID) -> Select[UUID]:
        taught = select(Enrolment.class_group_id).where(
            Enrolment.trainer_id == trainer_id, Enrolment.state != EnrolmentState.CANCELLED
        )
        members = select(Membership.trainee_id).where(Membership.class_group_id.in_(taught))
        added = (
            select(EnrolmentException.trainee_id)
            .join(Enrolment, Enrolment.id == EnrolmentException.enrolment_id)
            .where(Enrolment.trainer_id == trainer_id, EnrolmentException.kind == ExceptionKind.ADDED)
        )
        both = union(members, added).subquery()
        return select(both.c.trainee_id)

    def trainees_below_head(self, hod_id: UUID) -> Select[UUID]:
        return select(Membership.trainee_id).where(Membership.class_group_id.in_(groups_of_head(hod_id)))
