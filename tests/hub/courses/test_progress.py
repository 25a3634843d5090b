from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.attendance.lessons import LessonsOfAttendance
from hub.attendance.models import AttendanceSession
from hub.attendance.rules import SessionState
from hub.courses import progress, queries
from hub.courses.errors import SessionNotBegun, TopicInUse, TopicInvalid
from hub.courses.lessons import Lesson
from hub.courses.rules import PlannedTopic, coverage_of
from hub.courses.service import topics
from hub.courses.service.progress import set_covered_topics
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from smartroster.courses.v1 import progress_pb2 as pb
from tests.factories.attendance import Lesson as MadeLesson
from tests.factories.attendance import make_lesson
from tests.factories.courses import make_course, make_enrolment, make_topic
from tests.factories.users import make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of

HOUR = timedelta(hours=1)
EVERYTHING = Scope(SYSTEM, frozenset({Reach.SCHOOL}))


async def _held(uow: UnitOfWork, made: MadeLesson) -> Lesson:
    session = await uow.session.get_one(AttendanceSession, made.session.id)
    session.state = SessionState.COMPLETED
    await uow.session.flush()
    return await LessonsOfAttendance().lesson(uow, session.id, EVERYTHING)


async def test_topics_marked_in_a_session_show_against_the_plan(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    lesson, course_id = await _held(uow, made), made.enrolment.course_id
    layers = await make_topic(uow, course_id=course_id, title="Layers", planned_duration=6 * HOUR)
    link, net = [
        await make_topic(uow, course_id=course_id, parent_topic_id=layers.id, planned_duration=hours * HOUR)
        for hours in (2, 3)
    ]
    routing = await make_topic(uow, course_id=course_id, title="Routing", planned_duration=4 * HOUR)
    for marked, covered, covered_ids in (
        ([link.id], 2 * HOUR, {link.id}),
        ([link.id, net.id], 6 * HOUR, {link.id, net.id, layers.id}),
        ([layers.id], 6 * HOUR, {link.id, net.id, layers.id}),
        ([routing.id], 4 * HOUR, {routing.id}),
        ([], 0 * HOUR, set()),
        ([layers.id, routing.id], 10 * HOUR, {link.id, net.id, layers.id, routing.id}),
    ):
        for _ in range(2):
            await set_covered_topics(uow, lesson=lesson, topic_ids=marked)
        [found] = await progress.progress_of(uow, [made.enrolment])
        assert (found.coverage.planned, found.coverage.covered) == (10 * HOUR, covered)
        assert found.coverage.topic_ids == covered_ids
        assert set(found.marks) == set(marked)
    # 2 March is day 57 of the 96 days from 5 January to 10 April.
    assert found.expected == pytest.approx(10 * HOUR * 57 / 96, abs=timedelta(seconds=1))
    with pytest.raises(TopicInUse, match="was taught"):
        await topics.delete_topic(uow, topic_id=routing.id, etag="", force=False)


async def test_only_topics_of_the_course_are_marked_and_only_in_sessions_that_were_held(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    topic = await make_topic(uow, course_id=made.enrolment.course_id)
    foreign = await make_topic(uow, course_id=(await make_course(uow)).id)
    ahead = await LessonsOfAttendance().lesson(uow, made.session.id, EVERYTHING)
    with pytest.raises(SessionNotBegun):
        await set_covered_topics(uow, lesson=ahead, topic_ids=[topic.id])
    held = replace(ahead, has_begun=True)
    with pytest.raises(TopicInvalid, match=str(foreign.id)):
        await set_covered_topics(uow, lesson=held, topic_ids=[topic.id, foreign.id])
    assert await progress.covered_in(uow, held.session_id) == []


async def test_progress_of_many_takes_as_many_statements_as_of_one(
    make_uow: MakeUow, statements_of: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    async with make_uow() as uow:
        made = await make_lesson(uow)
        lesson = await _held(uow, made)
        topic = await make_topic(uow, course_id=made.enrolment.course_id, planned_duration=HOUR)
        await set_covered_topics(uow, lesson=lesson, topic_ids=[topic.id])
        ids = [made.enrolment.id] + [(await make_enrolment(uow)).id for _ in range(3)]
    counts = []
    for some in (ids[:1], ids):
        async with make_uow(write=False) as uow:
            enrolments = list((await queries.enrolments_by_ids(uow, some)).values())
            with statements_of() as statements:
                found = await progress.progress_of(uow, enrolments)
            counts.append(len(statements))
            shares = {one.enrolment.id: one.coverage.share for one in found}
            assert shares == {one: float(one == made.enrolment.id) for one in some}
    assert counts[0] == counts[1]


@st.composite
def _plans(draw: st.DrawFn) -> list[PlannedTopic]:
    plan = []
    for number in range(draw(st.integers(0, 5))):
        minutes = draw(st.lists(st.integers(0, 90), max_size=4))
        total = timedelta(minutes=sum(minutes) + draw(st.integers(0, 90)))
        plan.append(PlannedTopic(UUID(int=number * 10), None, total))
        plan += [
            PlannedTopic(UUID(int=number * 10 + i), UUID(int=number * 10), timedelta(minutes=one))
            for i, one in enumerate(minutes, 1)
        ]
    return plan


@given(_plans(), st.sets(st.integers(0, 60)), st.integers(0, 60))
def test_marking_more_never_covers_less_and_all_is_the_plan(
    plan: list[PlannedTopic], marked: set[int], another: int
) -> None:
    ids = {UUID(int=number) for number in marked}
    before, after = coverage_of(plan, ids), coverage_of(plan, ids | {UUID(int=another)})
    assert timedelta(0) <= before.covered <= after.covered <= after.planned
    assert before.topic_ids <= after.topic_ids
    whole = coverage_of(plan, {topic.topic_id for topic in plan})
    assert whole.covered == whole.planned
    assert coverage_of(plan, ()).covered == timedelta(0)


async def test_the_trainer_of_the_session_marks_topics_over_the_api(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        made = await make_lesson(uow)
        await _held(uow, made)
        topic = await make_topic(uow, course_id=made.enrolment.course_id, title="Layers", planned_duration=4 * HOUR)
        open_topic = await make_topic(uow, course_id=made.enrolment.course_id, planned_duration=4 * HOUR)
        colleague = await make_trainer(uow)
    trainer = await api.sign_in_as(made.trainer_id)
    mark = pb.SetCoveredTopicsRequest(session_id=str(made.session.id), topic_ids=[str(topic.id)])
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.progress.SetCoveredTopics(mark, metadata=await api.sign_in_as(colleague.id))
    assert reason_of(refused.value) == "SESSION_NOT_FOUND"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.progress.SetCoveredTopics(mark, metadata=await api.sign_in_as(made.trainee_ids[0]))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    marked = await api.progress.SetCoveredTopics(mark, metadata=trainer)
    assert (marked.enrolment_id, list(marked.topic_ids)) == (str(made.enrolment.id), [str(topic.id)])
    get = pb.GetCoveredTopicsRequest(session_id=str(made.session.id))
    assert await api.progress.GetCoveredTopics(get, metadata=await api.sign_in_as(made.trainee_ids[0])) == marked
    found = await api.progress.GetEnrolmentProgress(
        pb.GetEnrolmentProgressRequest(enrolment_id=str(made.enrolment.id)), metadata=trainer
    )
    assert (found.covered_share, found.topic_count, found.covered_topic_count) == (0.5, 2, 1)
    assert [(one.topic.id, one.covered, list(one.session_ids), one.first_covered_date) for one in found.topics] == [
        (str(topic.id), True, [str(made.session.id)], "2026-03-02"),
        (str(open_topic.id), False, [], ""),
    ]
    listing = pb.ListEnrolmentProgressRequest(order_by="update_time desc")
    listed = await api.progress.ListEnrolmentProgress(listing, metadata=trainer)
    [summary] = listed.progress
    assert summary.covered_duration.ToTimedelta() == 4 * HOUR
    assert not summary.topics
