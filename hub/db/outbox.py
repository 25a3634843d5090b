"""Delivers stored events: at least once to each subscriber, whatever crashes, on however many hubs.

Each subscriber works for itself, so one that fails or is slow holds up no other. A subscriber takes a batch of its due
deliveries by pushing their due time forward (the lease): a hub that dies in between gives them back by doing nothing.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import delete, select, tuple_, update

from hub import fail_points
from hub.db.database import Database
from hub.db.outbox_tables import OutboxDelivery, OutboxEvent
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.events import Event, from_json

E = TypeVar("E", bound=Event)

# Few enough that the one writer of SQLite is not kept from check-ins for long.
_BATCH = 25
_LEASE = timedelta(seconds=90)
_HANDLER_TIMEOUT = timedelta(seconds=30)
_POLL_SECONDS = 5.0
_LONGEST_BACKOFF = timedelta(minutes=5)

_log = structlog.get_logger("hub.outbox")


@dataclass(slots=True)
class _Subscriber:
    name: str
    transactional: bool
    handlers: dict[str, Callable[..., Awaitable[None]]] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Delivery:
    delivery_id: int
    attempts: int
    event_id: UUID
    name: str
    payload: dict[str, object]


class _TakenByAnother(Exception):
    pass


class OutboxRelay:
    """Register every subscriber before the first event is published; then `start`.

    A subscriber's name is stored with what waits for it: after renaming a handler give its former name as `name`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: dict[str, _Subscriber] = {}
        self._stopping = asyncio.Event()
        self._workers: list[asyncio.Task[None]] = []
        database.on_events.append(self._wake)

    def subscribe(
        self, event_type: type[E], handler: Callable[[UnitOfWork, E], Awaitable[None]], *, name: str | None = None
    ) -> None:
        """`handler` runs in a transaction that also marks the event as handled: what it stores, it stores once.

        It must be short (30 s at most) and not talk to other machines: while it runs SQLite has no other writer.
        """
        self._add(event_type, handler, name or f"{handler.__module__}.{handler.__qualname__}", transactional=True)

    def subscribe_sender(
        self, event_type: type[E], send: Callable[[E], Awaitable[None]], *, name: str | None = None
    ) -> None:
        """`send` runs outside of any transaction, for talking to other machines; a crash can make it run again."""
        self._add(event_type, send, name or f"{send.__module__}.{send.__qualname__}", transactional=False)

    async def start(self) -> None:
        self._workers = [asyncio.create_task(self._work(subscriber)) for subscriber in self._subscribers.values()]

    async def stop(self) -> None:
        """Finish the batches in hand; the rest waits in the database."""
        self._stopping.set()
        for subscriber in self._subscribers.values():
            subscriber.wake.set()
        await asyncio.gather(*self._workers)

    async def run_once(self) -> int:
        """Deliver what is due now, to every subscriber, until nothing is; answers how many were handled."""
        total = 0
        while handled := sum([await self._deliver_batch(subscriber) for subscriber in self._subscribers.values()]):
            total += handled
        return total

    def _add(
        self, event_type: type[Event], handler: Callable[..., Awaitable[None]], name: str, *, transactional: bool
    ) -> None:
        subscriber = self._subscribers.setdefault(name, _Subscriber(name, transactional))
        if event_type.name in subscriber.handlers or subscriber.transactional is not transactional:
            raise ValueError(f"{name} is subscribed to {event_type.name} already, or in another way: give it a name")
        subscriber.handlers[event_type.name] = handler
        known = self._database.subscribers.get(event_type.name, ())
        self._database.subscribers[event_type.name] = (*known, name)

    def _wake(self, names: frozenset[str]) -> None:
        for name in names & self._subscribers.keys():
            self._subscribers[name].wake.set()

    async def _work(self, subscriber: _Subscriber) -> None:
        while not self._stopping.is_set():
            subscriber.wake.clear()
            try:
                handled = await self._deliver_batch(subscriber)
            except Exception as error:  # noqa: BLE001 (the worker must outlive a database that is away for a while)
                level = _log.warning if isinstance(error, HubError) else _log.error
                level("the outbox waits", subscriber=subscriber.name, exc_info=error)
                handled = 0
            if handled < _BATCH and not self._stopping.is_set():
                # Others' events and ended leases are found by polling, this process' own by being woken.
                wait = asyncio.wait_for(subscriber.wake.wait(), random.uniform(0.5, 1) * _POLL_SECONDS)  # noqa: S311 (spreads polls)
                await asyncio.gather(wait, return_exceptions=True)

    async def _deliver_batch(self, subscriber: _Subscriber) -> int:
        deliveries = await self._take(subscriber)
        if not deliveries:
            return 0
        if not subscriber.transactional:
            failures = await self._send(subscriber, deliveries)
        elif not await self._handle_together(subscriber, deliveries):
            failures = await self._handle_one_by_one(subscriber, deliveries)
        else:
            failures = {}
        return len(deliveries) - len(failures)

    async def _handle_together(self, subscriber: _Subscriber, deliveries: list[_Delivery]) -> bool:
        # Nearly always nothing fails, and then savepoints would be most of the work.
        try:
            async with self._database.transaction(SYSTEM, write=True) as uow:
                await self._mark_handled(uow, deliveries)
                for delivery in deliveries:
                    async with asyncio.timeout(_HANDLER_TIMEOUT.total_seconds()):
                        await subscriber.handlers[delivery.name](uow, from_json(delivery.name, delivery.payload))
                fail_points.reach("relay.after_handler")
        except Exception as error:  # noqa: BLE001 (told apart, put off and logged one by one)
            _log.debug("a batch of events is taken apart", subscriber=subscriber.name, error=repr(error))
            return False
        return True

    async def _handle_one_by_one(self, subscriber: _Subscriber, deliveries: list[_Delivery]) -> dict[int, Exception]:
        failures: dict[int, Exception] = {}
        async with self._database.transaction(SYSTEM, write=True) as uow:
            for delivery in deliveries:
                try:
                    async with asyncio.timeout(_HANDLER_TIMEOUT.total_seconds()), uow.savepoint():
                        await self._mark_handled(uow, [delivery])
                        await subscriber.handlers[delivery.name](uow, from_json(delivery.name, delivery.payload))
                except Exception as error:  # noqa: BLE001 (any failure is put off and logged)
                    failures[delivery.delivery_id] = error
            await self._put_off(uow, subscriber, deliveries, failures)
        return failures

    async def _send(self, subscriber: _Subscriber, deliveries: list[_Delivery]) -> dict[int, Exception]:
        failures: dict[int, Exception] = {}
        for delivery in deliveries:
            try:
                async with asyncio.timeout(_HANDLER_TIMEOUT.total_seconds()):
                    await subscriber.handlers[delivery.name](from_json(delivery.name, delivery.payload))
            except Exception as error:  # noqa: BLE001 (any failure is put off and logged)
                failures[delivery.delivery_id] = error
        async with self._database.transaction(SYSTEM, write=True) as uow:
            with suppress(_TakenByAnother):
                await self._mark_handled(uow, [each for each in deliveries if each.delivery_id not in failures])
            await self._put_off(uow, subscriber, deliveries, failures)
        return failures

    async def _take(self, subscriber: _Subscriber) -> list[_Delivery]:
        now = self._database.clock()
        due = (
            select(OutboxDelivery.delivery_id)
            .where(OutboxDelivery.subscriber == subscriber.name, OutboxDelivery.due_time <= now)
            .order_by(OutboxDelivery.due_time, OutboxDelivery.delivery_id)
            .limit(_BATCH)
        )
        # A look costs no write transaction when nothing is due, which is nearly always.
        async with self._database.transaction(SYSTEM, write=False) as uow:
            if (await uow.session.execute(due.limit(1))).first() is None:
                return []
        async with self._database.transaction(SYSTEM, write=True) as uow:
            ids = (await uow.session.scalars(due.with_for_update(skip_locked=True))).all()
            await uow.session.execute(
                update(OutboxDelivery)
                .where(OutboxDelivery.delivery_id.in_(ids))
                .values(due_time=now + _LEASE, attempts=OutboxDelivery.attempts + 1)
            )
            taken = await uow.session.execute(
                select(
                    OutboxDelivery.delivery_id,
                    OutboxDelivery.attempts,
                    OutboxEvent.event_id,
                    OutboxEvent.name,
                    OutboxEvent.payload,
                )
                .join(OutboxEvent, OutboxEvent.event_id == OutboxDelivery.event_id)
                .where(OutboxDelivery.delivery_id.in_(ids))
                .order_by(OutboxDelivery.delivery_id)
            )
            return [_Delivery(*row) for row in taken]

    async def _mark_handled(self, uow: UnitOfWork, deliveries: list[_Delivery]) -> None:
        """Delete the deliveries that are still this relay's; raises _TakenByAnother if some were not."""
        lease = tuple_(OutboxDelivery.delivery_id, OutboxDelivery.attempts)
        gone = await uow.session.execute(
            delete(OutboxDelivery)
            .where(lease.in_([(each.delivery_id, each.attempts) for each in deliveries]))
            .returning(OutboxDelivery.delivery_id)
        )
        if len(gone.all()) != len(deliveries):
            raise _TakenByAnother

    async def _put_off(
        self,
        uow: UnitOfWork,
        subscriber: _Subscriber,
        deliveries: list[_Delivery],
        failures: dict[int, Exception],
    ) -> None:
        for delivery in deliveries:
            error = failures.get(delivery.delivery_id)
            if error is None or isinstance(error, _TakenByAnother):
                continue
            _log.warning(
                "an event could not be handled and is put off",
                subscriber=subscriber.name,
                event_name=delivery.name,
                event_id=str(delivery.event_id),
                attempts=delivery.attempts,
                exc_info=error,
            )
            longest = min(timedelta(seconds=2 ** min(delivery.attempts, 20)), _LONGEST_BACKOFF)
            await uow.session.execute(
                update(OutboxDelivery)
                .where(OutboxDelivery.delivery_id == delivery.delivery_id, OutboxDelivery.attempts == delivery.attempts)
                .values(
                    due_time=self._database.clock() + random.uniform(0.5, 1) * longest,  # noqa: S311 (spreads retries)
                    last_error=f"{type(error).__name__}: {error}"[:500],
                )
            )
