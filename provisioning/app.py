"""What every command gets: the hub of the chosen profile, and one way to print."""

import functools
from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from google.protobuf.message import Message

from provisioning.errors import HubRefused
from provisioning.hub_client import HubClient
from provisioning.output import Columns, as_dict, print_fields, print_json, print_table
from provisioning.profile import ProfileStore
from smartroster.school.v1 import school_pb2

P = ParamSpec("P")
R = TypeVar("R")


class App:
    def __init__(self, config_dir: Path, profile_name: str) -> None:
        self.store = ProfileStore(config_dir, profile_name)
        self.as_json = False

    @functools.cached_property
    def hub(self) -> HubClient:
        return HubClient(self.store.load(), self.store)

    @functools.cached_property
    def zone(self) -> tzinfo:
        """The school's; UTC while there is no school."""
        try:
            return ZoneInfo(self.hub.call(school_pb2.GetSchoolRequest(), school_pb2.School).time_zone)
        except (HubRefused, ZoneInfoNotFoundError, ValueError):
            return UTC

    def show_list(self, items: Iterable[Message], columns: Columns) -> None:
        if self.as_json:
            print_json([as_dict(item) for item in items])
        else:
            print_table(items, columns, self.zone)

    def show(self, item: Message, columns: Columns) -> None:
        if self.as_json:
            print_json(as_dict(item))
        else:
            print_fields(item, columns, self.zone)

    def done(self, item: Message, sentence: str) -> None:
        """A change was made: the sentence for people, the changed object for scripts."""
        if self.as_json:
            print_json(as_dict(item))
        else:
            click.secho("✓ ", fg="green", nl=False)
            click.echo(sentence)


def _want_json(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's signature)
    if value:
        context.ensure_object(App).as_json = True


as_json_option = click.option(
    "--json", is_flag=True, expose_value=False, callback=_want_json, help="Print the API's JSON, for scripts."
)


def command(group: click.Group, name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `group` that gets the App first and takes --json."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        return group.command(name)(as_json_option(click.pass_obj(function)))

    return decorate
