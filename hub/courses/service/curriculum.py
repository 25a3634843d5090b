"""The curriculum map: which courses a programme has, and when."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hub.courses import curriculum_map, queries
from hub.courses.errors import (
    CourseBeforePrerequisite,
    ProgrammeCourseExists,
    ProgrammeCourseInUse,
    ProgrammeCourseInvalid,
)
from hub.courses.models import Enrolment, ProgrammeCourse
from hub.courses.rules import Place, ProgrammeCourseKind, out_of_order
from hub.courses.service.catalogue import refuse_archived
from hub.courses.service.changes import change, one_editor, refuse, remove, set_archived, store, values_of
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.models import Programme
from hub.school.service.records import refuse_archived as refuse_archived_part

PROGRAMME_COURSE_FIELDS = ("year_of_study", "term_number", "kind", "theory_room_type", "practical_room_type")
_PLACE = frozenset({"year_of_study", "term_number"})
_PATH = "programme_course"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCourseDraft:
    programme_id: UUID
    course_id: UUID
    year_of_study: int
    term_number: int
    kind: ProgrammeCourseKind = ProgrammeCourseKind.CORE
    theory_room_type: str = ""
    practical_room_type: str = ""

    @property
    def place(self) -> Place:
        return Place(self.year_of_study, self.term_number)


async def create_programme_course(uow: UnitOfWork, *, draft: ProgrammeCourseDraft) -> ProgrammeCourse:
    """Put a course into a programme's map.

    Raises:
        ProgrammeNotFound, CourseNotFound, CourseArchived, PartArchived: as their names say.
        ProgrammeCourseInvalid: the programme has no such year or term.
        ProgrammeCourseExists: the map has the course there, perhaps archived.
        CourseBeforePrerequisite: names the courses that would come in the wrong order.
    """
    await one_editor(uow)
    programme = await school_queries.get_programme(uow, draft.programme_id)
    refuse_archived_part(programme, "programme")
    course = await queries.get_course(uow, draft.course_id)
    refuse_archived(course)
    refuse(ProgrammeCourseInvalid, "line of the curriculum map", place_violations(draft.place, programme))
    await _refuse_taken(uow, draft.programme_id, draft.course_id, draft.place)
    values: dict[str, Any] = values_of(draft, ("programme_id", "course_id", *PROGRAMME_COURSE_FIELDS))
    values |= {field: values[field].strip() for field in ("theory_room_type", "practical_room_type")}
    line = ProgrammeCourse(**values)
    await store(uow, "programme_course", line, values)
    await refuse_disorder(uow, [programme.id])
    return line


async def update_programme_course(
    uow: UnitOfWork, *, line_id: UUID, draft: ProgrammeCourseDraft, fields: frozenset[str], etag: str
) -> ProgrammeCourse:
    """Change the named fields of PROGRAMME_COURSE_FIELDS.

    Raises:
        ProgrammeCourseNotFound, EtagStale: as their names say.
        ProgrammeCourseInvalid, ProgrammeCourseExists, CourseBeforePrerequisite: as at the creation.
        ProgrammeCourseInUse: the place would change though class groups were enrolled by it.
    """
    await one_editor(uow)
    line = await curriculum_map.get_line(uow, line_id, lock=True)
    check_etag(line.etag, etag)
    values: dict[str, Any] = {field: getattr(draft, field) for field in PROGRAMME_COURSE_FIELDS if field in fields}
    values |= {field: value.strip() for field, value in values.items() if field.endswith("room_type")}
    place = Place(values.get("year_of_study", line.year_of_study), values.get("term_number", line.term_number))
    if place != line.place:
        programme = await school_queries.get_programme(uow, line.programme_id)
        bad = [item for item in place_violations(place, programme) if item.field.split(".")[1] in fields]
        refuse(ProgrammeCourseInvalid, "line of the curriculum map", bad)
        await _refuse_taken(uow, line.programme_id, line.course_id, place)
        if await _enrolments_by(uow, line.id):
            raise ProgrammeCourseInUse(
                "Class groups have been enrolled by this line, so its year and term stay: archive it and add a new one."
            )
    await change(uow, "programme_course", line, values)
    if fields & _PLACE:
        await refuse_disorder(uow, [line.programme_id])
    return line


async def archive_programme_course(uow: UnitOfWork, *, line_id: UUID, archived: bool, etag: str) -> ProgrammeCourse:
    """Take a line out of the map for new enrolments, or bring it back.

    Raises:
        ProgrammeCourseNotFound, EtagStale: as their names say.
        CourseArchived, CourseBeforePrerequisite: it can't be brought back.
    """
    await one_editor(uow)
    line = await curriculum_map.get_line(uow, line_id, lock=True)
    if not archived:
        refuse_archived(await queries.get_course(uow, line.course_id))
    await set_archived(uow, "programme_course", line, archived=archived, etag=etag)
    await refuse_disorder(uow, [line.programme_id])
    return line


async def delete_programme_course(uow: UnitOfWork, *, line_id: UUID, etag: str) -> None:
    """Delete a line by which nobody has been enrolled.

    Raises:
        ProgrammeCourseNotFound, EtagStale: as their names say.
        ProgrammeCourseInUse: enrolments were made by it.
        CourseBeforePrerequisite: the course's other line would then come too late for a course that needs it.
    """
    await one_editor(uow)
    line = await curriculum_map.get_line(uow, line_id, lock=True)
    check_etag(line.etag, etag)
    enrolments = await _enrolments_by(uow, line.id)
    if enrolments:
        raise ProgrammeCourseInUse(
            f"This line can't be deleted: {enrolments} enrolments were made by it. Archive it instead."
        )
    await remove(
        uow, "programme_course", line, values_of(line, ("programme_id", "course_id", *PROGRAMME_COURSE_FIELDS))
    )
    await refuse_disorder(uow, [line.programme_id])


async def refuse_disorder(uow: UnitOfWork, programme_ids: list[UUID]) -> None:
    """Refuse what was just written when a course of one of the maps now comes before its prerequisite.

    Raises:
        CourseBeforePrerequisite: names each such pair.
    """
    await uow.session.flush()
    pairs = await curriculum_map.prerequisites_within(uow, programme_ids)
    told = []
    for programme_id, places in (await curriculum_map.first_places(uow, programme_ids)).items():
        for course_id, prerequisite_id in out_of_order(places, pairs):
            told.append((programme_id, course_id, places[course_id], prerequisite_id, places[prerequisite_id]))
    if not told:
        return
    codes = await queries.course_codes(uow, {one for row in told for one in (row[1], row[3])})
    programmes = await curriculum_map.programme_codes(uow, {row[0] for row in told})
    raise CourseBeforePrerequisite(
        "; ".join(
            f"in {programmes[programme_id]}, {codes[course_id]} ({place}) would come before its prerequisite "
            f"{codes[prerequisite_id]} ({needed})"
            for programme_id, course_id, place, prerequisite_id, needed in told
        )
        + ": choose other terms, or remove the prerequisite."
    )


def place_violations(place: Place, programme: Programme) -> list[FieldViolation]:
    """A violation for a year or a term that the programme does not have."""
    return [
        FieldViolation(f"{_PATH}.{field}", f"must be from 1 to {most}: {programme.code} has so many")
        for field, number, most in (
            ("year_of_study", place.year_of_study, programme.duration_years),
            ("term_number", place.term_number, programme.terms_per_year),
        )
        if not 1 <= number <= most
    ]


async def _refuse_taken(uow: UnitOfWork, programme_id: UUID, course_id: UUID, place: Place) -> None:
    other = await curriculum_map.line_at(uow, programme_id, course_id, place)
    if other is not None:
        advice = "it is archived, restore it" if other.archived else "use that one, or choose another place"
        raise ProgrammeCourseExists(f"The map has this course in {place} already: {advice} ({other.id}).")


async def _enrolments_by(uow: UnitOfWork, line_id: UUID) -> int:
    count: int | None = await uow.session.scalar(
        select(func.count()).select_from(Enrolment).where(Enrolment.programme_course_id == line_id)
    )
    return count or 0
