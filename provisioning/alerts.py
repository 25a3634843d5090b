"""Follows a person's alerts at the MQTT broker. Delivery is at least once: repeats are told by event id."""

import json
import queue
import ssl
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from provisioning.errors import HubUnreachable
from smartroster.notifications.v1 import notifications_pb2 as pb

_KEEP_ALIVE_SECONDS = 20
_REMEMBERED = 1000
_LONGEST_RECONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Alert:
    event_id: str
    type: str
    priority: str
    title: str
    body: str
    object_type: str
    object_id: str
    create_time: str
    is_repeat: bool


class AlertFollower:
    """Connected from `open` to `close`; `alerts()` waits for them. Reconnects by itself and misses nothing meanwhile:
    the broker keeps QoS 1 messages for its client id.
    """

    def __init__(self, credentials: pb.BrokerCredentials, ca_file: Path, *, client_id: str) -> None:
        self._topics = list(credentials.topics)
        self._inbox: queue.SimpleQueue[bytes | HubUnreachable] = queue.SimpleQueue()
        self._seen: OrderedDict[str, None] = OrderedDict()
        address = urlsplit(credentials.url)
        self._host, self._port = address.hostname or "", address.port or (8883 if address.scheme == "mqtts" else 1883)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False)
        self._client.username_pw_set(credentials.username, credentials.password)
        self._client.reconnect_delay_set(min_delay=1, max_delay=_LONGEST_RECONNECT_SECONDS)
        if address.scheme == "mqtts":
            has_pinned = ca_file.exists() and ca_file.stat().st_size > 0
            self._client.tls_set(ca_certs=str(ca_file) if has_pinned else None, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message

    def open(self) -> None:
        try:
            self._client.connect(self._host, self._port, keepalive=_KEEP_ALIVE_SECONDS)
        except OSError as error:
            raise HubUnreachable(f"Cannot reach the broker at {self._host}:{self._port}: {error}.") from error
        self._client.loop_start()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def alerts(self) -> Iterator[Alert]:
        """Each alert as it arrives, repeats marked; ends never.

        Raises:
            HubUnreachable: the broker refuses these credentials.
        """
        while True:
            arrived = self._inbox.get()
            if isinstance(arrived, HubUnreachable):
                raise arrived
            alert = self._read(arrived)
            if alert is not None:
                yield alert

    def _read(self, payload: bytes) -> Alert | None:
        try:
            fields = json.loads(payload)
            event_id = str(fields["event_id"])
        except (ValueError, KeyError, TypeError):
            return None  # no alert of ours: the topic is the user's own, but a broker of theirs may carry more
        is_repeat = event_id in self._seen
        self._seen[event_id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        names = ("type", "priority", "title", "body", "object_type", "object_id", "create_time")
        return Alert(event_id=event_id, is_repeat=is_repeat, **{name: str(fields.get(name, "")) for name in names})

    def _on_connect(self, client: mqtt.Client, _userdata: Any, _flags: Any, reason: Any, _properties: Any) -> None:  # noqa: ANN401 (paho's signature)
        if reason.is_failure:
            self._inbox.put(HubUnreachable(f"The broker refuses you ({reason}): were new credentials made elsewhere?"))
            return
        for topic in self._topics:
            code, _ = client.subscribe(topic, qos=1)
            if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._inbox.put(HubUnreachable(f"Cannot subscribe to {topic}: {mqtt.error_string(code)}"))

    def _on_message(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:  # noqa: ANN401 (paho's signature)
        self._inbox.put(bytes(message.payload))
