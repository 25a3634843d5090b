"""`archive`, `restore` and `delete`: alike for all parts of the college that have them."""

from collections.abc import Callable
from typing import Any

import click
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message

from provisioning.app import App, command
from provisioning.hub_client import HubClient


def add_lifecycle(
    group: click.Group,
    what: str,
    find: Callable[[HubClient, str], Any],
    *,
    id_field: str,
    archive: type[Message],
    restore: type[Message],
    delete: type[Message],
) -> None:
    """Give a group of commands the three.

    Args:
        group: of the part, such as `roster departments`.
        what: the argument that says which one, such as "department".
        find: that one, by what was given.
        id_field: of its id in the three requests.
        archive: the request of `archive`.
        restore: the request of `restore`.
        delete: the request of `delete`.
    """

    def add(name: str, request: type[Message], told: str, explained: str) -> None:
        def run(app: App, part: str) -> None:
            found = find(app.hub, part)
            answer = Empty if request is delete else type(found)
            after = app.hub.call(request(**{id_field: found.id, "etag": found.etag}), answer)
            app.done(after, f"{getattr(found, 'name', '') or found.code} is {told}.")

        run.__doc__ = explained.format(what.upper())
        command(group, name)(click.argument("part", metavar=what.upper())(run))

    add("archive", archive, "archived", "Take a {} out of use; its history stays.")
    add("restore", restore, "in use", "Bring a {} back into use.")
    add("delete", delete, "deleted", "Delete a {} that nothing refers to.")
