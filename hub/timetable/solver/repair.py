"""A plan that no longer holds, mended with the fewest moves; and what more moves would buy.

Three plans at most, so that people can choose on the trade-off moves × quality: fewest moves alone can ruin a plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from hub.timetable.solver.cp_sat import Budget, solve, solve_from_hint
from hub.timetable.solver.formulation import UNPLACED_COST, Formulation
from hub.timetable.solver.neighbourhood import Neighbourhood
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem
from hub.timetable.solver.soft_rules import add_soft_rules
from hub.timetable.solver.validator import Report, validate

LARGEST_MODEL = 60_000
"""Places that a model may choose among: as many as build and solve within seconds."""
ROOMS_EACH = 8
"""In models of a whole college: beside its present rooms, the best fitting ones that a lesson chooses among."""
LARGEST_FREELY = 12_000
"""Up to here a lesson may go to any room, beyond to ROOMS_EACH at any time."""
LARGEST_DEEPENING = 120_000
"""Places to look at where most of them are ruled out at once: each that has more lessons in its way than moves are
left.
"""
MOST_SPARE_MOVES = 4
"""Beyond those that are necessary: so far a proof is quick."""
MOST_IN_THE_WAY = 2
"""Moves that place one more lesson in a college's plan: beyond, looking for whoever could move takes seconds."""
DEEPENING_SHARE = 0.6
SEARCHING_SHARE = 0.85
"""Of the time for all offers; the rest goes into models and the validator."""
GROWTH = (40, 120)
"""Lessons set free beside those that must move, step by step."""
QUALITY_FREE, QUALITY_ROOMS, LARGEST_QUALITY = 30, 4, 4_000
"""Lessons set free to better a mended plan, and rooms each where there would be more places than that: as many as are
searched well in two seconds. With three times as many a better plan was seldom found in the time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    lesson: str
    before: Placement | None
    after: Placement | None
    """None: it has no place any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    plan: Plan
    moves: tuple[Move, ...]
    """In the order of the problem's lessons."""
    report: Report
    """The validator's."""
    fewest_possible: int
    """It is proven that no plan with as many lessons placed moves fewer."""

    @property
    def proven(self) -> bool:
        """No plan that places as many lessons needs fewer moves."""
        return self.relocated <= self.fewest_possible

    @property
    def relocated(self) -> int:
        """Lessons that had a place and have another one, or none."""
        return sum(move.before is not None for move in self.moves)


def moves_between(problem: Problem, before: Plan, after: Plan) -> tuple[Move, ...]:
    return tuple(
        Move(lesson=key, before=was, after=now)
        for key in problem.lesson
        if (was := before.placements.get(key)) != (now := after.placements.get(key))
    )


def repair_with_fewest_moves(problem: Problem, plan: Plan, budget: Budget) -> Repaired:
    """Mend `plan`, made for another state of affairs, so that the problem's hard rules hold again.

    First as many lessons as possible get a place, then as few as possible move. Pinned lessons stay or go where they
    are pinned. Raises Cancelled.
    """
    return _Repair(problem, plan, budget).run()


def repairs(problem: Problem, plan: Plan, budget: Budget) -> tuple[Repaired, ...]:
    """One to three mended plans, each with more moves and a lower cost than the one before. Raises Cancelled."""
    return tuple(each_repair(problem, plan, budget))


