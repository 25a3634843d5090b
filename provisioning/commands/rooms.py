"""Rooms: where they are, what they have, and when they can be used."""

from datetime import UTC, datetime, timedelta, tzinfo

import click
from google.protobuf.field_mask_pb2 import FieldMask

from provisioning import lookup
from provisioning.app import App, command
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import Columns, enum_text, local_text
from smartroster.timetable.v1 import timetable_pb2 as pb

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.group("rooms")
def rooms() -> None:
    """Rooms."""


def add_to(root: click.Group) -> None:
    root.add_command(rooms)


def window_text(window: pb.WeeklyWindow) -> str:
    return f"{WEEKDAYS[window.weekday - 1]} {window.start_time_of_day}-{window.end_time_of_day}"


def parse_window(text: str) -> pb.WeeklyWindow:
    """A window of the week out of a text like "mon 08:00-12:00".

    Raises:
        BadInput: it has another form.
    """
    day, _, times = text.strip().lower().partition(" ")
    start, dash, end = times.replace(" ", "").partition("-")
    if day not in WEEKDAYS or not dash:
        raise BadInput(f'"{text}" is no time of a week: write it like "mon 08:00-12:00".')
    return pb.WeeklyWindow(weekday=WEEKDAYS.index(day) + 1, start_time_of_day=start, end_time_of_day=end)


def fence_text(fence: pb.Geofence) -> str:
    """Such as "30 m around -1.2921, 36.8219"."""
    if fence.HasField("circle"):
        centre = fence.circle.centre
        return f"{fence.circle.radius_m:g} m around {centre.latitude:.10g}, {centre.longitude:.10g}"
    return "inside of " + " / ".join(f"{one.latitude:.10g}, {one.longitude:.10g}" for one in fence.polygon.vertices)


def maintenance_text(room: pb.Room, zone: tzinfo) -> str:
    """Each time in the school's zone, on a line of its own."""
    return "\n".join(
        f"{local_text(one.start_time.ToDatetime(tzinfo=UTC), zone)} to "
        f"{local_text(one.end_time.ToDatetime(tzinfo=UTC), zone)} {one.reason}".strip()
        for one in room.maintenance_windows
    )


_COLUMNS = {
    "Code": lambda one: one.code,
    "Name": lambda one: one.name,
    "Building": lambda one: one.building,
    "Type": lambda one: one.room_type,
    "Capacity": lambda one: one.capacity,
    "Has": lambda one: ", ".join(one.facilities),
    "State": lambda one: enum_text(one, "state"),
    "ID": lambda one: one.id,
}
_MORE = {
    "Floor": lambda one: one.floor,
    "Bookable": lambda one: ", ".join(map(window_text, one.bookable_hours)),
    "Bookings a day": lambda one: one.max_bookings_per_day or "",
    "Geofence": lambda one: fence_text(one.geofence),
    "Accuracy": lambda one: f"{one.max_accuracy_m:g} m or better",
}


@command(rooms, "list")
@click.option("--type", "room_type", default="", help="Such as lab.")
@click.option("--seats", default=0, help="At least so many.")
@click.option("--has", "facilities", multiple=True, help="What it must have; can be given several times.")
@click.option("--search", default="", help="In code, name or building.")
def list_rooms(app: App, room_type: str, seats: int, facilities: tuple[str, ...], search: str) -> None:
    """List rooms."""
    request = pb.ListRoomsRequest(room_type=room_type, min_capacity=seats, facilities=facilities, query=search)
    app.show_list(app.hub.items(request, pb.ListRoomsResponse), _COLUMNS)


@command(rooms, "show")
@click.argument("room")
def show_room(app: App, room: str) -> None:
    """Show a room, by code or id."""
    maintenance: Columns = {"Maintenance": lambda one: maintenance_text(one, app.zone)}
    app.show(lookup.room(app.hub, room), {**_COLUMNS, **_MORE, **maintenance})


