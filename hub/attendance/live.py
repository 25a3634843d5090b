"""Wakes who watches a session on this hub; changes by other hubs are met by looking once a second."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

LOOK_AGAIN_SECONDS = 1.0


class LiveBoard:
    """One a process."""

    def __init__(self) -> None:
        self._watchers: dict[UUID, set[asyncio.Event]] = {}

    def wake(self, session_ids: Iterable[UUID]) -> None:
        """Call after the commit."""
        for session_id in session_ids:
            for watcher in self._watchers.get(session_id, ()):
                watcher.set()

    async def turns(self, session_id: UUID) -> AsyncIterator[None]:
        """Yields at once, and then whenever it is time to look again."""
        watcher = asyncio.Event()
        watchers = self._watchers.setdefault(session_id, set())
        watchers.add(watcher)
        try:
            while True:
                watcher.clear()
                yield
                try:
                    await asyncio.wait_for(watcher.wait(), LOOK_AGAIN_SECONDS)
                except TimeoutError:
                    continue
        finally:
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(session_id, None)
