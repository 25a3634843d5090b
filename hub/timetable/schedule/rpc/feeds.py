"""Calendar feeds on the wire."""

from collections.abc import Callable
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import parse_uuid
from hub.rpc.paging import order_keys, page
from hub.timetable.models import TimetableFeed
from hub.timetable.schedule import feeds
from hub.timetable.schedule.routes import feed_path
from hub.timetable.schedule.rpc.messages import feed_to_proto
from hub.timetable.schedule.week import SubjectKind
from smartroster.timetable.v1 import schedule_pb2 as pb

Context = grpc.aio.ServicerContext[Any, Any]
_ORDER = {"create_time": TimetableFeed.create_time, "update_time": TimetableFeed.update_time}
_KINDS = {
    "person_id": SubjectKind.PERSON,
    "class_group_id": SubjectKind.CLASS_GROUP,
    "room_id": SubjectKind.ROOM,
}


class FeedRpcs:
    _db: Database
    _door: Callable[[], str]

    async def CreateFeed(self, request: pb.CreateFeedRequest, context: Context) -> pb.Feed:
        field = request.feed.WhichOneof("subject")
        scope = current_scope()
        subject = (
            feeds.FeedSubject(_KINDS[field], parse_uuid(getattr(request.feed, field), f"feed.{field}"))
            if field
            else feeds.FeedSubject(SubjectKind.PERSON, feeds.owner_of(scope))
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            feed, token = await feeds.create_feed(uow, scope=scope, subject=subject)
            return await self._answer(uow, feed, token)

    async def ListFeeds(self, request: pb.ListFeedsRequest, context: Context) -> pb.ListFeedsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                feeds.select_feeds(current_scope()),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ORDER, unique=TimetableFeed.id),
            )
            names = await feeds.subject_names(uow, rows)
            return pb.ListFeedsResponse(
                feeds=[feed_to_proto(feed, names.get(feeds.subject_of(feed).id, "")) for feed in rows],
                next_page_token=token,
            )

    async def RotateFeed(self, request: pb.RotateFeedRequest, context: Context) -> pb.Feed:
        async with self._db.unit_of_work(current_principal()) as uow:
            feed, token = await feeds.rotate_feed(
                uow, scope=current_scope(), feed_id=parse_uuid(request.feed_id, "feed_id")
            )
            return await self._answer(uow, feed, token)

    async def DeleteFeed(self, request: pb.DeleteFeedRequest, context: Context) -> pb.Feed:
        async with self._db.unit_of_work(current_principal()) as uow:
            feed = await feeds.revoke_feed(uow, scope=current_scope(), feed_id=parse_uuid(request.feed_id, "feed_id"))
            return await self._answer(uow, feed)

    async def _answer(self, uow: UnitOfWork, feed: TimetableFeed, token: str = "") -> pb.Feed:
        names = await feeds.subject_names(uow, [feed])
        url = self._door() + feed_path(token) if token else ""
        return feed_to_proto(feed, names.get(feeds.subject_of(feed).id, ""), url)
