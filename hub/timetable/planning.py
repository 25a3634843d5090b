"""The week that a generation is asked for, and its plan as lines of a draft. Pure.

A college's term becomes the solver's problem: the day pattern is the grid, enrolments' weekly hours are lessons, and
what `conflicts` would object to at a time is closed there. What the grid can't hold stays where it is and is planned
around: lines of some weeks or dates alone, lines outside of the day pattern, and temporary ones.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from itertools import pairwise
from uuid import UUID

from uuid6 import uuid7

from hub.timetable.conflicts import GroupFacts, RoomFacts, TrainerFacts
from hub.timetable.facts import EnrolmentFacts, TermFacts
from hub.timetable.planned_week import Planned, Standing, Week
from hub.timetable.policy import ConflictRule, Period
from hub.timetable.rules import RoomState, SessionType, Slot, WeekPattern, local_instant, minutes_between
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Problem, Room
from hub.timetable.solver.problem import Slot as Cell
from hub.timetable.solver_policy import solver_policy

_Resource = Callable[[Standing], UUID | None]
_Duration = Callable[[Standing], int]
_Known = tuple[Standing, Placement | None]
"""A lesson of the plan that the new one starts from, and where it is, if it can still be there."""
_Wanted = tuple[int, _Known | None]
"""A lesson's periods, and the one that it goes on from."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NO_LIMIT_SEATS = 1_000_000


def week_of(term: TermFacts, standing: Sequence[Standing], *, first_date: date, resemble: bool = False) -> Week:
    """The problem of the term's week, from the first date on.

    Args:
        term: all enrolments and rooms of the term, with a day pattern.
        standing: the plan that this one starts from, and temporary lines. Pinned lessons stay where they are.
        first_date: from when on the plan is to hold.
        resemble: the plan should move few of the standing lessons.
    """
    return _Builder(term, standing, first_date, resemble=resemble).build()


