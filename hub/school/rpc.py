"""SchoolService on the wire."""

from datetime import date
from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal
from hub.rpc.fields import (
    check_mask,
    from_date,
    from_optional_date,
    parse_optional_uuid,
    parse_uuid,
    to_date,
    to_timestamp,
)
from hub.rpc.paging import Key, page
from hub.school import queries, service
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term
from hub.school.rules import CalendarDayKind, Period
from hub.users import queries as users_queries
from smartroster.school.v1 import school_pb2 as pb
from smartroster.school.v1 import school_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_KINDS = {pb.CalendarDay.Kind.Value(f"KIND_{kind}"): kind for kind in CalendarDayKind}


class SchoolServicer(school_pb2_grpc.SchoolServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def CreateSchool(self, request: pb.CreateSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal()) as uow:
            return _school_to_proto(await service.create_school(uow, values=_school_values(request.school)))

    async def GetSchool(self, request: pb.GetSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return _school_to_proto(await queries.get_school(uow))

    async def UpdateSchool(self, request: pb.UpdateSchoolRequest, context: Context) -> pb.School:
        async with self._db.unit_of_work(current_principal()) as uow:
            school = await service.update_school(
                uow,
                values=_school_values(request.school),
                fields=check_mask(request.update_mask, service.SCHOOL_FIELDS),
                etag=request.school.etag,
            )
            return _school_to_proto(school)

    async def CreateDepartment(self, request: pb.CreateDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal()) as uow:
            department = await service.create_department(
                uow, code=request.department.code, name=request.department.name
            )
            return _department_to_proto(department, None)

    async def GetDepartment(self, request: pb.GetDepartmentRequest, context: Context) -> pb.Department:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            department = await queries.get_department(uow, parse_uuid(request.department_id, "department_id"))
            heads = await users_queries.heads_of(uow, [department.id])
            return _department_to_proto(department, heads.get(department.id))

    async def ListDepartments(self, request: pb.ListDepartmentsRequest, context: Context) -> pb.ListDepartmentsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_departments(),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Department.code],
            )
            heads = await users_queries.heads_of(uow, [department.id for department in rows])
            return pb.ListDepartmentsResponse(
                departments=[_department_to_proto(department, heads.get(department.id)) for department in rows],
                next_page_token=token,
            )

    async def CreateProgramme(self, request: pb.CreateProgrammeRequest, context: Context) -> pb.Programme:
        wanted = request.programme
        async with self._db.unit_of_work(current_principal()) as uow:
            programme = await service.create_programme(
                uow,
                department_id=parse_uuid(wanted.department_id, "programme.department_id"),
                code=wanted.code,
                name=wanted.name,
                level=wanted.level,
                duration_years=wanted.duration_years,
                terms_per_year=wanted.terms_per_year,
            )
            return _programme_to_proto(programme)

    async def ListProgrammes(self, request: pb.ListProgrammesRequest, context: Context) -> pb.ListProgrammesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_programmes(parse_optional_uuid(request.department_id, "department_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Programme.code, Programme.id],
            )
            return pb.ListProgrammesResponse(programmes=map(_programme_to_proto, rows), next_page_token=token)

    async def CreateClassGroup(self, request: pb.CreateClassGroupRequest, context: Context) -> pb.ClassGroup:
        wanted = request.class_group
        async with self._db.unit_of_work(current_principal()) as uow:
            group = await service.create_class_group(
                uow,
                programme_id=parse_uuid(wanted.programme_id, "class_group.programme_id"),
                intake_year=wanted.intake_year,
                stream=wanted.stream,
                name=wanted.name,
                capacity=wanted.capacity,
            )
            return _class_group_to_proto(group)

    async def GetClassGroup(self, request: pb.GetClassGroupRequest, context: Context) -> pb.ClassGroup:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            class_group_id = parse_uuid(request.class_group_id, "class_group_id")
            return _class_group_to_proto(await queries.get_class_group(uow, class_group_id))

    async def ListClassGroups(self, request: pb.ListClassGroupsRequest, context: Context) -> pb.ListClassGroupsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_class_groups(parse_optional_uuid(request.programme_id, "programme_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[ClassGroup.name],
            )
            return pb.ListClassGroupsResponse(class_groups=map(_class_group_to_proto, rows), next_page_token=token)

    async def CreateAcademicYear(self, request: pb.CreateAcademicYearRequest, context: Context) -> pb.AcademicYear:
        wanted = request.academic_year
        async with self._db.unit_of_work(current_principal()) as uow:
            year = await service.create_academic_year(
                uow,
                name=wanted.name,
                period=_period(wanted.start_date, wanted.end_date, "academic_year"),
                active=wanted.active,
            )
            return _year_to_proto(year)

    async def ListAcademicYears(
        self, request: pb.ListAcademicYearsRequest, context: Context
    ) -> pb.ListAcademicYearsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_academic_years(),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(AcademicYear.start_date, descending=True)],
            )
            return pb.ListAcademicYearsResponse(academic_years=map(_year_to_proto, rows), next_page_token=token)

    async def CreateTerm(self, request: pb.CreateTermRequest, context: Context) -> pb.Term:
        wanted = request.term
        async with self._db.unit_of_work(current_principal()) as uow:
            term = await service.create_term(
                uow,
                academic_year_id=parse_uuid(wanted.academic_year_id, "term.academic_year_id"),
                number=wanted.number,
                period=_period(wanted.start_date, wanted.end_date, "term"),
            )
            return _term_to_proto(term, await queries.today(uow))

    async def ListTerms(self, request: pb.ListTermsRequest, context: Context) -> pb.ListTermsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_terms(parse_optional_uuid(request.academic_year_id, "academic_year_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(Term.start_date, descending=True)],
            )
            today = await queries.today(uow)
            return pb.ListTermsResponse(terms=[_term_to_proto(term, today) for term in rows], next_page_token=token)

    async def CreateCalendarDay(self, request: pb.CreateCalendarDayRequest, context: Context) -> pb.CalendarDay:
        wanted = request.calendar_day
        kind = _KINDS.get(wanted.kind)
        if kind is None:
            raise InvalidArgument.of("calendar_day.kind", f"is required: give one of {', '.join(CalendarDayKind)}")
        values = {
            "date": from_date(wanted.date, "calendar_day.date"),
            "kind": kind,
            "name": wanted.name,
            "class_group_id": parse_optional_uuid(wanted.class_group_id, "calendar_day.class_group_id"),
        }
        async with self._db.unit_of_work(current_principal()) as uow:
            return _day_to_proto(await service.create_calendar_day(uow, values=values))

    async def ListCalendarDays(
        self, request: pb.ListCalendarDaysRequest, context: Context
    ) -> pb.ListCalendarDaysResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_calendar_days(
                    from_optional_date(request.start_date, "start_date"),
                    from_optional_date(request.end_date, "end_date"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[CalendarDay.date, CalendarDay.id],
            )
            return pb.ListCalendarDaysResponse(calendar_days=map(_day_to_proto, rows), next_page_token=token)


def _school_values(school: pb.School) -> dict[str, str]:
    return {field: getattr(school, field) for field in service.SCHOOL_FIELDS}


def _period(start: str, end: str, part: str) -> Period:
    return Period(from_date(start, f"{part}.start_date"), from_date(end, f"{part}.end_date"))


def _school_to_proto(school: School) -> pb.School:
    return pb.School(
        id=str(school.id),
        name=school.name,
        code=school.code,
        address=school.address,
        time_zone=school.time_zone,
        locale=school.locale,
        etag=str(school.etag),
        create_time=to_timestamp(school.create_time),
    )


def _department_to_proto(department: Department, head: UUID | None) -> pb.Department:
    return pb.Department(
        id=str(department.id),
        code=department.code,
        name=department.name,
        hod_user_id=str(head or ""),
        etag=str(department.etag),
    )


def _programme_to_proto(programme: Programme) -> pb.Programme:
    return pb.Programme(
        id=str(programme.id),
        department_id=str(programme.department_id),
        code=programme.code,
        name=programme.name,
        level=programme.level,
        duration_years=programme.duration_years,
        terms_per_year=programme.terms_per_year,
        etag=str(programme.etag),
    )


def _class_group_to_proto(group: ClassGroup) -> pb.ClassGroup:
    return pb.ClassGroup(
        id=str(group.id),
        programme_id=str(group.programme_id),
        intake_year=group.intake_year,
        stream=group.stream,
        name=group.name,
        capacity=group.capacity,
        etag=str(group.etag),
    )


def _year_to_proto(year: AcademicYear) -> pb.AcademicYear:
    return pb.AcademicYear(
        id=str(year.id),
        name=year.name,
        start_date=to_date(year.start_date),
        end_date=to_date(year.end_date),
        active=year.active,
        etag=str(year.etag),
    )


def _term_to_proto(term: Term, today: date) -> pb.Term:
    return pb.Term(
        id=str(term.id),
        academic_year_id=str(term.academic_year_id),
        number=term.number,
        start_date=to_date(term.start_date),
        end_date=to_date(term.end_date),
        current=today in term.period,
        etag=str(term.etag),
    )


def _day_to_proto(day: CalendarDay) -> pb.CalendarDay:
    return pb.CalendarDay(
        id=str(day.id),
        date=to_date(day.date),
        kind=f"KIND_{day.kind}",
        name=day.name,
        class_group_id=str(day.class_group_id or ""),
    )
