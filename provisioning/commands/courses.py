"""What is taught: courses, their prerequisites and their topics."""

from collections.abc import Iterable, Sequence

import click
from google.protobuf.duration_pb2 import Duration
from google.protobuf.empty_pb2 import Empty

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.lifecycle import add_lifecycle
from provisioning.hub_client import new_request_id
from provisioning.output import text_of
from smartroster.courses.v1 import courses_pb2 as pb


@click.group("courses")
def courses() -> None:
    """Courses, and what must be taken before them."""


@click.group("topics")
def topics() -> None:
    """What a course teaches, in its order."""


def add_to(root: click.Group) -> None:
    root.add_command(courses)
    root.add_command(topics)


_COURSE = {
    "Code": lambda one: one.code,
    "Title": lambda one: one.title,
    "Theory": lambda one: one.weekly_theory,
    "Practical": lambda one: one.weekly_practical,
    "Archived": lambda one: one.archived,
    "ID": lambda one: one.id,
}


@command(courses, "list")
@click.argument("query", default="")
@click.option("--department", help="By code or id.")
@click.option("--archived", is_flag=True, help="Archived ones too.")
@click.option("--sort", "order_by", default="", help='code, title, credit_hours or create_time, or with " desc".')
def list_courses(app: App, query: str, department: str | None, *, archived: bool, order_by: str) -> None:
    """List courses, or those with QUERY in code or title."""
    request = pb.ListCoursesRequest(
        query=query,
        department_id=lookup.department(app.hub, department).id if department else "",
        include_archived=archived,
        order_by=order_by,
    )
    app.show_list(app.hub.items(request, pb.ListCoursesResponse), _COURSE)


@command(courses, "show")
@click.argument("course")
def show_course(app: App, course: str) -> None:
    """Show a course, by code or id."""
    found = lookup.course(app.hub, course)
    codes = _codes(app, found.prerequisite_ids) if not app.as_json else ""
    app.show(
        found,
        _COURSE
        | {
            "Description": lambda one: one.description,
            "Credit hours": lambda one: one.credit_hours,
            "Lesson": lambda one: one.default_session_length,
            "Hours in all": lambda one: one.total_length if one.total_length.seconds else "as the weeks go",
            "Needs first": lambda _: codes,
        },
    )


@command(courses, "create")
@click.argument("code")
@click.argument("title")
@click.option("--department", required=True, help="By code or id.")
@click.option("--theory-hours", default=2.0, show_default=True, help="A week.")
@click.option("--practical-hours", default=0.0, show_default=True, help="A week.")
@click.option("--session-minutes", default=60, show_default=True)
@click.option("--total-hours", default=0.0, help="Of the whole course; the weekly hours in 14 weeks when left out.")
@click.option("--needs", multiple=True, help="A course to be taken first, by code or id; may be given several times.")
def create_course(
    app: App,
    code: str,
    title: str,
    department: str,
    theory_hours: float,
    practical_hours: float,
    session_minutes: int,
    total_hours: float,
    needs: Sequence[str],
) -> None:
    """Create a course."""
    course = pb.Course(
        code=code,
        title=title,
        department_id=lookup.department(app.hub, department).id,
        credit_hours=round(theory_hours + practical_hours),
        weekly_theory=_hours(theory_hours),
        weekly_practical=_hours(practical_hours),
        default_session_length=Duration(seconds=session_minutes * 60),
        total_length=_hours(total_hours),
        prerequisite_ids=[lookup.course(app.hub, one).id for one in needs],
    )
    made = app.hub.call(pb.CreateCourseRequest(request_id=new_request_id(), course=course), pb.Course)
    app.done(made, f"Course {made.code} is {made.id}.")


