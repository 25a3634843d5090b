import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Delete, Update, delete, func, literal, null, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from uuid6 import uuid7

from hub.db.audit import AuditEntry
from hub.db.database import Database, DatabaseUrlInvalid
from hub.db.outbox_tables import OutboxDelivery, OutboxEvent
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork, WriteInReadOnlyUnit
from hub.errors import AlreadyExists
from hub.events import Event, from_json, to_json
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    name: ClassVar[str] = "test.door_opened"
    door_id: UUID
    at: datetime
    people: tuple[str, ...]
    facts: dict[str, Any]


def _event(clock: FakeClock) -> DoorOpened:
    return DoorOpened(
        event_id=uuid7(),
        occurred_time=clock.now(),
        door_id=uuid4(),
        at=clock.now(),
        people=("Ada", "Åsa"),
        facts={"count": 2, "share": 0.5, "none": None},
    )


def test_event_survives_json(clock: FakeClock) -> None:
    event = _event(clock)
    assert from_json("test.door_opened", to_json(event)) == event


async def test_audit_and_events_are_stored_with_the_commit(database: Database, clock: FakeClock) -> None:
    database.subscribers["test.door_opened"] = ("first", "second")
    woken: list[frozenset[str]] = []
    database.on_events.append(woken.append)
    event = _event(clock)
    user = Principal("user", uuid4(), frozenset({"ADMIN"}), "10.0.0.7")
    async with database.unit_of_work(user) as uow:
        uow.publish(event)
        uow.audit("test.open", object_type="door", object_id=event.door_id, after={"door_id": event.door_id})
        assert woken == []
    assert woken == [frozenset({"first", "second"})]
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        (stored,) = (await uow.session.scalars(select(OutboxEvent))).all()
        assert from_json(stored.name, stored.payload) == event
        deliveries = (await uow.session.scalars(select(OutboxDelivery))).all()
        assert {delivery.subscriber for delivery in deliveries} == {"first", "second"}
        (entry,) = (await uow.session.scalars(select(AuditEntry))).all()
        assert (entry.principal_id, entry.address, entry.occurred_time) == (user.id, "10.0.0.7", clock.now())
        assert entry.after == {"door_id": str(event.door_id)}


async def test_failed_unit_leaves_nothing(database: Database, clock: FakeClock) -> None:
    with pytest.raises(KeyError):
        async with database.unit_of_work(SYSTEM) as uow:
            uow.publish(_event(clock))
            uow.audit("test.open", object_type="door", object_id="1")
            await uow.store_records()
            raise KeyError
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert (await uow.session.scalars(select(OutboxEvent))).all() == []
        assert (await uow.session.scalars(select(AuditEntry))).all() == []


@pytest.mark.parametrize("change", [delete(AuditEntry), update(AuditEntry).values(action="nothing.happened")])
async def test_audit_trail_cannot_be_rewritten(make_uow: MakeUow, change: Update | Delete) -> None:
    async with make_uow() as uow:
        uow.audit("test.open", object_type="door", object_id="1")
    with pytest.raises(DBAPIError, match="append-only"):
        async with make_uow() as uow:
            await uow.session.execute(change)


async def test_read_only_unit_refuses_changes(make_uow: MakeUow, clock: FakeClock) -> None:
    with pytest.raises(WriteInReadOnlyUnit):
        async with make_uow(write=False) as uow:
            uow.session.add(OutboxEvent(event_id=uuid4(), name="x", occurred_time=clock.now(), payload={}))
            await uow.session.flush()


async def test_same_key_twice_is_already_exists(make_uow: MakeUow, clock: FakeClock) -> None:
    row = {"event_id": uuid4(), "name": "x", "occurred_time": clock.now(), "payload": {}}
    async with make_uow() as uow:
        uow.session.add(OutboxEvent(**row))
    with pytest.raises(AlreadyExists):
        async with make_uow() as uow:
            uow.session.add(OutboxEvent(**row))


async def test_naive_time_is_refused_and_aware_time_comes_back_in_utc(make_uow: MakeUow, clock: FakeClock) -> None:
    instant = clock.now().astimezone(tz=None) + timedelta(microseconds=7)
    event_id = uuid4()
    async with make_uow() as uow:
        uow.session.add(OutboxEvent(event_id=event_id, name="x", occurred_time=instant, payload={}))
    async with make_uow(write=False) as uow:
        stored = await uow.session.get_one(OutboxEvent, event_id)
        assert stored.occurred_time == instant
        assert stored.occurred_time.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="no time zone"):
        async with make_uow() as uow:
            uow.session.add(
                OutboxEvent(event_id=uuid4(), name="x", occurred_time=instant.replace(tzinfo=None), payload={})
            )


async def test_run_repeats_a_lost_race(database: Database, clock: FakeClock) -> None:
    """Two transactions read a number and write it raised by one: both raises count, however they interleave."""
    async with database.unit_of_work(SYSTEM) as uow:
        uow.session.add(OutboxEvent(event_id=uuid4(), name="n", occurred_time=clock.now(), payload={"n": 0}))

    async def raise_number(uow: UnitOfWork) -> None:
        if database.dialect == "postgresql":
            await uow.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        row = (await uow.session.scalars(select(OutboxEvent))).one()
        await asyncio.sleep(0.01)
        row.payload = {"n": row.payload["n"] + 1}

    await asyncio.gather(*(database.run(SYSTEM, raise_number) for _ in range(4)))
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert (await uow.session.scalars(select(OutboxEvent.payload))).one() == {"n": 4}


@pytest.mark.parametrize(
    ("url", "says"), [("hub.db", "is not a URL"), ("mysql://root@localhost/hub", "the hub knows sqlite and postgresql")]
)
def test_wrong_database_url_is_named(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match=says):
        Database.open(url)


async def test_a_search_knows_every_letter_in_both_cases(uow: UnitOfWork) -> None:
    found = literal("ÉCOLE Ñandú ŞİŞLİ 東京").icontains("école ñANDÚ", autoescape=True)
    assert await uow.session.scalar(select(found))
    assert await uow.session.scalar(select(func.lower("ÀÖÞ-Ж-Ω-a_%"))) == "àöþ-ж-ω-a_%"
    assert await uow.session.scalar(select(func.lower(null()))) is None


async def test_a_unit_that_reads_knows_the_letters_too(make_uow: MakeUow) -> None:
    async with make_uow(write=False) as uow:
        assert await uow.session.scalar(select(func.lower("É"))) == "é"
