"""Simulated annealing over the grid of rooms and periods: the compiled loop.

Neighbourhood and cooling after Bellio, Ceschia, Di Gaspero, Schaerf, Urli, "Feature-based tuning of simulated annealing
applied to the curriculum-based course timetabling problem", Computers & Operations Research 65 (2016): a lesson goes to
another period and room, or lessons change places. A cell holds one lesson, so rooms are never booked twice; clashes of
groups and trainers are allowed at a price.
"""

from math import exp, log

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.chains import LESSON, OLD_START, TO_ROOM, TO_START
from hub.timetable.solver.chance import uniform
from hub.timetable.solver.compiled import compiled, inlined
from hub.timetable.solver.moves import clash_change, clashes, days_change, meets, place_change
from hub.timetable.solver.proposals import propose
from hub.timetable.solver.state import COST, MISSING, ROOM, START, State, change, tell_rivals
from hub.timetable.solver.tables import HARD_SHIFT, Tables

FAR = 10.0
"""Soft cost that few moves win: one whose clashes alone cost this much more than is acceptable is given up before the
rest is counted.
"""
DRAWS = 4
"""Places that are looked at for a lesson until it would clash at none, once clashes are hardly ever accepted."""
HARDLY_EVER = 0.9
MISSING_CLASHES = 1_000
"""As how many clashes a lesson without a place counts: it gets any free cell, and clashes are resolved afterwards.
Where it counted as few, lessons with many clashes everywhere stayed without a place for good.
"""


@compiled
def anneal(  # noqa: C901, PLR0912 (one loop: a call that hands over the arrays costs more than the work)
    t: Tables,
    s: State,
    parts: NDArray[np.int32],
    best: NDArray[np.int32],
    best_key: int,
    temperature: float,
    clash_weight: float,
    moves: int,
    shares: NDArray[np.float64],
) -> tuple[int, int]:
    """Tries so many moves at one temperature. `best` (a State.place) and the key returned are of the best plan met;
    keys compare hard violations and missing lessons first, then soft cost. Also returns how many moves were accepted.
    """
    accepted = 0
    hopeless = 1.0 - exp(min(FAR - clash_weight, 0.0) / temperature)
    draws = DRAWS if hopeless > HARDLY_EVER else 1
    for _ in range(moves):
        count, exchange = propose(t, s, parts, shares, draws)
        if count == 0:
            continue
        chance, meeting, clashing = uniform(s), False, False
        for part in range(count):
            if parts[part, TO_START] != parts[part, OLD_START]:
                meeting |= meets(t, s, parts, count, part)
                clashing |= clashes(t, s, int(parts[part, LESSON]))
        if meeting and not clashing and chance < hopeless:
            continue
        hard = cost = 0
        if exchange and (meeting or clashing):
            for part in range(count):
                other = int(parts[1 - part, LESSON]) if count > 1 else -1
                hard += clash_change(t, s, int(parts[part, LESSON]), int(parts[part, TO_START]), other)
        threshold = -temperature * log(1.0 - chance)
        if exchange:
            if hard * clash_weight > threshold + FAR:
                continue
            for part in range(count):
                other = int(parts[1 - part, LESSON]) if count > 1 else -1
                lesson, start = int(parts[part, LESSON]), int(parts[part, TO_START])
                if start != parts[part, OLD_START]:
                    cost += days_change(t, s, lesson, start, other)
                cost += place_change(t, s, lesson, start, int(parts[part, TO_ROOM]), other)
            if weighed(cost + (hard << HARD_SHIFT), clash_weight) > threshold:
                continue
        before, missing = s.totals[COST], s.totals[MISSING]
        for turn in range(2):  # there, and when it is not accepted, back
            for part in range(2 * count):
                lesson, leaving = int(parts[part % count, LESSON]), part < count
                column = TO_START if leaving == (turn == 1) else OLD_START
                start, room = int(parts[part % count, column]), int(parts[part % count, column + 1])
                if start >= 0:
                    change(t, s, lesson, start, room, -1 if leaving else 1)
            if turn == 0 and (
                exchange
                or weighed(s.totals[COST] - before, clash_weight)
                + (s.totals[MISSING] - missing) * clash_weight * MISSING_CLASHES
                <= threshold
            ):
                accepted += 1
                _tell_rivals(t, s, parts, count)
                break
        key = s.totals[COST] + (s.totals[MISSING] << HARD_SHIFT)
        if key < best_key:
            best_key = key
            for each in range(len(best)):
                best[each, START], best[each, ROOM] = s.place[each, START], s.place[each, ROOM]
    return best_key, accepted


@inlined
def weighed(cost: int, clash_weight: float) -> float:
    hard = (cost + (1 << (HARD_SHIFT - 1))) >> HARD_SHIFT
    return hard * clash_weight + (cost - (hard << HARD_SHIFT))


@inlined
def _tell_rivals(t: Tables, s: State, parts: NDArray[np.int32], count: int) -> None:
    for part in range(count):
        lesson, old, start = int(parts[part, LESSON]), int(parts[part, OLD_START]), int(parts[part, TO_START])
        if old >= 0 and old != start:
            tell_rivals(t, s, lesson, old, -1)
        if start >= 0 and old != start:
            tell_rivals(t, s, lesson, start, 1)
