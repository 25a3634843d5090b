"""What must be taken before a course. The graph stays without cycles, whoever edits it at the same time."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from hub.courses import curriculum_map, prerequisites, queries
from hub.courses.errors import PrerequisiteCycle
from hub.courses.models import CoursePrerequisite
from hub.courses.rules import path_between
from hub.courses.service.catalogue import refuse_archived
from hub.courses.service.changes import one_editor
from hub.courses.service.curriculum import refuse_disorder
from hub.db.unit_of_work import UnitOfWork

_LONGEST_PATH = 80  # codes


async def add_prerequisite(uow: UnitOfWork, *, course_id: UUID, prerequisite_id: UUID) -> None:
    """Say that a course needs another one first; if it does already, nothing changes.

    Raises:
        CourseNotFound: there is no such course.
        CourseArchived: the one to be taken first is out of use.
        PrerequisiteCycle: the edge would close a cycle, which the message spells out.
        CourseBeforePrerequisite: a curriculum map has the two in the wrong order.
    """
    await one_editor(uow)
    course = await queries.get_course(uow, course_id)
    prerequisite = await queries.get_course(uow, prerequisite_id)
    if await uow.session.get(CoursePrerequisite, (course.id, prerequisite.id)) is not None:
        return
    way_back = path_between(await prerequisites.edges_below(uow, prerequisite.id), prerequisite.id, course.id)
    if way_back is not None:
        codes = await queries.course_codes(uow, [course.id, *way_back])
        path = _spelled([codes[one] for one in (course.id, *way_back)])
        raise PrerequisiteCycle(
            f"{course.code} can't need {prerequisite.code} first, since that closes a cycle: {path}. "
            "Remove one of these prerequisites first."
        )
    refuse_archived(prerequisite)
    uow.session.add(CoursePrerequisite(course_id=course.id, prerequisite_id=prerequisite.id))
    await uow.session.flush()
    uow.audit(
        "courses.add_prerequisite",
        object_type="course",
        object_id=course.id,
        after={"prerequisite_id": prerequisite.id},
    )
    programmes = await curriculum_map.programmes_with_both(uow, course.id, prerequisite.id)
    if programmes:
        await refuse_disorder(uow, programmes)


def _spelled(codes: Sequence[str]) -> str:
    """The path for people; of a very long one both ends, since an error has little room on the wire."""
    if len(codes) > _LONGEST_PATH:
        half = _LONGEST_PATH // 2
        codes = [*codes[:half], f"({len(codes) - 2 * half} more)", *codes[-half:]]
    return " → ".join(codes)


async def remove_prerequisite(uow: UnitOfWork, *, course_id: UUID, prerequisite_id: UUID) -> None:
    """Say that a course does not need another one any more; CourseNotFound as its name says."""
    await one_editor(uow)
    course = await queries.get_course(uow, course_id)
    removed = await uow.session.execute(
        delete(CoursePrerequisite)
        .where(CoursePrerequisite.course_id == course.id, CoursePrerequisite.prerequisite_id == prerequisite_id)
        .returning(CoursePrerequisite.course_id)
    )
    if removed.all():
        uow.audit(
            "courses.remove_prerequisite",
            object_type="course",
            object_id=course.id,
            before={"prerequisite_id": prerequisite_id},
        )
