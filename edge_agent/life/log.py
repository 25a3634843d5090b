"""The agent's log: lines on standard error, and the newest of them in memory for when the hub asks."""

import logging
import sys
import threading
from collections import deque

import structlog

_KEPT_BYTES = 1024 * 1024


class RecentLog:
    """The newest lines, at most `max_bytes` of them. Threads may share it; also a file to write to."""

    def __init__(self, max_bytes: int = _KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        encoded = line.encode("utf-8", "replace")[-self._max_bytes :]
        with self._lock:
            self._lines.append(encoded)
            self._size += len(encoded)
            while self._size > self._max_bytes:
                self._size -= len(self._lines.popleft())

    def newest(self, max_bytes: int) -> str:
        """The end of the log, at most `max_bytes` of UTF-8, whole lines."""
        with self._lock:
            lines = list(self._lines)
        kept: list[bytes] = []
        for line in reversed(lines):
            max_bytes -= len(line)
            if max_bytes < 0:
                break
            kept.append(line)
        return b"".join(reversed(kept)).decode("utf-8", "replace")


def configure(level: str) -> RecentLog:
    """Have structlog write from `level` on; answers where the newest lines are kept."""
    recent = RecentLog()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: _Tee(recent),
        cache_logger_on_first_use=False,
    )
    return recent


class _Tee:
    """A structlog logger of final lines."""

    def __init__(self, recent: RecentLog) -> None:
        self._recent = recent

    def msg(self, line: str) -> None:
        self._recent.write(f"{line}\n")
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = log = msg
