"""Reads of the school, its parts and its calendar."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.base import Base
from hub.db.find import Rows
from hub.db.unit_of_work import UnitOfWork
from hub.errors import NotFound
from hub.school.errors import (
    AcademicYearNotFound,
    CalendarDayNotFound,
    ClassGroupNotFound,
    DepartmentNotFound,
    LogoNotFound,
    ProgrammeNotFound,
    SchoolNotFound,
    TermNotFound,
)
from hub.school.models import (
    AcademicYear,
    CalendarDay,
    ClassGroup,
    Department,
    Programme,
    School,
    SchoolLogo,
    Term,
)
from hub.school.rules import DEFAULT_LEVELS, CalendarDayKind, DefaultPolicies

Part = TypeVar("Part", bound=Base)


async def find_school(uow: UnitOfWork) -> School | None:
    return await uow.session.scalar(select(School))


async def get_school(uow: UnitOfWork) -> School:
    """The school; SchoolNotFound before it is created."""
    school = await find_school(uow)
    if school is None:
        raise SchoolNotFound("There is no school yet: create it first, with its name and time zone.")
    return school


async def get_logo(uow: UnitOfWork) -> SchoolLogo:
    """The school's logo; LogoNotFound when there is none."""
    logo: SchoolLogo | None = await uow.session.scalar(select(SchoolLogo))
    if logo is None:
        raise LogoNotFound("The school has no logo: set one first.")
    return logo


async def today(uow: UnitOfWork) -> date:
    """The day of this unit of work in the school's time zone; in UTC before there is a school."""
    time_zone = await uow.session.scalar(select(School.time_zone))
    return uow.now.astimezone(ZoneInfo(time_zone or "UTC")).date()


async def get_department(uow: UnitOfWork, department_id: UUID) -> Department:
    return await _get(uow, Department, department_id, DepartmentNotFound, "department")


async def get_programme(rows: Rows, programme_id: UUID) -> Programme:
    return await _get(rows, Programme, programme_id, ProgrammeNotFound, "programme")


async def get_class_group(uow: UnitOfWork, class_group_id: UUID) -> ClassGroup:
    return await _get(uow, ClassGroup, class_group_id, ClassGroupNotFound, "class group")


async def get_academic_year(uow: UnitOfWork, academic_year_id: UUID) -> AcademicYear:
    return await _get(uow, AcademicYear, academic_year_id, AcademicYearNotFound, "academic year")


async def get_term(uow: UnitOfWork, term_id: UUID) -> Term:
    return await _get(uow, Term, term_id, TermNotFound, "term")


async def get_calendar_day(rows: Rows, calendar_day_id: UUID) -> CalendarDay:
    return await _get(rows, CalendarDay, calendar_day_id, CalendarDayNotFound, "calendar day")


async def class_groups_by_ids(uow: UnitOfWork, class_group_ids: Iterable[UUID]) -> dict[UUID, ClassGroup]:
    """Those of the class groups that exist, in one query."""
    groups = await uow.session.scalars(select(ClassGroup).where(ClassGroup.id.in_(set(class_group_ids))))
    return {group.id: group for group in groups}


async def departments_by_ids(uow: UnitOfWork, department_ids: Iterable[UUID]) -> dict[UUID, Department]:
    """Those of the departments that exist, in one query."""
    departments = await uow.session.scalars(select(Department).where(Department.id.in_(set(department_ids))))
    return {department.id: department for department in departments}


async def terms_holding(uow: UnitOfWork, day: date) -> list[Term]:
    """The term of the day, if any."""
    return list(await uow.session.scalars(select(Term).where(Term.start_date <= day, Term.end_date >= day)))


async def calendar_days(uow: UnitOfWork, *, start: date, end: date) -> list[CalendarDay]:
    """The free days from `start` to `end`, both inclusive, by date."""
    return list(await uow.session.scalars(select_calendar_days(start, end).order_by(CalendarDay.date)))


async def is_calendar_day(uow: UnitOfWork, day: date, class_group_id: UUID) -> bool:
    """Whether the day is free for the class group: by itself or with the whole school."""
    found = await uow.session.scalar(
        select(func.count()).select_from(CalendarDay).where(CalendarDay.date == day, _free_for(class_group_id))
    )
    return bool(found)


