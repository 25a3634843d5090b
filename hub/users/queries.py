"""Reads of accounts, memberships and the audit trail."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, false, func, or_, select

from hub.db.audit import AuditEntry
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.users.college import College
from hub.users.errors import UserNotFound
from hub.users.models import HodProfile, Membership, TrainerProfile, User, UserRole
from hub.users.rules import Role, UserState, email_key, search_text


async def get_user(uow: UnitOfWork, user_id: UUID) -> User:
    """The user with roles and profiles; UserNotFound when there is none."""
    user = await uow.session.get(User, user_id)
    if user is None:
        raise _not_found(user_id)
    return user


async def find_by_email(uow: UnitOfWork, email: str) -> User | None:
    """The user of this e-mail, whatever its case."""
    return await uow.session.scalar(select(User).where(User.email_key == email_key(email)))


async def get_visible_user(uow: UnitOfWork, user_id: UUID, *, scope: Scope, college: College) -> User:
    """The user, if the caller may see that person; UserNotFound otherwise."""
    user = await uow.session.scalar(select(User).where(User.id == user_id, _visible(scope, college)))
    if user is None:
        raise _not_found(user_id)
    return user


async def users_by_ids(uow: UnitOfWork, user_ids: Iterable[UUID]) -> dict[UUID, User]:
    """Those of the users that exist, with roles and profiles, in a fixed number of queries."""
    users = await uow.session.scalars(select(User).where(User.id.in_(set(user_ids))))
    return {user.id: user for user in users}


async def display_names(uow: UnitOfWork, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Given and family name of those of the users that exist, in one query."""
    rows = await uow.session.execute(
        select(User.id, User.given_name, User.family_name).where(User.id.in_(set(user_ids)))
    )
    return {user_id: f"{given} {family}" for user_id, given, family in rows}


def member_on(day: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
    """Whether a membership holds on the day."""
    return (Membership.start_date <= day) & or_(Membership.end_date.is_(None), Membership.end_date > day)


async def members_of(uow: UnitOfWork, class_group_id: UUID, on: date) -> list[UUID]:
    """The ids of the trainees who were, are or will be in the class group on the day."""
    members = await uow.session.scalars(
        select(Membership.trainee_id)
        .where(Membership.class_group_id == class_group_id, member_on(on))
        .order_by(Membership.trainee_id)
    )
    return list(members)


async def class_group_of(uow: UnitOfWork, trainee_id: UUID, on: date) -> UUID | None:
    """The class group that the trainee is in on the day."""
    group: UUID | None = await uow.session.scalar(
        select(Membership.class_group_id).where(Membership.trainee_id == trainee_id, member_on(on))
    )
    return group


async def open_members(uow: UnitOfWork, class_group_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many memberships without an end each class group has; those with none are missing."""
    rows = await uow.session.execute(
        select(Membership.class_group_id, func.count())
        .where(Membership.class_group_id.in_(set(class_group_ids)), Membership.end_date.is_(None))
        .group_by(Membership.class_group_id)
    )
    return {row[0]: row[1] for row in rows}


async def heads_of(uow: UnitOfWork, department_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The user id of the serving head of each department that has one."""
    rows = await uow.session.execute(
        select(HodProfile.department_id, HodProfile.user_id).where(HodProfile.department_id.in_(set(department_ids)))
    )
    return {row[0]: row[1] for row in rows}


async def active_admins(uow: UnitOfWork) -> list[UUID]:
    """The ids of the active administrators."""
    admins = await uow.session.scalars(
        select(UserRole.user_id)
        .join(User, User.id == UserRole.user_id)
        .where(UserRole.role == Role.ADMIN, User.state == UserState.ACTIVE)
        .order_by(UserRole.user_id)
    )
    return list(admins)


async def active_admins_for_update(uow: UnitOfWork) -> set[UUID]:
    """The ids of the active administrators; their rows stay locked, so that two can't remove each other at once."""
    admins = await uow.session.scalars(
        select(UserRole.user_id)
        .join(User, User.id == UserRole.user_id)
        .where(UserRole.role == Role.ADMIN, User.state == UserState.ACTIVE)
        .with_for_update()
    )
    return set(admins)


def select_users(
    scope: Scope,
    college: College,
    *,
    today: date,
    query: str,
    role: Role | None,
    class_group_id: UUID | None,
    department_id: UUID | None,
    state: UserState | None,
    include_disabled: bool,
) -> Select[User]:
    """The users whom the caller may see and who fit the filters.

    `query` is the beginning of a word of the name, of the e-mail, an admission number or a staff number, in any case;
    `class_group_id` asks for its members today, `department_id` for its trainers.
    """
    users = select(User).where(_visible(scope, college))
    if query.strip():
        users = users.where(User.search_text.contains(search_text([query]), autoescape=True))
    if role is not None:
        users = users.where(User.id.in_(select(UserRole.user_id).where(UserRole.role == role)))
    if class_group_id is not None:
        users = users.where(
            User.id.in_(
                select(Membership.trainee_id).where(Membership.class_group_id == class_group_id, member_on(today))
            )
        )
    if department_id is not None:
        # The profile stays when the role goes.
        users = users.where(
            User.id.in_(select(TrainerProfile.user_id).where(TrainerProfile.department_id == department_id)),
            User.id.in_(select(UserRole.user_id).where(UserRole.role == Role.TRAINER)),
        )
    if state is not None:
        users = users.where(User.state == state)
    elif not include_disabled:
        users = users.where(User.state != UserState.DISABLED)
    return users


def select_audit_entries(*, object_type: str, object_id: str, actor_id: UUID | None, action: str) -> Select[AuditEntry]:
    entries = select(AuditEntry)
    if object_type:
        entries = entries.where(AuditEntry.object_type == object_type)
    if object_id:
        entries = entries.where(AuditEntry.object_id == object_id)
    if actor_id is not None:
        entries = entries.where(AuditEntry.principal_id == actor_id)
    if action:
        entries = entries.where(AuditEntry.action == action)
    return entries


def _visible(scope: Scope, college: College) -> ColumnElement[bool]:
    """Everyone sees the own account; a trainer the trainees taught; a head the department's trainers and trainees."""
    if scope.everything:
        return User.id.is_not(None)
    me = scope.principal.id
    if me is None:
        return false()
    visible: list[ColumnElement[bool]] = [User.id == me]
    if Reach.TAUGHT in scope:
        visible.append(User.id.in_(college.trainees_taught_by(me)))
    if Reach.DEPARTMENT in scope:
        visible.append(User.id.in_(college.trainees_below_head(me)))
        headed = select(HodProfile.department_id).where(HodProfile.user_id == me)
        visible.append(User.id.in_(select(TrainerProfile.user_id).where(TrainerProfile.department_id.in_(headed))))
    return or_(*visible)


def _not_found(user_id: UUID) -> UserNotFound:
    return UserNotFound(f"There is no user {user_id}, or not one whom you may see: `roster users list` lists them.")
