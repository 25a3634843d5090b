"""Reads of sessions, records and check-ins."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from hub.attendance.errors import SessionNotFound
from hub.attendance.models import AttendancePolicy, AttendanceRecord, DeviceEvent, RecordChange, Session
from hub.attendance.policy import Policy
from hub.attendance.rules import NEARBY, RecordState, SessionFacts, SessionState
from hub.courses import queries as courses_queries
from hub.courses.models import Course, Enrolment
from hub.db.unit_of_work import UnitOfWork
from hub.devices.models import Device, DeviceCondition
from hub.devices.rules import DeviceState
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Programme
from hub.timetable.models import Room
from hub.users.models import HodProfile, User


@dataclass(frozen=True, slots=True)
class SessionNames:
    """What people call a session."""

    title: str
    class_group_name: str
    room_code: str


@dataclass(frozen=True, slots=True)
class Counts:
    """A register in numbers; `expected` counts those on it."""

    expected: int
    present: int
    late: int
    absent: int
    excused: int
    pending: int


async def school_policy(uow: UnitOfWork) -> Policy:
    """The school's policy; the defaults until somebody changes it."""
    row = await uow.session.get(AttendancePolicy, 1)
    return Policy() if row is None else Policy.from_json(row.values)


async def get_session(uow: UnitOfWork, session_id: UUID, scope: Scope | None = None, *, lock: bool = False) -> Session:
    """The session; SessionNotFound when there is none that the caller may see."""
    query = select(Session).where(Session.id == session_id)
    if scope is not None:
        query = query.where(_visible(scope))
    if lock:
        query = query.with_for_update()
    session = await uow.session.scalar(query)
    if session is None:
        raise SessionNotFound(f"There is no session {session_id} that you may see: `roster sessions list` shows yours.")
    return session


def select_sessions(
    scope: Scope,
    *,
    start: datetime | None,
    end: datetime | None,
    room_id: UUID | None,
    trainer_id: UUID | None,
    class_group_id: UUID | None,
    state: SessionState | None,
) -> Select[Session]:
    """The sessions that the caller may see and that fit the filters."""
    query = select(Session).where(_visible(scope))
    if start is not None:
        query = query.where(Session.planned_end_time > start)
    if end is not None:
        query = query.where(Session.planned_start_time < end)
    if room_id is not None:
        query = query.where(Session.room_id == room_id)
    if trainer_id is not None:
        query = query.where(or_(Session.trainer_id == trainer_id, Session.substitute_trainer_id == trainer_id))
    if class_group_id is not None:
        query = query.where(Session.class_group_id == class_group_id)
    if state is not None:
        query = query.where(Session.state == state)
    return query


async def sessions_of_room(
    uow: UnitOfWork, room_id: UUID, *, start: datetime, end: datetime, lock: bool = False
) -> list[Session]:
    """The room's sessions that touch [start, end], by start; cancelled ones too."""
    query = (
        select(Session)
        .where(Session.room_id == room_id, Session.planned_end_time >= start, Session.planned_start_time <= end)
        .order_by(Session.planned_start_time, Session.id)
    )
    return list(await uow.session.scalars(query.with_for_update() if lock else query))


async def facts_of(uow: UnitOfWork, sessions: Iterable[Session]) -> list[SessionFacts]:
    """The sessions as the rules take them."""
    default, zone = await school_policy(uow), await school_zone(uow)
    return [
        SessionFacts(
            session_id=session.id,
            state=session.state,
            planned_start_time=session.planned_start_time,
            planned_end_time=session.planned_end_time,
            actual_end_time=session.actual_end_time,
            trainers=frozenset(session.trainer_ids),
            expected=frozenset(await expected_trainees(uow, session, zone)),
            policy=default if session.policy is None else Policy.from_json(session.policy),
        )
        for session in sessions
    ]


async def expected_trainees(uow: UnitOfWork, session: Session, zone: ZoneInfo) -> list[UUID]:
    """Who is expected in the session: the enrolment's trainees on its day."""
    return await courses_queries.expected_trainees(
        uow, session.enrolment_id, on=session.planned_start_time.astimezone(zone).date()
    )