def each_repair(problem: Problem, plan: Plan, budget: Budget) -> Iterator[Repaired]:
    """The same one by one, each as soon as no plan with as many moves is better."""
    budget = budget.part(SEARCHING_SHARE * budget.seconds)
    least = repair_with_fewest_moves(problem, plan, budget.part(0.75 * budget.seconds))
    last = _better(problem, plan, least, least.relocated, budget.part(budget.left / 3))
    for rank, most in enumerate((least.relocated + max(2, least.relocated // 2), 3 * least.relocated + 6)):
        after = _better(problem, plan, last, most, budget.part(budget.left / (2 - rank)))
        if after.report.cost < last.report.cost:
            if after.relocated > last.relocated:
                yield last
            last = after
    yield last


class _Repair:
    def __init__(self, problem: Problem, plan: Plan, budget: Budget) -> None:
        self._problem = problem
        self._plan = plan
        self._budget = budget
        self._around = Neighbourhood(problem, plan)
        self._must = self._around.displaced | self._around.clashing
        self._best = Plan({key: place for key, place in plan.placements.items() if key not in self._must})
        self._missing = len(problem.lessons)
        self._moves = len(problem.lessons)
        self._fewest = self._around.relocated
        self._is_small = model_size(problem, problem.lesson, None) <= LARGEST_MODEL

    def run(self) -> Repaired:
        """A small problem is asked for proofs at once; in a large one a repair is found first."""
        if not self._must:
            self._best = self._plan
        elif not (self._deepen(0, 0) or (self._is_small and self._deepen(1, MOST_SPARE_MOVES))):
            for free, rooms_each in self._widening():
                self._search(free, rooms_each)
                placed = self._missing == 0
                if self._budget.left == 0 or (placed and (not self._is_small or self._moves <= self._fewest)):
                    break
            if self._missing > 0 and not self._is_small:
                self._make_way()
            if self._missing == 0 and not self._is_small:
                self._deepen(1, self._moves - self._around.relocated - 1)
        return _repaired(self._problem, self._plan, self._best, self._fewest)

    def _deepen(self, first: int, last: int) -> bool:
        """Ask for a repair with so many moves beside the necessary ones, then with one more, and so on: the first that
        there is needs the fewest, for it is proven that there is none with one move less. True when it was found.
        """
        budget = self._budget.part(DEEPENING_SHARE * self._budget.seconds)
        for spare in range(first, last + 1):
            if spare == 0 and self._around.clashing:
                self._fewest = self._around.relocated + 1
                continue
            free = self._around.within(spare)
            if model_size(self._problem, free, None) > LARGEST_DEEPENING or budget.left == 0:
                return False
            formulation = Formulation(
                self._problem, self._plan, free, elastic=False, allows=partial(self._around.allows, spare=spare)
            )
            formulation.model.add(formulation.moves() <= self._around.relocated + spare)
            outcome = solve(formulation.model, budget)
            if outcome.values is not None:
                self._best = formulation.read(outcome)
                return True
            if not outcome.infeasible:
                return False
            self._fewest = self._around.relocated + spare + 1
        return False

    def _make_way(self) -> None:
        """Place what is still missing by the fewest moves from the best plan so far: a few lessons, so small models."""
        rest = _Repair(self._problem, self._best, self._budget.part(self._budget.seconds / 3))
        if rest._deepen(1, MOST_IN_THE_WAY):
            self._best, self._missing = rest._best, 0
            moves = moves_between(self._problem, self._plan, self._best)
            self._moves = sum(move.before is not None for move in moves)

    def _widening(self) -> Iterator[tuple[set[str], int | None]]:
        """Sets of lessons to set free, and among how many rooms: the last is all and any, where a model of that size
        can be solved. They grow around the lessons that have no place yet.
        """
        free = set(self._must)
        for more in (0, *GROWTH):
            if len(free) + more >= len(self._problem.lessons):
                break
            missing = {key for key in self._problem.lesson if key not in self._best.placements} or self._must
            near = sorted(self._around.relatives(missing) - free)
            free.update(islice(near, more // 2))
            free.update(islice(self._around.in_the_way(missing | self._must), more // 2))
            free = {key for key in free if key in self._must or self._problem.lesson[key].pinned is None}
            rooms_each = None if model_size(self._problem, free, None) <= LARGEST_FREELY else ROOMS_EACH
            if model_size(self._problem, free, rooms_each) > LARGEST_MODEL:
                break
            yield set(free), rooms_each
        if self._is_small:
            yield set(self._problem.lesson), None

    def _search(self, free: set[str], rooms_each: int | None) -> None:
        whole = rooms_each is None and len(free) == len(self._problem.lessons)
        formulation = Formulation(self._problem, self._plan, free, rooms_each=rooms_each)
        missing = sum(formulation.left_out.values())
        moves = formulation.moves()
        formulation.model.minimize(UNPLACED_COST * missing + moves)
        formulation.hint(self._best)
        outcome = solve(formulation.model, self._budget if whole else self._budget.part(self._budget.seconds / 2))
        if outcome.objective is not None and outcome.objective < UNPLACED_COST * self._missing + self._moves:
            self._missing, self._moves = divmod(outcome.objective, UNPLACED_COST)
            self._best = formulation.read(outcome)
        if whole and outcome.bound is not None and outcome.bound // UNPLACED_COST == self._missing:
            self._fewest = max(self._fewest, outcome.bound % UNPLACED_COST)


def model_size(problem: Problem, free: Iterable[str], rooms_each: int | None) -> int:
    """How many places the lessons have to choose among, at most; alike ones are counted once."""
    seen: dict[Lesson, int] = {}
    for key in free:
        lesson = problem.lesson[key]
        alike = replace(lesson, key="", former=None)
        if alike not in seen:
            rooms = len(problem.rooms_for(lesson))
            seen[alike] = len(problem.starts(lesson)) * (rooms if rooms_each is None else min(rooms, rooms_each))
    return sum(seen.values())


def _better(problem: Problem, plan: Plan, start: Repaired, most_moves: int, budget: Budget) -> Repaired:
    """The same or a plan of lower cost that moves at most so many lessons of `plan`."""
    free = {move.lesson for move in start.moves}
    if not free or budget.left == 0:
        return start
    around = Neighbourhood(problem, start.plan)
    near = sorted(around.relatives(free) - free)
    blamed = Counter(key for violation in start.report.violations for key in violation.lessons)
    near.sort(key=lambda key: -blamed[key])
    free.update(near[: max(QUALITY_FREE - len(free), 0)])
    rooms_each = QUALITY_ROOMS if model_size(problem, free, None) > LARGEST_QUALITY else None
    formulation = Formulation(
        problem, plan, free, rooms_each=rooms_each, start=start.plan, elastic=start.report.unplaced > 0
    )
    add_soft_rules(formulation)
    formulation.model.add(formulation.moves() <= most_moves)
    formulation.model.minimize(sum(formulation.objective))
    formulation.hint(start.plan)
    outcome = solve_from_hint(formulation.model, budget)
    if outcome.values is None:
        return start
    after = _repaired(problem, plan, formulation.read(outcome), start.fewest_possible)
    worse = (after.report.unplaced, after.report.cost) >= (start.report.unplaced, start.report.cost)
    return start if worse or after.relocated > most_moves else after


def _repaired(problem: Problem, before: Plan, after: Plan, fewest: int) -> Repaired:
    return Repaired(
        plan=after,
        moves=moves_between(problem, before, after),
        report=validate(problem, after),
        fewest_possible=fewest,
    )
