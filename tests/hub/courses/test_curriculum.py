import asyncio
from dataclasses import replace

import pytest

from hub.courses import curriculum_map
from hub.courses.errors import (
    ProgrammeCourseExists,
    ProgrammeCourseInUse,
    ProgrammeCourseInvalid,
    ProgrammeCourseNotFound,
)
from hub.courses.models import ProgrammeCourse
from hub.courses.rules import ProgrammeCourseKind
from hub.courses.service import curriculum
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists
from hub.rpc.fields import EtagStale
from tests.factories.courses import make_course, make_enrolment, make_line
from tests.factories.school import make_programme
from tests.fixtures.database import MakeUow


def _draft_of(line: ProgrammeCourse) -> curriculum.ProgrammeCourseDraft:
    return curriculum.ProgrammeCourseDraft(
        programme_id=line.programme_id,
        course_id=line.course_id,
        year_of_study=line.year_of_study,
        term_number=line.term_number,
        kind=line.kind,
        theory_room_type=line.theory_room_type,
        practical_room_type=line.practical_room_type,
    )


async def test_a_map_has_a_course_once_in_a_term(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        programme, course = await make_programme(uow), await make_course(uow)
        line = await make_line(uow, programme_id=programme.id, course_id=course.id)
        await make_line(uow, programme_id=programme.id, course_id=course.id, place=(1, 2))
        with pytest.raises(ProgrammeCourseExists, match=str(line.id)):
            await make_line(uow, programme_id=programme.id, course_id=course.id)
    with pytest.raises(AlreadyExists):  # the constraint, for who races past the check
        async with make_uow() as uow:
            same = {field: getattr(line, field) for field in ("programme_id", "course_id", "year_of_study")}
            uow.session.add(ProgrammeCourse(**same, term_number=1, kind=ProgrammeCourseKind.CORE))


async def test_two_who_add_the_same_line_at_once_make_one(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        programme, course = await make_programme(uow), await make_course(uow)

    async def add() -> None:
        async with make_uow() as uow:
            await make_line(uow, programme_id=programme.id, course_id=course.id)

    results = await asyncio.gather(add(), add(), add(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + 2 * ["ProgrammeCourseExists"]


@pytest.mark.parametrize(
    ("place", "field"),
    [((0, 1), "year_of_study"), ((4, 1), "year_of_study"), ((1, 0), "term_number"), ((1, 4), "term_number")],
)
async def test_a_place_that_the_programme_does_not_have_is_refused(
    uow: UnitOfWork, place: tuple[int, int], field: str
) -> None:
    programme, course = await make_programme(uow), await make_course(uow)
    with pytest.raises(ProgrammeCourseInvalid) as refused:
        await make_line(uow, programme_id=programme.id, course_id=course.id, place=place)
    assert [violation.field for violation in refused.value.violations] == [f"programme_course.{field}"]
    assert "from 1 to 3" in refused.value.violations[0].description


async def test_a_line_changes_by_its_mask(uow: UnitOfWork) -> None:
    programme, course = await make_programme(uow), await make_course(uow)
    line = await make_line(uow, programme_id=programme.id, course_id=course.id, practical_room_type=" lab ")
    assert line.practical_room_type == "lab"
    wanted = replace(
        _draft_of(line),
        year_of_study=2,
        term_number=3,
        kind=ProgrammeCourseKind.ELECTIVE,
        practical_room_type="workshop",
    )
    with pytest.raises(EtagStale):
        await curriculum.update_programme_course(
            uow, line_id=line.id, draft=wanted, fields=frozenset({"kind"}), etag="9"
        )
    await curriculum.update_programme_course(
        uow, line_id=line.id, draft=wanted, fields=frozenset({"year_of_study", "kind"}), etag=str(line.etag)
    )
    assert (line.year_of_study, line.term_number, line.kind, line.practical_room_type) == (
        2,
        1,
        ProgrammeCourseKind.ELECTIVE,
        "lab",
    )


async def test_a_line_does_not_move_to_where_another_is(uow: UnitOfWork) -> None:
    programme, course = await make_programme(uow), await make_course(uow)
    line = await make_line(uow, programme_id=programme.id, course_id=course.id)
    await make_line(uow, programme_id=programme.id, course_id=course.id, place=(1, 2))
    with pytest.raises(ProgrammeCourseExists):
        await curriculum.update_programme_course(
            uow,
            line_id=line.id,
            draft=replace(_draft_of(line), term_number=2),
            fields=frozenset({"term_number"}),
            etag="",
        )


async def test_a_line_that_enrolments_rest_on_keeps_its_place(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    line = await curriculum_map.get_line(uow, enrolment.programme_course_id)
    moved = replace(_draft_of(line), term_number=2, theory_room_type="hall")
    with pytest.raises(ProgrammeCourseInUse):
        await curriculum.update_programme_course(
            uow, line_id=line.id, draft=moved, fields=frozenset({"term_number"}), etag=""
        )
    with pytest.raises(ProgrammeCourseInUse, match="1 enrolments"):
        await curriculum.delete_programme_course(uow, line_id=line.id, etag="")
    await curriculum.update_programme_course(
        uow, line_id=line.id, draft=moved, fields=frozenset({"theory_room_type"}), etag=""
    )
    assert line.theory_room_type == "hall"
    archived = await curriculum.archive_programme_course(uow, line_id=line.id, archived=True, etag="")
    assert archived.archived
    assert await curriculum_map.lines_of(uow, line.programme_id) == []


async def test_an_unused_line_is_deleted(uow: UnitOfWork) -> None:
    programme, course = await make_programme(uow), await make_course(uow)
    line = await make_line(uow, programme_id=programme.id, course_id=course.id)
    await curriculum.delete_programme_course(uow, line_id=line.id, etag=str(line.etag))
    with pytest.raises(ProgrammeCourseNotFound):
        await curriculum_map.get_line(uow, line.id)


async def test_an_archived_line_is_restored_rather_than_made_again(uow: UnitOfWork) -> None:
    programme, course = await make_programme(uow), await make_course(uow)
    line = await make_line(uow, programme_id=programme.id, course_id=course.id)
    await curriculum.archive_programme_course(uow, line_id=line.id, archived=True, etag="")
    with pytest.raises(ProgrammeCourseExists, match="restore it"):
        await make_line(uow, programme_id=programme.id, course_id=course.id)
    restored = await curriculum.archive_programme_course(uow, line_id=line.id, archived=False, etag="")
    assert not restored.archived
