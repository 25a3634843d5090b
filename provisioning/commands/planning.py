"""Versions of a term's plan: generated, checked, compared, published; and the rules that they are made by."""

import sys
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import click
from google.protobuf.duration_pb2 import Duration
from rich.console import Console
from rich.live import Live
from rich.text import Text

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.rooms import WEEKDAYS
from provisioning.commands.timetable import counted, names_in, show_conflicts, timetable, when
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import as_dict, enum_text, local_text, print_json_line
from smartroster.jobs.v1 import jobs_pb2
from smartroster.timetable.v1 import planning_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2, versions_pb2

_TERM = click.option("--term", help="By id or first day; the one that runs when left out.")
_commands = click.Group()


def add_to(_root: click.Group) -> None:
    """They stand beside the other commands about the timetable."""
    for each in _commands.commands.values():
        timetable.add_command(each)


@command(_commands, "versions")
@_TERM
def list_versions(app: App, term: str | None) -> None:
    """List the versions of a term's plan, newest first."""
    request = versions_pb2.ListTimetableVersionsRequest(term_id=lookup.term(app.hub, term).id)
    app.show_list(
        app.hub.items(request, versions_pb2.ListTimetableVersionsResponse),
        {
            "No.": lambda one: one.number,
            "Title": lambda one: one.title,
            "State": lambda one: enum_text(one, "state"),
            "Lines": lambda one: one.entry_count,
            "In force from": lambda one: one.effective_date,
            "To": lambda one: one.end_date,
            "Made": lambda one: one.create_time,
            "ID": lambda one: one.id,
        },
    )


@command(_commands, "draft")
@_TERM
@click.option("--title", default="")
@click.option("--from", "base", default="", help="Copy this version, by id; the plan in force when left out.")
@click.option("--empty", is_flag=True, help="Begin without any line.")
def open_draft(app: App, term: str | None, title: str, base: str, *, empty: bool) -> None:
    """Open a draft to edit."""
    request = versions_pb2.CreateTimetableVersionRequest(
        request_id=new_request_id(),
        term_id=lookup.term(app.hub, term).id,
        title=title,
        base_version_id=base,
        empty=empty,
    )
    made = app.hub.call(request, versions_pb2.TimetableVersion)
    app.done(made, f"Draft {made.number} with {made.entry_count} lines is {made.id}.")


@command(_commands, "discard")
@click.argument("version_id")
def discard(app: App, version_id: str) -> None:
    """Discard a draft with its lines."""
    request = versions_pb2.DeleteTimetableVersionRequest(timetable_version_id=version_id)
    gone = app.hub.call(request, versions_pb2.TimetableVersion)
    app.done(gone, f"Draft {gone.number} is discarded.")


@command(_commands, "publish")
@_TERM
@click.option("--version", "version_id", default="", help="By id; the newest draft when left out.")
@click.option("--from", "effective", default="", help="First day in force; today when left out.")
def publish(app: App, term: str | None, version_id: str, effective: str) -> None:
    """Publish a draft whole: sessions follow it, and those concerned are told."""
    request = versions_pb2.PublishTimetableRequest(
        term_id=lookup.term(app.hub, term).id,
        timetable_version_id=version_id,
        effective_date=lookup.day(effective) if effective else "",
    )
    answer = app.hub.call(request, versions_pb2.PublishTimetableResponse)
    until = local_text(answer.horizon_end_time.ToDatetime(tzinfo=UTC), app.zone)
    app.done(
        answer,
        f"{answer.published_entries} lines published, {answer.created_sessions} sessions until {until}, "
        f"{answer.changed_sessions} changed.",
    )


@command(_commands, "diff")
@click.argument("from_version")
@click.argument("to_version")
def diff(app: App, from_version: str, to_version: str) -> None:
    """Tell what is different from one version to another, by their ids."""
    request = versions_pb2.DiffTimetableVersionsRequest(from_version_id=from_version, to_version_id=to_version)
    answer = app.hub.call(request, versions_pb2.DiffTimetableVersionsResponse)
    if app.as_json:
        app.show(answer, {})
        return
    codes, enrolments = names_in(app, [_either(change) for change in answer.changes])

    def place(entry: timetable_pb2.TimetableEntry) -> str:
        return f"{when(entry)} in {codes.get(entry.room_id, entry.room_id)}" if entry.id else ""

    app.show_list(
        answer.changes,
        {
            "What": lambda one: enum_text(one, "kind"),
            "Enrolment": lambda one: enrolments.get(_either(one).enrolment_id, _either(one).enrolment_id),
            "Before": lambda one: place(one.before),
            "After": lambda one: place(one.after),
            "Fields": lambda one: ", ".join(one.fields),
        },
    )
    click.echo(f"Different: {counted(len(answer.changes), 'lesson')}; the same: {answer.unchanged_count}.")


