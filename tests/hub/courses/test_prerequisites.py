import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.courses import prerequisites
from hub.courses.errors import (
    CourseArchived,
    CourseBeforePrerequisite,
    CourseInUse,
    CourseNotFound,
    PrerequisiteCycle,
)
from hub.courses.models import Course, CoursePrerequisite
from hub.courses.rules import path_between
from hub.courses.service import catalogue, curriculum
from hub.courses.service.prerequisites import add_prerequisite, remove_prerequisite
from hub.db.unit_of_work import UnitOfWork
from tests.factories.courses import make_course, make_line
from tests.factories.school import make_department, make_programme
from tests.fixtures.database import MakeUow


async def _chain(uow: UnitOfWork, length: int) -> list[Course]:
    """C1 needs C2, C2 needs C3, and so on."""
    department = await make_department(uow)
    courses = [await make_course(uow, code=f"C{number + 1}", department_id=department.id) for number in range(length)]
    uow.session.add_all(
        [CoursePrerequisite(course_id=needing.id, prerequisite_id=needed.id) for needing, needed in pairwise(courses)]
    )
    await uow.session.flush()
    return courses


@pytest.mark.parametrize("length", [1, 2, 3, 50])
async def test_an_edge_that_closes_a_cycle_is_refused_with_its_path(uow: UnitOfWork, length: int) -> None:
    courses = await _chain(uow, length)
    with pytest.raises(PrerequisiteCycle) as refused:
        await add_prerequisite(uow, course_id=courses[-1].id, prerequisite_id=courses[0].id)
    path = " → ".join([courses[-1].code, *(course.code for course in courses)])
    assert path.count("→") == length
    assert f"cycle: {path}." in refused.value.message


async def test_a_very_long_cycle_is_told_by_both_its_ends(uow: UnitOfWork) -> None:
    courses = await _chain(uow, 100)
    with pytest.raises(PrerequisiteCycle) as refused:
        await add_prerequisite(uow, course_id=courses[-1].id, prerequisite_id=courses[0].id)
    assert "C100 → C1 → C2 →" in refused.value.message
    assert "→ (21 more) →" in refused.value.message
    assert "→ C99 → C100." in refused.value.message


async def test_adding_and_removing_an_edge_twice_changes_nothing(uow: UnitOfWork) -> None:
    one, other = await make_course(uow), await make_course(uow)
    for _ in range(2):
        await add_prerequisite(uow, course_id=one.id, prerequisite_id=other.id)
        assert await prerequisites.prerequisites_of(uow, [one.id, other.id]) == {one.id: [other.id]}
    for _ in range(2):
        await remove_prerequisite(uow, course_id=one.id, prerequisite_id=other.id)
        assert await prerequisites.prerequisites_of(uow, [one.id, other.id]) == {}


async def test_edges_added_at_once_do_not_close_a_cycle(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        a, b, c = [await make_course(uow) for _ in range(3)]

    async def add(course: Course, prerequisite: Course) -> None:
        async with make_uow() as uow:
            await add_prerequisite(uow, course_id=course.id, prerequisite_id=prerequisite.id)

    results = await asyncio.gather(add(a, b), add(b, c), add(c, a), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NoneType", "PrerequisiteCycle"]


# Edges between six courses; True adds one, False removes it.
_EDITS = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), max_size=25)


class _Undo(Exception):
    pass


