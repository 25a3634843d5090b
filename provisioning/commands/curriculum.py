"""The curriculum map: which courses a programme has, and when."""

import click
from google.protobuf.empty_pb2 import Empty
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import ParseDict

from provisioning import lookup
from provisioning.app import App, command
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.courses.v1 import courses_pb2
from smartroster.courses.v1 import curriculum_pb2 as pb


@click.group("curriculum")
def curriculum() -> None:
    """Which courses a programme has, and when."""


def add_to(root: click.Group) -> None:
    root.add_command(curriculum)


_KIND = click.Choice(("core", "elective"))


@command(curriculum, "list")
@click.argument("programme")
@click.option("--year", type=int, default=0, help="Of study.")
@click.option("--term", type=int, default=0, help="Its number.")
@click.option("--archived", is_flag=True, help="Archived lines too.")
def list_lines(app: App, programme: str, year: int, term: int, *, archived: bool) -> None:
    """Show the map of a programme."""
    request = pb.ListProgrammeCoursesRequest(
        programme_id=lookup.programme(app.hub, programme).id,
        year_of_study=year,
        term_number=term,
        include_archived=archived,
    )
    every = courses_pb2.ListCoursesRequest(include_archived=True)
    names = (
        {}
        if app.as_json
        else {one.id: f"{one.code}  {one.title}" for one in app.hub.items(every, courses_pb2.ListCoursesResponse)}
    )
    app.show_list(
        app.hub.items(request, pb.ListProgrammeCoursesResponse),
        {
            "Year": lambda one: one.year_of_study,
            "Term": lambda one: one.term_number,
            "Course": lambda one: names.get(one.course_id, one.course_id),
            "Kind": lambda one: enum_text(one, "kind"),
            "Theory in": lambda one: one.theory_room_type,
            "Practical in": lambda one: one.practical_room_type,
            "Archived": lambda one: one.archived,
            "ID": lambda one: one.id,
        },
    )


@command(curriculum, "add")
@click.argument("programme")
@click.argument("course")
@click.option("--year", type=int, required=True, help="Of study.")
@click.option("--term", type=int, required=True, help="Its number in the academic year.")
@click.option("--kind", type=_KIND, default="core", show_default=True)
@click.option("--theory-room", default="", help="Type of room that theory needs; any when left out.")
@click.option("--practical-room", default="", help="Type of room that practical work needs; any when left out.")
def add_line(
    app: App, programme: str, course: str, year: int, term: int, kind: str, theory_room: str, practical_room: str
) -> None:
    """Put a course into a programme's map."""
    line = pb.ProgrammeCourse(
        programme_id=lookup.programme(app.hub, programme).id,
        course_id=lookup.course(app.hub, course).id,
        year_of_study=year,
        term_number=term,
        kind=f"KIND_{kind.upper()}",
        theory_room_type=theory_room,
        practical_room_type=practical_room,
    )
    request = pb.CreateProgrammeCourseRequest(request_id=new_request_id(), programme_course=line)
    made = app.hub.call(request, pb.ProgrammeCourse)
    app.done(made, f"The map's line is {made.id}.")


@command(curriculum, "update")
@click.argument("line_id")
@click.option("--year", type=int, help="Of study.")
@click.option("--term", type=int, help="Its number in the academic year.")
@click.option("--kind", type=_KIND)
@click.option("--theory-room", help='Type of room; "" for any.')
@click.option("--practical-room", help='Type of room; "" for any.')
def update_line(
    app: App,
    line_id: str,
    year: int | None,
    term: int | None,
    kind: str | None,
    theory_room: str | None,
    practical_room: str | None,
) -> None:
    """Change what is given of a line; year and term only until class groups are enrolled by it."""
    given = {
        "year_of_study": year,
        "term_number": term,
        "kind": f"KIND_{kind.upper()}" if kind else None,
        "theory_room_type": theory_room,
        "practical_room_type": practical_room,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    if not changed:
        raise BadInput("Say what to change, as in --term.")
    request = pb.UpdateProgrammeCourseRequest(update_mask=FieldMask(paths=list(changed)))
    request.programme_course.MergeFrom(ParseDict(changed, pb.ProgrammeCourse(id=line_id)))
    made = app.hub.call(request, pb.ProgrammeCourse)
    app.done(made, f"Changed: year {made.year_of_study}, term {made.term_number}, {enum_text(made, 'kind')}.")


@command(curriculum, "archive")
@click.argument("line_id")
def archive_line(app: App, line_id: str) -> None:
    """Take a line out of the map for new enrolments."""
    made = app.hub.call(pb.ArchiveProgrammeCourseRequest(programme_course_id=line_id), pb.ProgrammeCourse)
    app.done(made, "The line is archived.")


@command(curriculum, "restore")
@click.argument("line_id")
def restore_line(app: App, line_id: str) -> None:
    """Bring an archived line back."""
    made = app.hub.call(pb.RestoreProgrammeCourseRequest(programme_course_id=line_id), pb.ProgrammeCourse)
    app.done(made, "The line is in use.")


@command(curriculum, "delete")
@click.argument("line_id")
def delete_line(app: App, line_id: str) -> None:
    """Delete a line by which nobody has been enrolled."""
    app.hub.call(pb.DeleteProgrammeCourseRequest(programme_course_id=line_id), Empty)
    app.done(pb.ProgrammeCourse(id=line_id), "Deleted the line.")
