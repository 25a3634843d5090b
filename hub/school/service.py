"""Use cases of the school, its parts and its calendar."""

import re
import zoneinfo
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries
from hub.school.errors import AnotherYearActive, NameTaken, PeriodsOverlap, SchoolExists, SchoolInvalid
from hub.school.events import CalendarDayCreated
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term
from hub.school.rules import Period, class_group_name, overlapping

SCHOOL_FIELDS = ("name", "code", "address", "time_zone", "locale")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_YEARS = range(1900, 2200)
_LONGEST_PROGRAMME_YEARS = 10
_MOST_TERMS = 12


async def create_school(uow: UnitOfWork, *, values: Mapping[str, Any]) -> School:
    """Store the one school; the same values again answer it.

    Args:
        uow: the unit of work.
        values: of SCHOOL_FIELDS.

    Raises:
        SchoolInvalid: names each bad field.
        SchoolExists: there is a school with other values.
    """
    _check_school(values)
    school = await queries.find_school(uow)
    if school is not None:
        if all(getattr(school, field) == values[field] for field in SCHOOL_FIELDS):
            return school
        raise SchoolExists(
            f'There is a school already, "{school.name}", and a hub serves one: update that one instead.'
        )
    school = School(**values)
    await _store(uow, "school", school, values)
    return school


async def update_school(uow: UnitOfWork, *, values: Mapping[str, Any], fields: frozenset[str], etag: str) -> School:
    """Change the named fields of SCHOOL_FIELDS.

    Raises:
        SchoolNotFound, EtagStale, SchoolInvalid: as their names say.
    """
    school = await queries.get_school(uow)
    check_etag(school.etag, etag)
    before = {field: getattr(school, field) for field in SCHOOL_FIELDS}
    after = before | {field: values[field] for field in fields}
    _check_school(after)
    for field in fields:
        setattr(school, field, values[field])
    await uow.session.flush()
    uow.audit("school.update_school", object_type="school", object_id=school.id, before=before, after=after)
    return school


async def create_department(uow: UnitOfWork, *, code: str, name: str) -> Department:
    """Store a department; SchoolInvalid for blank fields, NameTaken for a code or name that another has."""
    values = {"code": code.strip(), "name": name.strip()}
    _refuse(_blank("department", values))
    for field in ("code", "name"):
        await _refuse_taken(
            uow, Department, getattr(Department, field) == values[field], f"a department {values[field]}"
        )
    department = Department(**values)
    await _store(uow, "department", department, values)
    return department


async def create_programme(
    uow: UnitOfWork,
    *,
    department_id: UUID,
    code: str,
    name: str,
    level: str,
    duration_years: int,
    terms_per_year: int,
) -> Programme:
    """Store a programme of a department.

    Raises:
        DepartmentNotFound, SchoolInvalid: as their names say.
        NameTaken: the department has a programme of this code.
    """
    department = await queries.get_department(uow, department_id)
    texts = {"code": code.strip(), "name": name.strip(), "level": level.strip()}
    violations = _blank("programme", texts)
    violations += _outside("programme.duration_years", duration_years, range(1, _LONGEST_PROGRAMME_YEARS + 1))
    violations += _outside("programme.terms_per_year", terms_per_year, range(1, _MOST_TERMS + 1))
    _refuse(violations)
    await _refuse_taken(
        uow,
        Programme,
        (Programme.department_id == department.id) & (Programme.code == texts["code"]),
        f"a programme {texts['code']} in the department {department.code}",
    )
    values = texts | {
        "department_id": department.id,
        "duration_years": duration_years,
        "terms_per_year": terms_per_year,
    }
    programme = Programme(**values)
    await _store(uow, "programme", programme, values)
    return programme


async def create_class_group(
    uow: UnitOfWork, *, programme_id: UUID, intake_year: int, stream: str, name: str, capacity: int
) -> ClassGroup:
    """Store a class group; an empty name is made from programme, intake year and stream. Capacity 0 is no limit.

    Raises:
        ProgrammeNotFound, SchoolInvalid: as their names say.
        NameTaken: another class group has the name.
    """
    programme = await queries.get_programme(uow, programme_id)
    violations = _outside("class_group.intake_year", intake_year, _YEARS)
    if capacity < 0:
        violations.append(
            FieldViolation("class_group.capacity", "is negative: give the number of places, 0 for no limit")
        )
    _refuse(violations)
    values = {
        "programme_id": programme.id,
        "intake_year": intake_year,
        "stream": stream.strip(),
        "name": name.strip() or class_group_name(programme.code, intake_year, stream),
        "capacity": capacity,
    }
    await _refuse_taken(uow, ClassGroup, ClassGroup.name == values["name"], f"a class group {values['name']}")
    group = ClassGroup(**values)
    await _store(uow, "class_group", group, values)
    return group


