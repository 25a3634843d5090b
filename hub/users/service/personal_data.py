"""What a person may ask for: all that is kept about them, or that it be erased."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_

from hub.db import audit
from hub.db.audit import AuditEntry
from hub.db.personal_rows import as_dicts, rows_about
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.users import queries
from hub.users.college import College, PersonalDataSource
from hub.users.events import UserDisabled, UserErased, UserRenamed
from hub.users.models import MailToken, RecoveryCode, SecondFactor, SignInSession, User
from hub.users.rules import Role, TraineeState, UserState
from hub.users.service import accounts, profiles

_NOBODY = ("Erased", "person")


async def export(uow: UnitOfWork, *, user: User, sources: Sequence[PersonalDataSource]) -> bytes:
    """Everything about the person as JSON, UTF-8: {"export_time", "user_id", "rows": {table: [{column: value}]}}."""
    rows = await rows_about(uow, User, user.id)
    for source in sources:
        rows |= await source(uow, user.id)
    rows["audit_entries"] = await as_dicts(
        uow,
        AuditEntry,
        or_(
            (AuditEntry.object_type == "user") & (AuditEntry.object_id == str(user.id)),
            AuditEntry.principal_id == user.id,
        ),
    )
    uow.audit("users.export_personal_data", object_type="user", object_id=user.id)
    told: dict[str, Any] = {"export_time": uow.now.isoformat(), "user_id": str(user.id), "rows": rows}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


async def erase(uow: UnitOfWork, *, user_id: UUID, confirm_email: str, reason: str, college: College) -> User:
    """Make the account nobody's, for good: disabled, without names, numbers, contacts, roles, sessions or secrets.

    Memberships and the profiles stay, without anything personal: denominators and counts refer to them. Other domains
    erase their own on `UserErased`. Repeating it changes nothing.

    Raises:
        UserNotFound: there is no such user.
        InvalidArgument: the e-mail is not this account's.
        LastAdmin: nobody could administer the hub afterwards.
    """
    user = await queries.get_user(uow, user_id)
    if user.erase_time is not None:
        return user
    if confirm_email.strip().casefold() != user.email_key:
        raise InvalidArgument.of("confirm_email", "is not this account's e-mail: give it to confirm the erasure")
    if Role.ADMIN in user.roles and user.state is UserState.ACTIVE:
        await accounts.refuse_without_admin(uow, user.id, "user_id")
    await _clear(uow, user, college)
    await _forget_sign_ins(uow, user.id)
    redacted = await audit.redact(uow.session, object_type="user", object_id=str(user.id), principal_id=user.id)
    uow.audit(
        "users.erase",
        object_type="user",
        object_id=user.id,
        after={"redacted_audit_entries": redacted},
        reason=reason or None,
    )
    for event in (UserErased, UserDisabled, UserRenamed):
        uow.publish(event(**uow.new_event_args(), user_id=user.id))
    return user


async def _clear(uow: UnitOfWork, user: User, college: College) -> None:
    profiles.leave_class_group(uow, user, await college.today(uow))
    number = f"erased-{user.id}"
    user.email = f"{number}@erased.invalid"  # RFC 2606: a name that nobody will ever have
    user.email_key = user.email
    user.given_name, user.family_name = _NOBODY
    user.phone = user.gender = user.id_number = user.address = user.locale = user.search_text = ""
    user.birth_date = user.password_hash = user.email_verified_time = user.last_sign_in_time = None
    user.state, user.erase_time = UserState.DISABLED, uow.now
    user.role_rows = []
    user.hod = user.dp_academics = None
    if user.trainee is not None:
        user.trainee.admission_number, user.trainee.guardians = number, []
        if user.trainee.state is TraineeState.ACTIVE:
            user.trainee.state = TraineeState.DISCONTINUED
    if user.trainer is not None:
        user.trainer.staff_number = number
        user.trainer.qualifications, user.trainer.specialisations = [], []
    await uow.session.flush()


async def _forget_sign_ins(uow: UnitOfWork, user_id: UUID) -> None:
    for owner in (SignInSession.user_id, MailToken.user_id, RecoveryCode.user_id, SecondFactor.user_id):
        await uow.session.execute(
            delete(owner.class_).where(owner == user_id).execution_options(synchronize_session=False)
        )
