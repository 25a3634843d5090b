"""CurriculumService on the wire."""

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.courses import curriculum_map
from hub.courses.models import ProgrammeCourse
from hub.courses.rules import ProgrammeCourseKind
from hub.courses.service import curriculum
from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from smartroster.courses.v1 import curriculum_pb2 as pb
from smartroster.courses.v1 import curriculum_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_KINDS = {pb.ProgrammeCourse.Kind.Value(f"KIND_{kind}"): kind for kind in ProgrammeCourseKind}
_PATH = "programme_course"
_ORDER = {
    "year_of_study": ProgrammeCourse.year_of_study,
    "term_number": ProgrammeCourse.term_number,
    "create_time": ProgrammeCourse.create_time,
}


class CurriculumServicer(curriculum_pb2_grpc.CurriculumServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def CreateProgrammeCourse(
        self, request: pb.CreateProgrammeCourseRequest, context: Context
    ) -> pb.ProgrammeCourse:
        wanted = request.programme_course
        draft = curriculum.ProgrammeCourseDraft(
            programme_id=parse_uuid(wanted.programme_id, f"{_PATH}.programme_id"),
            course_id=parse_uuid(wanted.course_id, f"{_PATH}.course_id"),
            year_of_study=wanted.year_of_study,
            term_number=wanted.term_number,
            kind=_kind(wanted.kind),
            theory_room_type=wanted.theory_room_type,
            practical_room_type=wanted.practical_room_type,
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            return line_to_proto(await curriculum.create_programme_course(uow, draft=draft))

    async def GetProgrammeCourse(self, request: pb.GetProgrammeCourseRequest, context: Context) -> pb.ProgrammeCourse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            line_id = parse_uuid(request.programme_course_id, "programme_course_id")
            return line_to_proto(await curriculum_map.get_line(uow, line_id))

    async def ListProgrammeCourses(
        self, request: pb.ListProgrammeCoursesRequest, context: Context
    ) -> pb.ListProgrammeCoursesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                curriculum_map.select_lines(
                    programme_id=parse_optional_uuid(request.programme_id, "programme_id"),
                    course_id=parse_optional_uuid(request.course_id, "course_id"),
                    year_of_study=request.year_of_study,
                    term_number=request.term_number,
                    kind=_KINDS.get(request.kind),
                    include_archived=request.include_archived,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or "year_of_study, term_number", _ORDER, unique=ProgrammeCourse.id),
            )
            return pb.ListProgrammeCoursesResponse(programme_courses=map(line_to_proto, rows), next_page_token=token)

    async def UpdateProgrammeCourse(
        self, request: pb.UpdateProgrammeCourseRequest, context: Context
    ) -> pb.ProgrammeCourse:
        wanted = request.programme_course
        fields = check_mask(request.update_mask, curriculum.PROGRAMME_COURSE_FIELDS)
        line_id = parse_uuid(wanted.id, f"{_PATH}.id")
        async with self._db.unit_of_work(current_principal()) as uow:
            line = await curriculum_map.get_line(uow, line_id)
            draft = curriculum.ProgrammeCourseDraft(
                programme_id=line.programme_id,
                course_id=line.course_id,
                year_of_study=wanted.year_of_study,
                term_number=wanted.term_number,
                kind=_kind(wanted.kind) if "kind" in fields else line.kind,
                theory_room_type=wanted.theory_room_type,
                practical_room_type=wanted.practical_room_type,
            )
            line = await curriculum.update_programme_course(
                uow, line_id=line_id, draft=draft, fields=fields, etag=wanted.etag
            )
            return line_to_proto(line)

    async def ArchiveProgrammeCourse(
        self, request: pb.ArchiveProgrammeCourseRequest, context: Context
    ) -> pb.ProgrammeCourse:
        return await self._archive(request, archived=True)

    async def RestoreProgrammeCourse(
        self, request: pb.RestoreProgrammeCourseRequest, context: Context
    ) -> pb.ProgrammeCourse:
        return await self._archive(request, archived=False)

    async def _archive(
        self, request: pb.ArchiveProgrammeCourseRequest | pb.RestoreProgrammeCourseRequest, *, archived: bool
    ) -> pb.ProgrammeCourse:
        line_id = parse_uuid(request.programme_course_id, "programme_course_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            line = await curriculum.archive_programme_course(uow, line_id=line_id, archived=archived, etag=request.etag)
            return line_to_proto(line)

    async def DeleteProgrammeCourse(self, request: pb.DeleteProgrammeCourseRequest, context: Context) -> Empty:
        line_id = parse_uuid(request.programme_course_id, "programme_course_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await curriculum.delete_programme_course(uow, line_id=line_id, etag=request.etag)
            return Empty()


def _kind(value: pb.ProgrammeCourse.Kind) -> ProgrammeCourseKind:
    kind = _KINDS.get(value)
    if kind is None:
        raise InvalidArgument.of(f"{_PATH}.kind", f"is required: give one of {', '.join(ProgrammeCourseKind)}")
    return kind


def line_to_proto(line: ProgrammeCourse) -> pb.ProgrammeCourse:
    return pb.ProgrammeCourse(
        id=str(line.id),
        programme_id=str(line.programme_id),
        course_id=str(line.course_id),
        year_of_study=line.year_of_study,
        term_number=line.term_number,
        kind=f"KIND_{line.kind}",
        theory_room_type=line.theory_room_type,
        practical_room_type=line.practical_room_type,
        archived=line.archived,
        etag=str(line.etag),
    )