async def active_year(uow: UnitOfWork) -> AcademicYear | None:
    """The academic year that is worked with, if one is."""
    return await uow.session.scalar(select(AcademicYear).where(AcademicYear.active))


async def default_policies(uow: UnitOfWork) -> DefaultPolicies:
    """What new parts get when their creator says nothing; without a school, nothing is set."""
    stored = await uow.session.scalar(select(School.default_policies))
    return DefaultPolicies(**(stored or {}))


async def programme_levels(uow: UnitOfWork) -> tuple[str, ...]:
    """What levels programmes may have; the usual ones before there is a school."""
    return tuple(await uow.session.scalar(select(School.programme_levels)) or DEFAULT_LEVELS)


def select_departments(*, query: str = "", include_archived: bool = True) -> Select[Department]:
    """`query` is part of a code or name."""
    departments = select(Department).where(*_named(query, Department.code, Department.name))
    return departments if include_archived else departments.where(Department.archived.is_(False))


def select_programmes(
    department_id: UUID | None = None, *, query: str = "", level: str = "", include_archived: bool = True
) -> Select[Programme]:
    """`query` is part of a code or name."""
    programmes = select(Programme).where(*_named(query, Programme.code, Programme.name))
    if department_id is not None:
        programmes = programmes.where(Programme.department_id == department_id)
    if level:
        programmes = programmes.where(Programme.level == level)
    return programmes if include_archived else programmes.where(Programme.archived.is_(False))


def select_class_groups(
    programme_id: UUID | None = None,
    *,
    query: str = "",
    department_id: UUID | None = None,
    intake_year: int = 0,
    include_archived: bool = True,
) -> Select[ClassGroup]:
    """`query` is part of a name; `department_id` is the programme's."""
    groups = select(ClassGroup).where(*_named(query, ClassGroup.name))
    if programme_id is not None:
        groups = groups.where(ClassGroup.programme_id == programme_id)
    if department_id is not None:
        groups = groups.where(
            ClassGroup.programme_id.in_(select(Programme.id).where(Programme.department_id == department_id))
        )
    if intake_year:
        groups = groups.where(ClassGroup.intake_year == intake_year)
    return groups if include_archived else groups.where(ClassGroup.archived.is_(False))


def select_academic_years(*, query: str = "", holding: date | None = None) -> Select[AcademicYear]:
    """`query` is part of a name; `holding` is a day in the year."""
    years = select(AcademicYear).where(*_named(query, AcademicYear.name))
    if holding is None:
        return years
    return years.where(AcademicYear.start_date <= holding, AcademicYear.end_date >= holding)


def select_terms(academic_year_id: UUID | None = None, *, holding: date | None = None) -> Select[Term]:
    """`holding` is a day in the term."""
    terms = select(Term)
    if academic_year_id is not None:
        terms = terms.where(Term.academic_year_id == academic_year_id)
    return terms if holding is None else terms.where(Term.start_date <= holding, Term.end_date >= holding)


def select_calendar_days(
    start: date | None = None,
    end: date | None = None,
    *,
    kind: CalendarDayKind | None = None,
    class_group_id: UUID | None = None,
    query: str = "",
) -> Select[CalendarDay]:
    """From `start` to `end`, both inclusive; `class_group_id` asks for the days that are free for it."""
    days = select(CalendarDay).where(*_named(query, CalendarDay.name))
    if start is not None:
        days = days.where(CalendarDay.date >= start)
    if end is not None:
        days = days.where(CalendarDay.date <= end)
    if kind is not None:
        days = days.where(CalendarDay.kind == kind)
    return days if class_group_id is None else days.where(_free_for(class_group_id))


def _named(query: str, *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    wanted = query.strip()
    return [or_(*(column.icontains(wanted, autoescape=True) for column in columns))] if wanted else []


def _free_for(class_group_id: UUID) -> ColumnElement[bool]:
    return or_(CalendarDay.class_group_id.is_(None), CalendarDay.class_group_id == class_group_id)


async def _get(rows: Rows, kind: type[Part], part_id: UUID, missing: type[NotFound], name: str) -> Part:
    part = await rows.row(kind, part_id)
    if part is None:
        raise missing(f"There is no {name} {part_id}: list them to find the right id.")
    return part
