"""Setting passwords and verifying e-mails: by a mailed token, or by who knows the present password."""

from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.users import queries
from hub.users.events import (
    AccountSecured,
    EmailVerificationRequested,
    MailAskedFor,
    PasswordResetRequested,
    UserInvited,
)
from hub.users.models import User
from hub.users.rules import LONGEST_EMAIL, MailPurpose, UserDraft, UserState, email_key
from hub.users.service import mail_tokens, profiles, sessions, throttling
from hub.users.service.throttling import KnownWaits

# Either sets a password, and shows that its holder reads the mails of the address.
SETS_PASSWORD = (MailPurpose.INVITATION, MailPurpose.PASSWORD_RESET)


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


async def ask_for_mail(uow: UnitOfWork, *, email: str, purpose: MailPurpose, waits: KnownWaits) -> None:
    """Somebody wants a mail for the account of this e-mail, if there is one; does the same whether there is.

    Raises:
        InvalidArgument: no e-mail is so long.
        TooManyTries: too many mails were asked for this e-mail, or from this address.
    """
    if len(email) > LONGEST_EMAIL:
        raise InvalidArgument.of("email", f"is longer than {LONGEST_EMAIL} characters: give your e-mail address")
    await throttling.count(uow, throttling.of_mails(uow.principal.address, email), waits)
    uow.publish(MailAskedFor(**uow.new_event_args(), email=email_key(email), purpose=purpose))


async def on_mail_asked_for(uow: UnitOfWork, asked: MailAskedFor) -> None:
    """Ask for the mail that the account's state calls for: none when there is no account, or it is disabled."""
    user = await queries.find_by_email(uow, asked.email)
    if user is None or user.state is UserState.DISABLED:
        return
    args = uow.new_event_args()
    if user.state is UserState.PENDING_VERIFICATION and user.password_hash is None:
        uow.publish(UserInvited(**args, user_id=user.id))
    elif asked.purpose == MailPurpose.PASSWORD_RESET:
        uow.publish(PasswordResetRequested(**args, user_id=user.id))
        uow.audit("users.request_password_reset", object_type="user", object_id=user.id)
    elif user.state is UserState.PENDING_VERIFICATION:
        uow.publish(EmailVerificationRequested(**args, user_id=user.id))


async def verify_email(uow: UnitOfWork, *, token: str) -> bool:
    """Make the account ACTIVE; False when the token serves no more."""
    user = await mail_tokens.user_of(uow, token=token, purposes=(MailPurpose.EMAIL_VERIFICATION,))
    if user is None or not await mail_tokens.spend(uow, user_id=user.id, purposes=(MailPurpose.EMAIL_VERIFICATION,)):
        return False
    user.state, user.email_verified_time = UserState.ACTIVE, uow.now
    uow.audit("users.verify_email", object_type="user", object_id=user.id, reason="by a mailed token")
    return True


async def set_by_token(uow: UnitOfWork, *, token: str, password_hash: str) -> bool:
    """Set the password, which verifies the e-mail and ends all sessions; False when the token serves no more."""
    user = await mail_tokens.user_of(uow, token=token, purposes=SETS_PASSWORD)
    if user is None or not await mail_tokens.spend(uow, user_id=user.id):
        return False
    had_one = user.password_hash is not None
    user.password_hash = password_hash
    user.state, user.email_verified_time = UserState.ACTIVE, uow.now
    await sessions.end_sessions(uow, user_id=user.id)
    uow.audit("users.set_password", object_type="user", object_id=user.id, reason="by a mailed token")
    if had_one:
        _tell_change(uow, user)
    return True


async def change(uow: UnitOfWork, *, user_id: UUID, password_hash: str, keep_session_id: UUID | None) -> None:
    """Set a new password and end the other sessions."""
    user = await queries.get_user(uow, user_id)
    user.password_hash = password_hash
    await mail_tokens.spend(uow, user_id=user.id)
    await sessions.end_sessions(uow, user_id=user.id, but=keep_session_id)
    uow.audit("users.change_password", object_type="user", object_id=user.id)
    _tell_change(uow, user)


def _tell_change(uow: UnitOfWork, user: User) -> None:
    uow.publish(AccountSecured(**uow.new_event_args(), user_id=user.id, change="PASSWORD_CHANGED", email=user.email))
