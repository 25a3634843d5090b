"""CoursesService on the wire."""

from datetime import timedelta
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.courses import queries
from hub.courses.models import Course
from hub.courses.service import catalogue
from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask, from_duration, parse_optional_uuid, parse_uuid, to_duration
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
            return course_to_proto(await catalogue.create_course(uow, draft=_draft(request.course)))

    async def GetCourse(self, request: pb.GetCourseRequest, context: Context) -> pb.Course:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return course_to_proto(await queries.get_course(uow, parse_uuid(request.course_id, "course_id")))

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
            return pb.ListCoursesResponse(courses=map(course_to_proto, rows), next_page_token=token)

    async def UpdateCourse(self, request: pb.UpdateCourseRequest, context: Context) -> pb.Course:
        fields = check_mask(request.update_mask, catalogue.COURSE_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            course_id = parse_uuid(request.course.id, "course.id")
            if "department_id" not in fields:
                request.course.department_id = str((await queries.get_course(uow, course_id)).department_id)
            course = await catalogue.update_course(
                uow, course_id=course_id, draft=_draft(request.course), fields=fields, etag=request.course.etag
            )
            return course_to_proto(course)

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
            return course_to_proto(course)

    async def DeleteCourse(self, request: pb.DeleteCourseRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await catalogue.delete_course(uow, course_id=parse_uuid(request.course_id, "course_id"), etag=request.etag)
            return Empty()


def _draft(course: pb.Course) -> catalogue.CourseDraft:
    return catalogue.CourseDraft(
        code=course.code,
        title=course.title,
        department_id=parse_uuid(course.department_id, "course.department_id"),
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=from_duration(course.weekly_theory, "course.weekly_theory"),
        weekly_practical=from_duration(course.weekly_practical, "course.weekly_practical"),
        default_session_length=from_duration(course.default_session_length, "course.default_session_length"),
        total_length=from_duration(course.total_length, "course.total_length"),
    )


def course_to_proto(course: Course) -> pb.Course:
    return pb.Course(
        id=str(course.id),
        code=course.code,
        title=course.title,
        department_id=str(course.department_id),
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=to_duration(timedelta(minutes=course.weekly_theory_minutes)),
        weekly_practical=to_duration(timedelta(minutes=course.weekly_practical_minutes)),
        default_session_length=to_duration(course.default_session_length),
        total_length=to_duration(timedelta(minutes=course.total_minutes)),
        archived=course.archived,
        etag=str(course.etag),
    )
