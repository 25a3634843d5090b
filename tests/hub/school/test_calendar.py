import asyncio
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from hub.db.audit import AuditEntry
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists, HubError
from hub.rpc.fields import EtagStale
from hub.school.errors import (
    AcademicYearNotFound,
    AnotherYearActive,
    NameTaken,
    PartInUse,
    PeriodsOverlap,
    SchoolInvalid,
    TermNotFound,
)
from hub.school.events import TermDatesChanged
from hub.school.models import AcademicYear, Term
from hub.school.rules import AcademicYearDraft, Period, TermDraft
from hub.school.service import calendar
from tests.factories.courses import make_enrolment
from tests.factories.school import TERM, YEAR, make_academic_year, make_term
from tests.fixtures.database import MakeUow

NO_YEAR = UUID(int=0)


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


async def test_another_year_becomes_the_active_one_in_one_step(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        first = await make_academic_year(uow)
        later = [
            await make_academic_year(
                uow, name=str(year), period=Period(date(year, 1, 1), date(year, 12, 31)), active=False
            )
            for year in (2027, 2028)
        ]

    async def activate(year: AcademicYear, etag: str = "") -> None:
        async with make_uow() as uow:
            assert (await calendar.activate_academic_year(uow, academic_year_id=year.id, etag=etag)).active

    await asyncio.gather(*(activate(year) for year in (*later, first, *later)))  # whoever comes last
    await activate(later[0])
    async with make_uow() as uow:
        assert list(await uow.session.scalars(select(AcademicYear.name).where(AcademicYear.active))) == ["2027"]
        etag = (await uow.session.get_one(AcademicYear, later[0].id)).etag
    await activate(later[0], str(etag))  # again: nothing changes, so the etag stays
    await activate(later[0], str(etag))
    with pytest.raises(EtagStale):
        await activate(first, "99")
    with pytest.raises(AcademicYearNotFound):
        async with make_uow() as uow:
            await calendar.activate_academic_year(uow, academic_year_id=NO_YEAR, etag="")


async def test_making_another_year_active_is_audited_for_both(uow: UnitOfWork) -> None:
    first = await make_academic_year(uow)
    later = await make_academic_year(
        uow, name="2027", period=Period(date(2027, 1, 1), date(2027, 12, 31)), active=False
    )
    await uow.store_records()
    await calendar.activate_academic_year(uow, academic_year_id=later.id, etag=str(later.etag))
    await uow.store_records()
    entries = await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "school.update_academic_year"))
    assert {one.object_id: (one.before, one.after) for one in entries} == {
        str(first.id): ({"active": True}, {"active": False}),
        str(later.id): ({"active": False}, {"active": True}),
    }


BAD_TERMS: tuple[tuple[Period, int, type[HubError]], ...] = (
    (Period(date(2025, 12, 31), date(2026, 4, 1)), 2, SchoolInvalid),  # begins before its year
    (Period(date(2026, 9, 1), date(2027, 1, 1)), 2, SchoolInvalid),  # ends after its year
    (Period(date(2026, 5, 2), date(2026, 5, 1)), 2, SchoolInvalid),  # ends before it begins
    (Period(date(2026, 5, 1), date(2026, 5, 1)), 2, SchoolInvalid),  # one day is no term
    (Period(date(9999, 5, 1), date(9999, 8, 1)), 2, SchoolInvalid),  # not in our times
    (Period(date(2026, 5, 1), date(2026, 8, 1)), 0, SchoolInvalid),  # no number
    (Period(date(2026, 5, 1), date(2026, 8, 1)), 1, NameTaken),  # the number is taken
    (Period(date(2026, 4, 10), date(2026, 8, 1)), 2, PeriodsOverlap),  # shares a day
)


async def test_bad_terms_are_refused(uow: UnitOfWork) -> None:
    year = await make_academic_year(uow)
    await make_term(uow, academic_year_id=year.id)
    for period, number, error in BAD_TERMS:
        with pytest.raises(error):
            await make_term(uow, academic_year_id=year.id, number=number, period=period)


