"""What a move is expected to cost is what it costs when it is made."""

from collections.abc import Callable
from random import Random
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hub.timetable.solver import moves
from hub.timetable.solver.chains import LESSON, OLD_START, TO_START
from hub.timetable.solver.problem import Problem
from hub.timetable.solver.search import Chain
from hub.timetable.solver.state import COST, FREE, START, State, lift, put
from hub.timetable.solver.tables import (
    COURSE,
    DURATION,
    FIXED,
    HARD_SHIFT,
    NOT_THERE,
    RIVALS,
    RIVALS_END,
    SHARED,
    Tables,
    build_tables,
)
from tests.factories.timetable_problems import problems

pytestmark = pytest.mark.timeout(600)
"""The search may have to be compiled first, on a busy machine."""


def uncompiled(function: Callable[..., int]) -> Callable[..., int]:
    return cast("Callable[..., int]", cast("Any", function).py_func)


clash_change = uncompiled(moves.clash_change)
clashes = uncompiled(moves.clashes)
meets = uncompiled(moves.meets)
days_change = uncompiled(moves.days_change)
place_change = uncompiled(moves.place_change)


def expected(t: Tables, s: State, lesson: int, start: int, room: int, other: int) -> int:
    return (
        (int(clash_change(t, s, lesson, start, other)) << HARD_SHIFT)
        + int(days_change(t, s, lesson, start, other))
        + int(place_change(t, s, lesson, start, room, other))
    )


def searched(made: Problem, seed: int) -> tuple[Tables, State]:
    tables = build_tables(made)
    chain = Chain(made, tables, seed)
    chain.run(lambda done: done / 50_000, lambda _: None)
    return tables, chain._state


def rivals_there(t: Tables, s: State, lesson: int, start: int) -> list[int]:
    """Who excludes the lesson and is at one of the periods that it would take, once for each period."""
    durations, rivals = t.lesson[:, DURATION], t.lists[t.lesson[lesson, RIVALS] : t.lesson[lesson, RIVALS_END]]
    return [
        int(other)
        for other in rivals
        for slot in range(start, start + durations[lesson])
        if 0 <= s.place[other, START] <= slot < s.place[other, START] + durations[other]
    ]


@settings(max_examples=40, deadline=None, phases=[phase for phase in Phase if phase is not Phase.shrink])
@given(problems(), st.integers(0, 99))
def test_a_move_meets_whoever_it_would_clash_with_and_does_not_move(made: Problem, seed: int) -> None:
    t, s = searched(made, seed)
    random = Random(seed)  # noqa: S311 (a test)
    for one in range(len(s.place)):
        now = int(s.place[one, START])
        assert clashes(t, s, one) == (now < 0 or bool(rivals_there(t, s, one, now)))
        starts = np.flatnonzero(t.start_cost[one] != NOT_THERE).tolist()
        moved = random.sample([other for other in range(len(s.place)) if other != one], min(3, len(s.place) - 1))
        parts = np.full((1 + len(moved), 5), -1, np.int32)
        parts[:, LESSON] = [one, *moved]
        parts[:, OLD_START] = s.place[[one, *moved], START]
        for start in starts:
            parts[0, TO_START] = start
            assert meets(t, s, parts, len(parts), 0) == bool(set(rivals_there(t, s, one, start)) - set(moved))


def free(t: Tables, s: State, lesson: int, start: int, room: int) -> bool:
    cells = s.cells[room, start : start + int(t.lesson[lesson, DURATION])]
    return all(there in {FREE, lesson} for there in cells)


@settings(max_examples=40, deadline=None, phases=[phase for phase in Phase if phase is not Phase.shrink])
@given(problems(), st.integers(0, 99))
def test_a_lesson_that_goes_elsewhere_costs_what_was_expected(made: Problem, seed: int) -> None:
    t, s = searched(made, seed)
    random = Random(seed)  # noqa: S311 (a test)
    for lesson in [lesson for lesson in range(len(s.place)) if s.place[lesson, START] >= 0]:
        targets = [
            (start, room)
            for start in range(t.start_cost.shape[1])
            for room in range(len(s.cells))
            if t.start_cost[lesson, start] != NOT_THERE
            and t.room_cost[lesson, room] != NOT_THERE
            and free(t, s, lesson, start, room)
        ]
        for start, room in random.sample(targets, min(4, len(targets))):
            moves_in_time = start != s.place[lesson, START]
            told = (expected if moves_in_time else place_change)(t, s, lesson, start, room, -1)
            before = int(s.totals[COST])
            lift(t, s, lesson)
            put(t, s, lesson, start, room)
            assert int(s.totals[COST]) - before == told


@settings(max_examples=40, deadline=None, phases=[phase for phase in Phase if phase is not Phase.shrink])
@given(problems(), st.integers(0, 99))
def test_two_lessons_that_change_places_cost_what_was_expected(made: Problem, seed: int) -> None:
    t, s = searched(made, seed)
    placed = [lesson for lesson in range(len(s.place)) if s.place[lesson, START] >= 0 and not t.lesson[lesson, FIXED]]
    for one in placed:
        for two in placed:
            if (
                one >= two
                or t.lesson[one, DURATION] != t.lesson[two, DURATION]
                or t.lesson[one, COURSE] == t.lesson[two, COURSE]
            ):
                continue
            (start, room), (other_start, other_room) = map(tuple, (s.place[one].tolist(), s.place[two].tolist()))
            if (
                start == other_start
                or t.room[[room, other_room], SHARED].any()
                or NOT_THERE in (t.start_cost[one, other_start], t.start_cost[two, start])
                or NOT_THERE in (t.room_cost[one, other_room], t.room_cost[two, room])
                or (room == other_room and abs(start - other_start) < t.lesson[one, DURATION])
            ):
                continue
            told = expected(t, s, one, other_start, other_room, two) + expected(t, s, two, start, room, one)
            before = int(s.totals[COST])
            lift(t, s, one)
            lift(t, s, two)
            put(t, s, one, other_start, other_room)
            put(t, s, two, start, room)
            assert int(s.totals[COST]) - before == told
