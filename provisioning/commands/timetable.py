"""Rooms and the weekly plan."""

from datetime import UTC

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text, local_text
from smartroster.timetable.v1 import timetable_pb2 as pb
from smartroster.timetable.v1 import versions_pb2

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.group("rooms")
def rooms() -> None:
    """Rooms."""


@click.group("timetable")
def timetable() -> None:
    """The weekly plan."""


def add_to(root: click.Group) -> None:
    root.add_command(rooms)
    root.add_command(timetable)


@command(rooms, "list")
def list_rooms(app: App) -> None:
    """List rooms."""
    app.show_list(
        app.hub.items(pb.ListRoomsRequest(), pb.ListRoomsResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Type": lambda one: one.room_type,
            "Capacity": lambda one: one.capacity,
            "State": lambda one: enum_text(one, "state"),
            "ID": lambda one: one.id,
        },
    )


@command(rooms, "create")
@click.argument("code")
@click.option("--name", default="")
@click.option("--type", "room_type", default="classroom", show_default=True)
@click.option("--capacity", default=30, show_default=True)
@click.option(
    "--at", "place", type=(float, float), required=True, metavar="LAT LNG", help="The room's middle, in degrees."
)
@click.option("--radius-m", default=30.0, show_default=True, help="How far from there a check-in counts.")
@click.option("--max-accuracy-m", default=50.0, show_default=True, help="Worst accuracy of a position that is taken.")
def create_room(
    app: App,
    code: str,
    name: str,
    room_type: str,
    capacity: int,
    place: tuple[float, float],
    radius_m: float,
    max_accuracy_m: float,
) -> None:
    """Create a room."""
    centre = pb.LatLng(latitude=place[0], longitude=place[1])
    room = pb.Room(
        code=code,
        name=name or code,
        room_type=room_type,
        capacity=capacity,
        geofence=pb.Geofence(circle=pb.Geofence.Circle(centre=centre, radius_m=radius_m)),
        max_accuracy_m=max_accuracy_m,
        state=pb.Room.STATE_IN_USE,
    )
    made = app.hub.call(pb.CreateRoomRequest(request_id=new_request_id(), room=room), pb.Room)
    app.done(made, f"Room {made.code} is {made.id}.")


@command(timetable, "list")
@click.option("--room", help="By code or id.")
@click.option("--group", help="Class group, by name or id.")
@click.option("--trainer", help="By e-mail, staff number or id.")
def list_entries(app: App, room: str | None, group: str | None, trainer: str | None) -> None:
    """List the lines of the weekly plan."""
    request = pb.ListTimetableEntriesRequest(
        room_id=lookup.room(app.hub, room).id if room else "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
    )
    codes = {one.id: one.code for one in app.hub.items(pb.ListRoomsRequest(), pb.ListRoomsResponse)}
    app.show_list(
        app.hub.items(request, pb.ListTimetableEntriesResponse),
        {
            "Day": lambda one: _WEEKDAYS[one.weekday - 1],
            "From": lambda one: one.start_time_of_day,
            "To": lambda one: one.end_time_of_day,
            "Room": lambda one: codes.get(one.room_id, one.room_id),
            "Enrolment": lambda one: one.enrolment_id,
            "State": lambda one: enum_text(one, "state"),
            "ID": lambda one: one.id,
        },
    )


@command(timetable, "add")
@click.option("--enrolment", required=True, help="By id, or COURSE@CLASS-GROUP.")
@click.option("--room", required=True, help="By code or id.")
@click.option("--day", type=click.Choice(_WEEKDAYS), required=True)
@click.option("--from", "start_time", required=True, help="HH:MM in the school's zone.")
@click.option("--to", "end_time", required=True, help="HH:MM in the school's zone.")
@click.option("--practical", is_flag=True, help="In a lab or workshop.")
@click.option("--first", help="First day; the term's when left out.")
@click.option("--last", help="Last day; the term's when left out.")
def add_entry(
    app: App,
    enrolment: str,
    room: str,
    day: str,
    start_time: str,
    end_time: str,
    first: str | None,
    last: str | None,
    *,
    practical: bool,
) -> None:
    """Draft a line of the weekly plan; refused when the room, the trainer or the class group is taken then."""
    found = lookup.enrolment(app.hub, enrolment)
    term = lookup.term(app.hub, found.term_id)
    entry = pb.TimetableEntry(
        enrolment_id=found.id,
        room_id=lookup.room(app.hub, room).id,
        weekday=_WEEKDAYS.index(day) + 1,
        start_time_of_day=start_time,
        end_time_of_day=end_time,
        session_type=pb.SESSION_TYPE_PRACTICAL if practical else pb.SESSION_TYPE_THEORY,
        kind=pb.TimetableEntry.KIND_RECURRING,
        start_date=lookup.day(first) if first else term.start_date,
        end_date=lookup.day(last) if last else term.end_date,
    )
    made = app.hub.call(
        pb.CreateTimetableEntryRequest(request_id=new_request_id(), timetable_entry=entry), pb.TimetableEntry
    )
    app.done(made, f"Drafted: {day} {start_time}-{end_time}. It counts once you publish.")


@command(timetable, "remove")
@click.argument("entry_id")
def remove_entry(app: App, entry_id: str) -> None:
    """Delete a draft line."""
    gone = app.hub.call(pb.DeleteTimetableEntryRequest(timetable_entry_id=entry_id), pb.TimetableEntry)
    app.done(gone, "Deleted.")


@command(timetable, "publish")
@click.option("--term", help="By id or first day; the one that runs when left out.")
def publish(app: App, term: str | None) -> None:
    """Publish a term's drafts: their sessions appear."""
    term_id = lookup.term(app.hub, term).id
    answer = app.hub.call(versions_pb2.PublishTimetableRequest(term_id=term_id), versions_pb2.PublishTimetableResponse)
    until = local_text(answer.horizon_end_time.ToDatetime(tzinfo=UTC), app.zone)
    app.done(answer, f"{answer.published_entries} lines published, {answer.created_sessions} sessions until {until}.")
