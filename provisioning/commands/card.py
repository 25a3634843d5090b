"""Ready cards for room devices."""

from pathlib import Path
from typing import TextIO

import click
from google.protobuf.empty_pb2 import Empty

from provisioning import lookup
from provisioning.app import App, command
from provisioning.card import Card, Wifi, files_of, write_to
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import print_json
from smartroster.devices.v1 import devices_pb2
from smartroster.timetable.v1 import timetable_pb2


def add_to(root: click.Group) -> None:
    root.add_command(image)


@command(click.Group(), "image")
@click.option("--room", required=True, help="By code or id.")
@click.option("--name", default="", help='Such as "B12 front door".')
@click.option(
    "--out",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the card's boot partition is mounted.",
)
@click.option(
    "--hub", "enrolment_address", default="", help="HOST:PORT of the enrolment port as the device reaches it."
)
@click.option("--wifi", "ssid", default="", help="Name of the network; a cable when left out.")
@click.option(
    "--wifi-password", default="", envvar="ROSTER_WIFI_PASSWORD", help="Better given as ROSTER_WIFI_PASSWORD."
)
@click.option("--wifi-country", default="", help="Two letters, such as KE.")
@click.option("--ssh-key", type=click.File("r"), help="A public key that may sign in as roster-admin.")
@click.option(
    "--package",
    default="smart-roster[edge,pi]",
    show_default=True,
    help="What pip installs: a name, or a wheel's address.",
)
@click.option("--dry-run", is_flag=True, help="Show the files; claim and write nothing.")
def image(
    app: App,
    room: str,
    name: str,
    out: Path | None,
    enrolment_address: str,
    ssid: str,
    wifi_password: str,
    wifi_country: str,
    ssh_key: TextIO | None,
    package: str,
    *,
    dry_run: bool,
) -> None:
    """Make a card with Raspberry Pi OS ready: it joins the network, installs the agent, enrols, and starts.

    Flash Raspberry Pi OS Lite (64-bit, with cloud-init) first, mount its boot partition, give it as --out. Start the
    Pi within the hour.
    """
    if not dry_run and out is None:
        raise BadInput("Give --out FOLDER, where the card's boot partition is mounted, or --dry-run.")
    found = lookup.room(app.hub, room)
    latitude, longitude = _middle(found)
    wifi = Wifi(ssid=ssid, password=wifi_password, country=wifi_country) if ssid else None

    def card(device: devices_pb2.Device, claim_code: str, address: str) -> Card:
        return Card(
            device_id=device.id,
            device_name=device.name,
            room_code=found.code,
            enrolment_address=enrolment_address or address,
            claim_code=claim_code,
            latitude=latitude,
            longitude=longitude,
            time_zone=str(app.zone),
            package=package,
            ssh_key=ssh_key.read().strip() if ssh_key else "",
            wifi=wifi,
        )

    device_name = name or f"{found.code} door"
    shown = files_of(card(devices_pb2.Device(id="DEVICE-ID", name=device_name), "CLAIM-CODE", "HUB:50053"))
    if dry_run or out is None:
        _show(app, shown)
        return
    request = devices_pb2.ClaimDeviceRequest(request_id=new_request_id(), room_id=found.id, name=device_name)
    claim = app.hub.call(request, devices_pb2.ClaimDeviceResponse)
    write_to(out, files_of(card(claim.device, claim.claim_code, claim.enrolment_address)))
    app.done(
        claim.device if app.as_json else Empty(),
        f"{device_name} is on the card: put it in and start it within the hour.",
    )


def _middle(room: timetable_pb2.Room) -> tuple[float, float]:
    """Where the room's geofence has its middle."""
    fence = room.geofence
    if fence.HasField("circle"):
        return fence.circle.centre.latitude, fence.circle.centre.longitude
    corners = fence.polygon.vertices
    if not corners:
        raise BadInput(f"Room {room.code} has no geofence: the device could not tell where it is.")
    return sum(one.latitude for one in corners) / len(corners), sum(one.longitude for one in corners) / len(corners)


def _show(app: App, files: dict[str, str]) -> None:
    if app.as_json:
        print_json(files)
        return
    for name, text in files.items():
        click.secho(f"--- {name}", bold=True)
        click.echo(text)
