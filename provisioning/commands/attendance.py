"""Sessions, the register, the policy."""

from operator import attrgetter
from typing import BinaryIO

import click
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from provisioning import lookup
from provisioning.app import App, command
from provisioning.errors import BadInput
from provisioning.output import as_dict, enum_text, print_fields, print_json, print_table
from provisioning.timespan import day_bounds, parse_duration
from smartroster.attendance.v1 import attendance_pb2 as pb
from smartroster.attendance.v1 import room_pb2

_MARKS = {"present": "STATE_PRESENT", "late": "STATE_LATE", "absent": "STATE_ABSENT", "excused": "STATE_EXCUSED"}


@click.group("sessions")
def sessions() -> None:
    """Dated lessons."""


@click.group("policy")
def policy() -> None:
    """Windows and tolerances of attendance."""


def add_to(root: click.Group) -> None:
    root.add_command(sessions)
    root.add_command(policy)
    root.add_command(register)
    root.add_command(mark)
    root.add_command(check_ins)


_SESSION = {
    "Planned": lambda one: one.planned_start_time,
    "To": lambda one: one.planned_end_time,
    "Room": lambda one: one.room_code,
    "Class group": lambda one: one.class_group_name,
    "Title": lambda one: one.title,
    "State": lambda one: enum_text(one, "state"),
    "In": lambda one: f"{one.counts.present + one.counts.late}/{one.counts.expected}",
    "ID": lambda one: one.id,
}

_RECORD = {
    "Trainee": lambda one: one.trainee_name,
    "Number": lambda one: one.admission_number,
    "State": lambda one: enum_text(one, "state"),
    "First seen": lambda one: one.first_check_in_time,
    "Source": lambda one: enum_text(one, "source"),
    "Note": lambda one: one.note or ("provisional" if one.provisional else ""),
}


@command(sessions, "list")
@click.option("--day", default="today", show_default=True, help="YYYY-MM-DD in the school's zone.")
@click.option("--room", help="By code or id.")
@click.option("--group", help="Class group, by name or id.")
@click.option("--trainer", help="By e-mail, staff number or id.")
def list_sessions(app: App, day: str, room: str | None, group: str | None, trainer: str | None) -> None:
    """List a day's sessions."""
    start, end = day_bounds(day, app.zone)
    request = pb.ListSessionsRequest(
        room_id=lookup.room(app.hub, room).id if room else "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
        start_time=Timestamp(seconds=int(start.timestamp())),
        end_time=Timestamp(seconds=int(end.timestamp())),
    )
    app.show_list(app.hub.items(request, pb.ListSessionsResponse), _SESSION)


@command(sessions, "show")
@click.argument("session_id", metavar="SESSION")
def show_session(app: App, session_id: str) -> None:
    """Show a session and its adherence to the plan."""
    app.show(
        app.hub.call(pb.GetSessionRequest(session_id=session_id), pb.Session),
        _SESSION
        | {
            "Started": lambda one: one.actual_start_time,
            "Ended": lambda one: one.actual_end_time,
            "Present": lambda one: one.counts.present,
            "Late": lambda one: one.counts.late,
            "Absent": lambda one: f"{one.counts.absent}{'' if one.absences_final else ' (provisional)'}",
            "Start delay": lambda one: one.adherence.start_delay if one.HasField("adherence") else None,
            "Taught": lambda one: one.adherence.taught if one.HasField("adherence") else None,
            "Reason": lambda one: one.reason,
        },
    )


@command(sessions, "start")
@click.argument("session_id", metavar="SESSION")
@click.option("--photo", type=click.File("rb"), required=True, help="Your face now: JPEG, PNG or WebP.")
@click.option("--at", "place", type=(float, float), required=True, metavar="LAT LNG", help="Where you are, in degrees.")
@click.option("--accuracy-m", default=20.0, show_default=True)
def start_session(app: App, session_id: str, photo: BinaryIO, place: tuple[float, float], accuracy_m: float) -> None:
    """Start your session where the door's camera cannot see you."""
    position = room_pb2.Position(accuracy_m=accuracy_m, source=room_pb2.Position.SOURCE_GPS)
    position.lat_lng.latitude, position.lat_lng.longitude = place
    request = pb.StartSessionRequest(session_id=session_id, photo=photo.read(), position=position)
    app.done(app.hub.call(request, pb.Session), "The session runs.")


@command(sessions, "end")
@click.argument("session_id", metavar="SESSION")
def end_session(app: App, session_id: str) -> None:
    """End your session; whoever was not seen is absent."""
    ended = app.hub.call(pb.EndSessionRequest(session_id=session_id), pb.Session)
    counts = ended.counts
    app.done(
        ended, f"Ended: {counts.present} present, {counts.late} late, {counts.absent} absent of {counts.expected}."
    )


