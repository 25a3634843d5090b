import asyncio
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.db.audit import AuditEntry
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists, HubError
from hub.rpc.fields import EtagStale
from hub.school import queries, service
from hub.school.errors import (
    AnotherYearActive,
    ClassGroupNotFound,
    DepartmentNotFound,
    NameTaken,
    PeriodsOverlap,
    SchoolExists,
    SchoolInvalid,
    SchoolNotFound,
)
from hub.school.models import AcademicYear, School, Term
from hub.school.rules import Period
from tests.factories.school import (
    SCHOOL,
    TERM,
    YEAR,
    make_academic_year,
    make_calendar_day,
    make_class_group,
    make_department,
    make_programme,
    make_school,
    make_term,
)
from tests.fixtures.database import MakeUow


async def test_there_is_one_school(uow: UnitOfWork) -> None:
    with pytest.raises(SchoolNotFound):
        await queries.get_school(uow)
    school = await make_school(uow)
    assert (await make_school(uow)).id == school.id  # the same again
    with pytest.raises(SchoolExists, match="Kisima"):
        await make_school(uow, name="Another")


async def test_a_racing_second_school_is_refused(make_uow: MakeUow) -> None:
    async def create(name: str) -> None:
        async with make_uow() as uow:
            # Without the service's check: the constraint alone must hold.
            uow.session.add(School(**SCHOOL | {"name": name}))

    results = await asyncio.gather(create("A"), create("B"), create("C"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyExists", "AlreadyExists", "NoneType"]


async def test_a_second_singleton_value_is_refused(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_school(uow)
    with pytest.raises(IntegrityError):
        async with make_uow() as uow:
            uow.session.add(School(**SCHOOL, singleton=2))


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Nairobi"), ("time_zone", ""), ("name", " "), ("code", ""), ("locale", "English!")],
)
async def test_bad_school_fields_are_named(uow: UnitOfWork, field: str, value: str) -> None:
    with pytest.raises(SchoolInvalid) as refused:
        await make_school(uow, **{field: value})
    assert [violation.field for violation in refused.value.violations] == [f"school.{field}"]


async def test_update_checks_the_etag_and_is_audited(uow: UnitOfWork) -> None:
    school = await make_school(uow)
    values = SCHOOL | {"name": "Kisima Polytechnic", "code": "unused"}
    await service.update_school(uow, values=values, fields=frozenset({"name"}), etag=str(school.etag))
    assert (school.name, school.code) == ("Kisima Polytechnic", "KTC")
    with pytest.raises(EtagStale):
        await service.update_school(uow, values=values, fields=frozenset({"name"}), etag="1")
    await uow.store_records()
    entry = (await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "school.update_school"))).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["name"], entry.after["name"]) == ("Kisima Technical College", "Kisima Polytechnic")


async def test_codes_and_names_are_unique_where_they_must_be(uow: UnitOfWork) -> None:
    department = await make_department(uow, code="ICT", name="Computing")
    with pytest.raises(NameTaken):
        await make_department(uow, code="ICT", name="Other")
    with pytest.raises(NameTaken):
        await make_department(uow, code="OTH", name="Computing")
    await make_programme(uow, department_id=department.id, code="DICT")
    with pytest.raises(NameTaken):
        await make_programme(uow, department_id=department.id, code="DICT")
    elsewhere = await make_department(uow)
    await make_programme(uow, department_id=elsewhere.id, code="DICT")


async def test_a_class_group_gets_its_name_from_programme_intake_and_stream(uow: UnitOfWork) -> None:
    programme = await make_programme(uow, code="DICT")
    assert (await make_class_group(uow, programme_id=programme.id)).name == "DICT-2026-A"
    assert (await make_class_group(uow, programme_id=programme.id, stream="")).name == "DICT-2026"
    assert (await make_class_group(uow, programme_id=programme.id, name="Evening")).name == "Evening"
    with pytest.raises(NameTaken):
        await make_class_group(uow, programme_id=programme.id)


async def test_parts_of_nothing_are_refused(uow: UnitOfWork) -> None:
    with pytest.raises(DepartmentNotFound):
        await make_programme(uow, department_id=uuid4())
    with pytest.raises(SchoolInvalid) as refused:
        await make_programme(uow, code=" ", duration_years=0, terms_per_year=13)
    assert [violation.field for violation in refused.value.violations] == [
        "programme.code",
        "programme.duration_years",
        "programme.terms_per_year",
    ]
    with pytest.raises(SchoolInvalid):
        await make_class_group(uow, capacity=-1)


