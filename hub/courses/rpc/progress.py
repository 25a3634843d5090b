"""ProgressService on the wire."""

from typing import Any
from uuid import UUID

import grpc

from hub.courses import progress, queries
from hub.courses.lessons import Lessons
from hub.courses.models import Enrolment
from hub.courses.progress import Progress
from hub.courses.rpc.course_messages import topic_to_proto
from hub.courses.service.progress import set_covered_topics
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import parse_optional_uuid, parse_uuid, to_date, to_duration
from hub.rpc.paging import order_keys, page
from smartroster.courses.v1 import progress_pb2 as pb
from smartroster.courses.v1 import progress_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]


_ORDER = {"create_time": Enrolment.create_time, "update_time": Enrolment.update_time}


class ProgressServicer(progress_pb2_grpc.ProgressServiceServicer):
    def __init__(self, database: Database, *, lessons: Lessons) -> None:
        self._db = database
        self._lessons = lessons

    async def SetCoveredTopics(self, request: pb.SetCoveredTopicsRequest, context: Context) -> pb.CoveredTopics:
        topic_ids = [parse_uuid(text, "topic_ids") for text in request.topic_ids]
        async with self._db.unit_of_work(current_principal()) as uow:
            lesson = await self._lessons.lesson(uow, parse_uuid(request.session_id, "session_id"), current_scope())
            await set_covered_topics(uow, lesson=lesson, topic_ids=topic_ids)
            return await self._covered(uow, lesson.session_id, lesson.enrolment_id)

    async def GetCoveredTopics(self, request: pb.GetCoveredTopicsRequest, context: Context) -> pb.CoveredTopics:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            lesson = await self._lessons.lesson(uow, parse_uuid(request.session_id, "session_id"), current_scope())
            return await self._covered(uow, lesson.session_id, lesson.enrolment_id)

    async def _covered(self, uow: UnitOfWork, session_id: UUID, enrolment_id: UUID) -> pb.CoveredTopics:
        marks = await progress.covered_in(uow, session_id)
        return pb.CoveredTopics(
            session_id=str(session_id),
            enrolment_id=str(enrolment_id),
            topic_ids=[str(mark.topic_id) for mark in marks],
        )

    async def GetEnrolmentProgress(
        self, request: pb.GetEnrolmentProgressRequest, context: Context
    ) -> pb.EnrolmentProgress:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            enrolment_id = parse_uuid(request.enrolment_id, "enrolment_id")
            enrolment = await queries.get_visible_enrolment(uow, enrolment_id, current_scope())
            [found] = await progress.progress_of(uow, [enrolment])
            return _to_proto(found, with_topics=True)

    async def ListEnrolmentProgress(
        self, request: pb.ListEnrolmentProgressRequest, context: Context
    ) -> pb.ListEnrolmentProgressResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_enrolments(
                    current_scope(),
                    term_id=parse_optional_uuid(request.term_id, "term_id"),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                    course_id=parse_optional_uuid(request.course_id, "course_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ORDER, unique=Enrolment.id),
            )
            found = await progress.progress_of(uow, rows)
            return pb.ListEnrolmentProgressResponse(
                progress=[_to_proto(one, with_topics=False) for one in found], next_page_token=token
            )


def _to_proto(found: Progress, *, with_topics: bool) -> pb.EnrolmentProgress:
    coverage = found.coverage
    topics = [
        pb.TopicProgress(
            topic=topic_to_proto(topic),
            covered=topic.id in coverage.topic_ids,
            session_ids=[str(mark.session_id) for mark in found.marks.get(topic.id, ())],
            first_covered_date=to_date(found.marks[topic.id][0].session_date) if topic.id in found.marks else "",
        )
        for topic in found.topics
    ]
    return pb.EnrolmentProgress(
        enrolment_id=str(found.enrolment.id),
        course_id=str(found.enrolment.course_id),
        planned_duration=to_duration(coverage.planned),
        covered_duration=to_duration(coverage.covered),
        expected_duration=to_duration(found.expected),
        covered_share=coverage.share,
        topic_count=sum(topic.parent_topic_id is None for topic in found.topics),
        covered_topic_count=sum(
            topic.parent_topic_id is None and topic.id in coverage.topic_ids for topic in found.topics
        ),
        topics=topics if with_topics else (),
    )
