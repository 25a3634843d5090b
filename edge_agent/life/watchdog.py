"""Tells systemd that the agent lives, for as long as all its parts do."""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import Future

import sdnotify
import structlog

_FALLBACK_S = 10.0
_OUTBOX_WITHIN_S = 10.0

_log = structlog.get_logger("edge_agent.watchdog")


def interval_s() -> float:
    """Seconds between signs of life: half of what systemd allows (WATCHDOG_USEC)."""
    microseconds = int(os.environ.get("WATCHDOG_USEC", "0") or 0)
    return microseconds / 2_000_000 if microseconds else _FALLBACK_S


class Watchdog:
    """Without systemd it only looks. `pipeline_beat` is on `time.monotonic()`, None while no pipeline runs."""

    def __init__(
        self, *, pipeline_beat: Callable[[], float | None], outbox_beat: Callable[[], Future[int]], stuck_after_s: float
    ) -> None:
        self._pipeline_beat = pipeline_beat
        self._outbox_beat = outbox_beat
        self._stuck_after_s = stuck_after_s
        self._systemd = sdnotify.SystemdNotifier()

    def ready(self) -> None:
        self._systemd.notify("READY=1")

    def stopping(self) -> None:
        self._systemd.notify("STOPPING=1")

    async def run(self) -> None:
        """Give signs of life until cancelled. A part that hangs stops them, and systemd restarts the agent."""
        while True:
            stuck = await self.stuck()
            if stuck is None:
                self._systemd.notify("WATCHDOG=1")
            else:
                _log.error("hangs: no sign of life is given", part=stuck)
            await asyncio.sleep(interval_s())

    async def stuck(self) -> str | None:
        """The part that hangs, if any."""
        beat = self._pipeline_beat()
        if beat is not None and time.monotonic() - beat > self._stuck_after_s:
            return "pipeline"
        try:
            await asyncio.wait_for(asyncio.wrap_future(self._outbox_beat()), _OUTBOX_WITHIN_S)
        except TimeoutError:
            return "outbox"
        return None
