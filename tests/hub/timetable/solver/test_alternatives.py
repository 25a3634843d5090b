from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.timetable.solver.alternatives import alternatives, free_place, obstacles
from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.policy import Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.validator import validate
from tests.factories.weeks import random_plan, random_problem


def _with(plan: Plan, key: str, place: Placement) -> Plan:
    return Plan({**plan.placements, key: place})


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_cost_of_every_alternative_is_the_validators_difference(random: Random) -> None:
    problem = random_problem(random)
    plan = random_plan(random, problem)
    key = random.choice(sorted(problem.lesson))
    before = validate(problem, plan)
    for alternative in alternatives(problem, plan, key, most=1000):
        after = validate(problem, _with(plan, key, alternative.place))
        assert alternative.cost == after.cost - before.cost
        assert sum(change.cost for change in alternative.changes) == alternative.cost
        for change in alternative.changes:
            assert change.cost == after.costs.get(change.rule, 0) - before.costs.get(change.rule, 0)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_alternatives_are_all_places_that_break_no_hard_rule_and_come_cheapest_first(random: Random) -> None:
    problem = random_problem(random)
    plan = random_plan(random, problem)
    key = random.choice(sorted(problem.lesson))
    before = validate(problem, plan)
    if before.clashes:
        return
    fine = set()
    for day in range(problem.grid.days):
        for period in range(problem.grid.periods_per_day):
            for room in problem.rooms:
                place = Placement(day, period, room.key)
                after = validate(problem, _with(plan, key, place))
                if place != plan.placements.get(key) and after.clashes == 0:
                    fine.add(place)
    found = alternatives(problem, plan, key, most=1000)
    assert {alternative.place for alternative in found} == fine
    assert [alternative.cost for alternative in found] == sorted(alternative.cost for alternative in found)


GRID = Grid(days=2, periods_per_day=3, day_names=("Monday", "Tuesday"))
POLICY = Policy(weights={Rule.GROUP_GAP: 3, Rule.ROOM_STABILITY: 1})


def _week(**changes: object) -> Problem:
    week = Problem(
        grid=GRID,
        rooms=(Room(key="a", name="Room A", capacity=30), Room(key="b", name="Room B", capacity=30)),
        groups=(Party(key="g", name="DSE-A"), Party(key="h", name="DSE-B")),
        trainers=(Party(key="t", name="Ms Rao"), Party(key="u", name="Mr Das")),
        courses=tuple(
            Course(key=key, name=name) for key, name in (("db", "Databases"), ("os", "Systems"), ("ml", "Maths"))
        ),
        lessons=(
            Lesson(key="db1", course="db", trainer="t", groups=("g",)),
            Lesson(key="os1", course="os", trainer="u", groups=("g",)),
            Lesson(key="ml1", course="ml", trainer="t", groups=("h",)),
        ),
        policy=POLICY,
    )
    return replace(week, **changes)  # type: ignore[arg-type]


PLAN = Plan({"db1": Placement(0, 0, "a"), "os1": Placement(0, 2, "a"), "ml1": Placement(0, 1, "b")})


def test_rank_names_the_rule_that_gets_better_and_says_how() -> None:
    best = alternatives(_week(), PLAN, "os1")[0]
    assert best.place == Placement(0, 1, "a")
    assert best.cost == -3
    [change] = best.changes
    assert change.rule is Rule.GROUP_GAP
    assert change.texts == ("DSE-A on Monday: 1 idle periods between lessons.",)


def test_lesson_without_a_place_is_offered_places_without_breaking_another_rule_instead() -> None:
    plan = Plan({key: place for key, place in PLAN.placements.items() if key != "db1"})
    for alternative in alternatives(_week(), plan, "db1", most=100):
        assert validate(_week(), _with(plan, "db1", alternative.place)).feasible


def test_unknown_lesson_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        alternatives(_week(), PLAN, "nobody")


def test_a_wanted_slot_is_freed_by_moving_whoever_is_in_the_way_and_no_one_else() -> None:
    freed = free_place(_week(), PLAN, "db1", Slot(0, 2), Budget(seconds=5, workers=1))
    assert freed is not None
    assert {move.lesson for move in freed.moves} == {"db1", "os1"}
    assert freed.proven
    assert validate(_week(), freed.plan).feasible


def test_a_slot_in_which_the_trainer_is_away_can_not_be_freed() -> None:
    away = _week(
        trainers=(Party(key="t", name="Ms Rao", unavailable=frozenset({Slot(0, 2)})), Party(key="u", name="Mr Das"))
    )
    assert free_place(away, PLAN, "db1", Slot(0, 2), Budget(seconds=5, workers=1)) is None


def test_a_slot_that_a_pinned_lesson_holds_can_not_be_freed() -> None:
    lessons = tuple(
        replace(lesson, pinned=PLAN.placements["os1"]) if lesson.key == "os1" else lesson for lesson in _week().lessons
    )
    assert free_place(_week(lessons=lessons), PLAN, "db1", Slot(0, 2), Budget(seconds=5, workers=1)) is None


def test_obstacles_are_counted_by_name() -> None:
    trainers = (
        Party(key="t", name="Ms Rao", unavailable=frozenset(Slot(1, period) for period in range(3))),
        Party(key="u", name="Mr Das"),
    )
    found = {obstacle.text: obstacle.starts for obstacle in obstacles(_week(trainers=trainers), PLAN, "db1")}
    assert found == {
        "Ms Rao is not there": 3,
        "DSE-A has another lesson": 1,
        "Ms Rao has another lesson": 1,
    }
