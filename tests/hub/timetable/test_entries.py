"""Lines of the plan through their service, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.rpc.fields import EtagStale
from hub.school.models import ClassGroup
from hub.timetable import queries, service
from hub.timetable.errors import (
    NothingPublished,
    TimetableConflict,
    TimetableEntryInvalid,
    TimetableEntryNotDraft,
    TimetableEntryNotFound,
    TimetableVersionNotDraft,
)
from hub.timetable.models import BOOKED, Booking, TimetableEntry
from hub.timetable.policy import ConflictRule
from hub.timetable.rules import EntryKind, Slot, WeekPattern
from hub.timetable.service import entries, versions
from tests.factories.timetable import (
    MONDAY_EIGHT,
    LessonBasis,
    draft_entry,
    make_enrolment,
    make_entry,
    make_lesson_basis,
    make_room,
    make_trainer,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

MONDAY = date(2026, 3, 2)


@pytest.fixture
async def basis(make_uow: MakeUow) -> LessonBasis:
    async with make_uow() as uow:
        return await make_lesson_basis(uow)


async def test_a_conflict_names_everything_that_is_booked(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
    async with make_uow() as uow:
        with pytest.raises(TimetableConflict) as refused:
            await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, start=time(9), end=time(11)))
    for named in ("Room B12", "Grace Mwangi", "DIT-2026-A", "ICT101", "08:00 to 10:00"):
        assert named in refused.value.message
    assert refused.value.metadata["entry_ids"] == str(entry.id)
    assert refused.value.metadata["rules"] == "ROOM_BUSY,TRAINER_BUSY,GROUP_BUSY"


async def test_back_to_back_lessons_do_not_collide(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        await make_entry(uow, basis)
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, start=time(10), end=time(12)))


async def test_lessons_of_alternate_weeks_share_a_slot_and_each_keeps_others_out(
    make_uow: MakeUow, basis: LessonBasis
) -> None:
    a = replace(MONDAY_EIGHT, pattern=WeekPattern.A, anchor_date=MONDAY)
    async with make_uow() as uow:
        await make_entry(uow, basis, slot=a)
        await make_entry(uow, basis, slot=replace(a, pattern=WeekPattern.B))
    for taken in (a, MONDAY_EIGHT, Slot.on_dates([date(2026, 3, 9)], time(9), time(10))):
        async with make_uow() as uow:
            with pytest.raises(TimetableConflict):
                await make_entry(uow, basis, slot=taken)


async def test_a_virtual_room_holds_any_number_of_lessons(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        online = await make_room(uow, code="WEB", room_type="virtual", capacity=1)
        other = await make_enrolment(
            uow, class_group_id=basis.class_group_id, term_id=basis.term_id, department_id=basis.department_id
        )
        group_id = await _another_group(uow, basis)
        other.class_group_id = group_id
        for enrolment_id in (basis.enrolment_id, other.id):
            await service.create_entry(uow, draft=draft_entry(basis, room_id=online.id, enrolment_id=enrolment_id))
    async with make_uow(write=False) as uow:
        assert set(await uow.session.scalars(select(Booking.room_id))) == {None}


@pytest.mark.parametrize(
    ("slot", "field"),
    [
        (replace(MONDAY_EIGHT, weekday=8), "weekday"),
        (replace(MONDAY_EIGHT, end=time(8)), "end_time_of_day"),
        (replace(MONDAY_EIGHT, last_date=date(2026, 4, 4)), "start_date"),  # a day after the term
        (replace(MONDAY_EIGHT, first_date=date(2026, 1, 6), last_date=date(2026, 1, 11)), "start_date"),  # no Monday
        (replace(MONDAY_EIGHT, pattern=WeekPattern.A), "anchor_date"),
        (replace(MONDAY_EIGHT, anchor_date=MONDAY), "anchor_date"),
        (replace(MONDAY_EIGHT, pattern=WeekPattern.DATES), "dates"),
        (replace(MONDAY_EIGHT, dates=(MONDAY,)), "dates"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused_by_field(
    make_uow: MakeUow, basis: LessonBasis, slot: Slot, field: str
) -> None:
    async with make_uow() as uow:
        with pytest.raises(TimetableEntryInvalid) as refused:
            await make_entry(uow, basis, slot=slot)
    assert [violation.field for violation in refused.value.violations] == [f"timetable_entry.{field}"]


@pytest.mark.parametrize("shared", BOOKED)
async def test_the_database_itself_refuses_a_double_booking(make_uow: MakeUow, basis: LessonBasis, shared: str) -> None:
    async with make_uow() as uow:
        first = await make_entry(uow, basis)
        others: dict[str, object] = {
            "room_id": (await make_room(uow, code="B13")).id,
            "trainer_id": (await make_trainer(uow, basis.department_id)).id,
            "class_group_id": await _another_group(uow, basis),
        }

    def booking(**other: object) -> Booking:
        # Straight into the table, past every check of ours: the one shared thing must be enough.
        values = others | {shared: getattr(first, shared)}
        values |= {"version_id": first.version_id, "entry_id": first.id, "weekday": 1}
        values |= {"start_time_of_day": time(9, 59), "end_time_of_day": time(11)}
        values |= {"first_date": MONDAY, "last_date": MONDAY, "phase_from": 0, "phase_to": 2}
        return Booking(**values | other)

    with pytest.raises((DBAPIError, HubError)):
        async with make_uow() as uow:
            uow.session.add(booking())
    async with make_uow() as uow:
        uow.session.add(booking(start_time_of_day=time(10)))
    with pytest.raises((DBAPIError, HubError)):  # moved onto another one afterwards
        async with make_uow() as uow:
            moved = (await uow.session.scalars(select(Booking).where(Booking.start_time_of_day == time(10)))).one()
            moved.start_time_of_day = time(9)
    async with make_uow() as uow:
        draft = await versions.open_draft(uow, term_id=basis.term_id, empty=True)
        uow.session.add(booking(version_id=draft.id))  # another version's plan is another plan


async def test_another_time_and_room_is_one_update_and_frees_the_old(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
        room = await make_room(uow, code="B13")
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=2))
    etag = str(entry.etag)
    async with make_uow() as uow:
        moved, warnings = await entries.update_entry(
            uow, entry_id=entry.id, changes={"weekday": 3, "room_id": room.id}, etag=etag
        )
        assert (moved.weekday, moved.room_id, moved.lesson_id, warnings) == (3, room.id, entry.lesson_id, [])
    async with make_uow() as uow:
        with pytest.raises(EtagStale):
            await entries.update_entry(uow, entry_id=entry.id, changes={"weekday": 4}, etag=etag)
        with pytest.raises(TimetableConflict):
            await entries.update_entry(uow, entry_id=entry.id, changes={"weekday": 2}, etag="")
        await make_entry(uow, basis)  # the old slot
        await uow.store_records()
        change = await uow.session.scalar(select(AuditEntry).where(AuditEntry.action == "timetable.update_entry"))
        assert change is not None
        assert change.before is not None
        assert change.after is not None
        assert (change.before["weekday"], change.after["weekday"]) == (1, 3)


async def test_a_published_line_is_neither_changed_nor_deleted(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
        version, _ = await service.publish(uow, term_id=basis.term_id)
    assert version is not None
    async with make_uow() as uow:
        for refused in (
            entries.update_entry(uow, entry_id=entry.id, changes={"weekday": 2}, etag=""),
            entries.delete_entry(uow, entry_id=entry.id, etag=""),
            entries.pin(uow, entry_ids=[entry.id], pinned=True),
        ):
            with pytest.raises(TimetableEntryNotDraft):
                await refused
        with pytest.raises(TimetableVersionNotDraft):
            await service.create_entry(uow, draft=draft_entry(basis, version_id=version.id))


async def test_a_deleted_line_is_gone_with_its_bookings(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
    async with make_uow() as uow:
        await entries.delete_entry(uow, entry_id=entry.id, etag=str(entry.etag))
    async with make_uow() as uow:
        assert (await uow.session.scalars(select(Booking))).all() == []
        with pytest.raises(TimetableEntryNotFound):
            await entries.delete_entry(uow, entry_id=entry.id, etag="")


async def test_pinning_changes_nothing_else(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        one = await make_entry(uow, basis)
        two = await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=2))
    async with make_uow() as uow:
        draft = await queries.get_version(uow, one.version_id)
        before = draft.etag
        await entries.pin(uow, entry_ids=[one.id], pinned=True)
        assert draft.etag == before + 1
    async with make_uow(write=False) as uow:
        stored = {entry.id: (entry.pinned, entry.slot) for entry in await uow.session.scalars(select(TimetableEntry))}
    assert stored == {one.id: (True, one.slot), two.id: (False, two.slot)}


async def test_check_answers_every_conflict_at_once_and_stores_nothing(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
        lab = await make_room(uow, code="L1", capacity=1)
    async with make_uow(write=False) as uow:
        draft = draft_entry(basis, room_id=lab.id, facilities=["kiln"], slot=replace(MONDAY_EIGHT, start=time(9)))
        found = await entries.check(uow, draft=draft, entry_id=None)
        assert {conflict.rule for conflict in found} >= {
            ConflictRule.TRAINER_BUSY,
            ConflictRule.GROUP_BUSY,
            ConflictRule.ROOM_FACILITIES,
        }
        assert all(
            conflict.entry_ids == (entry.id,)
            for conflict in found
            if conflict.rule in (ConflictRule.TRAINER_BUSY, ConflictRule.GROUP_BUSY)
        )
        # As that entry would be after the change: it does not collide with itself.
        found = await entries.check(uow, draft=draft_entry(basis), entry_id=entry.id)
        assert [conflict for conflict in found if conflict.hard] == []


async def test_check_costs_the_same_statements_however_full_the_plan_is(database: Database, basis: LessonBasis) -> None:
    async def statements() -> int:
        seen: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            seen.append(statement)

        async with database.unit_of_work(SYSTEM, write=False) as uow:
            event.listen(database.engine.sync_engine, "before_cursor_execute", note)
            await entries.check(uow, draft=draft_entry(basis, slot=replace(MONDAY_EIGHT, weekday=6)), entry_id=None)
            event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        return len(seen)

    async with database.unit_of_work(SYSTEM) as uow:
        await make_entry(uow, basis)
    few = await statements()
    async with database.unit_of_work(SYSTEM) as uow:
        for weekday in (2, 3, 4, 5):
            for hour in (8, 10, 14):
                await make_entry(
                    uow, basis, slot=replace(MONDAY_EIGHT, weekday=weekday, start=time(hour), end=time(hour + 1))
                )
    assert await statements() == few
    assert few <= 16


async def test_a_temporary_entry_goes_into_the_plan_in_force(make_uow: MakeUow, basis: LessonBasis) -> None:
    day = date(2026, 3, 4)
    once = draft_entry(basis, kind=EntryKind.TEMPORARY, slot=Slot.on_dates([day], time(8), time(10)))
    async with make_uow() as uow:
        with pytest.raises(NothingPublished):
            await service.create_entry(uow, draft=once)
        await make_entry(uow, basis)
        version, _ = await service.publish(uow, term_id=basis.term_id)
    assert version is not None
    async with make_uow() as uow:
        with pytest.raises(TimetableConflict):  # with the published Monday lesson
            await service.create_entry(
                uow,
                draft=replace(once, slot=Slot.on_dates([date(2026, 3, 9)], time(9), time(11))),
            )
        made, _ = await service.create_entry(uow, draft=once)
        assert made.version_id == version.id
        with pytest.raises(TimetableVersionNotDraft):
            await service.create_entry(uow, draft=replace(once, version_id=version.id))
        with pytest.raises(TimetableEntryInvalid, match="past"):
            await service.create_entry(
                uow, draft=replace(once, slot=Slot.on_dates([date(2026, 2, 4)], time(8), time(10)))
            )
        # A draft is checked against it: it will be carried over when the draft is published.
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        with pytest.raises(TimetableConflict):
            await service.create_entry(
                uow, draft=draft_entry(basis, slot=replace(MONDAY_EIGHT, weekday=3), version_id=draft.id)
            )
        moved, _ = await entries.update_entry(
            uow, entry_id=made.id, changes={"dates": ["2026-03-05"]}, etag=str(made.etag)
        )
        assert list(moved.slot.days()) == [date(2026, 3, 5)]
        await entries.delete_entry(uow, entry_id=made.id, etag="")


async def test_what_is_past_by_the_school_s_clock_keeps_no_draft_from_its_time(
    make_uow: MakeUow, basis: LessonBasis, clock: FakeClock
) -> None:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    tuesday = date(2026, 3, 3)
    async with make_uow() as uow:
        await make_entry(uow, basis)
        await service.publish(uow, term_id=basis.term_id)
        once = Slot.on_dates([tuesday], time(8), time(10))
        await service.create_entry(uow, draft=draft_entry(basis, kind=EntryKind.TEMPORARY, slot=once))
        await versions.open_draft(uow, term_id=basis.term_id)
        await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 4))
    clock.set(datetime(2026, 3, 3, 22, 30, tzinfo=UTC))  # the 4th in Nairobi
    async with make_uow() as uow:
        await versions.open_draft(uow, term_id=basis.term_id)
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=2))


async def _another_group(uow: UnitOfWork, basis: LessonBasis) -> UUID:
    group = await uow.session.get_one(ClassGroup, basis.class_group_id)
    other = ClassGroup(programme_id=group.programme_id, intake_year=2025, name="DIT-2025-A")
    uow.session.add(other)
    await uow.session.flush()
    return other.id