class _Builder:
    def __init__(self, term: TermFacts, standing: Sequence[Standing], first_date: date, *, resemble: bool) -> None:
        self._term, self._resemble = term, resemble
        self._first, self._last = first_date, term.term.last
        self._weekdays = [day for day in sorted(term.day_pattern.days) if term.day_pattern.teaching(day)]
        self._periods = {day: term.day_pattern.teaching(day) for day in self._weekdays}
        lengths = Counter(minutes_between(p.start, p.end) for periods in self._periods.values() for p in periods)
        self._minutes = max(lengths, key=lambda length: (lengths[length], length))
        self._cells = [
            (Cell(day, number), weekday, period)
            for day, weekday in enumerate(self._weekdays)
            for number, period in enumerate(self._periods[weekday])
        ]
        # A closed room with lessons in it is one that can't be used: they are to move, and it is known from where.
        named = {line.lesson.room_id for line in standing if not line.is_temporary}
        self._rooms = {
            room.id: room for room in term.rooms.values() if room.state is RoomState.IN_USE or room.id in named
        }
        self._kept = [line for line in standing if self._stays(line)]
        self._movable = [(line, self._place_of(line)) for line in standing if not self._stays(line)]

    def build(self) -> Week:
        term = self._term
        wanted: dict[str, tuple[UUID, SessionType]] = {}
        facilities: dict[str, frozenset[str]] = {}
        lessons, courses, pinned = [], [], set()
        before: dict[tuple[UUID, SessionType], list[_Known]] = defaultdict(list)
        for line, place in self._movable:
            before[line.lesson.enrolment_id, line.lesson.session_type].append((line, place))
        for enrolment in term.enrolments.values():
            for session_type in SessionType:
                there = before[enrolment.id, session_type]
                durations = self._going_on(self._durations(enrolment, session_type), there)
                if not durations:
                    continue
                course = f"{enrolment.id}:{session_type.value}"
                courses.append(
                    Course(
                        key=course,
                        name=f"{enrolment.course_code} {session_type.value.lower()}",
                        min_days=min(len(durations), len(self._weekdays)),
                    )
                )
                for duration, known in _matched(durations, there, self._duration_of):
                    key = str(known[0].lesson_id if known else uuid7())
                    wanted[key] = (enrolment.id, session_type)
                    facilities[key] = known[0].lesson.facilities if known else frozenset()
                    is_pinned = known is not None and known[0].pinned and self._is_usable(known[1])
                    if is_pinned:
                        pinned.add(key)
                    lessons.append(self._lesson(key, course, enrolment, session_type, duration, known))
        problem = Problem(
            grid=self._grid(),
            # In an order of their own, so that the same seed gives the same plan.
            rooms=tuple(self._room(room) for room in sorted(self._rooms.values(), key=lambda room: room.code)),
            groups=tuple(self._group(group) for group in sorted(term.groups.values(), key=lambda group: group.id)),
            trainers=tuple(
                self._trainer(trainer) for trainer in sorted(term.trainers.values(), key=lambda trainer: trainer.id)
            ),
            courses=tuple(courses),
            lessons=tuple(lessons),
            policy=solver_policy(term.policy, resemble=self._resemble),
        )
        return Week(
            problem=problem,
            weekdays=self._weekdays,
            periods=self._periods,
            wanted=wanted,
            facilities=facilities,
            pinned=frozenset(pinned),
            kept=[Planned(line.lesson_id, line.lesson, line.pinned) for line in self._kept if not line.is_temporary],
            first_date=self._first,
            last_date=self._last,
        )

    def _grid(self) -> Grid:
        most = max(map(len, self._periods.values()))
        breaks, lunch = set(), set()
        for day, weekday in enumerate(self._weekdays):
            periods = self._periods[weekday]
            for number, (period, following) in enumerate(pairwise(periods)):
                if period.end != following.start:
                    breaks.add(Cell(day, number))
            lunch |= {Cell(day, number) for number, period in enumerate(periods) if period.is_lunch}
        open_cells = {cell for cell, _, _ in self._cells}
        longest = max(self._periods.values(), key=len)
        return Grid(
            days=len(self._weekdays),
            periods_per_day=most,
            breaks=frozenset(breaks),
            closed=frozenset(
                Cell(day, number)
                for day in range(len(self._weekdays))
                for number in range(most)
                if Cell(day, number) not in open_cells
            ),
            lunch=frozenset(lunch),
            day_names=tuple(_WEEKDAYS[weekday - 1] for weekday in self._weekdays),
            period_names=tuple(period.name or f"{period.start:%H:%M}" for period in longest),
        )

    def _room(self, room: RoomFacts) -> Room:
        policy = self._term.policy
        unavailable = {
            cell
            for cell, weekday, period in self._cells
            if room.state is not RoomState.IN_USE
            or (ConflictRule.ROOM_HOURS in policy.hard and not room.is_bookable(weekday, period.start, period.end))
            or self._under_maintenance(room, weekday, period)
        }
        return Room(
            key=str(room.id),
            name=room.code,
            capacity=_NO_LIMIT_SEATS if room.is_virtual else room.capacity,
            type=room.room_type.casefold(),
            features=room.facilities,
            unavailable=frozenset(
                unavailable if room.is_virtual else unavailable | self._taken(lambda line: line.lesson.room_id, room.id)
            ),
            shared=room.is_virtual,
            max_daily_lessons=None if room.is_virtual else room.max_bookings_per_day or None,
        )

    def _group(self, group: GroupFacts) -> Party:
        return Party(
            key=str(group.id),
            name=group.name,
            unavailable=frozenset(self._taken(self._group_of, group.id)),
            max_daily=self._limit(self._term.policy.max_daily_group_minutes),
            max_consecutive=self._limit(self._term.policy.max_consecutive_minutes),
        )

    def _trainer(self, trainer: TrainerFacts) -> Party:
        unavailable = {
            cell
            for cell, weekday, period in self._cells
            if self._is_away(trainer, weekday)
            or (
                ConflictRule.TRAINER_UNAVAILABLE in self._term.policy.hard
                and trainer.objection(weekday, period.start, period.end)
            )
        }
        preferred = {
            cell for cell, weekday, period in self._cells if trainer.prefers(weekday, period.start, period.end)
        }
        return Party(
            key=str(trainer.id),
            name=trainer.name,
            unavailable=frozenset(unavailable | self._taken(self._trainer_of, trainer.id)),
            preferred=frozenset(preferred) if len(preferred) < len(self._cells) else frozenset(),
            max_daily=self._limit(self._term.policy.max_daily_trainer_minutes),
            max_consecutive=self._limit(self._term.policy.max_consecutive_minutes),
        )

    def _lesson(
        self,
        key: str,
        course: str,
        enrolment: EnrolmentFacts,
        session_type: SessionType,
        duration: int,
        known: _Known | None,
    ) -> Lesson:
        room_type = enrolment.room_type(session_type).casefold()
        if ConflictRule.ROOM_TYPE not in self._term.policy.hard:
            room_type = ""
        rooms = None
        if not room_type:
            # Nobody asked for a virtual room: lessons are held in real ones.
            rooms = frozenset(
                str(room.id)
                for room in self._term.rooms.values()
                if not room.is_virtual and room.state is RoomState.IN_USE
            )
        return Lesson(
            key=key,
            course=course,
            duration=duration,
            trainer=str(enrolment.trainer_id),
            groups=(str(enrolment.class_group_id),),
            students=self._term.groups[enrolment.class_group_id].size,
            room_type=room_type or None,
            room_features=(
                known[0].lesson.facilities
                if known is not None and ConflictRule.ROOM_FACILITIES in self._term.policy.hard
                else frozenset()
            ),
            rooms=rooms,
            pinned=known[1] if known is not None and known[0].pinned and self._is_usable(known[1]) else None,
            former=known[1] if known is not None and self._resemble else None,
        )

    def _durations(self, enrolment: EnrolmentFacts, session_type: SessionType) -> list[int]:
        """In periods: sessions of the usual length, and a shorter one for what remains of the weekly hours."""
        minutes = enrolment.theory_minutes if session_type is SessionType.THEORY else enrolment.practical_minutes
        minutes -= sum(
            line.lesson.slot.minutes // (2 if line.lesson.slot.pattern in (WeekPattern.A, WeekPattern.B) else 1)
            for line in self._kept
            if not line.is_temporary
            and line.lesson.slot.pattern is not WeekPattern.DATES
            and (line.lesson.enrolment_id, line.lesson.session_type) == (enrolment.id, session_type)
        )
        periods = math.ceil(max(minutes, 0) / self._minutes)
        usual = max(1, math.ceil(enrolment.session_minutes / self._minutes))
        return [min(usual, periods - done) for done in range(0, periods, usual)]

    def _is_usable(self, place: Placement | None) -> bool:
        return place is not None and self._rooms[UUID(place.room)].state is RoomState.IN_USE

    def _going_on(self, durations: list[int], there: Sequence[_Known]) -> list[int]:
        """The lengths when lessons that go on keep theirs: the pinned ones, or all that the plan is to resemble."""
        kept = [self._duration_of(line) for line, place in there if place and (line.pinned or self._resemble)]
        rest, usual = sum(durations) - sum(kept), max(durations, default=1)
        return kept + [min(usual, rest - done) for done in range(0, rest, usual)]

    def _duration_of(self, line: Standing) -> int:
        slot = line.lesson.slot
        return sum(slot.start <= p.start and p.end <= slot.end for p in self._periods[slot.weekday])

    def _stays(self, line: Standing) -> bool:
        """Whether it is planned around: the grid can't hold such a line."""
        slot = line.lesson.slot
        is_whole = slot.pattern is WeekPattern.EVERY and slot.last_date >= self._last and slot.first_date <= self._first
        return (
            line.is_temporary
            or not is_whole
            or line.lesson.outside_day_pattern
            or line.lesson.enrolment_id not in self._term.enrolments
        )

    def _place_of(self, line: Standing) -> Placement | None:
        """Where it is in the grid, be it in a closed room; None when the days have changed and it can't be there."""
        slot, room = line.lesson.slot, self._rooms.get(line.lesson.room_id)
        if (
            room is None
            or slot.weekday not in self._periods
            or self._term.day_pattern.objection(slot.weekday, slot.start, slot.end)
        ):
            return None
        starts = [period.start for period in self._periods[slot.weekday]]
        return Placement(self._weekdays.index(slot.weekday), starts.index(slot.start), str(room.id))

    def _taken(self, resource: _Resource, resource_id: UUID) -> set[Cell]:
        """The cells in which a line that stays has the room, trainer or class group."""
        return {
            cell
            for line in self._kept
            if resource(line) == resource_id
            for cell, weekday, period in self._cells
            if line.lesson.slot.overlaps(Slot(weekday, period.start, period.end, self._first, self._last))
        }

    def _group_of(self, line: Standing) -> UUID | None:
        enrolment = self._term.enrolments.get(line.lesson.enrolment_id)
        return enrolment.class_group_id if enrolment else None

    def _trainer_of(self, line: Standing) -> UUID | None:
        enrolment = self._term.enrolments.get(line.lesson.enrolment_id)
        return enrolment.trainer_id if enrolment else None

    def _held(self, weekday: int) -> list[date]:
        """The days of the weekday on which the school teaches."""
        closed = {day for day, group_id, _ in self._term.free_days if group_id is None}
        slot = Slot(weekday, time(0), time(1), self._first, self._last)
        return [day for day in slot.days() if day not in closed]

    def _under_maintenance(self, room: RoomFacts, weekday: int, period: Period) -> bool:
        """Whether a lesson at that time would lose every one of its days to one piece of work."""
        if ConflictRule.ROOM_MAINTENANCE not in self._term.policy.hard or not room.maintenance:
            return False
        zone = self._term.zone
        held = self._held(weekday)
        return bool(held) and any(
            all(
                local_instant(day, period.start, zone) < window.end
                and window.start < local_instant(day, period.end, zone)
                for day in held
            )
            for window in room.maintenance
        )

    def _is_away(self, trainer: TrainerFacts, weekday: int) -> bool:
        if ConflictRule.TRAINER_ABSENT not in self._term.policy.hard or not trainer.absences:
            return False
        held = self._held(weekday)
        return bool(held) and any(all(first <= day <= last for day in held) for first, last, _ in trainer.absences)

    def _limit(self, minutes: int) -> int | None:
        return max(1, minutes // self._minutes) if minutes else None


def _matched(durations: Iterable[int], known: Iterable[_Known], duration_of: _Duration) -> list[_Wanted]:
    """Each wanted lesson with the one that it goes on from: of the same length, first the pinned ones and those with
    wishes for their room, or one that has lost its place.
    """
    left = sorted(
        known,
        key=lambda one: (
            one[1] is None, not one[0].pinned, not one[0].lesson.facilities, one[1] or Placement(0, 0, "")
        ),
    )  # fmt: skip
    pairs: list[_Wanted] = []
    for duration in durations:
        found = next((one for one in left if one[1] is None or duration_of(one[0]) == duration), None)
        if found is not None:
            left.remove(found)
        pairs.append((duration, found))
    return pairs
