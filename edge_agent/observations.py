"""The frozen values that travel from the camera to the outbox, in that order, and what the room knows."""

import enum
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from presence.faces.liveness import LivenessOutcome
from presence.faces.match import Gallery
from presence.faces.types import Image
from presence.geofence import Fence, Position

Luma: TypeAlias = NDArray[np.uint8]
"""(height, width) grey values, small."""


# --- when -------------------------------------------------------------------------------------------------------------


class ClockQuality(enum.Enum):
    SYNCED = "SYNCED"
    """By NTP, GPS or the hub since boot."""
    RESTORED = "RESTORED"
    """Goes on from the last good time kept on disk."""
    UNSYNCED = "UNSYNCED"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Both clocks of the device at one moment; `wall_time` is UTC, `monotonic_ns` counts since boot."""

    wall_time: datetime
    monotonic_ns: int
    boot_id: UUID
    quality: ClockQuality


class Clock(Protocol):
    def read(self) -> ClockReading: ...


# --- what the camera saw ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture. `luma` is the camera's own small grey picture, where it makes one for free."""

    index: int
    rgb: Image
    luma: Luma | None
    captured: ClockReading


Liveness: TypeAlias = LivenessOutcome


# --- what the device says and tells -----------------------------------------------------------------------------------


class Shown(enum.StrEnum):
    """What a person is shown."""

    SESSION_STARTED = "SESSION_STARTED"
    PRESENT = "PRESENT"
    LATE = "LATE"
    PENDING = "PENDING"
    """Noted; the session has not been started yet."""
    NOTED = "NOTED"
    """A trainer whose session runs already, or somebody leaving."""
    ALREADY_IN = "ALREADY_IN"
    NO_SESSION = "NO_SESSION"
    TOO_EARLY = "TOO_EARLY"
    TOO_LATE = "TOO_LATE"
    NOT_EXPECTED = "NOT_EXPECTED"
    UNKNOWN = "UNKNOWN"
    NOT_SURE = "NOT_SURE"
    """Recognised, but less surely than the room's policy asks."""
    KEEP_LOOKING = "KEEP_LOOKING"
    TURN_HEAD = "TURN_HEAD"
    SUSPECT = "SUSPECT"
    COME_CLOSER = "COME_CLOSER"
    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    FACE_THE_CAMERA = "FACE_THE_CAMERA"
    HOLD_STILL = "HOLD_STILL"
    OUT_OF_PLACE = "OUT_OF_PLACE"
    NO_POSITION = "NO_POSITION"
    NOT_READY = "NOT_READY"
    """The room's gallery or schedule is not here yet."""
    NOT_STORED = "NOT_STORED"
    """The fact could not be made durable: nobody is told that they are in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer on the screen; `face_seen_ns` is the monotonic time at which the face was first seen."""

    shown: Shown
    name: str
    detail: str
    track: int
    provisional: bool = False
    face_seen_ns: int = 0


class PositionSource(enum.Enum):
    FIXED = "FIXED"
    GPS = "GPS"


@dataclass(frozen=True, slots=True)
class PositionFix:
    position: Position
    source: PositionSource


@dataclass(frozen=True, slots=True)
class CheckInFact:
    """A known person at the door. `similarity` is 0..1; `shown` is what the device decided, for comparison only."""

    person_id: UUID
    similarity: float
    liveness: Liveness
    position: PositionFix | None
    engine: str
    gallery_version: int
    shown: str


@dataclass(frozen=True, slots=True)
class UnknownFaceFact:
    position: PositionFix | None
    usable_frames: int


@dataclass(frozen=True, slots=True)
class SuspectFaceFact:
    """A face that did not look alive, after a retry. `person_id` is who it looked like, if anybody."""

    person_id: UUID | None
    similarity: float
    position: PositionFix | None


@dataclass(frozen=True, slots=True)
class DeviceMovedFact:
    position: PositionFix


Fact: TypeAlias = CheckInFact | UnknownFaceFact | SuspectFaceFact | DeviceMovedFact


class FactStore(Protocol):
    """The outbox, as the pipeline sees it."""

    def append(self, fact: Fact, captured: ClockReading) -> UUID | None:
        """Kept on return; answers the event's id, or None when it had to be dropped (never a check-in)."""


# --- what the room knows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Windows and tolerances at the door; as `AttendancePolicy` on the wire."""

    start_early: timedelta = timedelta(minutes=15)
    start_late: timedelta = timedelta(minutes=30)
    end_early: timedelta = timedelta(minutes=15)
    auto_end_after: timedelta = timedelta(minutes=30)
    late_grace: timedelta = timedelta(minutes=10)
    check_in_early: timedelta = timedelta(minutes=15)
    min_similarity: float = 0.5
    min_start_similarity: float = 0.5
    false_match_rate: float = 0.01
    min_overlap_share: float = 0.5
    liveness_challenge: bool = False
    reject_suspect_faces: bool = False
    check_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomConfig:
    """The room and the rules at its door. `fence` None: the room has no geofence. `time_zone` is an IANA name."""

    version: int
    room_id: UUID
    room_code: str
    room_name: str
    fence: Fence | None
    max_accuracy_m: float
    policy: Policy
    engine: str
    model_sha256: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSession:
    """`state` is SCHEDULED, ACTIVE, COMPLETED, CANCELLED or MISSED."""

    session_id: UUID
    title: str
    start_time: datetime
    end_time: datetime
    trainer_ids: frozenset[UUID]
    trainee_ids: frozenset[UUID]
    state: str
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSchedule:
    version: int
    sessions: tuple[ScheduledSession, ...]
    horizon_end_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """All that the hub has told about the room, as far as it is here.

    `gallery` is None while there is none or its key can't be had; `names` are as shown at the door; `online` is
    whether the hub has answered of late (what is decided offline is provisional).
    """

    config: RoomConfig | None = None
    schedule: RoomSchedule | None = None
    gallery: Gallery[UUID] | None = None
    gallery_version: int = 0
    names: Mapping[UUID, str] = field(default_factory=lambda: MappingProxyType({}))
    online: bool = False


class RoomStateHolder:
    """The current RoomState: the uplink puts it in, the pipeline reads it once a frame. Safe to share by threads."""

    def __init__(self, state: RoomState | None = None) -> None:
        self._lock = threading.Lock()
        self._state = state or RoomState()

    def get(self) -> RoomState:
        return self._state

    def set(self, state: RoomState) -> None:
        with self._lock:
            self._state = state

    def change(self, **changes: object) -> RoomState:
        """Replace some fields of the current state; answers the new one."""
        with self._lock:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type] # fields by name
            return self._state
