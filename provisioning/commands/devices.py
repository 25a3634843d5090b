"""Room devices: claims, condition, commands."""

from functools import partial

import click
import segno

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import as_dict, enum_text, print_json
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2


@click.group("devices")
def devices() -> None:
    """Room devices."""


def add_to(root: click.Group) -> None:
    root.add_command(devices)


@command(devices, "claim")
@click.option("--room", required=True, help="By code or id.")
@click.option("--name", default="", help='Such as "B12 front door".')
def claim(app: App, room: str, name: str) -> None:
    """Create a device for a room and show its one-time claim code."""
    found = lookup.room(app.hub, room)
    request = pb.ClaimDeviceRequest(request_id=new_request_id(), room_id=found.id, name=name or f"{found.code} door")
    _show_claim(app, app.hub.call(request, pb.ClaimDeviceResponse))


@command(devices, "reclaim")
@click.argument("device")
def reclaim(app: App, device: str) -> None:
    """Make a new claim code, when the former one ran out or the card was lost."""
    request = pb.RenewClaimRequest(device_id=lookup.device(app.hub, device).id)
    _show_claim(app, app.hub.call(request, pb.ClaimDeviceResponse))


@command(devices, "list")
@click.option("--room", help="By code or id.")
def list_devices(app: App, room: str | None) -> None:
    """Show the fleet: who is reached, how full, how old."""
    codes = {
        one.id: one.code for one in app.hub.items(timetable_pb2.ListRoomsRequest(), timetable_pb2.ListRoomsResponse)
    }
    request = pb.ListDevicesRequest(room_id=lookup.room(app.hub, room).id if room else "")
    app.show_list(
        app.hub.items(request, pb.ListDevicesResponse),
        {
            "Name": lambda one: one.name,
            "Room": lambda one: codes.get(one.room_id, one.room_id),
            "State": lambda one: enum_text(one, "state"),
            "Reach": lambda one: enum_text(one, "reach"),
            "Last seen": lambda one: one.last_seen_time,
            "Queue": lambda one: one.queue_depth,
            "Clock": lambda one: one.clock_offset if one.HasField("clock_offset") else None,
            "Version": lambda one: one.agent_version,
            "Certificate": lambda one: f"{one.certificate_days_left} d" if one.certificate_serial else "",
            "ID": lambda one: one.id,
        },
    )


@command(devices, "show")
@click.argument("device")
def show(app: App, device: str) -> None:
    """Show all that is known of one device."""
    one = lookup.device(app.hub, device)
    app.show(one, {field.name: partial(_value, name=field.name) for field in one.DESCRIPTOR.fields})


@command(devices, "suspend")
@click.argument("names", metavar="DEVICE...", nargs=-1, required=True)
@click.option("--reason", required=True)
def suspend(app: App, names: tuple[str, ...], reason: str) -> None:
    """Refuse devices' check-ins until they are resumed."""
    request = pb.SuspendDevicesRequest(device_ids=_ids(app, names), reason=reason)
    app.done(app.hub.call(request, pb.BatchDevicesResponse), f"Suspended: {', '.join(names)}.")


@command(devices, "resume")
@click.argument("names", metavar="DEVICE...", nargs=-1, required=True)
def resume(app: App, names: tuple[str, ...]) -> None:
    """Put suspended devices back to work."""
    request = pb.ResumeDevicesRequest(device_ids=_ids(app, names))
    app.done(app.hub.call(request, pb.BatchDevicesResponse), f"Resumed: {', '.join(names)}.")


@command(devices, "revoke")
@click.argument("device")
@click.option("--reason", required=True)
@click.option("--yes", is_flag=True, help="Don't ask.")
def revoke(app: App, device: str, reason: str, *, yes: bool) -> None:
    """End a device for good; its streams end within 5 s."""
    found = lookup.device(app.hub, device)
    if not yes:
        click.confirm(f"{found.name} can never come back, only be claimed anew. Revoke it?", abort=True, err=True)
    after = app.hub.call(pb.RevokeDeviceRequest(device_id=found.id, reason=reason), pb.Device)
    app.done(after, f"{after.name} is revoked.")


