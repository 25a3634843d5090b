"""Kinds of notification, which channels they take, and when a failed delivery is tried again. Pure."""

import enum
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=5)
# RFC 5321, 4.5.4.1 asks for half an hour between tries; greylisting lets in after some minutes.
_FIRST_DEFERRAL = timedelta(minutes=5)
_LONGEST_DEFERRAL = timedelta(hours=1)
MAIL_OUTDATED_AFTER = timedelta(days=1)


class NotificationType(enum.Enum):
    ATTENDANCE = "ATTENDANCE"
    SESSION = "SESSION"
    REPORT = "REPORT"
    ACCOUNT = "ACCOUNT"
    SYSTEM = "SYSTEM"


class Priority(enum.Enum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Channel(enum.Enum):
    IN_APP = "IN_APP"
    MQTT = "MQTT"
    EMAIL = "EMAIL"


class DeliveryState(enum.Enum):
    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


class AccountMailKind(enum.Enum):
    """What a mail about an account is for; the first three have the names of `users.rules.MailPurpose`."""

    INVITATION = "INVITATION"
    EMAIL_VERIFICATION = "EMAIL_VERIFICATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 (a kind, no password)
    ACCOUNT_SECURED = "ACCOUNT_SECURED"


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, before it is known to whom. No names of trainees, nothing biometric: it goes through a broker."""

    type: NotificationType
    priority: Priority
    title: str
    body: str
    object_type: str
    object_id: UUID


def channels_of(message: Message) -> frozenset[Channel]:
    """The channels that a message takes: everything in-app and by MQTT; by e-mail what matters beyond the hour.

    That is what is HIGH, and what is about the account or a report: a lesson's course of events would fill a mailbox.
    """
    lasting = message.type in (NotificationType.ACCOUNT, NotificationType.REPORT)
    mailed = {Channel.EMAIL} if lasting or message.priority is Priority.HIGH else set()
    return frozenset({Channel.IN_APP, Channel.MQTT, *mailed})


def wait_before_retry(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 1, 2, 4, … seconds, at most 5 minutes."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def wait_after_deferral(attempts: int) -> timedelta:
    """How long a mail waits that the server does not take yet, after so many tries: 5, 10, 20 … at most 60 minutes."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(_FIRST_DEFERRAL * (1 << doublings), _LONGEST_DEFERRAL)
