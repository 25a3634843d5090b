"""Who heads a department: an office that a trainer of the department holds."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.school import queries
from hub.school.errors import NotOfDepartment
from hub.school.models import Department
from hub.users import queries as users_queries
from hub.users.college import College
from hub.users.rules import HodDraft, Role
from hub.users.service import accounts, profiles


async def appoint_head(
    uow: UnitOfWork, *, department_id: UUID, user_id: UUID | None, appointed_date: date | None, college: College
) -> Department:
    """Give the department this head (None: no head); who headed it before keeps the other roles.

    `appointed_date` None is today. The same head again changes nothing.

    Raises:
        DepartmentNotFound, UserNotFound: as their names say.
        NotOfDepartment: the user is not a trainer of the department.
    """
    department = await queries.get_department(uow, department_id)
    present = (await users_queries.heads_of(uow, [department.id])).get(department.id)
    if user_id is not None:
        user = await users_queries.get_user(uow, user_id)
        teaches_here = (
            Role.TRAINER in user.roles and user.trainer is not None and user.trainer.department_id == department.id
        )
        if not teaches_here:
            raise NotOfDepartment.of(
                "user_id",
                f"{user.display_name} is not a trainer of {department.name}: choose one, or make this person one first",
            )
    if present is not None and present != user_id:
        await _change_roles(uow, present, hod=None, college=college)
    if user_id is not None and present != user_id:
        since = appointed_date or await queries.today(uow)
        await _change_roles(
            uow, user_id, hod=HodDraft(department_id=department.id, appointed_date=since), college=college
        )
    return department


async def _change_roles(uow: UnitOfWork, user_id: UUID, *, hod: HodDraft | None, college: College) -> None:
    user = await users_queries.get_user(uow, user_id)
    roles = user.roles | {Role.HOD} if hod else user.roles - {Role.HOD}
    await accounts.update_user(
        uow,
        user_id=user_id,
        wanted=replace(profiles.draft_of(user), roles=roles, hod=hod),
        fields=frozenset({"roles", "hod"}),
        etag="",
        college=college,
    )
