"""A plan under search: arrays with all the counts that costs follow from, and how a lesson enters and leaves them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.compiled import compiled, inlined
from hub.timetable.solver.tables import (
    CLASHES,
    CLASHES_END,
    COUNTED,
    COUNTED_END,
    COURSE,
    DURATION,
    FORMER_ROOM,
    FORMER_START,
    HARD_SHIFT,
    MIN_DAYS_WEIGHT,
    MOST_DAILY,
    MOVED_WEIGHT,
    RIVALS,
    RIVALS_END,
    ROOM_DAILY_COST,
    SHARED,
    STABILITY_WEIGHT,
    WEIGHED,
    WEIGHED_END,
    Tables,
)

FREE, BLOCKED = -1, -2
START, ROOM = 0, 1
"""The columns of State.place."""
COST, MISSING = 0, 1
"""The places in State.totals: hard violations × 2³² + soft cost; lessons without a place."""
DAYS_USED, ROOMS_USED = 0, 1
"""The columns of State.course."""


class State(NamedTuple):
    """Shapes in the letters of Tables."""

    place: NDArray[np.int32]  # n × 2: the slot of the first period, or -1 without a place; the room
    cells: NDArray[np.int32]  # R × S: the lesson there, FREE or BLOCKED; of a shared room never a lesson
    tally: NDArray[np.int16]  # A × S: lessons of the set
    rivals: NDArray[np.int16]  # n × S: lessons that this one excludes
    mask: NDArray[np.int32]  # A × D: periods with a lesson of the set, a bit each
    course: NDArray[np.int32]  # C × 2
    course_day: NDArray[np.int16]  # C × D: lessons
    course_room: NDArray[np.int16]  # C × R: lessons
    room_day: NDArray[np.int16]  # R × D: lessons
    totals: NDArray[np.int64]
    random: NDArray[np.uint64]
    """The one word that all chance comes from."""


def empty_state(t: Tables, seed: int) -> State:
    (lessons, rooms), (sets, days), slots = t.room_cost.shape, t.day_class.shape, t.start_cost.shape[1]
    courses = len(t.min_days)
    state = State(
        place=np.full((lessons, 2), -1, np.int32),
        cells=np.where(t.blocked > 0, BLOCKED, FREE).astype(np.int32),
        tally=np.zeros((sets, slots), np.int16),
        rivals=np.zeros((lessons, slots), np.int16),
        mask=np.zeros((sets, days), np.int32),
        course=np.zeros((courses, 2), np.int32),
        course_day=np.zeros((courses, days), np.int16),
        course_room=np.zeros((courses, rooms), np.int16),
        room_day=np.zeros((rooms, days), np.int16),
        totals=np.zeros(2, np.int64),
        random=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
    )
    state.totals[MISSING] = lessons
    return state


def hard_and_soft(cost: int) -> tuple[int, int]:
    """Hard violations and soft cost of a cost in one number."""
    soft = ((cost + (1 << (HARD_SHIFT - 1))) & ((1 << HARD_SHIFT) - 1)) - (1 << (HARD_SHIFT - 1))
    return (cost - soft) >> HARD_SHIFT, soft


@inlined
def is_met(t: Tables, s: State, lesson: int, start: int) -> bool:
    """Whether one that the lesson excludes is at one of the periods from `start` on that it would take."""
    for slot in range(start, start + t.lesson[lesson, DURATION]):  # noqa: SIM110 (numba has no `any`)
        if s.rivals[lesson, slot] > 0:
            return True
    return False


@inlined
def own_cost(t: Tables, lesson: int, start: int, room: int) -> int:
    """What the lesson costs there whatever the others do."""
    cost = int(t.start_cost[lesson, start]) + int(t.room_cost[lesson, room])
    if t.lesson[lesson, FORMER_START] >= 0 and (
        t.lesson[lesson, FORMER_START] != start or t.lesson[lesson, FORMER_ROOM] != room
    ):
        cost += int(t.weight[MOVED_WEIGHT])
    return cost


@inlined
def days_cost(t: Tables, course: int, days: int) -> int:
    if days == 0 or days >= t.min_days[course]:
        return 0
    return int(t.weight[MIN_DAYS_WEIGHT] * (t.min_days[course] - days))


@inlined
def change(  # noqa: C901, PLR0912 (one function: see `inlined`)
    t: Tables, s: State, lesson: int, start: int, room: int, by: int
) -> None:
    """The lesson is put there (`by` 1; it has no place, the cells are free or the room is shared) or taken off (-1)."""
    line = t.lesson[lesson]
    duration, course, day = line[DURATION], line[COURSE], start // t.periods
    most = 1 if by > 0 else 0
    cost = 0
    for i in range(line[CLASHES], line[CLASHES_END]):
        a = t.lists[i]
        for slot in range(start, start + duration):
            if s.tally[a, slot] + most > 1:
                cost += by << HARD_SHIFT
    for i in range(line[COUNTED], line[COUNTED_END]):
        a = t.lists[i]
        for slot in range(start, start + duration):
            s.tally[a, slot] += by
    for i in range(line[WEIGHED], line[WEIGHED_END]):
        a = t.lists[i]
        before = s.mask[a, day]
        after = before
        for slot in range(start, start + duration):
            bit = 1 << (slot - day * t.periods)
            after = after | bit if s.tally[a, slot] > 0 else after & ~bit
        if after != before:
            kind = t.day_class[a, day]
            cost += t.day_cost[kind, after] - t.day_cost[kind, before]
            s.mask[a, day] = after
    s.course_day[course, day] += by
    if s.course_day[course, day] == most:
        cost -= days_cost(t, course, s.course[course, DAYS_USED])
        s.course[course, DAYS_USED] += by
        cost += days_cost(t, course, s.course[course, DAYS_USED])
    s.course_room[course, room] += by
    if s.course_room[course, room] == most:
        rooms = s.course[course, ROOMS_USED]
        cost += t.weight[STABILITY_WEIGHT] * (max(rooms + by - 1, 0) - max(rooms - 1, 0))
        s.course[course, ROOMS_USED] = rooms + by
    s.room_day[room, day] += by
    if 0 <= t.room[room, MOST_DAILY] < s.room_day[room, day] + 1 - most:
        cost += by * t.weight[ROOM_DAILY_COST]
    if t.room[room, SHARED] == 0:
        for slot in range(start, start + duration):
            s.cells[room, slot] = lesson if by > 0 else FREE
    s.totals[COST] += cost + by * own_cost(t, lesson, start, room)
    s.totals[MISSING] -= by
    s.place[lesson, START] = start if by > 0 else -1
    s.place[lesson, ROOM] = room if by > 0 else -1


@inlined
def tell_rivals(t: Tables, s: State, lesson: int, start: int, by: int) -> None:
    """What `change` leaves to be done when a lesson comes (`by` 1) or leaves: most moves are taken back before."""
    end = start + t.lesson[lesson, DURATION]
    for i in range(t.lesson[lesson, RIVALS], t.lesson[lesson, RIVALS_END]):
        rival = t.lists[i]
        for slot in range(start, end):
            s.rivals[rival, slot] += by


@compiled
def put(t: Tables, s: State, lesson: int, start: int, room: int) -> None:
    """As `change` and `tell_rivals`, for callers outside of the search's loop."""
    change(t, s, lesson, start, room, 1)
    tell_rivals(t, s, lesson, start, 1)


@compiled
def lift(t: Tables, s: State, lesson: int) -> None:
    """A lesson with a place loses it; its cells become free."""
    start, room = int(s.place[lesson, START]), int(s.place[lesson, ROOM])
    change(t, s, lesson, start, room, -1)
    tell_rivals(t, s, lesson, start, -1)
