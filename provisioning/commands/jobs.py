"""Long-running jobs: what is being done, how far it is, and stopping it."""

import sys

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from provisioning.app import App, command
from provisioning.output import as_dict, enum_text, print_json_line
from smartroster.jobs.v1 import jobs_pb2 as pb

_STATES = [name.removeprefix("STATE_").lower() for name, number in pb.Job.State.items() if number]
_BAD_ENDS = (pb.Job.STATE_FAILED, pb.Job.STATE_CANCELLED)


@click.group("jobs")
def jobs() -> None:
    """Long-running jobs."""


def add_to(root: click.Group) -> None:
    root.add_command(jobs)


def _progress(job: pb.Job) -> str:
    return f"{job.done_units}/{job.total_units}" if job.total_units else ""


_COLUMNS = {
    "Begun": lambda job: job.create_time,
    "What": lambda job: job.title,
    "Kind": lambda job: job.kind,
    "State": lambda job: enum_text(job, "state"),
    "Progress": _progress,
    "Now": lambda job: job.failure or job.stage,
    "ID": lambda job: job.id,
}


@command(jobs, "list")
@click.option("--kind", default="", help='Such as "timetable.generate".')
@click.option("--state", type=click.Choice(_STATES))
@click.option("--limit", default=20, show_default=True)
def list_jobs(app: App, kind: str, state: str | None, limit: int) -> None:
    """List the newest jobs: yours, or everybody's if you may see them."""
    request = pb.ListJobsRequest(
        kind=kind, page_size=limit, state=f"STATE_{state.upper()}" if state else pb.Job.STATE_UNSPECIFIED
    )
    app.show_list(app.hub.call(request, pb.ListJobsResponse).jobs, _COLUMNS)


@command(jobs, "show")
@click.argument("job_id")
def show(app: App, job_id: str) -> None:
    """Show one job."""
    app.show(
        app.hub.call(pb.GetJobRequest(job_id=job_id), pb.Job),
        _COLUMNS
        | {
            "Cancelling": lambda job: "asked for" if job.cancel_requested and not job.HasField("end_time") else "",
            "Started": lambda job: job.start_time,
            "Ended": lambda job: job.end_time,
            "Asked for": lambda job: job.params if job.HasField("params") else "",
            "Detail": lambda job: job.detail if job.HasField("detail") else "",
            "Result": lambda job: job.result if job.HasField("result") else "",
        },
    )


@command(jobs, "cancel")
@click.argument("job_id")
def cancel(app: App, job_id: str) -> None:
    """Stop a job."""
    job = app.hub.call(pb.CancelJobRequest(job_id=job_id), pb.Job)
    ended = job.state == pb.Job.STATE_CANCELLED
    app.done(job, f"{job.title} is cancelled." if ended else f"{job.title} is asked to stop.")


@command(jobs, "watch")
@click.argument("job_id")
def watch(app: App, job_id: str) -> None:
    """Follow a job to its end. With --json, one object a line. The exit code is 1 if it failed or was cancelled."""
    job = follow(app, job_id)
    if job.state in _BAD_ENDS:
        sys.exit(1)


def follow(app: App, job_id: str) -> pb.Job:
    """The job at its end, its progress shown meanwhile as a bar (people) or an object a line (--json).

    Raises:
        HubUnreachable: the hub went away meanwhile; the job goes on at it or another one.
    """
    job = pb.Job()
    changes = app.hub.stream(pb.WatchJobRequest(job_id=job_id), pb.Job)
    if app.as_json:
        for job in changes:
            print_json_line(as_dict(job))
        return job
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("", total=None)
        for job in changes:
            bar.update(
                shown,
                description=job.stage or enum_text(job, "state"),
                completed=job.done_units,
                total=job.total_units or None,
            )
    sentence = job.failure or job.stage
    click.echo(f"{job.title}: {enum_text(job, 'state')}.{' ' + sentence if sentence else ''}")
    return job
