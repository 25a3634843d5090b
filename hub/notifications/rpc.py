"""NotificationsService on the wire: everybody's own notifications."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.errors import Unauthenticated
from hub.notifications import queries, service, topics
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.errors import BrokerNotManaged
from hub.notifications.models import Delivery, Notification
from hub.rpc.auth import current_principal
from hub.rpc.fields import parse_uuid, to_timestamp
from hub.rpc.paging import Key, page
from smartroster.notifications.v1 import notifications_pb2 as pb
from smartroster.notifications.v1 import notifications_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
_LOOK_EVERY = 0.5  # seconds


class NotificationsServicer(notifications_pb2_grpc.NotificationsServiceServicer):
    def __init__(self, database: Database, *, broker_access: BrokerAccess) -> None:
        self._db = database
        self._broker_access = broker_access

    async def ListNotifications(
        self,
        request: pb.ListNotificationsRequest,
        context: Context,
    ) -> pb.ListNotificationsResponse:
        me = _me()
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_notifications(me, unread_only=request.unread_only),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(Notification.id, descending=True)],
            )
            deliveries = await queries.deliveries_of(uow, rows)
            return pb.ListNotificationsResponse(
                notifications=[_to_proto(row, deliveries[row.id]) for row in rows],
                next_page_token=token,
                unread_count=await queries.unread_count(uow, me),
            )

    async def MarkNotifications(
        self,
        request: pb.MarkNotificationsRequest,
        context: Context,
    ) -> pb.MarkNotificationsResponse:
        ids = [parse_uuid(value, f"notification_ids[{i}]") for i, value in enumerate(request.notification_ids)]
        async with self._db.unit_of_work(current_principal()) as uow:
            changed = await service.mark(uow, recipient_id=_me(), notification_ids=ids, read=request.read)
        return pb.MarkNotificationsResponse(changed_count=changed)

    async def WatchNotifications(
        self,
        request: pb.WatchNotificationsRequest,
        context: Context,
    ) -> AsyncIterator[pb.Notification]:
        me, principal = _me(), current_principal()
        async with self._db.unit_of_work(principal, write=False) as uow:
            last = await queries.newest_id(uow, me)
        while True:
            async with self._db.unit_of_work(principal, write=False) as uow:
                rows = await queries.notifications_after(uow, me, last)
                deliveries = await queries.deliveries_of(uow, rows) if rows else {}
            for row in rows:
                yield _to_proto(row, deliveries[row.id])
                last = row.id
            await asyncio.sleep(_LOOK_EVERY)

    async def CreateBrokerCredentials(
        self,
        request: pb.CreateBrokerCredentialsRequest,
        context: Context,
    ) -> pb.BrokerCredentials:
        url = self._broker_access.url
        if url is None:
            raise BrokerNotManaged("The hub uses an external MQTT broker: ask its administrator for an account.")
        me = _me()
        async with self._db.unit_of_work(current_principal()) as uow:
            password = await service.create_broker_account(uow, user_id=me)
        await self._broker_access.refresh()
        return pb.BrokerCredentials(username=str(me), password=password, url=url, topics=[topics.user_alerts(me)])


def _me() -> UUID:
    me = current_principal().id
    if me is None:
        raise Unauthenticated("Sign in first: notifications belong to a user.")
    return me


def _to_proto(notification: Notification, deliveries: Sequence[Delivery]) -> pb.Notification:
    return pb.Notification(
        id=str(notification.id),
        event_id=str(notification.event_id),
        type=f"TYPE_{notification.type.name}",
        priority=f"PRIORITY_{notification.priority.name}",
        title=notification.title,
        body=notification.body,
        object_type=notification.object_type,
        object_id=str(notification.object_id),
        create_time=to_timestamp(notification.create_time),
        read_time=to_timestamp(notification.read_time),
        deliveries=[
            pb.Delivery(
                channel=delivery.channel.name.lower(),
                state=f"STATE_{delivery.state.name}",
                failure=delivery.failure,
                attempts=delivery.attempts,
            )
            for delivery in deliveries
        ],
    )
