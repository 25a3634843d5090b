"""StructureService on the wire."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import grpc

from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.school import queries, workbook
from hub.school.service.structure_import import export_structure, import_structure
from hub.spreadsheets.reader import read_workbook
from hub.spreadsheets.wire import import_updates
from hub.spreadsheets.writer import write_workbook
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import structure_pb2 as pb
from smartroster.school.v1 import structure_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class StructureServicer(structure_pb2_grpc.StructureServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def GetStructureTemplate(
        self, request: pb.GetStructureTemplateRequest, context: Context
    ) -> imports_pb2.Workbook:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            sheets = workbook.template(levels=await queries.programme_levels(uow))
        content = await asyncio.to_thread(write_workbook, sheets, title="The structure of the school")
        return imports_pb2.Workbook(content=content, file_name="structure-template.xlsx")

    def ImportStructure(
        self, request: pb.ImportStructureRequest, context: Context
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        return import_updates(
            self._db,
            current_principal(),
            read=partial(read_workbook, request.workbook, workbook.SHEETS),
            store=import_structure,
            lock="school.structure",
            validate_only=request.validate_only,
        )

    async def ExportStructure(self, request: pb.ExportStructureRequest, context: Context) -> imports_pb2.Workbook:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows = await export_structure(uow)
            sheets = workbook.template(levels=await queries.programme_levels(uow))
        content = await asyncio.to_thread(write_workbook, sheets, title="The structure of the school", rows=rows)
        return imports_pb2.Workbook(content=content, file_name="structure.xlsx")
