"""What a lesson's change of place would cost, without making it. All of it is inlined into the search's loop."""

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.chains import LESSON, OLD_START, TO_START, exclude
from hub.timetable.solver.compiled import inlined
from hub.timetable.solver.state import (
    DAYS_USED,
    ROOM,
    ROOMS_USED,
    START,
    State,
    days_cost,
    is_met,
    own_cost,
)
from hub.timetable.solver.tables import (
    CLASHES,
    CLASHES_END,
    COURSE,
    DURATION,
    MOST_DAILY,
    ROOM_DAILY_COST,
    STABILITY_WEIGHT,
    WEIGHED,
    WEIGHED_END,
    Tables,
)


@inlined
def meets(t: Tables, s: State, parts: NDArray[np.int32], count: int, part: int) -> bool:
    """Whether the part's lesson, when it comes, meets one that it excludes and that the move leaves where it is."""
    lesson, start = int(parts[part, LESSON]), int(parts[part, TO_START])
    if start < 0:
        return False
    end, met = start + int(t.lesson[lesson, DURATION]), 0
    for slot in range(start, end):
        met += s.rivals[lesson, slot]
    for each in range(count if met > 0 else 0):
        other, begin = int(parts[each, LESSON]), int(parts[each, OLD_START])
        both = min(end, begin + int(t.lesson[other, DURATION])) - max(start, begin)
        if each != part and begin >= 0 and both > 0 and exclude(t, lesson, other):
            met -= both
    return met > 0


@inlined
def clashes(t: Tables, s: State, lesson: int) -> bool:
    """Whether the lesson clashes where it is now, or has no place."""
    start = int(s.place[lesson, START])
    return start < 0 or is_met(t, s, lesson, start)


@inlined
def clash_change(t: Tables, s: State, lesson: int, start: int, other: int) -> int:
    """Clashes more (or less) when the lesson starts at `start`, without regard to sets that `other` (-1: nobody) is in
    too: two lessons of one duration that change places leave those as they are.
    """
    old, duration = s.place[lesson, START], t.lesson[lesson, DURATION]
    more = 0
    for i in range(t.lesson[lesson, CLASHES], t.lesson[lesson, CLASHES_END]):
        a = t.lists[i]
        if other >= 0 and t.member[other, a]:
            continue
        for offset in range(duration):
            if s.tally[a, old + offset] > 1:
                more -= 1
            slot = start + offset
            if s.tally[a, slot] > (1 if old <= slot < old + duration else 0):
                more += 1
    return more


@inlined
def days_change(t: Tables, s: State, lesson: int, start: int, other: int) -> int:
    """As clash_change: the cost more of the days of those who are in the lesson."""
    old, duration = s.place[lesson, START], t.lesson[lesson, DURATION]
    old_day, day = old // t.periods, start // t.periods
    old_period = old - old_day * t.periods
    bits = ((1 << duration) - 1) << (start - day * t.periods)
    more = 0
    for i in range(t.lesson[lesson, WEIGHED], t.lesson[lesson, WEIGHED_END]):
        a = t.lists[i]
        if other >= 0 and t.member[other, a]:
            continue
        before = int(s.mask[a, old_day])
        after = before
        for offset in range(duration):
            if s.tally[a, old + offset] == 1:
                after &= ~(1 << (old_period + offset))
        if day == old_day:
            after |= bits
        else:
            there, kind = int(s.mask[a, day]), t.day_class[a, day]
            more += t.day_cost[kind, there | bits] - t.day_cost[kind, there]
        kind = t.day_class[a, old_day]
        more += t.day_cost[kind, after] - t.day_cost[kind, before]
    return more


@inlined
def place_change(t: Tables, s: State, lesson: int, start: int, room: int, other: int) -> int:
    """The cost more of the lesson itself, of its course's days and rooms, and, when nobody comes to its place, of the
    rooms' daily maxima.
    """
    old, old_room, course = s.place[lesson, START], s.place[lesson, ROOM], t.lesson[lesson, COURSE]
    old_day, day = old // t.periods, start // t.periods
    more = own_cost(t, lesson, start, room) - own_cost(t, lesson, old, old_room)
    if day != old_day:
        days = s.course[course, DAYS_USED]
        by = int(s.course_day[course, day] == 0) - int(s.course_day[course, old_day] == 1)
        if by != 0:
            more += days_cost(t, course, days + by) - days_cost(t, course, days)
    if room != old_room:
        by = int(s.course_room[course, room] == 0) - int(s.course_room[course, old_room] == 1)
        if by != 0:
            rooms = s.course[course, ROOMS_USED]
            more += t.weight[STABILITY_WEIGHT] * (max(rooms + by - 1, 0) - max(rooms - 1, 0))
    if other < 0 and (room != old_room or day != old_day):
        if 0 <= t.room[old_room, MOST_DAILY] < s.room_day[old_room, old_day]:
            more -= t.weight[ROOM_DAILY_COST]
        if 0 <= t.room[room, MOST_DAILY] <= s.room_day[room, day]:
            more += t.weight[ROOM_DAILY_COST]
    return more
