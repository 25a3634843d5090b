"""Alerts of the person who is signed in."""

import json
from dataclasses import asdict
from datetime import datetime

import click

from provisioning.alerts import AlertFollower
from provisioning.app import App, command
from provisioning.output import enum_text, local_text
from smartroster.notifications.v1 import notifications_pb2 as pb

_COLOURS = {"HIGH": "red", "MEDIUM": "yellow", "LOW": "green"}


@click.group("alerts")
def alerts() -> None:
    """Your alerts."""


def add_to(root: click.Group) -> None:
    root.add_command(alerts)


@command(alerts, "watch")
def watch(app: App) -> None:
    """Follow your alerts as they come, until Ctrl-C. With --json, one object a line."""
    credentials = app.hub.call(pb.CreateBrokerCredentialsRequest(), pb.BrokerCredentials)
    follower = AlertFollower(
        credentials, app.store.ca_file, client_id=f"roster-{credentials.username}-{app.store.name}"
    )
    follower.open()
    try:
        if not app.as_json:
            click.secho(f"Listening at {credentials.url} …", dim=True, err=True)
        for alert in follower.alerts():
            if app.as_json:
                click.echo(json.dumps(asdict(alert), ensure_ascii=False))
            elif not alert.is_repeat:
                when = local_text(datetime.fromisoformat(alert.create_time), app.zone).split()[-1]
                click.secho(f"{when}  ● {alert.title}", fg=_COLOURS.get(alert.priority.upper()), bold=True)
                click.echo(f"            {alert.body}")
    except KeyboardInterrupt:
        click.echo(err=True)
    finally:
        follower.close()


@command(alerts, "list")
@click.option("--unread", is_flag=True, help="Only those that you have not read.")
@click.option("--limit", default=20, show_default=True)
def list_alerts(app: App, limit: int, *, unread: bool) -> None:
    """List your newest alerts."""
    request = pb.ListNotificationsRequest(page_size=limit, unread_only=unread)
    app.show_list(
        app.hub.call(request, pb.ListNotificationsResponse).notifications,
        {
            "When": lambda one: one.create_time,
            "Priority": lambda one: enum_text(one, "priority"),
            "Title": lambda one: one.title,
            "Text": lambda one: one.body,
            "Read": lambda one: one.HasField("read_time"),
        },
    )


@command(alerts, "read")
def read(app: App) -> None:
    """Mark all of your alerts read."""
    answer = app.hub.call(pb.MarkNotificationsRequest(read=True), pb.MarkNotificationsResponse)
    app.done(answer, f"{answer.changed_count} marked.")
