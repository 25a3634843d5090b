from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInvited(Event):
    """An account without a password was made: its owner is to get a mail with a set-password link.

    This and the next two carry no token and no address: whoever sends the mail asks `service.mail_tokens.mint` for both
    when it sends, so that no token is ever stored in clear, and who was disabled or erased meanwhile gets no mail.
    """

    name: ClassVar[str] = "users.user_invited"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailVerificationRequested(Event):
    """The owner of an account that has a password is to get a mail with a link that verifies the address."""

    name: ClassVar[str] = "users.email_verification_requested"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetRequested(Event):
    """The owner of an account is to get a mail with a link that sets another password."""

    name: ClassVar[str] = "users.password_reset_requested"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAskedFor(Event):
    """Somebody who gave this e-mail asked for a mail of this purpose; whether there is such an account is looked up
    afterwards, so that the answer takes the same time for known and unknown ones.
    """

    name: ClassVar[str] = "users.mail_asked_for"
    email: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSecured(Event):
    """Something changed that the owner should hear of, in case it was somebody else.

    `change` is PASSWORD_CHANGED, SECOND_FACTOR_ON, SECOND_FACTOR_OFF or EMAIL_CHANGED; `email` is where to tell it:
    after EMAIL_CHANGED the former address.
    """

    name: ClassVar[str] = "users.account_secured"
    user_id: UUID
    change: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDisabled(Event):
    """The account may do nothing any more; its sign-in sessions are ended already."""

    name: ClassVar[str] = "users.user_disabled"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEnabled(Event):
    name: ClassVar[str] = "users.user_enabled"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserErased(Event):
    """The person's data are to be erased: the account has none any more, and each domain erases its own."""

    name: ClassVar[str] = "users.user_erased"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRolesChanged(Event):
    name: ClassVar[str] = "users.user_roles_changed"
    user_id: UUID
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRenamed(Event):
    """The name changed that room displays show."""

    name: ClassVar[str] = "users.user_renamed"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Event):
    """From `start_date` on the trainee is in `class_group_id`, or in none."""

    name: ClassVar[str] = "users.membership_changed"
    user_id: UUID
    class_group_id: UUID | None
    start_date: date
