"""Named places where a test may have the hub killed: `ROSTER_FAIL_POINT="ingest.before_commit:3"` kills it by SIGKILL
when the place is reached for the third time. Without the variable a fail point does nothing.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class FailPoint:
    """`remaining` visits until the process dies."""

    name: str
    remaining: int


def parse(environment: Mapping[str, str]) -> FailPoint | None:
    """The fail point that the environment asks for.

    Raises:
        ValueError: the variable is not "<name>" or "<name>:<visit>".
    """
    wanted = environment.get("ROSTER_FAIL_POINT", "")
    if not wanted:
        return None
    name, _, visit = wanted.partition(":")
    if not name or (visit and not visit.isdecimal()) or visit == "0":
        raise ValueError(f'ROSTER_FAIL_POINT is "{wanted}": write "ingest.before_commit" or "ingest.before_commit:3"')
    return FailPoint(name, int(visit or 1))


_armed = parse(os.environ)


def reach(name: str) -> None:
    """Die here, if this is the place and the visit that was asked for."""
    if _armed is None or _armed.name != name:
        return
    _armed.remaining -= 1
    if _armed.remaining == 0:
        os.kill(os.getpid(), signal.SIGKILL)
