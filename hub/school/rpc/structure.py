"""SchoolService: departments, programmes and class groups."""

from typing import Any
from uuid import UUID

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask, from_optional_date, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from hub.school import queries
from hub.school.models import ClassGroup, Department, Programme
from hub.school.rpc.messages import (
    class_group_draft,
    class_group_to_proto,
    department_draft,
    department_to_proto,
    programme_draft,
    programme_to_proto,
)
from hub.school.service import heads, structure
from hub.users import queries as users_queries
from hub.users.college import College
from smartroster.school.v1 import school_pb2 as pb

Context = grpc.aio.ServicerContext[Any, Any]

_NO_PROGRAMME = UUID(int=0)


class StructureRpcs:
    """What `SchoolServicer` inherits for the parts of the school."""

    _db: Database
    _college: College

    async def CreateDepartment(self, request: pb.CreateDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await structure.create_department(uow, draft=department_draft(request.department))
            return department_to_proto(department, None)

    async def GetDepartment(self, request: pb.GetDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            department_id = parse_uuid(request.department_id, "department_id")
            return await _with_head(uow, await queries.get_department(uow, department_id))

    async def ListDepartments(self, request: pb.ListDepartmentsRequest, context: Context) -> pb.ListDepartmentsResponse:
        columns = {"code": Department.code, "name": Department.name, "create_time": Department.create_time}
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_departments(query=request.query, include_archived=request.include_archived),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, columns, unique=Department.id),
            )
            serving = await users_queries.heads_of(uow, [department.id for department in rows])
            return pb.ListDepartmentsResponse(
                departments=[department_to_proto(department, serving.get(department.id)) for department in rows],
                next_page_token=token,
            )

    async def UpdateDepartment(self, request: pb.UpdateDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await structure.update_department(
                uow,
                department_id=parse_uuid(request.department.id, "department.id"),
                wanted=department_draft(request.department),
                fields=check_mask(request.update_mask, structure.DEPARTMENT_FIELDS),
                etag=request.department.etag,
            )
            return await _with_head(uow, department)

    async def ArchiveDepartment(self, request: pb.ArchiveDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await structure.archive_department(
                uow, department_id=parse_uuid(request.department_id, "department_id"), etag=request.etag
            )
            return await _with_head(uow, department)

    async def RestoreDepartment(self, request: pb.RestoreDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await structure.restore_department(
                uow, department_id=parse_uuid(request.department_id, "department_id"), etag=request.etag
            )
            return await _with_head(uow, department)

    async def DeleteDepartment(self, request: pb.DeleteDepartmentRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await structure.delete_department(
                uow, department_id=parse_uuid(request.department_id, "department_id"), etag=request.etag
            )
            return Empty()

    async def AppointHead(self, request: pb.AppointHeadRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await heads.appoint_head(
                uow,
                department_id=parse_uuid(request.department_id, "department_id"),
                user_id=parse_optional_uuid(request.user_id, "user_id"),
                appointed_date=from_optional_date(request.appointed_date, "appointed_date"),
                college=self._college,
            )
            return await _with_head(uow, department)

    async def CreateProgramme(self, request: pb.CreateProgrammeRequest, context: Context) -> pb.Programme:
        async with self._db.unit_of_work(current_principal()) as uow:
            return programme_to_proto(await structure.create_programme(uow, draft=programme_draft(request.programme)))

    async def GetProgramme(self, request: pb.GetProgrammeRequest, context: Context) -> pb.Programme:
        programme_id = parse_uuid(request.programme_id, "programme_id")
        return programme_to_proto(await queries.get_programme(self._db, programme_id))

    async def ListProgrammes(self, request: pb.ListProgrammesRequest, context: Context) -> pb.ListProgrammesResponse:
        columns = {
            "code": Programme.code,
            "name": Programme.name,
            "level": Programme.level,
            "create_time": Programme.create_time,
        }
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_programmes(
                    parse_optional_uuid(request.department_id, "department_id"),
                    query=request.query,
                    level=request.level,
                    include_archived=request.include_archived,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, columns, unique=Programme.id),
            )
            return pb.ListProgrammesResponse(programmes=map(programme_to_proto, rows), next_page_token=token)

    async def UpdateProgramme(self, request: pb.UpdateProgrammeRequest, context: Context) -> pb.Programme:
        fields = check_mask(request.update_mask, structure.PROGRAMME_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            programme = await structure.update_programme(
                uow,
                programme_id=parse_uuid(request.programme.id, "programme.id"),
                wanted=programme_draft(request.programme, fields),
                fields=fields,
                etag=request.programme.etag,
            )
            return programme_to_proto(programme)

    async def ArchiveProgramme(self, request: pb.ArchiveProgrammeRequest, context: Context) -> pb.Programme:
        async with self._db.unit_of_work(current_principal()) as uow:
            programme = await structure.archive_programme(
                uow, programme_id=parse_uuid(request.programme_id, "programme_id"), etag=request.etag
            )
            return programme_to_proto(programme)

    async def RestoreProgramme(self, request: pb.RestoreProgrammeRequest, context: Context) -> pb.Programme:
        async with self._db.unit_of_work(current_principal()) as uow:
            programme = await structure.restore_programme(
                uow, programme_id=parse_uuid(request.programme_id, "programme_id"), etag=request.etag
            )
            return programme_to_proto(programme)

    async def DeleteProgramme(self, request: pb.DeleteProgrammeRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await structure.delete_programme(
                uow, programme_id=parse_uuid(request.programme_id, "programme_id"), etag=request.etag
            )
            return Empty()

    async def CreateClassGroup(self, request: pb.CreateClassGroupRequest, context: Context) -> pb.ClassGroup:
        wanted = request.class_group
        programme_id = parse_uuid(wanted.programme_id, "class_group.programme_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            group = await structure.create_class_group(uow, draft=class_group_draft(wanted, programme_id=programme_id))
            return class_group_to_proto(group, await queries.active_year(uow))

    async def GetClassGroup(self, request: pb.GetClassGroupRequest, context: Context) -> pb.ClassGroup:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            group = await queries.get_class_group(uow, parse_uuid(request.class_group_id, "class_group_id"))
            return class_group_to_proto(group, await queries.active_year(uow))

    async def ListClassGroups(self, request: pb.ListClassGroupsRequest, context: Context) -> pb.ListClassGroupsResponse:
        columns = {
            "name": ClassGroup.name,
            "intake_year": ClassGroup.intake_year,
            "stream": ClassGroup.stream,
            "capacity": ClassGroup.capacity,
            "create_time": ClassGroup.create_time,
        }
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_class_groups(
                    parse_optional_uuid(request.programme_id, "programme_id"),
                    query=request.query,
                    department_id=parse_optional_uuid(request.department_id, "department_id"),
                    intake_year=request.intake_year,
                    include_archived=request.include_archived,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, columns, unique=ClassGroup.id),
            )
            year = await queries.active_year(uow)
            return pb.ListClassGroupsResponse(
                class_groups=[class_group_to_proto(group, year) for group in rows], next_page_token=token
            )

    async def UpdateClassGroup(self, request: pb.UpdateClassGroupRequest, context: Context) -> pb.ClassGroup:
        wanted = request.class_group
        fields = check_mask(request.update_mask, structure.CLASS_GROUP_FIELDS)
        if not wanted.HasField("capacity"):
            fields -= {"capacity"}
        async with self._db.unit_of_work(current_principal()) as uow:
            group = await structure.update_class_group(
                uow,
                class_group_id=parse_uuid(wanted.id, "class_group.id"),
                wanted=class_group_draft(wanted, programme_id=_NO_PROGRAMME),
                fields=fields,
                etag=wanted.etag,
            )
            return class_group_to_proto(group, await queries.active_year(uow))

    async def ArchiveClassGroup(self, request: pb.ArchiveClassGroupRequest, context: Context) -> pb.ClassGroup:
        async with self._db.unit_of_work(current_principal()) as uow:
            group = await structure.archive_class_group(
                uow, class_group_id=parse_uuid(request.class_group_id, "class_group_id"), etag=request.etag
            )
            return class_group_to_proto(group, await queries.active_year(uow))

    async def RestoreClassGroup(self, request: pb.RestoreClassGroupRequest, context: Context) -> pb.ClassGroup:
        async with self._db.unit_of_work(current_principal()) as uow:
            group = await structure.restore_class_group(
                uow, class_group_id=parse_uuid(request.class_group_id, "class_group_id"), etag=request.etag
            )
            return class_group_to_proto(group, await queries.active_year(uow))

    async def DeleteClassGroup(self, request: pb.DeleteClassGroupRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await structure.delete_class_group(
                uow, class_group_id=parse_uuid(request.class_group_id, "class_group_id"), etag=request.etag
            )
            return Empty()


async def _with_head(uow: UnitOfWork, department: Department) -> pb.Department:
    found = await users_queries.heads_of(uow, [department.id])
    return department_to_proto(department, found.get(department.id))
