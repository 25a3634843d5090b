"""A session's way: it begins, ends, is missed or cancelled. The session must be locked by the transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select

from hub.attendance import events, queries
from hub.attendance.errors import SessionStateConflict
from hub.attendance.models import AttendanceSession, DeviceMove, DoorFact
from hub.attendance.policy import Policy
from hub.attendance.rules import (
    Attendance,
    Judgement,
    RecordSource,
    RecordState,
    RejectionReason,
    SessionState,
    SessionView,
    may_move,
    on_time_or_late,
)
from hub.attendance.service.register import Register
from hub.db.base import table_of
from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries as devices
from hub.devices import service as devices_service
from hub.school.models import ClassGroup
from hub.timetable import queries as timetable


class SessionFacts(TypedDict):
    """What every event of a session has."""

    event_id: UUID
    occurred_time: datetime
    session_id: UUID
    room_id: UUID
    room_code: str
    title: str
    class_group_name: str
    trainer_ids: list[UUID]
    planned_start_time: datetime
    planned_end_time: datetime


async def session_facts(uow: UnitOfWork, session: AttendanceSession) -> SessionFacts:
    room = await timetable.get_room(uow, session.room_id)
    group = await uow.session.get_one(ClassGroup, session.class_group_id)
    return SessionFacts(
        **uow.new_event_args(),
        session_id=session.id,
        room_id=room.id,
        room_code=room.code,
        title=session.title,
        class_group_name=group.name,
        trainer_ids=session.trainer_ids,
        planned_start_time=session.planned_start_time,
        planned_end_time=session.planned_end_time,
    )


def tell_once(session: AttendanceSession, what: str, *, value: str | bool = True) -> bool:
    """Whether it is told for the first time; remembers that it is."""
    if session.told.get(what) == value:
        return False
    session.told = session.told | {what: value}
    return True


def move(uow: UnitOfWork, session: AttendanceSession, after: SessionState, *, reason: str) -> None:
    """Change the state, with an audit entry.

    Raises:
        SessionStateConflict: no such move.
    """
    check_move(session, after)
    before = session.state
    session.state = after
    uow.audit(
        f"attendance.session_{after.value.lower()}",
        object_type="session",
        object_id=session.id,
        before={"state": before.value},
        after={"state": after.value},
        reason=reason or None,
    )


def check_move(session: AttendanceSession, after: SessionState) -> None:
    """Raises SessionStateConflict when the session cannot become that."""
    if not may_move(session.state, after):
        raise SessionStateConflict(
            f"The session is {session.state.value} and cannot become {after.value}.",
            metadata={"state": session.state.value, "wanted_state": after.value},
        )


async def begin(
    uow: UnitOfWork, register: Register, session: AttendanceSession, *, policy: Policy, at: datetime, reason: str
) -> SessionView:
    """Start the session: everybody expected gets a record, and check-ins that waited are settled."""
    move(uow, session, SessionState.ACTIVE, reason=reason)
    session.actual_start_time = at
    session.policy = policy.to_json()
    view = queries.view_of(session, policy)
    await register.load([session.id])
    for trainee_id in await queries.expected_in(uow, session):
        register.add(session.id, trainee_id, reason="the session started")
    waiting = await uow.session.execute(
        select(DoorFact.event_id, DoorFact.person_id, DoorFact.capture_time)
        .where(DoorFact.session_id == session.id, DoorFact.judgement == Judgement.PENDING)
        .order_by(DoorFact.capture_time, DoorFact.event_id)
    )
    judged = []
    for event_id, person_id, capture_time in waiting:
        assert person_id is not None  # noqa: S101 (a check-in has a person, by its parser)
        judgement, why = settle(register, view, person_id, capture_time)
        judged.append({"key": event_id, "judgement": judgement, "rejection_reason": why})
    await _store_judgements(uow, judged)
    counts = register.counts(session.id)
    uow.publish(
        events.SessionStarted(
            **await session_facts(uow, session),
            actual_start_time=at,
            expected=counts.expected,
            present=counts.present,
            late=counts.late,
        )
    )
    await devices_service.request_sync(uow, room_id=session.room_id)
    return view


def settle(
    register: Register, view: SessionView, person_id: UUID, at: datetime
) -> tuple[Judgement, RejectionReason | None]:
    """Take a check-in that waited for the start into the register."""
    line = register.line(view.session_id, person_id)
    if line is None:
        return Judgement.REJECTED, RejectionReason.NOT_ENROLLED
    first = line.now.first_check_in_time
    line.now, line.reason = line.now.seen(at, view), "seen at the door"
    if first is not None and first <= at:
        return Judgement.REJECTED, RejectionReason.DUPLICATE
    return on_time_or_late(view, at), None


async def end(uow: UnitOfWork, session: AttendanceSession, *, at: datetime, reason: str) -> None:
    """Complete the session: who has not been seen is ABSENT, provisionally until the room's devices told everything."""
    move(uow, session, SessionState.COMPLETED, reason=reason)
    session.actual_end_time = at
    register = Register(uow)
    await register.load([session.id])
    for line in register.lines_of(session.id):
        if line.now.state is RecordState.PENDING:
            line.now = Attendance(RecordState.ABSENT, RecordSource.SYSTEM)
            line.reason = "not seen when the session ended"
    await register.store()
    session.absences_final = await is_reported(uow, session, until=at)
    counts = register.counts(session.id)
    uow.publish(
        events.SessionEnded(
            **await session_facts(uow, session),
            expected=counts.expected,
            present=counts.present,
            late=counts.late,
            absent=counts.absent,
            excused=counts.excused,
            absences_final=session.absences_final,
        )
    )
    await devices_service.request_sync(uow, room_id=session.room_id)


