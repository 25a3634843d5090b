"""The few kinds of error a caller can meet; every domain names its own errors as subclasses of these kinds.

The name of the raised class, in UPPER_SNAKE, is the stable reason that clients see (`SessionNotFound` is
`SESSION_NOT_FOUND`), so renaming such a class changes the API. The message is for people: what is wrong and what to do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class HubError(Exception):
    """A refusal that the caller may read: `message` holds nothing internal, `metadata` only short stable strings."""

    reason: ClassVar[str] = "HUB_ERROR"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.reason = _WORD_START.sub("_", cls.__name__).upper()

    def __init__(self, message: str, *, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.metadata: Mapping[str, str] = dict(metadata or {})


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One bad field: `field` is its path in the request ("trainee.class_group_id"), `description` names the fix."""

    field: str
    description: str


class InvalidArgument(HubError):
    """The request is wrong whatever the state of the hub; each bad field is named."""

    def __init__(
        self,
        message: str,
        *,
        violations: Sequence[FieldViolation] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, metadata=metadata)
        self.violations = tuple(violations)

    @classmethod
    def of(cls, field: str, description: str) -> "InvalidArgument":
        """The error for one bad field."""
        return cls(f"{field}: {description}", violations=[FieldViolation(field, description)])


class NotFound(HubError):
    """What was asked for does not exist, or the caller may not know that it does."""


class AlreadyExists(HubError):
    """Another object already has this identity."""


class FailedPrecondition(HubError):
    """The request is right but the state of the hub does not allow it; the message names the state."""


class PermissionDenied(HubError):
    """The caller is known and may not do this."""


class Unauthenticated(HubError):
    """The caller did not prove who it is."""


class Aborted(HubError):
    """Someone else changed the object first (stale etag): read it again and repeat."""


class ResourceExhausted(HubError):
    """Too much or too often; `retry_after` tells when to come back, if that helps."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, metadata=metadata)
        self.retry_after = retry_after


class Unavailable(HubError):
    """The hub cannot answer now and nothing was changed; repeat later."""
