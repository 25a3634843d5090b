"""Named places where a test has the process killed; without ROSTER_FAIL_POINT they do nothing.

ROSTER_FAIL_POINT="outbox.before_commit:3" kills the process with SIGKILL when it comes to that place the third time.
"""

import os
import signal
import threading

_lock = threading.Lock()


def _read() -> tuple[str, int]:
    name, _, count = os.environ.get("ROSTER_FAIL_POINT", "").partition(":")
    return name, int(count or 1)


_name, _left = _read()


def reach(name: str) -> None:
    """Tell that the process has come to a named place."""
    global _left  # noqa: PLW0603 (a count of the process, like the environment it is read from)
    if name != _name:
        return
    with _lock:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
