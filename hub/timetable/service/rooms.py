"""Use cases of rooms."""

import itertools
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation, InvalidArgument
from hub.rpc.fields import check_etag
from hub.timetable import queries
from hub.timetable.conflicts import VIRTUAL
from hub.timetable.errors import RoomCodeTaken, RoomInUse
from hub.timetable.events import RoomChanged
from hub.timetable.geofencing import parse_fence
from hub.timetable.models import Room

ROOM_FIELDS = (
    "code", "name", "building", "floor", "room_type", "capacity", "facilities", "geofence", "max_accuracy_m",
    "maintenance_windows", "bookable_hours", "max_bookings_per_day", "state",
)  # fmt: skip
_HELD_BY_DEVICES = {"geofence", "max_accuracy_m", "code", "name", "state"}


async def create_room(uow: UnitOfWork, *, values: Mapping[str, Any]) -> Room:
    """Store a room; what is not given of ROOM_FIELDS is the usual.

    Raises:
        InvalidArgument: names each bad field.
        RoomCodeTaken: another room has the code.
    """
    values = {"maintenance_windows": [], "bookable_hours": [], "max_bookings_per_day": 0, **values}
    _check_room(values)
    if await uow.session.scalar(select(Room.id).where(Room.code == values["code"])):
        raise RoomCodeTaken(f"There is a room {values['code']} already: choose another code or update that room.")
    room = Room(**values)
    uow.session.add(room)
    await uow.session.flush()
    uow.audit("timetable.create_room", object_type="room", object_id=room.id, after=_room_values(room))
    return room


async def update_room(
    uow: UnitOfWork, *, room_id: UUID, values: Mapping[str, Any], fields: frozenset[str], etag: str
) -> Room:
    """Change the named fields.

    Raises:
        RoomNotFound, EtagStale, InvalidArgument, RoomCodeTaken: as their names say.
        RoomInUse: a booked room can't become virtual, nor a virtual one real: its bookings would not be what they were.
    """
    room = await queries.get_room(uow, room_id)
    check_etag(room.etag, etag)
    before = _room_values(room)
    after = before | {field: values[field] for field in fields}
    _check_room(after)
    if after["code"] != before["code"] and await uow.session.scalar(select(Room.id).where(Room.code == after["code"])):
        raise RoomCodeTaken(f"There is a room {after['code']} already: choose another code.")
    if _is_virtual(before) != _is_virtual(after) and await queries.is_room_used(uow, room_id):
        raise RoomInUse(f"Room {room.code} is in the timetable: create another room for what is or was virtual.")
    for field in fields:
        setattr(room, field, values[field])
    changed = {field for field in ROOM_FIELDS if after[field] != before[field]}
    if changed:
        await uow.session.flush()
        uow.audit("timetable.update_room", object_type="room", object_id=room.id, before=before, after=after)
    if changed & _HELD_BY_DEVICES:
        uow.publish(RoomChanged(**uow.new_event_args(), room_id=room.id))
    return room


async def delete_room(uow: UnitOfWork, *, room_id: UUID, etag: str) -> Room:
    """Delete a room that nothing names; RoomInUse otherwise (or FailedPrecondition from the database itself)."""
    room = await queries.get_room(uow, room_id)
    check_etag(room.etag, etag)
    if await queries.is_room_used(uow, room_id):
        raise RoomInUse(f"Room {room.code} is in the timetable: close it instead, and its history stays.")
    await uow.session.delete(room)
    await uow.session.flush()
    uow.audit("timetable.delete_room", object_type="room", object_id=room.id, before=_room_values(room))
    return room


def _check_room(values: Mapping[str, Any]) -> None:
    violations = [
        FieldViolation(f"room.{field}", "is required") for field in ("code", "name") if not values[field].strip()
    ]
    if values["capacity"] < 1:
        violations.append(FieldViolation("room.capacity", "must be at least 1"))
    if values["max_bookings_per_day"] < 0:
        violations.append(FieldViolation("room.max_bookings_per_day", "must be 0 (not limited) or more"))
    if not 0 < values["max_accuracy_m"] <= 10_000:  # noqa: PLR2004 (worse than ten kilometres is no position)
        violations.append(FieldViolation("room.max_accuracy_m", "must be more than 0 and at most 10000 metres"))
    violations += [
        FieldViolation("room.maintenance_windows", f"the one from {window['start_time']} must end after that")
        for window in values["maintenance_windows"]
        if datetime.fromisoformat(window["start_time"]) >= datetime.fromisoformat(window["end_time"])
    ]
    violations += [
        FieldViolation("room.bookable_hours", problem) for problem in weekly_problems(values["bookable_hours"])
    ]
    if violations:
        raise InvalidArgument("The room can't be stored.", violations=violations)
    parse_fence(values["geofence"])


def weekly_problems(windows: list[dict[str, Any]]) -> list[str]:
    """What is wrong with windows of a week ({"weekday", "start", "end"}, times as ISO 8601): they must not overlap."""
    found = []
    for window in windows:
        if not 1 <= window["weekday"] <= 7:  # noqa: PLR2004 (days of a week)
            found.append(f"{window['weekday']} is no ISO weekday: 1 is Monday, 7 is Sunday")
        if time.fromisoformat(window["start"]) >= time.fromisoformat(window["end"]):
            found.append(f"the window from {window['start'][:5]} must end after that, on the same day")
    ordered = sorted(windows, key=lambda one: (one["weekday"], one["start"]))
    found += [
        f"{earlier['start'][:5]}-{earlier['end'][:5]} and {later['start'][:5]}-{later['end'][:5]} of weekday "
        f"{later['weekday']} overlap: make them one, or end the first before the second"
        for earlier, later in itertools.pairwise(ordered)
        if earlier["weekday"] == later["weekday"] and later["start"] < earlier["end"]
    ]
    return found


def _is_virtual(values: Mapping[str, Any]) -> bool:
    return bool(values["room_type"].casefold() == VIRTUAL)


def _room_values(room: Room) -> dict[str, Any]:
    return {field: getattr(room, field) for field in ROOM_FIELDS}
