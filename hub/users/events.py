from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInvited(Event):
    """An account without a password was made: its owner is to get a mail with a set-password link.

    The link's token is not in here: the mail channel asks `service.passwords.issue_password_token` for it when it
    sends, so that no token is ever stored in clear.
    """

    name: ClassVar[str] = "users.user_invited"
    user_id: UUID
    email: str
    given_name: str
    locale: str


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
