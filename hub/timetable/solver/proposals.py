"""Which change the search tries next: one lesson goes elsewhere, and whoever is there comes to its place."""

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.chains import LESSON, OLD_ROOM, OLD_START, TO_ROOM, TO_START, chain
from hub.timetable.solver.chance import below, uniform
from hub.timetable.solver.compiled import inlined
from hub.timetable.solver.state import BLOCKED, FREE, ROOM, START, State, is_met
from hub.timetable.solver.tables import (
    COURSE,
    DURATION,
    FIXED,
    NOT_THERE,
    ROOMS,
    ROOMS_END,
    SHARED,
    STARTS,
    STARTS_END,
    Tables,
)


@inlined
def propose(  # noqa: C901, PLR0912 (one function: see `inlined`)
    t: Tables, s: State, parts: NDArray[np.int32], shares: NDArray[np.float64], draws: int
) -> tuple[int, bool]:
    """A random move into `parts`: how many lessons change their place by it (0: it can't be made), and whether it is an
    exchange as `moves` means it: one lesson goes to free cells, or two of one duration change places.

    Below `shares[0]` of the moves change the room alone, below `shares[1]` go to another lesson's place, below
    `shares[2]` change the period alone, below `shares[3]` are chains, the rest changes both. But for chains a place
    where the lesson would clash is drawn anew, `draws` times in all.
    """
    lesson = int(t.movable[below(s, len(t.movable))])
    old, old_room = int(s.place[lesson, START]), int(s.place[lesson, ROOM])
    start, room = old, old_room
    kind = uniform(s) if old >= 0 else 1.0
    first, starts = int(t.lesson[lesson, STARTS]), int(t.lesson[lesson, STARTS_END] - t.lesson[lesson, STARTS])
    for _ in range(0 if kind < shares[0] else 1 if shares[2] <= kind < shares[3] else draws):
        if kind < shares[1]:
            other = t.movable[below(s, len(t.movable))]
            start, room = int(s.place[other, START]), int(s.place[other, ROOM])
        else:
            start = int(t.lists[first + below(s, starts)])
        if start != old and start >= 0 and t.start_cost[lesson, start] != NOT_THERE and not is_met(t, s, lesson, start):
            break
    if kind < shares[0] or kind >= shares[3]:
        first, end = t.lesson[lesson, ROOMS], t.lesson[lesson, ROOMS_END]
        room = int(t.lists[first + below(s, end - first)])
    if shares[2] <= kind < shares[3]:
        count = chain(t, s, parts, lesson, start)
        return count, count == 1
    if (start == old and room == old_room) or not fits(t, lesson, start, room):
        return 0, False
    found = FREE
    for slot in range(start, start + t.lesson[lesson, DURATION]):
        there = int(s.cells[room, slot])
        if there == BLOCKED or (there >= 0 and t.lesson[there, FIXED]):
            return 0, False
        if there != FREE and there != lesson:  # noqa: PLR1714 (numba has no `in`)
            found = there
    _fill(parts, 0, lesson, start, room, old, old_room)
    if found == FREE:
        return 1, old >= 0
    if old >= 0 and s.place[found, START] == start and t.lesson[found, DURATION] == t.lesson[lesson, DURATION]:
        if t.lesson[found, COURSE] == t.lesson[lesson, COURSE] or not fits(t, found, old, old_room):
            return 0, False
        _fill(parts, 1, found, old, old_room, start, room)
        return 2, True
    if old >= 0 and not _inside(t, s, found, start, start + t.lesson[lesson, DURATION]):
        # The one that is there sticks out: let it be the one that goes, to where it covers the first one's place.
        old, start = int(s.place[found, START]), old - (start - int(s.place[found, START]))
        old_room, room, lesson = room, old_room, found
        if start < 0 or t.room[room, SHARED] != 0 or not fits(t, lesson, start, room):
            return 0, False
        _fill(parts, 0, lesson, start, room, old, old_room)
    return _displace(t, s, parts), False


@inlined
def fits(t: Tables, lesson: int, start: int, room: int) -> bool:
    if not 0 <= start < t.start_cost.shape[1]:
        return False
    return bool(t.start_cost[lesson, start] != NOT_THERE and t.room_cost[lesson, room] != NOT_THERE)


@inlined
def _inside(t: Tables, s: State, lesson: int, start: int, end: int) -> bool:
    begin = int(s.place[lesson, START])
    return start <= begin and begin + int(t.lesson[lesson, DURATION]) <= end


@inlined
def _displace(t: Tables, s: State, parts: NDArray[np.int32]) -> int:
    """Completes a move whose first part is there: all who are in its way come to the place that it leaves, each as far
    from the beginning as before; when it leaves none, they lose theirs.
    """
    lesson, start, room = int(parts[0, LESSON]), int(parts[0, TO_START]), int(parts[0, TO_ROOM])
    old, old_room = int(parts[0, OLD_START]), int(parts[0, OLD_ROOM])
    end, count = start + int(t.lesson[lesson, DURATION]), 1
    for slot in range(start, end):
        there = int(s.cells[room, slot])
        if there == BLOCKED or there == lesson or (there >= 0 and t.lesson[there, FIXED]):  # noqa: PLR1714, SIM109
            return 0
        if there == FREE or there == parts[count - 1, LESSON]:
            continue
        begin = int(s.place[there, START])
        to_start = old + begin - start if old >= 0 else -1
        if old >= 0 and not (_inside(t, s, there, start, end) and fits(t, there, to_start, old_room)):
            return 0
        _fill(parts, count, there, to_start, old_room, begin, room)
        count += 1
    return count


@inlined
def _fill(parts: NDArray[np.int32], part: int, lesson: int, start: int, room: int, old: int, old_room: int) -> None:
    parts[part, LESSON] = lesson
    parts[part, TO_START] = start
    parts[part, TO_ROOM] = room
    parts[part, OLD_START] = old
    parts[part, OLD_ROOM] = old_room
