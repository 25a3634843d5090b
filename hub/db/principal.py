"""Who acts: a user, a room device, the hub itself, or nobody known."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """`roles` are the user's (TRAINEE, TRAINER, HOD, DP_ACADEMICS, ADMIN); `address` is the peer's IP address.

    `session_id` is the sign-in session of a user's access token.
    """

    kind: Literal["user", "device", "system", "anonymous"]
    id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    address: str | None = None
    session_id: UUID | None = None


SYSTEM = Principal("system")
