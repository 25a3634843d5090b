"""What a class group's or trainer's day costs, looked up by the periods that are taken.

Every rule about one person's day depends on nothing but which of its at most 16 periods are taken: a bit each. So each
kind of day has a table of all its patterns, and the search looks a day's cost up instead of counting it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.policy import Policy, Rule
from hub.timetable.solver.problem import Grid, Party, Slot


@dataclass(frozen=True, slots=True)
class DayKind:
    """Days that cost the same for the same pattern."""

    is_group: bool
    lunch: int
    """Bits of the periods, as in `breaks` (a break follows)."""
    breaks: int
    max_daily: int | None
    max_consecutive: int | None


def day_kind(grid: Grid, party: Party, day: int, *, is_group: bool) -> DayKind:
    return DayKind(
        is_group=is_group,
        lunch=_bits(grid, grid.lunch, day),
        breaks=_bits(grid, grid.breaks, day),
        max_daily=party.max_daily,
        max_consecutive=party.max_consecutive,
    )


def day_costs(kind: DayKind, periods: int, policy: Policy) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each pattern (its index has a bit per taken period): hard violations, and soft cost."""
    patterns = np.arange(1 << periods, dtype=np.int64)
    hard = np.zeros(len(patterns), np.int32)
    soft = np.zeros(len(patterns), np.int32)
    for rule, amounts in _amounts(kind, periods, patterns).items():
        if policy.is_hard(rule):
            hard += amounts.astype(np.int32)
        else:
            soft += (amounts * policy.weight(rule)).astype(np.int32)
    return hard, soft


def _amounts(kind: DayKind, periods: int, patterns: NDArray[np.int64]) -> dict[Rule, NDArray[np.int64]]:
    taken = [(patterns >> period) & 1 for period in range(periods)]
    none = np.zeros_like(patterns)
    load = sum(taken, none)
    amounts: dict[Rule, NDArray[np.int64]] = {}
    if kind.max_daily is not None:
        rule = Rule.GROUP_DAILY_LOAD if kind.is_group else Rule.TRAINER_DAILY_LOAD
        amounts[rule] = np.maximum(load - kind.max_daily, 0)
    if kind.max_consecutive is not None:
        run, over = none.copy(), none.copy()
        for period in range(periods):
            run = (run + 1) * taken[period]
            over += run > kind.max_consecutive  # each period of a run beyond the maximum is one over it
            if kind.breaks >> period & 1:
                run = none.copy()
        amounts[Rule.GROUP_CONSECUTIVE if kind.is_group else Rule.TRAINER_CONSECUTIVE] = over
    amounts[Rule.GROUP_GAP if kind.is_group else Rule.TRAINER_GAP] = _gaps(kind, taken, none)
    if kind.lunch:
        amounts[Rule.LUNCH] = ((patterns & kind.lunch) == kind.lunch).astype(np.int64)
    if kind.is_group:
        beside = (patterns << 1) | (patterns >> 1)
        amounts[Rule.GROUP_LONE_PERIOD] = sum(((patterns & ~beside) >> period & 1 for period in range(periods)), none)
    return amounts


def _gaps(kind: DayKind, taken: list[NDArray[np.int64]], none: NDArray[np.int64]) -> NDArray[np.int64]:
    periods = len(taken)
    before = [sum(taken[:period], none) > 0 for period in range(periods)]
    after = [sum(taken[period + 1 :], none) > 0 for period in range(periods)]
    idle = [before[period] & after[period] & (taken[period] == 0) for period in range(periods)]
    at_lunch = np.zeros(len(none), np.bool_)
    for period in range(periods):
        if kind.lunch >> period & 1:
            at_lunch |= idle[period]
    return sum((each.astype(np.int64) for each in idle), none) - at_lunch


def _bits(grid: Grid, slots: frozenset[Slot], day: int) -> int:
    return sum(1 << period for period in range(grid.periods_per_day) if Slot(day, period) in slots)
