"""`roster seed`: a made-up college, to try things on."""

from datetime import UTC, date, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from provisioning.app import App, as_json_option
from provisioning.output import print_json
from provisioning.seed.college import SIZES, College, make_college
from provisioning.seed.upload import upload

_SEPTEMBER = 9


def add_to(root: click.Group) -> None:
    root.add_command(seed)


@click.command("seed")
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True)
@click.option("--seed", "number", default=1, show_default=True, help="The same number makes the same college.")
@click.option("--year", type=int, help="In whose September the academic year starts; the present one when left out.")
@as_json_option
@click.pass_obj
def seed(app: App, size: str, number: int, year: int | None) -> None:
    """Fill an empty hub with a made-up college: people, curricula, a calendar, rooms, enrolments.

    small has 1 programme and 60 trainees, college 20 and 6,000, university 200 and 60,000. Repeating it goes on where
    it was cut.
    """
    college = make_college(SIZES[size], seed=number, start_year=year or _academic_year(datetime.now(UTC).date()))
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=app.as_json or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        upload(app.hub, college, show)
    if app.as_json:
        print_json(_counts(college))
    else:
        told = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in _counts(college).items())
        click.secho("✓ ", fg="green", nl=False)
        click.echo(f"{college.name}, {college.year_name}: {told}.")


def _academic_year(today: date) -> int:
    return today.year if today.month >= _SEPTEMBER else today.year - 1


def _counts(college: College) -> dict[str, int]:
    return {
        "departments": len(college.departments),
        "programmes": len(college.programmes),
        "class_groups": len(college.class_groups),
        "trainers": len(college.trainers),
        "trainees": len(college.trainees),
        "courses": len(college.courses),
        "rooms": len(college.rooms),
        "enrolments": college.enrolments,
    }
