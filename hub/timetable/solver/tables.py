"""The problem as arrays, which the compiled search reads. Everything goes by its index in the problem."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.cliques import clique_cover
from hub.timetable.solver.day_costs import DayKind, day_costs, day_kind
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Problem, Slot

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.uint8]


# The columns of Tables.lesson. Lists are cut out of Tables.lists: from the first to before the second.
DURATION, COURSE, FIXED, FORMER_START, FORMER_ROOM = range(5)
CLASHES, CLASHES_END = 5, 6  # sets that say which lessons exclude each other
WEIGHED, WEIGHED_END = 7, 8  # sets whose days cost something
COUNTED, COUNTED_END = 9, 10  # both
STARTS, STARTS_END = 11, 12
ROOMS, ROOMS_END = 13, 14
RIVALS, RIVALS_END = 15, 16  # the lessons that it excludes
LESSON_COLUMNS = 17
# The columns of Tables.room.
SHARED, MOST_DAILY = 0, 1
# The places in Tables.weight.
MIN_DAYS_WEIGHT, STABILITY_WEIGHT, MOVED_WEIGHT, ROOM_DAILY_COST = range(4)
NOT_THERE = -1
HARD_SHIFT = 32
"""Costs of a day are one number: hard violations × 2³² + soft cost."""


class Tables(NamedTuple):
    """n lessons, S slots (day × periods + period), R rooms, C courses, D days, A sets of lessons that exclude each
    other: class groups, then trainers, then courses, then those that clashes are counted by. Few wide arrays: each one
    that the search carries along costs time.
    """

    periods: int
    lesson: Ints  # n × LESSON_COLUMNS
    lists: Ints
    start_cost: Ints  # n × S: of a start by itself, or NOT_THERE
    room_cost: Ints  # n × R: of a room by itself, or NOT_THERE
    room: Ints  # R × 2
    member: Flags  # n × A
    day_class: Ints  # A × D
    day_cost: Longs  # class × patterns
    min_days: Ints  # C
    weight: Longs
    movable: Ints
    """The lessons that the search may place: neither pinned nor without a start or room that is right."""
    blocked: Flags  # R × S


def build_tables(problem: Problem) -> Tables:
    grid, policy, lessons = problem.grid, problem.policy, problem.lessons
    room_index = {room.key: number for number, room in enumerate(problem.rooms)}
    course_index = {course.key: number for number, course in enumerate(problem.courses)}
    starts = [[slot_index(problem, start) for start in problem.starts(lesson)] for lesson in lessons]
    rooms = [[room_index[room.key] for room in problem.rooms_for(lesson)] for lesson in lessons]
    people = _sets(problem)
    sets = [*people, *clique_cover(len(lessons), people)]
    clashes = range(len(people), len(sets))
    day_class, day_cost = _days(problem, len(sets))
    weighed = [number for number in range(len(sets)) if day_cost[day_class[number]].any()]
    columns = np.zeros((len(lessons), LESSON_COLUMNS), np.int32)
    columns[:, DURATION] = [lesson.duration for lesson in lessons]
    columns[:, COURSE] = [course_index[lesson.course] for lesson in lessons]
    columns[:, FIXED] = [lesson.pinned is not None for lesson in lessons]
    for number, lesson in enumerate(lessons):
        known = lesson.former is not None and lesson.former.slot in grid
        columns[number, FORMER_START] = (
            slot_index(problem, lesson.former.slot) if lesson.former and known else NOT_THERE
        )
        columns[number, FORMER_ROOM] = room_index.get(lesson.former.room, NOT_THERE) if lesson.former else NOT_THERE
    lists: list[int] = []
    for column, of_each in (
        (CLASHES, _of_each(len(lessons), sets, clashes)),
        (WEIGHED, _of_each(len(lessons), sets, weighed)),
        (COUNTED, _of_each(len(lessons), sets, sorted({*clashes, *weighed}))),
        (STARTS, starts),
        (ROOMS, rooms),
        (RIVALS, _rivals(len(lessons), sets)),
    ):
        for number, values in enumerate(of_each):
            columns[number, column] = len(lists)
            lists.extend(values)
            columns[number, column + 1] = len(lists)
    return Tables(
        periods=grid.periods_per_day,
        lesson=columns,
        lists=np.array(lists, np.int32),
        start_cost=_start_costs(problem, starts),
        room_cost=_room_costs(problem, rooms),
        room=_rooms(problem),
        member=_members(len(lessons), sets),
        day_class=day_class,
        day_cost=day_cost,
        min_days=np.array([course.min_days for course in problem.courses], np.int32),
        weight=np.array(
            [
                policy.weight(Rule.MIN_WORKING_DAYS),
                policy.weight(Rule.ROOM_STABILITY),
                policy.weight(Rule.MOVED),
                policy.weight(Rule.ROOM_DAILY_LOAD) + (policy.is_hard(Rule.ROOM_DAILY_LOAD) << HARD_SHIFT),
            ],
            np.int64,
        ),
        movable=np.array(
            [
                number
                for number, lesson in enumerate(lessons)
                if lesson.pinned is None and starts[number] and rooms[number]
            ],
            np.int32,
        ),
        blocked=_blocked(problem),
    )


def _start_costs(problem: Problem, starts: Sequence[Sequence[int]]) -> Ints:
    costs = np.full((len(starts), problem.grid.days * problem.grid.periods_per_day), NOT_THERE, np.int32)
    weight = problem.policy.weight(Rule.PREFERRED)
    for number, lesson in enumerate(problem.lessons):
        for slot in starts[number]:
            costs[number, slot] = weight and _wishes_missed(problem, lesson, slot) * weight
    return costs


def _room_costs(problem: Problem, rooms: Sequence[Sequence[int]]) -> Ints:
    costs = np.full((len(rooms), len(problem.rooms)), NOT_THERE, np.int32)
    for number, lesson in enumerate(problem.lessons):
        for room in rooms[number]:
            costs[number, room] = _seats_cost(problem, lesson, problem.rooms[room].capacity)
    return costs


def _rooms(problem: Problem) -> Ints:
    looked_at = problem.policy.looks_at(Rule.ROOM_DAILY_LOAD)
    return np.array(
        [
            (room.shared, room.max_daily_lessons if looked_at and room.max_daily_lessons is not None else NOT_THERE)
            for room in problem.rooms
        ],
        np.int32,
    ).reshape(-1, 2)


def _blocked(problem: Problem) -> Flags:
    blocked = np.zeros((len(problem.rooms), problem.grid.days * problem.grid.periods_per_day), np.uint8)
    for number, room in enumerate(problem.rooms):
        blocked[number, [slot_index(problem, slot) for slot in room.unavailable if slot in problem.grid]] = 1
    return blocked


def _members(lessons: int, sets: Sequence[set[int]]) -> Flags:
    member = np.zeros((lessons, len(sets)), np.uint8)
    for number, inside in enumerate(sets):
        member[sorted(inside), number] = 1
    return member


def slot_index(problem: Problem, slot: Slot) -> int:
    return slot.day * problem.grid.periods_per_day + slot.period


def _wishes_missed(problem: Problem, lesson: Lesson, start: int) -> int:
    taken = lesson.slots(Slot(*divmod(start, problem.grid.periods_per_day)))
    wishes = [lesson.preferred, *(problem.group[group].preferred for group in lesson.groups)]
    if lesson.trainer is not None:
        wishes.append(problem.trainer[lesson.trainer].preferred)
    return sum(slot not in preferred for preferred in wishes if preferred for slot in taken)


def _seats_cost(problem: Problem, lesson: Lesson, capacity: int) -> int:
    over = max(lesson.students - capacity, 0)
    empty = max(capacity - lesson.students, 0)
    return over * problem.policy.weight(Rule.ROOM_CAPACITY) + empty // 10 * problem.policy.weight(Rule.ROOM_FIT)


def _sets(problem: Problem) -> list[set[int]]:
    numbered = list(enumerate(problem.lessons))
    groups = [{number for number, lesson in numbered if group.key in lesson.groups} for group in problem.groups]
    trainers = [
        {number for number, lesson in numbered if lesson.trainer == trainer.key} for trainer in problem.trainers
    ]
    courses = [{number for number, lesson in numbered if lesson.course == course.key} for course in problem.courses]
    return [*groups, *trainers, *courses]


def _days(problem: Problem, sets: int) -> tuple[Ints, Longs]:
    """The kind of each set's days, and what the patterns of each kind cost. Kind 0 costs nothing: a course's days."""
    kinds: dict[DayKind, int] = {}
    day_class = np.zeros((sets, problem.grid.days), np.int32)
    parties = [(group, True) for group in problem.groups] + [(trainer, False) for trainer in problem.trainers]
    for number, (party, is_group) in enumerate(parties):
        for day in range(problem.grid.days):
            kind = day_kind(problem.grid, party, day, is_group=is_group)
            day_class[number, day] = kinds.setdefault(kind, len(kinds) + 1)
    costs = [np.zeros(1 << problem.grid.periods_per_day, np.int64)]
    for kind in kinds:
        hard, soft = day_costs(kind, problem.grid.periods_per_day, problem.policy)
        costs.append((hard.astype(np.int64) << HARD_SHIFT) + soft)
    return day_class, np.array(costs)


def _rivals(lessons: int, sets: Sequence[set[int]]) -> list[list[int]]:
    rivals: list[set[int]] = [set() for _ in range(lessons)]
    for inside in sets:
        for lesson in inside:
            rivals[lesson] |= inside
    return [sorted(others - {lesson}) for lesson, others in enumerate(rivals)]


def _of_each(lessons: int, sets: Sequence[set[int]], chosen: Iterable[int]) -> list[list[int]]:
    of_each: list[list[int]] = [[] for _ in range(lessons)]
    for number in chosen:
        for lesson in sets[number]:
            of_each[lesson].append(number)
    return of_each
