"""Rooms, entries and conflicts on the wire; rooms also as the attendance domain answers them to the room's devices."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from hub.errors import InvalidArgument
from hub.rpc.fields import from_timestamp, to_date, to_timestamp
from hub.timetable.conflicts import Conflict
from hub.timetable.models import Room, TimetableEntry
from smartroster.timetable.v1 import timetable_pb2 as pb


def room_to_proto(room: Room) -> pb.Room:
    return pb.Room(
        id=str(room.id),
        code=room.code,
        name=room.name,
        building=room.building,
        floor=room.floor,
        room_type=room.room_type,
        capacity=room.capacity,
        facilities=room.facilities,
        geofence=_geofence_to_proto(room.geofence),
        max_accuracy_m=room.max_accuracy_m,
        maintenance_windows=[
            pb.MaintenanceWindow(
                start_time=to_timestamp(datetime.fromisoformat(window["start_time"])),
                end_time=to_timestamp(datetime.fromisoformat(window["end_time"])),
                reason=window["reason"],
            )
            for window in room.maintenance_windows
        ],
        bookable_hours=map(weekly_to_proto, room.bookable_hours),
        max_bookings_per_day=room.max_bookings_per_day,
        state=f"STATE_{room.state.name}",
        etag=str(room.etag),
    )


def entry_to_proto(entry: TimetableEntry, state: str, warnings: Sequence[Conflict] = ()) -> pb.TimetableEntry:
    """`state` is the name of its version's EntryState."""
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
        state=f"STATE_{state}",
        etag=str(entry.etag),
        version_id=str(entry.version_id),
        week_pattern=f"WEEK_PATTERN_{entry.week_pattern.name}",
        anchor_date=to_date(entry.anchor_date),
        dates=entry.dates,
        pinned=entry.pinned,
        outside_day_pattern=entry.outside_day_pattern,
        facilities=entry.facilities,
        lesson_id=str(entry.lesson_id),
        term_id=str(entry.term_id),
        trainer_id=str(entry.trainer_id),
        class_group_id=str(entry.class_group_id),
        warnings=map(conflict_to_proto, warnings),
    )


def conflict_to_proto(conflict: Conflict) -> pb.Conflict:
    return pb.Conflict(
        rule=f"RULE_{conflict.rule.value}",
        hard=conflict.hard,
        cost=conflict.cost,
        text=conflict.text,
        entry_ids=map(str, conflict.entry_ids),
        dates=[day.isoformat() for day in conflict.dates],
    )


def maintenance_values(windows: Iterable[pb.MaintenanceWindow]) -> list[dict[str, str]]:
    """As `Room.maintenance_windows` holds them, by start."""
    field = "room.maintenance_windows"
    return sorted(
        (
            {
                "start_time": from_timestamp(window.start_time, field).isoformat(),
                "end_time": from_timestamp(window.end_time, field).isoformat(),
                "reason": window.reason.strip(),
            }
            for window in windows
        ),
        key=lambda window: window["start_time"],
    )


def weekly_to_proto(stored: dict[str, Any]) -> pb.WeeklyWindow:
    return pb.WeeklyWindow(
        weekday=stored["weekday"], start_time_of_day=stored["start"][:5], end_time_of_day=stored["end"][:5]
    )


def weekly_values(window: pb.WeeklyWindow, field: str) -> dict[str, Any]:
    """A window as it is stored: {"weekday", "start", "end"}."""
    return {
        "weekday": window.weekday,
        "start": time_of_day(window.start_time_of_day, f"{field}.start_time_of_day").isoformat(),
        "end": time_of_day(window.end_time_of_day, f"{field}.end_time_of_day").isoformat(),
    }


def time_of_day(value: str, field: str) -> time:
    """The school-local time; InvalidArgument when it is none."""
    try:
        parsed = time.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is not None:
        raise InvalidArgument.of(field, "is no time of day: give it school-local as HH:MM, such as 08:00")
    return parsed


def geofence_values(fence: pb.Geofence) -> dict[str, Any]:
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


def _geofence_to_proto(stored: dict[str, Any]) -> pb.Geofence:
    if "circle" in stored:
        circle = stored["circle"]
        return pb.Geofence(
            circle=pb.Geofence.Circle(
                centre=pb.LatLng(latitude=circle["latitude"], longitude=circle["longitude"]),
                radius_m=circle["radius_m"],
            )
        )
    return pb.Geofence(
        polygon=pb.Geofence.Polygon(
            vertices=[pb.LatLng(latitude=latitude, longitude=longitude) for latitude, longitude in stored["polygon"]]
        )
    )
