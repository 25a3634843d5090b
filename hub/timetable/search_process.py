"""Runs the solver's search in a process of its own: it needs whole cores for minutes, and the hub has calls to answer.

The process is `python -m hub.timetable.search_process`: it reads one pickled `Search` from its standard input, writes a
pickled `Obstacles`, then `Progress` messages and at last a `Result` to its standard output, and ends its search early
when its input is closed, be it because someone cancelled or because the hub is gone.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.explanation import explain
from hub.timetable.solver.generation import Progress, Result, generate
from hub.timetable.solver.problem import Problem

EXPLAIN_SECONDS = 2.0
_LOOK_SECONDS = 0.2
_LAST_SECONDS = 8.0
"""How long a search that is cancelled may take to tell its best plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Either seconds or moves is given (`generation.generate`)."""

    problem: Problem
    seconds: float | None
    moves: int | None
    seed: int
    cores: int


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Why not all lessons can be placed, told by name before the search; empty where nothing was found."""

    texts: tuple[str, ...]


News = Progress | Obstacles


class SearchFailed(RuntimeError):
    """The process ended without a plan: a mistake in the hub's code, or a killed process. Holds what it wrote."""


def run(search: Search, *, tell: Callable[[News], None], is_cancelled: Callable[[], bool]) -> Result:
    """The best plan found; blocks. When cancelled, the best so far.

    Raises:
        SearchFailed
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-m", "hub.timetable.search_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin is not None  # noqa: S101 (they are pipes)
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        messages: queue.SimpleQueue[News | Result | None] = queue.SimpleQueue()
        threading.Thread(target=_receive, args=(process.stdout, messages), daemon=True).start()
        try:
            pickle.dump(search, process.stdin)
            process.stdin.flush()
            result = _wait(process, messages, tell, is_cancelled)
        finally:
            process.kill()
        if result is None:
            raise SearchFailed(process.stderr.read().decode(errors="replace")[-4000:])
        return result


def _wait(
    process: "subprocess.Popen[bytes]",
    messages: "queue.SimpleQueue[News | Result | None]",
    tell: Callable[[News], None],
    is_cancelled: Callable[[], bool],
) -> Result | None:
    patience: float | None = None
    while patience is None or patience > 0:
        try:
            message = messages.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            if patience is not None:
                patience -= _LOOK_SECONDS
            elif is_cancelled():
                patience = _LAST_SECONDS
                if process.stdin is not None:
                    process.stdin.close()
            continue
        if not isinstance(message, News):
            return message
        tell(message)
    return None


def _receive(stream: IO[bytes], messages: "queue.SimpleQueue[News | Result | None]") -> None:
    try:
        while True:
            messages.put(pickle.load(stream))  # noqa: S301 (from our own process)
    except (EOFError, ValueError, pickle.UnpicklingError):
        messages.put(None)


def main() -> None:
    """The process."""
    # Whatever a library prints must not get between the messages.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    search: Search = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own process)
    cancelled = threading.Event()

    def watch() -> None:
        sys.stdin.buffer.read()
        cancelled.set()

    def send(message: News | Result) -> None:
        pickle.dump(message, out)
        out.flush()

    threading.Thread(target=watch, daemon=True).start()
    send(Obstacles(explain(search.problem, Budget(seconds=EXPLAIN_SECONDS, workers=search.cores)).texts))
    send(
        generate(
            search.problem,
            seconds=search.seconds,
            moves=search.moves,
            seed=search.seed,
            cores=search.cores,
            on_progress=send,
            is_cancelled=cancelled.is_set,
        )
    )


if __name__ == "__main__":
    # Pickled by their real names, not as this script's.
    from hub.timetable.search_process import main as _main

    _main()
