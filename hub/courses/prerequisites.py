"""Reads of the prerequisite graph: an edge leads from a course to one that it needs first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Uuid, cast, func, literal, null, select

from hub.courses.errors import CourseNotFound
from hub.courses.models import Course, CoursePrerequisite
from hub.db.unit_of_work import UnitOfWork


@dataclass(slots=True)
class PrerequisiteNode:
    """A course of the tree: how few edges lead to it from the root, and from which courses they come."""

    course: Course
    depth: int
    required_by: list[UUID] = field(default_factory=list)


async def prerequisite_tree(uow: UnitOfWork, course_id: UUID) -> list[PrerequisiteNode]:
    """The course, with depth 0, and all that must be taken before it, by depth and code; in one query.

    Raises:
        CourseNotFound: there is no such course.
    """
    tree = (
        select(cast(null(), Uuid).label("required_by"), Course.id.label("course_id"), literal(0).label("depth"))
        .where(Course.id == course_id)
        .cte("tree", recursive=True)
    )
    # UNION, not UNION ALL: where many paths lead to one course, each edge is followed once a depth.
    tree = tree.union(
        select(CoursePrerequisite.course_id, CoursePrerequisite.prerequisite_id, tree.c.depth + 1).join(
            tree, CoursePrerequisite.course_id == tree.c.course_id
        )
    )
    rows = await uow.session.execute(
        select(Course, tree.c.required_by, func.min(tree.c.depth))
        .join(tree, tree.c.course_id == Course.id)
        .group_by(Course.id, tree.c.required_by)
        .order_by(func.min(tree.c.depth), Course.code)
    )
    nodes: dict[UUID, PrerequisiteNode] = {}
    for course, required_by, depth in rows:
        node = nodes.setdefault(course.id, PrerequisiteNode(course, depth))
        if required_by is not None:
            node.required_by.append(required_by)
    if not nodes:
        raise CourseNotFound(f"There is no course {course_id}: list the courses to find the right id.")
    return list(nodes.values())


async def edges_below(uow: UnitOfWork, course_id: UUID) -> dict[UUID, list[UUID]]:
    """By course, its prerequisites, of the course and all that it needs directly or not; in one query."""
    reached = select(literal(course_id, Uuid).label("course_id")).cte("reached", recursive=True)
    reached = reached.union(
        select(CoursePrerequisite.prerequisite_id).join(reached, CoursePrerequisite.course_id == reached.c.course_id)
    )
    rows = await uow.session.execute(
        select(CoursePrerequisite.course_id, CoursePrerequisite.prerequisite_id).where(
            CoursePrerequisite.course_id.in_(select(reached.c.course_id))
        )
    )
    edges: dict[UUID, list[UUID]] = {}
    for needing, needed in rows:
        edges.setdefault(needing, []).append(needed)
    return edges


async def prerequisites_of(uow: UnitOfWork, course_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The direct prerequisites of each of the courses that has some, in one query."""
    rows = await uow.session.execute(
        select(CoursePrerequisite.course_id, CoursePrerequisite.prerequisite_id)
        .where(CoursePrerequisite.course_id.in_(set(course_ids)))
        .order_by(CoursePrerequisite.prerequisite_id)
    )
    found: dict[UUID, list[UUID]] = {}
    for course_id, prerequisite_id in rows:
        found.setdefault(course_id, []).append(prerequisite_id)
    return found
