"""What a line of the weekly plan means in time. Pure: zone, free days and window are passed in."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo


class RoomState(enum.Enum):
    IN_USE = "IN_USE"
    CLOSED = "CLOSED"


class SessionType(enum.Enum):
    THEORY = "THEORY"
    PRACTICAL = "PRACTICAL"


class EntryKind(enum.Enum):
    RECURRING = "RECURRING"
    TEMPORARY = "TEMPORARY"
    MAKEUP = "MAKEUP"


class EntryState(enum.Enum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly slot: ISO weekday (1 = Monday), school-local times of day, first and last day (both inclusive)."""

    weekday: int
    start: time
    end: time
    first_date: date
    last_date: date

    def overlaps(self, other: "Slot") -> bool:
        """Whether both ever hold at the same moment. Back to back is no overlap."""
        return (
            self.weekday == other.weekday
            and self.start < other.end
            and other.start < self.end
            and max(self.first_occurrence, other.first_occurrence) <= min(self.last_date, other.last_date)
        )

    @property
    def first_occurrence(self) -> date:
        """The first day on the slot's weekday that is not before `first_date`; may lie after `last_date`."""
        return self.first_date + timedelta(days=(self.weekday - self.first_date.isoweekday()) % 7)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated lesson; instants are UTC."""

    entry_id: UUID
    enrolment_id: UUID
    room_id: UUID
    trainer_id: UUID
    class_group_id: UUID
    session_type: SessionType
    day: date
    start_time: datetime
    end_time: datetime


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a school-local time of day.

    A time that the clock skips in spring is moved on by the gap (02:30 becomes 03:30), one that it repeats in autumn
    is the first of the two: PEP 495 with fold=0.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def days_of(
    slot: Slot, *, zone: ZoneInfo, start: datetime, end: datetime, is_free: Callable[[date], bool]
) -> Iterator[tuple[date, datetime, datetime]]:
    """The slot's days, with UTC start and end, whose lesson touches the window [start, end); free days are skipped."""
    first = max(slot.first_date, start.astimezone(zone).date() - timedelta(days=1))
    day = first + timedelta(days=(slot.weekday - first.isoweekday()) % 7)
    while day <= slot.last_date:
        starts, ends = local_instant(day, slot.start, zone), local_instant(day, slot.end, zone)
        if starts >= end:
            return
        if ends > start and not is_free(day):
            yield day, starts, ends
        day += timedelta(days=7)
