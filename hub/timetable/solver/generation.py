"""Plans for a problem: several chains of the search at once, the best plan of all, checked by the validator."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from hub.timetable.solver.completion import complete
from hub.timetable.solver.problem import Course, Grid, Lesson, Plan, Problem, Room
from hub.timetable.solver.reasons import reasons_unplaced
from hub.timetable.solver.search import Best, Chain, as_plan
from hub.timetable.solver.tables import build_tables
from hub.timetable.solver.validator import Report, validate

PROGRESS_EVERY_S = 1.0
RESERVE = 0.01
"""Of the time given, for what comes after the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best plan so far, before the last step that resolves what clashes."""

    elapsed_s: float
    part_done: float
    """From 0 to 1, over all chains."""
    moves: int
    """Of all chains."""
    plan: Plan
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A plan, what the validator says of it, and why lessons are missing in it, by their keys."""

    plan: Plan
    report: Report
    reasons: Mapping[str, str]
    moves: int
    """Of all chains."""
    elapsed_s: float
    seed: int
    """Of the chain that found the plan."""
    cancelled: bool


class _Race:
    """Chains that search at once, each for `each_s` seconds or `moves` moves, and the best plan of all."""

    def __init__(
        self, chains: Sequence[Chain], *, each_s: float, moves: int | None, clock: Callable[[], float]
    ) -> None:
        self._chains, self._each_s, self._moves, self._clock = chains, each_s, moves, clock
        self._done = [0.0] * len(chains)
        self._lock = Lock()
        self._best: dict[int, Best] = {}
        self.stopped = Event()

    def run(self, number: int) -> None:
        begin = self._clock()

        def part_done(made: int) -> float:
            if self.stopped.is_set():
                done = 1.0
            elif self._moves is not None:
                done = made / self._moves if self._moves > 0 else 1.0
            elif made == 0:
                done = 0.0  # one turn at least, however late
            else:
                done = (self._clock() - begin) / self._each_s if self._each_s > 0 else 1.0
            self._done[number] = min(done, 1.0)
            return done

        def keep(best: Best) -> None:
            with self._lock:
                self._best[number] = best

        self._chains[number].run(part_done, keep)
        self._done[number] = 1.0

    @property
    def leader(self) -> tuple[int, NDArray[np.int32]]:
        """The number of the chain with the best plan, of equally good ones the first, and its State.place."""
        with self._lock:
            if not self._best:
                return 0, self._chains[0].place
            number = min(self._best, key=lambda number: (self._best[number].key, number))
            return number, self._best[number].place

    @property
    def moves(self) -> int:
        return sum(chain.moves for chain in self._chains)

    @property
    def part_done(self) -> float:
        return sum(self._done) / len(self._done)


def generate(
    problem: Problem,
    *,
    seconds: float | None = None,
    moves: int | None = None,
    seed: int = 1,
    chains: int | None = None,
    cores: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """The best plan that `chains` (default: as many as `cores`) searches find within `seconds`, all in all, or with so
    many `moves` each; one of both must be given. By moves, the same seed and number of chains give the same plan.

    Lessons that can't be placed are left out with the reason; a plan without any is still a plan. Blocks; runs on
    `cores` threads that need no interpreter lock. `on_progress` comes about every second, on the caller's thread. When
    cancelled, the result is the best so far.
    """
    begin = clock()
    chains = cores if chains is None else chains
    if (seconds is None) == (moves is None):
        raise ValueError("Give either seconds or moves.")
    if chains < 1 or cores < 1:
        raise ValueError("It takes at least one chain and one core.")
    tables = build_tables(problem)
    each_s = 0.0
    if seconds is not None:
        warm_up()
        each_s = max(seconds * (1 - RESERVE) - (clock() - begin), 0.0) / -(-chains // cores)
    searches = [Chain(problem, tables, seed + number) for number in range(chains)]
    race = _Race(searches, each_s=each_s, moves=moves, clock=clock)
    cancelled = False
    with ThreadPoolExecutor(cores, thread_name_prefix="timetable") as threads:
        try:
            running = {threads.submit(race.run, number) for number in range(chains)}
            while running:
                finished, running = wait(running, timeout=PROGRESS_EVERY_S)
                for future in finished:
                    future.result()
                if on_progress is not None:
                    plan = as_plan(problem, race.leader[1])
                    on_progress(
                        Progress(
                            elapsed_s=clock() - begin,
                            part_done=race.part_done,
                            moves=race.moves,
                            plan=plan,
                            report=validate(problem, plan),
                        )
                    )
                if running and is_cancelled():
                    cancelled = True
                    race.stopped.set()
        finally:
            race.stopped.set()
    leader, place = race.leader
    plan = as_plan(problem, complete(problem, tables, place))
    return Result(
        plan=plan,
        report=validate(problem, plan),
        reasons=reasons_unplaced(problem, plan),
        moves=race.moves,
        elapsed_s=clock() - begin,
        seed=seed + leader,
        cancelled=cancelled,
    )


def warm_up() -> None:
    """Compiles the search, or reads its machine code; seconds when it is new to this machine, once a process."""
    problem = Problem(
        grid=Grid(days=1, periods_per_day=1),
        rooms=(Room(key="", name="", capacity=0),),
        groups=(),
        trainers=(),
        courses=(Course(key="", name=""),),
        lessons=(Lesson(key="", course=""),),
    )
    tables = build_tables(problem)
    Chain(problem, tables, 0).run(lambda made: made, lambda _: None)
