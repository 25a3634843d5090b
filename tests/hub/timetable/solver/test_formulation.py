from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.timetable.solver.cp_sat import Budget, solve, solve_from_hint
from hub.timetable.solver.formulation import UNPLACED_COST, Formulation
from hub.timetable.solver.neighbourhood import may_begin, suits
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Plan, Problem, Slot
from hub.timetable.solver.soft_rules import add_soft_rules
from hub.timetable.solver.validator import validate
from tests.factories.weeks import random_plan, random_problem


def _at(problem: Problem, plan: Plan) -> tuple[int, Plan] | None:
    """What the model says of the plan's places, and whom it gives them to; None when it rules them out."""
    formulation = Formulation(problem, plan, set(problem.lesson))
    add_soft_rules(formulation)
    wanted = {
        (number, plan.placements[key])
        for number, kind in enumerate(formulation.kinds)
        for key in kind.keys
        if key in plan.placements
    }
    if not wanted <= formulation.places.keys():
        return None
    for place, chosen in formulation.places.items():
        formulation.model.add(chosen == int(place in wanted))
    formulation.model.minimize(sum(formulation.objective))
    outcome = solve(formulation.model, Budget(seconds=20, workers=1))
    assert outcome.infeasible or outcome.optimal
    return None if outcome.objective is None else (outcome.objective, formulation.read(outcome))


def _known_difference(problem: Problem, plan: Plan) -> int:
    """A course's first room is charged, so are the days of one that is not taught at all, and a kept place is a gain
    rather than a lost one a cost.
    """
    weight, taught = problem.policy.weight, {problem.lesson[key].course for key in plan.placements}
    idle = {lesson.course for lesson in problem.lessons} - taught
    days = sum(problem.course[key].min_days for key in idle if problem.course[key].min_days > 1)
    former = sum(problem.lesson[key].former is not None for key in plan.placements)
    return (
        weight(Rule.ROOM_STABILITY) * len(taught) + weight(Rule.MIN_WORKING_DAYS) * days - weight(Rule.MOVED) * former
    )


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_objective_is_the_validators_cost_but_for_what_no_choice_changes(random: Random) -> None:
    problem = random_problem(random, hard=False)
    answer = _at(problem, random_plan(random, problem))
    assert answer is not None
    objective, plan = answer
    report = validate(problem, plan)
    assert objective == UNPLACED_COST * report.unplaced + report.cost + _known_difference(problem, plan)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_plan_fits_the_model_exactly_when_the_validator_finds_it_feasible(random: Random) -> None:
    problem = random_problem(random)
    plan = random_plan(random, problem)
    if not plan.placements:
        return
    report = validate(problem, plan)
    assert (_at(problem, plan) is not None) == (report.clashes == 0)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_is_found_holds_for_the_validator_and_costs_no_more_than_the_hint(random: Random) -> None:
    problem = random_problem(random)
    plan = random_plan(random, problem)
    if validate(problem, plan).clashes:
        return
    free = {key for key in problem.lesson if random.random() < 0.6}
    formulation = Formulation(problem, plan, free)
    add_soft_rules(formulation)
    formulation.hint(plan)
    formulation.model.minimize(sum(formulation.objective))
    outcome = solve_from_hint(formulation.model, Budget(seconds=0.5, workers=1))
    assert outcome.values is not None
    found, before = formulation.read(outcome), validate(problem, plan)
    report = validate(problem, found)
    assert report.clashes == 0
    assert (report.unplaced, report.cost) <= (before.unplaced, before.cost)
    assert all(found.placements.get(key) == place for key, place in plan.placements.items() if key not in free)


def test_alike_lessons_keep_their_places_when_those_are_chosen_again() -> None:
    random = Random(3)  # noqa: S311 (a repeatable example)
    problem = random_problem(random, hard=False)
    plan = random_plan(random, problem)
    formulation = Formulation(problem, plan, set(problem.lesson))
    formulation.model.minimize(formulation.moves() + UNPLACED_COST * sum(formulation.left_out.values()))
    found = formulation.read(solve(formulation.model, Budget(seconds=20, workers=1)))
    assert all(found.placements[key] == place for key, place in plan.placements.items())


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_quick_questions_answer_as_the_problem_does(random: Random) -> None:
    problem = random_problem(random)
    for lesson in problem.lessons:
        starts, rooms = problem.starts(lesson), problem.rooms_for(lesson)
        for day in range(-1, problem.grid.days + 1):
            for period in range(-1, problem.grid.periods_per_day + 1):
                assert may_begin(problem, lesson, Slot(day, period)) == (Slot(day, period) in starts)
        for room in problem.rooms:
            assert suits(problem, lesson, room) == (room in rooms)


def test_among_few_rooms_are_those_where_the_search_starts() -> None:
    random = Random(3)  # noqa: S311 (a repeatable example)
    problem = random_problem(random, hard=False)
    start = random_plan(random, problem)
    empty, free = Plan({}), set(problem.lesson)
    without = Formulation(problem, empty, free, rooms_each=0)
    formulation = Formulation(problem, empty, free, rooms_each=0, start=start)
    number = {key: number for number, kind in enumerate(formulation.kinds) for key in kind.keys}
    assert without.size == 0
    assert {(number[key], place) for key, place in start.placements.items()} <= formulation.places.keys()
