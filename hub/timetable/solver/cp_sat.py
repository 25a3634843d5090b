"""How the exact assistant calls CP-SAT: under a time limit, stoppable at any moment, off the interpreter's lock."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

Term = Any
"""A number, a variable or a linear expression of CP-SAT."""

POLL_S = 0.05


class Cancelled(Exception):
    """Whoever asked does not want the answer any more."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """Seconds that several searches share, and who may stop them. Raises Cancelled where it is asked after a
    cancellation.
    """

    seconds: float
    workers: int = 2
    seed: int = 0
    is_cancelled: Callable[[], bool] = lambda: False
    """Asked from a thread of its own while a search runs."""
    _start: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        if self.is_cancelled():
            raise Cancelled
        return max(self._start + self.seconds - time.monotonic(), 0.0)

    def part(self, seconds: float) -> "Budget":
        """At most `seconds` of what is left."""
        return Budget(
            seconds=min(seconds, self.left), workers=self.workers, seed=self.seed, is_cancelled=self.is_cancelled
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a search found. `values` is None when it has no solution, or none was found in time."""

    values: cp_model.CpSolver | None
    objective: int | None
    bound: int | None
    """No solution is better."""
    infeasible: bool
    """Proven to have no solution."""

    @property
    def optimal(self) -> bool:
        return self.objective is not None and self.objective == self.bound


def solve_from_hint(model: cp_model.CpModel, budget: Budget) -> Outcome:
    """As `solve`, when the model's hint says where lessons are: the other variables first get what costs least beside
    it. Left without a value they cost the solver seconds before its first solution; so does presolving, after which it
    often does not find the hint again. Raises Cancelled.
    """
    hinted = solve(model, budget, keeps_hint=True)
    if hinted.values is not None:
        values = hinted.values.response_proto.solution
        model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(values):
            model.add_hint(model.get_int_var_from_proto_index(index), value)
    found = solve(model, budget, presolves=False)
    return hinted if found.values is None and hinted.values is not None else found


def solve(model: cp_model.CpModel, budget: Budget, *, keeps_hint: bool = False, presolves: bool = True) -> Outcome:
    """With `keeps_hint` variables that have a hint are that. Raises Cancelled."""
    solver = cp_model.CpSolver()
    solver.parameters.fix_variables_to_their_hinted_value = keeps_hint
    solver.parameters.cp_model_presolve = presolves
    solver.parameters.max_time_in_seconds = budget.left
    solver.parameters.num_workers = budget.workers
    solver.parameters.random_seed = budget.seed
    done = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(solver, budget.is_cancelled, done), name="cp-sat watcher", daemon=True
    )
    watcher.start()
    try:
        status = solver.solve(model)
    finally:
        done.set()
        watcher.join()
    if budget.is_cancelled():
        raise Cancelled
    found = solver.status_name(status) in {"OPTIMAL", "FEASIBLE"}
    return Outcome(
        values=solver if found else None,
        objective=round(solver.objective_value) if found else None,
        bound=round(solver.best_objective_bound) if found else None,
        infeasible=solver.status_name(status) == "INFEASIBLE",
    )


def _watch(solver: cp_model.CpSolver, is_cancelled: Callable[[], bool], done: threading.Event) -> None:
    while not done.wait(POLL_S):
        if is_cancelled():
            solver.stop_search()
