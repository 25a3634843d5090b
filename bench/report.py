"""The one form in which every benchmark prints what it measured."""

import json
import operator
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

LARGEST_SPREAD = 0.25
"""Of the comparator's rounds, interquartile range over median: above it the machine was too noisy to compare on."""
FEWEST_ROUNDS = 5
REACHES = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `reach` such as "<= 1.5" is about the ratio where there is one, else about the value."""

    value: float
    unit: str = ""
    comparator: float | None = None
    ratio: float | None = None
    reach: str | None = None
    interval: tuple[float, float] | None = None
    """95 % confidence."""

    @property
    def ok(self) -> bool | None:
        """None without a reach."""
        if self.reach is None:
            return None
        sign, bound = self.reach.split()
        return bool(REACHES[sign](self.value if self.ratio is None else self.ratio, float(bound)))

    def as_json(self) -> dict[str, Any]:
        form: dict[str, Any] = {
            "value": self.value,
            "unit": self.unit,
            "comparator": self.comparator,
            "ratio": self.ratio,
            "reach": self.reach,
            "ok": self.ok,
        }
        if self.interval is not None:
            form["interval_95"] = list(self.interval)
        return form


@dataclass(slots=True)
class Report:
    """Fill `figures` (lower_snake names, in the order to show), then print."""

    bench: str
    figures: dict[str, Figure] = field(default_factory=dict)
    invalid_because: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def print(self, *, as_json: bool) -> None:
        """A table for people, or one line of JSON as the last line."""
        if as_json:
            print(
                json.dumps(
                    {
                        "bench": self.bench,
                        "valid": not self.invalid_because,
                        "invalid_because": self.invalid_because,
                        "machine": machine(),
                        "figures": {name: figure.as_json() for name, figure in self.figures.items()},
                    }
                )
            )
            return
        table = Table(title=f"bench.{self.bench}", title_justify="left")
        for column in ("figure", "value", "95 %", "comparator", "ratio", "reach", ""):
            table.add_column(column, justify="left" if column in {"figure", "reach"} else "right", no_wrap=True)
        for name, figure in self.figures.items():
            low_high = "" if figure.interval is None else f"{figure.interval[0]:.4g} - {figure.interval[1]:.4g}"
            table.add_row(
                name,
                f"{figure.value:.4g} {figure.unit}".strip(),
                low_high,
                "" if figure.comparator is None else f"{figure.comparator:.4g} {figure.unit}".strip(),
                "" if figure.ratio is None else f"{figure.ratio:.3f}",
                figure.reach or "",
                {True: "ok", False: "FALLS SHORT", None: ""}[figure.ok],
            )
        console = Console(width=None if sys.stdout.isatty() else 120, soft_wrap=True)
        console.print(table)
        for line in (*self.notes, *(f"INVALID: {reason}" for reason in self.invalid_because)):
            console.print(line, highlight=False)
        console.print(", ".join(f"{key} {value}" for key, value in machine().items()), highlight=False, style="dim")


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    load = os.getloadavg()
    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "load_1m": round(load[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith(("model name", "Model")):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def wilson_interval(hits: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share (Wilson, JASA 22, 1927)."""
    if of == 0:
        return 0.0, 1.0
    z = statistics.NormalDist().inv_cdf(0.975)
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5 / (1 + z * z / of)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def share(hits: int, of: int, *, reach: str | None = None) -> Figure:
    """A share with its interval."""
    return Figure(hits / of if of else 0.0, reach=reach, interval=wilson_interval(hits, of))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways timed in turns; seconds per call, medians over the rounds."""

    ours_s: float
    comparator_s: float
    ratio: float
    """Ours over the comparator's: the median of the rounds' ratios."""
    comparator_spread: float

    @property
    def valid(self) -> bool:
        return self.comparator_spread <= LARGEST_SPREAD


def compare(
    ours: Callable[[], object], comparator: Callable[[], object], *, calls: int = 1, rounds: int = 7
) -> Comparison:
    """Time both in turns, `calls` at a time, after one round to warm up. Needs at least FEWEST_ROUNDS rounds."""
    if rounds < FEWEST_ROUNDS:
        raise ValueError(f"A comparison takes at least {FEWEST_ROUNDS} rounds.")
    ours_s: list[float] = []
    comparator_s: list[float] = []
    for turn in range(rounds + 1):
        theirs, mine = _seconds(comparator, calls), _seconds(ours, calls)
        if turn > 0:
            comparator_s.append(theirs)
            ours_s.append(mine)
    return Comparison(
        ours_s=statistics.median(ours_s),
        comparator_s=statistics.median(comparator_s),
        ratio=statistics.median(mine / theirs for mine, theirs in zip(ours_s, comparator_s, strict=True)),
        comparator_spread=spread(comparator_s),
    )


def spread(values: Sequence[float]) -> float:
    """Interquartile range over median."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / middle


def _seconds(work: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls
