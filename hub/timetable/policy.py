"""The school's day pattern and timetable policy, as values. Pure."""

import enum
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

MOST_COST = 1000
_MINUTES_OF_A_DAY = 24 * 60


class ConflictRule(enum.StrEnum):
    """What can speak against an entry."""

    TRAINER_BUSY = "TRAINER_BUSY"
    GROUP_BUSY = "GROUP_BUSY"
    ROOM_BUSY = "ROOM_BUSY"
    ROOM_CLOSED = "ROOM_CLOSED"
    ROOM_MAINTENANCE = "ROOM_MAINTENANCE"
    ROOM_HOURS = "ROOM_HOURS"
    ROOM_DAILY_BOOKINGS = "ROOM_DAILY_BOOKINGS"
    ROOM_CAPACITY = "ROOM_CAPACITY"
    ROOM_TYPE = "ROOM_TYPE"
    ROOM_FACILITIES = "ROOM_FACILITIES"
    TRAINER_UNAVAILABLE = "TRAINER_UNAVAILABLE"
    TRAINER_ABSENT = "TRAINER_ABSENT"
    DAY_PATTERN = "DAY_PATTERN"
    HOLIDAY = "HOLIDAY"
    GROUP_DAILY_LOAD = "GROUP_DAILY_LOAD"
    TRAINER_DAILY_LOAD = "TRAINER_DAILY_LOAD"
    TRAINER_WEEKLY_LOAD = "TRAINER_WEEKLY_LOAD"
    GROUP_CONSECUTIVE = "GROUP_CONSECUTIVE"
    TRAINER_CONSECUTIVE = "TRAINER_CONSECUTIVE"
    NOT_PREFERRED = "NOT_PREFERRED"


ALWAYS_HARD = frozenset(
    {ConflictRule.TRAINER_BUSY, ConflictRule.GROUP_BUSY, ConflictRule.ROOM_BUSY, ConflictRule.ROOM_CLOSED}
)
NEVER_HARD = frozenset({ConflictRule.NOT_PREFERRED})
GENERATION_RULES = (
    "spread", "group_gap", "trainer_gap", "lone_hour", "lunch", "room_stability", "room_fit", "moved",
)  # fmt: skip
"""What only a generation weighs: a whole week is needed to see it."""