async def names_of(uow: UnitOfWork, sessions: Collection[Session]) -> dict[UUID, SessionNames]:
    """What people call these sessions, in one query."""
    rows = await uow.session.execute(
        select(Session.id, Course.title, ClassGroup.name, Room.code)
        .join(Enrolment, Enrolment.id == Session.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(ClassGroup, ClassGroup.id == Session.class_group_id)
        .join(Room, Room.id == Session.room_id)
        .where(Session.id.in_([session.id for session in sessions]))
    )
    return {session_id: SessionNames(title, group, code) for session_id, title, group, code in rows}


async def counts_of(uow: UnitOfWork, session_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """The registers of these sessions in numbers, in one query."""
    rows = await uow.session.execute(
        select(AttendanceRecord.session_id, AttendanceRecord.state, func.count())
        .where(AttendanceRecord.session_id.in_(session_ids))
        .group_by(AttendanceRecord.session_id, AttendanceRecord.state)
    )
    found: dict[UUID, dict[RecordState, int]] = {session_id: {} for session_id in session_ids}
    for session_id, state, count in rows:
        found[session_id][state] = count
    return {
        session_id: Counts(
            expected=sum(by_state.values()),
            present=by_state.get(RecordState.PRESENT, 0),
            late=by_state.get(RecordState.LATE, 0),
            absent=by_state.get(RecordState.ABSENT, 0),
            excused=by_state.get(RecordState.EXCUSED, 0),
            pending=by_state.get(RecordState.PENDING, 0),
        )
        for session_id, by_state in found.items()
    }


def select_records(scope: Scope, *, session_id: UUID | None, trainee_id: UUID | None) -> Select[AttendanceRecord]:
    """The records of a session or a trainee that the caller may see."""
    query = select(AttendanceRecord)
    if session_id is not None:
        query = query.where(AttendanceRecord.session_id == session_id)
    if trainee_id is not None:
        query = query.where(AttendanceRecord.trainee_id == trainee_id)
    if scope.everything:
        return query
    visible = select(Session.id).where(_visible(scope, with_own=False))
    return query.where(
        or_(
            AttendanceRecord.session_id.in_(visible),
            AttendanceRecord.trainee_id == scope.principal.id if Reach.SELF in scope else false(),
        )
    )


async def records_of(uow: UnitOfWork, session_id: UUID) -> list[AttendanceRecord]:
    """A session's whole register."""
    rows = await uow.session.scalars(
        select(AttendanceRecord).where(AttendanceRecord.session_id == session_id).order_by(AttendanceRecord.trainee_id)
    )
    return list(rows)


async def people_of(uow: UnitOfWork, user_ids: Collection[UUID]) -> dict[UUID, User]:
    """These users, in one query."""
    rows = await uow.session.scalars(select(User).where(User.id.in_(user_ids)))
    return {user.id: user for user in rows}


def select_check_ins(
    scope: Scope, *, session_id: UUID | None, device_id: UUID | None, person_id: UUID | None
) -> Select[DeviceEvent]:
    """Check-ins, rejected ones too; a trainer sees those of own sessions."""
    query = select(DeviceEvent).where(DeviceEvent.kind == "check_in")
    if session_id is not None:
        query = query.where(DeviceEvent.session_id == session_id)
    if device_id is not None:
        query = query.where(DeviceEvent.device_id == device_id)
    if person_id is not None:
        query = query.where(DeviceEvent.person_id == person_id)
    if scope.everything:
        return query
    return query.where(DeviceEvent.session_id.in_(select(Session.id).where(_visible(scope))))


def select_changes(scope: Scope, *, record_id: UUID | None, session_id: UUID | None) -> Select[RecordChange]:
    """Changes of records that the caller may see."""
    query = select(RecordChange)
    if record_id is not None:
        query = query.where(RecordChange.record_id == record_id)
    if session_id is not None:
        query = query.where(RecordChange.session_id == session_id)
    if scope.everything:
        return query
    return query.where(RecordChange.session_id.in_(select(Session.id).where(_visible(scope))))


async def room_is_complete_until(uow: UnitOfWork, room_id: UUID, instant: datetime) -> bool:
    """Whether every device in use in the room has reported everything up to the instant; true for a room without."""
    behind = await uow.session.scalar(
        select(
            exists().where(
                Device.room_id == room_id,
                Device.state == DeviceState.ACTIVE,
                DeviceCondition.device_id == Device.id,
                or_(DeviceCondition.watermark_time.is_(None), DeviceCondition.watermark_time < instant),
            )
        )
    )
    return not behind


async def school_zone(uow: UnitOfWork) -> ZoneInfo:
    """The school's time zone."""
    return ZoneInfo((await school_queries.get_school(uow)).time_zone)


def nearby(instants: Collection[datetime]) -> tuple[datetime, datetime]:
    """The window of sessions that captures at these instants can be about."""
    return min(instants) - 2 * NEARBY, max(instants) + 2 * NEARBY


def _visible(scope: Scope, *, with_own: bool = True) -> ColumnElement[bool]:
    if scope.everything:
        return Session.id.is_not(None)
    me = scope.principal.id
    visible: list[ColumnElement[bool]] = [false()]
    if Reach.TAUGHT in scope:
        visible += [Session.trainer_id == me, Session.substitute_trainer_id == me]
    if Reach.DEPARTMENT in scope:
        visible.append(
            Session.class_group_id.in_(
                select(ClassGroup.id)
                .join(Programme, Programme.id == ClassGroup.programme_id)
                .join(HodProfile, HodProfile.department_id == Programme.department_id)
                .where(HodProfile.user_id == me)
            )
        )
    if Reach.SELF in scope and with_own:
        visible.append(exists().where(AttendanceRecord.session_id == Session.id, AttendanceRecord.trainee_id == me))
    return or_(*visible)
