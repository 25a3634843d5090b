"""The best other places for one lesson, each with what it makes better and worse by name; and what stands in the way of
a wished one.

What a place costs is the validator's own count: of a problem cut down to whom the lesson concerns, before and after.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.formulation import parties_of
from hub.timetable.solver.neighbourhood import Neighbourhood
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem, Slot
from hub.timetable.solver.repair import Repaired, repair_with_fewest_moves
from hub.timetable.solver.validator import Report, validate

OF_THE_ROOM = frozenset({Rule.ROOM_CAPACITY, Rule.ROOM_FIT, Rule.ROOM_STABILITY})
"""Soft rules that ask in which room a lesson is, whenever that be. All others ask when, or are counted apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a place does to one rule."""

    rule: Rule
    cost: int
    """More than 0: worse."""
    texts: tuple[str, ...]
    """What is broken there (when worse) or no longer is (when better), in the validator's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    place: Placement
    cost: int
    """Of the plan with the lesson there, less that of the plan as it is; without its place counted when it has none."""
    changes: tuple[Change, ...]
    """The worst first. Their costs add up to `cost`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why so many of the starts that a lesson might have are no good."""

    text: str
    starts: int


def alternatives(problem: Problem, plan: Plan, key: str, *, most: int = 10) -> tuple[Alternative, ...]:
    """Places that break no hard rule more, the cheapest first; where the lesson is now is not among them.

    Raises KeyError when there is no such lesson.
    """
    ranking = _Ranking(problem, plan, problem.lesson[key])
    return tuple(ranking.explain(place, cost) for cost, place in ranking.ranked()[:most])


def free_place(problem: Problem, plan: Plan, key: str, wanted: Slot, budget: Budget) -> Repaired | None:
    """The smallest set of moves after which the lesson starts at `wanted`; its own move is one of them if it has a
    place.

    None when no plan that places as many lessons has it there, or none was found in time. Raises Cancelled, and
    KeyError when there is no such lesson.
    """
    lesson = problem.lesson[key]
    there = replace(lesson, allowed=frozenset(lesson.slots(wanted)), pinned=None)
    asked = replace(problem, lessons=tuple(there if other.key == key else other for other in problem.lessons))
    if not asked.starts(there):
        return None
    missing = sum(other.key not in plan.placements for other in problem.lessons if other.key != key)
    repaired = repair_with_fewest_moves(asked, plan, budget)
    place = repaired.plan.placements.get(key)
    return repaired if place is not None and place.slot == wanted and repaired.report.unplaced <= missing else None


def obstacles(problem: Problem, plan: Plan, key: str) -> tuple[Obstacle, ...]:
    """Why a lesson can't be anywhere else as things are: the reasons by name, the commonest first."""
    lesson = problem.lesson[key]
    around = Neighbourhood(problem, plan)
    reasons: Counter[str] = Counter()
    open_to_it = set(problem.starts(lesson))
    for start in whole_starts(problem, lesson):
        if start not in open_to_it:
            reasons.update(_absences(problem, lesson, start))
            continue
        busy = {
            _party_name(problem, who, name)
            for who, name in parties_of(lesson)
            if any(around.held(who, name, slot) - {key} for slot in lesson.slots(start))
        }
        reasons.update(f"{name} has another lesson" for name in busy)
        if not busy and not any(
            room.unavailable.isdisjoint(lesson.slots(start))
            and not around.at(lesson, Placement(start.day, start.period, room.key))
            for room in problem.rooms_for(lesson)
        ):
            reasons["no room that is right for it is free"] += 1
    return tuple(Obstacle(text=text, starts=starts) for text, starts in reasons.most_common())


def whole_starts(problem: Problem, lesson: Lesson) -> list[Slot]:
    """Every start from which it fits into a day, and the hours are open."""
    return [
        start
        for start in (
            Slot(day, period)
            for day in range(problem.grid.days)
            for period in range(problem.grid.periods_per_day - lesson.duration + 1)
        )
        if problem.grid.closed.isdisjoint(lesson.slots(start))
        and problem.grid.breaks.isdisjoint(lesson.slots(start)[:-1])
    ]


def _absences(problem: Problem, lesson: Lesson, start: Slot) -> set[str]:
    slots = set(lesson.slots(start))
    absent: set[str] = set()
    if lesson.trainer is not None and not slots.isdisjoint(problem.trainer[lesson.trainer].unavailable):
        absent.add(f"{problem.trainer[lesson.trainer].name} is not there")
    for group in lesson.groups:
        if not slots.isdisjoint(problem.group[group].unavailable):
            absent.add(f"{problem.group[group].name} is not there")
    return absent or {"it may not be then"}


def _party_name(problem: Problem, who: str, key: str) -> str:
    if who == "group":
        return problem.group[key].name
    return problem.trainer[key].name if who == "trainer" else problem.course[key].name


