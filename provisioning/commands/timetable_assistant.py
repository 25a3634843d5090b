"""Help with a plan that is there: other places for a lesson, and a plan mended with few moves."""

import sys
from typing import Any

import click
from google.protobuf.duration_pb2 import Duration
from rich.console import Console
from rich.table import Table

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.jobs import follow
from provisioning.commands.rooms import WEEKDAYS
from provisioning.commands.timetable import timetable
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import as_dict, print_json
from smartroster.jobs.v1 import jobs_pb2
from smartroster.timetable.v1 import assistant_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2, versions_pb2

_commands = click.Group()


def add_to(_root: click.Group) -> None:
    """They stand beside the other commands about the timetable."""
    for each in _commands.commands.values():
        timetable.add_command(each)


@command(_commands, "suggest")
@click.argument("entry_id", required=False, default="")
@click.option("--enrolment", help="Instead of a line: a lesson of it that has no place; by id, or COURSE@CLASS-GROUP.")
@click.option("--practical", is_flag=True, help="With --enrolment: in a lab or workshop.")
@click.option("--version", "version_id", default="", help="With --enrolment: in this version, by id.")
@click.option("--day", type=click.Choice(WEEKDAYS), help="The wanted time: which moves would make it free?")
@click.option("--from", "start_time", default="", help="HH:MM in the school's zone.")
@click.option("--to", "end_time", default="", help="HH:MM in the school's zone.")
@click.option("--limit", default=10, show_default=True)
def suggest(
    app: App,
    entry_id: str,
    *,
    enrolment: str | None,
    practical: bool,
    version_id: str,
    day: str | None,
    start_time: str,
    end_time: str,
    limit: int,
) -> None:
    """Rank the other places that a lesson could have, with what each makes better and worse."""
    if bool(entry_id) is bool(enrolment):
        raise BadInput("Name a line by its id, or give --enrolment.")
    if len({bool(day), bool(start_time), bool(end_time)}) > 1:
        raise BadInput("A wanted time takes all of --day, --from and --to.")
    entry = timetable_pb2.TimetableEntry(
        id=entry_id,
        enrolment_id=lookup.enrolment(app.hub, enrolment).id if enrolment else "",
        session_type=timetable_pb2.SESSION_TYPE_PRACTICAL if practical else timetable_pb2.SESSION_TYPE_THEORY,
        version_id=version_id,
        weekday=WEEKDAYS.index(day) + 1 if day else 0,
        start_time_of_day=start_time,
        end_time_of_day=end_time,
    )
    answer = app.hub.call(
        pb.SuggestAlternativesRequest(timetable_entry=entry, max_alternatives=limit), pb.SuggestAlternativesResponse
    )
    if app.as_json:
        print_json(as_dict(answer))
        return
    _show_alternatives(answer)
    for obstacle in answer.obstacles:
        click.echo(f"  at {obstacle.start_count} other times: {obstacle.text}")
    if answer.HasField("wanted_time"):
        _show_wanted(answer.wanted_time)


@command(_commands, "resolve")
@click.option("--term", help="By id or first day; the one that runs when left out.")
@click.option("--version", "version_id", default="", help="Mend this version, by id; the plan in force when left out.")
@click.option("--seconds", default=10, show_default=True, help="How long to search in all.")
@click.option("--take", "number", type=int, help="Take this offer at once, counted from 1: it becomes a draft.")
def resolve(app: App, *, term: str | None, version_id: str, seconds: int, number: int | None) -> None:
    """Mend a plan with few moves after a trainer left or a room closed: up to three offers, moves against quality."""
    request = pb.ResolveTimetableRequest(
        request_id=new_request_id(),
        term_id=lookup.term(app.hub, term).id,
        base_version_id=version_id,
        time_limit=Duration(seconds=seconds),
    )
    job = follow(app, app.hub.call(request, jobs_pb2.Job).id)
    if job.state != jobs_pb2.Job.STATE_SUCCEEDED:
        sys.exit(1)
    if not app.as_json:
        _show_offers(job)
    if number is not None:
        _take(app, job.id, number, "")
    elif not app.as_json:
        click.echo(f"Take one: roster timetable take {job.id} 1")


@command(_commands, "take")
@click.argument("job_id")
@click.argument("number", type=int)
@click.option("--title", default="", help="Of the draft.")
def take(app: App, job_id: str, number: int, title: str) -> None:
    """Take an offer of `resolve`, counted from 1: a draft to look at and publish."""
    _take(app, job_id, number, title)


def _take(app: App, job_id: str, number: int, title: str) -> None:
    request = pb.ApplyResolutionRequest(request_id=new_request_id(), job_id=job_id, offer_number=number, title=title)
    draft = app.hub.call(request, versions_pb2.TimetableVersion)
    app.done(
        draft,
        f"Draft {draft.number} with {draft.entry_count} lines. Publish it: "
        f"roster timetable publish --version {draft.id}",
    )


def _show_alternatives(answer: pb.SuggestAlternativesResponse) -> None:
    if not answer.alternatives:
        click.secho("There is no other place that breaks no hard rule.", fg="yellow")
        return
    table = Table("Place", "Cost", "Why")
    for one in answer.alternatives:
        why = "; ".join(
            f"{change.rule.replace('_', ' ')} {change.cost:+d}{f' ({change.texts[0]})' if change.texts else ''}"
            for change in one.changes
        )
        table.add_row(_where(one.place), f"{one.cost:+d}", why or "as good as now")
    Console().print(table)


def _show_wanted(wanted: pb.SuggestAlternativesResponse.WantedTime) -> None:
    if not wanted.possible:
        click.secho("No moves were found that make the wanted time free.", fg="yellow")
        return
    proven = "fewer are impossible" if wanted.fewest_proven else "fewer may be possible"
    click.echo(f"The wanted time takes {len(wanted.moves)} moves ({proven}), cost {wanted.cost:+d}:")
    for move in wanted.moves:
        before = _where(move.before) if move.HasField("before") else "no place"
        after = _where(move.after) if move.HasField("after") else "no place"
        click.echo(f"  {move.lesson_name}: {before} → {after}")


def _show_offers(job: jobs_pb2.Job) -> None:
    result: Any = job.result
    click.echo(f"The plan as it was costs {int(result['cost_before'])}.")
    for number, offer in enumerate(result["offers"], start=1):
        proven = " (fewer are impossible)" if offer["fewest_proven"] else ""
        click.secho(
            f"{number}: {int(offer['relocated'])} moves{proven}, cost {int(offer['cost'])}, "
            f"{int(offer['unplaced'])} not placed",
            bold=True,
        )
        for move in offer["moves"]:
            before, after = (move[name]["text"] if move[name] else "no place" for name in ("before", "after"))
            click.echo(f"  {move['lesson']}: {before} → {after}")
        for one in offer["unplaced_lessons"]:
            click.secho(f"  not placed: {one['lesson']}: {one['reason']}", fg="yellow")


def _where(place: pb.WeeklyPlace) -> str:
    return f"{WEEKDAYS[place.weekday - 1]} {place.start_time_of_day}-{place.end_time_of_day} {place.room_code}"
