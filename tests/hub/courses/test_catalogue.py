from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub.courses import queries
from hub.courses.errors import CourseArchived, CourseCodeTaken, CourseInUse, CourseInvalid, CourseNotFound
from hub.courses.models import Course
from hub.courses.service import catalogue
from hub.db.audit import AuditEntry
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from hub.school.errors import DepartmentNotFound
from tests.factories.courses import make_course, make_enrolment, make_line
from tests.factories.school import make_department, make_programme


def _draft_of(course: Course) -> catalogue.CourseDraft:
    return catalogue.CourseDraft(
        code=course.code,
        title=course.title,
        department_id=course.department_id,
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=timedelta(minutes=course.weekly_theory_minutes),
        weekly_practical=timedelta(minutes=course.weekly_practical_minutes),
        default_session_length=course.default_session_length,
        total_length=timedelta(minutes=course.total_minutes),
    )


async def test_course_codes_are_unique(uow: UnitOfWork) -> None:
    await make_course(uow, code="ICT101")
    with pytest.raises(CourseCodeTaken, match="ICT101"):
        await make_course(uow, code=" ICT101 ")


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": 31 * "x"}, "code"),
        ({"title": ""}, "title"),
        ({"description": 5001 * "x"}, "description"),
        ({"credit_hours": -1}, "credit_hours"),
        ({"weekly_theory": timedelta(hours=61)}, "weekly_theory"),
        ({"weekly_practical": timedelta(hours=-1)}, "weekly_practical"),
        ({"default_session_length": timedelta(hours=13)}, "default_session_length"),
        ({"total_length": timedelta(hours=5001)}, "total_length"),
    ],
)
async def test_bad_course_fields_are_named(uow: UnitOfWork, overrides: dict[str, Any], field: str) -> None:
    with pytest.raises(CourseInvalid) as refused:
        await make_course(uow, **overrides)
    assert [violation.field for violation in refused.value.violations] == [f"course.{field}"]


async def test_an_update_changes_just_the_named_fields_and_is_audited(uow: UnitOfWork) -> None:
    course = await make_course(uow, code="ICT101")
    wanted = replace(_draft_of(course), title="Networks II", credit_hours=9, code="ICT999")
    changed = await catalogue.update_course(
        uow, course_id=course.id, draft=wanted, fields=frozenset({"title"}), etag=str(course.etag)
    )
    assert (changed.title, changed.credit_hours, changed.code) == ("Networks II", 0, "ICT101")
    await uow.store_records()
    entry = (await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "courses.update_course"))).one()
    assert (entry.before, entry.after) == ({"title": "Computer Networks"}, {"title": "Networks II"})
    with pytest.raises(EtagStale):
        await catalogue.update_course(
            uow, course_id=course.id, draft=wanted, fields=frozenset({"title"}), etag=str(course.etag - 1)
        )


async def test_an_update_is_checked_like_a_creation(uow: UnitOfWork) -> None:
    course, other = await make_course(uow), await make_course(uow)
    for change, error in (
        ({"code": other.code}, CourseCodeTaken),
        ({"title": " "}, CourseInvalid),
        ({"department_id": uuid4()}, DepartmentNotFound),
    ):
        with pytest.raises(error):
            await catalogue.update_course(
                uow,
                course_id=course.id,
                draft=replace(_draft_of(course), **change),
                fields=frozenset(change),
                etag="",
            )
    # Its own code is not taken by another.
    await catalogue.update_course(
        uow, course_id=course.id, draft=_draft_of(course), fields=frozenset(catalogue.COURSE_FIELDS), etag=""
    )


async def test_an_archived_course_is_out_of_use_until_it_is_restored(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    programme = await make_programme(uow)
    for _ in range(2):
        assert (await catalogue.archive_course(uow, course_id=course.id, archived=True, etag="")).archived
    with pytest.raises(CourseArchived):
        await make_line(uow, programme_id=programme.id, course_id=course.id)
    shown = queries.select_courses(department_id=None, query="", include_archived=False)
    assert list(await uow.session.scalars(shown)) == []
    await catalogue.archive_course(uow, course_id=course.id, archived=False, etag="")
    assert list(await uow.session.scalars(shown)) == [course]
    await make_line(uow, programme_id=programme.id, course_id=course.id)


async def test_a_course_with_history_is_not_deleted(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    with pytest.raises(CourseInUse, match="1 × enrolment, 1 × line of curriculum maps"):
        await catalogue.delete_course(uow, course_id=enrolment.course_id, etag="")
    unused = await make_course(uow)
    with pytest.raises(EtagStale):
        await catalogue.delete_course(uow, course_id=unused.id, etag="7")
    await catalogue.delete_course(uow, course_id=unused.id, etag=str(unused.etag))
    with pytest.raises(CourseNotFound):
        await queries.get_course(uow, unused.id)


async def test_courses_are_found_by_a_part_of_code_or_title(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    networks = await make_course(uow, code="ICT101", title="Computer Networks", department_id=department.id)
    physics = await make_course(uow, code="PHY_1", title="Physics")
    for query, expected in (("NETW", {networks}), ("ict1", {networks}), ("y_1", {physics}), ("%", set())):
        found = await uow.session.scalars(
            queries.select_courses(department_id=None, query=query, include_archived=False)
        )
        assert set(found) == expected, query
    of_department = queries.select_courses(department_id=department.id, query="", include_archived=False)
    assert list(await uow.session.scalars(of_department)) == [networks]
