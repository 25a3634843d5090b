"""The last step to a plan that can be offered: who clashes loses the place, who has none gets what is free."""

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.problem import Problem
from hub.timetable.solver.search import put_pinned
from hub.timetable.solver.state import COST, FREE, ROOM, START, State, empty_state, hard_and_soft, lift, put
from hub.timetable.solver.tables import (
    CLASHES,
    CLASHES_END,
    DURATION,
    ROOMS,
    ROOMS_END,
    STARTS,
    STARTS_END,
    Tables,
)


def complete(problem: Problem, tables: Tables, place: NDArray[np.int32]) -> NDArray[np.int32]:
    """`place` (as State.place) without hard violations, but for those that pinned lessons alone make: first those
    lessons that clash most lose their places, then lessons without one get the cheapest that clashes with nothing.
    """
    state = empty_state(tables, 0)
    put_pinned(problem, tables, state)
    for lesson in map(int, tables.movable):
        if place[lesson, START] >= 0:
            put(tables, state, lesson, int(place[lesson, START]), int(place[lesson, ROOM]))
    while _hard(state) > 0 and (worst := _worst(tables, state)) is not None:
        lift(tables, state, worst)
    for lesson in _hardest_first(tables, state):
        _place(tables, state, lesson)
    return state.place


def _hard(state: State) -> int:
    return hard_and_soft(int(state.totals[COST]))[0]


def _worst(tables: Tables, state: State) -> int | None:
    """The lesson whose leaving mends most, and of those saves most; None when no leaving mends anything."""
    now, worst, least = _hard(state), None, 0
    for lesson in map(int, tables.movable):
        start, room = map(int, state.place[lesson])
        if start < 0:
            continue
        lift(tables, state, lesson)
        if _hard(state) < now and (worst is None or state.totals[COST] < least):
            worst, least = lesson, int(state.totals[COST])
        put(tables, state, lesson, start, room)
    return worst


def _hardest_first(tables: Tables, state: State) -> list[int]:
    missing = [int(lesson) for lesson in tables.movable if state.place[lesson, START] < 0]
    line = tables.lesson
    return sorted(
        missing,
        key=lambda lesson: (
            (line[lesson, STARTS_END] - line[lesson, STARTS]) * (line[lesson, ROOMS_END] - line[lesson, ROOMS]),
            lesson,
        ),
    )


def _place(tables: Tables, state: State, lesson: int) -> None:
    line, before = tables.lesson[lesson], _hard(state)
    clashes = tables.lists[line[CLASHES] : line[CLASHES_END]]
    best: tuple[int, int, int] | None = None
    for start in map(int, tables.lists[line[STARTS] : line[STARTS_END]]):
        slots = slice(start, start + int(line[DURATION]))
        if state.tally[clashes, slots].any():
            continue
        for room in map(int, tables.lists[line[ROOMS] : line[ROOMS_END]]):
            if (state.cells[room, slots] != FREE).any():
                continue
            put(tables, state, lesson, start, room)
            if _hard(state) <= before and (best is None or (int(state.totals[COST]), start, room) < best):
                best = int(state.totals[COST]), start, room
            lift(tables, state, lesson)
    if best is not None:
        put(tables, state, lesson, best[1], best[2])
