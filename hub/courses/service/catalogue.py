"""Courses: create, change, archive, delete."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from hub.courses import outline, queries
from hub.courses.errors import CourseArchived, CourseCodeTaken, CourseInUse, CourseInvalid
from hub.courses.models import Course, CoursePrerequisite, Enrolment, ProgrammeCourse, Topic
from hub.courses.service.changes import change, refuse, remove, set_archived, store, values_of
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.service.records import refuse_archived as refuse_archived_part

COURSE_FIELDS = (
    "code",
    "title",
    "department_id",
    "description",
    "credit_hours",
    "weekly_theory",
    "weekly_practical",
    "default_session_length",
    "total_length",
)
_COLUMNS = {
    "weekly_theory": "weekly_theory_minutes",
    "weekly_practical": "weekly_practical_minutes",
    "default_session_length": "default_session_minutes",
    "total_length": "total_minutes",
}
_HOURS = frozenset({"weekly_theory", "weekly_practical", "total_length"})
_MOST_WEEKLY = timedelta(hours=60)
_LONGEST_SESSION = timedelta(hours=12)
_LONGEST_COURSE = timedelta(hours=5000)
_USUAL_SESSION = timedelta(hours=1)
_MOST_CREDIT_HOURS = 1000
_LONGEST_CODE = 30
_LONGEST_TITLE = 200
_LONGEST_DESCRIPTION = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDraft:
    """`default_session_length` zero: one hour. `total_length` zero: the weekly hours in a usual term's weeks."""

    code: str
    title: str
    department_id: UUID
    description: str = ""
    credit_hours: int = 0
    weekly_theory: timedelta = timedelta(0)
    weekly_practical: timedelta = timedelta(0)
    default_session_length: timedelta = timedelta(0)
    total_length: timedelta = timedelta(0)


async def create_course(uow: UnitOfWork, *, draft: CourseDraft) -> Course:
    """Store a course.

    Raises:
        DepartmentNotFound, PartArchived: there is no such department, or not any more.
        CourseInvalid: names each bad field.
        CourseCodeTaken: another course has the code.
    """
    refuse_archived_part(await school_queries.get_department(uow, draft.department_id), "department")
    refuse(CourseInvalid, "course", violations_of(draft))
    await _refuse_taken(uow, draft.code, None)
    values = _values(draft, COURSE_FIELDS)
    course = Course(**values)
    await store(uow, "course", course, values)
    return course


async def update_course(
    uow: UnitOfWork, *, course_id: UUID, draft: CourseDraft, fields: frozenset[str], etag: str
) -> Course:
    """Change the named fields of COURSE_FIELDS.

    Raises:
        CourseNotFound, DepartmentNotFound, PartArchived, EtagStale, CourseCodeTaken: as their names say.
        CourseInvalid: names each bad field; also when the course's topics would not fit into its hours any more.
    """
    course = await queries.get_course(uow, course_id, lock=True)
    check_etag(course.etag, etag)
    refuse(CourseInvalid, "course", [bad for bad in violations_of(draft) if bad.field.split(".")[1] in fields])
    if "department_id" in fields:
        refuse_archived_part(await school_queries.get_department(uow, draft.department_id), "department")
    if "code" in fields:
        await _refuse_taken(uow, draft.code, course.id)
    await change(uow, "course", course, _values(draft, fields))
    if fields & _HOURS:
        planned = await outline.planned_minutes(uow, course.id)
        length = int(course.length.total_seconds()) // 60
        if planned > length:
            raise CourseInvalid.of(
                "course.total_length",
                f"would leave {course.code} {length / 60:g} h, and its topics are planned for {planned / 60:g} h: "
                "shorten them first, or give the course more hours",
            )
    return course


async def archive_course(uow: UnitOfWork, *, course_id: UUID, archived: bool, etag: str) -> Course:
    """Take a course out of use or bring it back; CourseNotFound, EtagStale as their names say."""
    course = await queries.get_course(uow, course_id)
    await set_archived(uow, "course", course, archived=archived, etag=etag)
    return course


