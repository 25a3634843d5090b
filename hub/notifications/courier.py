"""Carries queued notifications to the MQTT broker, at least once each.

The database is asked often and cheaply (an indexed read of what is due) rather than told: several hubs then share the
work without knowing of each other, and a restart forgets nothing.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select, update

from hub import fail_points
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.errors import Unavailable
from hub.notifications import topics
from hub.notifications.models import Delivery, Notification
from hub.notifications.rules import Channel, DeliveryState, wait_before_retry

_IDLE = 0.2  # seconds between looks
_BATCH = 100
_LEASE = timedelta(seconds=30)
_log = structlog.get_logger("hub.notifications")


class Publisher(Protocol):
    """`hub.mqtt.publisher.MqttPublisher`, or anything that confirms what it has sent."""

    async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Return when the broker has taken it; raises Unavailable when it does not."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    notification_id: UUID
    attempts: int
    topic: str
    payload: bytes


class MqttCourier:
    """`run()` until cancelled; `deliver_due()` is one look, which tests call."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._db = database
        self._publisher = publisher

    async def run(self) -> None:
        while True:
            try:
                delivered = await self.deliver_due()
            except Unavailable:
                _log.warning("the database is out of reach: notifications wait", exc_info=True)
                delivered = 0
            if delivered < _BATCH:
                await asyncio.sleep(_IDLE)

    async def deliver_due(self) -> int:
        """Try everything that is due, oldest first, at most 100; answers how many were tried."""
        if not await self._is_anything_due():
            return 0
        parcels = await self._lease()
        failures = await asyncio.gather(*(self._send(parcel) for parcel in parcels))
        fail_points.reach("notify.after_publish")
        async with self._db.unit_of_work(SYSTEM) as uow:
            for parcel, failure in zip(parcels, failures, strict=True):
                attempts = parcel.attempts + 1
                values = (
                    {"state": DeliveryState.SENT, "failure": "", "attempts": attempts}
                    if failure is None
                    else {"failure": failure, "attempts": attempts, "due_time": uow.now + wait_before_retry(attempts)}
                )
                await uow.session.execute(
                    update(Delivery)
                    .where(Delivery.notification_id == parcel.notification_id, Delivery.channel == Channel.MQTT)
                    .values(**values)
                )
        return len(parcels)

    async def _is_anything_due(self) -> bool:
        async with self._db.unit_of_work(SYSTEM, write=False) as uow:
            return bool(await uow.session.scalar(select(Delivery.notification_id).where(*self._due(uow.now)).limit(1)))

    async def _lease(self) -> list[_Parcel]:
        async with self._db.unit_of_work(SYSTEM) as uow:
            rows = (
                await uow.session.execute(
                    select(Delivery, Notification)
                    .join(Notification, Notification.id == Delivery.notification_id)
                    .where(*self._due(uow.now))
                    .order_by(Delivery.notification_id)
                    .limit(_BATCH)
                    .with_for_update(skip_locked=True, of=Delivery)
                )
            ).all()
            for delivery, _ in rows:
                delivery.due_time = uow.now + _LEASE
            return [
                _Parcel(
                    notification.id,
                    delivery.attempts,
                    topics.user_alerts(notification.recipient_id),
                    alert_payload(notification),
                )
                for delivery, notification in rows
            ]

    def _due(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        return (Delivery.channel == Channel.MQTT, Delivery.state == DeliveryState.QUEUED, Delivery.due_time <= now)

    async def _send(self, parcel: _Parcel) -> str | None:
        try:
            await self._publisher.publish(parcel.topic, parcel.payload)
        except Unavailable as error:
            return error.message
        return None


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