@command(_commands, "check")
@_TERM
@click.option("--version", "version_id", default="", help="By id; the newest draft or plan when left out.")
def check(app: App, term: str | None, version_id: str) -> None:
    """Check every line of a version against every rule. The exit code is 1 when anything is refused."""
    if not version_id:
        listed = versions_pb2.ListTimetableVersionsRequest(term_id=lookup.term(app.hub, term).id)
        newest = next(iter(app.hub.items(listed, versions_pb2.ListTimetableVersionsResponse)), None)
        if newest is None:
            raise BadInput("The term has no plan yet: `roster timetable generate` makes one.")
        version_id = newest.id
    request = pb.CheckTimetableVersionRequest(timetable_version_id=version_id)
    answer = app.hub.call(request, pb.CheckTimetableVersionResponse)
    found = [(entry.timetable_entry, conflict) for entry in answer.entries for conflict in entry.conflicts]
    hard = sum(conflict.hard for _, conflict in found)
    if app.as_json:
        app.show(answer, {})
    else:
        _show_found(app, sorted(found, key=lambda one: not one[1].hard))
        told = (
            counted(answer.entry_count, "line"), counted(hard, "conflict"), counted(len(found) - hard, "warning")
        )  # fmt: skip
        click.echo("{}: {}, {}.".format(*told))
    if hard:
        sys.exit(1)


@command(_commands, "generate")
@_TERM
@click.option("--seconds", type=int, help="How long to search.")
@click.option("--moves", type=int, help="Instead: how many moves each core tries. The same seed gives the same plan.")
@click.option("--seed", default=1, show_default=True)
@click.option("--cores", default=0, help="0: half of the hub's.")
@click.option("--from", "base", default="", help="Start from this version, by id; the plan in force when left out.")
@click.option("--resemble", is_flag=True, help="Move few of its lessons.")
@click.option("--title", default="")
def generate(
    app: App,
    *,
    term: str | None,
    seconds: int | None,
    moves: int | None,
    seed: int,
    cores: int,
    base: str,
    resemble: bool,
    title: str,
) -> None:
    """Search for the best plan of a term: a draft to look at and publish. Ctrl-C ends it with the best so far."""
    request = pb.GenerateTimetableRequest(
        request_id=new_request_id(),
        term_id=lookup.term(app.hub, term).id,
        base_version_id=base,
        time_limit=Duration(seconds=seconds if seconds is not None else 0 if moves else 60),
        moves=moves or 0,
        seed=seed,
        cores=cores,
        resemble=resemble,
        title=title,
    )
    job = app.hub.call(request, jobs_pb2.Job)
    try:
        job = _follow(app, job.id)
    except KeyboardInterrupt:
        app.hub.call(jobs_pb2.CancelJobRequest(job_id=job.id), jobs_pb2.Job)
        job = _follow(app, job.id)
    _tell_result(app, job)
    if job.state == jobs_pb2.Job.STATE_FAILED:
        sys.exit(1)


@command(_commands, "pattern")
@click.option("--days", default="mon-fri", show_default=True, help="Such as mon-fri, or mon,wed,sat.")
@click.option("--periods", help='Teaching periods: "08:00-09:00 09:00-10:00 …". Left out: show the pattern.')
@click.option("--lunch", default="", help="Start of the period in which everybody should have one free: 12:00,13:00.")
def pattern(app: App, days: str, periods: str | None, lunch: str) -> None:
    """Show the day pattern, or replace that of some weekdays; time between periods is a break."""
    now = app.hub.call(pb.GetDayPatternRequest(), pb.DayPattern)
    if periods is not None:
        wanted = _weekdays(days)
        kept = [day for day in now.days if day.weekday not in wanted]
        made = [pb.PatternDay(weekday=weekday, periods=_periods(periods, lunch)) for weekday in wanted]
        request = pb.UpdateDayPatternRequest(day_pattern=pb.DayPattern(days=[*kept, *made], etag=now.etag))
        now = app.hub.call(request, pb.DayPattern)
    app.show_list(
        now.days,
        {
            "Day": lambda one: WEEKDAYS[one.weekday - 1],
            "Periods": lambda one: " ".join(
                f"{each.start_time_of_day[:5]}-{each.end_time_of_day[:5]}{' (break)' if each.is_break else ''}"
                f"{' (lunch)' if each.is_lunch else ''}"
                for each in one.periods
            ),
        },
    )


