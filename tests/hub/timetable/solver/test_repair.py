from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random
from threading import Event, Timer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.timetable.solver.cp_sat import Budget, Cancelled
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.repair import moves_between, repair_with_fewest_moves, repairs
from hub.timetable.solver.validator import validate
from tests.factories.weeks import random_plan, random_problem


def _places(problem: Problem, lesson: Lesson) -> list[Placement]:
    return [
        Placement(start.day, start.period, room.key)
        for start in problem.starts(lesson)
        for room in problem.rooms_for(lesson)
    ]


def _plans_with(problem: Problem, plan: Plan, moved: tuple[str, ...]) -> Iterator[Plan]:
    for places in product(*(_places(problem, problem.lesson[key]) for key in moved)):
        yield Plan({**plan.placements, **dict(zip(moved, places, strict=True))})


def _fewest_by_trying_all(problem: Problem, plan: Plan, most: int) -> int | None:
    """The number of lessons that have to be put elsewhere so that everything holds; None: more than `most`."""
    for count in range(most + 1):
        for moved in combinations(sorted(problem.lesson), count):
            if any(validate(problem, other).feasible for other in _plans_with(problem, plan, moved)):
                return count
    return None


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_smaller_repair_exists_than_the_one_called_proven(random: Random) -> None:
    problem = random_problem(random, courses=3, days=2, periods=3)
    plan = random_plan(random, problem)
    if validate(problem, plan).clashes or len(plan.placements) < len(problem.lessons):
        return
    away = replace(problem.trainers[0], unavailable=frozenset(Slot(0, period) for period in range(3)))
    changed = replace(problem, trainers=(away, *problem.trainers[1:]))
    repaired = repair_with_fewest_moves(changed, plan, Budget(seconds=20, workers=1))
    assert repaired.report.clashes == 0
    assert repaired.proven
    if repaired.report.unplaced == 0 and repaired.relocated <= 3:
        assert _fewest_by_trying_all(changed, plan, 2) == (repaired.relocated if repaired.relocated <= 2 else None)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_offer_holds_for_the_validator_and_buys_quality_with_its_moves(random: Random) -> None:
    problem = random_problem(random, courses=4)
    plan = random_plan(random, problem)
    closed = replace(
        problem.rooms[0], unavailable=frozenset(Slot(day, period) for day in range(3) for period in range(5))
    )
    changed = replace(problem, rooms=(closed, *problem.rooms[1:]))
    offers = repairs(changed, plan, Budget(seconds=1, workers=1))
    assert 1 <= len(offers) <= 3
    for offer in offers:
        assert offer.report == validate(changed, offer.plan)
        assert offer.report.clashes == 0
        assert offer.moves == moves_between(changed, plan, offer.plan)
    assert [offer.relocated for offer in offers] == sorted(offer.relocated for offer in offers)
    costs = [offer.report.cost for offer in offers]
    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == len(costs)


def test_a_plan_that_holds_is_left_as_it_is() -> None:
    problem, plan = _holding()
    repaired = repair_with_fewest_moves(problem, plan, Budget(seconds=5, workers=1))
    assert repaired.moves == ()
    assert repaired.proven


def test_locking_one_entry_reshuffles_nothing() -> None:
    problem, plan = _holding()
    key = min(problem.lesson)
    locked = replace(
        problem,
        lessons=tuple(
            replace(lesson, pinned=plan.placements[key]) if lesson.key == key else lesson for lesson in problem.lessons
        ),
    )
    [offer] = repairs(locked, plan, Budget(seconds=2, workers=1))
    assert offer.moves == ()


def test_pinned_lessons_stay_while_others_make_way() -> None:
    problem, plan = _holding()
    key, other = sorted(problem.lesson)[:2]
    place = plan.placements[other]
    pinned = replace(
        problem,
        lessons=tuple(replace(lesson, pinned=place) if lesson.key == key else lesson for lesson in problem.lessons),
    )
    repaired = repair_with_fewest_moves(pinned, plan, Budget(seconds=5, workers=1))
    assert repaired.plan.placements[key] == place
    assert {key, other} <= {move.lesson for move in repaired.moves}
    assert repaired.report.feasible
    assert repaired.proven


def test_what_can_not_be_placed_is_left_out_and_the_rest_stays() -> None:
    problem, plan = _holding()
    key = min(problem.lesson)
    impossible = replace(
        problem,
        lessons=tuple(
            replace(lesson, allowed=frozenset()) if lesson.key == key else lesson for lesson in problem.lessons
        ),
    )
    repaired = repair_with_fewest_moves(impossible, plan, Budget(seconds=5, workers=1))
    [move] = repaired.moves
    assert (move.lesson, move.after) == (key, None)
    assert repaired.report.unplaced == 1
    assert repaired.proven


def test_a_cancelled_search_ends_at_once() -> None:
    random = Random(5)  # noqa: S311 (a repeatable example)
    problem = random_problem(random, courses=30, hard=False, days=6, periods=8)
    plan = Plan({})
    cancelled = Event()
    Timer(0.3, cancelled.set).start()
    with pytest.raises(Cancelled):
        repairs(problem, plan, Budget(seconds=60, workers=1, is_cancelled=cancelled.is_set))


def _holding() -> tuple[Problem, Plan]:
    rooms = tuple(Room(key=key, name=key, capacity=40) for key in ("r0", "r1", "r2"))
    for seed in range(1000):
        random = Random(seed)  # noqa: S311 (a repeatable example)
        problem = replace(random_problem(random, hard=False), rooms=rooms)
        problem = replace(
            problem,
            lessons=tuple(
                replace(lesson, room_type=None, duration=1, former=None, unavailable=frozenset())
                for lesson in problem.lessons
            ),
            trainers=tuple(replace(trainer, unavailable=frozenset()) for trainer in problem.trainers),
            groups=tuple(replace(group, unavailable=frozenset()) for group in problem.groups),
        )
        plan = random_plan(random, problem)
        if validate(problem, plan).feasible:
            return problem, plan
    raise AssertionError("no seed makes a plan that holds")
