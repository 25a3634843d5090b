"""The published plan: a week as a table or a file, what is free and used, and calendar feeds."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from provisioning import lookup, spreadsheets
from provisioning.app import App, command
from provisioning.commands.timetable import timetable
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import as_dict, print_json
from smartroster.imports.v1 import imports_pb2
from smartroster.timetable.v1 import schedule_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2

_FORMATS = {
    "pdf": pb.ExportWeeklyScheduleRequest.FORMAT_PDF,
    "xlsx": pb.ExportWeeklyScheduleRequest.FORMAT_XLSX,
    "ics": pb.ExportWeeklyScheduleRequest.FORMAT_ICS,
}
_TARGET = click.Path(path_type=Path, dir_okay=False)
_commands = click.Group()


@click.group("feeds")
def feeds() -> None:
    """Private addresses for calendar programs. Whoever knows one reads it: give it to nobody else."""


def add_to(_root: click.Group) -> None:
    """They stand beside the other commands about the timetable."""
    for each in (*_commands.commands.values(), feeds):
        timetable.add_command(each)


def _of_somebody(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whose week it is."""
    for option in (
        click.option("--week", "day", default="today", show_default=True, help="Any day of the week, YYYY-MM-DD."),
        click.option("--department", help="By code or id: all its class groups."),
        click.option("--room", help="By code or id."),
        click.option("--trainer", help="By e-mail, staff number or id."),
        click.option("--group", help="Class group, by name or id. Without any of these: your own."),
    ):
        function = option(function)
    return function


def _week_request(
    app: App, group: str | None, trainer: str | None, room: str | None, department: str | None, day: str
) -> pb.GetWeeklyScheduleRequest:
    if sum(name is not None for name in (group, trainer, room, department)) > 1:
        raise BadInput("Give one of --group, --trainer, --room and --department.")
    request = pb.GetWeeklyScheduleRequest(date=lookup.day(day))
    if group is not None:
        request.class_group_id = lookup.class_group(app.hub, group).id
    elif trainer is not None:
        request.trainer_id = lookup.user(app.hub, trainer).id
    elif room is not None:
        request.room_id = lookup.room(app.hub, room).id
    elif department is not None:
        request.department_id = lookup.department(app.hub, department).id
    return request


@command(_commands, "show")
@_of_somebody
def show(app: App, group: str | None, trainer: str | None, room: str | None, department: str | None, day: str) -> None:
    """Show a week as a table: by class group, trainer, room or department."""
    request = _week_request(app, group, trainer, room, department, day)
    week = app.hub.call(request, pb.WeeklySchedule)
    if app.as_json:
        print_json(as_dict(week))
        return
    if not department:
        _print_week(week, week.subject_name, week.lessons, about=request.WhichOneof("subject") or "")
        return
    groups: dict[str, list[pb.ScheduledLesson]] = defaultdict(list)
    for lesson in week.lessons:
        groups[lesson.class_group_name].append(lesson)
    for name, lessons in sorted(groups.items()):
        _print_week(week, name, lessons, about="class_group_id")
    if not groups:
        _print_week(week, week.subject_name, [], about="")


def _print_week(week: pb.WeeklySchedule, title: str, lessons: Sequence[pb.ScheduledLesson], *, about: str) -> None:
    monday = date.fromisoformat(week.start_date)
    taught = {lesson.date for lesson in lessons}
    all_days = [monday + timedelta(days=n) for n in range(7)]
    days = [day for day in all_days if day.isoweekday() <= 5 or day.isoformat() in taught]  # noqa: PLR2004 (Friday)
    # Of a class group alone, or of everybody: a single class group's free day is no free day of a room.
    group_ids = {lesson.class_group_id for lesson in lessons} if about == "class_group_id" else set()
    free = {one.date: one.name for one in week.free_days if one.class_group_id in {"", *group_ids}}
    table = Table(title=f"{title}, week of {monday}", title_justify="left", header_style="bold", show_lines=True)
    table.add_column("")
    for day in days:
        name = free.get(day.isoformat())
        table.add_column(f"{day:%a %d %b}" + (f"\n{_plain(name)}" if name else ""), overflow="fold")
    for start, end in sorted({(one.start_time_of_day, one.end_time_of_day) for one in lessons}):
        cells = [
            "\n\n".join(
                _cell(one, about)
                for one in lessons
                if (one.date, one.start_time_of_day, one.end_time_of_day) == (day.isoformat(), start, end)
            )
            for day in days
        ]
        table.add_row(f"{start}\n{end}", *cells)
    console = Console()
    (console if console.is_terminal else Console(width=220)).print(table)
    if not lessons:
        click.echo("No lessons in this week.")