@command(devices, "move")
@click.argument("names", metavar="DEVICE...", nargs=-1, required=True)
@click.option("--room", required=True, help="By code or id.")
def move(app: App, names: tuple[str, ...], room: str) -> None:
    """Move devices to another room."""
    request = pb.MoveDevicesRequest(device_ids=_ids(app, names), room_id=lookup.room(app.hub, room).id)
    app.done(app.hub.call(request, pb.BatchDevicesResponse), f"Moved to {room}: {', '.join(names)}.")


@command(devices, "restart")
@click.argument("names", metavar="DEVICE...", nargs=-1, required=True)
def restart(app: App, names: tuple[str, ...]) -> None:
    """Restart the agents of devices."""
    order = pb.DeviceCommand(restart_agent=pb.DeviceCommand.RestartAgent())
    _command(app, names, order, f"Asked to restart: {', '.join(names)}.")


@command(devices, "want-version")
@click.argument("names", metavar="DEVICE...", nargs=-1, required=True)
@click.option("--version", required=True)
def want_version(app: App, names: tuple[str, ...], version: str) -> None:
    """Set the agent version that devices shall have."""
    order = pb.DeviceCommand(take_version=pb.DeviceCommand.TakeVersion(version=version))
    _command(app, names, order, f"Wanted version {version}: {', '.join(names)}.")


@command(devices, "logs")
@click.argument("device")
@click.option("--fetch", is_flag=True, help="Ask the device for its newest lines; they arrive within seconds.")
@click.option("--max-kib", default=256, show_default=True)
def logs(app: App, device: str, max_kib: int, *, fetch: bool) -> None:
    """Show the newest log that a device has sent, or ask for one."""
    found = lookup.device(app.hub, device)
    if fetch:
        order = pb.DeviceCommand(send_log=pb.DeviceCommand.SendLog(max_bytes=max_kib * 1024))
        _command(app, (found.id,), order, f"{found.name} is asked: see `roster devices logs {device}` in a moment.")
        return
    answer = app.hub.call(pb.ListDeviceLogsRequest(device_id=found.id, page_size=1), pb.ListDeviceLogsResponse)
    if app.as_json:
        print_json(as_dict(answer))
    elif not answer.device_logs:
        click.echo(f"{found.name} has sent none: ask with --fetch.")
    for log in answer.device_logs if not app.as_json else ():
        click.echo(log.text)


@command(devices, "alarms")
@click.option("--device", help="Of one device, by name or id.")
@click.option("--limit", default=50, show_default=True)
def alarms(app: App, device: str | None, limit: int) -> None:
    """Show alarms, newest first."""
    device_id = lookup.device(app.hub, device).id if device else ""
    request = pb.ListDeviceAlarmsRequest(device_id=device_id, page_size=limit)
    app.show_list(
        app.hub.call(request, pb.ListDeviceAlarmsResponse).device_alarms,
        {
            "Raised": lambda one: one.raised_time,
            "Cleared": lambda one: one.cleared_time,
            "Alarm": lambda one: one.reason,
            "Detail": lambda one: one.detail,
            "Device": lambda one: one.device_id,
        },
    )


def _command(app: App, names: tuple[str, ...], order: pb.DeviceCommand, sentence: str) -> None:
    order.id = new_request_id()
    request = pb.CommandDevicesRequest(device_ids=_ids(app, names), command=order)
    app.done(app.hub.call(request, pb.BatchDevicesResponse), sentence)


def _ids(app: App, names: tuple[str, ...]) -> list[str]:
    return [lookup.device(app.hub, name).id for name in names]


def _value(device: pb.Device, name: str) -> object:
    field = device.DESCRIPTOR.fields_by_name[name]
    if field.enum_type is not None:
        return enum_text(device, name)
    if field.message_type is not None and not device.HasField(field.name):
        return None
    return getattr(device, name)


def _show_claim(app: App, answer: pb.ClaimDeviceResponse) -> None:
    if app.as_json:
        print_json(as_dict(answer))
        return
    click.echo(f"{answer.device.name} ({answer.device.id}). On the device, within the hour:\n")
    click.secho(f"  roster-agent enrol --hub {answer.enrolment_address} --code {answer.claim_code}\n", bold=True)
    click.echo("The code is shown only now and serves one device. As a picture:")
    segno.make(answer.claim_code, error="m").terminal(compact=True)