async def delete_course(uow: UnitOfWork, *, course_id: UUID, etag: str) -> None:
    """Delete a course that nothing else names, with its topics and its own prerequisites.

    Raises:
        CourseNotFound, EtagStale: as their names say.
        CourseInUse: enrolments, curriculum maps or other courses' prerequisites name it.
    """
    course = await queries.get_course(uow, course_id, lock=True)
    check_etag(course.etag, etag)
    uses = [
        (Enrolment.course_id, "enrolment"),
        (ProgrammeCourse.course_id, "line of curriculum maps"),
        (CoursePrerequisite.prerequisite_id, "course that needs it first"),
    ]
    counts = (
        await uow.session.execute(
            select(*(select(func.count()).where(column == course_id).scalar_subquery() for column, _ in uses))
        )
    ).one()
    found = [f"{count} × {what}" for count, (_, what) in zip(counts, uses, strict=True) if count]
    if found:
        raise CourseInUse(
            f"{course.code} can't be deleted: there is {', '.join(found)}. Archive it instead; history stays readable."
        )
    await uow.session.execute(delete(CoursePrerequisite).where(CoursePrerequisite.course_id == course_id))
    for of_course in (Topic.parent_topic_id.is_not(None), Topic.parent_topic_id.is_(None)):
        await uow.session.execute(delete(Topic).where(Topic.course_id == course_id, of_course))
    await remove(uow, "course", course, values_of(course, ("code", "title", "department_id")))


def refuse_archived(course: Course) -> None:
    """CourseArchived when the course is out of use."""
    if course.archived:
        raise CourseArchived(f"{course.code} is archived: restore it first, or choose another course.")


def violations_of(draft: CourseDraft, path: str = "course") -> list[FieldViolation]:
    """Each bad field of the draft, whatever is stored."""
    violations = [
        FieldViolation(f"{path}.{field}", f"must have {lowest} to {most} characters")
        for field, text, lowest, most in (
            ("code", draft.code.strip(), 1, _LONGEST_CODE),
            ("title", draft.title.strip(), 1, _LONGEST_TITLE),
            ("description", draft.description, 0, _LONGEST_DESCRIPTION),
        )
        if not lowest <= len(text) <= most
    ]
    if not 0 <= draft.credit_hours <= _MOST_CREDIT_HOURS:
        violations.append(FieldViolation(f"{path}.credit_hours", f"must be from 0 to {_MOST_CREDIT_HOURS}"))
    violations += [
        FieldViolation(f"{path}.{field}", f"must be from 0 to {_MOST_WEEKLY.total_seconds() / 3600:.0f} hours a week")
        for field, length in (("weekly_theory", draft.weekly_theory), ("weekly_practical", draft.weekly_practical))
        if not timedelta(0) <= length <= _MOST_WEEKLY
    ]
    if not timedelta(minutes=1) <= (draft.default_session_length or _USUAL_SESSION) <= _LONGEST_SESSION:
        violations.append(FieldViolation(f"{path}.default_session_length", "must be from 1 minute to 12 hours"))
    if not timedelta(0) <= draft.total_length <= _LONGEST_COURSE:
        violations.append(FieldViolation(f"{path}.total_length", "must be from 0 to 5,000 hours"))
    return violations


def _values(draft: CourseDraft, fields: frozenset[str] | tuple[str, ...]) -> dict[str, Any]:
    every: dict[str, Any] = {field: getattr(draft, field) for field in COURSE_FIELDS}
    every |= {
        "code": draft.code.strip(),
        "title": draft.title.strip(),
        "default_session_length": draft.default_session_length or _USUAL_SESSION,
    }
    return {
        _COLUMNS.get(field, field): _minutes(value) if isinstance(value, timedelta) else value
        for field, value in every.items()
        if field in fields
    }


async def _refuse_taken(uow: UnitOfWork, code: str, own_id: UUID | None) -> None:
    other = await uow.session.scalar(select(Course.id).where(Course.code == code.strip()))
    if other is not None and other != own_id:
        raise CourseCodeTaken(f"There is a course {code.strip()} already: use that one, or give another code.")


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
