"""Users, made through their own service: ACTIVE, with a password that fits nothing unless a hash is given."""
# ruff: noqa: ANN401 (overrides are fields by name)

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hub.courses.college import CollegeOfThisHub
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.users.models import User
from hub.users.rules import (
    DpAcademicsDraft,
    HodDraft,
    Role,
    TraineeDraft,
    TrainerDraft,
    UserDraft,
)
from hub.users.service import accounts
from tests.factories.school import make_class_group, make_department

# No password has this hash: who signs in as such a user gets a token from the test.
UNUSABLE_HASH = "$argon2id$unusable"
_numbers = count(1)


async def make_user(uow: UnitOfWork, draft: UserDraft, *, password_hash: str | None = UNUSABLE_HASH) -> User:
    users = await accounts.create_users(
        uow,
        [draft],
        college=CollegeOfThisHub(),
        credentials=[accounts.Credential(password_hash, email_verified=password_hash is not None)],
        paths=["user"],
    )
    return users[0]


def draft_user(role: Role, **overrides: Any) -> UserDraft:
    number = next(_numbers)
    draft = UserDraft(
        email=f"{role.lower()}.{number}@college.example",
        given_name=f"{role.title()}",
        family_name=f"Number {number}",
        roles=frozenset({role}),
    )
    return replace(draft, **overrides)


async def make_trainee(
    uow: UnitOfWork,
    *,
    class_group_id: UUID | None = None,
    admission_number: str = "",
    membership_start_date: date | None = date(2026, 1, 5),
    password_hash: str | None = UNUSABLE_HASH,
    **overrides: Any,
) -> User:
    """A trainee who is in the class group since the term's first day; of a new class group when none is given."""
    profile = TraineeDraft(
        admission_number=admission_number or f"ADM/{next(_numbers)}",
        class_group_id=class_group_id or (await make_class_group(uow)).id,
        membership_start_date=membership_start_date,
    )
    return await make_user(
        uow, draft_user(Role.TRAINEE, **{"trainee": profile} | overrides), password_hash=password_hash
    )


async def make_trainer(
    uow: UnitOfWork,
    *,
    department_id: UUID | None = None,
    max_weekly_load: timedelta = timedelta(0),
    password_hash: str | None = UNUSABLE_HASH,
    **overrides: Any,
) -> User:
    profile = TrainerDraft(
        staff_number=f"STAFF/{next(_numbers)}",
        department_id=department_id or (await make_department(uow)).id,
        max_weekly_load=max_weekly_load,
    )
    return await make_user(
        uow, draft_user(Role.TRAINER, **{"trainer": profile} | overrides), password_hash=password_hash
    )


async def make_hod(uow: UnitOfWork, *, department_id: UUID | None = None, **overrides: Any) -> User:
    """A head of department, who is a trainer of it."""
    department_id = department_id or (await make_department(uow)).id
    office: dict[str, Any] = {
        "roles": frozenset({Role.HOD, Role.TRAINER}),
        "hod": HodDraft(department_id=department_id, appointed_date=date(2025, 9, 1)),
    }
    return await make_trainer(uow, department_id=department_id, **office | overrides)


async def make_dp_academics(uow: UnitOfWork, **overrides: Any) -> User:
    return await make_user(
        uow, draft_user(Role.DP_ACADEMICS, **{"dp_academics": DpAcademicsDraft(office="A1")} | overrides)
    )


async def make_admin(uow: UnitOfWork, *, password_hash: str | None = UNUSABLE_HASH, **overrides: Any) -> User:
    return await make_user(uow, draft_user(Role.ADMIN, **overrides), password_hash=password_hash)


def principal_of(user: User) -> Principal:
    """The user as the caller of an RPC."""
    return Principal("user", user.id, frozenset(map(str, user.roles)))