@command(courses, "update")
@click.argument("course")
@click.option("--code")
@click.option("--title")
@click.option("--department", help="Give it to this one, by code or id.")
@click.option("--description")
@click.option("--credit-hours", type=int)
@click.option("--theory-hours", type=float, help="A week.")
@click.option("--practical-hours", type=float, help="A week.")
@click.option("--session-minutes", type=int)
@click.option("--total-hours", type=float, help="Of the whole course; 0: the weekly hours in 14 weeks.")
def update_course(
    app: App,
    course: str,
    code: str | None,
    title: str | None,
    department: str | None,
    description: str | None,
    credit_hours: int | None,
    theory_hours: float | None,
    practical_hours: float | None,
    session_minutes: int | None,
    total_hours: float | None,
) -> None:
    """Change what is given of a course."""
    found = lookup.course(app.hub, course)
    changed = lookup.put(
        found,
        code=code,
        title=title,
        department_id=lookup.department(app.hub, department).id if department else None,
        description=description,
        credit_hours=credit_hours,
    )
    for field, hours in (
        ("weekly_theory", theory_hours),
        ("weekly_practical", practical_hours),
        ("default_session_length", None if session_minutes is None else session_minutes / 60),
        ("total_length", total_hours),
    ):
        if hours is not None:
            getattr(found, field).CopyFrom(_hours(hours))
            changed.append(field)
    made = app.hub.call(pb.UpdateCourseRequest(course=found, update_mask=lookup.mask(changed)), pb.Course)
    app.done(made, f"Changed {made.code}.")


add_lifecycle(
    courses,
    "course",
    lookup.course,
    id_field="course_id",
    archive=pb.ArchiveCourseRequest,
    restore=pb.RestoreCourseRequest,
    delete=pb.DeleteCourseRequest,
)


@command(courses, "tree")
@click.argument("course")
def prerequisite_tree(app: App, course: str) -> None:
    """Show all that must be taken before a course."""
    request = pb.GetPrerequisiteTreeRequest(course_id=lookup.course(app.hub, course).id)
    tree = app.hub.call(request, pb.PrerequisiteTree)
    if app.as_json:
        app.show(tree, {})
        return
    by_id = {node.course.id: node.course for node in tree.nodes}
    shown: set[str] = set()

    def branch(one: pb.Course, depth: int) -> None:
        again = one.id in shown and bool(one.prerequisite_ids)
        click.echo(f"{'   ' * depth}{one.code}  {one.title}{'  (see above)' if again else ''}")
        shown.add(one.id)
        for needed in () if again else sorted((by_id[key] for key in one.prerequisite_ids), key=lambda it: it.code):
            branch(needed, depth + 1)

    branch(tree.nodes[0].course, 0)


@command(courses, "needs")
@click.argument("course")
@click.argument("first")
def add_prerequisite(app: App, course: str, first: str) -> None:
    """Say that COURSE needs the course FIRST to be taken before it."""
    needing, needed = lookup.course(app.hub, course), lookup.course(app.hub, first)
    tree = app.hub.call(pb.AddPrerequisiteRequest(course_id=needing.id, prerequisite_id=needed.id), pb.PrerequisiteTree)
    app.done(tree, f"{needing.code} needs {needed.code} first.")


@command(courses, "needs-not")
@click.argument("course")
@click.argument("first")
def remove_prerequisite(app: App, course: str, first: str) -> None:
    """Say that COURSE does not need the course FIRST any more."""
    needing, needed = lookup.course(app.hub, course), lookup.course(app.hub, first)
    tree = app.hub.call(
        pb.RemovePrerequisiteRequest(course_id=needing.id, prerequisite_id=needed.id), pb.PrerequisiteTree
    )
    app.done(tree, f"{needing.code} does not need {needed.code} first.")


