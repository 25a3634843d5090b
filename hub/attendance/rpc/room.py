"""RoomService: what a room's device reports and needs, on the device port."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import grpc
import numpy as np
from google.protobuf.message import Message

from hub import fail_points
from hub.attendance.errors import TooManyEvents
from hub.attendance.live import LiveBoard
from hub.attendance.rpc.events import answer_to_proto, device_id_of, read_clock, read_event
from hub.attendance.rpc.messages import policy_to_proto
from hub.attendance.rules import ClockReading
from hub.attendance.service import door
from hub.attendance.service.ingest import Taken, ingest
from hub.attendance.service.known import Fact, Malformed
from hub.db.database import Database
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists, FieldViolation, InvalidArgument, Unavailable
from hub.faces import service as faces
from hub.faces.custody import KeyRing
from hub.rpc.auth import current_principal
from hub.rpc.fields import from_timestamp, parse_uuid, to_duration, to_timestamp
from hub.timetable.wire import room_to_proto
from hub.users import queries as users
from smartroster.attendance.v1 import room_pb2 as pb
from smartroster.attendance.v1 import room_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

MAX_EVENTS = 100
# A database that was cut off in the middle of an answer may leave it out for good: the device sends the batch again.
_LONGEST_STORING_SECONDS = 20
_RETRY_AFTER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Batch:
    """One message, read."""

    number: int
    items: list[Fact | Malformed]
    sent: ClockReading | None
    complete_until: datetime | None


async def _read_ahead(requests: AsyncIterable[pb.StreamCheckInsRequest]) -> AsyncGenerator[_Batch, None]:
    """The messages, each received and checked while the one before is being stored."""
    iterator = aiter(requests)
    following = asyncio.ensure_future(_next(iterator))
    try:
        while (batch := await following) is not None:
            following = asyncio.ensure_future(_next(iterator))
            yield batch
    finally:
        following.cancel()


async def _next(requests: AsyncIterator[pb.StreamCheckInsRequest]) -> _Batch | None:
    request = await anext(requests, None)
    if request is None:
        return None
    if len(request.events) > MAX_EVENTS:
        description = f"has {len(request.events)} items: send at most {MAX_EVENTS} a message"
        raise TooManyEvents(f"events {description}.", violations=[FieldViolation("events", description)])
    # Clocks that are no clocks tell nothing; they are no reason to hold up the events.
    sent, complete_until = None, None
    with suppress(InvalidArgument):
        sent = read_clock(request.sent, "sent")
    with suppress(InvalidArgument):
        if request.HasField("complete_until_time"):
            complete_until = from_timestamp(request.complete_until_time, "complete_until_time")
    return _Batch(request.batch_number, [read_event(event) for event in request.events], sent, complete_until)


class RoomServicer(room_pb2_grpc.RoomServiceServicer):
    """`engine_id` is what the doors must match with."""

    def __init__(
        self,
        database: Database,
        *,
        keys: KeyRing,
        engine_id: str,
        live: LiveBoard,
    ) -> None:
        self._db = database
        self._keys = keys
        self._engine_id = engine_id
        self._live = live

    async def StreamCheckIns(
        self, request_iterator: AsyncIterable[pb.StreamCheckInsRequest], context: Context
    ) -> AsyncIterator[pb.StreamCheckInsResponse]:
        principal = current_principal()
        device_id = device_id_of(principal.id)
        async with aclosing(_read_ahead(request_iterator)) as batches:
            async for batch in batches:
                yield await self._take(principal, device_id, batch)

    async def _take(self, principal: Principal, device_id: UUID, batch: _Batch) -> pb.StreamCheckInsResponse:
        async def store(uow: UnitOfWork) -> Taken:
            taken = await ingest(
                uow,
                device_id=device_id,
                items=batch.items,
                sent=batch.sent,
                complete_until=batch.complete_until,
            )
            fail_points.reach("ingest.before_commit")
            return taken

        try:
            async with asyncio.timeout(_LONGEST_STORING_SECONDS):
                try:
                    taken = await self._db.run(principal, store)
                except AlreadyExists:
                    # A stream that went on after its device reconnected has stored the same facts meanwhile.
                    taken = await self._db.run(principal, store)
        except (Unavailable, TimeoutError):
            return pb.StreamCheckInsResponse(batch_number=batch.number, retry_after=to_duration(_RETRY_AFTER))
        fail_points.reach("ingest.after_commit")
        self._live.wake(taken.session_ids)
        return pb.StreamCheckInsResponse(batch_number=batch.number, results=map(answer_to_proto, taken.answers))

    async def GetRoomConfig(self, request: pb.GetRoomConfigRequest, context: Context) -> pb.RoomConfig:
        principal = current_principal()
        async with self._db.unit_of_work(principal, write=False) as uow:
            rules = await door.door_rules(uow, device_id_of(principal.id))
        config = pb.RoomConfig(
            room=room_to_proto(rules.room),
            policy=policy_to_proto(rules.policy),
            engine=self._engine_id,
            time_zone=rules.time_zone,
        )
        config.version = _version(config)
        return config

    async def GetRoomSchedule(self, request: pb.GetRoomScheduleRequest, context: Context) -> pb.RoomSchedule:
        principal = current_principal()
        async with self._db.unit_of_work(principal, write=False) as uow:
            schedule = await door.door_schedule(uow, device_id_of(principal.id))
        answer = pb.RoomSchedule(
            sessions=[
                pb.ScheduledSession(
                    session_id=str(entry.session.id),
                    title=entry.session.title,
                    start_time=to_timestamp(entry.session.planned_start_time),
                    end_time=to_timestamp(entry.session.planned_end_time),
                    trainer_ids=map(str, entry.session.trainer_ids),
                    trainee_ids=map(str, entry.trainee_ids),
                    state=entry.session.state.value,
                    policy=policy_to_proto(entry.policy),
                )
                for entry in schedule.sessions
            ]
        )
        answer.version = _version(answer)
        # After the version: the horizon moves on with every call.
        answer.horizon_end_time.FromDatetime(schedule.horizon_end_time)
        return answer

    async def SyncGallery(self, request: pb.SyncGalleryRequest, context: Context) -> pb.SyncGalleryResponse:
        principal = current_principal()
        device_id = device_id_of(principal.id)

        async def changes(uow: UnitOfWork) -> tuple[faces.GalleryChanges, dict[UUID, str]]:
            schedule = await door.door_schedule(uow, device_id)
            found = await faces.gallery_changes(
                uow,
                keys=self._keys,
                device_id=device_id,
                person_ids=schedule.person_ids,
                known_version=request.known_version,
                engine=request.engine or self._engine_id,
            )
            return found, await users.display_names(uow, [person_id for person_id, _ in found.upserts])

        found, names = await self._db.run(principal, changes)
        return pb.SyncGalleryResponse(
            version=found.version,
            full=found.full,
            upserts=[
                pb.GalleryPerson(
                    person_id=str(person_id),
                    display_name=names.get(person_id, ""),
                    encodings=[np.ascontiguousarray(row, dtype="<f4").tobytes() for row in encodings],
                )
                for person_id, encodings in found.upserts
            ],
            removals=map(str, found.removals),
            model_sha256=found.model_sha256,
        )

    async def AcknowledgeGallery(
        self, request: pb.AcknowledgeGalleryRequest, context: Context
    ) -> pb.AcknowledgeGalleryResponse:
        principal = current_principal()
        async with self._db.unit_of_work(principal) as uow:
            await faces.acknowledge_gallery(
                uow,
                device_id=device_id_of(principal.id),
                version=request.version,
                erased_person_ids=[
                    parse_uuid(person_id, "erased_person_ids") for person_id in request.erased_person_ids
                ],
            )
        return pb.AcknowledgeGalleryResponse()

    async def GetGalleryKey(self, request: pb.GetGalleryKeyRequest, context: Context) -> pb.GetGalleryKeyResponse:
        principal = current_principal()
        async with self._db.unit_of_work(principal) as uow:
            key, key_id = await faces.device_gallery_key(uow, keys=self._keys, device_id=device_id_of(principal.id))
        return pb.GetGalleryKeyResponse(key=key, key_id=key_id)


def _version(message: Message) -> int:
    """A number that stands for the content: another one means that it changed."""
    digest = sha256(message.SerializeToString(deterministic=True)).digest()
    return int.from_bytes(digest[:8]) >> 1 or 1