async def close_unstarted(uow: UnitOfWork, session: AttendanceSession, after: SessionState, *, reason: str) -> None:
    """The session is MISSED or CANCELLED: check-ins that waited for its start have nothing to count for."""
    move(uow, session, after, reason=reason)
    session.reason = reason
    waiting = await uow.session.scalars(
        select(DoorFact.event_id).where(DoorFact.session_id == session.id, DoorFact.judgement == Judgement.PENDING)
    )
    await _store_judgements(
        uow,
        [
            {"key": event_id, "judgement": Judgement.REJECTED, "rejection_reason": RejectionReason.NO_SESSION}
            for event_id in waiting
        ],
    )
    await devices_service.request_sync(uow, room_id=session.room_id)


async def is_reported(uow: UnitOfWork, session: AttendanceSession, *, until: datetime) -> bool:
    """Whether each device that stood in the room has reported everything up to an instant, or the wait is over."""
    policy = Policy() if session.policy is None else Policy.from_json(session.policy)
    if uow.now >= until + policy.longest_backlog_wait:
        return True
    views = (await devices.devices_in_rooms(uow, [session.room_id]))[session.room_id]
    here = [view for view in views if view.device.create_time <= until]
    moved = await uow.session.scalars(
        select(DeviceMove.device_id).where(
            DeviceMove.from_room_id == session.room_id, DeviceMove.moved_time > session.planned_start_time
        )
    )
    moved_ids = set(moved) - {view.device.id for view in here}
    if moved_ids:
        here += await devices.views(uow, [await devices.get_device(uow, device_id) for device_id in moved_ids])
    return all(view.condition.watermark_time is not None and view.condition.watermark_time >= until for view in here)


async def tell_cancelled(uow: UnitOfWork, session: AttendanceSession) -> None:
    uow.publish(events.SessionCancelled(**await session_facts(uow, session), reason=session.reason))


async def tell_corrections(uow: UnitOfWork, sessions: Collection[AttendanceSession]) -> None:
    """Tell that late reports changed the registers of completed sessions."""
    if not sessions:
        return
    counts = await queries.counts_of(uow, sessions)
    for session in sessions:
        numbers = counts[session.id]
        uow.publish(
            events.SessionCorrected(
                **await session_facts(uow, session),
                expected=numbers.expected,
                present=numbers.present,
                late=numbers.late,
                absent=numbers.absent,
                excused=numbers.excused,
            )
        )


async def tell_complete(uow: UnitOfWork, sessions: Collection[AttendanceSession]) -> None:
    """Tell of running sessions in which everybody is in now, once each."""
    running = [
        session for session in sessions if session.state is SessionState.ACTIVE and "complete" not in session.told
    ]
    if not running:
        return
    counts = await queries.counts_of(uow, running)
    for session in running:
        numbers = counts[session.id]
        arrived = numbers.present + numbers.late + numbers.excused
        if numbers.expected and arrived == numbers.expected and tell_once(session, "complete"):
            uow.publish(events.RosterComplete(**await session_facts(uow, session), expected=numbers.expected))


async def _store_judgements(uow: UnitOfWork, judged: Sequence[dict[str, object]]) -> None:
    if not judged:
        return
    facts = table_of(DoorFact)
    connection = await uow.session.connection()
    for row in judged:
        await connection.execute(
            facts.update()
            .where(facts.c.event_id == row["key"])
            .values(judgement=row["judgement"], rejection_reason=row["rejection_reason"])
        )