@command(rooms, "create")
@click.argument("code")
@click.option("--name", default="")
@click.option("--building", default="")
@click.option("--floor", default="")
@click.option("--type", "room_type", default="classroom", show_default=True)
@click.option("--capacity", default=30, show_default=True)
@click.option("--has", "facilities", multiple=True, help="What it has; can be given several times.")
@click.option("--at", "place", type=(float, float), metavar="LAT LNG", help="The room's middle, in degrees.")
@click.option("--radius-m", default=30.0, show_default=True, help="How far from there a check-in counts.")
@click.option("--corner", "corners", type=(float, float), multiple=True, help="Instead: each corner of a polygon.")
@click.option("--max-accuracy-m", default=50.0, show_default=True, help="Worst accuracy of a position that is taken.")
def create_room(
    app: App,
    code: str,
    *,
    name: str,
    building: str,
    floor: str,
    room_type: str,
    capacity: int,
    facilities: tuple[str, ...],
    place: tuple[float, float] | None,
    radius_m: float,
    corners: tuple[tuple[float, float], ...],
    max_accuracy_m: float,
) -> None:
    """Create a room."""
    if (place is None) is (not corners):
        raise BadInput("Say where the room is: --at with its middle, or --corner for each corner.")
    room = pb.Room(
        code=code,
        name=name or code,
        building=building,
        floor=floor,
        room_type=room_type,
        capacity=capacity,
        facilities=facilities,
        geofence=_fence(place, radius_m, corners),
        max_accuracy_m=max_accuracy_m,
        state=pb.Room.STATE_IN_USE,
    )
    made = app.hub.call(pb.CreateRoomRequest(request_id=new_request_id(), room=room), pb.Room)
    app.done(made, f"Room {made.code} is {made.id}.")


@command(rooms, "update")
@click.argument("room")
@click.option("--name")
@click.option("--type", "room_type")
@click.option("--capacity", type=int)
@click.option("--has", "facilities", multiple=True, help='What it has now; --has "" for nothing.')
@click.option("--bookable", "hours", multiple=True, help='Such as "mon 08:00-17:00"; several times; "" for always.')
@click.option("--max-bookings", "max_bookings_per_day", type=int, help="A day; 0: not limited.")
@click.option("--closed/--in-use", "closed", default=None)
def update_room(
    app: App,
    room: str,
    *,
    name: str | None,
    room_type: str | None,
    capacity: int | None,
    facilities: tuple[str, ...],
    hours: tuple[str, ...],
    max_bookings_per_day: int | None,
    closed: bool | None,
) -> None:
    """Change a room."""
    found = lookup.room(app.hub, room)
    wanted = pb.Room(id=found.id, etag=found.etag)
    given = {"name": name, "room_type": room_type, "capacity": capacity, "max_bookings_per_day": max_bookings_per_day}
    paths = [field for field, value in given.items() if value is not None]
    for field in paths:
        setattr(wanted, field, given[field])
    if facilities:
        wanted.facilities.extend(filter(None, facilities))
        paths.append("facilities")
    if hours:
        wanted.bookable_hours.extend(map(parse_window, filter(None, hours)))
        paths.append("bookable_hours")
    if closed is not None:
        wanted.state = pb.Room.STATE_CLOSED if closed else pb.Room.STATE_IN_USE
        paths.append("state")
    if not paths:
        raise BadInput("Say what is to change: `roster rooms update --help` lists it.")
    made = app.hub.call(pb.UpdateRoomRequest(room=wanted, update_mask=FieldMask(paths=paths)), pb.Room)
    app.done(made, f"Room {made.code} is changed.")


@command(rooms, "maintenance")
@click.argument("room")
@click.option("--from", "start", required=True, type=click.DateTime(), help="In the school's zone.")
@click.option("--hours", required=True, type=float)
@click.option("--reason", default="")
def add_maintenance(app: App, room: str, start: datetime, hours: float, reason: str) -> None:
    """Record a time in which a room can't be used."""
    found = lookup.room(app.hub, room)
    window = pb.MaintenanceWindow(reason=reason)
    begin = start.replace(tzinfo=app.zone)
    window.start_time.FromDatetime(begin)
    window.end_time.FromDatetime(begin + timedelta(hours=hours))
    wanted = pb.Room(id=found.id, etag=found.etag, maintenance_windows=[*found.maintenance_windows, window])
    request = pb.UpdateRoomRequest(room=wanted, update_mask=FieldMask(paths=["maintenance_windows"]))
    app.done(app.hub.call(request, pb.Room), f"Room {found.code} is not planned with then.")


@command(rooms, "delete")
@click.argument("room")
def delete_room(app: App, room: str) -> None:
    """Delete a room that was never used."""
    found = lookup.room(app.hub, room)
    app.done(
        app.hub.call(pb.DeleteRoomRequest(room_id=found.id, etag=found.etag), pb.Room), f"Room {found.code} is gone."
    )


def _fence(place: tuple[float, float] | None, radius_m: float, corners: tuple[tuple[float, float], ...]) -> pb.Geofence:
    if place is not None:
        centre = pb.LatLng(latitude=place[0], longitude=place[1])
        return pb.Geofence(circle=pb.Geofence.Circle(centre=centre, radius_m=radius_m))
    vertices = [pb.LatLng(latitude=latitude, longitude=longitude) for latitude, longitude in corners]
    return pb.Geofence(polygon=pb.Geofence.Polygon(vertices=vertices))
