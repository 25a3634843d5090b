"""Sessions follow the published plan: what moves, what stays, and who hears of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hub.attendance.events import ScheduleChanged
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact
from hub.attendance.policy import Policy
from hub.attendance.rules import RecordState, SessionKind, SessionState
from hub.attendance.service import lifecycle, plan, sessions
from hub.attendance.service.ingest import ingest
from hub.attendance.service.register import Register
from hub.db.database import Database
from hub.db.outbox_tables import OutboxEvent
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.timetable import queries
from hub.timetable import service as timetable
from hub.timetable.rules import EntryKind, Materialised, Slot
from hub.timetable.service import entries, versions
from tests.factories.attendance import DoorReports, make_room_device
from tests.factories.timetable import (
    LessonBasis,
    draft_entry,
    make_entry,
    make_lesson_basis,
    make_room,
    make_trainee,
)
from tests.fixtures.clock import FakeClock

MONDAY = date(2026, 3, 2)
NAIROBI = ZoneInfo("Africa/Nairobi")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=NAIROBI).astimezone(UTC)


@pytest.fixture
async def basis(database: Database, clock: FakeClock) -> LessonBasis:
    """A Monday lesson, 08:00 to 10:00 in Nairobi, is published and has its sessions; it is early on that Monday."""
    clock.set(at(MONDAY, 6))
    async with database.unit_of_work(SYSTEM) as uow:
        basis = await make_lesson_basis(uow)
        await make_entry(uow, basis)
        await timetable.publish(uow, term_id=basis.term_id)
        await plan.materialise(uow)
    return basis


async def found(database: Database) -> list[AttendanceSession]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        query = select(AttendanceSession).order_by(AttendanceSession.planned_start_time, AttendanceSession.id)
        return list(await uow.session.scalars(query))


async def republish(
    database: Database,
    basis: LessonBasis,
    *,
    first: date | None = None,
    **changes: Any,  # noqa: ANN401 (fields by name)
) -> Materialised:
    """Publish a draft in which the lesson is changed, and let sessions follow."""
    async with database.unit_of_work(SYSTEM) as uow:
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        (entry,) = await queries.entries_of_version(uow, draft.id)
        if changes:
            await entries.update_entry(uow, entry_id=entry.id, changes=changes, etag="")
        await timetable.publish(uow, term_id=basis.term_id, effective_date=first)
        return await plan.materialise(uow)


async def told(database: Database) -> list[dict[str, Any]]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        query = select(OutboxEvent).where(OutboxEvent.name == ScheduleChanged.name).order_by(OutboxEvent.event_id)
        return [event.payload for event in await uow.session.scalars(query)]


async def test_an_unchanged_lesson_keeps_its_sessions_when_the_plan_is_published_again(
    database: Database, basis: LessonBasis
) -> None:
    before = await found(database)
    assert [session.planned_start_time for session in before] == [at(MONDAY, 8), at(date(2026, 3, 9), 8)]
    made = await republish(database, basis)
    assert (made.created, made.changed) == (0, 0)
    assert [(session.id, session.etag) for session in await found(database)] == [
        (session.id, session.etag) for session in before
    ]
    assert await told(database) == []


async def test_a_moved_lesson_takes_its_sessions_along_and_everybody_hears_once(
    database: Database, basis: LessonBasis
) -> None:
    before = await found(database)
    async with database.unit_of_work(SYSTEM) as uow:
        other = await make_room(uow, code="B13")
    made = await republish(database, basis, weekday=3, room_id=other.id)
    assert (made.created, made.changed) == (0, 2)
    after = await found(database)
    assert [session.id for session in after] == [session.id for session in before]
    assert [session.planned_start_time for session in after] == [at(date(2026, 3, 4), 8), at(date(2026, 3, 11), 8)]
    assert {session.session_date for session in after} == {date(2026, 3, 4), date(2026, 3, 11)}
    assert {session.room_id for session in after} == {other.id}
    (event,) = await told(database)
    assert event["trainer_ids"] == [str(basis.trainer_id)]
    assert [change["kind"] for change in event["changes"]] == ["moved", "moved"]
    change = event["changes"][0]
    assert (change["before_room_code"], change["room_code"]) == ("B12", "B13")


@pytest.mark.parametrize(("change", "kind"), [("room_id", "room_changed"), ("end_time_of_day", "moved")])
async def test_what_changed_is_told_by_its_name(database: Database, basis: LessonBasis, change: str, kind: str) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        values: dict[str, Any] = {"room_id": (await make_room(uow, code="B13")).id, "end_time_of_day": time(9)}
    await republish(database, basis, **{change: values[change]})
    (event,) = await told(database)
    assert {each["kind"] for each in event["changes"]} == {kind}


async def test_a_change_from_next_week_on_leaves_this_week_alone(database: Database, basis: LessonBasis) -> None:
    await republish(database, basis, first=date(2026, 3, 9), weekday=2)
    assert [session.planned_start_time for session in await found(database)] == [
        at(MONDAY, 8),
        at(date(2026, 3, 10), 8),
    ]


async def test_a_lesson_is_held_once_a_week_also_in_the_week_in_which_it_moves(
    database: Database, basis: LessonBasis, clock: FakeClock
) -> None:
    clock.set(at(MONDAY, 9))  # the lesson has begun
    await republish(database, basis, first=date(2026, 3, 4), weekday=4)
    assert [session.planned_start_time for session in await found(database)] == [
        at(MONDAY, 8),
        at(date(2026, 3, 12), 8),
    ]


async def test_a_dropped_lesson_is_cancelled_and_comes_back_as_new_sessions(
    database: Database, basis: LessonBasis
) -> None:
    before = await found(database)
    async with database.unit_of_work(SYSTEM) as uow:
        first = await queries.version_in_force(uow, basis.term_id, MONDAY)
        await versions.open_draft(uow, term_id=basis.term_id, empty=True)
        await timetable.publish(uow, term_id=basis.term_id)
        await plan.materialise(uow)
    assert first is not None
    assert {session.state for session in await found(database)} == {SessionState.CANCELLED}
    (event,) = await told(database)
    assert [change["kind"] for change in event["changes"]] == ["cancelled", "cancelled"]
    async with database.unit_of_work(SYSTEM) as uow:
        await versions.open_draft(uow, term_id=basis.term_id, base_version_id=first.id)
        await timetable.publish(uow, term_id=basis.term_id)
        assert (await plan.materialise(uow)).created == 2
    now = [session for session in await found(database) if session.state is SessionState.SCHEDULED]
    assert len(now) == 2
    assert {session.id for session in now}.isdisjoint({session.id for session in before})


async def test_what_a_person_cancelled_stays_cancelled(database: Database, basis: LessonBasis) -> None:
    first, _ = await found(database)
    everything = Scope(SYSTEM, frozenset({Reach.SCHOOL}))
    async with database.unit_of_work(SYSTEM) as uow:
        await sessions.cancel_session(uow, session_id=first.id, reason="rain", scope=everything)
    made = await republish(database, basis, weekday=2)
    assert (made.created, made.changed) == (0, 1)
    assert [session.state for session in await found(database)] == [SessionState.CANCELLED, SessionState.SCHEDULED]


async def test_a_temporary_and_a_makeup_entry_become_sessions_beside_the_others(
    database: Database, basis: LessonBasis
) -> None:
    once = draft_entry(basis, kind=EntryKind.TEMPORARY, slot=Slot.on_dates([date(2026, 3, 4)], time(8), time(9)))
    makeup = replace(once, kind=EntryKind.MAKEUP, slot=Slot.on_dates([date(2026, 3, 5)], time(8), time(9)))
    async with database.unit_of_work(SYSTEM) as uow:
        entry, _ = await timetable.create_entry(uow, draft=once)
        await timetable.create_entry(uow, draft=makeup)
        assert (await plan.materialise(uow)).created == 2
    kinds = {session.session_date: session.kind for session in await found(database)}
    assert (kinds[date(2026, 3, 4)], kinds[date(2026, 3, 5)]) == (SessionKind.REGULAR, SessionKind.MAKEUP)
    async with database.unit_of_work(SYSTEM) as uow:
        await entries.delete_entry(uow, entry_id=entry.id, etag="")
        await plan.materialise(uow)
    states = {session.session_date: session.state for session in await found(database)}
    assert states[date(2026, 3, 4)] is SessionState.CANCELLED
    assert states[date(2026, 3, 5)] is SessionState.SCHEDULED


async def test_publishing_while_check_ins_stream_changes_no_past_session(
    database: Database, basis: LessonBasis, clock: FakeClock
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        device_id = await make_room_device(uow, basis.room_id)
        trainees = [(await make_trainee(uow, basis.class_group_id, name=name)).id for name in ("Asha", "Juma", "Nia")]
    clock.set(at(MONDAY, 8))
    session_id = (await found(database))[0].id
    async with database.unit_of_work(SYSTEM) as uow:
        running = await uow.session.get_one(AttendanceSession, session_id)
        register = Register(uow)
        await lifecycle.begin(uow, register, running, policy=Policy(), at=uow.now, reason="test")
        await register.store()
    clock.set(at(MONDAY, 8, 5))
    reports = DoorReports()

    async def stream() -> None:
        for number, trainee_id in enumerate(trainees):
            fact = reports.check_in(trainee_id, at(MONDAY, 8, 1 + number))
            async with database.unit_of_work(Principal("device", device_id)) as uow:
                await ingest(uow, device_id=device_id, items=[fact], sent=None, complete_until=None)
            await asyncio.sleep(0)

    async def keep_publishing() -> None:
        for weekday in (2, 3, 4):
            await republish(database, basis, weekday=weekday)
            await asyncio.sleep(0)

    before = _place(await found(database), session_id)
    await asyncio.gather(stream(), keep_publishing())
    assert _place(await found(database), session_id) == before
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        records = await uow.session.scalars(select(AttendanceRecord).where(AttendanceRecord.session_id == session_id))
        assert {record.state for record in records} == {RecordState.PRESENT}
        facts = await uow.session.scalars(select(DoorFact))
        assert {fact.session_id for fact in facts} == {session_id}
    # And again when it is over: what was held stays where and as it was held.
    clock.set(at(MONDAY, 12))
    async with database.unit_of_work(SYSTEM) as uow:
        await lifecycle.end(uow, await _locked(uow, session_id), at=uow.now, reason="test")
    before = _place(await found(database), session_id)
    await republish(database, basis, weekday=5)
    assert _place(await found(database), session_id) == before


async def _locked(uow: UnitOfWork, session_id: UUID) -> AttendanceSession:
    session: AttendanceSession = await uow.session.get_one(AttendanceSession, session_id)
    return session


def _place(found: Sequence[AttendanceSession], session_id: UUID) -> tuple[object, ...]:
    (session,) = [session for session in found if session.id == session_id]
    return (
        session.state,
        session.room_id,
        session.trainer_id,
        session.session_date,
        session.planned_start_time,
        session.planned_end_time,
        session.actual_start_time,
    )
