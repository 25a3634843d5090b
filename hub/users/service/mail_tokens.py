"""Single-use rights that travel by mail: minted when the mail is sent, known in clear to the mail alone."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from hub.db.unit_of_work import UnitOfWork
from hub.users.models import MailToken, User
from hub.users.rules import MailPurpose, UserState
from hub.users.tokens import new_secret, secret_hash


@dataclass(frozen=True, slots=True, repr=False)
class Minted:
    """What a mail needs. The token is in no log and no table: don't put it there."""

    token: str
    lasts: timedelta
    email: str
    given_name: str
    locale: str


async def mint(uow: UnitOfWork, *, user_id: UUID, purpose: MailPurpose, keep_earlier: bool = False) -> Minted | None:
    """A new token for a mail that is being sent; earlier ones of the user for this purpose serve no more.

    With `keep_earlier` they do: for a mail that is sent once more because nobody knows whether it has arrived.
    None when there is no mail to send any more: the account is gone, disabled, or has done what it was asked to.
    Commit before the mail goes out; a token whose mail could not be sent expires unseen.
    """
    user = await uow.session.get(User, user_id)
    if user is None or not _is_open(user, purpose):
        return None
    if not keep_earlier:
        await spend(uow, user_id=user.id, purposes=(purpose,))
    token, token_hash = new_secret()
    uow.session.add(
        MailToken(
            token_hash=token_hash,
            user_id=user.id,
            purpose=purpose,
            email_key=user.email_key,
            expire_time=uow.now + purpose.lasts,
        )
    )
    await uow.session.flush()
    return Minted(token, purpose.lasts, user.email, user.given_name, user.locale)


async def user_of(uow: UnitOfWork, *, token: str, purposes: tuple[MailPurpose, ...]) -> User | None:
    """Whose token this is; None when it serves no more or never did."""
    user_id = await uow.session.scalar(
        select(MailToken.user_id)
        .join(User, User.id == MailToken.user_id)
        .where(
            MailToken.token_hash == secret_hash(token),
            MailToken.purpose.in_(purposes),
            MailToken.used_time.is_(None),
            MailToken.expire_time > uow.now,
            MailToken.email_key == User.email_key,
            User.state != UserState.DISABLED,
        )
    )
    return await uow.session.get(User, user_id) if user_id else None


async def spend(uow: UnitOfWork, *, user_id: UUID, purposes: tuple[MailPurpose, ...] = tuple(MailPurpose)) -> bool:
    """Mark the user's open tokens as used; of two who race for one, one alone gets True."""
    spent = await uow.session.scalars(
        update(MailToken)
        .where(MailToken.user_id == user_id, MailToken.used_time.is_(None), MailToken.purpose.in_(purposes))
        .values(used_time=uow.now)
        .returning(MailToken.token_hash)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.all())


def _is_open(user: User, purpose: MailPurpose) -> bool:
    match purpose:
        case MailPurpose.INVITATION:
            return user.state is UserState.PENDING_VERIFICATION and user.password_hash is None
        case MailPurpose.EMAIL_VERIFICATION:
            return user.state is UserState.PENDING_VERIFICATION
        case MailPurpose.PASSWORD_RESET:
            return user.state is not UserState.DISABLED
