"""SchoolStatisticsService on the wire."""

from datetime import date
from typing import Any
from uuid import UUID

import grpc
from sqlalchemy import false, select

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import from_optional_date, parse_optional_uuid
from hub.rpc.paging import Key, order_keys, page
from hub.rpc.permissions import Scope
from hub.school import queries
from hub.school.models import ClassGroup, Department, Programme
from hub.school.statistics import Figures, Level, figures_of, figures_of_school
from hub.school.teaching import Teaching
from hub.users.models import HodProfile
from smartroster.school.v1 import statistics_pb2 as pb
from smartroster.school.v1 import statistics_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_LEVELS = {pb.Level.Value(f"LEVEL_{level}"): level for level in Level}


class SchoolStatisticsServicer(statistics_pb2_grpc.SchoolStatisticsServiceServicer):
    def __init__(self, database: Database, *, teaching: Teaching) -> None:
        self._db = database
        self._teaching = teaching

    async def ListStatistics(self, request: pb.ListStatisticsRequest, context: Context) -> pb.ListStatisticsResponse:
        level = _LEVELS.get(request.level)
        if level is None:
            raise InvalidArgument.of("level", f"is required: give one of {', '.join(Level)}")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            on = from_optional_date(request.date, "date") or await queries.today(uow)
            if level is Level.SCHOOL:
                return await self._school(uow, on)
            query, keys = _parts(
                level,
                current_scope(),
                parse_optional_uuid(request.department_id, "department_id"),
                parse_optional_uuid(request.programme_id, "programme_id"),
                request.order_by,
            )
            parts, token = await page(
                uow.session, query, page_size=request.page_size, page_token=request.page_token, keys=keys
            )
            figures = await figures_of(uow, level, [part.id for part in parts], on=on, teaching=self._teaching)
            return pb.ListStatisticsResponse(
                statistics=[
                    _to_proto(level, part.id, getattr(part, "code", ""), part.name, figures[part.id]) for part in parts
                ],
                next_page_token=token,
            )

    async def _school(self, uow: UnitOfWork, on: date) -> pb.ListStatisticsResponse:
        if not current_scope().everything:
            return pb.ListStatisticsResponse()
        school = await queries.get_school(uow)
        figures = await figures_of_school(uow, on=on, teaching=self._teaching)
        return pb.ListStatisticsResponse(
            statistics=[_to_proto(Level.SCHOOL, school.id, school.code, school.name, figures)]
        )


def _parts(
    level: Level, scope: Scope, department_id: UUID | None, programme_id: UUID | None, order_by: str
) -> tuple[Any, list[Key]]:
    """The parts of the level that the caller may see, and the keys by which to page them."""
    departments = queries.select_departments(include_archived=False)
    programmes = queries.select_programmes(department_id, include_archived=False)
    groups = queries.select_class_groups(programme_id, department_id=department_id, include_archived=False)
    if not scope.everything:
        me = scope.principal.id
        headed = select(HodProfile.department_id).where(false() if me is None else HodProfile.user_id == me)
        of_headed = select(Programme.id).where(Programme.department_id.in_(headed))
        departments = departments.where(Department.id.in_(headed))
        programmes = programmes.where(Programme.department_id.in_(headed))
        groups = groups.where(ClassGroup.programme_id.in_(of_headed))
    if level is Level.DEPARTMENT:
        if department_id is not None:
            departments = departments.where(Department.id == department_id)
        columns = {"code": Department.code, "name": Department.name}
        return departments, order_keys(order_by, columns, unique=Department.id)
    if level is Level.PROGRAMME:
        columns = {"code": Programme.code, "name": Programme.name}
        return programmes, order_keys(order_by, columns, unique=Programme.id)
    return groups, order_keys(order_by, {"name": ClassGroup.name}, unique=ClassGroup.id)


def _to_proto(level: Level, part_id: UUID, code: str, name: str, figures: Figures) -> pb.Statistics:
    return pb.Statistics(level=f"LEVEL_{level}", id=str(part_id), code=code, name=name, **figures.counts)
