"""A standing plan as the exact assistant takes it, and what it answers as places of the week. Pure."""

from dataclasses import dataclass, replace
from datetime import time
from uuid import UUID

from uuid6 import uuid7

from hub.timetable.planned_week import Week
from hub.timetable.rules import SessionType
from hub.timetable.solver.alternatives import Alternative, Obstacle, alternatives, free_place, obstacles
from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem
from hub.timetable.solver.problem import Slot as Cell
from hub.timetable.solver.repair import Move, Repaired
from hub.timetable.solver.validator import validate

WantedTime = tuple[int, time, time]
"""Weekday (1 = Monday), start and end."""
FREEING_SECONDS = 1.6
"""For the smallest set of moves that makes a wanted time free; with models and checks around it, 2 s."""


@dataclass(frozen=True, slots=True)
class WeeklyPlace:
    weekday: int
    start: time
    end: time
    room_id: UUID
    room_code: str

    def __str__(self) -> str:
        day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[self.weekday - 1]
        return f"{day} {self.start:%H:%M}-{self.end:%H:%M} {self.room_code}"


@dataclass(frozen=True, slots=True)
class LessonMove:
    """`lesson_id` names the lesson through all versions; a place that is None is none."""

    lesson_id: UUID
    name: str
    before: WeeklyPlace | None
    after: WeeklyPlace | None


@dataclass(frozen=True, slots=True)
class Freed:
    """The smallest set of moves that makes a wanted time free, and what the plan costs more after it."""

    moves: tuple[LessonMove, ...]
    fewest_proven: bool
    cost: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    alternatives: tuple[tuple[WeeklyPlace, Alternative], ...]
    obstacles: tuple[Obstacle, ...]
    is_wanted: bool
    """Whether a time was asked for."""
    freed: Freed | None


@dataclass(frozen=True, slots=True)
class Question:
    """Where else one lesson of a plan could be, and how it could be at a wanted start."""

    week: Week
    problem: Problem
    plan: Plan
    lesson: str
    wanted: Cell | None

    def answer(self, *, most: int, budget: Budget) -> Suggestion:
        """Takes up to the budget and what ranking needs, a few tenths of a second. Raises Cancelled."""
        duration = self.problem.lesson[self.lesson].duration
        ranked = alternatives(self.problem, self.plan, self.lesson, most=most)
        freed: Freed | None = None
        if self.wanted is not None:
            found = free_place(self.problem, self.plan, self.lesson, self.wanted, budget)
            if found is not None:
                before = validate(self.problem, self.plan).cost
                freed = Freed(
                    tuple(move_of(self.week, self.problem, move) for move in found.moves),
                    found.proven,
                    found.report.cost - before,
                )
        return Suggestion(
            tuple((weekly_place(self.week, self.problem, one.place, duration), one) for one in ranked),
            obstacles(self.problem, self.plan, self.lesson),
            self.wanted is not None,
            freed,
        )


def standing_plan(problem: Problem) -> Plan:
    """Where the lessons are, of a week that is to resemble its base."""
    return Plan({lesson.key: lesson.former for lesson in problem.lessons if lesson.former is not None})


def question(
    week: Week,
    *,
    lesson_id: UUID | None,
    enrolment_id: UUID,
    session_type: SessionType,
    wanted: WantedTime | None,
) -> Question | None:
    """About that lesson or, with None, about one of the enrolment that has no place: one that the plan misses, or one
    more. The answer None: the week has no such lesson. The week is one that resembles its base.
    """
    problem = without_moving_cost(week.problem)
    plan = standing_plan(week.problem)
    cell, length = _cell(week, wanted)
    if lesson_id is not None:
        lesson = problem.lesson.get(str(lesson_id))
    else:
        lesson = _without_place(week, problem, plan, enrolment_id, session_type)
    if lesson is None:
        return None
    asked = replace(lesson, pinned=None, duration=length or lesson.duration)
    others = tuple(other for other in problem.lessons if other.key != lesson.key)
    now = Plan(
        {key: place for key, place in plan.placements.items() if key != asked.key or asked.duration == lesson.duration}
    )
    return Question(week, replace(problem, lessons=(*others, asked)), now, asked.key, cell)


def without_moving_cost(problem: Problem) -> Problem:
    """What a move costs counts where whole plans are compared, and not in what a place does to the week."""
    weights: dict[Rule, int] = {
        rule: weight for rule, weight in problem.policy.weights.items() if rule is not Rule.MOVED
    }
    return replace(problem, policy=replace(problem.policy, weights=weights))


def pinned_in_the_way(problem: Problem) -> tuple[str, ...]:
    """What speaks against the pinned lessons staying where they are."""
    plan = Plan({lesson.key: lesson.pinned for lesson in problem.lessons if lesson.pinned is not None})
    return tuple(
        violation.text
        for violation in validate(problem, plan).violations
        if violation.hard and violation.rule is not Rule.UNPLACED
    )


def moves_of(week: Week, repaired: Repaired) -> list[LessonMove]:
    return [move_of(week, week.problem, move) for move in repaired.moves]


def move_of(week: Week, problem: Problem, move: Move) -> LessonMove:
    duration = problem.lesson[move.lesson].duration
    before, after = (
        None if place is None else weekly_place(week, problem, place, duration) for place in (move.before, move.after)
    )
    return LessonMove(UUID(move.lesson), problem.lesson_name(move.lesson), before, after)


def weekly_place(week: Week, problem: Problem, place: Placement, duration: int) -> WeeklyPlace:
    weekday = week.weekdays[place.day]
    periods = week.periods[weekday][place.period : place.period + duration]
    return WeeklyPlace(weekday, periods[0].start, periods[-1].end, UUID(place.room), problem.room[place.room].name)


def _without_place(
    week: Week, problem: Problem, plan: Plan, enrolment_id: UUID, session_type: SessionType
) -> Lesson | None:
    alike = [problem.lesson[key] for key, whose in week.wanted.items() if whose == (enrolment_id, session_type)]
    missing = [lesson for lesson in alike if lesson.key not in plan.placements]
    if missing or not alike:
        return missing[0] if missing else None
    return replace(alike[0], key=str(uuid7()), pinned=None, former=None, room_features=frozenset())


def _cell(week: Week, wanted: WantedTime | None) -> tuple[Cell | None, int]:
    """The period in which it starts, and how many it takes; 0: it fits into none."""
    if wanted is None:
        return None, 0
    weekday, start, end = wanted
    if weekday not in week.periods:
        return None, 0
    periods = week.periods[weekday]
    inside = [number for number, period in enumerate(periods) if start <= period.start and period.end <= end]
    if not inside or periods[inside[0]].start != start:
        return None, 0
    return Cell(list(week.weekdays).index(weekday), inside[0]), len(inside)
