"""Questions that come at the same time, asked of the database at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

from hub.errors import Unavailable

K = TypeVar("K")
V = TypeVar("V")

_BUSY_SECONDS = 0.003
_PATIENCE_SECONDS = 0.001
# A database that was cut off in the middle of an answer may leave it out for good.
LONGEST_LOOK_UP_SECONDS = 15


class Together(Generic[K, V]):
    """`get` answers what `look_up` finds for the key, looked up after it was asked for: nothing is remembered.

    While one look-up is going on, those who ask wait for the next one, which is for all of them; and when one was just
    now, the next one waits a millisecond for company. `look_up` answers the keys that it knows; an error of it is
    raised to all who wait for it, and Unavailable after 15 s without an answer.
    """

    def __init__(self, look_up: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._look_up = look_up
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._ended = 0.0

    async def get(self, key: K) -> V | None:
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
        # Others may wait for the same answer: one who gives up takes it from nobody.
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self._waiting:
            if time.monotonic() - self._ended < _BUSY_SECONDS:
                await asyncio.sleep(_PATIENCE_SECONDS)
            asked, self._waiting = self._waiting, {}
            try:
                found = await self._found(asked.keys())
            except BaseException as error:
                for answer in asked.values():
                    _settle(answer, error)
                if isinstance(error, asyncio.CancelledError):
                    self._asking = None
                    raise
            else:
                for key, answer in asked.items():
                    if not answer.done():
                        answer.set_result(found.get(key))
            self._ended = time.monotonic()
        self._asking = None

    async def _found(self, keys: Collection[K]) -> Mapping[K, V]:
        try:
            async with asyncio.timeout(LONGEST_LOOK_UP_SECONDS):
                return await self._look_up(keys)
        except TimeoutError as error:
            raise Unavailable("The database has not answered: try again in a moment.") from error


def _settle(answer: "asyncio.Future[V | None]", error: BaseException) -> None:
    if answer.done():
        return
    if isinstance(error, asyncio.CancelledError):
        answer.cancel()
        return
    answer.set_exception(error)
    answer.exception()  # looked at: perhaps nobody waits any more
