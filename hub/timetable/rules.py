"""What a line of the weekly plan means in time. Pure: zone, free days and window are passed in."""

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.school.rules import Period

_DAYS_OF_WEEK = 7
_BOTH_PHASES = (0, 2)


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
    """Of an entry and of the version that it is in."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


class WeekPattern(enum.Enum):
    """In which weeks a line holds. The week of the anchor date is an A week, the next one a B week."""

    EVERY = "EVERY"
    A = "A"
    B = "B"
    DATES = "DATES"


class AvailabilityKind(enum.Enum):
    AVAILABLE = "AVAILABLE"
    PREFERRED = "PREFERRED"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one weekday from first to last, both of them such days, in the weeks of the phases [from, to).

    A week's phase is 0 or 1 by turns. With equal weekdays, two spans share a day exactly when their dates and their
    phases overlap: this is what the database excludes. A span of one day has that day's phase alone.
    """

    weekday: int
    first_date: date
    last_date: date
    phase_from: int
    phase_to: int

    def meets(self, other: "Span") -> bool:
        return (
            self.weekday == other.weekday
            and self.first_date <= other.last_date
            and other.first_date <= self.last_date
            and self.phase_from < other.phase_to
            and other.phase_from < self.phase_to
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly slot: ISO weekday (1 = Monday), school-local times of day, first and last day (both inclusive).

    With WeekPattern.DATES it holds on `dates` (sorted) instead, whatever their weekdays, and the other days are those
    of the first and the last of them: `Slot.on_dates` makes one.
    """

    weekday: int
    start: time
    end: time
    first_date: date
    last_date: date
    pattern: WeekPattern = WeekPattern.EVERY
    anchor_date: date | None = None
    dates: tuple[date, ...] = ()

    @classmethod
    def on_dates(cls, dates: Iterable[date], start: time, end: time) -> "Slot":
        """On these days, one or more."""
        days = tuple(sorted(set(dates)))
        return cls(days[0].isoweekday(), start, end, days[0], days[-1], WeekPattern.DATES, dates=days)

    @property
    def minutes(self) -> int:
        return minutes_between(self.start, self.end)

    def overlaps(self, other: "Slot") -> bool:
        """Whether both ever hold at the same moment. Back to back is no overlap."""
        if self.start >= other.end or other.start >= self.end:
            return False
        theirs = other.spans()
        return any(mine.meets(span) for mine in self.spans() for span in theirs)

    def days(self) -> Iterator[date]:
        """Every day on which it holds, in order."""
        if self.pattern is WeekPattern.DATES:
            yield from self.dates
            return
        day = self.first_date + timedelta(days=(self.weekday - self.first_date.isoweekday()) % _DAYS_OF_WEEK)
        low, high = self._phases
        while day <= self.last_date:
            if low <= phase_of(day) < high:
                yield day
            day += timedelta(days=_DAYS_OF_WEEK)

    def holds_on(self, day: date) -> bool:
        if self.pattern is WeekPattern.DATES:
            return day in self.dates
        low, high = self._phases
        return (
            day.isoweekday() == self.weekday
            and self.first_date <= day <= self.last_date
            and low <= phase_of(day) < high
        )

    def spans(self) -> list[Span]:
        """Its days as spans: none when it never holds, one for a weekly pattern, one a day for explicit dates."""
        if self.pattern is WeekPattern.DATES:
            return [Span(day.isoweekday(), day, day, phase_of(day), phase_of(day) + 1) for day in self.dates]
        held = list(self.days())
        if not held:
            return []
        low, high = (phase_of(held[0]), phase_of(held[0]) + 1) if len(held) == 1 else self._phases
        return [Span(self.weekday, held[0], held[-1], low, high)]

    def within(self, first: date, last: date | None) -> "Slot | None":
        """The part of it from first to last (None: no end), both inclusive; None when there is none."""
        last = self.last_date if last is None else min(last, self.last_date)
        first = max(first, self.first_date)
        if self.pattern is WeekPattern.DATES:
            days = [day for day in self.dates if first <= day <= last]
            return Slot.on_dates(days, self.start, self.end) if days else None
        return replace(self, first_date=first, last_date=last) if first <= last else None

    def key_of(self, day: date) -> date:
        """What names the lesson of a day among those of the line, also after the line was moved to another weekday:
        the Monday of its week, or with explicit dates the day itself.
        """
        return day if self.pattern is WeekPattern.DATES else monday_of(day)

    @property
    def _phases(self) -> tuple[int, int]:
        if self.anchor_date is None or self.pattern is WeekPattern.EVERY:
            return _BOTH_PHASES
        phase = phase_of(self.anchor_date) ^ (self.pattern is WeekPattern.B)
        return phase, phase + 1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated lesson; instants are UTC. `lesson_id` and `key_date` name it through all versions of the plan."""

    entry_id: UUID
    lesson_id: UUID
    key_date: date
    enrolment_id: UUID
    room_id: UUID
    trainer_id: UUID
    class_group_id: UUID
    session_type: SessionType
    is_makeup: bool
    day: date
    start_time: datetime
    end_time: datetime


@dataclass(frozen=True, slots=True)
class Materialised:
    """What bringing dated sessions to where the plan is did: new ones, changed ones, and until when there are any."""

    created: int
    changed: int
    until: datetime


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def phase_of(day: date) -> int:
    """0 or 1 by turns from week to week; 1 January of the year 1 is a Monday of phase 0."""
    return (day.toordinal() - 1) // _DAYS_OF_WEEK % 2


def minutes_between(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


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
    near = slot.within(start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date())
    if near is None:
        return
    for day in near.days():
        starts, ends = local_instant(day, slot.start, zone), local_instant(day, slot.end, zone)
        if starts < end and ends > start and not is_free(day):
            yield day, starts, ends


def version_state(*, effective_date: date | None, end_date: date | None, today: date) -> EntryState:
    """Where a version stands: a draft has no first day, and one whose last day is past is history."""
    if effective_date is None:
        return EntryState.DRAFT
    return EntryState.ARCHIVED if end_date is not None and end_date < today else EntryState.PUBLISHED


def slot_problems(slot: Slot, term: Period) -> list[tuple[str, str]]:
    """What is wrong with a slot of an entry of the term, each with the entry's field."""
    found = []
    if slot.pattern is WeekPattern.DATES and not slot.dates:
        found.append(("dates", "name one day or more, as YYYY-MM-DD"))
    elif slot.dates and slot.pattern is not WeekPattern.DATES:
        found.append(("dates", "belong to WEEK_PATTERN_DATES alone: leave them out, or choose it"))
    if not 1 <= slot.weekday <= _DAYS_OF_WEEK:
        found.append(("weekday", "is no ISO weekday: 1 is Monday, 7 is Sunday"))
    if slot.start >= slot.end:
        found.append(("end_time_of_day", "must be after the start, on the same day"))
    if slot.first_date < term.first or slot.last_date > term.last or slot.first_date > slot.last_date:
        found.append(("start_date", f"must lie inside the term with the end date: {term}"))
    if (slot.pattern in (WeekPattern.A, WeekPattern.B)) is not (slot.anchor_date is not None):
        found.append(("anchor_date", "is a day of an A week: WEEK_PATTERN_A and B need it, and the others have none"))
    if not found and not slot.spans():
        found.append(("start_date", "no such weekday lies between the first and the last date"))
    return found
