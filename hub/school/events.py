from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDatesChanged(Event):
    """The term begins or ends on another day than before."""

    name: ClassVar[str] = "school.term_dates_changed"
    term_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDayCreated(Event):
    """Nothing is to be scheduled on the day: for the whole school (no class group) or for one class group."""

    name: ClassVar[str] = "school.calendar_day_created"
    calendar_day_id: UUID
    day: date
    class_group_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDayDeleted(Event):
    """The day is an ordinary one again: for the whole school (no class group) or for one class group."""

    name: ClassVar[str] = "school.calendar_day_deleted"
    calendar_day_id: UUID
    day: date
    class_group_id: UUID | None
