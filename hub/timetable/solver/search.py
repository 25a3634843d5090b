"""One chain of the search: how hot, how dear clashes, how long; and the plan that it ends with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.annealer import anneal
from hub.timetable.solver.chains import MOST_PARTS
from hub.timetable.solver.problem import Placement, Plan, Problem, Slot
from hub.timetable.solver.state import COST, ROOM, START, State, empty_state, hard_and_soft, put
from hub.timetable.solver.tables import HARD_SHIFT, Tables, slot_index

HOTTEST, COLDEST = 20.0, 0.1
"""Temperatures, in soft cost."""
HASTE = 0.5
"""1 would be geometric cooling. With less the heat, in which clashes are sorted out and a plan's quality is not decided
yet, is soon over, and most of the time is spent where it is: below a temperature of 1. Bellio et al. (see annealer)
reach the same by ending a temperature once so many moves have been accepted.
"""
CLASH_WEIGHT, MOST_CLASH_WEIGHT = 20.0, 2_000.0
"""What a clash costs to begin with, and at most. It doubles with each DOUBLING of the run for which the plan keeps
clashing after SETTLED of it, and comes down again when it does not.
"""
SETTLED, DOUBLING = 0.5, 0.05
SETTLING = (0.38, 0.43)
"""The part of a run in which a plan without clashes must have been seen. Otherwise it is caught where cooling leads
nowhere, and is heated again for the time that is left, at most HEATINGS times.
"""
HEATINGS = 2
SHARES = (0.1, 0.5, 0.6, 0.62)
MOVES_A_TURN = 50_000
"""Tried between two looks at the clock."""
NO_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class Best:
    """The best plan so far of a chain. Keys compare violations before soft cost; `place` is as State.place."""

    key: int
    place: NDArray[np.int32]

    @property
    def violations(self) -> int:
        """Hard ones, lessons without a place among them."""
        return self.key >> HARD_SHIFT


class Chain:
    """A search from nothing by one seed. Its plan follows from seed and number of moves, when `part_done` does."""

    def __init__(self, problem: Problem, tables: Tables, seed: int) -> None:
        self._tables = tables
        self._state = empty_state(tables, seed)
        put_pinned(problem, tables, self._state)
        self.place = self._state.place.copy()
        """Of the best plan (as State.place); before any move, the pinned lessons alone."""
        self._key = NO_KEY
        self.moves = 0

    def run(self, part_done: Callable[[int], float], on_better: Callable[[Best], None]) -> None:
        """Until `part_done`, told how many moves have been made, says 1 or more. Gives the first plan and each better
        one, at most one a turn. Nothing when there is nothing to place.
        """
        if len(self._tables.movable) == 0:
            return
        parts = np.zeros((MOST_PARTS, 5), np.int32)
        shares = np.array(SHARES)
        cooling = Cooling()
        while (done := part_done(self.moves)) < 1:
            cooling.go_on(done, clashes=hard_and_soft(int(self._state.totals[COST]))[0] > 0)
            key, _ = anneal(
                self._tables,
                self._state,
                parts,
                self.place,
                self._key,
                cooling.temperature,
                cooling.clash_weight,
                MOVES_A_TURN,
                shares,
            )
            self.moves += MOVES_A_TURN
            if key < self._key:
                self._key = int(key)
                on_better(Best(self._key, self.place.copy()))


class Cooling:
    """How hot it is, and what a clash costs, as the run goes on."""

    def __init__(self) -> None:
        self.temperature = HOTTEST
        self.clash_weight = CLASH_WEIGHT
        self._begin = 0.0
        self._former = 0.0
        self._heatings = 0
        self._settled = False

    def go_on(self, done: float, *, clashes: bool) -> None:
        """`done` of the run is over, and the plan clashes or does not."""
        part = (done - self._begin) / (1 - self._begin)
        if not self._settled and part >= SETTLING[0]:
            self._settled = not clashes or (part >= SETTLING[1] and self._heatings == HEATINGS)
            if not self._settled and part >= SETTLING[1]:
                self._begin, self._heatings, part = done, self._heatings + 1, 0.0
        if part > SETTLED:
            power = (done - self._former) / DOUBLING * (1 if clashes else -1)
            self.clash_weight = min(max(self.clash_weight * 2**power, CLASH_WEIGHT), MOST_CLASH_WEIGHT)
        self._former = done
        self.temperature = HOTTEST * (COLDEST / HOTTEST) ** part**HASTE


def put_pinned(problem: Problem, tables: Tables, state: State) -> None:
    room_index = {room.key: number for number, room in enumerate(problem.rooms)}
    for number, lesson in enumerate(problem.lessons):
        if lesson.pinned is not None:
            put(tables, state, number, slot_index(problem, lesson.pinned.slot), room_index[lesson.pinned.room])


def as_plan(problem: Problem, place: NDArray[np.int32]) -> Plan:
    return Plan(
        {
            lesson.key: Placement(
                *Slot(*divmod(int(place[number, START]), problem.grid.periods_per_day)),
                problem.rooms[int(place[number, ROOM])].key,
            )
            for number, lesson in enumerate(problem.lessons)
            if place[number, START] >= 0
        }
    )
