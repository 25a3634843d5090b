"""Lines of the weekly plan."""

from collections.abc import Iterable

import click
from google.protobuf.field_mask_pb2 import FieldMask

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.rooms import WEEKDAYS
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import Columns, enum_text
from smartroster.timetable.v1 import timetable_pb2 as pb

_PATTERNS = {
    "every": pb.TimetableEntry.WEEK_PATTERN_EVERY,
    "a": pb.TimetableEntry.WEEK_PATTERN_A,
    "b": pb.TimetableEntry.WEEK_PATTERN_B,
}


@click.group("timetable")
def timetable() -> None:
    """The weekly plan."""


def add_to(root: click.Group) -> None:
    root.add_command(timetable)


def when(entry: pb.TimetableEntry) -> str:
    """Such as "mon 08:00-10:00 (weeks A)"."""
    times = f"{entry.start_time_of_day[:5]}-{entry.end_time_of_day[:5]}"
    if entry.week_pattern == pb.TimetableEntry.WEEK_PATTERN_DATES:
        return f"{', '.join(entry.dates)} {times}"
    weeks = enum_text(entry, "week_pattern")
    return f"{WEEKDAYS[entry.weekday - 1]} {times}{'' if weeks == 'every' else f' (weeks {weeks.upper()})'}"


def show_entries(app: App, entries: list[pb.TimetableEntry]) -> None:
    codes, enrolments = ({}, {}) if app.as_json else names_in(app, entries)
    app.show_list(
        entries,
        {
            "When": when,
            "Room": lambda one: codes.get(one.room_id, one.room_id),
            "Enrolment": lambda one: enrolments.get(one.enrolment_id, one.enrolment_id),
            "Type": lambda one: enum_text(one, "session_type"),
            "Kind": lambda one: enum_text(one, "kind"),
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date,
            "Pinned": lambda one: "pinned" if one.pinned else "",
            "State": lambda one: enum_text(one, "state"),
            "ID": lambda one: one.id,
        },
    )


def names_in(app: App, entries: Iterable[pb.TimetableEntry]) -> tuple[dict[str, str], dict[str, str]]:
    """The codes of rooms, and the names of the entries' enrolments, by their ids."""
    return lookup.room_codes(app.hub), lookup.enrolment_names(app.hub, {one.term_id for one in entries})


@command(timetable, "list")
@click.option("--room", help="By code or id.")
@click.option("--group", help="Class group, by name or id.")
@click.option("--trainer", help="By e-mail, staff number or id.")
@click.option("--version", "version_id", default="", help="Of this version, by id.")
@click.option("--date", "on", default="", help="As the plan was on this day.")
def list_entries(app: App, room: str | None, group: str | None, trainer: str | None, version_id: str, on: str) -> None:
    """List the lines of the weekly plan."""
    request = pb.ListTimetableEntriesRequest(
        room_id=lookup.room(app.hub, room).id if room else "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
        version_id=version_id,
        date=lookup.day(on) if on else "",
        order_by="weekday, start_time_of_day",
    )
    show_entries(app, list(app.hub.items(request, pb.ListTimetableEntriesResponse)))


@command(timetable, "add")
@click.option("--enrolment", required=True, help="By id, or COURSE@CLASS-GROUP.")
@click.option("--room", required=True, help="By code or id.")
@click.option("--day", type=click.Choice(WEEKDAYS), help="Of each week.")
@click.option("--date", "dates", multiple=True, help="Instead of --day: one day or more.")
@click.option("--from", "start_time", required=True, help="HH:MM in the school's zone.")
@click.option("--to", "end_time", required=True, help="HH:MM in the school's zone.")
@click.option("--weeks", type=click.Choice(sorted(_PATTERNS)), default="every", show_default=True)
@click.option("--anchor", help="A day of an A week, for --weeks a and b.")
@click.option("--practical", is_flag=True, help="In a lab or workshop.")
@click.option("--first", default="", help="First day; the term's when left out.")
@click.option("--last", default="", help="Last day; the term's when left out.")
@click.option("--needs", "facilities", multiple=True, help="What the room must have; can be given several times.")
@click.option("--any-time", is_flag=True, help="It may lie outside of the day pattern.")
@click.option("--once", "temporary", is_flag=True, help="Straight into the published plan, beside it.")
@click.option("--check", "only_check", is_flag=True, help="Only say what speaks against it.")
def add_entry(
    app: App,
    *,
    enrolment: str,
    room: str,
    day: str | None,
    dates: tuple[str, ...],
    start_time: str,
    end_time: str,
    weeks: str,
    anchor: str | None,
    practical: bool,
    first: str,
    last: str,
    facilities: tuple[str, ...],
    any_time: bool,
    temporary: bool,
    only_check: bool,
) -> None:
    """Draft a line of the weekly plan; refused with everything that speaks against it."""
    if (day is None) is (not dates):
        raise BadInput("Say when: --day for each week, or --date for single days.")
    entry = pb.TimetableEntry(
        enrolment_id=lookup.enrolment(app.hub, enrolment).id,
        room_id=lookup.room(app.hub, room).id,
        weekday=WEEKDAYS.index(day) + 1 if day else 0,
        start_time_of_day=start_time,
        end_time_of_day=end_time,
        session_type=pb.SESSION_TYPE_PRACTICAL if practical else pb.SESSION_TYPE_THEORY,
        kind=pb.TimetableEntry.KIND_TEMPORARY if temporary else pb.TimetableEntry.KIND_RECURRING,
        week_pattern=pb.TimetableEntry.WEEK_PATTERN_DATES if dates else _PATTERNS[weeks],
        anchor_date=lookup.day(anchor) if anchor else "",
        dates=[lookup.day(text) for text in dates],
        start_date=lookup.day(first) if first else "",
        end_date=lookup.day(last) if last else "",
        facilities=facilities,
        outside_day_pattern=any_time,
    )
    if only_check:
        answer = app.hub.call(pb.CheckConflictsRequest(timetable_entry=entry), pb.CheckConflictsResponse)
        show_conflicts(app, list(answer.conflicts))
        return
    request = pb.CreateTimetableEntryRequest(request_id=new_request_id(), timetable_entry=entry)
    made = app.hub.call(request, pb.TimetableEntry)
    counts = "It is in the plan." if temporary else "It counts once you publish."
    app.done(made, f"{when(made)} is stored. {counts}")
    _warn(app, made)


