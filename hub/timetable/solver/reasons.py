"""Why a lesson has no place in a plan, in words, by looking at every place that it could have."""

from collections import Counter, defaultdict

from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Plan, Problem, Slot

MOST_NAMED = 3


def reasons_unplaced(problem: Problem, plan: Plan) -> dict[str, str]:
    """By the key of each lesson that the plan does not place, one sentence that names what stands in its way."""
    busy = _Busy(problem, plan)
    return {
        lesson.key: _reason(problem, lesson, busy) for lesson in problem.lessons if lesson.key not in plan.placements
    }


class _Busy:
    """Who and what is taken when."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.people: defaultdict[tuple[str, str], set[Slot]] = defaultdict(set)
        self.rooms: defaultdict[str, set[Slot]] = defaultdict(set)
        for key, place in plan.placements.items():
            lesson = problem.lesson[key]
            slots = lesson.slots(place.slot)
            for who in _people(lesson):
                self.people[who].update(slots)
            if not problem.room[place.room].shared:
                self.rooms[place.room].update(slots)


def _people(lesson: Lesson) -> list[tuple[str, str]]:
    who = [("course", lesson.course), *(("group", group) for group in lesson.groups)]
    return who if lesson.trainer is None else [("trainer", lesson.trainer), *who]


def _reason(problem: Problem, lesson: Lesson, busy: _Busy) -> str:
    name = problem.lesson_name(lesson.key)
    rooms, starts = problem.rooms_for(lesson), problem.starts(lesson)
    if not rooms:
        return f"{name}: no room is {_wanted_room(problem, lesson)}."
    if not starts:
        return f"{name}: trainer and class groups are never there together for {lesson.duration} periods on end."
    in_the_way: Counter[str] = Counter()
    for start in starts:
        slots = set(lesson.slots(start))
        taken = [_name(problem, who) for who in _people(lesson) if busy.people[who] & slots]
        if not taken and not any(
            not (slots & busy.rooms[room.key]) and not (slots & room.unavailable) for room in rooms
        ):
            taken = [f"all {len(rooms)} rooms that are {_wanted_room(problem, lesson)}"]
        in_the_way.update(taken or ["the loads allowed to those concerned"])
    named = ", ".join(f"{what} ({times} times)" for what, times in in_the_way.most_common(MOST_NAMED))
    return f"{name}: of the {len(starts)} times that it could start, these are in the way: {named}."


def _name(problem: Problem, who: tuple[str, str]) -> str:
    kind, key = who
    if kind == "course":
        return problem.course[key].name
    return (problem.trainer if kind == "trainer" else problem.group)[key].name


def _wanted_room(problem: Problem, lesson: Lesson) -> str:
    wanted = [] if lesson.room_type is None else [f"of type {lesson.room_type}"]
    if lesson.room_features:
        wanted.append(f"equipped with {', '.join(sorted(lesson.room_features))}")
    if problem.policy.is_hard(Rule.ROOM_CAPACITY):
        wanted.append(f"large enough for {lesson.students}")
    if lesson.rooms is not None:
        wanted.append(f"among {', '.join(sorted(problem.room[room].name for room in lesson.rooms)) or 'none'}")
    return " and ".join(wanted) or "there"
