"""The compiled search: what it counts is what the validator counts, and what it gives is a plan."""

import time

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hub.timetable.solver.generation import Progress, generate, warm_up
from hub.timetable.solver.policy import EITHER, Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Problem, Room, Slot
from hub.timetable.solver.search import Chain, as_plan
from hub.timetable.solver.state import COST, MISSING, State, hard_and_soft
from hub.timetable.solver.tables import build_tables
from hub.timetable.solver.validator import Report, validate
from tests.factories.timetable_problems import lesson, problem, problems

pytestmark = pytest.mark.timeout(600)
"""The search may have to be compiled first, on a busy machine."""

SEARCH = [phase for phase in Phase if phase is not Phase.shrink]
"""Shrinking would run thousands of searches."""


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm_up()


def state_of(chain: Chain) -> State:
    return chain._state


def college(*, max_daily: int | None = None, max_consecutive: int | None = None) -> Problem:
    """Twelve courses of a double and two single lessons; 16 of 24 periods for each of three groups and trainers."""
    return Problem(
        grid=Grid(days=4, periods_per_day=6, breaks=frozenset(Slot(day, 2) for day in range(4))),
        rooms=tuple(Room(key=f"r{number}", name=f"R{number}", capacity=30) for number in range(3)),
        groups=tuple(
            Party(key=f"g{number}", name=f"G{number}", max_daily=max_daily, max_consecutive=max_consecutive)
            for number in range(3)
        ),
        trainers=tuple(Party(key=f"t{number}", name=f"T{number}") for number in range(3)),
        courses=tuple(Course(key=f"c{number}", name=f"C{number}", min_days=3) for number in range(12)),
        lessons=tuple(
            Lesson(
                key=f"{course}.{number}",
                course=f"c{course}",
                duration=2 if number == 0 else 1,
                trainer=f"t{course // 4}",
                groups=(f"g{course % 3}",),
                students=25,
            )
            for course in range(12)
            for number in range(3)
        ),
    )


def same_hard(report: Report, hard: int) -> bool:
    """The search leaves out rules that can't be broken in it, and clashes that another set counts already."""
    return (report.clashes == 0) == (hard == 0)


@settings(max_examples=50, deadline=None, phases=SEARCH)
@given(problems(), st.integers(0, 99))
def test_costs_of_the_search_are_the_validators(made: Problem, seed: int) -> None:
    """Rooms without seats for a lesson and clashes come and go; the state is what thousands of moves left."""
    tables = build_tables(made)
    chain = Chain(made, tables, seed)
    chain.run(lambda moves: moves / 50_000, lambda _: None)
    state = state_of(chain)
    report = validate(made, as_plan(made, state.place))
    hard, soft = hard_and_soft(int(state.totals[COST]))
    assert soft == report.cost
    assert same_hard(report, hard)
    assert int(state.totals[MISSING]) == report.unplaced


@settings(max_examples=40, deadline=None, phases=SEARCH)
@given(problems(), st.integers(0, 99))
def test_no_plan_has_clashes_and_each_missing_lesson_has_its_reason(made: Problem, seed: int) -> None:
    result = generate(made, moves=50_000, seed=seed)
    assert result.report.clashes == 0
    assert result.report == validate(made, result.plan)
    assert set(result.reasons) == {each.key for each in made.lessons} - set(result.plan.placements)
    assert len(result.reasons) == result.report.unplaced


def test_a_college_gets_a_week_without_flaws_worth_naming() -> None:
    result = generate(college(), moves=1_000_000)
    assert result.report.feasible
    assert result.reasons == {}
    assert result.report.amounts.get(Rule.MIN_WORKING_DAYS, 0) == 0
    assert result.report.cost <= 25


def test_the_same_seed_and_moves_give_the_same_plan_on_any_number_of_cores() -> None:
    one = generate(college(), moves=200_000, seed=7, chains=2, cores=1)
    two = generate(college(), moves=200_000, seed=7, chains=2, cores=2)
    assert one.plan == two.plan
    assert (one.seed, one.moves) == (two.seed, two.moves)
    assert generate(college(), moves=200_000, seed=8).plan != generate(college(), moves=200_000, seed=7).plan


def test_more_moves_make_a_better_week() -> None:
    assert generate(college(), moves=1_000_000).report.cost < generate(college(), moves=50_000).report.cost


def test_hard_daily_maxima_hold() -> None:
    result = generate(college(max_daily=5, max_consecutive=3), moves=500_000)
    assert result.report.feasible
    assert Rule.GROUP_DAILY_LOAD in result.report.amounts or result.report.amounts.get(Rule.GROUP_DAILY_LOAD, 0) == 0
    assert not generate(college(max_daily=2), moves=100_000).report.feasible


def test_a_pinned_lesson_stays_and_others_keep_out_of_its_way() -> None:
    made = problem(
        lesson("1", pinned=Placement(1, 2, "r"), trainer="t", groups=("g",)),
        *(lesson(str(key), "b", trainer="t", groups=("g",)) for key in range(2, 11)),
        policy=Policy(),
    )
    result = generate(made, moves=100_000)
    assert result.plan.placements["1"] == Placement(1, 2, "r")
    assert result.report.feasible


