"""What speaks against a lesson in the weekly plan: every rule of the page, decided on facts that are passed in. Pure.

The same predicates shape the problem that a generation solves (`planning`), so that what it makes is accepted here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.timetable.policy import ALWAYS_HARD, ConflictRule, DayPattern, TimetablePolicy
from hub.timetable.rules import AvailabilityKind, RoomState, Slot, local_instant, minutes_between, monday_of

VIRTUAL = "virtual"
_MOST_DATES = 10


@dataclass(frozen=True, slots=True)
class Window:
    """A time of each week."""

    weekday: int
    start: time
    end: time

    def overlaps(self, weekday: int, start: time, end: time) -> bool:
        return self.weekday == weekday and self.start < end and start < self.end

    def holds(self, weekday: int, start: time, end: time) -> bool:
        return self.weekday == weekday and self.start <= start and end <= self.end


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Instants in UTC."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RoomFacts:
    id: UUID
    code: str
    state: RoomState
    room_type: str
    capacity: int
    facilities: frozenset[str]
    bookable_hours: Sequence[Window] = ()
    maintenance: Sequence[Maintenance] = ()
    max_bookings_per_day: int = 0

    @property
    def is_virtual(self) -> bool:
        return self.room_type.casefold() == VIRTUAL

    def is_bookable(self, weekday: int, start: time, end: time) -> bool:
        """Whether its bookable hours hold the time; windows that touch count as one."""
        return not self.bookable_hours or covered(self.bookable_hours, weekday, start, end)


@dataclass(frozen=True, slots=True)
class TrainerFacts:
    """`windows` are those that hold in the term. `max_weekly_minutes` 0: not limited."""

    id: UUID
    name: str
    windows: Sequence[tuple[Window, AvailabilityKind]] = ()
    absences: Sequence[tuple[date, date, str]] = ()
    max_weekly_minutes: int = 0

    def objection(self, weekday: int, start: time, end: time) -> str:
        """Why the trainer can't teach then, as the end of a sentence; empty when that is possible."""
        for window, kind in self.windows:
            if kind is AvailabilityKind.UNAVAILABLE and window.overlaps(weekday, start, end):
                return f"is unavailable from {window.start:%H:%M} to {window.end:%H:%M}"
        there = [window for window, kind in self.windows if kind is not AvailabilityKind.UNAVAILABLE]
        if there and not covered(there, weekday, start, end):
            return "is available at other times only"
        return ""

    def prefers(self, weekday: int, start: time, end: time) -> bool:
        """Whether the time lies in preferred windows; anything does when there are none."""
        liked = [window for window, kind in self.windows if kind is AvailabilityKind.PREFERRED]
        return not liked or covered(liked, weekday, start, end)


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """`size` is how many trainees are to be seated."""

    id: UUID
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan, as far as others can collide with it."""

    entry_id: UUID | None
    room_id: UUID
    trainer_id: UUID
    class_group_id: UUID
    slot: Slot
    title: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lesson that is to be in the plan, and everything that decides whether it can be."""

    line: Line
    room: RoomFacts
    trainer: TrainerFacts
    group: GroupFacts
    zone: ZoneInfo
    policy: TimetablePolicy = field(default_factory=TimetablePolicy)
    day_pattern: DayPattern = field(default_factory=DayPattern)
    outside_day_pattern: bool = False
    room_type: str = ""
    facilities: frozenset[str] = frozenset()
    free_days: Mapping[date, str] = field(default_factory=dict)
    """Of the school and of the class group, each with its name."""
    others: Sequence[Line] = ()
    """The other lines of the plan that share room, trainer or class group, at whatever time."""


@dataclass(frozen=True, slots=True)
class Conflict:
    rule: ConflictRule
    hard: bool
    cost: int
    text: str
    entry_ids: tuple[UUID, ...] = ()
    dates: tuple[date, ...] = ()


def conflicts_of(proposal: Proposal) -> list[Conflict]:
    """Everything that speaks against it, hard conflicts first."""
    found = [
        *_collisions(proposal),
        *_room_conflicts(proposal),
        *_dated_conflicts(proposal),
        *_time_conflicts(proposal),
        *_load_conflicts(proposal),
    ]
    return sorted(found, key=lambda conflict: not conflict.hard)


def covered(windows: Iterable[Window], weekday: int, start: time, end: time) -> bool:
    """Whether the windows together hold the whole time."""
    reached = start
    for window in sorted((w for w in windows if w.weekday == weekday), key=lambda w: w.start):
        if window.start <= reached < window.end:
            reached = window.end
    return reached >= end


