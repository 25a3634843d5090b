"""Kempe chains: two periods exchange those lessons that exclude each other, so that nobody clashes more than before.

Lü, Hao, "Adaptive tabu search for course timetabling", European Journal of Operational Research 200 (2010).
"""

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.chance import below
from hub.timetable.solver.compiled import inlined
from hub.timetable.solver.state import FREE, ROOM, START, State
from hub.timetable.solver.tables import (
    CLASHES,
    CLASHES_END,
    DURATION,
    FIXED,
    NOT_THERE,
    ROOMS,
    ROOMS_END,
    SHARED,
    Tables,
)

LESSON, TO_START, TO_ROOM, OLD_START, OLD_ROOM = range(5)
"""The columns of a move's parts, a line per lesson that changes its place. A start of -1 is no place."""
MOST_PARTS = 24
NO_ROOM = -1


@inlined
def chain(t: Tables, s: State, parts: NDArray[np.int32], lesson: int, start: int) -> int:
    """The move that takes the lesson to `start`, those whom it excludes there to where it was, those whom they exclude
    there to `start`, and so on. How many lessons that are; 0 when some can't go, or durations or rooms don't fit.
    """
    old, duration = int(s.place[lesson, START]), int(t.lesson[lesson, DURATION])
    if -duration < start - old < duration:
        return 0
    _join(s, parts, 0, lesson, start)
    count, turn = 1, 0
    while turn < count:
        one, there = int(parts[turn, LESSON]), int(parts[turn, TO_START])
        for room in range(len(s.cells)):
            for slot in range(there, there + duration):
                other = int(s.cells[room, slot])
                if other < 0 or _among(parts, count, other) or not exclude(t, one, other):
                    continue
                back = old + start - there
                if (
                    count == MOST_PARTS
                    or t.lesson[other, FIXED]
                    or s.place[other, START] != there
                    or t.lesson[other, DURATION] != duration
                    or t.start_cost[other, back] == NOT_THERE
                ):
                    return 0
                _join(s, parts, count, other, back)
                count += 1
        turn += 1
    return count if _find_rooms(t, s, parts, count) else 0


@inlined
def _find_rooms(t: Tables, s: State, parts: NDArray[np.int32], count: int) -> bool:
    """First those who can keep their rooms do, then the others get what is left."""
    duration = int(t.lesson[parts[0, LESSON], DURATION])
    for number in range(2 * count):
        part, keeps = number % count, number < count
        if parts[part, TO_ROOM] != NO_ROOM:
            continue
        one = parts[part, LESSON]
        first, rooms = int(t.lesson[one, ROOMS]), int(t.lesson[one, ROOMS_END] - t.lesson[one, ROOMS])
        shift = 0 if keeps else below(s, rooms)
        for nth in range(1 if keeps else rooms):
            room = int(parts[part, OLD_ROOM] if keeps else t.lists[first + (nth + shift) % rooms])
            if _vacant(t, s, parts, count, int(parts[part, TO_START]), room, duration):
                parts[part, TO_ROOM] = room
                break
        if not keeps and parts[part, TO_ROOM] == NO_ROOM:
            return False
    return True


@inlined
def _join(s: State, parts: NDArray[np.int32], part: int, lesson: int, start: int) -> None:
    parts[part, LESSON] = lesson
    parts[part, TO_START] = start
    parts[part, TO_ROOM] = NO_ROOM
    parts[part, OLD_START] = s.place[lesson, START]
    parts[part, OLD_ROOM] = s.place[lesson, ROOM]


@inlined
def _among(parts: NDArray[np.int32], count: int, lesson: int) -> bool:
    for part in range(count):  # noqa: SIM110 (numba has no `any`)
        if parts[part, LESSON] == lesson:
            return True
    return False


@inlined
def exclude(t: Tables, one: int, other: int) -> bool:
    for i in range(t.lesson[one, CLASHES], t.lesson[one, CLASHES_END]):  # noqa: SIM110 (see _among)
        if t.member[other, t.lists[i]]:
            return True
    return False


@inlined
def _vacant(t: Tables, s: State, parts: NDArray[np.int32], count: int, start: int, room: int, duration: int) -> bool:
    """When all parts of the move have left, and those that have a room already have come."""
    for slot in range(start, start + duration):
        there = int(s.cells[room, slot])
        if there != FREE and (there < 0 or not _among(parts, count, there)):
            return False
    if t.room[room, SHARED] == 0:
        for part in range(count):
            if parts[part, TO_ROOM] == room and parts[part, TO_START] == start:
                return False
    return True
