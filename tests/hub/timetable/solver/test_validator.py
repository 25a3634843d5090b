from typing import Any

import pytest
from hypothesis import given, settings

from hub.timetable.solver.policy import COLLEGE, Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.validator import Report, validate
from tests.factories.timetable_problems import lesson, problem, problems_with_plans
from tests.fixtures.slow_timetable_count import count


def plan(**placements: tuple[int, int, str]) -> Plan:
    """Keys are lessons' with an underscore before."""
    return Plan({key.removeprefix("_"): Placement(*place) for key, place in placements.items()})


def amounts(made: Problem, chosen: Plan) -> dict[Rule, int]:
    return {rule: amount for rule, amount in validate(made, chosen).amounts.items() if rule is not Rule.MOVED}


WIDE = (Room(key="r", name="Room 1", capacity=30), Room(key="l", name="Lab 1", capacity=30))
LUNCH = Grid(days=2, periods_per_day=5, lunch=frozenset({Slot(0, 2), Slot(0, 3)}))


def strict(**changes: Any) -> tuple[Party, ...]:  # noqa: ANN401 (fields of a Party)
    return (Party(key="g", name="Group G", **changes),)


def strict_trainer(**changes: Any) -> tuple[Party, ...]:  # noqa: ANN401 (fields of a Party)
    return (Party(key="t", name="Ms T", **changes),)


