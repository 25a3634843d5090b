"""What is taught, and who is taught it by whom."""

import click
from google.protobuf.duration_pb2 import Duration

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.courses.v1 import courses_pb2 as pb
from smartroster.courses.v1 import enrolments_pb2


@click.group("courses")
def courses() -> None:
    """Courses."""


@click.group("enrolments")
def enrolments() -> None:
    """Which class group takes which course, with whom."""


def add_to(root: click.Group) -> None:
    root.add_command(courses)
    root.add_command(enrolments)


@command(courses, "list")
def list_courses(app: App) -> None:
    """List courses."""
    app.show_list(
        app.hub.items(pb.ListCoursesRequest(), pb.ListCoursesResponse),
        {
            "Code": lambda one: one.code,
            "Title": lambda one: one.title,
            "Theory": lambda one: one.weekly_theory,
            "Practical": lambda one: one.weekly_practical,
            "ID": lambda one: one.id,
        },
    )


@command(courses, "create")
@click.argument("code")
@click.argument("title")
@click.option("--department", required=True, help="By code or id.")
@click.option("--theory-hours", default=2.0, show_default=True, help="A week.")
@click.option("--practical-hours", default=0.0, show_default=True, help="A week.")
@click.option("--session-minutes", default=60, show_default=True)
def create_course(
    app: App, code: str, title: str, department: str, theory_hours: float, practical_hours: float, session_minutes: int
) -> None:
    """Create a course."""
    course = pb.Course(
        code=code,
        title=title,
        department_id=lookup.department(app.hub, department).id,
        credit_hours=round(theory_hours + practical_hours),
        weekly_theory=Duration(seconds=round(theory_hours * 3600)),
        weekly_practical=Duration(seconds=round(practical_hours * 3600)),
        default_session_length=Duration(seconds=session_minutes * 60),
    )
    made = app.hub.call(pb.CreateCourseRequest(request_id=new_request_id(), course=course), pb.Course)
    app.done(made, f"Course {made.code} is {made.id}.")


@command(enrolments, "list")
@click.option("--group", help="Class group, by name or id.")
@click.option("--trainer", help="By e-mail, staff number or id.")
def list_enrolments(app: App, group: str | None, trainer: str | None) -> None:
    """List enrolments."""
    request = enrolments_pb2.ListEnrolmentsRequest(
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        trainer_id=lookup.user(app.hub, trainer).id if trainer else "",
    )
    app.show_list(
        app.hub.items(request, enrolments_pb2.ListEnrolmentsResponse),
        {
            "Course": lambda one: one.course_id,
            "Class group": lambda one: one.class_group_id,
            "Trainer": lambda one: one.trainer_id,
            "State": lambda one: enum_text(one, "state"),
            "ID": lambda one: one.id,
        },
    )


@command(enrolments, "create")
@click.option("--course", required=True, help="By code or id.")
@click.option("--group", required=True, help="Class group, by name or id.")
@click.option("--trainer", required=True, help="By e-mail, staff number or id.")
@click.option("--term", help="By id or first day; the one that runs when left out.")
def create_enrolment(app: App, course: str, group: str, trainer: str, term: str | None) -> None:
    """Enrol a class group in a course, with a trainer."""
    enrolment = enrolments_pb2.Enrolment(
        class_group_id=lookup.class_group(app.hub, group).id,
        course_id=lookup.course(app.hub, course).id,
        term_id=lookup.term(app.hub, term).id,
        trainer_id=lookup.user(app.hub, trainer).id,
    )
    made = app.hub.call(
        enrolments_pb2.CreateEnrolmentRequest(request_id=new_request_id(), enrolment=enrolment),
        enrolments_pb2.Enrolment,
    )
    app.done(made, f"Enrolment {made.id}.")
