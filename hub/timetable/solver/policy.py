"""The rules of a week, in the units that they are counted in, and how strongly a college holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Rule(StrEnum):
    """What a plan can break. The comment behind each is its unit: how much of it a plan is told to break."""

    UNPLACED = "unplaced"  # a lesson without a place
    TRAINER_CONFLICT = "trainer_conflict"  # per trainer and period, lessons beyond the first
    GROUP_CONFLICT = "group_conflict"  # per class group and period, lessons beyond the first
    COURSE_CONFLICT = "course_conflict"  # per course and period, lessons beyond the first
    ROOM_CONFLICT = "room_conflict"  # per room and period, lessons beyond the first
    OUTSIDE_HOURS = "outside_hours"  # a lesson's period that is closed or beyond the day's end
    BREAK_CROSSED = "break_crossed"  # a break inside of a lesson
    LESSON_UNAVAILABLE = "lesson_unavailable"  # a lesson's period in which it may not run
    TRAINER_UNAVAILABLE = "trainer_unavailable"  # a lesson's period in which its trainer is not there
    GROUP_UNAVAILABLE = "group_unavailable"  # per class group of a lesson, a period in which it is not there
    ROOM_UNAVAILABLE = "room_unavailable"  # a lesson's period in which its room can't be used
    ROOM_NOT_ALLOWED = "room_not_allowed"  # a lesson in a room that is not among those named for it
    ROOM_TYPE = "room_type"  # a lesson in a room of another type than it needs
    ROOM_FEATURES = "room_features"  # a feature that the lesson needs and its room lacks
    PINNED_MOVED = "pinned_moved"  # a pinned lesson that is elsewhere
    ROOM_CAPACITY = "room_capacity"  # per lesson, trainees beyond the room's seats
    ROOM_DAILY_LOAD = "room_daily_load"  # per room and day, lessons beyond its maximum
    GROUP_DAILY_LOAD = "group_daily_load"  # per class group and day, periods beyond its maximum
    TRAINER_DAILY_LOAD = "trainer_daily_load"  # per trainer and day, periods beyond the maximum
    GROUP_CONSECUTIVE = "group_consecutive"  # per unbroken run of a class group, periods beyond its maximum
    TRAINER_CONSECUTIVE = "trainer_consecutive"  # per unbroken run of a trainer, periods beyond the maximum
    MIN_WORKING_DAYS = "min_working_days"  # per course, days fewer than it should be spread over
    GROUP_LONE_PERIOD = "group_lone_period"  # per class group and day, periods with none of it before or after
    GROUP_GAP = "group_gap"  # per class group and day, idle periods between its first and last
    TRAINER_GAP = "trainer_gap"  # per trainer and day, idle periods between first and last
    LUNCH = "lunch"  # a class group's or trainer's day without one free period in the lunch window
    ROOM_STABILITY = "room_stability"  # per course, rooms beyond the first
    PREFERRED = "preferred"  # per lesson, trainer or class group with wishes, a lesson's period outside of them
    ROOM_FIT = "room_fit"  # per lesson, each full ten of empty seats
    MOVED = "moved"  # a lesson that is elsewhere than in the former plan


ALWAYS_HARD = frozenset(
    {
        Rule.UNPLACED,
        Rule.TRAINER_CONFLICT,
        Rule.GROUP_CONFLICT,
        Rule.COURSE_CONFLICT,
        Rule.ROOM_CONFLICT,
        Rule.OUTSIDE_HOURS,
        Rule.BREAK_CROSSED,
        Rule.LESSON_UNAVAILABLE,
        Rule.TRAINER_UNAVAILABLE,
        Rule.GROUP_UNAVAILABLE,
        Rule.ROOM_UNAVAILABLE,
        Rule.ROOM_NOT_ALLOWED,
        Rule.ROOM_TYPE,
        Rule.ROOM_FEATURES,
        Rule.PINNED_MOVED,
    }
)
EITHER = frozenset(
    {
        Rule.ROOM_CAPACITY,
        Rule.ROOM_DAILY_LOAD,
        Rule.GROUP_DAILY_LOAD,
        Rule.TRAINER_DAILY_LOAD,
        Rule.GROUP_CONSECUTIVE,
        Rule.TRAINER_CONSECUTIVE,
    }
)
"""Rules that a policy may hold hard; the others are soft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which rules are hard, and what a unit of each soft one costs. A soft rule without a weight is not looked at."""

    hard: frozenset[Rule] = EITHER
    """Besides ALWAYS_HARD; out of EITHER."""
    weights: Mapping[Rule, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if stray := sorted(self.hard - EITHER - ALWAYS_HARD):
            raise ValueError(f"Can't be held hard: {', '.join(stray)}.")
        if stray := sorted(self.weights.keys() & (self.hard | ALWAYS_HARD)):
            raise ValueError(f"Hard, so without a weight: {', '.join(stray)}.")
        if stray := sorted(rule for rule, weight in self.weights.items() if weight < 0):
            raise ValueError(f"A weight is 0 or more: {', '.join(stray)}.")

    def is_hard(self, rule: Rule) -> bool:
        return rule in ALWAYS_HARD or rule in self.hard

    def weight(self, rule: Rule) -> int:
        """What a unit of a soft rule costs; 0 for hard ones."""
        return self.weights.get(rule, 0)

    def looks_at(self, rule: Rule) -> bool:
        return self.is_hard(rule) or self.weight(rule) > 0


COLLEGE = Policy(
    weights={
        Rule.MIN_WORKING_DAYS: 5,
        Rule.GROUP_LONE_PERIOD: 3,
        Rule.GROUP_GAP: 3,
        Rule.TRAINER_GAP: 1,
        Rule.LUNCH: 4,
        Rule.ROOM_STABILITY: 1,
        Rule.PREFERRED: 2,
        Rule.ROOM_FIT: 1,
    }
)
"""What a college starts with: loads and seats are hard, the rest is weighed."""
