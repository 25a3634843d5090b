"""RegistrationService on the wire."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import parse_optional_uuid
from hub.spreadsheets.columns import Sheet
from hub.spreadsheets.reader import read_workbook
from hub.spreadsheets.wire import import_updates
from hub.spreadsheets.writer import write_workbook
from hub.users import workbook
from hub.users.college import College, Places
from hub.users.service import registration
from smartroster.imports.v1 import imports_pb2
from smartroster.users.v1 import registration_pb2 as pb
from smartroster.users.v1 import registration_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

# Two who register at once wait for each other.
_LOCK = "users.registration"


class RegistrationServicer(registration_pb2_grpc.RegistrationServiceServicer):
    def __init__(self, database: Database, *, college: College) -> None:
        self._db = database
        self._college = college

    async def GetTraineesTemplate(
        self, request: pb.GetTraineesTemplateRequest, context: Context
    ) -> imports_pb2.Workbook:
        return await self._template(workbook.trainees_template, "trainees-template.xlsx")

    async def GetTrainersTemplate(
        self, request: pb.GetTrainersTemplateRequest, context: Context
    ) -> imports_pb2.Workbook:
        return await self._template(workbook.trainers_template, "trainers-template.xlsx")

    def ImportTrainees(
        self, request: pb.ImportTraineesRequest, context: Context
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        return self._updates(registration.TRAINEES, request.workbook, validate_only=request.validate_only)

    def ImportTrainers(
        self, request: pb.ImportTrainersRequest, context: Context
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        return self._updates(registration.TRAINERS, request.workbook, validate_only=request.validate_only)

    async def ExportTrainees(self, request: pb.ExportTraineesRequest, context: Context) -> imports_pb2.Workbook:
        group_id = parse_optional_uuid(request.class_group_id, "class_group_id")
        return await self._export(registration.TRAINEES, "trainees.xlsx", class_group_id=group_id)

    async def ExportTrainers(self, request: pb.ExportTrainersRequest, context: Context) -> imports_pb2.Workbook:
        department_id = parse_optional_uuid(request.department_id, "department_id")
        return await self._export(registration.TRAINERS, "trainers.xlsx", department_id=department_id)

    async def _template(self, sheet_of: Callable[[Places], Sheet], file_name: str) -> imports_pb2.Workbook:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            sheet = sheet_of(await self._college.places(uow))
        content = await asyncio.to_thread(write_workbook, [sheet], title=f"{sheet.name} to register")
        return imports_pb2.Workbook(content=content, file_name=file_name)

    def _updates(
        self, kind: registration.Kind, data: bytes, *, validate_only: bool
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        return import_updates(
            self._db,
            current_principal(),
            read=partial(read_workbook, data, [kind.sheet]),
            store=partial(registration.register, kind=kind, college=self._college),
            lock=_LOCK,
            validate_only=validate_only,
        )

    async def _export(
        self,
        kind: registration.Kind,
        file_name: str,
        *,
        class_group_id: UUID | None = None,
        department_id: UUID | None = None,
    ) -> imports_pb2.Workbook:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows: Sequence[dict[str, Any]] = await registration.export(
                uow,
                kind=kind,
                scope=current_scope(),
                college=self._college,
                class_group_id=class_group_id,
                department_id=department_id,
            )
        content = await asyncio.to_thread(
            write_workbook, [kind.sheet], title=f"{kind.sheet.name} of the college", rows={kind.sheet.name: rows}
        )
        return imports_pb2.Workbook(content=content, file_name=file_name)
