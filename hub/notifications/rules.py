"""Kinds of notification, and when a failed delivery is tried again. Pure."""

import enum
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=5)


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


class DeliveryState(enum.Enum):
    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, before it is known to whom. No names of trainees, nothing biometric: it goes through a broker."""

    type: NotificationType
    priority: Priority
    title: str
    body: str
    object_type: str
    object_id: UUID


def wait_before_retry(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 1, 2, 4, … seconds, at most 5 minutes."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
