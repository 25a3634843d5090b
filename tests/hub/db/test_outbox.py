import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.housekeeping import sweep
from hub.db.outbox import OutboxRelay
from hub.db.outbox_tables import OutboxDelivery, OutboxEvent
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from tests.fixtures.clock import FakeClock


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "test.lamp_lit"
    lamp_id: UUID
    number: int = 0


async def _light(database: Database, count: int = 1) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        for number in range(count):
            uow.publish(LampLit(**uow.new_event_args(), lamp_id=uuid4(), number=number))


async def _waiting(database: Database) -> int:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return (await uow.session.scalars(select(func.count()).select_from(OutboxDelivery))).one()


class Listener:
    """A subscriber that stores what it heard, but fails at the numbers in `broken`."""

    def __init__(self, *broken: int) -> None:
        self.heard: list[int] = []
        self.broken = set(broken)

    async def handle(self, uow: UnitOfWork, event: LampLit) -> None:
        uow.audit("test.heard", object_type="lamp", object_id=str(event.number))
        await self.send(event)

    async def send(self, event: LampLit) -> None:
        if event.number in self.broken:
            raise ConnectionError("the line is busy")
        self.heard.append(event.number)


async def _stored(database: Database) -> list[int]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return sorted(map(int, await uow.session.scalars(select(AuditEntry.object_id))))


async def test_each_subscriber_gets_each_event_once(database: Database) -> None:
    relay = OutboxRelay(database)
    first, second = Listener(), Listener()
    relay.subscribe(LampLit, first.handle, name="first")
    relay.subscribe_sender(LampLit, second.send, name="second")
    await _light(database, 60)
    assert await relay.run_once() == 120
    assert first.heard == second.heard == list(range(60))
    assert await relay.run_once() == 0
    assert await _waiting(database) == 0


async def test_failing_handler_is_repeated_later_and_stores_nothing_until_it_succeeds(
    database: Database, clock: FakeClock
) -> None:
    relay = OutboxRelay(database)
    failing, other = Listener(0), Listener()
    relay.subscribe(LampLit, failing.handle, name="failing")
    relay.subscribe(LampLit, other.handle, name="other")
    await _light(database)
    assert await relay.run_once() == 1
    assert await _stored(database) == [0]
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        delivery = (await uow.session.scalars(select(OutboxDelivery))).one()
        assert delivery.last_error == "ConnectionError: the line is busy"
        assert delivery.due_time > clock.now()
    clock.advance(minutes=10)
    assert await relay.run_once() == 0
    failing.broken.clear()
    clock.advance(minutes=10)
    assert await relay.run_once() == 1
    assert failing.heard == [0]
    assert await _stored(database) == [0, 0]


async def test_one_bad_event_does_not_keep_the_others_of_its_batch(database: Database) -> None:
    relay = OutboxRelay(database)
    transactional, sender = Listener(2), Listener(2)
    relay.subscribe(LampLit, transactional.handle, name="transactional")
    relay.subscribe_sender(LampLit, sender.send, name="sender")
    await _light(database, 5)
    assert await relay.run_once() == 8
    assert await _stored(database) == [0, 1, 3, 4]
    assert sender.heard == [0, 1, 3, 4]
    assert await _waiting(database) == 2


async def test_a_hub_that_dies_in_a_batch_gives_it_back_when_its_lease_ends(
    database: Database, clock: FakeClock
) -> None:
    dying, living = OutboxRelay(database), Listener()

    async def die(_event: LampLit) -> None:
        raise asyncio.CancelledError

    dying.subscribe_sender(LampLit, die, name="postman")
    await _light(database)
    with pytest.raises(asyncio.CancelledError):
        await dying.run_once()
    database.subscribers.clear()
    relay = OutboxRelay(database)
    relay.subscribe_sender(LampLit, living.send, name="postman")
    assert await relay.run_once() == 0
    clock.advance(minutes=2)
    assert await relay.run_once() == 1
    assert living.heard == [0]


async def test_relays_of_several_hubs_share_the_work(database: Database) -> None:
    listeners = [Listener() for _ in range(3)]
    relays = []
    for listener in listeners:
        database.subscribers.clear()
        relay = OutboxRelay(database)
        relay.subscribe(LampLit, listener.handle, name="shared")
        relays.append(relay)
    await _light(database, 200)
    await asyncio.gather(*(relay.run_once() for relay in relays))
    # One that found all of what was due locked by others went home early; nothing is left all the same.
    await relays[0].run_once()
    assert await _stored(database) == list(range(200))


async def test_running_relay_delivers_soon_after_the_commit_and_stops_when_told(database: Database) -> None:
    relay = OutboxRelay(database)
    listener = Listener()
    arrived = asyncio.Event()

    async def send(event: LampLit) -> None:
        await listener.send(event)
        arrived.set()

    relay.subscribe_sender(LampLit, send, name="listener")
    await relay.start()
    await asyncio.sleep(0.05)
    await _light(database)
    await asyncio.wait_for(arrived.wait(), 2)
    await relay.stop()
    assert listener.heard == [0]
    assert await _waiting(database) == 0


async def test_sweep_keeps_what_someone_waits_for(database: Database, clock: FakeClock) -> None:
    await _light(database)
    OutboxRelay(database).subscribe(LampLit, Listener().handle, name="never runs")
    await _light(database)
    clock.advance(days=8)
    await _light(database)
    async with database.unit_of_work(SYSTEM) as uow:
        await sweep(uow, clock.now())
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        times = (await uow.session.scalars(select(OutboxEvent.occurred_time).order_by(OutboxEvent.occurred_time))).all()
    assert times == [clock.now() - timedelta(days=8), clock.now()]