@command(topics, "list")
@click.argument("course")
def list_topics(app: App, course: str) -> None:
    """Show a course's topics with their subtopics."""
    request = pb.GetCourseOutlineRequest(course_id=lookup.course(app.hub, course).id)
    outline = app.hub.call(request, pb.CourseOutline)
    if app.as_json:
        app.show(outline, {})
        return
    app.show_list(
        outline.topics,
        {
            "No.": lambda one: f"{'   ' if one.parent_topic_id else ''}{one.position}",
            "Title": lambda one: one.title,
            "Planned": lambda one: one.planned_duration,
            "ID": lambda one: one.id,
        },
    )
    planned, length = (text_of(one, app.zone) for one in (outline.planned_duration, outline.course_length))
    click.echo(f"Planned {planned} of {length}.")


@command(topics, "add")
@click.argument("course")
@click.argument("title")
@click.option("--under", default="", help="A topic, by id: a subtopic of it.")
@click.option("--at", "position", default=0, help="Its number; the last when left out.")
@click.option("--hours", default=0.0, help="Planned.")
@click.option("--description", default="")
def add_topic(app: App, course: str, title: str, under: str, position: int, hours: float, description: str) -> None:
    """Insert a topic or a subtopic."""
    topic = pb.Topic(
        course_id=lookup.course(app.hub, course).id,
        parent_topic_id=under,
        position=position,
        title=title,
        description=description,
        planned_duration=_hours(hours),
    )
    made = app.hub.call(pb.CreateTopicRequest(request_id=new_request_id(), topic=topic), pb.Topic)
    app.done(made, f"Topic {made.position}, {made.title}, is {made.id}.")


@command(topics, "update")
@click.argument("topic_id")
@click.option("--title")
@click.option("--description")
@click.option("--hours", type=float, help="Planned.")
def update_topic(app: App, topic_id: str, title: str | None, description: str | None, hours: float | None) -> None:
    """Change what is given of a topic."""
    topic = pb.Topic(id=topic_id, title=title or "", description=description or "", planned_duration=_hours(hours or 0))
    given = (("title", title), ("description", description), ("planned_duration", hours))
    changed = [field for field, value in given if value is not None]
    made = app.hub.call(pb.UpdateTopicRequest(topic=topic, update_mask=lookup.mask(changed)), pb.Topic)
    app.done(made, f"Changed {made.title}.")


@command(topics, "move")
@click.argument("topic_id")
@click.argument("position", type=int)
@click.option("--under", default="", help="For a subtopic: the topic that it goes to, by id.")
def move_topic(app: App, topic_id: str, position: int, under: str) -> None:
    """Move a topic to POSITION; the others close up."""
    request = pb.MoveTopicRequest(topic_id=topic_id, position=position, parent_topic_id=under)
    made = app.hub.call(request, pb.Topic)
    app.done(made, f"{made.title} is number {made.position}.")


@command(topics, "reorder")
@click.argument("course")
@click.argument("topic_ids", nargs=-1, required=True)
@click.option("--under", default="", help="A topic, by id: its subtopics are ordered.")
def reorder_topics(app: App, course: str, topic_ids: Sequence[str], under: str) -> None:
    """Put all topics of a course into the order in which their ids are given."""
    request = pb.ReorderTopicsRequest(
        course_id=lookup.course(app.hub, course).id, parent_topic_id=under, topic_ids=topic_ids
    )
    made = app.hub.call(request, pb.CourseOutline)
    app.done(made, f"{len(topic_ids)} topics are in their new order.")


@command(topics, "delete")
@click.argument("topic_id")
@click.option("--force", is_flag=True, help="With its subtopics.")
def delete_topic(app: App, topic_id: str, *, force: bool) -> None:
    """Delete a topic that was not taught; the others close up."""
    app.hub.call(pb.DeleteTopicRequest(topic_id=topic_id, force=force), Empty)
    app.done(pb.Topic(id=topic_id), f"Deleted topic {topic_id}.")


def _codes(app: App, course_ids: Iterable[str]) -> str:
    wanted = list(course_ids)
    return ", ".join(app.hub.call(pb.GetCourseRequest(course_id=one), pb.Course).code for one in wanted)


def _hours(hours: float) -> Duration:
    return Duration(seconds=round(hours * 3600))
