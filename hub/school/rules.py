"""What the parts of the school must look like, and what follows from their dates."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from hub.errors import FieldViolation

DEFAULT_LEVELS = ("certificate", "diploma", "higher diploma", "degree")
YEARS = range(1900, 2200)
LONGEST_PROGRAMME_YEARS = 10
MOST_TERMS = 12
_LONGEST_TEXT = 200
_MOST_LEVELS = 30
_LONGEST_LEVEL = 50
_LARGEST_CAPACITY = 10_000
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


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

    @property
    def day_count(self) -> int:
        return (self.last - self.first).days + 1

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def holds(self, other: "Period") -> bool:
        return self.first <= other.first and other.last <= self.last

    def shifted(self, by: timedelta) -> "Period":
        return Period(self.first + by, self.last + by)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultPolicies:
    """What new parts get when their creator says nothing; the fields are those of the API's DefaultPolicies."""

    class_group_capacity: int = 0
    programme_duration_years: int = 0
    terms_per_year: int = 0
    holiday_country: str = ""
    holiday_subdivision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolDraft:
    name: str
    code: str
    time_zone: str
    address: str = ""
    locale: str = ""
    programme_levels: tuple[str, ...] = ()
    default_policies: DefaultPolicies = field(default_factory=DefaultPolicies)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentDraft:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDraft:
    department_id: UUID
    code: str
    name: str
    level: str
    duration_years: int
    terms_per_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassGroupDraft:
    """An empty name is made from programme, intake year and stream. `capacity` 0: not limited; None: the default."""

    programme_id: UUID
    intake_year: int
    stream: str = ""
    name: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcademicYearDraft:
    name: str
    period: Period
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDraft:
    academic_year_id: UUID
    number: int
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDayDraft:
    """`class_group_id` None: the whole school."""

    day: date
    kind: CalendarDayKind
    name: str
    class_group_id: UUID | None = None


def class_group_name(programme_code: str, intake_year: int, stream: str) -> str:
    """The name of a class group that was given none, such as "DICT-2026-A"."""
    return "-".join(part for part in (programme_code, str(intake_year), stream.strip()) if part)


def year_of_study(intake_year: int, academic_year: Period) -> int:
    """The year of study, from 1, of an intake during an academic year; 0 before it has come in.

    Who comes in while an academic year runs (January of 2026/2027) is in the first year until that one ends.
    """
    if intake_year > academic_year.last.year:
        return 0
    return max(1, academic_year.first.year - intake_year + 1)


def next_year_name(name: str) -> str:
    """The name of the year after: 2026/2027 is followed by 2027/2028, 2026/27 by 2027/28; "" where no year is told."""
    following = re.sub(
        r"\b\d{4}\b|(?<=/)\d{2}\b", lambda found: f"{int(found[0]) + 1:0{len(found[0])}}"[-len(found[0]) :], name
    )
    return "" if following == name else following


def a_year_later(day: date) -> date:
    """The same day of the next calendar year; 28 February after a leap day."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)


def shifted_terms(terms: Sequence[Period], year: Period, following: Period) -> list[Period]:
    """The terms moved into the following year: by whole weeks, so that they begin on the same weekday, if they fit.

    They move together, so they keep their lengths and breaks and don't come to overlap. Where even the exact distance
    of the years does not fit, a term that sticks out is cut at the year's end.
    """
    distance = (following.first - year.first).days
    weeks = round(distance / 7) * 7
    for days in (weeks, weeks + 7, weeks - 7, distance):
        moved = [term.shifted(timedelta(days=days)) for term in terms]
        if all(following.holds(term) for term in moved):
            return moved
    return [
        Period(term.first, min(term.last, following.last))
        for term in (term.shifted(timedelta(days=distance)) for term in terms)
        if term.first < following.last
    ]


def overlapping(period: Period, others: Iterable[tuple[str, Period]]) -> list[str]:
    """What to call each other period that shares a day with this one: its name and days."""
    return [f"{name} ({other})" for name, other in others if period.overlaps(other)]


def check_school(draft: SchoolDraft, time_zones: Iterable[str]) -> list[FieldViolation]:
    """Everything that is wrong with the draft by itself, each with the fix."""
    found = check_texts("school", {"name": draft.name, "code": draft.code})
    if draft.time_zone not in time_zones:
        found.append(FieldViolation("school.time_zone", "is no IANA time zone: give one such as Africa/Nairobi"))
    if draft.locale and not _LOCALE.fullmatch(draft.locale):
        found.append(FieldViolation("school.locale", "is no BCP-47 language tag: give one such as en-KE"))
    levels = [level.casefold() for level in draft.programme_levels]
    well_formed = all(0 < len(level) <= _LONGEST_LEVEL for level in levels) and len(set(levels)) == len(levels)
    if not well_formed or not 1 <= len(levels) <= _MOST_LEVELS:
        found.append(
            FieldViolation(
                "school.programme_levels",
                f"give 1 to {_MOST_LEVELS} levels of at most {_LONGEST_LEVEL} characters, none of them blank or twice",
            )
        )
    policies, path = draft.default_policies, "school.default_policies"
    for name, allowed in (
        ("class_group_capacity", range(_LARGEST_CAPACITY + 1)),
        ("programme_duration_years", range(LONGEST_PROGRAMME_YEARS + 1)),
        ("terms_per_year", range(MOST_TERMS + 1)),
    ):
        found += check_number(f"{path}.{name}", getattr(policies, name), allowed)
    return found


def check_programme(draft: ProgrammeDraft, levels: Sequence[str]) -> list[FieldViolation]:
    """Everything that is wrong with the draft by itself, each with the fix."""
    found = check_texts("programme", {"code": draft.code, "name": draft.name})
    if draft.level not in levels:
        found.append(FieldViolation("programme.level", f"is no level of the school: give one of {', '.join(levels)}"))
    found += check_number("programme.duration_years", draft.duration_years, range(1, LONGEST_PROGRAMME_YEARS + 1))
    return found + check_number("programme.terms_per_year", draft.terms_per_year, range(1, MOST_TERMS + 1))


def check_class_group(draft: ClassGroupDraft) -> list[FieldViolation]:
    """Everything that is wrong with the draft by itself, each with the fix."""
    found = check_number("class_group.intake_year", draft.intake_year, YEARS)
    found += check_texts("class_group", {"stream": draft.stream, "name": draft.name}, required=False)
    return found + check_number("class_group.capacity", draft.capacity or 0, range(_LARGEST_CAPACITY + 1))


def check_texts(part: str, texts: dict[str, str], *, required: bool = True) -> list[FieldViolation]:
    """A violation for each text that is blank though required, or longer than 200 characters."""
    return [
        FieldViolation(
            f"{part}.{name}",
            f"is longer than {_LONGEST_TEXT} characters: shorten it" if text.strip() else "is required",
        )
        for name, text in texts.items()
        if len(text) > _LONGEST_TEXT or (required and not text.strip())
    ]


def check_number(path: str, number: int, allowed: range) -> list[FieldViolation]:
    """A violation unless the number is allowed."""
    return [] if number in allowed else [FieldViolation(path, f"must be from {allowed[0]} to {allowed[-1]}")]


def check_period(part: str, period: Period) -> list[FieldViolation]:
    """Violations unless the period lies in our times and ends after its first day."""
    found = [
        violation
        for name, day in (("start_date", period.first), ("end_date", period.last))
        for violation in check_number(f"{part}.{name}", day.year, YEARS)
    ]
    if period.first >= period.last:
        found.append(FieldViolation(f"{part}.end_date", "must be after the start date"))
    return found