async def test_overlapping_terms_cannot_be_stored(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        year = await make_academic_year(uow)
        await make_term(uow, academic_year_id=year.id)
    with pytest.raises((AlreadyExists, IntegrityError)):
        async with make_uow() as uow:
            uow.session.add(Term(academic_year_id=year.id, number=2, start_date=TERM.last, end_date=YEAR.last))


async def test_two_admins_who_save_overlapping_terms_at_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        year = await make_academic_year(uow)

    async def save(number: int) -> None:
        async with make_uow() as uow:
            await make_term(uow, academic_year_id=year.id, number=number)
            await asyncio.sleep(0.05)  # the other one looks meanwhile

    results = await asyncio.gather(*(save(number) for number in range(1, 6)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", *["PeriodsOverlap"] * 4]
    async with make_uow() as uow:
        assert len(list(await uow.session.scalars(select(Term)))) == 1


async def test_two_admins_who_move_terms_onto_each_other_at_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        year = await make_academic_year(uow)
        terms = [
            await make_term(
                uow,
                academic_year_id=year.id,
                number=number,
                period=Period(date(2026, month, 1), date(2026, month + 1, 1)),
            )
            for number, month in ((1, 1), (2, 9))
        ]

    async def move(term_id: UUID) -> None:
        async with make_uow() as uow:
            wanted = TermDraft(academic_year_id=NO_YEAR, number=0, period=Period(date(2026, 5, 1), date(2026, 6, 1)))
            fields = frozenset({"start_date", "end_date"})
            await calendar.update_term(uow, term_id=term_id, wanted=wanted, fields=fields, etag="")
            await asyncio.sleep(0.05)

    results = await asyncio.gather(*(move(term.id) for term in terms), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "PeriodsOverlap"]


async def test_a_year_keeps_holding_its_terms(uow: UnitOfWork) -> None:
    year = await make_academic_year(uow)
    term = await make_term(uow, academic_year_id=year.id)
    wanted = AcademicYearDraft(name="2026 A", period=Period(date(2026, 1, 6), date(2026, 11, 30)))

    async def update(*fields: str) -> AcademicYear:
        return await calendar.update_academic_year(
            uow, academic_year_id=year.id, wanted=wanted, fields=frozenset(fields), etag=str(year.etag)
        )

    with pytest.raises(SchoolInvalid, match="does not hold term 1"):
        await update("start_date")
    assert (await update("end_date", "name")).period == Period(YEAR.first, date(2026, 11, 30))
    assert (year.name, year.active) == ("2026 A", True)
    assert not (await update("active")).active
    with pytest.raises(PartInUse, match="1 terms"):
        await calendar.delete_academic_year(uow, academic_year_id=year.id, etag="")
    await calendar.delete_term(uow, term_id=term.id, etag="")
    await calendar.delete_academic_year(uow, academic_year_id=year.id, etag=str(year.etag))
    assert not list(await uow.session.scalars(select(AcademicYear)))


async def test_a_term_is_updated_by_mask_and_etag(uow: UnitOfWork) -> None:
    year = await make_academic_year(uow)
    first = await make_term(uow, academic_year_id=year.id)
    second = await make_term(uow, academic_year_id=year.id, number=2, period=Period(date(2026, 5, 4), date(2026, 8, 7)))

    async def update(first_day: date, last_day: date, *fields: str, number: int = 1, etag: str = "") -> Term:
        wanted = TermDraft(academic_year_id=NO_YEAR, number=number, period=Period(first_day, last_day))
        return await calendar.update_term(uow, term_id=second.id, wanted=wanted, fields=frozenset(fields), etag=etag)

    with pytest.raises(PeriodsOverlap, match="term 1"):
        await update(TERM.last, TERM.last, "start_date")
    with pytest.raises(SchoolInvalid, match="after the start"):
        await update(TERM.last, date(2026, 5, 4), "end_date")
    with pytest.raises(SchoolInvalid, match="not inside of its year"):
        await update(TERM.last, date(2027, 1, 1), "end_date")
    with pytest.raises(NameTaken, match="term 1"):
        await update(TERM.last, TERM.last, "number")
    stale = str(second.etag)
    moved = await update(TERM.last + timedelta(days=1), TERM.last, "start_date", "number", number=3, etag=stale)
    assert (moved.period, moved.number) == (Period(date(2026, 4, 11), date(2026, 8, 7)), 3)
    await update(TERM.last, TERM.last, "number", number=3)  # the plan need not follow
    await uow.store_records()
    assert [one.name for one in await uow.session.scalars(select(OutboxEvent))] == [TermDatesChanged.name]
    with pytest.raises(EtagStale):
        await update(TERM.last, TERM.last, "number", number=4, etag=stale)
    await make_enrolment(uow, term_id=first.id)
    with pytest.raises(PartInUse, match="1 enrolments"):
        await calendar.delete_term(uow, term_id=first.id, etag="")
    await calendar.delete_term(uow, term_id=second.id, etag="")
    with pytest.raises(TermNotFound):
        await calendar.delete_term(uow, term_id=second.id, etag="")


def test_a_period_counts_both_its_ends() -> None:
    assert Period(date(2026, 1, 1), date(2026, 12, 31)).day_count == 365
    assert Period(date(2026, 1, 5), date(2026, 1, 5)).day_count == 1


# Days of 2026 by number; an edit makes, moves or deletes a year or a term.
_DAYS = st.integers(0, 90).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
_EDITS = st.lists(
    st.tuples(
        st.sampled_from([AcademicYear, Term, Term]),
        st.sampled_from(["create", "move", "move", "delete"]),
        st.integers(1, 4),
        st.tuples(_DAYS, _DAYS).map(sorted),
    ),
    max_size=12,
)


async def _edit(uow: UnitOfWork, kind: type[AcademicYear | Term], verb: str, number: int, period: Period) -> None:
    parts = list(await uow.session.scalars(select(kind).order_by(kind.start_date)))
    one = parts[number % len(parts)] if parts else None
    days = frozenset({"start_date", "end_date"})
    year_draft = AcademicYearDraft(name=f"{number}", period=period)
    years = list(await uow.session.scalars(select(AcademicYear).order_by(AcademicYear.start_date)))
    term_draft = TermDraft(
        academic_year_id=years[number % len(years)].id if years else NO_YEAR, number=number, period=period
    )
    match one, verb:
        case _, "create" if kind is AcademicYear:
            await calendar.create_academic_year(uow, draft=year_draft)
        case _, "create":
            await calendar.create_term(uow, draft=term_draft)
        case AcademicYear(), "move":
            await calendar.update_academic_year(uow, academic_year_id=one.id, wanted=year_draft, fields=days, etag="")
        case AcademicYear(), _:
            await calendar.delete_academic_year(uow, academic_year_id=one.id, etag="")
        case Term(), "move":
            await calendar.update_term(uow, term_id=one.id, wanted=term_draft, fields=days, etag="")
        case Term(), _:
            await calendar.delete_term(uow, term_id=one.id, etag="")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=_EDITS)
async def test_no_years_and_no_terms_overlap_whatever_is_edited(
    make_uow: MakeUow, edits: list[tuple[type[AcademicYear | Term], str, int, list[date]]]
) -> None:
    async with make_uow() as uow:
        for table in (Term, AcademicYear):
            await uow.session.execute(delete(table))
        await make_academic_year(uow, period=Period(date(2026, 1, 1), date(2026, 2, 28)))
        for kind, verb, number, (first, last) in edits:
            with suppress(HubError):
                await _edit(uow, kind, verb, number, Period(first, last))
            years = {year.id: year.period for year in await uow.session.scalars(select(AcademicYear))}
            terms = list(await uow.session.scalars(select(Term)))
            assert all(years[term.academic_year_id].holds(term.period) for term in terms)
            for periods in (years.values(), [term.period for term in terms]):
                in_order = sorted(periods, key=lambda period: period.first)
                assert all(period.first < period.last for period in in_order)
                assert all(before.last < after.first for before, after in pairwise(in_order))
