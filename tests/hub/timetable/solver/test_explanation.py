from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.timetable.solver.cp_sat import Budget, solve
from hub.timetable.solver.explanation import Core, explain, only
from hub.timetable.solver.formulation import Formulation
from hub.timetable.solver.policy import Policy
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.shortages import Shortage, shortages
from hub.timetable.solver.validator import validate
from tests.factories.weeks import random_problem

MONDAY = tuple(Slot(0, period) for period in range(4))


def _week(*lessons: Lesson, **changes: object) -> Problem:
    week = Problem(
        grid=Grid(days=2, periods_per_day=4, day_names=("Monday", "Tuesday")),
        rooms=(
            Room(key="a", name="Room A", type="classroom", capacity=30),
            Room(key="w", name="Workshop 1", type="workshop", capacity=20),
        ),
        groups=(Party(key="g", name="DSE-A"), Party(key="h", name="DSE-B")),
        trainers=(Party(key="t", name="Ms Rao"), Party(key="u", name="Mr Das")),
        courses=tuple(Course(key=key, name=key.title()) for key in ("databases", "welding", "maths")),
        lessons=lessons,
        policy=Policy(),
    )
    return replace(week, **changes)  # type: ignore[arg-type]


def _lessons(course: str, count: int, **fields: object) -> list[Lesson]:
    return [Lesson(key=f"{course}{number}", course=course, **fields) for number in range(count)]  # type: ignore[arg-type]


def _texts(problem: Problem) -> list[str]:
    return [shortage.text for shortage in shortages(problem)]


def test_a_group_with_fewer_periods_than_it_needs_is_named_with_both_numbers() -> None:
    problem = _week(*_lessons("maths", 9, groups=("g",)))
    assert "DSE-A needs 9 periods, has 8." in _texts(problem)
    assert _texts(_week(*_lessons("maths", 8, groups=("g",)))) == []


def test_a_daily_maximum_counts_only_when_it_is_hard() -> None:
    tired = (Party(key="t", name="Ms Rao", max_daily=2), Party(key="u", name="Mr Das"))
    problem = _week(*_lessons("maths", 5, trainer="t"), trainers=tired)
    assert _texts(problem) == ["Ms Rao needs 5 periods, has 4."]
    assert _texts(replace(problem, policy=Policy(hard=frozenset()))) == []


def test_lessons_that_share_too_few_open_periods_are_matched_and_named() -> None:
    morning = frozenset({Slot(0, 0), Slot(1, 0)})
    problem = _week(*_lessons("databases", 3, groups=("g",), allowed=morning), *_lessons("maths", 2, groups=("g",)))
    [shortage] = shortages(problem)
    assert shortage.text == "DSE-A: Databases (DSE-A) need 3 periods, of which 2 are open to them."
    assert shortage.lessons == ("databases0", "databases1", "databases2")


def test_long_lessons_need_stretches_that_no_break_interrupts() -> None:
    grid = Grid(days=2, periods_per_day=4, breaks=frozenset({Slot(0, 1), Slot(0, 2), Slot(1, 1)}))
    problem = _week(*_lessons("welding", 4, duration=2, groups=("g",)), grid=grid)
    assert "DSE-A: 4 lessons need 2 periods on end; 3 such stretches are open." in _texts(problem)


def test_a_type_of_room_is_named_with_the_room_periods_it_lacks() -> None:
    half = (_week().rooms[0], replace(_week().rooms[1], unavailable=frozenset(MONDAY)))
    lessons = [*_lessons("welding", 3, groups=("g",)), *_lessons("maths", 3, groups=("h",))]
    problem = _week(*(replace(lesson, room_type="workshop") for lesson in lessons), rooms=half)
    assert _texts(problem) == ["Rooms of type workshop: 6 lessons need 6 room-periods, 4 are free."]


def test_long_lessons_that_fill_a_rooms_week_are_counted_as_lessons() -> None:
    lessons = [*_lessons("welding", 2, duration=3, groups=("g",)), *_lessons("maths", 2, duration=3, groups=("h",))]
    grid = Grid(days=3, periods_per_day=4)
    problem = _week(*(replace(lesson, room_type="workshop") for lesson in lessons), grid=grid)
    assert _texts(problem) == ["Rooms of type workshop: 4 lessons of 3 periods have to be there, 3 fit in a week."]