def _collisions(proposal: Proposal) -> Iterator[Conflict]:
    mine = proposal.line
    meeting = [line for line in proposal.others if mine.slot.overlaps(line.slot)]
    shared: tuple[tuple[ConflictRule, str, Callable[[Line], UUID], bool], ...] = (
        (ConflictRule.ROOM_BUSY, f"room {proposal.room.code}", lambda line: line.room_id, proposal.room.is_virtual),
        (ConflictRule.TRAINER_BUSY, proposal.trainer.name, lambda line: line.trainer_id, False),
        (ConflictRule.GROUP_BUSY, proposal.group.name, lambda line: line.class_group_id, False),
    )
    for rule, name, resource, is_shared in shared:
        if is_shared:
            continue
        for line in meeting:
            if resource(line) != resource(mine):
                continue
            days = [day for day in mine.slot.days() if line.slot.holds_on(day)]
            yield _conflict(
                proposal,
                rule,
                f"{name} is booked {line.slot.start:%H:%M} to {line.slot.end:%H:%M} on {_days(days)}"
                f"{f' for {line.title}' if line.title else ''}: choose another time",
                entry_ids=[line.entry_id] if line.entry_id else [],
                dates=days,
            )


def _room_conflicts(proposal: Proposal) -> Iterator[Conflict]:
    room, group = proposal.room, proposal.group
    if room.state is not RoomState.IN_USE:
        yield _conflict(proposal, ConflictRule.ROOM_CLOSED, f"room {room.code} is closed: choose another")
    if proposal.room_type and room.room_type.casefold() != proposal.room_type.casefold():
        yield _conflict(
            proposal,
            ConflictRule.ROOM_TYPE,
            f"room {room.code} is a {room.room_type} and the lesson needs a {proposal.room_type}: choose one",
        )
    if missing := sorted(proposal.facilities - room.facilities):
        yield _conflict(
            proposal, ConflictRule.ROOM_FACILITIES, f"room {room.code} has no {', '.join(missing)}: choose another"
        )
    if group.size > room.capacity and not room.is_virtual:
        yield _conflict(
            proposal,
            ConflictRule.ROOM_CAPACITY,
            f"{group.name} has {group.size} trainees and room {room.code} seats {room.capacity}: choose a larger one",
        )


def _dated_conflicts(proposal: Proposal) -> Iterator[Conflict]:
    """What holds on single days: hard where no day of the lesson is left, otherwise a warning with the days."""
    line, room, trainer = proposal.line, proposal.room, proposal.trainer
    days = list(line.slot.days())
    free = [day for day in days if day in proposal.free_days]
    if free:
        names = sorted({proposal.free_days[day] for day in free})
        yield _conflict(
            proposal,
            ConflictRule.HOLIDAY,
            f"nothing is taught on {_days(free)} ({', '.join(names)})",
            dates=free,
            hard=len(free) == len(days),
        )
    held = [day for day in days if day not in proposal.free_days]
    for window in room.maintenance:
        hit = [
            day
            for day in held
            if local_instant(day, line.slot.start, proposal.zone) < window.end
            and window.start < local_instant(day, line.slot.end, proposal.zone)
        ]
        if hit:
            yield _conflict(
                proposal,
                ConflictRule.ROOM_MAINTENANCE,
                f"room {room.code} is under maintenance on {_days(hit)}"
                f"{f' ({window.reason})' if window.reason else ''}",
                dates=hit,
                hard=len(hit) == len(held),
            )
    for first, last, _reason in trainer.absences:
        if away := [day for day in held if first <= day <= last]:
            yield _conflict(
                proposal,
                ConflictRule.TRAINER_ABSENT,
                f"{trainer.name} is away on {_days(away)}",
                dates=away,
                hard=len(away) == len(held),
            )


def _time_conflicts(proposal: Proposal) -> Iterator[Conflict]:
    slot, room, trainer = proposal.line.slot, proposal.room, proposal.trainer
    weekdays = sorted({day.isoweekday() for day in slot.days()})
    for weekday in weekdays:
        when = (weekday, slot.start, slot.end)
        if not proposal.outside_day_pattern and (objection := proposal.day_pattern.objection(*when)):
            yield _conflict(
                proposal,
                ConflictRule.DAY_PATTERN,
                f"{objection}: choose such a time, or allow the entry to lie outside of the day pattern",
            )
        if not room.is_bookable(*when):
            yield _conflict(proposal, ConflictRule.ROOM_HOURS, f"room {room.code} can't be booked at that time")
        if objection := trainer.objection(*when):
            yield _conflict(proposal, ConflictRule.TRAINER_UNAVAILABLE, f"{trainer.name} {objection}")
        elif not trainer.prefers(*when):
            yield _conflict(proposal, ConflictRule.NOT_PREFERRED, f"{trainer.name} prefers other times")


