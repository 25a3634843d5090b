"""What happened in a session. Events name no trainee: what is told of them goes to people who may see the register."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(Event):
    """Of one session; `trainer_ids` are the assigned trainer and the recorded substitute."""

    name: ClassVar[str] = "attendance.session"
    session_id: UUID
    room_id: UUID
    room_code: str
    title: str
    class_group_name: str
    trainer_ids: list[UUID]
    planned_start_time: datetime
    planned_end_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStartingSoon(SessionEvent):
    name: ClassVar[str] = "attendance.session_starting_soon"
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(SessionEvent):
    name: ClassVar[str] = "attendance.session_started"
    actual_start_time: datetime
    expected: int
    present: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNotStarted(SessionEvent):
    """Its start window has passed: it is MISSED."""

    name: ClassVar[str] = "attendance.session_not_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterComplete(SessionEvent):
    """Everybody expected is in."""

    name: ClassVar[str] = "attendance.roster_complete"
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LowTurnout(SessionEvent):
    """Few are in a quarter of an hour after the planned start."""

    name: ClassVar[str] = "attendance.low_turnout"
    expected: int
    arrived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(SessionEvent):
    name: ClassVar[str] = "attendance.session_ended"
    expected: int
    present: int
    late: int
    absent: int
    excused: int
    absences_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCorrected(SessionEvent):
    """Check-ins that arrived after the end have changed the register."""

    name: ClassVar[str] = "attendance.session_corrected"
    expected: int
    present: int
    late: int
    absent: int
    excused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCancelled(SessionEvent):
    name: ClassVar[str] = "attendance.session_cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanged(Event):
    """Sessions of a class group that had not started follow a changed timetable: one event for all of them.

    Each of `changes` has "session_id", "title", "kind" (cancelled, moved, room_changed or trainer_changed) and, as they
    were and are, "before_start_time", "before_room_code", "start_time", "room_code" (instants as ISO 8601 in UTC).
    """

    name: ClassVar[str] = "attendance.schedule_changed"
    class_group_id: UUID
    class_group_name: str
    trainer_ids: list[UUID]
    changes: list[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFaceSeen(SessionEvent):
    """Somebody at the door whom the room's gallery does not hold, while the session was on or about to begin."""

    name: ClassVar[str] = "attendance.unknown_face_seen"
    capture_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectFaceSeen(SessionEvent):
    """A face at the door that did not look alive, after a retry."""

    name: ClassVar[str] = "attendance.suspect_face_seen"
    capture_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOutOfPlace(SessionEvent):
    """The room's device is not where it was installed."""

    name: ClassVar[str] = "attendance.device_out_of_place"
    device_id: UUID
    capture_time: datetime