@dataclass(frozen=True, slots=True)
class TimetablePolicy:
    """Which rules refuse, and what a breach of the others costs. Limits in minutes; 0: not limited."""

    hard: frozenset[ConflictRule] = ALWAYS_HARD | {
        ConflictRule.ROOM_MAINTENANCE,
        ConflictRule.ROOM_HOURS,
        ConflictRule.ROOM_DAILY_BOOKINGS,
        ConflictRule.ROOM_CAPACITY,
        ConflictRule.ROOM_TYPE,
        ConflictRule.ROOM_FACILITIES,
        ConflictRule.TRAINER_UNAVAILABLE,
        ConflictRule.TRAINER_ABSENT,
        ConflictRule.DAY_PATTERN,
        ConflictRule.HOLIDAY,
        ConflictRule.GROUP_DAILY_LOAD,
        ConflictRule.TRAINER_DAILY_LOAD,
        ConflictRule.GROUP_CONSECUTIVE,
        ConflictRule.TRAINER_CONSECUTIVE,
    }
    weights: Mapping[str, int] = field(
        default_factory=lambda: {
            **{rule.value.lower(): 10 for rule in ConflictRule if rule not in ALWAYS_HARD},
            "not_preferred": 2,
            "spread": 5,
            "group_gap": 3,
            "trainer_gap": 1,
            "lone_hour": 3,
            "lunch": 4,
            "room_stability": 1,
            "room_fit": 1,
            "moved": 10,
        }
    )
    max_daily_group_minutes: int = 9 * 60
    max_daily_trainer_minutes: int = 8 * 60
    max_consecutive_minutes: int = 5 * 60

    def weight(self, rule: ConflictRule) -> int:
        return self.weights.get(rule.value.lower(), 0)

    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field."""
        found = {}
        if missing := sorted(ALWAYS_HARD - self.hard):
            found["hard_rules"] = f"{', '.join(missing)} can't be soft: name them too"
        if stray := sorted(self.hard & NEVER_HARD):
            found["hard_rules"] = f"{', '.join(stray)} can't be hard: leave it out"
        known = {rule.value.lower() for rule in ConflictRule} | set(GENERATION_RULES)
        if stray_rules := sorted(self.weights.keys() - known):
            found["weights"] = f"there is no rule {', '.join(stray_rules)}; there are {', '.join(sorted(known))}"
        if any(not 0 <= cost <= MOST_COST for cost in self.weights.values()):
            found["weights"] = f"a cost must be 0 to {MOST_COST}"
        for name in ("max_daily_group", "max_daily_trainer", "max_consecutive"):
            if not 0 <= getattr(self, f"{name}_minutes") <= _MINUTES_OF_A_DAY:
                found[name if name == "max_consecutive" else f"{name}_load"] = "must be 0 (not limited) to 24 hours"
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "hard": sorted(self.hard),
            "weights": dict(self.weights),
            "max_daily_group_minutes": self.max_daily_group_minutes,
            "max_daily_trainer_minutes": self.max_daily_trainer_minutes,
            "max_consecutive_minutes": self.max_consecutive_minutes,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TimetablePolicy":
        """The stored policy; what it has not is the default."""
        usual = cls()
        return cls(
            hard=frozenset(map(ConflictRule, stored["hard"])) if "hard" in stored else usual.hard,
            weights={**usual.weights, **stored.get("weights", {})},
            max_daily_group_minutes=stored.get("max_daily_group_minutes", usual.max_daily_group_minutes),
            max_daily_trainer_minutes=stored.get("max_daily_trainer_minutes", usual.max_daily_trainer_minutes),
            max_consecutive_minutes=stored.get("max_consecutive_minutes", usual.max_consecutive_minutes),
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A teaching period or a break of a day, school-local."""

    start: time
    end: time
    is_break: bool = False
    is_lunch: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayPattern:
    """Periods by ISO weekday, each day's by start. Without any day, everything is allowed."""

    days: Mapping[int, Sequence[Period]] = field(default_factory=dict)

    def teaching(self, weekday: int) -> list[Period]:
        return [period for period in self.days.get(weekday, ()) if not period.is_break]

    def objection(self, weekday: int, start: time, end: time) -> str:
        """Why no lesson may run then, as the end of a sentence; empty when one may."""
        if not self.days:
            return ""
        periods = self.teaching(weekday)
        if not periods:
            return "nothing is taught on that weekday"
        inside = [period for period in periods if start <= period.start and period.end <= end]
        if not inside or inside[0].start != start or inside[-1].end != end:
            known = ", ".join(f"{period.start:%H:%M}-{period.end:%H:%M}" for period in periods)
            return f"it does not start and end with teaching periods, which are {known}"
        for earlier, later in itertools.pairwise(inside):
            if earlier.end != later.start:
                return f"the break from {earlier.end:%H:%M} to {later.start:%H:%M} lies inside"
        return ""

    def problems(self) -> list[str]:
        """What is wrong with it, as sentences."""
        found = []
        for weekday, periods in self.days.items():
            if not 1 <= weekday <= 7:  # noqa: PLR2004 (days of a week)
                found.append(f"{weekday} is no ISO weekday: 1 is Monday, 7 is Sunday")
            found += [
                f"a period of weekday {weekday} ends at {period.end:%H:%M}, not after its start"
                for period in periods
                if period.start >= period.end
            ]
            found += [
                f"the periods from {earlier.start:%H:%M} and {later.start:%H:%M} of weekday {weekday} overlap"
                for earlier, later in overlapping_pairs(periods)
            ]
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            str(weekday): [
                {
                    "start": period.start.isoformat(),
                    "end": period.end.isoformat(),
                    "is_break": period.is_break,
                    "is_lunch": period.is_lunch,
                    "name": period.name,
                }
                for period in periods
            ]
            for weekday, periods in sorted(self.days.items())
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "DayPattern":
        return cls(
            {
                int(weekday): [
                    Period(
                        time.fromisoformat(one["start"]),
                        time.fromisoformat(one["end"]),
                        one["is_break"],
                        one["is_lunch"],
                        one["name"],
                    )
                    for one in periods
                ]
                for weekday, periods in stored.items()
            }
        )


def overlapping_pairs(periods: Iterable[Period]) -> list[tuple[Period, Period]]:
    """Those that follow each other by start and overlap; empty exactly when none of them overlap."""
    ordered = sorted(periods, key=lambda period: (period.start, period.end))
    return [(earlier, later) for earlier, later in itertools.pairwise(ordered) if later.start < earlier.end]