@command(timetable, "move")
@click.argument("entry_id")
@click.option("--room", help="By code or id.")
@click.option("--day", type=click.Choice(WEEKDAYS))
@click.option("--from", "start_time", help="HH:MM in the school's zone.")
@click.option("--to", "end_time", help="HH:MM in the school's zone.")
def move_entry(
    app: App, entry_id: str, room: str | None, day: str | None, start_time: str | None, end_time: str | None
) -> None:
    """Move a line to another time or room; refused with everything that speaks against it."""
    found = app.hub.call(pb.GetTimetableEntryRequest(timetable_entry_id=entry_id), pb.TimetableEntry)
    wanted = pb.TimetableEntry(id=found.id, etag=found.etag)
    given = {
        "room_id": lookup.room(app.hub, room).id if room else None,
        "weekday": WEEKDAYS.index(day) + 1 if day else None,
        "start_time_of_day": start_time,
        "end_time_of_day": end_time,
    }
    paths = [field for field, value in given.items() if value is not None]
    if not paths:
        raise BadInput("Say where to: --day, --from, --to or --room.")
    for field in paths:
        setattr(wanted, field, given[field])
    request = pb.UpdateTimetableEntryRequest(timetable_entry=wanted, update_mask=FieldMask(paths=paths))
    moved = app.hub.call(request, pb.TimetableEntry)
    app.done(moved, f"It is on {when(moved)} now.")
    _warn(app, moved)


@command(timetable, "lock")
@click.argument("entry_ids", nargs=-1, required=True)
@click.option("--free", is_flag=True, help="Free them again.")
def lock_entries(app: App, entry_ids: tuple[str, ...], *, free: bool) -> None:
    """Pin lines where they are: a generation moves the others alone."""
    request = pb.PinTimetableEntriesRequest(timetable_entry_ids=entry_ids, pinned=not free)
    answer = app.hub.call(request, pb.PinTimetableEntriesResponse)
    app.done(answer, f"{'Free to move' if free else 'Pinned'}: {counted(len(answer.timetable_entries), 'line')}.")


@command(timetable, "remove")
@click.argument("entry_id")
def remove_entry(app: App, entry_id: str) -> None:
    """Delete a draft line, or a temporary one that is still to come."""
    gone = app.hub.call(pb.DeleteTimetableEntryRequest(timetable_entry_id=entry_id), pb.TimetableEntry)
    app.done(gone, "Deleted.")


def show_conflicts(app: App, conflicts: list[pb.Conflict], more: Columns | None = None) -> None:
    """With what each is about in columns of its own, if there are several such things."""
    app.show_list(
        conflicts,
        {
            **(more or {}),
            "Rule": lambda one: enum_text(one, "rule"),
            "": lambda one: "refused" if one.hard else f"warns ({one.cost})",
            "Why": lambda one: one.text,
            "With": lambda one: "\n".join(one.entry_ids),
        },
    )


def counted(number: int, what: str) -> str:
    """Such as "1 line" or "2 lines"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _warn(app: App, entry: pb.TimetableEntry) -> None:
    if app.as_json:
        return
    for warning in entry.warnings:
        click.secho(f"  but: {warning.text}", fg="yellow")
