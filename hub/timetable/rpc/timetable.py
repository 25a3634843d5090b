"""TimetableService on the wire: rooms and lines of the plan."""

from collections.abc import Awaitable, Callable
from datetime import date, time
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_date, from_optional_date, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.rules import EntryKind, Materialised, RoomState, SessionType, WeekPattern
from hub.timetable.service import entries, rooms
from hub.timetable.wire import (
    conflict_to_proto,
    entry_to_proto,
    geofence_values,
    maintenance_values,
    room_to_proto,
    time_of_day,
    weekly_values,
)
from smartroster.timetable.v1 import timetable_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
Materialise = Callable[[UnitOfWork], Awaitable[Materialised]]
"""Brings dated sessions to where the published plans are. Given by the attendance domain."""

_ROOM_ORDER = {
    "code": Room.code,
    "name": Room.name,
    "room_type": Room.room_type,
    "capacity": Room.capacity,
    "create_time": Room.create_time,
}
_ENTRY_ORDER = {
    "id": TimetableEntry.id,
    "weekday": TimetableEntry.weekday,
    "start_time_of_day": TimetableEntry.start_time_of_day,
}
_PATH = "timetable_entry"


class TimetableServicer(timetable_pb2_grpc.TimetableServiceServicer):
    def __init__(self, database: Database, *, materialise: Materialise) -> None:
        self._db = database
        self._materialise = materialise

    async def CreateRoom(self, request: pb.CreateRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal()) as uow:
            return room_to_proto(await rooms.create_room(uow, values=_room_values(request.room)))

    async def GetRoom(self, request: pb.GetRoomRequest, context: Context) -> pb.Room:
        return room_to_proto(await queries.get_room(self._db, parse_uuid(request.room_id, "room_id")))

    async def ListRooms(self, request: pb.ListRoomsRequest, context: Context) -> pb.ListRoomsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            query = queries.select_rooms(
                code=request.code,
                room_type=request.room_type,
                min_capacity=request.min_capacity,
                text=request.query,
                state=RoomState[pb.Room.State.Name(request.state).removeprefix("STATE_")] if request.state else None,
                facilities=request.facilities,
            )
            rows, token = await page(
                uow.session,
                query,
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ROOM_ORDER, unique=Room.id),
            )
            return pb.ListRoomsResponse(rooms=map(room_to_proto, rows), next_page_token=token)

    async def UpdateRoom(self, request: pb.UpdateRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal()) as uow:
            fields = check_mask(request.update_mask, rooms.ROOM_FIELDS)
            room = await rooms.update_room(
                uow,
                room_id=parse_uuid(request.room.id, "room.id"),
                values=_room_values(request.room, fields),
                fields=fields,
                etag=request.room.etag,
            )
            return room_to_proto(room)

    async def DeleteRoom(self, request: pb.DeleteRoomRequest, context: Context) -> pb.Room:
        async with self._db.unit_of_work(current_principal()) as uow:
            room_id = parse_uuid(request.room_id, "room_id")
            return room_to_proto(await rooms.delete_room(uow, room_id=room_id, etag=request.etag))

    async def CreateTimetableEntry(
        self, request: pb.CreateTimetableEntryRequest, context: Context
    ) -> pb.TimetableEntry:
        async with self._db.unit_of_work(current_principal()) as uow:
            draft = await _draft(uow, request.timetable_entry)
            entry, warnings = await entries.create_entry(uow, draft=draft)
            await self._follow(uow, entry)
            return entry_to_proto(entry, await _state(uow, entry), [one for one in warnings if not one.hard])

    async def GetTimetableEntry(self, request: pb.GetTimetableEntryRequest, context: Context) -> pb.TimetableEntry:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            entry = await queries.get_visible_entry(
                uow,
                parse_uuid(request.timetable_entry_id, "timetable_entry_id"),
                current_scope(),
                today=await school_queries.today(uow),
            )
            return entry_to_proto(entry, await _state(uow, entry))

    async def ListTimetableEntries(
        self, request: pb.ListTimetableEntriesRequest, context: Context
    ) -> pb.ListTimetableEntriesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            today = await school_queries.today(uow)
            wanted = queries.EntryFilter(
                version_id=parse_optional_uuid(request.version_id, "version_id"),
                on=from_optional_date(request.date, "date"),
                term_id=parse_optional_uuid(request.term_id, "term_id"),
                room_id=parse_optional_uuid(request.room_id, "room_id"),
                class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                enrolment_id=parse_optional_uuid(request.enrolment_id, "enrolment_id"),
                kind=_kind(request.kind) if request.kind else None,
            )
            rows, token = await page(
                uow.session,
                queries.select_entries(current_scope(), wanted, today=today),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ENTRY_ORDER, unique=TimetableEntry.id),
            )
            return pb.ListTimetableEntriesResponse(
                timetable_entries=[entry_to_proto(row, row.version.state_on(today).name) for row in rows],
                next_page_token=token,
            )

    async def UpdateTimetableEntry(
        self, request: pb.UpdateTimetableEntryRequest, context: Context
    ) -> pb.TimetableEntry:
        fields = check_mask(request.update_mask, entries.ENTRY_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            entry, warnings = await entries.update_entry(
                uow,
                entry_id=parse_uuid(request.timetable_entry.id, f"{_PATH}.id"),
                changes=_changes(request.timetable_entry, fields),
                etag=request.timetable_entry.etag,
            )
            await self._follow(uow, entry)
            return entry_to_proto(entry, await _state(uow, entry), warnings)

    async def DeleteTimetableEntry(
        self, request: pb.DeleteTimetableEntryRequest, context: Context
    ) -> pb.TimetableEntry:
        async with self._db.unit_of_work(current_principal()) as uow:
            entry = await entries.delete_entry(
                uow, entry_id=parse_uuid(request.timetable_entry_id, "timetable_entry_id"), etag=request.etag
            )
            await self._follow(uow, entry)
            return entry_to_proto(entry, await _state(uow, entry))

    async def PinTimetableEntries(
        self, request: pb.PinTimetableEntriesRequest, context: Context
    ) -> pb.PinTimetableEntriesResponse:
        ids = [parse_uuid(text, "timetable_entry_ids") for text in request.timetable_entry_ids]
        async with self._db.unit_of_work(current_principal()) as uow:
            pinned = await entries.pin(uow, entry_ids=ids, pinned=request.pinned)
            return pb.PinTimetableEntriesResponse(timetable_entries=[entry_to_proto(one, "DRAFT") for one in pinned])

    async def CheckConflicts(self, request: pb.CheckConflictsRequest, context: Context) -> pb.CheckConflictsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            draft = await _draft(uow, request.timetable_entry)
            entry_id = parse_optional_uuid(request.timetable_entry.id, f"{_PATH}.id")
            found = await entries.check(uow, draft=draft, entry_id=entry_id)
            return pb.CheckConflictsResponse(conflicts=map(conflict_to_proto, found))

    async def _follow(self, uow: UnitOfWork, entry: TimetableEntry) -> None:
        """A temporary entry is in the published plan: its sessions follow at once."""
        if entry.kind is not EntryKind.RECURRING:
            await self._materialise(uow)


async def _state(uow: UnitOfWork, entry: TimetableEntry) -> str:
    return entry.version.state_on(await school_queries.today(uow)).name


def _room_values(room: pb.Room, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """The values of the named fields, or of all."""
    values: dict[str, Any] = {
        "code": room.code.strip(),
        "name": room.name.strip() or room.code.strip(),
        "building": room.building,
        "floor": room.floor,
        "room_type": room.room_type.strip() or "classroom",
        "capacity": room.capacity,
        "facilities": sorted({one.strip() for one in room.facilities} - {""}),
        "max_accuracy_m": room.max_accuracy_m or 50.0,
        "maintenance_windows": maintenance_values(room.maintenance_windows),
        "bookable_hours": [weekly_values(one, "room.bookable_hours") for one in room.bookable_hours],
        "max_bookings_per_day": room.max_bookings_per_day,
        "state": RoomState.CLOSED if room.state == pb.Room.STATE_CLOSED else RoomState.IN_USE,
    }
    if fields is None or "geofence" in fields:
        values["geofence"] = geofence_values(room.geofence)
    return values


async def _draft(uow: UnitOfWork, entry: pb.TimetableEntry) -> entries.EntryDraft:
    """The entry as asked for; days that are left out are the term's."""
    enrolment_id = parse_uuid(entry.enrolment_id, f"{_PATH}.enrolment_id")
    values = _changes(entry, frozenset(entries.ENTRY_FIELDS))
    if values["week_pattern"] is not WeekPattern.DATES and None in (values["start_date"], values["end_date"]):
        term = await queries.term_of_enrolment(uow, enrolment_id)
        values["start_date"] = values["start_date"] or term.start_date
        values["end_date"] = values["end_date"] or term.end_date
    return entries.EntryDraft(
        enrolment_id=enrolment_id,
        room_id=values["room_id"],
        session_type=values["session_type"],
        kind=_kind(entry.kind),
        slot=entries.slot_of(values),
        facilities=values["facilities"],
        pinned=values["pinned"],
        outside_day_pattern=values["outside_day_pattern"],
        version_id=parse_optional_uuid(entry.version_id, f"{_PATH}.version_id"),
    )


def _changes(entry: pb.TimetableEntry, fields: frozenset[str]) -> dict[str, Any]:
    """The values of the named fields as the service takes them."""
    read: dict[str, Callable[[], Any]] = {
        "room_id": lambda: parse_uuid(entry.room_id, f"{_PATH}.room_id"),
        "weekday": lambda: entry.weekday,
        "start_time_of_day": lambda: _time(entry.start_time_of_day, "start_time_of_day"),
        "end_time_of_day": lambda: _time(entry.end_time_of_day, "end_time_of_day"),
        "session_type": lambda: (
            SessionType.PRACTICAL if entry.session_type == pb.SESSION_TYPE_PRACTICAL else SessionType.THEORY
        ),
        "week_pattern": lambda: WeekPattern[
            pb.TimetableEntry.WeekPattern.Name(entry.week_pattern or pb.TimetableEntry.WEEK_PATTERN_EVERY).removeprefix(
                "WEEK_PATTERN_"
            )
        ],
        "anchor_date": lambda: from_optional_date(entry.anchor_date, f"{_PATH}.anchor_date"),
        "dates": lambda: [_date(day, "dates").isoformat() for day in entry.dates],
        "start_date": lambda: from_optional_date(entry.start_date, f"{_PATH}.start_date"),
        "end_date": lambda: from_optional_date(entry.end_date, f"{_PATH}.end_date"),
        "facilities": lambda: sorted({one.strip() for one in entry.facilities} - {""}),
        "pinned": lambda: entry.pinned,
        "outside_day_pattern": lambda: entry.outside_day_pattern,
    }
    return {name: read[name]() for name in fields}


def _kind(kind: pb.TimetableEntry.Kind) -> EntryKind:
    return EntryKind[pb.TimetableEntry.Kind.Name(kind or pb.TimetableEntry.KIND_RECURRING).removeprefix("KIND_")]


def _time(value: str, field: str) -> time:
    return time_of_day(value, f"{_PATH}.{field}")


def _date(value: str, field: str) -> date:
    return from_date(value, f"{_PATH}.{field}")