def test_a_lesson_without_any_room_says_what_it_needs() -> None:
    problem = _week(*_lessons("welding", 2, groups=("g",), students=25, room_type="workshop"))
    [shortage] = shortages(problem)
    assert shortage.text == "Welding (DSE-A) has no room that is right for it: it needs type workshop, 25 seats."
    assert shortage.lessons == ("welding0", "welding1")


def test_a_lesson_whose_people_are_never_there_together_has_no_time() -> None:
    groups = (Party(key="g", name="DSE-A", unavailable=frozenset(MONDAY)), Party(key="h", name="DSE-B"))
    trainers = (
        Party(key="t", name="Ms Rao", unavailable=frozenset(Slot(1, period) for period in range(4))),
        Party(key="u", name="Mr Das"),
    )
    problem = _week(*_lessons("maths", 1, groups=("g",), trainer="t"), groups=groups, trainers=trainers)
    assert _texts(problem) == ["Maths (DSE-A) has no time: Ms Rao and DSE-A are free for it never for 1 period on end."]


def test_pinned_lessons_that_meet_are_told_in_the_validators_words() -> None:
    at = Placement(0, 0, "a")
    problem = _week(*_lessons("maths", 1, trainer="t", pinned=at), *_lessons("databases", 1, groups=("g",), pinned=at))
    assert _texts(problem) == ["Pinned lessons: Room A has 2 lessons on Monday, period 1: Maths, Databases (DSE-A)."]


def _three_in_a_ring() -> Problem:
    """Each pair shares somebody, all three may be on two periods only; no group, trainer or room is short by itself."""
    two = frozenset({Slot(0, 0), Slot(0, 1)})
    return _week(
        Lesson(key="x", course="databases", groups=("g",), trainer="t", allowed=two),
        Lesson(key="y", course="welding", groups=("h",), trainer="t", allowed=two),
        Lesson(key="z", course="maths", groups=("g", "h"), trainer="u", allowed=two),
        Lesson(key="free", course="maths", groups=("g",)),
    )


def test_what_counting_does_not_see_is_a_core_checked_again() -> None:
    problem = _three_in_a_ring()
    assert shortages(problem) == ()
    explanation = explain(problem, Budget(seconds=10, workers=1))
    [core] = explanation.cores
    assert set(core.lessons) == {"x", "y", "z"}
    assert core.minimal
    assert core.text == (
        "These 3 lessons can't all be placed: Databases (DSE-A), Welding (DSE-B), Maths (DSE-A, DSE-B). "
        "Any one fewer, and the rest of them can."
    )
    assert explanation.infeasible


def test_a_week_that_can_be_planned_is_answered_with_a_plan_that_holds() -> None:
    problem = replace(_three_in_a_ring(), lessons=_three_in_a_ring().lessons[:2])
    explanation = explain(problem, Budget(seconds=10, workers=1))
    assert not explanation.infeasible
    assert explanation.plan is not None
    assert validate(problem, explanation.plan).feasible


def _can_be_planned(problem: Problem, keys: tuple[str, ...]) -> bool:
    some = only(problem, keys)
    outcome = solve(Formulation(some, Plan({}), set(keys), elastic=False).model, Budget(seconds=20, workers=1))
    assert outcome.infeasible or outcome.values is not None
    return not outcome.infeasible


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_is_called_impossible_is_and_what_is_not_has_a_plan(random: Random) -> None:
    problem = random_problem(random, courses=5, days=2, periods=4)
    explanation = explain(problem, Budget(seconds=20, workers=1))
    impossible: list[Shortage | Core] = [*explanation.shortages, *explanation.cores]
    for found in impossible:
        assert not _can_be_planned(problem, found.lessons)
        if isinstance(found, Core):
            assert found.minimal
            for key in found.lessons:
                rest = tuple(other for other in found.lessons if other != key)
                assert not rest or _can_be_planned(problem, rest)
    assert explanation.infeasible != (explanation.plan is not None)
    if explanation.plan is not None:
        assert validate(problem, explanation.plan).feasible
