from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetablePublished(Event):
    """The version is in force from `effective_date` on."""

    name: ClassVar[str] = "timetable.published"
    term_id: UUID
    version_id: UUID
    effective_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerNotBooked(Event):
    """An enrolment has another trainer, who is booked elsewhere at the time of these entries."""

    name: ClassVar[str] = "timetable.trainer_not_booked"
    enrolment_id: UUID
    trainer_id: UUID
    entry_ids: list[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChanged(Event):
    """The room's geofence or another thing that its devices hold was changed."""

    name: ClassVar[str] = "timetable.room_changed"
    room_id: UUID
