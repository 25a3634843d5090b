"""CoursesService on the wire."""

from datetime import timedelta
from typing import Any

import grpc

from hub.courses import queries, service
from hub.courses.models import Course, Enrolment, EnrolmentException
from hub.courses.rules import ExceptionKind
from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import (
    from_date,
    from_duration,
    from_optional_date,
    parse_optional_uuid,
    parse_uuid,
    to_date,
    to_duration,
)
from hub.rpc.paging import page
from smartroster.courses.v1 import courses_pb2 as pb
from smartroster.courses.v1 import courses_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_KINDS = {pb.EnrolmentException.Kind.Value(f"KIND_{kind}"): kind for kind in ExceptionKind}


class CoursesServicer(courses_pb2_grpc.CoursesServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def CreateCourse(self, request: pb.CreateCourseRequest, context: Context) -> pb.Course:
        async with self._db.unit_of_work(current_principal()) as uow:
            return _course_to_proto(await service.create_course(uow, draft=_course_draft(request.course)))

    async def GetCourse(self, request: pb.GetCourseRequest, context: Context) -> pb.Course:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return _course_to_proto(await queries.get_course(uow, parse_uuid(request.course_id, "course_id")))

    async def ListCourses(self, request: pb.ListCoursesRequest, context: Context) -> pb.ListCoursesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_courses(parse_optional_uuid(request.department_id, "department_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Course.code],
            )
            return pb.ListCoursesResponse(courses=map(_course_to_proto, rows), next_page_token=token)

    async def CreateEnrolment(self, request: pb.CreateEnrolmentRequest, context: Context) -> pb.Enrolment:
        wanted = request.enrolment
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await service.create_enrolment(
                uow,
                class_group_id=parse_uuid(wanted.class_group_id, "enrolment.class_group_id"),
                course_id=parse_uuid(wanted.course_id, "enrolment.course_id"),
                term_id=parse_uuid(wanted.term_id, "enrolment.term_id"),
                trainer_id=parse_uuid(wanted.trainer_id, "enrolment.trainer_id"),
            )
            return _enrolment_to_proto(enrolment)

    async def GetEnrolment(self, request: pb.GetEnrolmentRequest, context: Context) -> pb.Enrolment:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            enrolment_id = parse_uuid(request.enrolment_id, "enrolment_id")
            return _enrolment_to_proto(await queries.get_visible_enrolment(uow, enrolment_id, current_scope()))

    async def ListEnrolments(self, request: pb.ListEnrolmentsRequest, context: Context) -> pb.ListEnrolmentsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_enrolments(
                    current_scope(),
                    term_id=parse_optional_uuid(request.term_id, "term_id"),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Enrolment.id],
            )
            return pb.ListEnrolmentsResponse(enrolments=map(_enrolment_to_proto, rows), next_page_token=token)

    async def CreateEnrolmentException(
        self, request: pb.CreateEnrolmentExceptionRequest, context: Context
    ) -> pb.EnrolmentException:
        draft = _exception_draft(request.enrolment_exception)
        async with self._db.unit_of_work(current_principal()) as uow:
            return _exception_to_proto(await service.create_exception(uow, draft=draft))


def _course_draft(course: pb.Course) -> service.CourseDraft:
    return service.CourseDraft(
        code=course.code,
        title=course.title,
        department_id=parse_uuid(course.department_id, "course.department_id"),
        description=course.description,
        credit_hours=course.credit_hours,
        weekly_theory=from_duration(course.weekly_theory, "course.weekly_theory"),
        weekly_practical=from_duration(course.weekly_practical, "course.weekly_practical"),
        default_session_length=from_duration(course.default_session_length, "course.default_session_length"),
    )


def _exception_draft(exception: pb.EnrolmentException) -> service.ExceptionDraft:
    path = "enrolment_exception"
    kind = _KINDS.get(exception.kind)
    if kind is None:
        raise InvalidArgument.of(f"{path}.kind", f"is required: give one of {', '.join(ExceptionKind)}")
    return service.ExceptionDraft(
        enrolment_id=parse_uuid(exception.enrolment_id, f"{path}.enrolment_id"),
        trainee_id=parse_uuid(exception.trainee_id, f"{path}.trainee_id"),
        kind=kind,
        start_date=from_date(exception.start_date, f"{path}.start_date"),
        end_date=from_optional_date(exception.end_date, f"{path}.end_date"),
        reason=exception.reason,
    )


def _course_to_proto(course: Course) -> pb.Course:
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
        etag=str(course.etag),
    )


def _enrolment_to_proto(enrolment: Enrolment) -> pb.Enrolment:
    return pb.Enrolment(
        id=str(enrolment.id),
        class_group_id=str(enrolment.class_group_id),
        course_id=str(enrolment.course_id),
        term_id=str(enrolment.term_id),
        trainer_id=str(enrolment.trainer_id),
        state=f"STATE_{enrolment.state}",
        etag=str(enrolment.etag),
    )


def _exception_to_proto(exception: EnrolmentException) -> pb.EnrolmentException:
    return pb.EnrolmentException(
        id=str(exception.id),
        enrolment_id=str(exception.enrolment_id),
        trainee_id=str(exception.trainee_id),
        kind=f"KIND_{exception.kind}",
        start_date=to_date(exception.start_date),
        end_date=to_date(exception.end_date),
        reason=exception.reason,
    )
