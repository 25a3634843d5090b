"""A room on the wire: answered by this domain's service and, to the room's devices, by the attendance domain's."""

from typing import Any

from hub.timetable.models import Room
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
        state=f"STATE_{room.state.name}",
        etag=str(room.etag),
    )


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
