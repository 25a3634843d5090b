import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import bcrypt
import pytest

from hub.mqtt.embedded_broker import BrokerFailed, BrokerUser, EmbeddedBroker
from hub.mqtt.publisher import BrokerAddress, BrokerUnavailable, MqttPublisher, MqttUrlInvalid


def _user(name: str) -> BrokerUser:
    return BrokerUser(
        name,
        bcrypt.hashpw(f"{name}-password".encode(), bcrypt.gensalt(rounds=4)).decode(),
        publish=(f"roster/v1/devices/{name}/state",),
        subscribe=(f"roster/v1/users/{name}/#",),
    )


@asynccontextmanager
async def _publisher(broker: EmbeddedBroker) -> AsyncIterator[MqttPublisher]:
    publisher = MqttPublisher(BrokerAddress(broker.host, broker.port, broker.username, broker.password))
    await publisher.start()
    yield publisher
    await publisher.stop()


def _client(broker: EmbeddedBroker, name: str, *, clean: bool = True) -> aiomqtt.Client:
    return aiomqtt.Client(
        broker.host,
        broker.port,
        username=name,
        password=f"{name}-password",
        identifier=f"{name}-phone",
        clean_session=clean,
        timeout=5,
    )


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (other processes set no event)
            await asyncio.sleep(0.02)


async def test_published_message_reaches_its_reader(broker: EmbeddedBroker) -> None:
    await broker.set_users([_user("ada")])
    async with _publisher(broker) as publisher, _client(broker, "ada") as ada:
        await ada.subscribe("roster/v1/users/ada/alerts", qos=1)
        await publisher.publish("roster/v1/users/ada/alerts", b"begins")
        message = await asyncio.wait_for(anext(ada.messages), 5)
        assert message.payload == b"begins"


@pytest.mark.parametrize("topic", ["roster/v1/users/bob/alerts", "#", "roster/v1/users/+/alerts"])
async def test_reader_cannot_subscribe_to_what_is_not_for_them(broker: EmbeddedBroker, topic: str) -> None:
    await broker.set_users([_user("ada"), _user("bob")])
    async with _client(broker, "ada") as ada:
        granted = await ada.subscribe(topic, qos=1)
        assert [str(code) for code in granted] == ["Unspecified error"]  # 0x80 of MQTT 3.1.1: refused


async def test_reader_cannot_publish_for_others(broker: EmbeddedBroker) -> None:
    await broker.set_users([_user("ada"), _user("bob")])
    async with _client(broker, "bob") as bob:
        await bob.subscribe("roster/v1/users/bob/alerts", qos=1)
        try:
            async with _client(broker, "ada") as ada:
                await ada.publish("roster/v1/users/bob/alerts", b"forged", qos=1)
        except aiomqtt.MqttError:
            pass  # the broker may also cut the connection
        async with _publisher(broker) as publisher:
            await publisher.publish("roster/v1/users/bob/alerts", b"true")
        message = await asyncio.wait_for(anext(bob.messages), 5)
        assert message.payload == b"true"


async def test_wrong_password_is_refused(broker: EmbeddedBroker) -> None:
    await broker.set_users([_user("ada")])
    with pytest.raises(aiomqtt.MqttError):
        async with aiomqtt.Client(broker.host, broker.port, username="ada", password="guess", timeout=5):
            pass


async def test_removed_user_is_cut_off_and_others_stay(broker: EmbeddedBroker) -> None:
    await broker.set_users([_user("ada"), _user("bob")])
    async with _publisher(broker) as publisher, _client(broker, "bob") as bob:
        await bob.subscribe("roster/v1/users/bob/alerts", qos=1)

        async def stay_connected() -> None:
            async with _client(broker, "ada") as ada:
                await ada.subscribe("roster/v1/users/ada/alerts", qos=1)
                connected.set()
                await anext(ada.messages)

        connected = asyncio.Event()
        ada = asyncio.create_task(stay_connected())
        await asyncio.wait_for(connected.wait(), 5)
        # A user's entry that is hashed anew each time would cut everyone: only what changed may.
        kept = next(user for user in broker._users if user.name == "bob")
        await broker.set_users([kept])
        with pytest.raises(aiomqtt.MqttError):
            await asyncio.wait_for(ada, 5)
        await publisher.publish("roster/v1/users/bob/alerts", b"still here")
        message = await asyncio.wait_for(anext(bob.messages), 5)
        assert message.payload == b"still here"


async def test_killed_broker_comes_back_on_its_port_and_keeps_what_readers_wait_for(broker: EmbeddedBroker) -> None:
    await broker.set_users([_user("ada")])
    async with _client(broker, "ada", clean=False) as ada:
        await ada.subscribe("roster/v1/users/ada/alerts", qos=1)
    async with _publisher(broker) as publisher:
        await publisher.publish("roster/v1/users/ada/alerts", b"while you were away")
        killed = broker.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await _until(lambda: broker.pid not in (None, killed) and publisher.is_connected)
        await publisher.publish("roster/v1/users/ada/alerts", b"after")
    async with _client(broker, "ada", clean=False) as ada:
        heard = {(await asyncio.wait_for(anext(ada.messages), 5)).payload for _ in range(2)}
    assert heard == {b"while you were away", b"after"}


async def test_publisher_says_when_the_broker_does_not_take_it(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.mqtt.publisher._ACK_TIMEOUT_SECONDS", 0.3)
    async with _publisher(broker) as publisher:
        await publisher.publish("roster/v1/rooms/b12/sessions", b"1")
        await broker.stop()
        with pytest.raises(BrokerUnavailable, match="did not take the message"):
            await publisher.publish("roster/v1/rooms/b12/sessions", b"2")


async def test_taken_port_is_named(broker: EmbeddedBroker, tmp_path: Path) -> None:
    with pytest.raises(BrokerFailed, match=r"did not start: .*address already in use"):
        await EmbeddedBroker(tmp_path / "second", port=broker.port).start()


@pytest.mark.parametrize("url", ["http://broker", "mqtt://", "broker:1883"])
def test_wrong_broker_url_is_named(url: str) -> None:
    with pytest.raises(MqttUrlInvalid, match="mqtt_url must be like"):
        BrokerAddress.from_url(url)


def test_broker_url_is_read() -> None:
    address = BrokerAddress.from_url("mqtt://me:secret@broker.example")
    assert (address.host, address.port, address.username, address.password) == ("broker.example", 1883, "me", "secret")
