"""What commands print: tables and fields for people, the API's own JSON for scripts."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import click
from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table

Columns = Mapping[str, Callable[[Any], object]]
"""Heading of each column, and the item's value in it."""

_STATE_STYLES = {
    "active": "green", "in use": "green", "online": "green", "present": "green", "given": "green",
    "succeeded": "green", "running": "green", "queued": "yellow", "failed": "red",
    "late": "yellow", "stale": "yellow", "suspended": "yellow", "pending": "yellow", "claimed pending": "yellow",
    "absent": "red", "offline": "red", "revoked": "red", "disabled": "red", "missed": "red", "cancelled": "red",
}  # fmt: skip


def as_dict(message: Message) -> dict[str, Any]:
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_json_line(value: object) -> None:
    """One object of many that come one after the other."""
    click.echo(json.dumps(value, ensure_ascii=False))


def enum_text(message: Message, field: str) -> str:
    """An enum field's value for people: STATE_CLAIMED_PENDING is "claimed pending"."""
    descriptor = message.DESCRIPTOR.fields_by_name[field]
    if descriptor.enum_type is None:
        raise TypeError(f"{field} is no enum")
    values = descriptor.enum_type.values_by_number
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    number = getattr(message, field)
    name = values[number].name if number in values else f"{number}"
    return "" if name.endswith("UNSPECIFIED") else name.removeprefix(prefix).replace("_", " ").lower()


def print_table(items: Iterable[Message], columns: Columns, zone: tzinfo) -> None:
    """A table as wide as the terminal; ids are never cut."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in columns:
        table.add_column(heading, no_wrap=heading == "ID", overflow="fold")
    count = 0
    for item in items:
        count += 1
        table.add_row(*(_cell(value(item), zone) for value in columns.values()))
    # Scripts and pipes get whole lines, whatever their terminal says.
    console = Console(soft_wrap=False)
    console = console if console.is_terminal else Console(width=220)
    console.print(table if count else "[dim]None.[/dim]")


def print_fields(item: Message, columns: Columns, zone: tzinfo) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for heading, value in columns.items():
        cell = _cell(value(item), zone)
        if cell:
            table.add_row(heading, cell)
    Console().print(table)


def text_of(value: object, zone: tzinfo) -> str:
    """A value of the API for people: instants in the school's zone, durations in words."""
    match value:
        case Timestamp():
            return local_text(value.ToDatetime(tzinfo=UTC), zone) if value.ByteSize() else ""
        case Duration():
            return duration_text(value.ToTimedelta().total_seconds())
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3g}"
        case None:
            return ""
        case _:
            return str(value)


def local_text(instant: datetime, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def duration_text(seconds: float) -> str:
    """90 → "1 min 30 s"; 0.25 → "0.25 s"."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if rest >= length:
            parts.append(f"{int(rest // length)} {unit}")
            rest %= length
    if rest or not parts:
        parts.append(f"{rest:.3g} s")
    return sign + " ".join(parts)


def _cell(value: object, zone: tzinfo) -> str:
    text = text_of(value, zone).replace("[", r"\[")
    style = _STATE_STYLES.get(text)
    return f"[{style}]{text}[/{style}]" if style else text
