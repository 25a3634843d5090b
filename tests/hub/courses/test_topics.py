import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.courses import outline
from hub.courses.errors import CourseInvalid, TopicInUse, TopicInvalid, TopicNotFound
from hub.courses.models import Course, Topic
from hub.courses.rules import inserted
from hub.courses.service import catalogue, topics
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from tests.factories.courses import make_course, make_topic
from tests.fixtures.database import MakeUow


async def _titles(uow: UnitOfWork, course: Course) -> list[str]:
    """The outline, with each position; checked to be 1, 2, 3, … among those of one parent."""
    found = await outline.outline_of(uow, course.id)
    for parent_id in {one.parent_topic_id for one in found}:
        positions = [one.position for one in found if one.parent_topic_id == parent_id]
        assert positions == list(range(1, len(positions) + 1))
    return [one.title for one in found]


@pytest.mark.parametrize(("position", "expected"), [(0, "ABCX"), (1, "XABC"), (2, "AXBC"), (4, "ABCX"), (99, "ABCX")])
async def test_a_topic_is_inserted_where_it_is_wanted(uow: UnitOfWork, position: int, expected: str) -> None:
    course = await make_course(uow)
    for title in "ABC":
        await make_topic(uow, course_id=course.id, title=title)
    await make_topic(uow, course_id=course.id, title="X", position=position)
    assert await _titles(uow, course) == list(expected)


