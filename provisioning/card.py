"""What a Raspberry Pi needs on its card to become a room device by itself: cloud-init files for the boot partition.

Raspberry Pi OS reads `user-data`, `network-config` and `meta-data` from the boot partition at its first start.
"""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from provisioning.errors import BadInput

_BOOT_MARKS = ("config.txt", "cmdline.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wifi:
    ssid: str
    password: str
    """8 to 63 characters of WPA2 or WPA3; empty for an open network."""
    country: str
    """ISO 3166-1 alpha-2: which channels may be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One device's first start.

    Attributes:
        device_name: shown in the fleet view; the host name is made from it.
        enrolment_address: host:port of the hub's enrolment port.
        claim_code: one-time; who holds the card before its first start holds it too.
        latitude: where the device is screwed on, in degrees, as its fixed position.
        longitude: as latitude.
        package: what pip installs, "smart-roster[edge]" or the address of a wheel.
        ssh_key: a public key for the user "roster-admin"; without one nobody can sign in to the device.
        wifi: None for a cable.
    """

    device_id: str
    device_name: str
    room_code: str
    enrolment_address: str
    claim_code: str
    latitude: float
    longitude: float
    time_zone: str
    package: str
    ssh_key: str
    wifi: Wifi | None


def files_of(card: Card) -> dict[str, str]:
    """Name and text of each file.

    Raises:
        BadInput: the Wi-Fi password or country cannot be.
    """
    if card.wifi is not None:
        if card.wifi.password and not 8 <= len(card.wifi.password.encode()) <= 63:  # noqa: PLR2004 (IEEE 802.11i)
            raise BadInput("A Wi-Fi password has 8 to 63 characters.")
        if not (len(card.wifi.country) == 2 and card.wifi.country.isalpha()):  # noqa: PLR2004 (ISO 3166-1 alpha-2)
            raise BadInput("Give the country of the Wi-Fi by its two letters, such as KE.")
    templates = resources.files("provisioning") / "templates"
    # Values are written as JSON strings, which are YAML and TOML strings too: no value can break out of its place.
    environment = Environment(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 (no HTML)

    def render(name: str, **values: object) -> str:
        text = (templates / name).read_text(encoding="utf-8")
        return environment.from_string(text).render(card=card, hostname=_hostname(card), quote=_quote, **values)

    agent_toml = render("agent.toml.jinja")
    service = (templates / "roster-agent.service").read_text(encoding="utf-8")
    return {
        "user-data": render("user-data.jinja", agent_toml=agent_toml, service=service),
        "network-config": render("network-config.jinja"),
        "meta-data": f"instance-id: roster-{card.device_id}\n",
    }


def write_to(folder: Path, files: dict[str, str]) -> None:
    """Put the files on a card whose boot partition is mounted at `folder`.

    Raises:
        BadInput: that is no boot partition of Raspberry Pi OS, or it cannot be written.
    """
    if not all((folder / mark).exists() for mark in _BOOT_MARKS):
        raise BadInput(f"{folder} is no boot partition of Raspberry Pi OS (it has no {' and '.join(_BOOT_MARKS)}).")
    try:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"Cannot write to {folder}: {error.strerror}.") from error


def _hostname(card: Card) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in card.device_name.lower())
    return "-".join(part for part in letters.split("-") if part)[:63] or "roster-door"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
