"""What the parts of the school must look like."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class CalendarDayKind(enum.StrEnum):
    HOLIDAY = "HOLIDAY"
    CLOSURE = "CLOSURE"
    OFF_TIMETABLE = "OFF_TIMETABLE"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both inclusive."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def holds(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def class_group_name(programme_code: str, intake_year: int, stream: str) -> str:
    """The name of a class group that was given none, such as "DICT-2026-A"."""
    return "-".join(part for part in (programme_code, str(intake_year), stream.strip()) if part)


def overlapping(period: Period, others: Iterable[tuple[str, Period]]) -> list[str]:
    """What to call each other period that shares a day with this one: its name and days."""
    return [f"{name} ({other})" for name, other in others if period.overlaps(other)]