@given(_EDITS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_graph_has_no_cycle_under_any_sequence_of_edits(
    make_uow: MakeUow, edits: list[tuple[bool, int, int]]
) -> None:
    with pytest.raises(_Undo):
        async with make_uow() as uow:
            courses = await _chain(uow, 1) + [await make_course(uow) for _ in range(5)]
            expected: set[tuple[UUID, UUID]] = set()
            for adds, i, j in edits:
                edge = (courses[i].id, courses[j].id)
                if not adds:
                    await remove_prerequisite(uow, course_id=edge[0], prerequisite_id=edge[1])
                    expected.discard(edge)
                    continue
                closes = _reaches(expected, edge[1], edge[0])
                try:
                    await add_prerequisite(uow, course_id=edge[0], prerequisite_id=edge[1])
                except PrerequisiteCycle:
                    assert closes
                else:
                    assert not closes
                    expected.add(edge)
            rows = await uow.session.execute(select(CoursePrerequisite.course_id, CoursePrerequisite.prerequisite_id))
            assert {(row[0], row[1]) for row in rows} == expected
            assert not any(_reaches(expected, needed, needing) for needing, needed in expected)
            raise _Undo


def _reaches(edges: set[tuple[UUID, UUID]], start: UUID, goal: UUID) -> bool:
    """By plain repetition, unlike the code under test."""
    reached = {start}
    for _ in edges:
        reached |= {needed for needing, needed in edges if needing in reached}
    return goal in reached


async def test_the_tree_has_each_course_once_with_its_depth_in_one_query(
    make_uow: MakeUow, statements_of: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    async with make_uow() as uow:
        a, b, c, d = await _chain(uow, 4)
        apart = await make_course(uow)
        # C1 → C2 → C3 → C4, and C1 → C3: C3 is one step away, C4 two.
        await add_prerequisite(uow, course_id=a.id, prerequisite_id=c.id)
    async with make_uow(write=False) as uow:
        with statements_of() as statements:
            nodes = await prerequisites.prerequisite_tree(uow, a.id)
        assert len(statements) == 1
    assert [(node.course.code, node.depth) for node in nodes] == [("C1", 0), ("C2", 1), ("C3", 1), ("C4", 2)]
    assert [sorted(node.required_by) for node in nodes] == [[], [a.id], sorted([a.id, b.id]), [c.id]]
    async with make_uow(write=False) as uow:
        assert [node.course.id for node in await prerequisites.prerequisite_tree(uow, d.id)] == [d.id]
        assert [node.course.id for node in await prerequisites.prerequisite_tree(uow, apart.id)] == [apart.id]
        with pytest.raises(CourseNotFound):
            await prerequisites.prerequisite_tree(uow, a.department_id)


async def test_a_tree_of_many_paths_is_read_in_no_time(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    # 25 layers of two: each needs both of the next layer, which makes 2 ** 24 paths.
    layers = [[await make_course(uow, department_id=department.id) for _ in range(2)] for _ in range(25)]
    uow.session.add_all(
        [
            CoursePrerequisite(course_id=needing.id, prerequisite_id=needed.id)
            for layer, following in pairwise(layers)
            for needing in layer
            for needed in following
        ]
    )
    await uow.session.flush()
    nodes = await prerequisites.prerequisite_tree(uow, layers[0][0].id)
    assert (len(nodes), nodes[-1].depth) == (49, 24)


async def test_a_course_that_others_need_first_is_not_deleted(uow: UnitOfWork) -> None:
    one, other = await make_course(uow), await make_course(uow)
    await add_prerequisite(uow, course_id=one.id, prerequisite_id=other.id)
    with pytest.raises(CourseInUse, match="1 × course that needs it first"):
        await catalogue.delete_course(uow, course_id=other.id, etag="")
    await catalogue.delete_course(uow, course_id=one.id, etag="")
    await catalogue.delete_course(uow, course_id=other.id, etag="")


async def test_an_archived_course_is_no_new_prerequisite(uow: UnitOfWork) -> None:
    one, other = await make_course(uow), await make_course(uow)
    await catalogue.archive_course(uow, course_id=other.id, archived=True, etag="")
    with pytest.raises(CourseArchived):
        await add_prerequisite(uow, course_id=one.id, prerequisite_id=other.id)
    await add_prerequisite(uow, course_id=other.id, prerequisite_id=one.id)


async def test_no_course_comes_before_its_prerequisite_in_a_map(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        programme = await make_programme(uow, code="DICT")
        basics = await make_course(uow, code="BASICS", department_id=programme.department_id)
        networks = await make_course(uow, code="NETWORKS", department_id=programme.department_id)
        await add_prerequisite(uow, course_id=networks.id, prerequisite_id=basics.id)
        late = await make_line(uow, programme_id=programme.id, course_id=basics.id, place=(1, 3))
        together = await make_line(uow, programme_id=programme.id, course_id=networks.id, place=(1, 3))
    told = r"in DICT, NETWORKS \(year 1, term 2\) would come before its prerequisite BASICS \(year 1, term 3\)"
    with pytest.raises(CourseBeforePrerequisite, match=told):  # a new line, and an old one moved
        async with make_uow() as uow:
            await make_line(uow, programme_id=programme.id, course_id=networks.id, place=(1, 2))
    draft = curriculum.ProgrammeCourseDraft(
        programme_id=programme.id, course_id=networks.id, year_of_study=1, term_number=2
    )
    with pytest.raises(CourseBeforePrerequisite, match=told):
        async with make_uow() as uow:
            await curriculum.update_programme_course(
                uow, line_id=together.id, draft=draft, fields=frozenset({"term_number"}), etag=""
            )
    async with make_uow() as uow:  # an earlier line of the prerequisite makes it right, and can't go any more then
        early = await make_line(uow, programme_id=programme.id, course_id=basics.id, place=(1, 1))
        await curriculum.update_programme_course(
            uow, line_id=together.id, draft=draft, fields=frozenset({"term_number"}), etag=""
        )
        await curriculum.archive_programme_course(uow, line_id=late.id, archived=True, etag="")
        await curriculum.archive_programme_course(uow, line_id=late.id, archived=False, etag="")
    for end in (
        lambda uow: curriculum.delete_programme_course(uow, line_id=early.id, etag=""),
        lambda uow: curriculum.archive_programme_course(uow, line_id=early.id, archived=True, etag=""),
    ):
        with pytest.raises(CourseBeforePrerequisite):
            async with make_uow() as uow:
                await end(uow)


async def test_no_prerequisite_is_added_against_the_order_of_a_map(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        programme, other = await make_programme(uow), await make_programme(uow)
        first, second = await make_course(uow), await make_course(uow)
        for programme_id in (programme.id, other.id):
            await make_line(uow, programme_id=programme_id, course_id=first.id, place=(1, 1))
        await make_line(uow, programme_id=programme.id, course_id=second.id, place=(1, 2))
    with pytest.raises(CourseBeforePrerequisite, match=programme.code):
        async with make_uow() as uow:
            await add_prerequisite(uow, course_id=first.id, prerequisite_id=second.id)
    async with make_uow() as uow:
        await add_prerequisite(uow, course_id=second.id, prerequisite_id=first.id)
        edges = await prerequisites.edges_below(uow, second.id)
        assert path_between(edges, second.id, first.id) == [second.id, first.id]
