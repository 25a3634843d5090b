"""Ingest on both databases, through the use case itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from uuid6 import uuid7

from hub.attendance import queries
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, RecordChange
from hub.attendance.rules import (
    ClockQuality,
    ClockReading,
    FactKind,
    Judgement,
    RecordState,
    RejectionReason,
    SessionState,
)
from hub.attendance.service import lifecycle, watch
from hub.attendance.service.ingest import ingest
from hub.attendance.service.known import Answer, Fact, Malformed, Outcome
from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.outbox_tables import OutboxEvent
from hub.db.principal import SYSTEM, Principal
from hub.devices.events import DeviceMovedRoom
from hub.devices.models import Device
from tests.factories.attendance import BOOT, END, START, DoorReports, Lesson, make_lesson, make_room_device
from tests.factories.timetable import make_room
from tests.fixtures.clock import FakeClock


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
async def lesson(database: Database, clock: FakeClock) -> Lesson:
    clock.set(START - timedelta(hours=12))
    async with database.unit_of_work(SYSTEM) as uow:
        made = await make_lesson(uow)
    clock.set(START)
    return made


@pytest.fixture
def reports() -> DoorReports:
    return DoorReports()


async def report(database: Database, device_id: UUID, *items: Fact | Malformed, **more: Any) -> Sequence[Answer]:  # noqa: ANN401 (keywords of ingest)
    async with database.unit_of_work(Principal("device", device_id)) as uow:
        taken = await ingest(uow, device_id=device_id, items=items, **({"sent": None, "complete_until": None} | more))
    return taken.answers


async def states_of(database: Database, session_id: UUID) -> dict[UUID, RecordState]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        rows = await uow.session.scalars(select(AttendanceRecord).where(AttendanceRecord.session_id == session_id))
        return {row.trainee_id: row.state for row in rows}


async def stored(database: Database) -> int:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return await uow.session.scalar(select(func.count()).select_from(DoorFact)) or 0


async def told(database: Database) -> list[str]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        names = await uow.session.scalars(select(OutboxEvent.name).order_by(OutboxEvent.event_id))
        return [name for name in names if name.startswith("attendance.")]


async def end_lesson(database: Database, lesson: Lesson) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        session = await queries.get_session(uow, lesson.session.id, lock=True)
        await lifecycle.end(uow, session, at=uow.now, reason="test")


async def test_trainer_starts_and_those_who_waited_settle(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    early, on_time, absent = lesson.trainee_ids
    (answer,) = await report(database, lesson.device_id, reports.check_in(early, START - minutes(5)))
    assert (answer.judgement, answer.session_id) == (Judgement.PENDING, lesson.session.id)
    clock.set(START + minutes(12))
    answers = await report(
        database,
        lesson.device_id,
        reports.check_in(on_time, START + minutes(11)),
        reports.check_in(lesson.trainer_id, START + minutes(2)),
        reports.check_in(on_time, START + minutes(1)),
    )
    assert [a.judgement for a in answers] == [Judgement.REJECTED, Judgement.SESSION_STARTED, Judgement.PRESENT]
    assert answers[0].reason is RejectionReason.DUPLICATE
    assert await states_of(database, lesson.session.id) == {
        early: RecordState.PRESENT,
        on_time: RecordState.PRESENT,
        absent: RecordState.PENDING,
    }
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        session = await queries.get_session(uow, lesson.session.id)
        assert (session.state, session.actual_start_time) == (SessionState.ACTIVE, START + minutes(2))
        judgements = await uow.session.scalars(select(DoorFact.judgement).where(DoorFact.person_id == early))
        assert list(judgements) == [Judgement.PRESENT]


async def test_replay_changes_nothing_and_answers_the_same(
    database: Database, lesson: Lesson, reports: DoorReports
) -> None:
    items = [
        reports.check_in(lesson.trainer_id, START),
        *(reports.check_in(trainee_id, START) for trainee_id in lesson.trainee_ids),
    ]
    first = await report(database, lesson.device_id, *items)
    before = await told(database)
    again = await report(database, lesson.device_id, *items)
    assert {a.outcome for a in first} == {Outcome.STORED}
    assert {a.outcome for a in again} == {Outcome.DUPLICATE}
    assert [(a.judgement, a.session_id) for a in again] == [(a.judgement, a.session_id) for a in first]
    assert (await stored(database), await told(database)) == (4, before)
    assert before == ["attendance.session_started", "attendance.roster_complete"]


async def test_bad_items_are_refused_one_by_one(database: Database, lesson: Lesson, reports: DoorReports) -> None:
    good = reports.check_in(lesson.trainee_ids[0], START)
    answers = await report(
        database,
        lesson.device_id,
        Malformed("x", "event_id: is not a UUID"),
        good,
        good,
        replace(good, digest=b"other"),
        replace(good, event_id=uuid7(), digest=b"third"),
    )
    assert [a.outcome for a in answers] == [
        Outcome.REFUSED,
        Outcome.STORED,
        Outcome.DUPLICATE,
        Outcome.REFUSED,
        Outcome.REFUSED,
    ]
    assert answers[2].judgement is Judgement.PENDING
    assert "ids serve once" in answers[3].message
    assert "begin a new epoch" in answers[4].message
    assert await stored(database) == 1


async def test_another_device_cannot_take_an_event_id(database: Database, lesson: Lesson, reports: DoorReports) -> None:
    fact = reports.check_in(lesson.trainee_ids[0], START)
    await report(database, lesson.device_id, fact)
    async with database.unit_of_work(SYSTEM) as uow:
        other = await make_room_device(uow, lesson.room.id)
    (answer,) = await report(database, other, fact)
    assert answer.outcome is Outcome.REFUSED


async def test_late_report_corrects_a_completed_session_and_is_audited(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    await report(database, lesson.device_id, reports.check_in(lesson.trainer_id, START))
    clock.set(END)
    await end_lesson(database, lesson)
    seen = lesson.trainee_ids[0]
    assert (await states_of(database, lesson.session.id))[seen] is RecordState.ABSENT
    clock.advance(days=3)
    (answer,) = await report(database, lesson.device_id, reports.check_in(seen, START + minutes(30)))
    assert answer.judgement is Judgement.LATE
    assert (await states_of(database, lesson.session.id))[seen] is RecordState.LATE
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        changes = await uow.session.scalars(
            select(RecordChange)
            .join(AttendanceRecord, AttendanceRecord.id == RecordChange.record_id)
            .where(AttendanceRecord.trainee_id == seen)
            .order_by(RecordChange.change_time)
        )
        assert [change.after for change in changes] == [RecordState.PENDING, RecordState.ABSENT, RecordState.LATE]
        actions = await uow.session.scalars(select(AuditEntry.action))
        assert "attendance.correct_record" in list(actions)
    assert (await told(database))[-1] == "attendance.session_corrected"


async def test_every_order_of_arrival_gives_the_same_register(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    one, two, three = lesson.trainee_ids
    clock.set(START + minutes(40))
    items = [
        reports.check_in(three, START + minutes(35)),
        reports.check_in(one, START + minutes(20)),
        reports.check_in(lesson.trainer_id, START + minutes(9)),
        reports.check_in(one, START + minutes(3)),
        reports.check_in(lesson.trainer_id, START + minutes(1)),
        reports.check_in(two, START + minutes(10)),
    ]
    for item in items:
        await report(database, lesson.device_id, item)
    assert await states_of(database, lesson.session.id) == {
        one: RecordState.PRESENT,
        two: RecordState.PRESENT,
        three: RecordState.LATE,
    }
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert (await queries.get_session(uow, lesson.session.id)).actual_start_time == START + minutes(1)


async def test_stranger_unknown_and_other_rooms_people_are_kept_with_the_reason(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    clock.set(START + minutes(1))
    async with database.unit_of_work(SYSTEM) as uow:
        other_room = await make_room(uow, code="C1")
        other_device = await make_room_device(uow, other_room.id)
    answers = await report(
        database,
        lesson.device_id,
        reports.check_in(uuid4(), START),
        reports.check_in(lesson.trainee_ids[0], START, quality=ClockQuality.UNSYNCED),
        reports.check_in(lesson.trainee_ids[0], START, similarity=0.2),
    )
    assert [a.reason for a in answers] == [
        RejectionReason.UNKNOWN_PERSON,
        RejectionReason.CLOCK_UNTRUSTED,
        RejectionReason.LOW_SIMILARITY,
    ]
    (answer,) = await report(database, other_device, DoorReports().check_in(lesson.trainee_ids[0], START))
    assert answer.reason is RejectionReason.DEVICE_NOT_OF_ROOM
    assert await stored(database) == 4


async def test_clock_of_1970_is_corrected_by_what_was_counted(
    database: Database, lesson: Lesson, reports: DoorReports
) -> None:
    fact = reports.check_in(lesson.trainee_ids[0], START, quality=ClockQuality.UNSYNCED)
    sent = ClockReading(
        fact.captured.wall_time, fact.captured.monotonic_ns + 60_000_000_000, BOOT, ClockQuality.UNSYNCED
    )
    (answer,) = await report(database, lesson.device_id, fact, sent=sent)
    assert answer.judgement is Judgement.PENDING
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert await uow.session.scalar(select(DoorFact.capture_time)) == START - minutes(1)


async def test_what_was_captured_before_a_move_is_of_the_former_room(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        new_room = await make_room(uow, code="C1")
        device = await uow.session.get_one(Device, lesson.device_id)
        device.room_id = new_room.id
        moved = DeviceMovedRoom(
            event_id=uuid7(),
            occurred_time=START + minutes(20),
            device_id=lesson.device_id,
            from_room_id=lesson.room.id,
            to_room_id=new_room.id,
        )
        await watch.remember_move(uow, moved)
        await watch.remember_move(uow, moved)
    clock.set(START + minutes(30))
    answers = await report(
        database,
        lesson.device_id,
        reports.check_in(lesson.trainee_ids[0], START),
        reports.check_in(lesson.trainee_ids[0], START + minutes(25)),
    )
    assert answers[0].judgement is Judgement.PENDING
    assert answers[1].reason is RejectionReason.DEVICE_NOT_OF_ROOM


async def test_unknown_faces_are_told_once_a_minute(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    clock.set(START + minutes(5))
    seconds = (0, 10, 59, 61)
    await report(
        database,
        lesson.device_id,
        *(reports.fact(FactKind.UNKNOWN_FACE, START + timedelta(seconds=second)) for second in seconds),
    )
    assert await told(database) == ["attendance.unknown_face_seen"] * 2
    assert await stored(database) == 4
    clock.advance(days=1)
    await report(database, lesson.device_id, reports.fact(FactKind.DEVICE_MOVED, START + minutes(9)))
    assert len(await told(database)) == 2


async def test_nobody_starts_it_and_the_door_has_told_everything(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    (pending,) = await report(database, lesson.device_id, reports.check_in(lesson.trainee_ids[0], START))
    assert pending.judgement is Judgement.PENDING

    async def look() -> AttendanceSession:
        async with database.unit_of_work(SYSTEM) as uow:
            await watch.watch_sessions(uow, uow.now)
        async with database.unit_of_work(SYSTEM, write=False) as uow:
            return await queries.get_session(uow, lesson.session.id)

    clock.set(START + minutes(31))
    assert (await look()).state is SessionState.SCHEDULED
    assert await told(database) == ["attendance.session_not_started"]
    await report(database, lesson.device_id, complete_until=START + minutes(31))
    assert (await look()).state is SessionState.MISSED
    assert await told(database) == ["attendance.session_not_started"]
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert await uow.session.scalar(select(DoorFact.rejection_reason)) is RejectionReason.NO_SESSION


async def test_life_of_a_session_by_the_watch(
    database: Database, clock: FakeClock, lesson: Lesson, reports: DoorReports
) -> None:
    async def look() -> AttendanceSession:
        for _ in range(2):
            async with database.unit_of_work(SYSTEM) as uow:
                await watch.watch_sessions(uow, uow.now)
        async with database.unit_of_work(SYSTEM, write=False) as uow:
            return await queries.get_session(uow, lesson.session.id)

    clock.set(START - minutes(14))
    await look()
    clock.set(START + minutes(15))
    await report(
        database,
        lesson.device_id,
        reports.check_in(lesson.trainer_id, START),
        reports.check_in(lesson.trainee_ids[0], START),
    )
    await look()
    clock.set(END + minutes(30))
    session = await look()
    assert (session.state, session.actual_end_time) == (SessionState.COMPLETED, END + minutes(30))
    assert not session.absences_final
    assert await told(database) == [
        "attendance.session_starting_soon",
        "attendance.session_started",
        "attendance.low_turnout",
        "attendance.session_ended",
    ]
    clock.advance(minutes=1)
    await report(database, lesson.device_id, complete_until=END + minutes(31))
    assert (await look()).absences_final
