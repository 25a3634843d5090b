"""What people do with sessions over the API: start, end, cancel, mark; and the school's policy."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from hub.attendance import queries
from hub.attendance.bulk import insert_rows
from hub.attendance.errors import (
    FaceNotAlike,
    NotInRoom,
    NotTrainerOfSession,
    OutsideEndWindow,
    OutsideStartWindow,
    RecordLocked,
    TraineeNotExpected,
)
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, SchoolPolicy
from hub.attendance.policy import Policy
from hub.attendance.rules import (
    CORRECTION_LOCK,
    Attendance,
    ClockQuality,
    FactKind,
    Judgement,
    Liveness,
    RecordSource,
    RecordState,
    SessionState,
)
from hub.attendance.service import lifecycle
from hub.attendance.service.register import Register
from hub.db.unit_of_work import UnitOfWork
from hub.devices import service as devices_service
from hub.errors import FieldViolation, InvalidArgument
from hub.rpc.permissions import DP_ACADEMICS, Scope
from hub.timetable import queries as timetable
from hub.timetable.geofencing import fence_of
from presence.geofence import GeofenceOutcome, Position, judge


async def check_may_start(
    uow: UnitOfWork, *, session_id: UUID, position: Position, scope: Scope, lock: bool = False
) -> AttendanceSession:
    """The session, if the caller may start it now and here; the face is compared afterwards.

    Raises:
        SessionNotFound, NotTrainerOfSession, SessionStateConflict, OutsideStartWindow, NotInRoom
    """
    session = await queries.get_session(uow, session_id, scope=scope, lock=lock)
    _check_trainer(uow, session)
    if session.state is SessionState.ACTIVE:
        return session
    lifecycle.check_move(session, SessionState.ACTIVE)
    view = queries.view_of(session, await queries.school_policy(uow))
    if not view.start_opens <= uow.now <= view.start_closes:
        raise OutsideStartWindow(
            f"The session can be started from {view.start_opens:%H:%M:%S} to {view.start_closes:%H:%M:%S} UTC and it "
            f"is {uow.now:%H:%M:%S}.",
            metadata={"opens": view.start_opens.isoformat(), "closes": view.start_closes.isoformat()},
        )
    room = await timetable.get_room(uow, session.room_id)
    place = judge(
        fence_of(room),
        position,
        max_accuracy_m=room.max_accuracy_m,
        min_overlap_share=view.policy.min_overlap_share,
    )
    if place.outcome is GeofenceOutcome.INACCURATE:
        raise NotInRoom(
            f"Your position is accurate to {position.accuracy_m:.0f} m and {room.max_accuracy_m:.0f} m are needed: "
            "wait for a better fix, or start the session at the room's device."
        )
    if place.outcome is GeofenceOutcome.OUTSIDE:
        raise NotInRoom(
            f"You are {place.distance_m:.0f} m from room {room.code}: go there, or start the session at its device.",
            metadata={"distance_m": f"{place.distance_m:.0f}"},
        )
    return session


async def start_session(
    uow: UnitOfWork, *, session_id: UUID, position: Position, similarity: float, scope: Scope
) -> AttendanceSession:
    """Start the session now; one that runs already stays as it is.

    Raises:
        FaceNotAlike: the photo is less like the trainer than the policy wants.
        SessionNotFound, NotTrainerOfSession, SessionStateConflict, OutsideStartWindow, NotInRoom
    """
    session = await check_may_start(uow, session_id=session_id, position=position, scope=scope, lock=True)
    if session.state is SessionState.ACTIVE:
        return session
    policy = await queries.school_policy(uow)
    if similarity < policy.min_start_similarity:
        raise FaceNotAlike(
            f"The photo is alike by {similarity:.2f} and {policy.min_start_similarity:.2f} is needed: take it again in "
            "good light, looking into the camera.",
            metadata={"similarity": f"{similarity:.3f}", "min_similarity": f"{policy.min_start_similarity:.3f}"},
        )
    register = Register(uow)
    await lifecycle.begin(uow, register, session, policy=policy, at=uow.now, reason="the trainer, over the API")
    await register.store()
    await insert_rows(uow.session, DoorFact, [_own_check_in(uow, session, position, similarity)])
    await uow.session.flush()
    return session


async def end_session(uow: UnitOfWork, *, session_id: UUID, scope: Scope) -> AttendanceSession:
    """End the session now; one that has ended stays as it is.

    Raises:
        SessionNotFound, NotTrainerOfSession, SessionStateConflict
        OutsideEndWindow: too early.
    """
    session = await queries.get_session(uow, session_id, scope=scope, lock=True)
    _check_trainer(uow, session)
    if session.state is SessionState.COMPLETED:
        return session
    lifecycle.check_move(session, SessionState.COMPLETED)
    view = queries.view_of(session, Policy())
    opens = session.planned_end_time - view.policy.end_early
    if uow.now < opens:
        raise OutsideEndWindow(
            f"The session can be ended from {opens:%H:%M:%S} UTC and it is {uow.now:%H:%M:%S}.",
            metadata={"opens": opens.isoformat()},
        )
    await lifecycle.end(uow, session, at=uow.now, reason="the trainer, over the API")
    await uow.session.flush()
    return session


async def cancel_session(uow: UnitOfWork, *, session_id: UUID, reason: str, scope: Scope) -> AttendanceSession:
    """Cancel a session that has not ended; a cancelled one stays as it is.

    Raises:
        SessionNotFound, SessionStateConflict
        InvalidArgument: no reason.
    """
    if not reason.strip():
        raise InvalidArgument.of("reason", "is required: people are told why")
    session = await queries.get_session(uow, session_id, scope=scope, lock=True)
    if session.state is SessionState.CANCELLED:
        return session
    await lifecycle.close_unstarted(uow, session, SessionState.CANCELLED, reason=reason.strip())
    await lifecycle.tell_cancelled(uow, session)
    await uow.session.flush()
    return session


async def mark_attendance(
    uow: UnitOfWork, *, session_id: UUID, trainee_id: UUID, state: RecordState, reason: str, scope: Scope
) -> AttendanceRecord:
    """Set a record by hand. Marking the same again changes nothing.

    Raises:
        SessionNotFound
        SessionStateConflict: the session has not started, or was never held.
        TraineeNotExpected
        RecordLocked: later than 14 days, for whoever is not DP_ACADEMICS.
        InvalidArgument: no reason, or no state that can be set.
    """
    if not reason.strip():
        raise InvalidArgument.of("reason", "is required: say why the record is set by hand")
    if state is RecordState.PENDING:
        raise InvalidArgument.of("state", "must be PRESENT, LATE, ABSENT or EXCUSED")
    session = await queries.get_session(uow, session_id, scope=scope, lock=True)
    if session.state not in (SessionState.ACTIVE, SessionState.COMPLETED):
        lifecycle.check_move(session, SessionState.COMPLETED)
    if uow.now > session.planned_end_time + CORRECTION_LOCK and DP_ACADEMICS not in uow.principal.roles:
        raise RecordLocked(
            f"The register was closed {CORRECTION_LOCK.days} days after the session: ask the deputy principal "
            "(academics)."
        )
    register = Register(uow)
    await register.load([session.id])
    line = register.line(session.id, trainee_id)
    if line is None:
        if trainee_id not in await queries.expected_in(uow, session):
            raise TraineeNotExpected("This trainee is not expected in the session: check the class group.")
        line = register.add(session.id, trainee_id, reason="joined the class group")
    before = line.now
    line.now = Attendance(state, RecordSource.MANUAL, before.first_check_in_time, before.last_check_in_time)
    line.reason = reason.strip()
    changed = await register.store()
    record = await uow.session.get_one(AttendanceRecord, line.record_id, populate_existing=True)
    if changed:
        record.note = reason.strip()
        uow.audit(
            "attendance.mark",
            object_type="attendance_record",
            object_id=record.id,
            before={"state": before.state.value},
            after={"state": state.value},
            reason=reason.strip(),
        )
        await lifecycle.tell_complete(uow, [session])
    await uow.session.flush()
    return record


async def update_policy(uow: UnitOfWork, *, values: dict[str, Any]) -> Policy:
    """Change the named fields of the school's policy; sessions that have started keep theirs.

    Raises:
        InvalidArgument: names each bad field.
    """
    before = await queries.school_policy(uow)
    after = replace(before, **values)
    problems = after.problems()
    if problems:
        raise InvalidArgument(
            "The policy can't be stored.",
            violations=[FieldViolation(f"attendance_policy.{name}", text) for name, text in problems.items()],
        )
    if after == before:
        return after
    row = await uow.session.get(SchoolPolicy, 1, with_for_update=True)
    if row is None:
        uow.session.add(SchoolPolicy(id=1, policy=after.to_json()))
    else:
        row.policy = after.to_json()
    uow.audit(
        "attendance.update_policy",
        object_type="attendance_policy",
        object_id="school",
        before=before.to_json(),
        after=after.to_json(),
    )
    await devices_service.request_sync_everywhere(uow)
    return after


def _check_trainer(uow: UnitOfWork, session: AttendanceSession) -> None:
    if uow.principal.id not in session.trainer_ids:
        raise NotTrainerOfSession("Only the session's trainer, or the recorded substitute, may do this.")


def _own_check_in(
    uow: UnitOfWork, session: AttendanceSession, position: Position, similarity: float
) -> dict[str, object]:
    return {
        "event_id": uuid7(),
        "device_id": None,
        "epoch": None,
        "sequence": None,
        "digest": b"",
        "kind": FactKind.CHECK_IN,
        "person_id": uow.principal.id,
        "session_id": session.id,
        "judgement": Judgement.SESSION_STARTED,
        "rejection_reason": None,
        "capture_time": uow.now,
        "arrival_time": uow.now,
        "wall_time": uow.now,
        "monotonic_ns": 0,
        "boot_id": "",
        "clock_quality": ClockQuality.SYNCED,
        "similarity": similarity,
        "liveness": Liveness.NOT_AVAILABLE,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "accuracy_m": position.accuracy_m,
        "position_source": "BROWSER",
        "engine": "",
        "gallery_version": 0,
        "agent_version": "",
        "shown": "",
    }
