"""How far rooms are used and trainers are busy over some days. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.timetable.conflicts import RoomFacts
from hub.timetable.policy import DayPattern
from hub.timetable.rules import SessionType, local_instant, monday_of
from hub.timetable.schedule.week import Lesson

USUAL_HOURS = (time(8), time(17))
"""Of Monday to Friday, while the school has given neither a day pattern nor hours of the room."""
_WORKING_DAYS = range(1, 6)
_NOTHING = timedelta(0)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomUse:
    """`booked` counts a moment once, however many lessons share it; `bookable` is when the room could be booked.

    `seats_filled` is the mean of trainees over seats, weighted by the lessons' lengths; None without lessons or seats.
    """

    lessons: int
    booked: timedelta
    bookable: timedelta
    seats_filled: float | None

    @property
    def share(self) -> float | None:
        """Booked over bookable; None when the room can't be booked at all. Above 1 when lessons lie outside."""
        return self.booked / self.bookable if self.bookable else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerLoad:
    """`weeks` are those that the days touch; the busiest week is named by its Monday, None without lessons."""

    lessons: int
    theory: timedelta
    practical: timedelta
    weeks: int
    busiest_monday: date | None
    busiest: timedelta

    @property
    def weekly(self) -> timedelta:
        """The mean of a week."""
        return (self.theory + self.practical) / self.weeks


def room_use(
    room: RoomFacts,
    lessons: Iterable[Lesson],
    *,
    days: Sequence[date],
    free: frozenset[date],
    pattern: DayPattern,
    zone: ZoneInfo,
    group_sizes: Mapping[UUID, int],
) -> RoomUse:
    """How far a room is used.

    Args:
        room: which one; its maintenance counts as time in which it can't be booked.
        lessons: those in the room on the days.
        days: which are looked at.
        free: those of them on which nothing is held.
        pattern: the school's teaching periods.
        zone: the school's.
        group_sizes: trainees of each class group.
    """
    held = list(lessons)
    by_day: dict[date, list[Lesson]] = defaultdict(list)
    for lesson in held:
        by_day[lesson.day].append(lesson)
    booked = _NOTHING
    for on_day in by_day.values():
        booked += _length(_merged(_instants(one.day, one.start, one.end, zone) for one in on_day))
    bookable = _NOTHING
    closed = [(one.start, one.end) for one in room.maintenance]
    for day in days:
        if day not in free:
            open_spans = [_instants(day, start, end, zone) for start, end in bookable_spans(room, day, pattern)]
            bookable += _length(_without(open_spans, closed))
    taught = sum((one.length for one in held), _NOTHING)
    seated = sum((one.length * group_sizes.get(one.class_group.id, 0) for one in held), _NOTHING)
    return RoomUse(
        lessons=len(held),
        booked=booked,
        bookable=bookable,
        seats_filled=seated / (taught * room.capacity) if taught and room.capacity else None,
    )


def bookable_spans(room: RoomFacts, day: date, pattern: DayPattern) -> list[tuple[time, time]]:
    """When the room could be booked on the day: in teaching periods, within its bookable hours, by start."""
    weekday = day.isoweekday()
    hours = [(one.start, one.end) for one in room.bookable_hours if one.weekday == weekday]
    if pattern.days:
        periods = [(one.start, one.end) for one in pattern.teaching(weekday)]
        return _both(periods, hours) if room.bookable_hours else periods
    if room.bookable_hours:
        return sorted(hours)
    return [USUAL_HOURS] if weekday in _WORKING_DAYS else []


def trainer_load(lessons: Iterable[Lesson], *, first: date, last: date) -> TrainerLoad:
    """How much a trainer teaches from first to last, by the trainer's lessons of these days."""
    kinds: dict[SessionType, timedelta] = defaultdict(timedelta)
    weeks: dict[date, timedelta] = defaultdict(timedelta)
    count = 0
    for lesson in lessons:
        count += 1
        kinds[lesson.session_type] += lesson.length
        weeks[monday_of(lesson.day)] += lesson.length
    busiest = max(weeks, key=lambda monday: (weeks[monday], -monday.toordinal()), default=None)
    return TrainerLoad(
        lessons=count,
        theory=kinds[SessionType.THEORY],
        practical=kinds[SessionType.PRACTICAL],
        weeks=(monday_of(last) - monday_of(first)).days // 7 + 1,
        busiest_monday=busiest,
        busiest=_NOTHING if busiest is None else weeks[busiest],
    )


def _instants(day: date, start: time, end: time, zone: ZoneInfo) -> Span:
    return local_instant(day, start, zone), local_instant(day, end, zone)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments as spans that neither overlap nor touch, by start."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _without(spans: Iterable[Span], closed: Iterable[Span]) -> list[Span]:
    """What is left of the spans outside of those that are closed."""
    left = _merged(spans)
    for away_start, away_end in closed:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, away_start)), (max(start, away_end), end))
            if part[0] < part[1]
        ]
    return left


def _both(ones: Iterable[tuple[time, time]], others: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    theirs = list(others)
    shared = ((max(one[0], other[0]), min(one[1], other[1])) for one in ones for other in theirs)
    return sorted(span for span in shared if span[0] < span[1])


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), _NOTHING)
