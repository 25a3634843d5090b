"""CoursesService on the wire."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.courses import outline, prerequisites, queries
from hub.courses.models import Course, Topic
from hub.courses.rpc.course_messages import (
    course_draft,
    course_to_proto,
    outline_to_proto,
    topic_draft,
    topic_to_proto,
    tree_to_proto,
)
from hub.courses.service import catalogue, topics
from hub.courses.service.prerequisites import add_prerequisite, remove_prerequisite
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from smartroster.courses.v1 import courses_pb2 as pb
from smartroster.courses.v1 import courses_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_ORDER = {
    "code": Course.code,
    "title": Course.title,
    "credit_hours": Course.credit_hours,
    "create_time": Course.create_time,
}


class CoursesServicer(courses_pb2_grpc.CoursesServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def CreateCourse(self, request: pb.CreateCourseRequest, context: Context) -> pb.Course:
        async with self._db.unit_of_work(current_principal()) as uow:
            course = await catalogue.create_course(uow, draft=course_draft(request.course))
            for text in request.course.prerequisite_ids:
                await add_prerequisite(
                    uow, course_id=course.id, prerequisite_id=parse_uuid(text, "course.prerequisite_ids")
                )
            return await _one(uow, course)

    async def GetCourse(self, request: pb.GetCourseRequest, context: Context) -> pb.Course:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return await _one(uow, await queries.get_course(uow, parse_uuid(request.course_id, "course_id")))

    async def ListCourses(self, request: pb.ListCoursesRequest, context: Context) -> pb.ListCoursesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_courses(
                    department_id=parse_optional_uuid(request.department_id, "department_id"),
                    query=request.query,
                    include_archived=request.include_archived,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ORDER, unique=Course.code),
            )
            return pb.ListCoursesResponse(courses=await _several(uow, rows), next_page_token=token)

    async def UpdateCourse(self, request: pb.UpdateCourseRequest, context: Context) -> pb.Course:
        fields = check_mask(request.update_mask, catalogue.COURSE_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            course_id = parse_uuid(request.course.id, "course.id")
            if "department_id" not in fields:
                request.course.department_id = str((await queries.get_course(uow, course_id)).department_id)
            course = await catalogue.update_course(
                uow, course_id=course_id, draft=course_draft(request.course), fields=fields, etag=request.course.etag
            )
            return await _one(uow, course)

    async def ArchiveCourse(self, request: pb.ArchiveCourseRequest, context: Context) -> pb.Course:
        return await self._archive(request, archived=True)

    async def RestoreCourse(self, request: pb.RestoreCourseRequest, context: Context) -> pb.Course:
        return await self._archive(request, archived=False)

    async def _archive(
        self, request: pb.ArchiveCourseRequest | pb.RestoreCourseRequest, *, archived: bool
    ) -> pb.Course:
        async with self._db.unit_of_work(current_principal()) as uow:
            course = await catalogue.archive_course(
                uow, course_id=parse_uuid(request.course_id, "course_id"), archived=archived, etag=request.etag
            )
            return await _one(uow, course)

    async def DeleteCourse(self, request: pb.DeleteCourseRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await catalogue.delete_course(uow, course_id=parse_uuid(request.course_id, "course_id"), etag=request.etag)
            return Empty()

    async def AddPrerequisite(self, request: pb.AddPrerequisiteRequest, context: Context) -> pb.PrerequisiteTree:
        course_id, prerequisite_id = _edge(request)
        async with self._db.unit_of_work(current_principal()) as uow:
            await add_prerequisite(uow, course_id=course_id, prerequisite_id=prerequisite_id)
            return tree_to_proto(await prerequisites.prerequisite_tree(uow, course_id))

    async def RemovePrerequisite(self, request: pb.RemovePrerequisiteRequest, context: Context) -> pb.PrerequisiteTree:
        course_id, prerequisite_id = _edge(request)
        async with self._db.unit_of_work(current_principal()) as uow:
            await remove_prerequisite(uow, course_id=course_id, prerequisite_id=prerequisite_id)
            return tree_to_proto(await prerequisites.prerequisite_tree(uow, course_id))

    async def GetPrerequisiteTree(
        self, request: pb.GetPrerequisiteTreeRequest, context: Context
    ) -> pb.PrerequisiteTree:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            course_id = parse_uuid(request.course_id, "course_id")
            return tree_to_proto(await prerequisites.prerequisite_tree(uow, course_id))

    async def CreateTopic(self, request: pb.CreateTopicRequest, context: Context) -> pb.Topic:
        draft = topic_draft(request.topic, course_id=parse_uuid(request.topic.course_id, "topic.course_id"))
        async with self._db.unit_of_work(current_principal()) as uow:
            topic = await topics.create_topic(uow, draft=draft)
            await uow.session.refresh(topic)
            return topic_to_proto(topic)

    async def ListTopics(self, request: pb.ListTopicsRequest, context: Context) -> pb.ListTopicsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                outline.select_topics(
                    parse_uuid(request.course_id, "course_id"),
                    parse_optional_uuid(request.parent_topic_id, "parent_topic_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Topic.position],
            )
            return pb.ListTopicsResponse(topics=map(topic_to_proto, rows), next_page_token=token)

    async def GetCourseOutline(self, request: pb.GetCourseOutlineRequest, context: Context) -> pb.CourseOutline:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            course = await queries.get_course(uow, parse_uuid(request.course_id, "course_id"))
            return outline_to_proto(course, await outline.outline_of(uow, course.id))

    async def UpdateTopic(self, request: pb.UpdateTopicRequest, context: Context) -> pb.Topic:
        fields = check_mask(request.update_mask, topics.TOPIC_FIELDS)
        topic_id = parse_uuid(request.topic.id, "topic.id")
        async with self._db.unit_of_work(current_principal()) as uow:
            course_id = (await outline.get_topic(uow, topic_id)).course_id
            topic = await topics.update_topic(
                uow,
                topic_id=topic_id,
                draft=topic_draft(request.topic, course_id=course_id),
                fields=fields,
                etag=request.topic.etag,
            )
            return topic_to_proto(topic)

    async def MoveTopic(self, request: pb.MoveTopicRequest, context: Context) -> pb.Topic:
        async with self._db.unit_of_work(current_principal()) as uow:
            topic = await topics.move_topic(
                uow,
                topic_id=parse_uuid(request.topic_id, "topic_id"),
                position=request.position,
                parent_topic_id=parse_optional_uuid(request.parent_topic_id, "parent_topic_id"),
                etag=request.etag,
            )
            return topic_to_proto(topic)

    async def ReorderTopics(self, request: pb.ReorderTopicsRequest, context: Context) -> pb.CourseOutline:
        course_id = parse_uuid(request.course_id, "course_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await topics.reorder_topics(
                uow,
                course_id=course_id,
                parent_topic_id=parse_optional_uuid(request.parent_topic_id, "parent_topic_id"),
                topic_ids=[parse_uuid(text, "topic_ids") for text in request.topic_ids],
            )
            course = await queries.get_course(uow, course_id)
            return outline_to_proto(course, await outline.outline_of(uow, course.id))

    async def DeleteTopic(self, request: pb.DeleteTopicRequest, context: Context) -> Empty:
        topic_id = parse_uuid(request.topic_id, "topic_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await topics.delete_topic(uow, topic_id=topic_id, etag=request.etag, force=request.force)
            return Empty()


async def _one(uow: UnitOfWork, course: Course) -> pb.Course:
    return (await _several(uow, [course]))[0]


async def _several(uow: UnitOfWork, courses: Sequence[Course]) -> list[pb.Course]:
    needed = await prerequisites.prerequisites_of(uow, [course.id for course in courses])
    return [course_to_proto(course, needed.get(course.id, ())) for course in courses]


def _edge(request: pb.AddPrerequisiteRequest | pb.RemovePrerequisiteRequest) -> tuple[UUID, UUID]:
    return parse_uuid(request.course_id, "course_id"), parse_uuid(request.prerequisite_id, "prerequisite_id")
