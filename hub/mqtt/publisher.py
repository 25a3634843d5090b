"""Publishes to an MQTT broker and knows that it arrived: QoS 1, acknowledged, reconnecting for ever."""

import asyncio
import random
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiomqtt
import structlog

from hub.errors import HubError, Unavailable

_ACK_TIMEOUT_SECONDS = 10.0
_LONGEST_BACKOFF_SECONDS = 30.0
_MAX_IN_FLIGHT = 200

_log = structlog.get_logger("hub.mqtt")


class BrokerUnavailable(Unavailable):
    pass


class MqttUrlInvalid(HubError):
    pass


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker is and who the hub is to it. `tls` None is plaintext."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None

    @classmethod
    def from_url(cls, url: str, *, ca_file: str | None = None) -> "BrokerAddress":
        """Of "mqtt://user:password@host:1883" or "mqtts://…:8883".

        Raises:
            MqttUrlInvalid: another scheme, or no host.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise MqttUrlInvalid('mqtt_url must be like "mqtt://host:1883" or "mqtts://user:password@host:8883".')
        secure = parts.scheme == "mqtts"
        return cls(
            host=parts.hostname,
            port=parts.port or (8883 if secure else 1883),
            username=parts.username,
            password=parts.password,
            tls=ssl.create_default_context(cafile=ca_file) if secure else None,
        )


class MqttPublisher:
    """`start`, `publish`, `stop`. While the broker is away, `publish` fails and the connection is tried for ever."""

    def __init__(self, address: BrokerAddress) -> None:
        self._address = address
        self._client: aiomqtt.Client | None = None
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        return self._connected.is_set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep_connected())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Returns when the broker has acknowledged (QoS 1) the message.

        Raises:
            BrokerUnavailable: not acknowledged within 10 s. It may have arrived all the same: send it again, the
                receivers drop repeats by the event id in it.
        """
        try:
            async with asyncio.timeout(_ACK_TIMEOUT_SECONDS):
                await self._connected.wait()
                assert self._client is not None  # noqa: S101 (set before the event)
                await self._client.publish(topic, payload, qos=qos, retain=retain, timeout=_ACK_TIMEOUT_SECONDS)
        except (TimeoutError, aiomqtt.MqttError) as error:
            raise BrokerUnavailable(
                f"The MQTT broker at {self._address.host}:{self._address.port} did not take the message; it will be "
                "sent again."
            ) from error

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            try:
                async with aiomqtt.Client(
                    self._address.host,
                    self._address.port,
                    username=self._address.username,
                    password=self._address.password,
                    tls_context=self._address.tls,
                    max_inflight_messages=_MAX_IN_FLIGHT,
                    keepalive=20,
                ) as client:
                    self._client = client
                    self._connected.set()
                    failures = 0
                    # Nothing is subscribed: this waits until the connection is lost.
                    async for _ in client.messages:
                        _log.warning("a message without a subscription")
            except aiomqtt.MqttError as error:
                failures += 1
                _log.warning("no connection to the MQTT broker", failures=failures, error=str(error))
            finally:
                self._connected.clear()
                self._client = None
            longest = min(0.5 * 2.0 ** min(failures, 10), _LONGEST_BACKOFF_SECONDS)
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 (full jitter: hubs don't come back all at once)
