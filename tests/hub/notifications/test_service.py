import json
from importlib import resources

import aiomqtt
import jsonschema
import pytest
from sqlalchemy import select
from uuid6 import uuid7

from hub.db.database import Database
from hub.errors import Unavailable
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.notifications import queries, service, topics
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.models import Delivery, Notification
from hub.notifications.mqtt_courier import MqttCourier, alert_payload
from hub.notifications.rules import Channel, DeliveryState, Message, NotificationType, Priority, wait_before_retry
from hub.users.models import User
from hub.users.rules import Role, UserState
from tests.factories.timetable import make_user
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

STARTED = Message(
    type=NotificationType.SESSION,
    priority=Priority.MEDIUM,
    title="Started: Programming, DIT-2026-A",
    body="At 08:01:12 in B12; 3 of 4 are in already.",
    object_type="session",
    object_id=uuid7(),
)


class Line:
    """A publisher that can be cut: it keeps what it took."""

    def __init__(self) -> None:
        self.is_up = True
        self.is_connected = True
        self.taken: list[tuple[str, bytes]] = []

    async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        assert (qos, retain) == (1, False)
        if not self.is_up:
            raise Unavailable("The broker is out of reach.")
        self.taken.append((topic, payload))


async def mqtt_delivery(make_uow: MakeUow) -> Delivery:
    async with make_uow(write=False) as uow:
        return (await uow.session.scalars(select(Delivery).where(Delivery.channel == Channel.MQTT))).one()


async def test_an_event_told_twice_makes_one_notification(make_uow: MakeUow) -> None:
    event_id = uuid7()
    async with make_uow() as uow:
        trainer = await make_user(uow, role=Role.TRAINER)
        assert await service.notify(uow, event_id=event_id, recipient_ids=[trainer.id], message=STARTED) == 1
    async with make_uow() as uow:
        assert await service.notify(uow, event_id=event_id, recipient_ids=[trainer.id], message=STARTED) == 0
        assert await queries.unread_count(uow, trainer.id) == 1


async def test_marking_is_for_the_own_notifications_alone(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        mine, theirs = await make_user(uow, role=Role.TRAINER), await make_user(uow, role=Role.TRAINER)
        await service.notify(uow, event_id=uuid7(), recipient_ids=[mine.id, theirs.id], message=STARTED)
    async with make_uow() as uow:
        all_ids = list(await uow.session.scalars(select(Notification.id)))
        assert await service.mark(uow, recipient_id=mine.id, notification_ids=all_ids, read=True) == 1
        assert await service.mark(uow, recipient_id=mine.id, notification_ids=[], read=True) == 0
        assert (await queries.unread_count(uow, mine.id), await queries.unread_count(uow, theirs.id)) == (0, 1)
        assert await service.mark(uow, recipient_id=mine.id, notification_ids=[], read=False) == 1


async def test_a_notification_waits_for_the_broker_and_is_sent_when_it_is_back(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        trainer = await make_user(uow, role=Role.TRAINER)
        await service.notify(uow, event_id=uuid7(), recipient_ids=[trainer.id], message=STARTED)
    line = Line()
    courier = MqttCourier(database, line)
    line.is_up = False
    assert await courier.deliver_due() == 1
    waiting = await mqtt_delivery(make_uow)
    assert (waiting.state, waiting.attempts, waiting.failure) == (
        DeliveryState.QUEUED,
        1,
        "The broker is out of reach.",
    )
    line.is_up = True
    assert await courier.deliver_due() == 0  # not before its time
    clock.set(waiting.due_time)
    assert await courier.deliver_due() == 1
    assert (await mqtt_delivery(make_uow)).state is DeliveryState.SENT
    assert [topic for topic, _ in line.taken] == [topics.user_alerts(trainer.id)]


async def test_what_a_hub_took_and_did_not_finish_is_taken_again_after_its_lease(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    class Crash(BaseException):
        pass

    class DyingLine(Line):
        async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
            await super().publish(topic, payload, qos=qos, retain=retain)
            raise Crash

    async with make_uow() as uow:
        trainer = await make_user(uow, role=Role.TRAINER)
        await service.notify(uow, event_id=uuid7(), recipient_ids=[trainer.id], message=STARTED)
    with pytest.raises(Crash):
        await MqttCourier(database, DyingLine()).deliver_due()
    line = Line()
    other_hub = MqttCourier(database, line)
    assert await other_hub.deliver_due() == 0
    clock.advance(seconds=31)
    assert await other_hub.deliver_due() == 1
    assert len(line.taken) == 1


async def test_the_payload_is_what_the_published_schema_says(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainer = await make_user(uow, role=Role.TRAINER)
        await service.notify(uow, event_id=uuid7(), recipient_ids=[trainer.id], message=STARTED)
        notification = (await uow.session.scalars(select(Notification))).one()
    schema = json.loads((resources.files("hub.notifications") / "schemas/alert.v1.json").read_text())
    jsonschema.validate(json.loads(alert_payload(notification)), schema, cls=jsonschema.Draft202012Validator)


def test_waits_grow_to_five_minutes() -> None:
    assert [wait_before_retry(attempts).total_seconds() for attempts in (1, 2, 3, 9, 10, 1000)] == [
        1,
        2,
        4,
        256,
        300,
        300,
    ]


@pytest.fixture
def access(database: Database, broker: EmbeddedBroker) -> BrokerAccess:
    return BrokerAccess(database, broker)


def client(broker: EmbeddedBroker, user: User, password: str) -> aiomqtt.Client:
    host, _, port = broker.url.removeprefix("mqtt://").rpartition(":")
    return aiomqtt.Client(host, int(port), username=str(user.id), password=password, timeout=5)


async def test_a_user_reads_the_own_alerts_and_nobody_else_s(
    make_uow: MakeUow, access: BrokerAccess, broker: EmbeddedBroker
) -> None:
    async with make_uow() as uow:
        mine, theirs = await make_user(uow, role=Role.TRAINER), await make_user(uow, role=Role.TRAINER)
        password = await service.create_broker_account(uow, user_id=mine.id)
    await access.refresh()
    async with client(broker, mine, password) as connection:
        granted = [await connection.subscribe(topics.user_alerts(user.id), qos=1) for user in (mine, theirs)]
    # The return codes of SUBACK: MQTT 3.1.1, 3.9.3.
    assert [getattr(codes[0], "value", codes[0]) for codes in granted] == [1, 0x80]


async def test_a_disabled_user_and_an_old_password_are_cut_off(
    make_uow: MakeUow, access: BrokerAccess, broker: EmbeddedBroker
) -> None:
    async with make_uow() as uow:
        user = await make_user(uow, role=Role.TRAINER)
        first = await service.create_broker_account(uow, user_id=user.id)
    async with make_uow() as uow:
        second = await service.create_broker_account(uow, user_id=user.id)
    await access.refresh()
    with pytest.raises(aiomqtt.MqttError):
        async with client(broker, user, first):
            pass
    async with client(broker, user, second):
        pass
    async with make_uow() as uow:
        (await uow.session.get_one(User, user.id)).state = UserState.DISABLED
    await access.refresh()
    with pytest.raises(aiomqtt.MqttError):
        async with client(broker, user, second):
            pass
