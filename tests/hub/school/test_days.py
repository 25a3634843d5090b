import asyncio
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from hub.school import holiday_calendar, queries
from hub.school.errors import (
    CalendarDayNotFound,
    ClassGroupNotFound,
    HolidaysUnknown,
    NameTaken,
    SchoolInvalid,
    SchoolNotFound,
)
from hub.school.models import CalendarDay
from hub.school.rules import CalendarDayDraft, CalendarDayKind, DefaultPolicies, Period
from hub.school.service import days
from hub.school.service.days import HolidayImport
from tests.factories.school import make_calendar_day, make_class_group, make_school
from tests.fixtures.database import MakeUow


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


async def test_a_day_is_edited_by_hand_and_made_ordinary_again(uow: UnitOfWork) -> None:
    day = await make_calendar_day(uow, day=date(2026, 4, 3))
    await make_calendar_day(uow, day=date(2026, 4, 6))
    wanted = CalendarDayDraft(day=date(2026, 4, 6), kind=CalendarDayKind.CLOSURE, name=" Flood ")

    async def update(*fields: str, etag: str = "") -> CalendarDay:
        return await days.update_calendar_day(
            uow, calendar_day_id=day.id, wanted=wanted, fields=frozenset(fields), etag=etag
        )

    with pytest.raises(NameTaken, match="2026-04-06"):
        await update("date")
    await update("name", "kind", etag="1")
    assert (day.name, day.kind, day.date) == ("Flood", CalendarDayKind.CLOSURE, date(2026, 4, 3))
    with pytest.raises(EtagStale):
        await update("name", etag="1")
    wanted = CalendarDayDraft(day=date(2026, 4, 7), kind=CalendarDayKind.CLOSURE, name="Flood")
    await update("date")
    await days.delete_calendar_day(uow, calendar_day_id=day.id, etag="")
    with pytest.raises(CalendarDayNotFound):
        await days.delete_calendar_day(uow, calendar_day_id=day.id, etag="")
    await uow.store_records()
    told = [
        (event.name.removeprefix("school.calendar_day_"), event.payload["day"])
        for event in await uow.session.scalars(select(OutboxEvent).order_by(OutboxEvent.event_id))
    ]
    assert told == [
        ("created", "2026-04-03"),
        ("created", "2026-04-06"),
        ("deleted", "2026-04-03"),
        ("created", "2026-04-07"),
        ("deleted", "2026-04-07"),
    ]


async def _import(uow: UnitOfWork, country: str = "KE", *, dry: bool = False, subdivision: str = "") -> HolidayImport:
    return await days.import_holidays(
        uow,
        period=Period(date(2026, 1, 1), date(2026, 12, 31)),
        country=country,
        subdivision=subdivision,
        validate_only=dry,
    )


async def test_holidays_of_a_country_are_imported_once(uow: UnitOfWork) -> None:
    await make_school(uow)
    dry = await _import(uow, dry=True)
    assert await queries.calendar_days(uow, start=date(2026, 1, 1), end=date(2026, 12, 31)) == []
    done = await _import(uow)
    assert [(day.date, day.name) for day in done.created] == [(day.date, day.name) for day in dry.created]
    stored = {day.date: day for day in await queries.calendar_days(uow, start=date(2026, 1, 1), end=date(2026, 12, 31))}
    assert stored[date(2026, 10, 20)].name == "Mashujaa Day"
    assert {day.kind for day in stored.values()} == {CalendarDayKind.HOLIDAY}
    again = await _import(uow)
    assert (again.created, {day.date for day in again.unchanged}) == ([], set(stored))


async def test_two_who_import_the_same_holidays_at_once_store_them_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_school(uow)

    async def take() -> HolidayImport:
        async with make_uow() as uow:
            done = await _import(uow)
            await asyncio.sleep(0.05)  # the other one looks meanwhile
            return done

    first, second = sorted(await asyncio.gather(take(), take()), key=lambda done: len(done.unchanged))
    assert first.unchanged == second.created == []
    assert {day.date for day in first.created} == {day.date for day in second.unchanged} != set()


async def test_what_was_edited_by_hand_survives_the_next_import(uow: UnitOfWork) -> None:
    await make_school(uow)
    group = await make_class_group(uow)
    christmas = date(2026, 12, 25)
    mine = await make_calendar_day(uow, day=christmas, kind=CalendarDayKind.CLOSURE)
    await make_calendar_day(uow, day=date(2026, 12, 26), class_group_id=group.id)
    done = await _import(uow)
    assert done.unchanged == [mine]
    assert (mine.name, mine.kind) == ("Free day", CalendarDayKind.CLOSURE)
    assert date(2026, 12, 26) in {day.date for day in done.created}  # a class group's day is not the school's


async def test_the_schools_country_subdivision_and_language_are_the_default(uow: UnitOfWork) -> None:
    policies = DefaultPolicies(holiday_country="DE", holiday_subdivision="BY")
    await make_school(uow, locale="en-US", default_policies=policies)
    names = {day.name for day in (await _import(uow, "")).created}
    assert "Corpus Christi" in names
    assert "Mashujaa Day" in {day.name for day in (await _import(uow, "KE")).created}


async def test_bad_holiday_imports_are_refused(uow: UnitOfWork) -> None:
    with pytest.raises(SchoolNotFound):
        await _import(uow)
    await make_school(uow)
    for country, subdivision, match in (
        ("", "", "is required"),
        ("Kenya", "", "no country"),
        ("KE", "BY", "no subdivision of Kenya"),
    ):
        with pytest.raises(HolidaysUnknown, match=match):
            await _import(uow, country, subdivision=subdivision)
    for last in (date(2025, 12, 31), date(2031, 2, 1)):
        with pytest.raises(SchoolInvalid, match="5 years"):
            await days.import_holidays(
                uow, period=Period(date(2026, 1, 1), last), country="KE", subdivision="", validate_only=True
            )


def test_names_come_in_the_schools_language_if_the_library_has_it() -> None:
    period = Period(date(2026, 12, 25), date(2026, 12, 25))

    def name(country: str, locale: str) -> str:
        [(_, found)] = holiday_calendar.public_holidays(period, country=country, subdivision="", locale=locale)
        return found

    assert name("KE", "sw-KE") == "Siku ya Krismasi"
    assert name("KE", "fr") == name("KE", "") == "Christmas Day"
    assert name("DE", "en-GB") == "Christmas Day"
    assert name("DE", "") == "Erster Weihnachtstag"


def test_countries_have_names_that_people_know() -> None:
    known = {country.code: country for country in holiday_calendar.countries()}
    assert known["US"].name == "United States"
    assert "BY" in known["DE"].subdivisions
    assert known["KE"].subdivisions == ()
