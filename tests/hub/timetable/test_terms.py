"""Other days of a term, as its plan follows them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.school.events import TermDatesChanged
from hub.school.rules import Period, TermDraft
from hub.school.service import calendar
from hub.timetable import queries, service
from hub.timetable.models import Booking, TimetableVersion
from hub.timetable.rules import WeekPattern
from hub.timetable.service import terms, versions
from tests.factories.timetable import MONDAY_EIGHT, TERM, make_entry, make_lesson_basis
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def change(uow: UnitOfWork, term_id: UUID, first: date, last: date) -> None:
    """As an admin does it, and the relay delivers it: twice."""
    await calendar.update_term(
        uow,
        term_id=term_id,
        wanted=TermDraft(academic_year_id=term_id, number=1, period=Period(first, last)),
        fields=frozenset({"start_date", "end_date"}),
        etag="",
    )
    for _ in range(2):
        await terms.follow_term(uow, TermDatesChanged(**uow.new_event_args(), term_id=term_id))


async def days_of_plan(uow: UnitOfWork, version: TimetableVersion | None) -> list[tuple[int, date, date]]:
    assert version is not None
    entries = await queries.entries_of_version(uow, version.id)
    booked = await uow.session.execute(
        select(Booking.entry_id, Booking.first_date, Booking.last_date).where(Booking.version_id == version.id)
    )
    # What keeps others out is what the lines say.
    spans = [(entry.id, span.first_date, span.last_date) for entry in entries for span in entry.slot.spans()]
    assert sorted(map(tuple, booked)) == sorted(spans)
    return sorted((entry.weekday, entry.start_date, entry.end_date) for entry in entries)


async def test_a_shorter_term_cuts_the_plan_from_today_on_and_the_past_stays(
    make_uow: MakeUow, clock: FakeClock
) -> None:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    last_week = date(2026, 3, 30)
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        await make_entry(uow, basis)
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=2, first_date=last_week))
        dates = replace(MONDAY_EIGHT, weekday=3, pattern=WeekPattern.DATES)
        days = [date(2026, 3, 4), date(2026, 3, 25), date(2026, 4, 1)]
        await make_entry(uow, basis, slot=dates.on_dates(days, dates.start, dates.end))
        await service.publish(uow, term_id=basis.term_id)
        draft = await versions.open_draft(uow, term_id=basis.term_id)
    clock.set(datetime(2026, 3, 16, 6, tzinfo=UTC))
    async with make_uow() as uow:
        await change(uow, basis.term_id, TERM[0], date(2026, 3, 27))
    cut = [(1, TERM[0], date(2026, 3, 27)), (3, date(2026, 3, 4), date(2026, 3, 25))]
    async with make_uow() as uow:
        before = await queries.version_in_force(uow, basis.term_id, date(2026, 3, 9))
        assert len(await days_of_plan(uow, before)) == 3
        assert await days_of_plan(uow, await queries.version_in_force(uow, basis.term_id, date(2026, 3, 16))) == cut
        assert await days_of_plan(uow, await uow.session.get(TimetableVersion, draft.id)) == cut
        lessons = await queries.occurrences(
            uow, start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 5, 1, tzinfo=UTC)
        )
        assert [lesson.day.day for lesson in lessons] == [9, 16, 23, 25]
        # A longer term leaves the plan as it is: how it goes on is for a planner to say.
        await change(uow, basis.term_id, *TERM)
        assert await days_of_plan(uow, await queries.version_in_force(uow, basis.term_id, date(2026, 3, 16))) == cut


async def test_a_term_that_is_gone_is_passed_over(uow: UnitOfWork) -> None:
    basis = await make_lesson_basis(uow)
    await make_entry(uow, basis)
    await terms.follow_term(uow, TermDatesChanged(**uow.new_event_args(), term_id=uuid4()))
    assert len(list(await uow.session.scalars(select(Booking)))) == 1
