"""The device's clocks. A Pi has no clock battery: what it believes after a power cut is told with each reading."""

import ctypes
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog

from edge_agent.files import write_whole
from edge_agent.observations import ClockQuality, ClockReading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 512  # struct timex is 208 bytes on 64-bit Linux; zeros ask only
_LONGEST_ROUND_TRIP = timedelta(seconds=5)  # slower answers tell too little about the hub's clock

_log = structlog.get_logger("edge_agent.clock")


def ntp_synchronised() -> bool:
    """Whether the kernel says that its clock is disciplined by NTP, GPS or PTP (adjtimex(2))."""
    return bool(
        0 <= ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) < _TIME_ERROR
    )


class DeviceClock:
    """Wall time from the best source there is: NTP, else the hub, else the last good time kept in `path`.

    Threads may share it. `wall_ns`, `monotonic_ns` and `synchronised` are the machine's own; tests give others.
    """

    def __init__(
        self,
        path: Path,
        *,
        wall_ns: Callable[[], int] = time.time_ns,
        monotonic_ns: Callable[[], int] = lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
        synchronised: Callable[[], bool] = ntp_synchronised,
    ) -> None:
        self._path = path
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._synchronised = synchronised
        self._lock = threading.Lock()
        self._boot_id = UUID(_BOOT_ID.read_text(encoding="ascii").strip())
        self._base_ns = 0  # wall time when the monotonic clock was 0
        self._quality = ClockQuality.UNSYNCED
        self._from_hub = False
        self._begin()

    def _begin(self) -> None:
        now, system = self._monotonic_ns(), self._wall_ns()
        last_good = self._last_good_ns()
        if last_good is not None and system < last_good:
            self._base_ns, self._quality = last_good - now, ClockQuality.RESTORED
        else:
            self._base_ns = system - now
            self._quality = ClockQuality.UNSYNCED if last_good is None else ClockQuality.RESTORED

    def _last_good_ns(self) -> int | None:
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def read(self) -> ClockReading:
        now = self._monotonic_ns()
        with self._lock:
            wall_ns, quality = now + self._base_ns, self._quality
        return ClockReading(
            wall_time=datetime.fromtimestamp(wall_ns // 1000 / 1_000_000, UTC),
            monotonic_ns=now,
            boot_id=self._boot_id,
            quality=quality,
        )

    def now(self) -> datetime:
        return self.read().wall_time

    def hub_said(self, hub_time: datetime, *, asked_ns: int, answered_ns: int) -> timedelta | None:
        """Take the hub's time, given between two monotonic readings; answers how far this clock was ahead of it.

        A clock that NTP keeps is not touched. None when the answer took too long to tell.
        """
        if answered_ns - asked_ns > _LONGEST_ROUND_TRIP.total_seconds() * 1e9:
            return None
        middle_ns = (asked_ns + answered_ns) // 2
        hub_ns = round(hub_time.timestamp() * 1_000_000) * 1000
        with self._lock:
            ahead = timedelta(microseconds=(middle_ns + self._base_ns - hub_ns) / 1000)
            if self._quality is not ClockQuality.SYNCED or self._from_hub:
                self._base_ns = hub_ns - middle_ns
                self._quality, self._from_hub = ClockQuality.SYNCED, True
        if abs(ahead) > timedelta(seconds=1):
            _log.info("clock set by the hub", was_ahead_s=round(ahead.total_seconds(), 3))
        return ahead

    def monotonic_ns(self) -> int:
        return self._monotonic_ns()

    def check(self) -> None:
        """Look whether NTP keeps the machine's clock now, and follow it; keep the time on disk when it is good.

        Called every minute or so. A disk that can't be written is the outbox's to tell: the time is kept next time.
        """
        if self._synchronised():
            with self._lock:
                self._base_ns = self._wall_ns() - self._monotonic_ns()
                self._quality, self._from_hub = ClockQuality.SYNCED, False
        reading = self.read()
        if reading.quality is ClockQuality.UNSYNCED:
            return
        try:
            write_whole(self._path, str(round(reading.wall_time.timestamp() * 1e9)).encode())
        except OSError as error:
            _log.warning("the time could not be kept on disk", error=str(error))
