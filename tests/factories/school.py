"""Parts of the school, made through its own service; names differ at each call."""
# ruff: noqa: ANN401 (overrides are fields by name)

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.school import queries
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term
from hub.school.rules import (
    AcademicYearDraft,
    CalendarDayDraft,
    CalendarDayKind,
    ClassGroupDraft,
    DepartmentDraft,
    Period,
    ProgrammeDraft,
    SchoolDraft,
    TermDraft,
)
from hub.school.service import calendar, days, institution, structure

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


async def make_school(uow: UnitOfWork, **overrides: Any) -> School:
    values: dict[str, Any] = SCHOOL | overrides
    return await institution.create_school(uow, draft=SchoolDraft(**values))


async def make_department(uow: UnitOfWork, *, code: str = "", name: str = "") -> Department:
    number = next(_numbers)
    draft = DepartmentDraft(code=code or f"D{number}", name=name or f"Department {number}")
    return await structure.create_department(uow, draft=draft)


async def make_programme(uow: UnitOfWork, *, department_id: UUID | None = None, **overrides: Any) -> Programme:
    values: dict[str, Any] = {
        "code": f"P{next(_numbers)}",
        "name": "Diploma in ICT",
        "level": "diploma",
        "duration_years": 3,
        "terms_per_year": 3,
    }
    department_id = department_id or (await make_department(uow)).id
    draft = ProgrammeDraft(department_id=department_id, **values | overrides)
    return await structure.create_programme(uow, draft=draft)


async def make_class_group(uow: UnitOfWork, *, programme_id: UUID | None = None, **overrides: Any) -> ClassGroup:
    values: dict[str, Any] = {"intake_year": 2026, "stream": "A", "name": "", "capacity": 40}
    programme_id = programme_id or (await make_programme(uow)).id
    draft = ClassGroupDraft(programme_id=programme_id, **values | overrides)
    return await structure.create_class_group(uow, draft=draft)


async def make_academic_year(
    uow: UnitOfWork, *, name: str = "2026", period: Period = YEAR, active: bool = True
) -> AcademicYear:
    draft = AcademicYearDraft(name=name, period=period, active=active)
    return await calendar.create_academic_year(uow, draft=draft)


async def make_term(
    uow: UnitOfWork, *, academic_year_id: UUID | None = None, number: int = 1, period: Period = TERM
) -> Term:
    """A term of the given year; without one, the term that is there already, or the first of a new year."""
    if academic_year_id is None:
        there = await queries.terms_holding(uow, period.first)
        if there:
            return there[0]
        academic_year_id = (await make_academic_year(uow)).id
    draft = TermDraft(academic_year_id=academic_year_id, number=number, period=period)
    return await calendar.create_term(uow, draft=draft)


async def make_calendar_day(
    uow: UnitOfWork, *, day: date, class_group_id: UUID | None = None, kind: CalendarDayKind = CalendarDayKind.HOLIDAY
) -> CalendarDay:
    draft = CalendarDayDraft(day=day, kind=kind, name="Free day", class_group_id=class_group_id)
    return await days.create_calendar_day(uow, draft=draft)
