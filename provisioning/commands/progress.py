"""How teaching goes: topics covered against those planned, and attendance in figures."""

from collections.abc import Callable, Mapping, Sequence

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.enrolments import enrolments, names_in
from provisioning.output import text_of
from smartroster.attendance.v1 import statistics_pb2
from smartroster.courses.v1 import enrolments_pb2
from smartroster.courses.v1 import progress_pb2 as pb
from smartroster.school.v1 import school_pb2


@click.group("rates")
def rates() -> None:
    """Attendance in figures."""


_commands = click.Group()


def add_to(root: click.Group) -> None:
    """Progress stands beside the other commands about enrolments."""
    for each in _commands.commands.values():
        enrolments.add_command(each)
    root.add_command(rates)


@command(_commands, "progress")
@click.argument("enrolment", required=False)
@click.option("--term", help="By id or first day; the one that runs when left out.")
def progress(app: App, enrolment: str | None, term: str | None) -> None:
    """Show how far ENROLMENT (an id, or COURSE@CLASS-GROUP) has come, topic by topic; or all of a term."""
    if enrolment is None:
        _list_progress(app, term)
        return
    request = pb.GetEnrolmentProgressRequest(enrolment_id=lookup.enrolment(app.hub, enrolment).id)
    found = app.hub.call(request, pb.EnrolmentProgress)
    if app.as_json:
        app.show(found, {})
        return
    app.show_list(
        found.topics,
        {
            "No.": lambda one: f"{'   ' if one.topic.parent_topic_id else ''}{one.topic.position}",
            "Topic": lambda one: one.topic.title,
            "Planned": lambda one: one.topic.planned_duration,
            "Covered": lambda one: one.covered,
            "First on": lambda one: one.first_covered_date,
            "ID": lambda one: one.topic.id,
        },
    )
    covered, planned, due = (
        text_of(one, app.zone) for one in (found.covered_duration, found.planned_duration, found.expected_duration)
    )
    click.echo(f"Covered {covered} of {planned} ({found.covered_share:.0%}); at an even pace it would be {due}.")


def _list_progress(app: App, term: str | None) -> None:
    term_id = lookup.term(app.hub, term).id
    names = names_in(app)
    groups: Mapping[str, str] = {}
    if not app.as_json:
        every = enrolments_pb2.ListEnrolmentsRequest(term_id=term_id)
        groups = {one.id: one.class_group_id for one in app.hub.items(every, enrolments_pb2.ListEnrolmentsResponse)}
    app.show_list(
        app.hub.items(pb.ListEnrolmentProgressRequest(term_id=term_id), pb.ListEnrolmentProgressResponse),
        {
            "Course": lambda one: names.get(one.course_id, one.course_id),
            "Class group": lambda one: names.get(groups.get(one.enrolment_id, ""), ""),
            "Topics": lambda one: f"{one.covered_topic_count} of {one.topic_count}",
            "Planned": lambda one: one.planned_duration,
            "Covered": lambda one: one.covered_duration,
            "Due by now": lambda one: one.expected_duration,
            "ID": lambda one: one.enrolment_id,
        },
    )


@command(_commands, "cover")
@click.argument("session_id")
@click.argument("topic_ids", nargs=-1)
def cover(app: App, session_id: str, topic_ids: Sequence[str]) -> None:
    """Say which topics a session covered, in place of what was said before."""
    request = pb.SetCoveredTopicsRequest(session_id=session_id, topic_ids=topic_ids)
    made = app.hub.call(request, pb.CoveredTopics)
    app.done(made, f"The session covered {len(made.topic_ids)} topics.")


@command(rates, "list")
@click.argument(
    "subject", type=click.Choice(("enrolment", "course", "class-group", "trainer", "department", "trainee"))
)
@click.option("--term", help="By id or first day; all terms when left out.")
@click.option("--course", help="By code or id.")
@click.option("--group", help="Class group, by name or id.")
@click.option("--from", "start_date", help="First day, YYYY-MM-DD.")
@click.option("--to", "end_date", help="Last day, YYYY-MM-DD.")
@click.option("--best", "with_best", is_flag=True, help="Also what is still possible by the term's end.")
def list_rates(
    app: App,
    subject: str,
    term: str | None,
    course: str | None,
    group: str | None,
    start_date: str | None,
    end_date: str | None,
    *,
    with_best: bool,
) -> None:
    """Show attendance rates of each enrolment, course, class group, trainer, department or trainee."""
    request = statistics_pb2.ListAttendanceRatesRequest(
        subject=f"SUBJECT_{subject.upper().replace('-', '_')}",
        term_id=lookup.term(app.hub, term).id if term else "",
        course_id=lookup.course(app.hub, course).id if course else "",
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        start_date=lookup.day(start_date) if start_date else "",
        end_date=lookup.day(end_date) if end_date else "",
        with_best_possible=with_best,
    )
    names = names_in(app)
    if subject == "department" and not app.as_json:
        departments = app.hub.items(school_pb2.ListDepartmentsRequest(), school_pb2.ListDepartmentsResponse)
        names = {one.id: one.name for one in departments}
    best = {"Best possible": _percent("best_possible")} if with_best else {}
    app.show_list(
        app.hub.items(request, statistics_pb2.ListAttendanceRatesResponse),
        {
            subject.replace("-", " ").capitalize(): lambda one: names.get(one.subject_id, one.subject_id),
            "Sessions": lambda one: one.session_count,
            "Trainees": lambda one: one.trainee_count,
            "Attendance": _percent("attendance"),
            "Excused as absent": _percent("attendance_excused_as_absent"),
            "Punctuality": _percent("punctuality"),
            **best,
            "Chronically absent": lambda one: one.chronically_absent_count,
        },
    )
    if not app.as_json:
        request.page_size = 1
        request.page_token = ""
        told = app.hub.call(request, statistics_pb2.ListAttendanceRatesResponse).definitions
        for heading, text in (
            ("Attendance", told.attendance),
            ("Excused as absent", told.attendance_excused_as_absent),
            ("Punctuality", told.punctuality),
            ("Best possible", told.best_possible if with_best else ""),
            ("Chronically absent", told.chronically_absent),
        ):
            if text:
                click.secho(f"{heading}: {text}", dim=True)


def _percent(field: str) -> Callable[[statistics_pb2.AttendanceRates], str]:
    return lambda one: f"{getattr(one, field):.1%}" if one.HasField(field) else ""