@command(_commands, "policy")
def policy(app: App) -> None:
    """Show which rules are hard, what the soft ones cost, and the limits."""
    app.show(
        app.hub.call(pb.GetTimetablePolicyRequest(), pb.TimetablePolicy),
        {
            "Hard": lambda one: ", ".join(map(_rule, one.hard_rules)),
            "Costs of the others": lambda one: ", ".join(
                f"{weight.rule} {weight.cost}"
                for weight in one.weights
                if weight.rule not in {_rule(rule) for rule in one.hard_rules}
            ),
            "A class group's day": lambda one: one.max_daily_group_load,
            "A trainer's day": lambda one: one.max_daily_trainer_load,
            "Without a break": lambda one: one.max_consecutive,
        },
    )


def _either(change: versions_pb2.LessonChange) -> timetable_pb2.TimetableEntry:
    return change.after if change.after.id else change.before


def _show_found(app: App, found: Sequence[tuple[timetable_pb2.TimetableEntry, timetable_pb2.Conflict]]) -> None:
    """Conflicts, each with the line that has it."""
    if not found:
        return
    codes, enrolments = names_in(app, (entry for entry, _ in found))
    names = {id(conflict): entry for entry, conflict in found}

    def line(conflict: timetable_pb2.Conflict) -> str:
        entry = names[id(conflict)]
        room, enrolment = codes.get(entry.room_id, entry.room_id), enrolments.get(entry.enrolment_id, "")
        return f"{enrolment} {when(entry)} {room}"

    show_conflicts(app, [conflict for _, conflict in found], {"Line": line})


def _follow(app: App, job_id: str) -> jobs_pb2.Job:
    """The job at its end, with a live line meanwhile."""
    job = jobs_pb2.Job()
    changes = app.hub.stream(jobs_pb2.WatchJobRequest(job_id=job_id), jobs_pb2.Job)
    if app.as_json:
        for job in changes:
            print_json_line(as_dict(job))
        return job
    with Live(console=Console(stderr=True), transient=True) as live:
        for job in changes:
            live.update(Text(live_line(job)))
    return job


def _rule(rule: timetable_pb2.Conflict.Rule) -> str:
    return timetable_pb2.Conflict.Rule.Name(rule).removeprefix("RULE_").lower()


def live_line(job: jobs_pb2.Job) -> str:
    """Such as "42 %  12.0 s  cost 31, 0 not placed; group gap 4"."""
    detail: Any = job.detail
    elapsed = f"{detail['elapsed_seconds']:.1f} s  " if "elapsed_seconds" in detail else ""
    return f"{job.done_units:3d} %  {elapsed}{job.stage}"


def _tell_result(app: App, job: jobs_pb2.Job) -> None:
    if app.as_json:
        return
    if job.failure:
        click.secho(job.failure, fg="red")
        return
    result: Any = job.result if job.HasField("result") else job.detail
    if "version_id" not in result:
        click.echo("Cancelled before there was a plan.")
        return
    costs = ", ".join(f"{rule.replace('_', ' ')} {int(cost)}" for rule, cost in result["costs"].items())
    click.secho("✓ ", fg="green", nl=False)
    click.echo(
        f"Draft {result['version_id']}: {int(result['entries'])} lines, cost {int(result['cost'])}"
        f"{f' ({costs})' if costs else ''}, {int(result['unplaced'])} not placed, {result['elapsed_seconds']:.1f} s."
    )
    for text in result["obstacles"]:
        click.secho(f"  {text}", fg="yellow")
    for one in result["unplaced_lessons"]:
        click.secho(f"  not placed: {one['lesson']}: {one['reason']}", fg="yellow")
    click.echo(f"Look at it, then: roster timetable publish --version {result['version_id']}")


def _weekdays(text: str) -> list[int]:
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            raise BadInput(f'"{part}" is no weekday: write mon-fri, or mon,wed,sat.')
        found += range(WEEKDAYS.index(first) + 1, WEEKDAYS.index(last or first) + 2)
    return sorted(set(found))


def _periods(text: str, lunch: str) -> list[pb.Period]:
    lunches = set(lunch.replace(" ", "").split(","))
    periods = []
    for part in text.split():
        start, _, end = part.partition("-")
        periods.append(pb.Period(start_time_of_day=start, end_time_of_day=end, is_lunch=start in lunches))
    return periods