CASES: list[tuple[str, Rule, int, Problem, Plan]] = [
    ("nobody placed it", Rule.UNPLACED, 1, problem(lesson()), plan()),
    (
        "one trainer in two rooms at once",
        Rule.TRAINER_CONFLICT,
        1,
        problem(lesson("1", trainer="t"), lesson("2", "b", trainer="t"), rooms=WIDE),
        plan(_1=(0, 0, "r"), _2=(0, 0, "l")),
    ),
    (
        "two periods of three overlap for a group",
        Rule.GROUP_CONFLICT,
        2,
        problem(lesson("1", groups=("g",), duration=3), lesson("2", "b", groups=("h", "g"), duration=2), rooms=WIDE),
        plan(_1=(0, 0, "r"), _2=(0, 1, "l")),
    ),
    (
        "two lessons of one course at once",
        Rule.COURSE_CONFLICT,
        1,
        problem(lesson("1"), lesson("2"), rooms=WIDE, policy=Policy()),
        plan(_1=(0, 0, "r"), _2=(0, 0, "l")),
    ),
    (
        "three lessons in one room",
        Rule.ROOM_CONFLICT,
        2,
        problem(lesson("1"), lesson("2", "b"), lesson("3", "c"), courses=tuple(Course(key=k, name=k) for k in "abc")),
        plan(_1=(1, 1, "r"), _2=(1, 1, "r"), _3=(1, 1, "r")),
    ),
    (
        "runs one period over the day's end",
        Rule.OUTSIDE_HOURS,
        1,
        problem(lesson(duration=2)),
        plan(_1=(0, 4, "r")),
    ),
    (
        "while the college is closed",
        Rule.OUTSIDE_HOURS,
        1,
        problem(lesson(), grid=Grid(days=2, periods_per_day=5, closed=frozenset({Slot(1, 4)}))),
        plan(_1=(1, 4, "r")),
    ),
    (
        "across the break after the second period",
        Rule.BREAK_CROSSED,
        1,
        problem(lesson(duration=3), grid=Grid(days=2, periods_per_day=5, breaks=frozenset({Slot(0, 1), Slot(0, 2)}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "one of its periods is forbidden",
        Rule.LESSON_UNAVAILABLE,
        1,
        problem(lesson(duration=2, unavailable=frozenset({Slot(0, 1)}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "one of its periods is not among the allowed",
        Rule.LESSON_UNAVAILABLE,
        1,
        problem(lesson(duration=2, allowed=frozenset({Slot(0, 1)}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "the trainer is not there",
        Rule.TRAINER_UNAVAILABLE,
        1,
        problem(lesson(trainer="t"), trainers=strict_trainer(unavailable=frozenset({Slot(0, 0)}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "the group is not there",
        Rule.GROUP_UNAVAILABLE,
        1,
        problem(lesson(duration=2, groups=("g",)), groups=strict(unavailable=frozenset({Slot(0, 0)}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "the room is being painted",
        Rule.ROOM_UNAVAILABLE,
        1,
        problem(lesson(), rooms=(Room(key="r", name="R", capacity=30, unavailable=frozenset({Slot(0, 0)})),)),
        plan(_1=(0, 0, "r")),
    ),
    (
        "a room that is not named",
        Rule.ROOM_NOT_ALLOWED,
        1,
        problem(lesson(rooms=frozenset({"l"}))),
        plan(_1=(0, 0, "r")),
    ),
    ("a classroom for a lab lesson", Rule.ROOM_TYPE, 1, problem(lesson(room_type="lab")), plan(_1=(0, 0, "r"))),
    (
        "two features are missing",
        Rule.ROOM_FEATURES,
        2,
        problem(lesson(room_features=frozenset({"gas", "oven"}))),
        plan(_1=(0, 0, "r")),
    ),
    (
        "pinned to another period",
        Rule.PINNED_MOVED,
        1,
        problem(lesson(pinned=Placement(0, 0, "r"))),
        plan(_1=(0, 1, "r")),
    ),
    ("ten stand", Rule.ROOM_CAPACITY, 10, problem(lesson(students=40)), plan(_1=(0, 0, "r"))),
    (
        "three bookings where one a day is allowed",
        Rule.ROOM_DAILY_LOAD,
        2,
        problem(
            lesson("1"), lesson("2"), lesson("3"), rooms=(Room(key="r", name="R", capacity=30, max_daily_lessons=1),)
        ),
        plan(_1=(0, 0, "r"), _2=(0, 1, "r"), _3=(0, 3, "r")),
    ),
    (
        "a group's four periods, three at most",
        Rule.GROUP_DAILY_LOAD,
        1,
        problem(lesson("1", groups=("g",), duration=4), groups=strict(max_daily=3)),
        plan(_1=(0, 0, "r")),
    ),
    (
        "a trainer's four periods, two at most",
        Rule.TRAINER_DAILY_LOAD,
        2,
        problem(lesson("1", trainer="t", duration=4), trainers=strict_trainer(max_daily=2)),
        plan(_1=(0, 0, "r")),
    ),
    (
        "a run of four, two at most",
        Rule.GROUP_CONSECUTIVE,
        2,
        problem(lesson("1", groups=("g",), duration=4), groups=strict(max_consecutive=2)),
        plan(_1=(0, 0, "r")),
    ),
    (
        "runs of two and three with a break between, two at most",
        Rule.TRAINER_CONSECUTIVE,
        1,
        problem(
            lesson("1", trainer="t", duration=2),
            lesson("2", trainer="t", duration=3),
            trainers=strict_trainer(max_consecutive=2),
            grid=Grid(days=2, periods_per_day=5, breaks=frozenset({Slot(0, 1)})),
        ),
        plan(_1=(0, 0, "r"), _2=(0, 2, "r")),
    ),
    (
        "on one day instead of two",
        Rule.MIN_WORKING_DAYS,
        1,
        problem(lesson("1"), lesson("2"), courses=(Course(key="a", name="A", min_days=2),)),
        plan(_1=(0, 0, "r"), _2=(0, 1, "r")),
    ),
    (
        "first and last period of a day, alone",
        Rule.GROUP_LONE_PERIOD,
        2,
        problem(
            lesson("1", groups=("g",)), lesson("2", groups=("g",)), policy=Policy(weights={Rule.GROUP_LONE_PERIOD: 2})
        ),
        plan(_1=(0, 0, "r"), _2=(0, 4, "r")),
    ),
    (
        "two idle periods",
        Rule.GROUP_GAP,
        2,
        problem(
            lesson("1", groups=("g",), duration=2),
            lesson("2", groups=("g",)),
            policy=Policy(weights={Rule.GROUP_GAP: 2}),
        ),
        plan(_1=(0, 0, "r"), _2=(0, 4, "r")),
    ),
    (
        "two idle periods, one of them lunch",
        Rule.TRAINER_GAP,
        1,
        problem(lesson("1", trainer="t", duration=2), lesson("2", trainer="t"), grid=LUNCH),
        plan(_1=(0, 0, "r"), _2=(0, 4, "r")),
    ),
    (
        "lessons all through lunch",
        Rule.LUNCH,
        1,
        problem(lesson("1", trainer="t", duration=3), grid=LUNCH),
        plan(_1=(0, 1, "r")),
    ),
    (
        "in two rooms",
        Rule.ROOM_STABILITY,
        1,
        problem(lesson("1"), lesson("2"), rooms=WIDE),
        plan(_1=(0, 0, "r"), _2=(0, 1, "l")),
    ),
    (
        "one period each outside of the lesson's and the trainer's wishes",
        Rule.PREFERRED,
        2,
        problem(
            lesson(duration=2, trainer="t", preferred=frozenset({Slot(0, 0)})),
            trainers=strict_trainer(preferred=frozenset({Slot(0, 1), Slot(0, 2)})),
        ),
        plan(_1=(0, 0, "r")),
    ),
    ("nineteen empty seats", Rule.ROOM_FIT, 1, problem(lesson(students=11)), plan(_1=(0, 0, "r"))),
]


@pytest.mark.parametrize(("what", "rule", "amount", "made", "chosen"), CASES, ids=[case[0] for case in CASES])
def test_what_is_broken_is_named_with_its_amount(
    what: str, rule: Rule, amount: int, made: Problem, chosen: Plan
) -> None:
    assert amounts(made, chosen) == {rule: amount}, what


def test_every_rule_has_a_case() -> None:
    assert {rule for _, rule, *_ in CASES} | {Rule.MOVED} == set(Rule)


def test_a_lesson_elsewhere_than_before_is_moved_once() -> None:
    made = problem(lesson(former=Placement(0, 0, "l")))
    assert validate(made, plan(_1=(1, 3, "r"))).amounts == {Rule.MOVED: 1}
    assert validate(problem(lesson(former=Placement(0, 0, "r"))), plan(_1=(0, 0, "r"))).violations == ()


def test_a_week_that_breaks_nothing_is_feasible_and_free() -> None:
    made = problem(
        lesson("1", trainer="t", groups=("g",), duration=2),
        lesson("2", "b", trainer="u", groups=("h",), duration=2),
        policy=COLLEGE,
    )
    report = validate(made, plan(_1=(0, 0, "r"), _2=(0, 2, "r")))
    assert report == Report(())
    assert report.feasible
    assert report.cost == 0


def test_a_shared_room_holds_many_lessons() -> None:
    virtual = Room(key="v", name="Online", capacity=99, shared=True)
    made = problem(lesson("1"), lesson("2", "b"), rooms=(virtual,), policy=Policy())
    assert validate(made, plan(_1=(0, 0, "v"), _2=(0, 0, "v"))).violations == ()


def test_costs_are_amounts_by_weight_and_hard_ones_cost_nothing() -> None:
    made = problem(lesson(students=40), policy=Policy(hard=frozenset(), weights={Rule.ROOM_CAPACITY: 3}))
    report = validate(made, plan(_1=(0, 0, "r")))
    assert (report.cost, report.clashes, report.feasible) == (30, 0, True)
    hard = validate(problem(lesson(students=40)), plan(_1=(0, 0, "r")))
    assert (hard.cost, hard.clashes, hard.feasible) == (0, 10, False)


def test_a_soft_rule_without_a_weight_is_not_told() -> None:
    made = problem(lesson(students=11), policy=Policy())
    assert validate(made, plan(_1=(0, 0, "r"))).violations == ()


def test_texts_name_who_and_when() -> None:
    made = problem(
        lesson("1", trainer="t", groups=("g",)),
        lesson("2", "b", trainer="t", groups=("h",)),
        rooms=WIDE,
        policy=Policy(),
        grid=Grid(days=2, periods_per_day=5, day_names=("Monday", "Tuesday"), period_names=("08:00", "09:00")),
    )
    (violation,) = validate(made, plan(_1=(1, 1, "r"), _2=(1, 1, "l"))).violations
    assert violation.text == "Ms T has 2 lessons on Tuesday 09:00: Algebra (Group G), Biology (Group H)."
    assert violation.lessons == ("1", "2")
    assert (violation.subject, violation.day, violation.period) == ("t", 1, 1)


def test_a_plan_of_strangers_is_refused() -> None:
    with pytest.raises(ValueError, match="no lesson 9"):
        validate(problem(lesson()), plan(_9=(0, 0, "r")))
    with pytest.raises(ValueError, match="no room x"):
        validate(problem(lesson()), plan(_1=(0, 0, "x")))


@settings(max_examples=150, deadline=None)
@given(problems_with_plans())
def test_amounts_are_those_of_a_slow_count(case: tuple[Problem, Plan]) -> None:
    made, chosen = case
    report = validate(made, chosen)
    assert dict(report.amounts) == {
        rule: amount for rule, amount in count(made, chosen).items() if amount > 0 and made.policy.looks_at(rule)
    }
    assert report.cost == sum(
        amount * made.policy.weight(rule) for rule, amount in report.amounts.items() if not made.policy.is_hard(rule)
    )


def test_the_week_is_checked_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="no course z"):
        problem(lesson("1", "z"))
    with pytest.raises(ValueError, match="no trainer z"):
        problem(lesson(trainer="z"))
    with pytest.raises(ValueError, match="no class group z"):
        problem(lesson(groups=("z",)))
    with pytest.raises(ValueError, match="two of lesson 1"):
        problem(lesson(), lesson())
    with pytest.raises(ValueError, match="duration must be 1 to 5"):
        problem(lesson(duration=6))
    with pytest.raises(ValueError, match="pinned to a place"):
        problem(lesson(duration=2, pinned=Placement(0, 4, "r")))
    with pytest.raises(ValueError, match="1 to 16 periods"):
        problem(grid=Grid(days=1, periods_per_day=17))


def test_a_policy_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="Can't be held hard: lunch"):
        Policy(hard=frozenset({Rule.LUNCH}))
    with pytest.raises(ValueError, match="without a weight: room_conflict"):
        Policy(weights={Rule.ROOM_CONFLICT: 3})
    with pytest.raises(ValueError, match="0 or more: lunch"):
        Policy(weights={Rule.LUNCH: -1})


def test_starts_and_rooms_are_those_that_break_nothing_by_themselves() -> None:
    made = problem(
        Lesson(key="1", course="a", duration=2, trainer="t", groups=("g",), students=14, room_type="lab"),
        grid=Grid(
            days=2, periods_per_day=5, breaks=frozenset({Slot(0, 1), Slot(1, 0)}), closed=frozenset({Slot(1, 4)})
        ),
        trainers=strict_trainer(unavailable=frozenset({Slot(0, 4)})),
    )
    starts = made.starts(made.lessons[0])
    assert starts == (Slot(0, 0), Slot(0, 2), Slot(1, 1), Slot(1, 2))
    assert [room.key for room in made.rooms_for(made.lessons[0])] == ["l"]
    for day in range(2):
        for period in range(5):
            broken = validate(made, plan(_1=(day, period, "l"))).clashes > 0
            assert broken == (Slot(day, period) not in starts)
