"""SchoolService: academic years, terms and calendar days."""

from typing import Any
from uuid import UUID

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal
from hub.rpc.fields import check_mask, from_date, from_optional_date, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from hub.school import holiday_calendar, queries
from hub.school.models import AcademicYear, CalendarDay, Term
from hub.school.rpc.messages import (
    KINDS,
    calendar_day_draft,
    calendar_day_to_proto,
    term_draft,
    term_to_proto,
    year_draft,
    year_to_proto,
)
from hub.school.rules import Period
from hub.school.service import calendar, days
from smartroster.school.v1 import school_pb2 as pb

Context = grpc.aio.ServicerContext[Any, Any]

_NO_YEAR = UUID(int=0)
_COUNTRIES_A_PAGE = 1000


class CalendarRpcs:
    """What `SchoolServicer` inherits for the calendar."""

    _db: Database

    async def CreateAcademicYear(self, request: pb.CreateAcademicYearRequest, context: Context) -> pb.AcademicYear:
        async with self._db.unit_of_work(current_principal()) as uow:
            year = await calendar.create_academic_year(uow, draft=year_draft(request.academic_year))
            return year_to_proto(year, await queries.today(uow))

    async def GetAcademicYear(self, request: pb.GetAcademicYearRequest, context: Context) -> pb.AcademicYear:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            year = await queries.get_academic_year(uow, parse_uuid(request.academic_year_id, "academic_year_id"))
            return year_to_proto(year, await queries.today(uow))

    async def ListAcademicYears(
        self, request: pb.ListAcademicYearsRequest, context: Context
    ) -> pb.ListAcademicYearsResponse:
        columns = {
            "start_date": AcademicYear.start_date,
            "name": AcademicYear.name,
            "create_time": AcademicYear.create_time,
        }
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_academic_years(query=request.query, holding=from_optional_date(request.date, "date")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or "start_date desc", columns, unique=AcademicYear.id),
            )
            today = await queries.today(uow)
            return pb.ListAcademicYearsResponse(
                academic_years=[year_to_proto(year, today) for year in rows], next_page_token=token
            )

    async def UpdateAcademicYear(self, request: pb.UpdateAcademicYearRequest, context: Context) -> pb.AcademicYear:
        fields = check_mask(request.update_mask, calendar.YEAR_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            year = await calendar.update_academic_year(
                uow,
                academic_year_id=parse_uuid(request.academic_year.id, "academic_year.id"),
                wanted=year_draft(request.academic_year, fields),
                fields=fields,
                etag=request.academic_year.etag,
            )
            return year_to_proto(year, await queries.today(uow))

    async def ActivateAcademicYear(self, request: pb.ActivateAcademicYearRequest, context: Context) -> pb.AcademicYear:
        async with self._db.unit_of_work(current_principal()) as uow:
            year = await calendar.activate_academic_year(
                uow, academic_year_id=parse_uuid(request.academic_year_id, "academic_year_id"), etag=request.etag
            )
            return year_to_proto(year, await queries.today(uow))

    async def DeleteAcademicYear(self, request: pb.DeleteAcademicYearRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await calendar.delete_academic_year(
                uow, academic_year_id=parse_uuid(request.academic_year_id, "academic_year_id"), etag=request.etag
            )
            return Empty()

    async def CreateTerm(self, request: pb.CreateTermRequest, context: Context) -> pb.Term:
        year_id = parse_uuid(request.term.academic_year_id, "term.academic_year_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            term = await calendar.create_term(uow, draft=term_draft(request.term, academic_year_id=year_id))
            return term_to_proto(term, await queries.today(uow))

    async def GetTerm(self, request: pb.GetTermRequest, context: Context) -> pb.Term:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            term = await queries.get_term(uow, parse_uuid(request.term_id, "term_id"))
            return term_to_proto(term, await queries.today(uow))

    async def ListTerms(self, request: pb.ListTermsRequest, context: Context) -> pb.ListTermsResponse:
        columns = {"start_date": Term.start_date, "number": Term.number, "create_time": Term.create_time}
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_terms(
                    parse_optional_uuid(request.academic_year_id, "academic_year_id"),
                    holding=from_optional_date(request.date, "date"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or "start_date desc", columns, unique=Term.id),
            )
            today = await queries.today(uow)
            return pb.ListTermsResponse(terms=[term_to_proto(term, today) for term in rows], next_page_token=token)

    async def UpdateTerm(self, request: pb.UpdateTermRequest, context: Context) -> pb.Term:
        fields = check_mask(request.update_mask, calendar.TERM_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            term = await calendar.update_term(
                uow,
                term_id=parse_uuid(request.term.id, "term.id"),
                wanted=term_draft(request.term, academic_year_id=_NO_YEAR, fields=fields),
                fields=fields,
                etag=request.term.etag,
            )
            return term_to_proto(term, await queries.today(uow))

    async def DeleteTerm(self, request: pb.DeleteTermRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await calendar.delete_term(uow, term_id=parse_uuid(request.term_id, "term_id"), etag=request.etag)
            return Empty()

    async def CreateCalendarDay(self, request: pb.CreateCalendarDayRequest, context: Context) -> pb.CalendarDay:
        draft = calendar_day_draft(request.calendar_day)
        async with self._db.unit_of_work(current_principal()) as uow:
            return calendar_day_to_proto(await days.create_calendar_day(uow, draft=draft))

    async def GetCalendarDay(self, request: pb.GetCalendarDayRequest, context: Context) -> pb.CalendarDay:
        calendar_day_id = parse_uuid(request.calendar_day_id, "calendar_day_id")
        return calendar_day_to_proto(await queries.get_calendar_day(self._db, calendar_day_id))

    async def ListCalendarDays(
        self, request: pb.ListCalendarDaysRequest, context: Context
    ) -> pb.ListCalendarDaysResponse:
        columns = {"date": CalendarDay.date, "name": CalendarDay.name, "kind": CalendarDay.kind}
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_calendar_days(
                    from_optional_date(request.start_date, "start_date"),
                    from_optional_date(request.end_date, "end_date"),
                    kind=KINDS.get(request.kind),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    query=request.query,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, columns, unique=CalendarDay.id),
            )
            return pb.ListCalendarDaysResponse(calendar_days=map(calendar_day_to_proto, rows), next_page_token=token)

    async def UpdateCalendarDay(self, request: pb.UpdateCalendarDayRequest, context: Context) -> pb.CalendarDay:
        fields = check_mask(request.update_mask, days.FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            day = await days.update_calendar_day(
                uow,
                calendar_day_id=parse_uuid(request.calendar_day.id, "calendar_day.id"),
                wanted=calendar_day_draft(request.calendar_day, fields),
                fields=fields,
                etag=request.calendar_day.etag,
            )
            return calendar_day_to_proto(day)

    async def DeleteCalendarDay(self, request: pb.DeleteCalendarDayRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await days.delete_calendar_day(
                uow, calendar_day_id=parse_uuid(request.calendar_day_id, "calendar_day_id"), etag=request.etag
            )
            return Empty()

    async def ListHolidayCountries(
        self, request: pb.ListHolidayCountriesRequest, context: Context
    ) -> pb.ListHolidayCountriesResponse:
        known = holiday_calendar.countries()
        if request.page_size < 0:
            raise InvalidArgument.of("page_size", "is negative: give 1 to 1000, or 0 for all")
        size = min(request.page_size or _COUNTRIES_A_PAGE, _COUNTRIES_A_PAGE)
        # The token is the last code of the page before: the list is the same for everyone.
        rest = [country for country in known if country.code > request.page_token]
        return pb.ListHolidayCountriesResponse(
            countries=[
                pb.HolidayCountry(code=country.code, name=country.name, subdivisions=country.subdivisions)
                for country in rest[:size]
            ],
            next_page_token=rest[size - 1].code if len(rest) > size else "",
        )

    async def ImportHolidays(self, request: pb.ImportHolidaysRequest, context: Context) -> pb.ImportHolidaysResponse:
        async with self._db.unit_of_work(current_principal(), write=not request.validate_only) as uow:
            done = await days.import_holidays(
                uow,
                period=Period(from_date(request.start_date, "start_date"), from_date(request.end_date, "end_date")),
                country=request.country,
                subdivision=request.subdivision,
                validate_only=request.validate_only,
            )
            return pb.ImportHolidaysResponse(
                created=map(calendar_day_to_proto, done.created),
                unchanged=map(calendar_day_to_proto, done.unchanged),
                committed=not request.validate_only,
            )
