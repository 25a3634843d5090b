"""The MQTT channel: notifications to the broker, QoS 1."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, Update, select, update

from hub import fail_points
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.errors import Unavailable
from hub.notifications import topics
from hub.notifications.courier import SENT, Courier, Outcome, Parcel, is_due
from hub.notifications.models import Delivery, Notification
from hub.notifications.rules import Channel, DeliveryState, wait_before_retry


class Publisher(Protocol):
    """`hub.mqtt.publisher.MqttPublisher`, or anything that confirms what it has sent."""

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there now."""

    async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Return when the broker has taken it; raises Unavailable when it does not."""


@dataclass(frozen=True, slots=True, repr=False)
class Alert(Parcel):
    notification_id: UUID
    topic: str
    payload: bytes


class MqttCourier(Courier[Alert]):
    def __init__(self, database: Database, publisher: Publisher) -> None:
        super().__init__(database)
        self._publisher = publisher

    @property
    def is_open(self) -> bool:
        return self._publisher.is_connected

    def select_due(self, now: datetime) -> Select[Any]:
        return select(Delivery.notification_id).where(Delivery.channel == Channel.MQTT, *is_due(Delivery, now))

    async def take(self, uow: UnitOfWork, *, lease_end: datetime) -> list[Alert]:
        rows = (
            await uow.session.execute(
                select(Delivery, Notification)
                .join(Notification, Notification.id == Delivery.notification_id)
                .where(Delivery.channel == Channel.MQTT, *is_due(Delivery, uow.now))
                .order_by(Delivery.notification_id)
                .limit(self.batch)
                .with_for_update(skip_locked=True, of=Delivery)
            )
        ).all()
        for delivery, _ in rows:
            delivery.due_time = lease_end
        return [
            Alert(
                delivery.attempts,
                notification.id,
                topics.user_alerts(notification.recipient_id),
                alert_payload(notification),
            )
            for delivery, notification in rows
        ]

    async def send(self, parcels: Sequence[Alert]) -> list[Outcome]:
        outcomes = await asyncio.gather(*(self._publish(parcel) for parcel in parcels))
        fail_points.reach("notify.after_publish")
        return outcomes

    def row_of(self, parcel: Alert) -> Update:
        return update(Delivery).where(
            Delivery.notification_id == parcel.notification_id, Delivery.channel == Channel.MQTT
        )

    async def _publish(self, parcel: Alert) -> Outcome:
        try:
            await self._publisher.publish(parcel.topic, parcel.payload)
        except Unavailable as error:
            return Outcome(DeliveryState.QUEUED, error.message, wait_before_retry(parcel.attempts + 1))
        return SENT


def alert_payload(notification: Notification) -> bytes:
    """The notification as `schemas/alert.v1.json` says."""
    return json.dumps(
        {
            "event_id": str(notification.event_id),
            "notification_id": str(notification.id),
            "type": notification.type.value,
            "priority": notification.priority.value,
            "title": notification.title,
            "body": notification.body,
            "object_type": notification.object_type,
            "object_id": str(notification.object_id),
            "create_time": notification.create_time.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
