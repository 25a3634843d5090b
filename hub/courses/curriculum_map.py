"""Reads of the curriculum map."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.courses.errors import ProgrammeCourseNotFound
from hub.courses.models import CoursePrerequisite, ProgrammeCourse
from hub.courses.rules import Place, ProgrammeCourseKind
from hub.db.unit_of_work import UnitOfWork
from hub.school.models import Programme


async def get_line(uow: UnitOfWork, line_id: UUID, *, lock: bool = False) -> ProgrammeCourse:
    """The line; ProgrammeCourseNotFound when there is none."""
    line = await uow.session.get(ProgrammeCourse, line_id, with_for_update=lock or None)
    if line is None:
        raise ProgrammeCourseNotFound(
            f"There is no line {line_id} in a curriculum map: list a map to find the right id."
        )
    return line


async def line_at(uow: UnitOfWork, programme_id: UUID, course_id: UUID, place: Place) -> ProgrammeCourse | None:
    """The line by which a programme has the course at this place, archived or not."""
    return await uow.session.scalar(
        select(ProgrammeCourse).where(
            ProgrammeCourse.programme_id == programme_id,
            ProgrammeCourse.course_id == course_id,
            ProgrammeCourse.year_of_study == place.year_of_study,
            ProgrammeCourse.term_number == place.term_number,
        )
    )


async def lines_of(uow: UnitOfWork, programme_id: UUID, *, course_id: UUID | None = None) -> list[ProgrammeCourse]:
    """The lines of a programme's map that are in use, in the order of time."""
    query = select(ProgrammeCourse).where(
        ProgrammeCourse.programme_id == programme_id, ProgrammeCourse.archived.is_(False)
    )
    if course_id is not None:
        query = query.where(ProgrammeCourse.course_id == course_id)
    return list(
        await uow.session.scalars(
            query.order_by(ProgrammeCourse.year_of_study, ProgrammeCourse.term_number, ProgrammeCourse.id)
        )
    )


async def lines_by_ids(uow: UnitOfWork, line_ids: Iterable[UUID]) -> dict[UUID, ProgrammeCourse]:
    """Those of the lines that exist, in one query."""
    lines = await uow.session.scalars(select(ProgrammeCourse).where(ProgrammeCourse.id.in_(set(line_ids))))
    return {line.id: line for line in lines}


async def first_places(uow: UnitOfWork, programme_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Place]]:
    """By programme, the first place of each course that its map has in use."""
    lines = await uow.session.execute(
        select(
            ProgrammeCourse.programme_id,
            ProgrammeCourse.course_id,
            ProgrammeCourse.year_of_study,
            ProgrammeCourse.term_number,
        ).where(ProgrammeCourse.programme_id.in_(programme_ids), ProgrammeCourse.archived.is_(False))
    )
    places: dict[UUID, dict[UUID, Place]] = {}
    for programme_id, course_id, year, term in lines:
        of_programme = places.setdefault(programme_id, {})
        of_programme[course_id] = min(of_programme.get(course_id, Place(year, term)), Place(year, term))
    return places


async def prerequisites_within(uow: UnitOfWork, programme_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """(course, prerequisite) of the courses that the maps have in use."""
    mapped = select(ProgrammeCourse.course_id).where(
        ProgrammeCourse.programme_id.in_(programme_ids), ProgrammeCourse.archived.is_(False)
    )
    rows = await uow.session.execute(
        select(CoursePrerequisite.course_id, CoursePrerequisite.prerequisite_id).where(
            CoursePrerequisite.course_id.in_(mapped), CoursePrerequisite.prerequisite_id.in_(mapped)
        )
    )
    return [(course_id, prerequisite_id) for course_id, prerequisite_id in rows]


async def programmes_with_both(uow: UnitOfWork, course_id: UUID, prerequisite_id: UUID) -> list[UUID]:
    """The programmes whose map has both courses in use."""
    programmes = await uow.session.scalars(
        select(ProgrammeCourse.programme_id)
        .where(ProgrammeCourse.course_id.in_([course_id, prerequisite_id]), ProgrammeCourse.archived.is_(False))
        .group_by(ProgrammeCourse.programme_id)
        .having(func.count(ProgrammeCourse.course_id.distinct()) > 1)
    )
    return list(programmes)


async def programme_codes(uow: UnitOfWork, programme_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await uow.session.execute(select(Programme.id, Programme.code).where(Programme.id.in_(set(programme_ids))))
    return {row[0]: row[1] for row in rows}


def select_lines(
    *,
    programme_id: UUID | None,
    course_id: UUID | None,
    year_of_study: int,
    term_number: int,
    kind: ProgrammeCourseKind | None,
    include_archived: bool,
) -> Select[ProgrammeCourse]:
    """The lines that fit the filters; 0 asks for every year or term."""
    query = select(ProgrammeCourse)
    if programme_id is not None:
        query = query.where(ProgrammeCourse.programme_id == programme_id)
    if course_id is not None:
        query = query.where(ProgrammeCourse.course_id == course_id)
    if year_of_study:
        query = query.where(ProgrammeCourse.year_of_study == year_of_study)
    if term_number:
        query = query.where(ProgrammeCourse.term_number == term_number)
    if kind is not None:
        query = query.where(ProgrammeCourse.kind == kind)
    return query if include_archived else query.where(ProgrammeCourse.archived.is_(False))
