"""`roster-agent`: the command of a room device."""

import json
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from edge_agent.errors import AgentError
from edge_agent.life import log
from edge_agent.settings import AgentSettings, SettingsUnusable, load_settings
from edge_agent.uplink.enrolment import EnrolmentFailed, enrol
from edge_agent.uplink.identity import IdentityStore, IdentityUnusable
from presence.faces.calibration import CalibrationMissing
from presence.faces.models import ModelError

Answer = TypeVar("Answer")

_MARKS = {True: "ok     ", False: "FAILS  ", None: "-      "}
# Told as one sentence; anything else is a fault of ours and shown whole.
_FOR_PEOPLE = (
    AgentError,
    SettingsUnusable,
    EnrolmentFailed,
    IdentityUnusable,
    ModelError,
    CalibrationMissing,
    ImportError,
    OSError,
)

_config = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; /etc/roster-agent/agent.toml when it is there.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The room agent of Smart Roster: watches a door and tells the hub who came."""


@cli.command()
@_config
def run(config: Path | None) -> None:
    """Watch the door until SIGTERM."""
    from edge_agent import app  # noqa: PLC0415 (loads the face engine; the other commands need not)

    sys.exit(_told(lambda: app.run(load_settings(config))))


@cli.command("enrol")
@click.option("--hub", required=True, help="HOST:PORT of the hub's enrolment port.")
@click.option("--code", required=True, help="The claim code, from: roster devices claim --room ROOM.")
@_config
def enrol_command(hub: str, code: str, config: Path | None) -> None:
    """Make this device known to the hub with a claim code. Repeat it if it was cut off."""
    from edge_agent.app import AGENT_VERSION  # noqa: PLC0415 (see run)

    def work() -> str:
        store = IdentityStore(load_settings(config).data_dir / "identity")
        identity = enrol(store, hub=hub, code=code, agent_version=AGENT_VERSION)
        return f"Enrolled as device {identity.device_id} at {identity.device_address}. Now: roster-agent run"

    click.echo(_told(work))


@cli.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def check(config: Path | None, *, as_json: bool) -> None:
    """Tell whether camera, models, clock, certificate, hub and position work."""
    from edge_agent.life.check import check_all  # noqa: PLC0415 (see run)

    log.configure("error")
    findings = _told(lambda: check_all(load_settings(config)))
    if as_json:
        click.echo(json.dumps({finding.part: {"works": finding.works, "text": finding.text} for finding in findings}))
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.works]}{finding.part:12} {finding.text}")
    sys.exit(any(finding.works is False for finding in findings))


@cli.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def bench(config: Path | None, *, as_json: bool) -> None:
    """Measure what this device can do."""
    from edge_agent.life.bench import measure  # noqa: PLC0415 (see run)

    figures = _told(lambda: measure(load_settings(config)))
    if as_json:
        click.echo(json.dumps({figure.name: {"value": figure.value, "unit": figure.unit} for figure in figures}))
        return
    for figure in figures:
        click.echo(f"{figure.name:24} {figure.value:10.2f} {figure.unit}")


@cli.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def status(config: Path | None, *, as_json: bool) -> None:
    """Tell who this device is and what waits for the hub; works beside a running agent."""
    facts = _told(lambda: _status(load_settings(config)))
    if as_json:
        click.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        click.echo(f"{name:22} {value}")


def _status(settings: AgentSettings) -> dict[str, Any]:
    identity = IdentityStore(settings.data_dir / "identity").load()
    expire_time = identity.certificate.not_valid_after_utc
    return {
        "device_id": identity.device_id,
        "device_address": settings.uplink.device_address or identity.device_address,
        "certificate_days_left": (expire_time - datetime.now(UTC)).days,
        **_outbox_figures(settings.data_dir / "outbox.db"),
    }


def _outbox_figures(path: Path) -> dict[str, int]:
    if not path.exists():
        return {"waiting_events": 0, "dead_letters": 0}
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return {
            "waiting_events": database.execute("SELECT count(*) FROM events").fetchone()[0],
            "dead_letters": database.execute("SELECT count(*) FROM dead_letters").fetchone()[0],
        }
    except sqlite3.DatabaseError as error:
        raise AgentError(f"{path} can't be read ({error}): a running agent sets it aside by itself.") from error
    finally:
        database.close()


def _told(work: Callable[[], Answer]) -> Answer:
    """What `work` answers; an error for people is told as a sentence."""
    try:
        return work()
    except _FOR_PEOPLE as error:
        raise click.ClickException(str(error)) from error


def main() -> None:
    cli(prog_name="roster-agent")


if __name__ == "__main__":
    main()
