"""Random numbers that follow from the seed alone, whatever thread draws them.

xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", ACM TOMS 42 (2016).
"""

import numpy as np

from hub.timetable.solver.compiled import inlined
from hub.timetable.solver.state import State


@inlined
def below(s: State, bound: int) -> int:
    """A whole number from 0 to bound - 1; bound at most 2³²."""
    return int(np.int64(((_next(s) >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32)))


@inlined
def uniform(s: State) -> float:
    """From 0 up to, not with, 1."""
    return float(_next(s) >> np.uint64(11)) * 1.1102230246251565e-16


@inlined
def _next(s: State) -> np.uint64:
    word: np.uint64 = s.random[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    s.random[0] = word
    return word * np.uint64(2685821657736338717)
