"""`roster`: the administrator's command line over the hub's API."""

from pathlib import Path

import click

from provisioning.app import App
from provisioning.commands import (
    account,
    alerts,
    attendance,
    availability,
    card,
    completion,
    courses,
    curriculum,
    devices,
    enrolments,
    faces,
    jobs,
    own_account,
    planning,
    progress,
    registration,
    rooms,
    schedule,
    school,
    seed,
    timetable,
    timetable_assistant,
    users,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "ROSTER"})
@click.option("--profile", default="default", show_default=True, help="Which hub, when you keep several.")
@click.option(
    "--config-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(click.get_app_dir("roster")),
    show_default="~/.config/roster",
    help="Where sign-ins are kept.",
)
@click.version_option(package_name="smart-roster", prog_name="roster")
@click.pass_context
def main(context: click.Context, profile: str, config_dir: Path) -> None:
    """Smart Roster for administrators. Start with `roster login HOST:PORT`.

    Every command takes --json. Rooms are named by code, people by e-mail or number, all things by id.
    """
    context.obj = App(config_dir, profile)


for _part in (
    account,
    own_account,
    users,
    registration,
    school,
    courses,
    curriculum,
    enrolments,
    progress,
    rooms,
    availability,
    timetable,
    planning,
    timetable_assistant,
    schedule,
    attendance,
    faces,
    devices,
    jobs,
    alerts,
    card,
    seed,
    completion,
):
    _part.add_to(main)

if __name__ == "__main__":
    main()
