"""Many people at once: templates, imports and exports of trainees and trainers."""

from pathlib import Path

import click
from google.protobuf.message import Message

from provisioning import lookup, spreadsheets
from provisioning.app import App, command
from provisioning.commands.users import users
from smartroster.imports.v1 import imports_pb2
from smartroster.users.v1 import registration_pb2 as pb

_KINDS = click.Choice(("trainees", "trainers"))
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_TARGET = click.Path(path_type=Path, dir_okay=False)


_commands = click.Group()


def add_to(_root: click.Group) -> None:
    """They stand beside the other commands about people."""
    for each in _commands.commands.values():
        users.add_command(each)


@command(_commands, "template")
@click.argument("kind", type=_KINDS)
@click.option("--output", type=_TARGET, help="Where to; the hub's name for it when left out.")
def template(app: App, kind: str, output: Path | None) -> None:
    """Save the workbook to fill in with trainees or trainers."""
    request: Message = pb.GetTraineesTemplateRequest() if kind == "trainees" else pb.GetTrainersTemplateRequest()
    _save(app, request, output)


@command(_commands, "import")
@click.argument("file", type=_FILE)
@click.option("--kind", type=_KINDS, default="trainees", show_default=True, help="What the file has.")
@click.option("--dry-run", is_flag=True, help="Check and count only; store nothing.")
def import_people(app: App, file: Path, kind: str, *, dry_run: bool) -> None:
    """Register everybody in the filled-in workbook FILE, all or none; each gets a mail to set a password.

    E-mails that have an account are shown and left as they are.
    """
    data = spreadsheets.read_file(file)
    request: Message
    if kind == "trainees":
        request = pb.ImportTraineesRequest(workbook=data, validate_only=dry_run)
    else:
        request = pb.ImportTrainersRequest(workbook=data, validate_only=dry_run)
    spreadsheets.run_import(app, request)


@command(_commands, "export")
@click.argument("kind", type=_KINDS)
@click.option("--group", help="Members of this class group alone, by name or id.")
@click.option("--department", help="Trainers of this department alone, by code or id.")
@click.option("--output", type=_TARGET, help="Where to; the hub's name for it when left out.")
def export(app: App, kind: str, group: str | None, department: str | None, output: Path | None) -> None:
    """Save trainees or trainers as a workbook that could be imported again."""
    request: Message
    if kind == "trainees":
        request = pb.ExportTraineesRequest(class_group_id=lookup.class_group(app.hub, group).id if group else "")
    else:
        department_id = lookup.department(app.hub, department).id if department else ""
        request = pb.ExportTrainersRequest(department_id=department_id)
    _save(app, request, output)


def _save(app: App, request: Message, output: Path | None) -> None:
    path = spreadsheets.save(app.hub.call(request, imports_pb2.Workbook), output)
    app.done(imports_pb2.Workbook(file_name=str(path)), f"Saved {path}.")
