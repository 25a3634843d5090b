"""Rows to messages and back, for both services."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from hub.attendance import queries
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, RecordChange
from hub.attendance.policy import Policy
from hub.attendance.queries import Counts
from hub.attendance.rules import Attendance, RecordState, SessionState, present_duration
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.fields import from_duration, to_duration, to_timestamp
from hub.school import queries as school
from hub.timetable import queries as timetable
from hub.users import queries as users
from hub.users.models import User
from presence.geofence import GeofenceError, Position
from smartroster.attendance.v1 import attendance_pb2 as pb
from smartroster.attendance.v1 import room_pb2

_DURATIONS = frozenset(
    name for name, value in Policy().to_json().items() if isinstance(getattr(Policy(), name), timedelta)
)
POLICY_FIELDS = frozenset(Policy().to_json())


async def sessions_to_proto(uow: UnitOfWork, sessions: Collection[AttendanceSession]) -> list[pb.Session]:
    """The sessions with their names and counts, in a fixed number of queries."""
    rooms = await timetable.rooms_by_ids(uow, {session.room_id for session in sessions})
    groups = await school.class_groups_by_ids(uow, {session.class_group_id for session in sessions})
    counts = await queries.counts_of(uow, sessions)
    return [
        _session(session, groups[session.class_group_id].name, rooms[session.room_id].code, counts[session.id])
        for session in sessions
    ]


async def session_to_proto(uow: UnitOfWork, session: AttendanceSession) -> pb.Session:
    return (await sessions_to_proto(uow, [session]))[0]


def _session(session: AttendanceSession, class_group_name: str, room_code: str, counts: Counts) -> pb.Session:
    return pb.Session(
        id=str(session.id),
        enrolment_id=str(session.enrolment_id),
        class_group_id=str(session.class_group_id),
        trainer_id=str(session.trainer_id),
        substitute_trainer_id=str(session.substitute_trainer_id or ""),
        room_id=str(session.room_id),
        planned_start_time=to_timestamp(session.planned_start_time),
        planned_end_time=to_timestamp(session.planned_end_time),
        actual_start_time=to_timestamp(session.actual_start_time),
        actual_end_time=to_timestamp(session.actual_end_time),
        kind=f"KIND_{session.kind.value}",
        state=f"STATE_{session.state.value}",
        reason=session.reason,
        title=session.title,
        absences_final=session.absences_final,
        counts=pb.SessionCounts(
            expected=counts.expected,
            present=counts.present,
            late=counts.late,
            absent=counts.absent,
            excused=counts.excused,
            pending=counts.pending,
        ),
        adherence=_adherence(session),
        etag=str(session.etag),
        class_group_name=class_group_name,
        room_code=room_code,
    )


def _adherence(session: AttendanceSession) -> pb.SessionAdherence | None:
    start, end = session.actual_start_time, session.actual_end_time
    if start is None:
        return None
    return pb.SessionAdherence(
        start_delay=to_duration(start - session.planned_start_time),
        end_deviation=None if end is None else to_duration(end - session.planned_end_time),
        taught=None if end is None else to_duration(end - start),
        planned=to_duration(session.planned_end_time - session.planned_start_time),
    )


async def records_to_proto(uow: UnitOfWork, records: Collection[AttendanceRecord]) -> list[pb.AttendanceRecord]:
    people = await users.users_by_ids(uow, {record.trainee_id for record in records})
    sessions = await queries.sessions_by_ids(uow, {record.session_id for record in records})
    return [_record(record, people, sessions[record.session_id]) for record in records]


def _record(record: AttendanceRecord, people: Mapping[UUID, User], session: AttendanceSession) -> pb.AttendanceRecord:
    person = people[record.trainee_id]
    policy = Policy() if session.policy is None else Policy.from_json(session.policy)
    present = present_duration(
        Attendance(record.state, record.source, record.first_check_in_time, record.last_check_in_time),
        start=session.actual_start_time,
        end=session.actual_end_time,
        check_out=policy.check_out,
    )
    return pb.AttendanceRecord(
        id=str(record.id),
        session_id=str(record.session_id),
        trainee_id=str(record.trainee_id),
        trainee_name=person.display_name,
        admission_number=person.trainee.admission_number if person.trainee else "",
        state=f"STATE_{record.state.value}",
        first_check_in_time=to_timestamp(record.first_check_in_time),
        last_check_in_time=to_timestamp(record.last_check_in_time),
        present_duration=to_duration(present),
        source=f"SOURCE_{record.source.value}",
        note=record.note,
        provisional=record.state is RecordState.ABSENT and not session.absences_final,
    )


def change_to_proto(change: RecordChange) -> pb.RecordChange:
    before = "UNSPECIFIED" if change.before is None else change.before.value
    return pb.RecordChange(
        id=str(change.id),
        attendance_record_id=str(change.record_id),
        before=f"STATE_{before}",
        after=f"STATE_{change.after.value}",
        change_time=to_timestamp(change.change_time),
        actor_kind=change.actor_kind,
        actor_id=str(change.actor_id or ""),
        reason=change.reason,
    )


def check_in_to_proto(fact: DoorFact) -> pb.StoredCheckIn:
    judgement = "UNSPECIFIED" if fact.judgement is None else fact.judgement.value
    reason = "UNSPECIFIED" if fact.rejection_reason is None else fact.rejection_reason.value
    return pb.StoredCheckIn(
        check_in_id=str(fact.event_id),
        device_id=str(fact.device_id or ""),
        person_id=str(fact.person_id or ""),
        session_id=str(fact.session_id or ""),
        capture_time=to_timestamp(fact.capture_time),
        arrival_time=to_timestamp(fact.arrival_time),
        sequence=fact.sequence or 0,
        judgement=f"JUDGEMENT_{judgement}",
        rejection_reason=f"REJECTION_REASON_{reason}",
        similarity=fact.similarity,
        liveness=f"LIVENESS_{fact.liveness.value}",
        epoch=str(fact.epoch or ""),
    )


def policy_to_proto(policy: Policy) -> room_pb2.AttendancePolicy:
    values: dict[str, Any] = {
        name: to_duration(getattr(policy, name)) if name in _DURATIONS else getattr(policy, name)
        for name in POLICY_FIELDS
    }
    return room_pb2.AttendancePolicy(**values)


def policy_values(message: room_pb2.AttendancePolicy, fields: Collection[str]) -> dict[str, Any]:
    """The named fields; a duration that is not set is 0."""
    return {
        name: from_duration(getattr(message, name), f"attendance_policy.{name}")
        if name in _DURATIONS
        else getattr(message, name)
        for name in fields
    }


def state_filter(value: int) -> SessionState | None:
    """The state to filter by; None for all.

    Raises:
        InvalidArgument: no state of this API.
    """
    return SessionState(_member(value, pb.Session.State)) if value else None


def record_state(value: int) -> RecordState | None:
    """The state to set; None when none is named. InvalidArgument when it is no state of this API."""
    return RecordState(_member(value, pb.AttendanceRecord.State)) if value else None


def _member(value: int, wire: Any) -> str:  # noqa: ANN401 (any enum of the protos)
    try:
        name: str = wire.Name(value)
    except ValueError:
        raise InvalidArgument.of("state", f"{value} is not a state of this API") from None
    return name.removeprefix("STATE_")


def position_of(message: room_pb2.Position, field: str) -> Position:
    """The place on the earth.

    Raises:
        InvalidArgument: it is missing, or no such place can be.
    """
    if not message.HasField("lat_lng"):
        raise InvalidArgument.of(f"{field}.lat_lng", "is required: allow the browser to tell where you are")
    try:
        return Position(message.lat_lng.latitude, message.lat_lng.longitude, message.accuracy_m)
    except GeofenceError as error:
        raise InvalidArgument.of(field, str(error)) from None