def _cell(lesson: pb.ScheduledLesson, about: str) -> str:
    practical = " (P)" if lesson.session_type == timetable_pb2.SESSION_TYPE_PRACTICAL else ""
    parts = {
        "room_id": lesson.room_code,
        "class_group_id": lesson.class_group_name,
        "trainer_id": lesson.trainer_name,
    }
    told = [_plain(text) for name, text in parts.items() if name != about]
    return "\n".join([f"[bold]{_plain(lesson.course_code)}[/bold]{practical}", *told])


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


@command(_commands, "export")
@_of_somebody
@click.option("--format", "file_format", type=click.Choice(tuple(_FORMATS)), default="pdf", show_default=True)
@click.option("--output", type=_TARGET, help="Where to; the hub's name for it when left out.")
def export(
    app: App,
    group: str | None,
    trainer: str | None,
    room: str | None,
    department: str | None,
    day: str,
    file_format: str,
    output: Path | None,
) -> None:
    """Save a week to print (pdf) or to work with (xlsx), or all published lessons for a calendar program (ics)."""
    week = _week_request(app, group, trainer, room, department, day)
    request = pb.ExportWeeklyScheduleRequest(week=week, format=_FORMATS[file_format])
    file = app.hub.call(request, pb.ScheduleFile)
    path = spreadsheets.save(imports_pb2.Workbook(content=file.content, file_name=file.file_name), output)
    if app.as_json:
        print_json({"path": str(path)})
    else:
        click.echo(f"Saved as {path}.")


def _at_a_time(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--to", "end_time", required=True, help="HH:MM in the school's zone."),
        click.option("--from", "start_time", required=True, help="HH:MM in the school's zone."),
        click.option("--day", default="today", show_default=True, help="YYYY-MM-DD."),
    ):
        function = option(function)
    return function


@command(_commands, "free-rooms")
@_at_a_time
@click.option("--type", "room_type", default="", help="Such as lab.")
@click.option("--seats", default=0, help="At least so many.")
@click.option("--with", "facilities", multiple=True, help="A facility that it must have; may be repeated.")
def free_rooms(
    app: App, day: str, start_time: str, end_time: str, room_type: str, seats: int, facilities: tuple[str, ...]
) -> None:
    """List the rooms that can be booked at a time and are not."""
    request = pb.ListFreeRoomsRequest(
        date=lookup.day(day),
        start_time_of_day=start_time,
        end_time_of_day=end_time,
        room_type=room_type,
        min_capacity=seats,
        facilities=facilities,
    )
    app.show_list(
        app.hub.items(request, pb.ListFreeRoomsResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Type": lambda one: one.room_type,
            "Seats": lambda one: one.capacity,
            "Facilities": lambda one: ", ".join(one.facilities),
            "ID": lambda one: one.id,
        },
    )


@command(_commands, "free-trainers")
@_at_a_time
@click.option("--department", help="By code or id.")
def free_trainers(app: App, day: str, start_time: str, end_time: str, department: str | None) -> None:
    """List the trainers who can teach at a time and have no lesson then."""
    request = pb.ListFreeTrainersRequest(
        date=lookup.day(day),
        start_time_of_day=start_time,
        end_time_of_day=end_time,
        department_id=lookup.department(app.hub, department).id if department else "",
    )
    app.show_list(
        app.hub.items(request, pb.ListFreeTrainersResponse),
        {
            "Name": lambda one: one.name,
            "This week": lambda one: _hours(one.weekly_load),
            "At most": lambda one: _hours(one.max_weekly_load) if one.max_weekly_load.seconds else "",
            "ID": lambda one: one.trainer_id,
        },
    )