@command(sessions, "cancel")
@click.argument("session_id", metavar="SESSION")
@click.option("--reason", required=True)
def cancel_session(app: App, session_id: str, reason: str) -> None:
    """Cancel a session that has not ended."""
    after = app.hub.call(pb.CancelSessionRequest(session_id=session_id, reason=reason), pb.Session)
    app.done(after, "Cancelled; its people are told.")


@command(click.Group(), "register")
@click.argument("session_id", metavar="SESSION")
@click.option("--watch", is_flag=True, help="Follow it live until Ctrl-C.")
def register(app: App, session_id: str, *, watch: bool) -> None:
    """Show a session's register."""
    if not watch:
        request = pb.ListAttendanceRecordsRequest(session_id=session_id)
        app.show_list(app.hub.items(request, pb.ListAttendanceRecordsResponse), _RECORD)
        return
    for snapshot in app.hub.stream(pb.WatchSessionRequest(session_id=session_id), pb.SessionSnapshot):
        if app.as_json:
            print_json(as_dict(snapshot))
            continue
        print_fields(
            snapshot.session,
            {"Session": lambda one: f"{one.title}, {enum_text(one, 'state')}", "In": _SESSION["In"]},
            app.zone,
        )
        print_table(snapshot.attendance_records, _RECORD, app.zone)


@command(click.Group(), "mark")
@click.argument("session_id", metavar="SESSION")
@click.argument("person")
@click.argument("state", type=click.Choice(sorted(_MARKS)))
@click.option("--reason", required=True)
def mark(app: App, session_id: str, person: str, state: str, reason: str) -> None:
    """Set a PERSON's record by hand."""
    request = pb.MarkAttendanceRequest(
        session_id=session_id,
        trainee_id=lookup.user(app.hub, person).id,
        state=_MARKS[state],
        reason=reason,
    )
    record = app.hub.call(request, pb.AttendanceRecord)
    app.done(record, f"{record.trainee_name} is {state}.")


@command(click.Group(), "check-ins")
@click.option("--session", "session_id", default="", help="Of one session.")
@click.option("--device", help="Of one device, by name or id.")
@click.option("--person", help="Of one person.")
@click.option("--limit", default=50, show_default=True)
def check_ins(app: App, session_id: str, device: str | None, person: str | None, limit: int) -> None:
    """Show raw check-ins with their judgement, newest first."""
    request = pb.ListCheckInsRequest(
        page_size=limit,
        session_id=session_id,
        device_id=lookup.device(app.hub, device).id if device else "",
        person_id=lookup.user(app.hub, person).id if person else "",
    )
    app.show_list(
        app.hub.call(request, pb.ListCheckInsResponse).check_ins,
        {
            "Seen": lambda one: one.capture_time,
            "Arrived": lambda one: one.arrival_time,
            "Person": lambda one: one.person_id,
            "Similarity": lambda one: one.similarity,
            "Liveness": lambda one: enum_text(one, "liveness"),
            "Judgement": lambda one: enum_text(one, "judgement"),
            "Why": lambda one: enum_text(one, "rejection_reason"),
        },
    )


@command(policy, "show")
def show_policy(app: App) -> None:
    """Show the college's policy."""
    _show_policy(app, app.hub.call(pb.GetAttendancePolicyRequest(), room_pb2.AttendancePolicy))


@command(policy, "set")
@click.argument("changes", metavar="NAME=VALUE...", nargs=-1, required=True)
def set_policy(app: App, changes: tuple[str, ...]) -> None:
    """Change the policy: roster policy set late_grace=10m min_similarity=0.6. Sessions that run keep theirs."""
    after = room_pb2.AttendancePolicy()
    names = []
    for change in changes:
        name, _, text = change.partition("=")
        _set_field(after, name.strip().replace("-", "_"), text.strip())
        names.append(name.strip().replace("-", "_"))
    request = pb.UpdateAttendancePolicyRequest(attendance_policy=after, update_mask=FieldMask(paths=names))
    _show_policy(app, app.hub.call(request, room_pb2.AttendancePolicy))


def _show_policy(app: App, shown: room_pb2.AttendancePolicy) -> None:
    names = [field.name for field in shown.DESCRIPTOR.fields]
    app.show(shown, {name: attrgetter(name) for name in names})


def _set_field(target: room_pb2.AttendancePolicy, name: str, text: str) -> None:
    field = target.DESCRIPTOR.fields_by_name.get(name)
    if field is None:
        known = ", ".join(one.name for one in target.DESCRIPTOR.fields)
        raise BadInput(f'The policy has no "{name}"; it has {known}.')
    if field.message_type is not None:
        getattr(target, name).CopyFrom(Duration(seconds=round(parse_duration(text).total_seconds())))
    elif field.type == field.TYPE_BOOL:
        if text not in {"yes", "no", "true", "false"}:
            raise BadInput(f"{name} is yes or no.")
        setattr(target, name, text in {"yes", "true"})
    else:
        try:
            setattr(target, name, float(text))
        except ValueError:
            raise BadInput(f"{name} is a number, and {text!r} is none.") from None