def test_a_pinned_lesson_stays_even_where_it_may_not_be() -> None:
    made = problem(
        lesson("1", pinned=Placement(0, 0, "l"), unavailable=frozenset({Slot(0, 0)})), lesson("2"), policy=Policy()
    )
    result = generate(made, moves=50_000)
    assert result.plan.placements["1"] == Placement(0, 0, "l")
    assert result.report.amounts == {Rule.LESSON_UNAVAILABLE: 1, Rule.ROOM_CAPACITY: 10}


def test_all_but_the_lessons_that_do_not_fit_are_placed() -> None:
    made = problem(*(lesson(str(key), trainer="t", groups=("g",)) for key in range(12)), policy=Policy())
    result = generate(made, moves=100_000)
    assert result.report.amounts == {Rule.UNPLACED: 2}
    (reason, _) = result.reasons.values()
    assert reason.startswith("Algebra (Group G): of the 10 times that it could start, these are in the way:")
    assert "Ms T (10 times)" in reason


def test_lessons_without_any_room_or_time_are_left_out_by_name() -> None:
    never = (Party(key="t", name="Ms T", unavailable=frozenset(Slot(d, p) for d in range(2) for p in range(5))),)
    made = problem(
        lesson("1", students=31),
        lesson("2", "b", trainer="t"),
        lesson("3", room_type="lab", room_features=frozenset({"oven"})),
        trainers=never,
        policy=Policy(),
    )
    assert generate(made, moves=50_000).reasons == {
        "1": "Algebra: no room is large enough for 31.",
        "2": "Biology: trainer and class groups are never there together for 1 periods on end.",
        "3": "Algebra: no room is of type lab and equipped with oven and large enough for 25.",
    }


def test_full_rooms_are_named_as_the_reason() -> None:
    made = problem(*(lesson(str(key), "ab"[key % 2], students=20) for key in range(11)), policy=Policy())
    (reason,) = generate(made, moves=100_000).reasons.values()
    assert "all 1 rooms that are large enough for 20" in reason


def test_least_change_keeps_what_need_not_move() -> None:
    before = generate(college(), moves=200_000)
    policy = Policy(hard=EITHER, weights={Rule.MOVED: 1})
    again = Problem(
        **{
            **{name: getattr(college(), name) for name in ("grid", "groups", "trainers", "courses")},
            "rooms": (
                Room(key="r0", name="R0", capacity=30, unavailable=frozenset({Slot(0, 0)})),
                *college().rooms[1:],
            ),
            "lessons": tuple(
                Lesson(
                    key=each.key,
                    course=each.course,
                    duration=each.duration,
                    trainer=each.trainer,
                    groups=each.groups,
                    students=each.students,
                    former=before.plan.placements[each.key],
                )
                for each in college().lessons
            ),
            "policy": policy,
        }
    )
    after = generate(again, moves=1_000_000)
    assert after.report.feasible
    assert after.report.amounts.get(Rule.MOVED, 0) <= 2


def test_time_given_is_kept_and_progress_told() -> None:
    told: list[Progress] = []
    begin = time.monotonic()
    result = generate(college(), seconds=2.5, on_progress=told.append)
    assert time.monotonic() - begin < 5
    assert len(told) >= 2
    assert told[-1].part_done == 1
    assert [each.moves for each in told] == sorted(each.moves for each in told)
    assert told[-1].report.cost >= result.report.cost
    assert result.moves == told[-1].moves


def test_a_cancelled_search_gives_the_best_so_far() -> None:
    begin = time.monotonic()
    result = generate(college(), seconds=600, is_cancelled=lambda: True)
    assert result.cancelled
    assert result.report.unplaced == 0
    assert time.monotonic() - begin < 30


def test_a_listener_that_fails_ends_the_search() -> None:
    def fail(_: Progress) -> None:
        raise OSError("gone")

    begin = time.monotonic()
    with pytest.raises(OSError, match="gone"):
        generate(college(), seconds=600, on_progress=fail)
    assert time.monotonic() - begin < 30


def test_either_time_or_moves_are_given() -> None:
    with pytest.raises(ValueError, match="either seconds or moves"):
        generate(college())
    with pytest.raises(ValueError, match="either seconds or moves"):
        generate(college(), seconds=1, moves=1)
    with pytest.raises(ValueError, match="at least one chain"):
        generate(college(), moves=1, cores=0)


def test_chance_is_even() -> None:
    """Of 50,000 moves with one lesson and 24 starts, each start is met."""
    made = Problem(
        grid=Grid(days=4, periods_per_day=6),
        rooms=(Room(key="r", name="R", capacity=1),),
        groups=(),
        trainers=(),
        courses=(Course(key="c", name="C"),),
        lessons=(Lesson(key="1", course="c"),),
        policy=Policy(),
    )
    starts = {generate(made, moves=50_000, seed=seed).plan.placements["1"].slot for seed in range(150)}
    assert len(starts) > 20
    assert np.bincount([start.day for start in starts]).min() >= 4