class _Ranking:
    """The costs of places of one lesson in a plan, counted as a part for the start and a part for the room."""

    def __init__(self, problem: Problem, plan: Plan, lesson: Lesson) -> None:
        self._problem = problem
        self._lesson = lesson
        self._around = Neighbourhood(problem, plan)
        self._now = plan.placements.get(lesson.key)
        self._small, self._others = _cut_down(problem, plan, lesson)
        self._before = self._small_report(self._now)
        self._at_start: dict[Slot, Report] = {}
        self._in_room: dict[str, Report] = {}
        self._day_load = Counter((place.room, place.day) for key, place in plan.placements.items() if key != lesson.key)

    def ranked(self) -> list[tuple[int, Placement]]:
        """Equally good ones in the order of time, the best fitting room first."""
        found: list[tuple[int, int, Placement]] = []
        rooms = self._problem.rooms_for(self._lesson)
        for start in self._problem.starts(self._lesson):
            slots = self._lesson.slots(start)
            open_rooms = [
                room
                for room in rooms
                if room.unavailable.isdisjoint(slots)
                and not self._around.at(self._lesson, Placement(start.day, start.period, room.key))
            ]
            for room in open_rooms:
                place = Placement(start.day, start.period, room.key)
                costs = self.costs(place)
                if place != self._now and costs is not None:
                    found.append((sum(costs.values()), abs(room.capacity - self._lesson.students), place))
        return [(cost, place) for cost, _, place in sorted(found, key=lambda item: (item[0], item[2].slot, *item[1:]))]

    def costs(self, place: Placement) -> Mapping[Rule, int] | None:
        """By how much each soft rule costs more there than now; None when a hard rule would be broken more."""
        room_part, start_part = self._report_in(place.room), self._report_at(place)
        if self._breaks_more(start_part) or not self._room_has_a_place(place):
            return None
        costs: Counter[Rule] = Counter()
        for rule in {*self._before.costs, *room_part.costs, *start_part.costs}:
            after = (room_part if rule in OF_THE_ROOM else start_part).costs.get(rule, 0)
            costs[rule] = after - self._before.costs.get(rule, 0)
        for rule, amount in ((Rule.MOVED, self._moved(place)), (Rule.ROOM_DAILY_LOAD, self._overload(place))):
            costs[rule] = amount * self._problem.policy.weight(rule)
        return {rule: cost for rule, cost in costs.items() if cost}

    def explain(self, place: Placement, cost: int) -> Alternative:
        before, after = self._before, self._small_report(place)
        changes: list[Change] = []
        for rule, more in (self.costs(place) or {}).items():
            was, now = _texts(before, rule), _texts(after, rule)
            texts = [text for text in now if text not in was] if more > 0 else [text for text in was if text not in now]
            changes.append(Change(rule=rule, cost=more, texts=tuple(texts)))
        changes.sort(key=lambda change: (-change.cost, change.rule))
        return Alternative(place=place, cost=cost, changes=tuple(changes))

    def _report_at(self, place: Placement) -> Report:
        if place.slot not in self._at_start:
            self._at_start[place.slot] = self._small_report(place)
        return self._at_start[place.slot]

    def _report_in(self, room: str) -> Report:
        if room not in self._in_room:
            start = self._problem.starts(self._lesson)[0]
            self._in_room[room] = self._small_report(Placement(start.day, start.period, room))
        return self._in_room[room]

    def _small_report(self, place: Placement | None) -> Report:
        own = {} if place is None else {self._lesson.key: place}
        return validate(self._small, Plan({**self._others, **own}))

    def _breaks_more(self, report: Report) -> bool:
        return any(
            violation.hard and report.amounts[violation.rule] > self._before.amounts.get(violation.rule, 0)
            for violation in report.violations
        )

    def _moved(self, place: Placement) -> int:
        former = self._lesson.former
        if former is None:
            return 0
        return int(place != former) - int(self._now is not None and self._now != former)

    def _overload(self, place: Placement) -> int:
        """Of the rooms' daily loads, which the cut-down problem does not know: how much more they are exceeded by."""
        more = 0
        for there, sign in ((place, 1), (self._now, -1)):
            if there is not None:
                most = self._problem.room[there.room].max_daily_lessons
                full = most is not None and self._day_load[there.room, there.day] >= most
                more += sign * int(full)
        return more

    def _room_has_a_place(self, place: Placement) -> bool:
        if not self._problem.policy.is_hard(Rule.ROOM_DAILY_LOAD):
            return True
        most = self._problem.room[place.room].max_daily_lessons
        return most is None or self._day_load[place.room, place.day] < most


def _cut_down(problem: Problem, plan: Plan, lesson: Lesson) -> tuple[Problem, dict[str, Placement]]:
    """The lesson, whoever shares a party with it, and of what they need only what it needs too; with where they are.
    Whatever a move of the lesson changes in the whole is changed alike here, but for bookings of rooms and `former`.
    """
    own = set(parties_of(lesson))
    near = [other for other in problem.lessons if other.key == lesson.key or not own.isdisjoint(parties_of(other))]
    small = replace(
        problem,
        rooms=tuple(
            replace(room, shared=True, unavailable=frozenset(), max_daily_lessons=None) for room in problem.rooms
        ),
        groups=tuple(group for group in problem.groups if group.key in lesson.groups),
        trainers=tuple(trainer for trainer in problem.trainers if trainer.key == lesson.trainer),
        courses=tuple(problem.course[key] for key in sorted({other.course for other in near})),
        lessons=tuple(_only(other, lesson) for other in near),
    )
    return small, {
        other.key: plan.placements[other.key]
        for other in near
        if other.key != lesson.key and other.key in plan.placements
    }


def _only(other: Lesson, lesson: Lesson) -> Lesson:
    return replace(
        other,
        trainer=other.trainer if other.trainer == lesson.trainer else None,
        groups=tuple(group for group in other.groups if group in lesson.groups),
        former=None,
        pinned=None,
    )


def _texts(report: Report, rule: Rule) -> list[str]:
    return [violation.text for violation in report.violations if violation.rule is rule]
