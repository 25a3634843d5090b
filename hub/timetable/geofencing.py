"""A room's stored geofence as the value that hub and agent compute with."""

from typing import Any

from hub.timetable.errors import GeofenceInvalid
from hub.timetable.models import Room
from presence.geofence import Circle, Fence, GeofenceError, Polygon


def parse_fence(stored: dict[str, Any]) -> Fence:
    """The fence of `Room.geofence`.

    Raises:
        GeofenceInvalid: no such fence can be; the message says why.
    """
    try:
        if "circle" in stored:
            circle = stored["circle"]
            return Circle(circle["latitude"], circle["longitude"], circle["radius_m"])
        return Polygon(tuple((latitude, longitude) for latitude, longitude in stored["polygon"]))
    except GeofenceError as error:
        raise GeofenceInvalid.of("room.geofence", str(error)) from error


def fence_of(room: Room) -> Fence:
    return parse_fence(room.geofence)
