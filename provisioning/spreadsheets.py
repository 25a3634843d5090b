"""Spreadsheets at the command line: save a template or an export, upload one with a bar and a table of problems."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from google.protobuf.message import Message
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from provisioning.app import App
from provisioning.errors import BadInput, RosterError
from provisioning.output import as_dict, print_json
from smartroster.imports.v1 import imports_pb2 as pb

_SHOWN_PROBLEMS = 50


class ImportRefused(RosterError):
    """Nothing was stored; the problems were shown."""


def read_file(path: Path) -> bytes:
    """The file's bytes; BadInput when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"Cannot read {path}: {error.strerror}.") from error


def save(workbook: pb.Workbook, target: Path | None) -> Path:
    """Write it under `target`, or under the hub's name for it in the current folder; an existing file stays.

    Raises:
        BadInput: there is such a file, or the folder takes none.
    """
    path = target or Path(Path(workbook.file_name).name)
    try:
        with path.open("xb") as file:
            file.write(workbook.content)
    except FileExistsError:
        raise BadInput(f"{path} is there already: give another name.") from None
    except OSError as error:
        raise BadInput(f"Cannot write {path}: {error.strerror}.") from error
    return path


def run_import(app: App, request: Message) -> None:
    """Send an import, draw its bar, show how it ended; ImportRefused when there are problems.

    Args:
        app: whose hub is called.
        request: of an RPC that answers a stream of `ImportUpdate`.
    """
    outcome = _follow(app, request)
    if app.as_json:
        print_json(as_dict(outcome))
    else:
        _tell(outcome, dry_run=getattr(request, "validate_only", False))
    if outcome.problems:
        count = len(outcome.problems)
        raise ImportRefused(
            f"Nothing was stored: {count} problem{'' if count == 1 else 's'} in the file. Mend them, then upload again."
        )


def _follow(app: App, request: Message) -> pb.ImportOutcome:
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=app.as_json or not console.is_terminal,
        transient=True,
    ) as progress:
        bar = progress.add_task("Sending the file", total=None)
        for update in app.hub.stream(request, pb.ImportUpdate):
            if update.WhichOneof("update") == "outcome":
                return update.outcome
            now = update.progress
            progress.update(bar, description=now.stage, completed=now.done_rows, total=now.total_rows or None)
    raise ImportRefused("The hub ended the import without an outcome: look what is stored, then upload the file again.")


def _tell(outcome: pb.ImportOutcome, *, dry_run: bool) -> None:
    if outcome.problems:
        _show(outcome.problems)
        return
    if outcome.notices:
        _show(outcome.notices)
    counts = f"{outcome.created} new, {outcome.updated} changed, {outcome.unchanged} as they were"
    if outcome.notices:
        counts += f", {len(outcome.notices)} left alone (see above)"
    click.echo(f"Dry run, nothing stored; it would be: {counts}." if dry_run else f"Stored: {counts}.")


def _show(problems: Sequence[pb.ImportProblem]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Sheet", "Row", "Column", "Value", "What to do"):
        table.add_column(heading, justify="right" if heading == "Row" else "left", overflow="fold")
    for problem in problems[:_SHOWN_PROBLEMS]:
        cells = (problem.sheet, str(problem.row or ""), problem.column, problem.value, problem.reason)
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    console = Console(file=sys.stdout)
    (console if console.is_terminal else Console(file=sys.stdout, width=220)).print(table)
    more = len(problems) - _SHOWN_PROBLEMS
    if more > 0:
        click.echo(f"… and {more} more; --json tells all of them.")
