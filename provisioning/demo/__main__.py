"""`python -m provisioning.demo`: exit code 0 when the register is what the story says."""

import fcntl
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from provisioning.demo.college import ROOM
from provisioning.demo.lesson import Lesson
from provisioning.demo.narrator import Narrator
from provisioning.demo.outcome import Outcome, show
from provisioning.demo.stage import Stage
from provisioning.errors import BadInput, RosterError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The outcome as one JSON object on the last line.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".demo"),
    show_default=True,
    help="Where hub, agents and logs live; emptied first.",
)
def main(folder: Path, *, as_json: bool) -> None:
    """Play the main job of Smart Roster: a lesson with two doors, a stranger, a photo, a cut cable and a killed hub."""
    signal.signal(signal.SIGTERM, _leave)
    outcome = Outcome()
    narrator = Narrator()
    stage = Stage(_emptied(folder), narrator)
    try:
        _play(stage, outcome)
    except (RosterError, OSError) as error:
        outcome.failure = error.message if isinstance(error, RosterError) else str(error)
    finally:
        stage.close()
    outcome.seconds = round(narrator.elapsed_seconds, 1)
    show(outcome, narrator.console)
    if as_json:
        click.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
    sys.exit(0 if outcome.ok else 1)


def _play(stage: Stage, outcome: Outcome) -> None:
    tell = stage.narrator.tell
    stage.narrator.chapter("Setting up")
    seconds = stage.start_hub()
    tell(
        "hub",
        f"started on embedded defaults in {seconds:.1f} s; its logs and the doors' are in {stage.processes.folder}",
    )
    hub = stage.sign_in_admin()
    templates = stage.build_college(hub)
    tell(
        "college", f"made through the API: 1 trainer, 4 trainees, room {ROOM}; {templates} face templates with consent"
    )
    alerts = stage.watch_alerts()
    try:
        for door in stage.doors:
            stage.install(door)
            tell(door.name, "claimed, enrolled over TLS, certificate issued, agent started")
        stage.wait_for_doors(hub)
        tell("hub", "both doors are online over mutual TLS")
        lesson = Lesson(stage, hub, alerts)
        lesson.play()
        lesson.judge(outcome)
    finally:
        alerts.stop()
        hub.close()


def _emptied(folder: Path) -> Path:
    """A fresh folder, nobody else's: hub and agents keep secrets in it.

    Raises:
        BadInput: another demo plays in it, or it holds something that no demo has left.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)  # held until this process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BadInput(f"Another demo plays in {folder}: give this one its own --folder.") from None
    if any(folder.iterdir()) and not (folder / "hub.toml").exists():
        raise BadInput(f"{folder} holds something else than a demo: give an empty --folder.")
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder


def _leave(number: int, _frame: FrameType | None) -> None:
    # As an exception, so that every process is ended on the way out.
    sys.exit(os.EX_SOFTWARE + number)


if __name__ == "__main__":
    main()
