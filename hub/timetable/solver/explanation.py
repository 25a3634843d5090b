"""Why a week can't be planned: shortages by counting, then sets of lessons that an elastic model proves can't all be
placed.

No set is shown that was not checked again: it alone has no plan, and without any one of its lessons it has one, which
the validator finds feasible.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from hub.timetable.solver.cp_sat import Budget, solve
from hub.timetable.solver.formulation import Formulation, parties_of
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.shortages import Openings, Shortage, shortages
from hub.timetable.solver.validator import validate

LARGEST_CORE_MODEL = 12_000
"""Places of a model that builds and solves in tenths of a second."""
TIGHT = 0.5
"""Somebody whose lessons take less than this share of their open periods is not suspected."""
ANYWHERE = Room(key="anywhere", name="anywhere", capacity=0, shared=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Lessons that can't all be placed, whatever becomes of the others."""

    text: str
    lessons: tuple[str, ...]
    minimal: bool
    """Without any one of them the others can. False: time ran out while it was made smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    shortages: tuple[Shortage, ...]
    cores: tuple[Core, ...]
    """Sets that share no lesson, nor one with a shortage."""
    plan: Plan | None
    """A plan of the whole that holds, where one was found on the way."""

    @property
    def infeasible(self) -> bool:
        """Proven. False means that nothing was found in time, unless there is a plan."""
        return bool(self.shortages or self.cores)

    @property
    def texts(self) -> tuple[str, ...]:
        return (*(shortage.text for shortage in self.shortages), *(core.text for core in self.cores))


def explain(problem: Problem, budget: Budget) -> Explanation:
    """Whether lessons can't be placed, and why. Takes about the budget at most. Raises Cancelled."""
    short = shortages(problem)
    blamed = {key for shortage in short for key in shortage.lessons}
    cores: list[Core] = []
    plan: Plan | None = None
    for suspects, whole in _suspects(problem, blamed):
        keys = [key for key in suspects if key not in blamed]
        while keys and budget.left > 0:
            core, found = _first_core(problem, keys, budget, whole=whole)
            if core is None:
                plan = found if whole and not blamed else plan
                break
            cores.append(core)
            blamed.update(core.lessons)
            keys = [key for key in keys if key not in blamed]
    return Explanation(shortages=short, cores=tuple(cores), plan=plan)


def _suspects(problem: Problem, blamed: Collection[str]) -> Iterator[tuple[list[str], bool]]:
    """Sets of lessons to ask about, the tightest first; the last is all of them, where that model is small enough."""
    openings = Openings(problem)
    of: defaultdict[tuple[str, str], list[Lesson]] = defaultdict(list)
    for lesson in problem.lessons:
        if lesson.key not in blamed:
            for party in parties_of(lesson):
                of[party].append(lesson)
    tight: list[tuple[float, list[str]]] = []
    for lessons in of.values():
        slots = frozenset[Slot]().union(*{openings.slots(lesson) for lesson in lessons})
        share = sum(lesson.duration for lesson in lessons) / max(len(slots), 1)
        if share > TIGHT:
            tight.append((share, [lesson.key for lesson in lessons]))
    for _, keys in sorted(tight, key=lambda one: -one[0]):
        yield keys, False
    if (
        sum(len(openings.starts(lesson)) * len(openings.rooms(lesson)) for lesson in problem.lessons)
        <= LARGEST_CORE_MODEL
    ):
        yield list(problem.lesson), True


def _first_core(problem: Problem, keys: list[str], budget: Budget, *, whole: bool) -> tuple[Core | None, Plan | None]:
    """A core among the lessons if they can't all be placed, or the plan that places them. Neither: not known."""
    some = only(problem, keys) if whole else without_rooms(only(problem, keys))
    formulation = Formulation(some, Plan({}), set(some.lesson))
    formulation.model.minimize(sum(formulation.left_out.values()))
    outcome = solve(formulation.model, budget)
    if not outcome.optimal:
        return None, None
    plan = formulation.read(outcome)
    if outcome.objective == 0:
        return None, plan
    out = next(key for key in keys if key not in plan.placements)
    return _shrink(some, problem, out, budget), None


def _shrink(some: Problem, problem: Problem, out: str, budget: Budget) -> Core | None:
    """Leave out of the lessons, in ever smaller parts, what is not needed for the contradiction."""
    core = _around(some, out)
    if _can_be_planned(some, core, budget) is not False:
        core = list(some.lesson)
        if _can_be_planned(some, core, budget) is not False:
            return None
    size, minimal = max(len(core) // 2, 1), True
    while True:
        position = 0
        while position < len(core):
            rest = core[:position] + core[position + size :]
            verdict = _can_be_planned(some, rest, budget) if rest else True
            if verdict is False:
                core = rest
            else:
                minimal = minimal and (verdict is True or size > 1)
                position += size
        if size == 1:
            break
        size = max(size // 2, 1)
    names = list(dict.fromkeys(problem.lesson_name(key) for key in core))
    text = f"These {len(core)} lessons can't all be placed: {', '.join(names)}."
    if minimal:
        text += " Any one fewer, and the rest of them can." if len(core) > 1 else ""
    return Core(text=text, lessons=tuple(core), minimal=minimal)


def _around(some: Problem, out: str) -> list[str]:
    """The lesson that found no place, and those that share somebody with it."""
    own = set(parties_of(some.lesson[out]))
    return [key for key, lesson in some.lesson.items() if not own.isdisjoint(parties_of(lesson))]


def _can_be_planned(problem: Problem, keys: list[str], budget: Budget) -> bool | None:
    """Of these lessons alone. A plan that the validator refuses is none: then, and when time is out, None."""
    some = only(problem, keys)
    formulation = Formulation(some, Plan({}), set(some.lesson), elastic=False)
    outcome = solve(formulation.model, budget)
    if outcome.infeasible:
        return False
    if outcome.values is None or not validate(some, formulation.read(outcome)).feasible:
        return None
    return True


def only(problem: Problem, keys: Collection[str]) -> Problem:
    """The problem with these lessons alone."""
    wanted = set(keys)
    return replace(problem, lessons=tuple(lesson for lesson in problem.lessons if lesson.key in wanted))


def without_rooms(problem: Problem) -> Problem:
    """The problem of the times alone: there is always a room when one that is right for a lesson can be used at all.
    Whatever has no plan then has none with the rooms.
    """
    return replace(
        problem,
        rooms=(replace(ANYWHERE, capacity=max((lesson.students for lesson in problem.lessons), default=0)),),
        lessons=tuple(_anywhere(problem, lesson) for lesson in problem.lessons),
    )


def _anywhere(problem: Problem, lesson: Lesson) -> Lesson:
    rooms = problem.rooms_for(lesson)
    usable = [
        start
        for start in problem.starts(lesson)
        if any(room.unavailable.isdisjoint(lesson.slots(start)) for room in rooms)
    ]
    allowed = frozenset(slot for start in usable for slot in lesson.slots(start))
    pinned = None if lesson.pinned is None else Placement(*lesson.pinned.slot, ANYWHERE.key)
    return replace(
        lesson,
        room_type=None,
        room_features=frozenset(),
        rooms=None,
        allowed=allowed,
        unavailable=frozenset[Slot](),
        pinned=pinned,
        former=None,
    )