# Another year beside 2026, and whether it overlaps: days are inclusive at both ends.
@pytest.mark.parametrize(
    ("period", "overlaps"),
    [
        (Period(date(2027, 1, 1), date(2027, 12, 31)), False),  # the day after
        (Period(date(2026, 12, 31), date(2027, 12, 31)), True),  # shares the last day
        (Period(date(2025, 1, 1), date(2026, 1, 1)), True),  # shares the first day
        (Period(date(2025, 1, 1), date(2025, 12, 31)), False),
        (Period(date(2026, 3, 1), date(2026, 4, 1)), True),  # inside
        (Period(date(2025, 1, 1), date(2027, 12, 31)), True),  # around
    ],
)
async def test_years_do_not_overlap(make_uow: MakeUow, period: Period, *, overlaps: bool) -> None:
    async with make_uow() as uow:
        await make_academic_year(uow)
        if not overlaps:
            await make_academic_year(uow, name="other", period=period, active=False)
            return
        with pytest.raises(PeriodsOverlap, match="2026"):
            await make_academic_year(uow, name="other", period=period, active=False)
    with pytest.raises((AlreadyExists, IntegrityError)):  # the constraint, for who races past the check
        async with make_uow() as uow:
            uow.session.add(AcademicYear(name="racer", start_date=period.first, end_date=period.last))


async def test_one_year_is_active(make_uow: MakeUow) -> None:
    later = Period(date(2027, 1, 1), date(2027, 12, 31))
    async with make_uow() as uow:
        await make_academic_year(uow)
        with pytest.raises(AnotherYearActive, match="2026"):
            await make_academic_year(uow, name="2027", period=later)
    with pytest.raises(AlreadyExists):
        async with make_uow() as uow:
            uow.session.add(AcademicYear(name="2027", start_date=later.first, end_date=later.last, active=True))


@pytest.mark.parametrize(
    ("period", "number", "error"),
    [
        (Period(date(2025, 12, 31), date(2026, 4, 1)), 2, SchoolInvalid),  # begins before its year
        (Period(date(2026, 9, 1), date(2027, 1, 1)), 2, SchoolInvalid),  # ends after its year
        (Period(date(2026, 5, 2), date(2026, 5, 1)), 2, SchoolInvalid),  # ends before it begins
        (Period(date(2026, 5, 1), date(2026, 5, 1)), 2, SchoolInvalid),  # one day is no term
        (Period(date(2026, 5, 1), date(2026, 8, 1)), 0, SchoolInvalid),  # no number
        (Period(date(2026, 5, 1), date(2026, 8, 1)), 1, NameTaken),  # the number is taken
        (Period(date(2026, 4, 10), date(2026, 8, 1)), 2, PeriodsOverlap),  # shares a day
    ],
)
async def test_bad_terms_are_refused(uow: UnitOfWork, period: Period, number: int, error: type[HubError]) -> None:
    year = await make_academic_year(uow)
    await make_term(uow, academic_year_id=year.id)
    with pytest.raises(error):
        await make_term(uow, academic_year_id=year.id, number=number, period=period)


async def test_overlapping_terms_cannot_be_stored(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        year = await make_academic_year(uow)
        await make_term(uow, academic_year_id=year.id)
    with pytest.raises((AlreadyExists, IntegrityError)):
        async with make_uow() as uow:
            uow.session.add(Term(academic_year_id=year.id, number=2, start_date=TERM.last, end_date=YEAR.last))


async def test_free_days_are_the_schools_or_one_class_groups(uow: UnitOfWork) -> None:
    group, other = await make_class_group(uow), await make_class_group(uow)
    easter, trip = date(2026, 4, 3), date(2026, 3, 10)
    await make_calendar_day(uow, day=easter)
    await make_calendar_day(uow, day=trip, class_group_id=group.id)
    assert await queries.is_calendar_day(uow, easter, group.id)
    assert await queries.is_calendar_day(uow, trip, group.id)
    assert not await queries.is_calendar_day(uow, trip, other.id)
    days = await queries.calendar_days(uow, start=trip, end=easter)
    assert [(day.date, day.class_group_id) for day in days] == [(trip, group.id), (easter, None)]
    assert await queries.calendar_days(uow, start=date(2026, 3, 11), end=date(2026, 4, 2)) == []
    with pytest.raises(NameTaken):
        await make_calendar_day(uow, day=easter)
    with pytest.raises(NameTaken):
        await make_calendar_day(uow, day=trip, class_group_id=group.id)
    await make_calendar_day(uow, day=trip, class_group_id=other.id)
    with pytest.raises(ClassGroupNotFound):
        await make_calendar_day(uow, day=trip, class_group_id=uuid4())
