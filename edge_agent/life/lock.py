"""One agent a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge_agent.errors import AgentError


class AnotherAgentRuns(AgentError):
    pass


@contextmanager
def only_agent(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; the kernel lets go of it when the process ends, however it does.

    Raises:
        AnotherAgentRuns: a second agent would send under the same numbers.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(data_dir / "agent.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AnotherAgentRuns(
                f"Another agent runs in {data_dir}: stop it (systemctl stop roster-agent), or give another data_dir."
            ) from None
        yield
    finally:
        os.close(handle)