@command(_commands, "utilisation")
@click.option("--first", default="today", show_default=True, help="First day, YYYY-MM-DD.")
@click.option("--last", help="Last day; four weeks with the first one when left out.")
@click.option("--type", "room_type", default="", help="Such as lab.")
def utilisation(app: App, first: str, last: str | None, room_type: str) -> None:
    """List how far rooms are used."""
    start, end = _days(first, last)
    app.show_list(
        app.hub.items(
            pb.ListRoomUtilisationsRequest(start_date=start, end_date=end, room_type=room_type),
            pb.ListRoomUtilisationsResponse,
        ),
        {
            "Room": lambda one: one.room_code,
            "Type": lambda one: one.room_type,
            "Lessons": lambda one: one.lesson_count,
            "Booked": lambda one: _hours(one.booked),
            "Bookable": lambda one: _hours(one.bookable),
            "Used": lambda one: f"{one.booked_share:.0%}" if one.HasField("booked_share") else "",
            "Seats filled": lambda one: f"{one.seat_share:.0%}" if one.HasField("seat_share") else "",
        },
    )


@command(_commands, "load")
@click.option("--first", default="today", show_default=True, help="First day, YYYY-MM-DD.")
@click.option("--last", help="Last day; four weeks with the first one when left out.")
@click.option("--department", help="By code or id.")
def load(app: App, first: str, last: str | None, department: str | None) -> None:
    """List how much trainers teach."""
    start, end = _days(first, last)
    request = pb.ListTrainerLoadsRequest(
        start_date=start,
        end_date=end,
        department_id=lookup.department(app.hub, department).id if department else "",
    )
    app.show_list(
        app.hub.items(request, pb.ListTrainerLoadsResponse),
        {
            "Name": lambda one: one.name,
            "Lessons": lambda one: one.lesson_count,
            "Theory": lambda one: _hours(one.theory),
            "Practical": lambda one: _hours(one.practical),
            "A week": lambda one: _hours(one.weekly_load),
            "At most": lambda one: _hours(one.max_weekly_load) if one.max_weekly_load.seconds else "",
            "Busiest week": lambda one: (
                f"{one.busiest_week_date} ({_hours(one.busiest_week_load)})" if one.busiest_week_date else ""
            ),
        },
    )


@command(feeds, "create")
@click.option("--group", help="Class group, by name or id.")
@click.option("--room", help="By code or id.")
@click.option("--person", help="By e-mail, number or id. Without any of these: yourself.")
def create_feed(app: App, group: str | None, room: str | None, person: str | None) -> None:
    """Make a calendar address; it is shown once."""
    if sum(name is not None for name in (group, room, person)) > 1:
        raise BadInput("Give one of --group, --room and --person.")
    feed = pb.Feed()
    if group is not None:
        feed.class_group_id = lookup.class_group(app.hub, group).id
    elif room is not None:
        feed.room_id = lookup.room(app.hub, room).id
    elif person is not None:
        feed.person_id = lookup.user(app.hub, person).id
    made = app.hub.call(pb.CreateFeedRequest(request_id=new_request_id(), feed=feed), pb.Feed)
    app.done(
        made, f"{made.subject_name}: give this address to your calendar program. It is not shown again.\n{made.url}"
    )


@command(feeds, "list")
def list_feeds(app: App) -> None:
    """List your calendar addresses; as an administrator everybody's."""
    app.show_list(
        app.hub.items(pb.ListFeedsRequest(), pb.ListFeedsResponse),
        {
            "About": lambda one: str(one.WhichOneof("subject")).removesuffix("_id").replace("_", " "),
            "Name": lambda one: one.subject_name,
            "Address since": lambda one: one.update_time,
            "ID": lambda one: one.id,
        },
    )


@command(feeds, "rotate")
@click.argument("feed_id")
def rotate_feed(app: App, feed_id: str) -> None:
    """Give a feed another address; the one before answers no more."""
    feed = app.hub.call(pb.RotateFeedRequest(feed_id=feed_id), pb.Feed)
    app.done(feed, f"{feed.subject_name}: the new address, which is not shown again:\n{feed.url}")


@command(feeds, "revoke")
@click.argument("feed_id")
def revoke_feed(app: App, feed_id: str) -> None:
    """Take a feed back: its address answers no more."""
    feed = app.hub.call(pb.DeleteFeedRequest(feed_id=feed_id), pb.Feed)
    app.done(feed, f"The address of {feed.subject_name} answers no more.")


def _days(first: str, last: str | None) -> tuple[str, str]:
    start = lookup.day(first)
    end = lookup.day(last) if last else (date.fromisoformat(start) + timedelta(days=27)).isoformat()
    return start, end


def _hours(duration: Any) -> str:  # noqa: ANN401 (protobuf's Duration)
    return f"{duration.ToTimedelta() / timedelta(hours=1):g} h"
