"""TimetableService on the wire."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_date, parse_optional_uuid, parse_uuid, to_date, to_timestamp
from hub.rpc.paging import page
from hub.timetable import queries, service
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.rules import EntryKind, RoomState, SessionType, Slot
from hub.timetable.wire import room_to_proto
from smartroster.timetable.v1 import timetable_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
Materialise = Callable[[UnitOfWork], Awaitable[tuple[int, datetime]]]
"""Makes dated sessions of published entries; answers how many and until when. Given by the attendance domain."""


class TimetableServicer(timetable_pb2_grpc.TimetableServiceServicer):
    def __init__(self, database: Database, *, materialise: Materialise) -> None:
        self._db = database
        self._materialise = materialise

    async def CreateRoom(self, request: pb.CreateRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal()) as uow:
            return room_to_proto(await service.create_room(uow, values=_room_values(request.room)))

    async def GetRoom(self, request: pb.GetRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return room_to_proto(await queries.get_room(uow, parse_uuid(request.room_id, "room_id")))

    async def ListRooms(self, request: pb.ListRoomsRequest, context: Context) -> pb.ListRoomsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_rooms(request.code),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Room.code],
            )
            return pb.ListRoomsResponse(rooms=map(room_to_proto, rows), next_page_token=token)

    async def UpdateRoom(self, request: pb.UpdateRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal()) as uow:
            room = await service.update_room(
                uow,
                room_id=parse_uuid(request.room.id, "room.id"),
                values=_room_values(request.room),
                fields=check_mask(request.update_mask, service.ROOM_FIELDS),
                etag=request.room.etag,
            )
            return room_to_proto(room)

    async def CreateTimetableEntry(
        self,
        request: pb.CreateTimetableEntryRequest,
        context: Context,
    ) -> pb.TimetableEntry:
        async with self._db.unit_of_work(current_principal()) as uow:
            return _entry_to_proto(await service.create_entry(uow, draft=_draft(request.timetable_entry)))

    async def ListTimetableEntries(
        self,
        request: pb.ListTimetableEntriesRequest,
        context: Context,
    ) -> pb.ListTimetableEntriesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            query = queries.select_entries(
                current_scope(),
                today=uow.now.astimezone(await service.school_zone(uow)).date(),
                term_id=parse_optional_uuid(request.term_id, "term_id"),
                room_id=parse_optional_uuid(request.room_id, "room_id"),
                class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
            )
            rows, token = await page(
                uow.session,
                query,
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[TimetableEntry.id],
            )
            return pb.ListTimetableEntriesResponse(timetable_entries=map(_entry_to_proto, rows), next_page_token=token)

    async def DeleteTimetableEntry(
        self,
        request: pb.DeleteTimetableEntryRequest,
        context: Context,
    ) -> pb.TimetableEntry:
        async with self._db.unit_of_work(current_principal()) as uow:
            entry = await service.delete_entry(
                uow, entry_id=parse_uuid(request.timetable_entry_id, "timetable_entry_id"), etag=request.etag
            )
            return _entry_to_proto(entry)

    async def PublishTimetable(
        self,
        request: pb.PublishTimetableRequest,
        context: Context,
    ) -> pb.PublishTimetableResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            published = await service.publish(uow, term_id=parse_uuid(request.term_id, "term_id"))
            sessions, until = await self._materialise(uow)
            return pb.PublishTimetableResponse(
                published_entries=published, created_sessions=sessions, horizon_end_time=to_timestamp(until)
            )


def _entry_to_proto(entry: TimetableEntry) -> pb.TimetableEntry:
    return pb.TimetableEntry(
        id=str(entry.id),
        enrolment_id=str(entry.enrolment_id),
        room_id=str(entry.room_id),
        weekday=entry.weekday,
        start_time_of_day=entry.start_time_of_day.isoformat(),
        end_time_of_day=entry.end_time_of_day.isoformat(),
        session_type=f"SESSION_TYPE_{entry.session_type.name}",
        kind=f"KIND_{entry.kind.name}",
        start_date=to_date(entry.start_date),
        end_date=to_date(entry.end_date),
        state=f"STATE_{entry.state.name}",
        etag=str(entry.etag),
    )


def _room_values(room: pb.Room) -> dict[str, Any]:
    return {
        "code": room.code.strip(),
        "name": room.name.strip() or room.code.strip(),
        "building": room.building,
        "floor": room.floor,
        "room_type": room.room_type or "classroom",
        "capacity": room.capacity,
        "facilities": list(room.facilities),
        "geofence": _geofence_values(room.geofence),
        "max_accuracy_m": room.max_accuracy_m or 50.0,
        "state": RoomState.CLOSED if room.state == pb.Room.STATE_CLOSED else RoomState.IN_USE,
    }


def _geofence_values(fence: pb.Geofence) -> dict[str, Any]:
    shape = fence.WhichOneof("shape")
    if shape is None:
        raise InvalidArgument.of("room.geofence", "is required: give a circle (centre, radius_m) or a polygon")
    if shape == "circle":
        centre = fence.circle.centre
        return {
            "circle": {
                "latitude": centre.latitude,
                "longitude": centre.longitude,
                "radius_m": fence.circle.radius_m,
            }
        }
    return {"polygon": [[vertex.latitude, vertex.longitude] for vertex in fence.polygon.vertices]}


def _draft(entry: pb.TimetableEntry) -> service.EntryDraft:
    return service.EntryDraft(
        enrolment_id=parse_uuid(entry.enrolment_id, "timetable_entry.enrolment_id"),
        room_id=parse_uuid(entry.room_id, "timetable_entry.room_id"),
        session_type=(SessionType.PRACTICAL if entry.session_type == pb.SESSION_TYPE_PRACTICAL else SessionType.THEORY),
        kind=EntryKind[
            pb.TimetableEntry.Kind.Name(entry.kind or pb.TimetableEntry.KIND_RECURRING).removeprefix("KIND_")
        ],
        slot=Slot(
            weekday=entry.weekday,
            start=_time_of_day(entry.start_time_of_day, "timetable_entry.start_time_of_day"),
            end=_time_of_day(entry.end_time_of_day, "timetable_entry.end_time_of_day"),
            first_date=from_date(entry.start_date, "timetable_entry.start_date"),
            last_date=from_date(entry.end_date, "timetable_entry.end_date"),
        ),
    )


def _time_of_day(value: str, field: str) -> time:
    try:
        parsed = time.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is not None:
        raise InvalidArgument.of(field, "is no time of day: give it school-local as HH:MM, such as 08:00")
    return parsed