async def create_academic_year(uow: UnitOfWork, *, name: str, period: Period, active: bool) -> AcademicYear:
    """Store an academic year.

    Raises:
        SchoolInvalid: no name, or the end is not after the start.
        NameTaken: another year has the name.
        PeriodsOverlap: it shares days with another year; the message names it.
        AnotherYearActive: it is to be active and another one is.
    """
    _refuse(_blank("academic_year", {"name": name.strip()}) + _backwards("academic_year", period))
    await _refuse_taken(uow, AcademicYear, AcademicYear.name == name.strip(), f"an academic year {name.strip()}")
    others = list(await uow.session.scalars(select(AcademicYear)))
    _refuse_overlap("academic_year.start_date", period, [(year.name, year.period) for year in others])
    serving = next((year for year in others if year.active), None)
    if active and serving is not None:
        raise AnotherYearActive(f"{serving.name} is the active year and there is one: create this one as not active.")
    values = {"name": name.strip(), "start_date": period.first, "end_date": period.last, "active": active}
    year = AcademicYear(**values)
    await _store(uow, "academic_year", year, values)
    return year


async def create_term(uow: UnitOfWork, *, academic_year_id: UUID, number: int, period: Period) -> Term:
    """Store a term of a year.

    Raises:
        AcademicYearNotFound: there is no such year.
        SchoolInvalid: a bad number, an end that is not after the start, or days outside of the year.
        NameTaken: the year has a term of this number.
        PeriodsOverlap: it shares days with another term of the year; the message names it.
    """
    year = await queries.get_academic_year(uow, academic_year_id)
    violations = _outside("term.number", number, range(1, _MOST_TERMS + 1)) + _backwards("term", period)
    if not violations and not year.period.holds(period):
        violations.append(
            FieldViolation("term.start_date", f"{period} is not inside of its year {year.name}, {year.period}")
        )
    _refuse(violations)
    others = list(await uow.session.scalars(queries.select_terms(year.id)))
    if any(other.number == number for other in others):
        raise NameTaken(f"There is a term {number} in {year.name} already: give another number.")
    _refuse_overlap("term.start_date", period, [(f"term {other.number}", other.period) for other in others])
    values = {
        "academic_year_id": year.id,
        "number": number,
        "start_date": period.first,
        "end_date": period.last,
    }
    term = Term(**values)
    await _store(uow, "term", term, values)
    return term


async def create_calendar_day(uow: UnitOfWork, *, values: Mapping[str, Any]) -> CalendarDay:
    """Mark a free day of the school, or of one class group.

    Args:
        uow: the unit of work.
        values: date, kind, name, class_group_id (None: the whole school).

    Raises:
        ClassGroupNotFound, SchoolInvalid: as their names say.
        NameTaken: the day is marked already.
    """
    _refuse(_blank("calendar_day", {"name": values["name"]}))
    group_id = values["class_group_id"]
    if group_id is not None:
        await queries.get_class_group(uow, group_id)
    same_group = CalendarDay.class_group_id.is_(None) if group_id is None else CalendarDay.class_group_id == group_id
    await _refuse_taken(
        uow, CalendarDay, (CalendarDay.date == values["date"]) & same_group, f"a mark on {values['date']}"
    )
    day = CalendarDay(**values)
    await _store(uow, "calendar_day", day, values)
    uow.publish(
        CalendarDayCreated(**uow.new_event_args(), calendar_day_id=day.id, day=day.date, class_group_id=group_id)
    )
    return day


async def _store(
    uow: UnitOfWork,
    kind: str,
    part: School | Department | Programme | ClassGroup | AcademicYear | Term | CalendarDay,
    values: Mapping[str, Any],
) -> None:
    uow.session.add(part)
    await uow.session.flush()
    uow.audit(f"school.create_{kind}", object_type=kind, object_id=part.id, after=values)


def _check_school(values: Mapping[str, Any]) -> None:
    violations = _blank("school", {field: values[field] for field in ("name", "code")})
    if values["time_zone"] not in zoneinfo.available_timezones():
        violations.append(FieldViolation("school.time_zone", "is no IANA time zone: give one such as Africa/Nairobi"))
    if values["locale"] and not _LOCALE.fullmatch(values["locale"]):
        violations.append(FieldViolation("school.locale", "is no BCP-47 language tag: give one such as en-KE"))
    _refuse(violations)


def _blank(part: str, texts: Mapping[str, str]) -> list[FieldViolation]:
    return [FieldViolation(f"{part}.{field}", "is required") for field, text in texts.items() if not text.strip()]


def _outside(field: str, number: int, allowed: range) -> list[FieldViolation]:
    return [] if number in allowed else [FieldViolation(field, f"must be from {allowed[0]} to {allowed[-1]}")]


def _backwards(part: str, period: Period) -> list[FieldViolation]:
    return [] if period.first < period.last else [FieldViolation(f"{part}.end_date", "must be after the start date")]


def _refuse(violations: list[FieldViolation]) -> None:
    if violations:
        raise SchoolInvalid(
            "This can't be stored: " + "; ".join(f"{v.field} {v.description}" for v in violations) + ".",
            violations=violations,
        )


def _refuse_overlap(field: str, period: Period, others: list[tuple[str, Period]]) -> None:
    shared = overlapping(period, others)
    if shared:
        raise PeriodsOverlap.of(field, f"{period} overlaps {', '.join(shared)}: choose other dates")


async def _refuse_taken(uow: UnitOfWork, kind: type[Base], taken: ColumnElement[bool], what: str) -> None:
    if await uow.session.scalar(select(kind).where(taken)) is not None:
        raise NameTaken(f"There is {what} already: use that one, or give another.")