def _load_conflicts(proposal: Proposal) -> Iterator[Conflict]:
    """The worst day and week of the lesson: more than is allowed only counts where this lesson adds to it."""
    mine, policy, room = proposal.line, proposal.policy, proposal.room
    days = [day for day in mine.slot.days() if day not in proposal.free_days]
    parties: tuple[tuple[str, Callable[[Line], bool], int, ConflictRule, ConflictRule], ...] = (
        (
            proposal.group.name,
            lambda line: line.class_group_id == mine.class_group_id,
            policy.max_daily_group_minutes,
            ConflictRule.GROUP_DAILY_LOAD,
            ConflictRule.GROUP_CONSECUTIVE,
        ),
        (
            proposal.trainer.name,
            lambda line: line.trainer_id == mine.trainer_id,
            policy.max_daily_trainer_minutes,
            ConflictRule.TRAINER_DAILY_LOAD,
            ConflictRule.TRAINER_CONSECUTIVE,
        ),
    )
    for name, concerned, most, daily, consecutive in parties:
        lines = [line for line in proposal.others if concerned(line)]
        by_day = {day: [line for line in lines if line.slot.holds_on(day)] for day in days}
        load, day = max(((_minutes([mine, *there]), day) for day, there in by_day.items()), default=(0, None))
        if day is not None and most and load > most:
            yield _conflict(
                proposal,
                daily,
                f"{name} would have {_hours(load)} on {day} and may have {_hours(most)} a day",
                entry_ids=[line.entry_id for line in by_day[day] if line.entry_id],
                dates=[day],
            )
        run, day = max(((_run(mine, there), day) for day, there in by_day.items()), default=(0, None))
        if day is not None and policy.max_consecutive_minutes and run > policy.max_consecutive_minutes:
            yield _conflict(
                proposal,
                consecutive,
                f"{name} would have {_hours(run)} without a break on {day} and may have "
                f"{_hours(policy.max_consecutive_minutes)}",
                entry_ids=[line.entry_id for line in by_day[day] if line.entry_id],
                dates=[day],
            )
    yield from _weekly_load(proposal, days)
    if room.max_bookings_per_day and not room.is_virtual:
        there = [line for line in proposal.others if line.room_id == mine.room_id]
        count, day = max(((1 + sum(line.slot.holds_on(day) for line in there), day) for day in days), default=(0, None))
        if day is not None and count > room.max_bookings_per_day:
            yield _conflict(
                proposal,
                ConflictRule.ROOM_DAILY_BOOKINGS,
                f"room {room.code} would have {count} bookings on {day} and may have {room.max_bookings_per_day} a day",
                entry_ids=[line.entry_id for line in there if line.entry_id and line.slot.holds_on(day)],
                dates=[day],
            )


def _weekly_load(proposal: Proposal, days: Collection[date]) -> Iterator[Conflict]:
    mine, trainer = proposal.line, proposal.trainer
    if not trainer.max_weekly_minutes or not days:
        return
    weeks = {monday_of(day) for day in days}
    loads = dict.fromkeys(weeks, 0)
    taught: dict[date, dict[UUID, None]] = {week: {} for week in weeks}
    for line in (mine, *(line for line in proposal.others if line.trainer_id == mine.trainer_id)):
        for day in line.slot.days():
            if (monday := monday_of(day)) in weeks:
                loads[monday] += line.slot.minutes
                if line is not mine and line.entry_id:
                    taught[monday][line.entry_id] = None
    load, week = max((load, week) for week, load in loads.items())
    if load > trainer.max_weekly_minutes:
        yield _conflict(
            proposal,
            ConflictRule.TRAINER_WEEKLY_LOAD,
            f"{trainer.name} would teach {_hours(load)} in the week of {week} and may teach "
            f"{_hours(trainer.max_weekly_minutes)}",
            entry_ids=list(taught[week]),
            dates=[week],
        )


def _minutes(lines: Iterable[Line]) -> int:
    return sum(line.slot.minutes for line in lines)


def _run(mine: Line, others: Sequence[Line]) -> int:
    """How long the unbroken run of lessons is that this one is part of."""
    times = sorted({(line.slot.start, line.slot.end) for line in (mine, *others)})
    runs = [[times[0]]]
    for earlier, later in pairwise(times):
        if later[0] <= earlier[1]:
            runs[-1].append(later)
        else:
            runs.append([later])
    own = (mine.slot.start, mine.slot.end)
    return next(minutes_between(run[0][0], max(end for _, end in run)) for run in runs if own in run)


def _conflict(
    proposal: Proposal,
    rule: ConflictRule,
    text: str,
    *,
    entry_ids: Sequence[UUID] = (),
    dates: Sequence[date] = (),
    hard: bool = True,
) -> Conflict:
    is_hard = rule in ALWAYS_HARD or (hard and rule in proposal.policy.hard)
    cost = 0 if is_hard else proposal.policy.weight(rule)
    return Conflict(rule, is_hard, cost, text[0].upper() + text[1:] + ".", tuple(entry_ids), tuple(dates[:_MOST_DATES]))


def _days(days: Sequence[date]) -> str:
    if len(days) == 1:
        return f"{days[0]:%A %Y-%m-%d}"
    return f"{len(days)} days from {days[0]:%A %Y-%m-%d} to {days[-1]:%Y-%m-%d}"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h"
