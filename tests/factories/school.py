"""Parts of the school, made through its own service; names differ at each call."""
# ruff: noqa: ANN401 (overrides are fields by name)

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.school import queries, service
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term
from hub.school.rules import CalendarDayKind, Period

_numbers = count(1)

SCHOOL = {
    "name": "Kisima Technical College",
    "code": "KTC",
    "address": "PO Box 7, Nairobi",
    "time_zone": "Africa/Nairobi",
    "locale": "en-KE",
}
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TERM = Period(date(2026, 1, 5), date(2026, 4, 10))


async def make_school(uow: UnitOfWork, **overrides: str) -> School:
    return await service.create_school(uow, values=SCHOOL | overrides)


async def make_department(uow: UnitOfWork, *, code: str = "", name: str = "") -> Department:
    number = next(_numbers)
    return await service.create_department(uow, code=code or f"D{number}", name=name or f"Department {number}")


async def make_programme(uow: UnitOfWork, *, department_id: UUID | None = None, **overrides: Any) -> Programme:
    values: dict[str, Any] = {
        "code": f"P{next(_numbers)}",
        "name": "Diploma in ICT",
        "level": "diploma",
        "duration_years": 3,
        "terms_per_year": 3,
    }
    return await service.create_programme(
        uow, department_id=department_id or (await make_department(uow)).id, **values | overrides
    )


async def make_class_group(uow: UnitOfWork, *, programme_id: UUID | None = None, **overrides: Any) -> ClassGroup:
    values: dict[str, Any] = {"intake_year": 2026, "stream": "A", "name": "", "capacity": 40}
    return await service.create_class_group(
        uow, programme_id=programme_id or (await make_programme(uow)).id, **values | overrides
    )


async def make_academic_year(
    uow: UnitOfWork, *, name: str = "2026", period: Period = YEAR, active: bool = True
) -> AcademicYear:
    return await service.create_academic_year(uow, name=name, period=period, active=active)


async def make_term(
    uow: UnitOfWork, *, academic_year_id: UUID | None = None, number: int = 1, period: Period = TERM
) -> Term:
    """A term of the given year; without one, the term that is there already, or the first of a new year."""
    if academic_year_id is None:
        there = await queries.terms_holding(uow, period.first)
        if there:
            return there[0]
        academic_year_id = (await make_academic_year(uow)).id
    return await service.create_term(uow, academic_year_id=academic_year_id, number=number, period=period)


async def make_calendar_day(
    uow: UnitOfWork, *, day: date, class_group_id: UUID | None = None, kind: CalendarDayKind = CalendarDayKind.HOLIDAY
) -> CalendarDay:
    return await service.create_calendar_day(
        uow, values={"date": day, "kind": kind, "name": "Free day", "class_group_id": class_group_id}
    )
