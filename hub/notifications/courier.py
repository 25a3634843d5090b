"""Carries what is queued for a channel to where it goes, at least once each.

The database is asked often and cheaply (an indexed read of what is due) rather than told: several hubs then share the
work without knowing of each other, and a restart forgets nothing.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from sqlalchemy import ColumnElement, Select, Update

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError, Unavailable
from hub.notifications.rules import DeliveryState

P = TypeVar("P", bound="Parcel")

_STOP_SECONDS = 5.0
_log = structlog.get_logger("hub.notifications")


@dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """What is sent, once it is taken; `attempts` were made before."""

    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: SENT, FAILED for good, or QUEUED again for after `wait`."""

    state: DeliveryState
    failure: str = ""
    wait: timedelta = timedelta(0)


SENT = Outcome(DeliveryState.SENT)


class Courier(ABC, Generic[P]):
    """`start`, later `stop`; `deliver_due()` is one look, which tests call. A subclass says what is due in its channel,
    and how to take, send and find it.
    """

    batch: ClassVar[int] = 100
    lease: ClassVar[timedelta] = timedelta(seconds=30)
    idle_seconds: ClassVar[float] = 0.2

    def __init__(self, database: Database) -> None:
        self._db = database
        self._stopping = asyncio.Event()
        self._carrying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._carrying = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the batch in hand, and deliver what the last calls caused if the way is open; the rest waits."""
        self._stopping.set()
        if self._carrying is not None:
            await asyncio.wait([self._carrying], timeout=_STOP_SECONDS)
            self._carrying.cancel()
            await asyncio.wait([self._carrying])
        if self.is_open:
            with suppress(HubError, TimeoutError):
                async with asyncio.timeout(2):
                    await self.deliver_due()

    async def deliver_due(self) -> int:
        """Try everything that is due, oldest first, at most a batch; answers how many were tried."""
        if not await self._is_anything_due():
            return 0
        async with self._db.unit_of_work(SYSTEM) as uow:
            parcels = await self.take(uow, lease_end=uow.now + self.lease)
        outcomes = await self.send(parcels)
        async with self._db.unit_of_work(SYSTEM) as uow:
            for parcel, outcome in zip(parcels, outcomes, strict=True):
                await uow.session.execute(
                    self.row_of(parcel).values(
                        state=outcome.state,
                        failure=outcome.failure,
                        attempts=parcel.attempts + 1,
                        due_time=uow.now + outcome.wait,
                    )
                )
        return len(parcels)

    @property
    def is_open(self) -> bool:
        """Whether a last batch is worth trying when the hub stops."""
        return False

    @abstractmethod
    def select_due(self, now: datetime) -> Select[Any]:
        """The rows that are to be sent now; the database is asked for the first one at each look."""

    @abstractmethod
    async def take(self, uow: UnitOfWork, *, lease_end: datetime) -> list[P]:
        """At most a batch of what is due, locked with SKIP LOCKED and put off until the lease ends."""

    @abstractmethod
    async def send(self, parcels: Sequence[P]) -> list[Outcome]:
        """Send them, outside of any transaction; the outcome of each. Raises nothing that is about one parcel."""

    @abstractmethod
    def row_of(self, parcel: P) -> Update:
        """An update of the parcel's row."""

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                delivered = await self.deliver_due()
            except Unavailable:
                _log.warning("the database is out of reach: notifications wait", exc_info=True)
                delivered = 0
            if delivered < self.batch:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self.idle_seconds)

    async def _is_anything_due(self) -> bool:
        async with self._db.unit_of_work(SYSTEM, write=False) as uow:
            return (await uow.session.execute(self.select_due(uow.now).limit(1))).first() is not None


def is_due(table: Any, now: datetime) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 (any table of `Queued`)
    """Whether a row of a table of `models.Queued` is to be sent now."""
    return (table.state == DeliveryState.QUEUED, table.due_time <= now)
