"""Wakes WatchCommands streams: one look at the database a second for all of them, whichever hub queued the command."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.devices import queries
from hub.devices.rules import DeviceState
from hub.errors import Unavailable

_INTERVAL_S = 1.0

_log = structlog.get_logger("hub.devices")


class CommandBoard:
    """One a process. It looks at the database only while somebody watches."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._watchers: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._heads: dict[UUID, tuple[int, DeviceState]] = {}
        self._soon = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Look now: a command was queued in this process."""
        self._soon.set()

    @asynccontextmanager
    async def watch(self, device_id: UUID) -> AsyncIterator[asyncio.Event]:
        """An event that is set when the device's commands or its state may have changed; the watcher clears it."""
        changed = asyncio.Event()
        self._watchers[device_id].add(changed)
        if self._task is None:
            self._task = asyncio.create_task(self._look_again_and_again())
        try:
            yield changed
        finally:
            self._watchers[device_id].discard(changed)
            if not self._watchers[device_id]:
                del self._watchers[device_id]
            if not self._watchers and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _look_again_and_again(self) -> None:
        while True:
            self._soon.clear()
            try:
                await self._look_once()
            except Unavailable as error:
                _log.warning("could not look for commands of devices", reason=error.reason)
            try:
                await asyncio.wait_for(self._soon.wait(), _INTERVAL_S)
            except TimeoutError:
                continue

    async def _look_once(self) -> None:
        async with self._db.unit_of_work(SYSTEM, write=False) as uow:
            heads = await queries.command_heads(uow)
        before, self._heads = self._heads, heads
        for device_id, watchers in self._watchers.items():
            if heads.get(device_id) != before.get(device_id):
                for changed in watchers:
                    changed.set()
