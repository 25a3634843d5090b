"""Reads of the school, its parts and its calendar."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import NotFound
from hub.school.errors import (
    AcademicYearNotFound,
    ClassGroupNotFound,
    DepartmentNotFound,
    ProgrammeNotFound,
    SchoolNotFound,
    TermNotFound,
)
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term

Part = TypeVar("Part", bound=Base)


async def find_school(uow: UnitOfWork) -> School | None:
    return await uow.session.scalar(select(School))


async def get_school(uow: UnitOfWork) -> School:
    """The school; SchoolNotFound before it is created."""
    school = await find_school(uow)
    if school is None:
        raise SchoolNotFound("There is no school yet: create it first, with its name and time zone.")
    return school


async def today(uow: UnitOfWork) -> date:
    """The day of this unit of work in the school's time zone; in UTC before there is a school."""
    time_zone = await uow.session.scalar(select(School.time_zone))
    return uow.now.astimezone(ZoneInfo(time_zone or "UTC")).date()


async def get_department(uow: UnitOfWork, department_id: UUID) -> Department:
    return await _get(uow, Department, department_id, DepartmentNotFound, "department")


async def get_programme(uow: UnitOfWork, programme_id: UUID) -> Programme:
    return await _get(uow, Programme, programme_id, ProgrammeNotFound, "programme")


async def get_class_group(uow: UnitOfWork, class_group_id: UUID) -> ClassGroup:
    return await _get(uow, ClassGroup, class_group_id, ClassGroupNotFound, "class group")


async def get_academic_year(uow: UnitOfWork, academic_year_id: UUID) -> AcademicYear:
    return await _get(uow, AcademicYear, academic_year_id, AcademicYearNotFound, "academic year")


async def get_term(uow: UnitOfWork, term_id: UUID) -> Term:
    return await _get(uow, Term, term_id, TermNotFound, "term")


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
        select(func.count())
        .select_from(CalendarDay)
        .where(
            CalendarDay.date == day,
            or_(CalendarDay.class_group_id.is_(None), CalendarDay.class_group_id == class_group_id),
        )
    )
    return bool(found)


def select_departments() -> Select[Department]:
    return select(Department)


def select_academic_years() -> Select[AcademicYear]:
    return select(AcademicYear)


def select_programmes(department_id: UUID | None) -> Select[Programme]:
    query = select(Programme)
    return query if department_id is None else query.where(Programme.department_id == department_id)


def select_class_groups(programme_id: UUID | None) -> Select[ClassGroup]:
    query = select(ClassGroup)
    return query if programme_id is None else query.where(ClassGroup.programme_id == programme_id)


def select_terms(academic_year_id: UUID | None) -> Select[Term]:
    query = select(Term)
    return query if academic_year_id is None else query.where(Term.academic_year_id == academic_year_id)


def select_calendar_days(start: date | None, end: date | None) -> Select[CalendarDay]:
    query = select(CalendarDay)
    if start is not None:
        query = query.where(CalendarDay.date >= start)
    return query if end is None else query.where(CalendarDay.date <= end)


async def _get(uow: UnitOfWork, kind: type[Part], part_id: UUID, missing: type[NotFound], name: str) -> Part:
    part = await uow.session.get(kind, part_id)
    if part is None:
        raise missing(f"There is no {name} {part_id}: list them to find the right id.")
    return part
