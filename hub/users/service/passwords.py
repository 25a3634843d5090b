"""Setting passwords: the first one, a changed one, one by a mailed token, and the first administrator's."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from hub.db.unit_of_work import UnitOfWork
from hub.users import queries
from hub.users.models import PasswordToken, User
from hub.users.rules import UserDraft, UserState
from hub.users.service import profiles, sign_in
from hub.users.tokens import new_secret, secret_hash

INVITATION_LASTS = timedelta(hours=24)
RESET_LASTS = timedelta(hours=1)


def own_data(draft: UserDraft) -> list[str]:
    """What a password of this user must not be made from."""
    return [
        draft.email,
        draft.given_name,
        draft.family_name,
        draft.phone,
        draft.id_number,
        draft.trainee.admission_number if draft.trainee else "",
        draft.trainer.staff_number if draft.trainer else "",
        draft.birth_date.strftime("%d%m%Y %Y%m%d %Y") if draft.birth_date else "",
    ]


def own_data_of_user(user: User) -> list[str]:
    return own_data(profiles.draft_of(user))


async def issue_password_token(uow: UnitOfWork, *, user_id: UUID, lasts: timedelta) -> str:
    """A new single-use token for a mail that is being sent; earlier ones of the user serve no more.

    It is the only time that the token is known: don't log or store it.
    """
    user = await queries.get_user(uow, user_id)
    await _spend_all(uow, user.id)
    token, token_hash = new_secret()
    uow.session.add(PasswordToken(token_hash=token_hash, user_id=user.id, expire_time=uow.now + lasts))
    await uow.session.flush()
    return token


async def user_of_token(uow: UnitOfWork, *, token: str) -> User | None:
    """Whose password the token may set; None when it is unknown, used or expired, or the account is disabled."""
    user_id = await uow.session.scalar(
        select(PasswordToken.user_id).where(
            PasswordToken.token_hash == secret_hash(token),
            PasswordToken.used_time.is_(None),
            PasswordToken.expire_time > uow.now,
        )
    )
    user = await uow.session.get(User, user_id) if user_id else None
    return None if user is None or user.state is UserState.DISABLED else user


async def set_by_token(uow: UnitOfWork, *, token: str, password_hash: str) -> bool:
    """Set the password, which verifies the e-mail and ends all sessions; False when the token serves no more."""
    user = await user_of_token(uow, token=token)
    if user is None or not await _spend_all(uow, user.id):
        return False
    user.password_hash = password_hash
    user.state = UserState.ACTIVE
    await sign_in.end_sessions(uow, user_id=user.id)
    uow.audit("users.set_password", object_type="user", object_id=user.id, reason="by a mailed token")
    return True


async def change(uow: UnitOfWork, *, user_id: UUID, password_hash: str, keep_session_id: UUID | None) -> None:
    """Set a new password and end the other sessions."""
    user = await queries.get_user(uow, user_id)
    user.password_hash = password_hash
    await _spend_all(uow, user.id)
    await sign_in.end_sessions(uow, user_id=user.id, but=keep_session_id)
    uow.audit("users.change_password", object_type="user", object_id=user.id)


async def _spend_all(uow: UnitOfWork, user_id: UUID) -> bool:
    """Mark the user's open tokens as used; of two who race for one, one alone gets True."""
    spent = await uow.session.scalars(
        update(PasswordToken)
        .where(PasswordToken.user_id == user_id, PasswordToken.used_time.is_(None))
        .values(used_time=uow.now)
        .returning(PasswordToken.token_hash)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.all())
