"""Making, changing and disabling accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.users import queries
from hub.users.college import College
from hub.users.errors import FieldReserved, LastAdmin, UserErasedAlready, UserInvalid
from hub.users.events import (
    AccountSecured,
    EmailVerificationRequested,
    UserDisabled,
    UserEnabled,
    UserInvited,
    UserRenamed,
    UserRolesChanged,
)
from hub.users.models import User
from hub.users.rules import Role, TraineeDraft, UserDraft, UserState, check_user, email_key
from hub.users.service import mail_tokens, places, profiles, sessions, uniqueness

TOP_FIELDS = profiles.FIELDS
TRAINEE_FIELDS = ("admission_number", "class_group_id", "programme_id", "state", "guardians", "membership_start_date")
PROFILE_FIELDS = ("trainee", "trainer", "hod", "dp_academics")
OWN_FIELDS = frozenset({"phone", "gender", "address", "locale"})


@dataclass(frozen=True, slots=True)
class Credential:
    """How a new account's owner comes in: with a password (a hash from `Passwords.accept`) that an administrator gave,
    or by a mailed link. `email_verified`: the administrator knows that the address is the owner's.
    """

    password_hash: str | None = None
    email_verified: bool = False

    @property
    def state(self) -> UserState:
        return UserState.ACTIVE if self.password_hash and self.email_verified else UserState.PENDING_VERIFICATION


INVITED = Credential()


async def create_users(
    uow: UnitOfWork,
    drafts: Sequence[UserDraft],
    *,
    college: College,
    credentials: Sequence[Credential],
    paths: Sequence[str],
) -> list[User]:
    """Store accounts, all or none; one with a verified e-mail and a password is ACTIVE, the others get a mail first.

    `credentials` has one a draft; `paths` tells where each draft stands in the request, for the violations: "user" or
    "requests[3].user".

    Raises:
        InvalidArgument: names each bad field of each draft (UserInvalid, ClassGroupFull, DepartmentHasHod).
        AlreadyExists: an e-mail, admission or staff number is taken (EmailTaken, AdmissionNumberTaken,
            StaffNumberTaken); the message names all of them.
    """
    today = await college.today(uow)
    await _check(uow, drafts, paths=paths, college=college, today=today)
    drafts = await places.in_programmes(uow, drafts, college=college)
    await uniqueness.refuse_taken(uow, drafts, paths=paths)
    await places.refuse_full_groups(uow, drafts, paths=paths, college=college)
    users = []
    for draft, credential in zip(drafts, credentials, strict=True):
        user = profiles.blank_user(uuid7(), credential.state)
        user.password_hash = credential.password_hash
        user.email_verified_time = uow.now if credential.email_verified else None
        profiles.apply_draft(uow, user, draft, today=today, path="user")
        users.append(user)
    uow.session.add_all(users)
    await uow.session.flush()
    for user in users:
        uow.audit("users.create", object_type="user", object_id=user.id, after=audited(user))
        if user.password_hash is None:
            uow.publish(UserInvited(**uow.new_event_args(), user_id=user.id))
        elif user.state is UserState.PENDING_VERIFICATION:
            uow.publish(EmailVerificationRequested(**uow.new_event_args(), user_id=user.id))
    return users


async def update_user(
    uow: UnitOfWork,
    *,
    user_id: UUID,
    wanted: UserDraft,
    fields: frozenset[str],
    etag: str,
    college: College,
    reason: str = "",
) -> User:
    """Change the named fields: of TOP_FIELDS, or "trainee." and one of TRAINEE_FIELDS.

    Raises:
        UserNotFound, EtagStale, InvalidArgument, AlreadyExists: as for `create_users`; LastAdmin.
        FieldReserved: someone else than an administrator changes more than OWN_FIELDS.
    """
    user = await queries.get_user(uow, user_id)
    if Role.ADMIN not in uow.principal.roles and uow.principal.kind != "system" and not fields <= OWN_FIELDS:
        raise FieldReserved(
            f"Only an administrator changes {', '.join(sorted(fields - OWN_FIELDS))}; you can change "
            f"{', '.join(sorted(OWN_FIELDS))}."
        )
    refuse_erased(user)
    check_etag(user.etag, etag)
    today = await college.today(uow)
    before, roles_before, name_before, email_before = audited(user), user.roles, user.display_name, user.email
    current = profiles.draft_of(user)
    draft = _merged(current, wanted, fields)
    await _check(uow, [draft], paths=["user"], college=college, today=today, settled=current.trainee)
    [draft] = await places.in_programmes(uow, [draft], college=college)
    await uniqueness.refuse_taken(uow, [draft], paths=["user"], own_id=user.id)
    if Role.ADMIN in roles_before - draft.roles:
        await refuse_without_admin(uow, user.id, "user.roles")
    if profiles.moves_group(user, draft):
        await places.refuse_full_groups(uow, [draft], paths=["user"], college=college)
    profiles.apply_draft(uow, user, draft, today=today, path="user")
    # A change in a profile is a change of the user: it makes older etags stale.
    flag_modified(user, "given_name")
    await uow.session.flush()
    uow.audit(
        "users.update" if user.roles == roles_before else "users.assign_roles",
        object_type="user",
        object_id=user.id,
        before=before,
        after=audited(user),
        reason=reason or None,
    )
    if user.roles != roles_before:
        uow.publish(UserRolesChanged(**uow.new_event_args(), user_id=user.id, roles=tuple(sorted(user.roles))))
    if user.display_name != name_before:
        uow.publish(UserRenamed(**uow.new_event_args(), user_id=user.id))
    if email_key(user.email) != email_key(email_before):
        await _move_mailbox(uow, user, email_before)
    return user


async def disable_user(uow: UnitOfWork, *, user_id: UUID, reason: str) -> User:
    """Refuse the account from its next call on and end its sign-in sessions. Repeating it changes nothing.

    Raises:
        UserNotFound: there is no such user.
        LastAdmin: nobody could administer the hub afterwards.
    """
    user = await queries.get_user(uow, user_id)
    if user.state is UserState.DISABLED:
        return user
    if Role.ADMIN in user.roles and user.state is UserState.ACTIVE:
        await refuse_without_admin(uow, user.id, "user_id")
    before = user.state
    user.state = UserState.DISABLED
    await sessions.end_sessions(uow, user_id=user.id)
    await uow.session.flush()
    uow.audit(
        "users.disable",
        object_type="user",
        object_id=user.id,
        before={"state": before},
        after={"state": user.state},
        reason=reason or None,
    )
    uow.publish(UserDisabled(**uow.new_event_args(), user_id=user.id))
    return user


async def enable_user(uow: UnitOfWork, *, user_id: UUID) -> User:
    """Let a disabled account in again: ACTIVE, or PENDING_VERIFICATION without a password or verified e-mail."""
    user = await queries.get_user(uow, user_id)
    if user.state is not UserState.DISABLED:
        return user
    refuse_erased(user)
    user.state = Credential(user.password_hash, user.email_verified_time is not None).state
    await uow.session.flush()
    uow.audit(
        "users.enable",
        object_type="user",
        object_id=user.id,
        before={"state": UserState.DISABLED},
        after={"state": user.state},
    )
    uow.publish(UserEnabled(**uow.new_event_args(), user_id=user.id))
    return user


def refuse_erased(user: User) -> None:
    """UserErasedAlready for an account that has nobody any more."""
    if user.erase_time is not None:
        raise UserErasedAlready("This person's data were erased: make a new account if the person comes back.")


def audited(user: User) -> dict[str, Any]:
    """The account for the audit trail; no secret is in it."""
    return profiles.audited(profiles.draft_of(user), user.state)


async def _check(
    uow: UnitOfWork,
    drafts: Sequence[UserDraft],
    *,
    paths: Sequence[str],
    college: College,
    today: date,
    settled: TraineeDraft | None = None,
) -> None:
    violations = [
        FieldViolation(f"{path}.{found.field}", found.description)
        for path, draft in zip(paths, drafts, strict=True)
        for found in check_user(draft, today)
    ]
    violations += await places.check_places(uow, drafts, paths=paths, college=college, settled=settled)
    if violations:
        raise UserInvalid.of_all(violations)


async def _move_mailbox(uow: UnitOfWork, user: User, former: str) -> None:
    """What was mailed to the former address serves no more; a person who is not in yet gets the mail again."""
    await mail_tokens.spend(uow, user_id=user.id)
    args = uow.new_event_args()
    if user.state is UserState.PENDING_VERIFICATION:
        event = EmailVerificationRequested if user.password_hash else UserInvited
        uow.publish(event(**args, user_id=user.id))
    else:
        uow.publish(AccountSecured(**args, user_id=user.id, change="EMAIL_CHANGED", email=former))


async def refuse_without_admin(uow: UnitOfWork, user_id: UUID, field: str) -> None:
    """LastAdmin when there would be no active administrator without this one."""
    if not await queries.active_admins_for_update(uow) - {user_id}:
        raise LastAdmin.of(field, "is the last active administrator: make another user an administrator first")


def _merged(current: UserDraft, wanted: UserDraft, fields: frozenset[str]) -> UserDraft:
    merged = replace(current, **{field: getattr(wanted, field) for field in fields if "." not in field})
    if merged.trainee is not None and merged.trainee.programme_id is None and current.trainee is not None:
        # Leaving the programme out is not a way into another one.
        merged = replace(merged, trainee=replace(merged.trainee, programme_id=current.trainee.programme_id))
    parts = {field.removeprefix("trainee."): None for field in fields if field.startswith("trainee.")}
    if parts and merged.trainee is not None and wanted.trainee is not None:
        merged = replace(
            merged, trainee=replace(merged.trainee, **{part: getattr(wanted.trainee, part) for part in parts})
        )
    elif parts:
        merged = replace(merged, trainee=wanted.trainee)
    return merged
