"""SchoolService: the school itself; its parts and its calendar are inherited."""

from typing import Any

import grpc

from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask
from hub.school import queries
from hub.school.rpc.calendar import CalendarRpcs
from hub.school.rpc.messages import logo_to_proto, school_draft, school_to_proto
from hub.school.rpc.structure import StructureRpcs
from hub.school.service import institution
from hub.users.college import College
from smartroster.school.v1 import school_pb2 as pb
from smartroster.school.v1 import school_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class SchoolServicer(StructureRpcs, CalendarRpcs, school_pb2_grpc.SchoolServiceServicer):
    def __init__(self, database: Database, *, college: College) -> None:
        self._db = database
        self._college = college

    async def CreateSchool(self, request: pb.CreateSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal()) as uow:
            return school_to_proto(await institution.create_school(uow, draft=school_draft(request.school)))

    async def GetSchool(self, request: pb.GetSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return school_to_proto(await queries.get_school(uow))

    async def UpdateSchool(self, request: pb.UpdateSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal()) as uow:
            school = await institution.update_school(
                uow,
                wanted=school_draft(request.school),
                fields=check_mask(request.update_mask, institution.FIELDS),
                etag=request.school.etag,
            )
            return school_to_proto(school)

    async def SetLogo(self, request: pb.SetLogoRequest, context: Context) -> pb.School:
        logo = await institution.decode_logo(request.content)
        async with self._db.unit_of_work(current_principal()) as uow:
            return school_to_proto(await institution.set_logo(uow, logo=logo, etag=request.etag))

    async def GetLogo(self, request: pb.GetLogoRequest, context: Context) -> pb.Logo:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return logo_to_proto(await queries.get_logo(uow))

    async def DeleteLogo(self, request: pb.DeleteLogoRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal()) as uow:
            return school_to_proto(await institution.delete_logo(uow, etag=request.etag))
