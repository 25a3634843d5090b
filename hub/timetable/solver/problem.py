"""What is asked for: a grid of days and periods, rooms, people, lessons. Frozen, and checked when made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from hub.timetable.solver.policy import COLLEGE, Policy, Rule

MOST_PERIODS_PER_DAY = 16


class Slot(NamedTuple):
    """A period of a day; both count from 0."""

    day: int
    period: int


class Placement(NamedTuple):
    """Where a lesson is: its first period, and the key of its room."""

    day: int
    period: int
    room: str

    @property
    def slot(self) -> Slot:
        return Slot(self.day, self.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    days: int
    periods_per_day: int
    breaks: frozenset[Slot] = frozenset()
    """A break follows each of these: no lesson runs across it, and it ends a run of consecutive periods."""
    closed: frozenset[Slot] = frozenset()
    """Nothing is taught then."""
    lunch: frozenset[Slot] = frozenset()
    """The window in which everybody should have one free period a day; that one is not a gap."""
    day_names: tuple[str, ...] = ()
    period_names: tuple[str, ...] = ()
    """As texts for people call them; without, days and periods are counted from 1."""

    def __contains__(self, slot: Slot) -> bool:
        return 0 <= slot.day < self.days and 0 <= slot.period < self.periods_per_day

    def name(self, slot: Slot) -> str:
        day = self.day_name(slot.day)
        if slot.period < len(self.period_names):
            return f"{day} {self.period_names[slot.period]}"
        return f"{day}, period {slot.period + 1}"

    def day_name(self, day: int) -> str:
        return self.day_names[day] if day < len(self.day_names) else f"day {day + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    key: str
    name: str
    capacity: int
    type: str = ""
    features: frozenset[str] = frozenset()
    unavailable: frozenset[Slot] = frozenset()
    """Maintenance, and whatever is not bookable."""
    shared: bool = False
    """It holds any number of lessons at a time (a virtual room)."""
    max_daily_lessons: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A class group or a trainer: who can be at one lesson at a time. A curriculum of ITC-2007 is a group."""

    key: str
    name: str
    unavailable: frozenset[Slot] = frozenset()
    preferred: frozenset[Slot] = frozenset()
    """Empty: no wishes."""
    max_daily: int | None = None
    """Periods."""
    max_consecutive: int | None = None
    """Periods without a break or an idle one between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Lessons that belong together (an enrolment's theory or practice): never two at once, few rooms, more days."""

    key: str
    name: str
    min_days: int = 1
    """Over how many days its lessons should be spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    key: str
    course: str
    duration: int = 1
    """Periods, one after the other on one day."""
    trainer: str | None = None
    groups: tuple[str, ...] = ()
    students: int = 0
    room_type: str | None = None
    """None: of any type."""
    room_features: frozenset[str] = frozenset()
    rooms: frozenset[str] | None = None
    """The rooms that it may be in; None: any."""
    allowed: frozenset[Slot] | None = None
    """The periods that it may take; None: any."""
    unavailable: frozenset[Slot] = frozenset()
    preferred: frozenset[Slot] = frozenset()
    """Empty: no wishes."""
    pinned: Placement | None = None
    """It stays there."""
    former: Placement | None = None
    """Where it is in the plan that this one should resemble."""

    def slots(self, start: Slot) -> tuple[Slot, ...]:
        """What it takes from `start` on; may run beyond the grid."""
        return tuple(Slot(start.day, start.period + offset) for offset in range(self.duration))


@dataclass(frozen=True, slots=True)
class Plan:
    """Where lessons are, by key; who is missing has no place."""

    placements: Mapping[str, Placement]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Raises ValueError when keys repeat or lead nowhere, or a number makes no sense."""

    grid: Grid
    rooms: tuple[Room, ...]
    groups: tuple[Party, ...]
    trainers: tuple[Party, ...]
    courses: tuple[Course, ...]
    lessons: tuple[Lesson, ...]
    policy: Policy = field(default=COLLEGE)

    def __post_init__(self) -> None:
        _check_grid(self.grid)
        for what, things in (
            ("room", self.rooms),
            ("class group", self.groups),
            ("trainer", self.trainers),
            ("course", self.courses),
            ("lesson", self.lessons),
        ):
            _check_unique(what, (thing.key for thing in things))
        for lesson in self.lessons:
            self._check_lesson(lesson)

    @cached_property
    def room(self) -> Mapping[str, Room]:
        return {room.key: room for room in self.rooms}

    @cached_property
    def group(self) -> Mapping[str, Party]:
        return {group.key: group for group in self.groups}

    @cached_property
    def trainer(self) -> Mapping[str, Party]:
        return {trainer.key: trainer for trainer in self.trainers}

    @cached_property
    def course(self) -> Mapping[str, Course]:
        return {course.key: course for course in self.courses}

    @cached_property
    def lesson(self) -> Mapping[str, Lesson]:
        return {lesson.key: lesson for lesson in self.lessons}

    def lesson_name(self, key: str) -> str:
        """The course's name with the groups', as texts for people call a lesson."""
        lesson = self.lesson[key]
        groups = ", ".join(self.group[group].name for group in lesson.groups)
        name = self.course[lesson.course].name
        return f"{name} ({groups})" if groups else name

    def starts(self, lesson: Lesson) -> tuple[Slot, ...]:
        """Where it may start as far as it, its trainer and its groups are concerned: inside of hours, across no break,
        all there. A pinned lesson has its own start alone. In the order of time.
        """
        if lesson.pinned is not None:
            return (lesson.pinned.slot,)
        absent = lesson.unavailable.union(
            self.grid.closed,
            *(self.group[group].unavailable for group in lesson.groups),
            self.trainer[lesson.trainer].unavailable if lesson.trainer is not None else (),
        )
        return tuple(
            start
            for start in (
                Slot(day, period)
                for day in range(self.grid.days)
                for period in range(self.grid.periods_per_day - lesson.duration + 1)
            )
            if absent.isdisjoint(slots := lesson.slots(start))
            and self.grid.breaks.isdisjoint(slots[:-1])
            and (lesson.allowed is None or lesson.allowed.issuperset(slots))
        )

    def rooms_for(self, lesson: Lesson) -> tuple[Room, ...]:
        """The rooms that are right for it at some time: named, of the type, with the features and, where that is hard,
        the seats. A pinned lesson has its own room alone.
        """
        if lesson.pinned is not None:
            return (self.room[lesson.pinned.room],)
        seats = lesson.students if self.policy.is_hard(Rule.ROOM_CAPACITY) else 0
        return tuple(
            room
            for room in self.rooms
            if (lesson.rooms is None or room.key in lesson.rooms)
            and (lesson.room_type is None or room.type == lesson.room_type)
            and lesson.room_features <= room.features
            and room.capacity >= seats
        )

    def _check_lesson(self, lesson: Lesson) -> None:
        if not 1 <= lesson.duration <= self.grid.periods_per_day:
            raise ValueError(f"Lesson {lesson.key}: its duration must be 1 to {self.grid.periods_per_day} periods.")
        if lesson.course not in self.course:
            raise ValueError(f"Lesson {lesson.key}: there is no course {lesson.course}.")
        if lesson.trainer is not None and lesson.trainer not in self.trainer:
            raise ValueError(f"Lesson {lesson.key}: there is no trainer {lesson.trainer}.")
        if len(set(lesson.groups)) < len(lesson.groups):
            raise ValueError(f"Lesson {lesson.key}: a class group is named twice.")
        if missing := [group for group in lesson.groups if group not in self.group]:
            raise ValueError(f"Lesson {lesson.key}: there is no class group {', '.join(missing)}.")
        if missing := [room for room in sorted(lesson.rooms or ()) if room not in self.room]:
            raise ValueError(f"Lesson {lesson.key}: there is no room {', '.join(missing)}.")
        if lesson.pinned is not None and (
            lesson.pinned.room not in self.room
            or any(slot not in self.grid for slot in lesson.slots(lesson.pinned.slot))
        ):
            raise ValueError(f"Lesson {lesson.key}: it is pinned to a place that is not in the grid.")


def _check_grid(grid: Grid) -> None:
    if grid.days < 1 or not 1 <= grid.periods_per_day <= MOST_PERIODS_PER_DAY:
        raise ValueError(f"A week has at least 1 day and 1 to {MOST_PERIODS_PER_DAY} periods a day.")
    if any(slot not in grid for slot in grid.breaks | grid.closed | grid.lunch):
        raise ValueError("Breaks, closed periods and lunch must be inside of the grid.")


def _check_unique(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"There are two of {what} {key}.")
        seen.add(key)