async def test_two_who_insert_at_once_keep_the_order_dense(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        course = await make_course(uow)

    async def insert(title: str) -> None:
        async with make_uow() as uow:
            await make_topic(uow, course_id=course.id, title=title, position=1)

    await asyncio.gather(*map(insert, "ABCD"))
    async with make_uow(write=False) as uow:
        assert sorted(await _titles(uow, course)) == list("ABCD")


async def test_topics_move_and_go_and_the_rest_closes_up(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    a, b, c, d = [await make_topic(uow, course_id=course.id, title=title) for title in "ABCD"]
    moved = await topics.move_topic(uow, topic_id=d.id, position=2, parent_topic_id=None, etag="")
    assert moved.position == 2
    assert await _titles(uow, course) == ["A", "D", "B", "C"]
    await topics.move_topic(uow, topic_id=a.id, position=0, parent_topic_id=None, etag="")
    assert await _titles(uow, course) == ["D", "B", "C", "A"]
    with pytest.raises(EtagStale):
        await topics.delete_topic(uow, topic_id=b.id, etag="9", force=False)
    await topics.delete_topic(uow, topic_id=b.id, etag=str(b.etag), force=False)
    assert await _titles(uow, course) == ["D", "C", "A"]
    with pytest.raises(TopicNotFound):
        await outline.get_topic(uow, b.id)
    await topics.reorder_topics(uow, course_id=course.id, parent_topic_id=None, topic_ids=[a.id, c.id, d.id])
    assert await _titles(uow, course) == ["A", "C", "D"]


async def test_subtopics_have_an_order_of_their_own_and_move_between_topics(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    a, b = [await make_topic(uow, course_id=course.id, title=title) for title in "AB"]
    _, a2, a3 = [await make_topic(uow, course_id=course.id, parent_topic_id=a.id, title=f"A{i}") for i in (1, 2, 3)]
    await make_topic(uow, course_id=course.id, parent_topic_id=b.id, title="B1")
    assert await _titles(uow, course) == ["A", "A1", "A2", "A3", "B", "B1"]
    await topics.move_topic(uow, topic_id=a2.id, position=1, parent_topic_id=b.id, etag="")
    assert await _titles(uow, course) == ["A", "A1", "A3", "B", "A2", "B1"]
    await topics.move_topic(uow, topic_id=a3.id, position=1, parent_topic_id=None, etag="")
    assert await _titles(uow, course) == ["A", "A3", "A1", "B", "A2", "B1"]
    with pytest.raises(TopicInUse, match="2 subtopics"):
        await topics.delete_topic(uow, topic_id=b.id, etag="", force=False)
    await topics.delete_topic(uow, topic_id=b.id, etag="", force=True)
    assert await _titles(uow, course) == ["A", "A3", "A1"]


async def test_there_are_two_levels_within_one_course(uow: UnitOfWork) -> None:
    course, other = await make_course(uow), await make_course(uow)
    topic, foreign = await make_topic(uow, course_id=course.id), await make_topic(uow, course_id=other.id)
    subtopic = await make_topic(uow, course_id=course.id, parent_topic_id=topic.id)
    for parent_id in (subtopic.id, foreign.id, uuid4()):
        with pytest.raises(TopicInvalid, match=r"topic\.parent_topic_id"):
            await make_topic(uow, course_id=course.id, parent_topic_id=parent_id)
        with pytest.raises(TopicInvalid, match=r"topic\.parent_topic_id"):
            await topics.move_topic(uow, topic_id=subtopic.id, position=0, parent_topic_id=parent_id, etag="")
    with pytest.raises(TopicInvalid, match="stays one of the course's own"):
        await topics.move_topic(uow, topic_id=topic.id, position=0, parent_topic_id=subtopic.id, etag="")


async def test_a_new_order_has_each_topic_once(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    a, b = [await make_topic(uow, course_id=course.id, title=title) for title in "AB"]
    for wanted, told in (
        ([a.id], "1 are missing"),
        ([a.id, a.id], "1 are missing, 1 stand twice"),
        ([a.id, b.id, uuid4()], "1 are not of them"),
    ):
        with pytest.raises(TopicInvalid, match=told):
            await topics.reorder_topics(uow, course_id=course.id, parent_topic_id=None, topic_ids=wanted)
    assert await _titles(uow, course) == ["A", "B"]


async def test_bad_topics_are_named(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    for overrides, field in (
        ({"title": " "}, "title"),
        ({"title": 201 * "x"}, "title"),
        ({"planned_duration": timedelta(hours=-1)}, "planned_duration"),
        ({"position": -1}, "position"),
    ):
        with pytest.raises(TopicInvalid) as refused:
            await make_topic(uow, course_id=course.id, **overrides)
        assert [violation.field for violation in refused.value.violations] == [f"topic.{field}"]


async def test_topics_fit_into_the_course_and_subtopics_into_their_topic(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        course = await make_course(uow, total_length=timedelta(hours=10))
        a = await make_topic(uow, course_id=course.id, title="A", planned_duration=timedelta(hours=6))
        b = await make_topic(uow, course_id=course.id, title="B", planned_duration=timedelta(hours=4))
        part = await make_topic(
            uow, course_id=course.id, parent_topic_id=a.id, title="A1", planned_duration=timedelta(hours=5)
        )

    async def update(topic: Topic, hours: int) -> None:
        async with make_uow() as uow:
            draft = topics.TopicDraft(course_id=course.id, title="", planned_duration=timedelta(hours=hours))
            await topics.update_topic(
                uow, topic_id=topic.id, draft=draft, fields=frozenset({"planned_duration"}), etag=""
            )

    with pytest.raises(TopicInvalid, match=r"topics would take 11 h and .* has 10 h"):
        await update(b, 5)
    with pytest.raises(TopicInvalid, match="subtopics of A would take 7 h and it has 6 h"):
        await update(part, 7)
    with pytest.raises(TopicInvalid, match="subtopics of A would take 5 h and it has 4 h"):
        await update(a, 4)
    with pytest.raises(TopicInvalid, match="subtopics of A would take 7 h"):
        async with make_uow() as uow:
            await make_topic(uow, course_id=course.id, parent_topic_id=a.id, planned_duration=timedelta(hours=2))
    with pytest.raises(TopicInvalid, match="subtopics of B would take 5 h"):
        async with make_uow() as uow:
            await topics.move_topic(uow, topic_id=part.id, position=0, parent_topic_id=b.id, etag="")
    await update(part, 6)
    await update(b, 3)
    async with make_uow() as uow:
        assert await outline.planned_minutes(uow, course.id) == 9 * 60


async def test_a_course_keeps_hours_enough_for_its_topics(uow: UnitOfWork) -> None:
    course = await make_course(uow, total_length=timedelta(hours=10))
    await make_topic(uow, course_id=course.id, planned_duration=timedelta(hours=10))
    draft = catalogue.CourseDraft(
        code=course.code, title=course.title, department_id=course.department_id, total_length=timedelta(hours=9)
    )
    with pytest.raises(CourseInvalid, match="9 h, and its topics are planned for 10 h"):
        await catalogue.update_course(
            uow, course_id=course.id, draft=draft, fields=frozenset({"total_length"}), etag=""
        )


async def test_an_update_changes_just_the_named_fields(uow: UnitOfWork) -> None:
    topic = await make_topic(uow, course_id=(await make_course(uow)).id, title="Layers")
    draft = topics.TopicDraft(course_id=topic.course_id, title=" Protocols ", description="unused")
    changed = await topics.update_topic(
        uow, topic_id=topic.id, draft=draft, fields=frozenset({"title"}), etag=str(topic.etag)
    )
    assert (changed.title, changed.description) == ("Protocols", "")
    with pytest.raises(EtagStale):
        await topics.update_topic(uow, topic_id=topic.id, draft=draft, fields=frozenset({"title"}), etag="1")


async def test_a_deleted_course_takes_its_topics_along(uow: UnitOfWork) -> None:
    course = await make_course(uow)
    topic = await make_topic(uow, course_id=course.id)
    await make_topic(uow, course_id=course.id, parent_topic_id=topic.id)
    await catalogue.delete_course(uow, course_id=course.id, etag="")
    assert await outline.outline_of(uow, course.id) == []


@given(st.lists(st.integers(0, 9), unique=True), st.integers(0, 9), st.integers(0, 12))
def test_inserting_keeps_the_others_in_their_order(order: list[int], item: int, position: int) -> None:
    after = inserted(order, item, position)
    assert sorted(after) == sorted({*order, item})
    assert [one for one in after if one != item] == [one for one in order if one != item]
    assert after.index(item) + 1 == (min(position, len(after)) if position else len(after))


_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "move", "give", "delete", "delete whole", "reorder"]),
        st.integers(0, 30),
        st.integers(0, 5),
    ),
    max_size=20,
)


class _Undo(Exception):
    pass


@given(_EDITS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_order_stays_dense_under_any_sequence_of_edits(
    make_uow: MakeUow, edits: list[tuple[str, int, int]]
) -> None:
    with pytest.raises(_Undo):
        async with make_uow() as uow:
            course = await make_course(uow)
            # What should stand where, as plain lists: the topics, and the subtopics of each.
            expected: dict[UUID | None, list[UUID]] = {None: []}
            for edit, number, position in edits:
                parents = list(expected)
                flat = [(key, one) for key, ids in expected.items() for one in ids]
                key, one = flat[number % len(flat)] if flat else (None, course.id)
                if edit == "insert" or not flat:
                    key = parents[number % len(parents)]
                    made = await make_topic(uow, course_id=course.id, parent_topic_id=key, position=position)
                    expected[key] = inserted(expected[key], made.id, position)
                    expected |= {made.id: []} if key is None else {}
                elif edit == "move":
                    await topics.move_topic(uow, topic_id=one, position=position, parent_topic_id=None, etag="")
                    expected[key] = inserted(expected[key], one, position)
                elif edit == "give" and key is not None:
                    target = parents[1 + number % (len(parents) - 1)]
                    await topics.move_topic(uow, topic_id=one, position=position, parent_topic_id=target, etag="")
                    expected[key] = [other for other in expected[key] if other != one]
                    expected[target] = inserted(expected[target], one, position)
                elif edit == "delete" and expected.get(one):
                    with pytest.raises(TopicInUse):
                        await topics.delete_topic(uow, topic_id=one, etag="", force=False)
                elif edit.startswith("delete"):
                    await topics.delete_topic(uow, topic_id=one, etag="", force=edit == "delete whole")
                    expected[key].remove(one)
                    expected.pop(one, None)
                elif edit == "reorder":
                    order = expected[key][position:] + expected[key][:position]
                    await topics.reorder_topics(uow, course_id=course.id, parent_topic_id=key, topic_ids=order)
                    expected[key] = order
            for key, ids in expected.items():
                siblings = await outline.siblings_of(uow, course.id, key)
                assert [one.id for one in siblings] == ids
                assert [one.position for one in siblings] == list(range(1, len(ids) + 1))
            raise _Undo
