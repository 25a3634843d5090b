"""Reads of sessions, registers and facts; what a caller may not see is filtered here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true

from hub.attendance.errors import SessionNotFound
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, RecordChange, SchoolPolicy
from hub.attendance.policy import Policy
from hub.attendance.rules import FactKind, RecordState, SessionState, SessionView
from hub.courses import queries as courses
from hub.courses.models import EnrolmentException
from hub.courses.rules import ExceptionKind
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school.models import ClassGroup, Programme
from hub.users import queries as users
from hub.users.models import HodProfile, Membership


@dataclass(frozen=True, slots=True)
class Counts:
    """A register in numbers; `expected` is all of them."""

    expected: int = 0
    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0
    pending: int = 0


async def get_session(
    uow: UnitOfWork, session_id: UUID, *, scope: Scope | None = None, lock: bool = False
) -> AttendanceSession:
    """The session, if the scope (None: the hub itself) sees it.

    A change locks the session first and its records afterwards: one order for all, so nobody deadlocks.

    Raises:
        SessionNotFound
    """
    query = select(AttendanceSession).where(AttendanceSession.id == session_id)
    if scope is not None:
        query = query.where(visible(scope))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    session: AttendanceSession | None = await uow.session.scalar(query)
    if session is None:
        raise SessionNotFound(f"There is no session {session_id} that you may see: list the sessions to find it.")
    return session


def visible(scope: Scope) -> ColumnElement[bool]:
    """Which sessions the caller may see: attended or to attend, taught, of the department headed, or all."""
    if scope.everything:
        return true()
    me = scope.principal.id
    sessions = AttendanceSession
    reaches: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        reaches.append(
            exists().where(
                Membership.trainee_id == me,
                Membership.class_group_id == sessions.class_group_id,
                Membership.start_date <= sessions.session_date,
                or_(Membership.end_date.is_(None), Membership.end_date > sessions.session_date),
            )
        )
        reaches.append(exists().where(AttendanceRecord.session_id == sessions.id, AttendanceRecord.trainee_id == me))
    if Reach.TAUGHT in scope:
        reaches.append(or_(sessions.trainer_id == me, sessions.substitute_trainer_id == me))
    if Reach.DEPARTMENT in scope:
        reaches.append(
            sessions.class_group_id.in_(
                select(ClassGroup.id)
                .join(Programme, Programme.id == ClassGroup.programme_id)
                .join(HodProfile, HodProfile.department_id == Programme.department_id)
                .where(HodProfile.user_id == me)
            )
        )
    return or_(*reaches)


def select_sessions(
    scope: Scope,
    *,
    start_time: datetime | None = None,
    end_time: datetime | None = None,
    room_id: UUID | None = None,
    trainer_id: UUID | None = None,
    class_group_id: UUID | None = None,
    state: SessionState | None = None,
) -> Select[AttendanceSession]:
    """Sessions that end after `start_time` and start before `end_time`, and fit the other filters."""
    query = select(AttendanceSession).where(visible(scope))
    if start_time is not None:
        query = query.where(AttendanceSession.planned_end_time > start_time)
    if end_time is not None:
        query = query.where(AttendanceSession.planned_start_time < end_time)
    if room_id is not None:
        query = query.where(AttendanceSession.room_id == room_id)
    if trainer_id is not None:
        query = query.where(
            or_(AttendanceSession.trainer_id == trainer_id, AttendanceSession.substitute_trainer_id == trainer_id)
        )
    if class_group_id is not None:
        query = query.where(AttendanceSession.class_group_id == class_group_id)
    if state is not None:
        query = query.where(AttendanceSession.state == state)
    return query


def _seen_records(scope: Scope) -> ColumnElement[bool]:
    """A trainee sees the own records only, staff those of the sessions that they see."""
    if scope.everything:
        return true()
    own = AttendanceRecord.trainee_id == scope.principal.id
    staff = Scope(scope.principal, scope.reaches - {Reach.SELF})
    of_session = exists().where(AttendanceSession.id == AttendanceRecord.session_id, visible(staff))
    return or_(own, of_session) if Reach.SELF in scope else of_session


def select_records(
    scope: Scope, *, session_id: UUID | None = None, trainee_id: UUID | None = None
) -> Select[AttendanceRecord]:
    query = select(AttendanceRecord).where(_seen_records(scope))
    if session_id is not None:
        query = query.where(AttendanceRecord.session_id == session_id)
    if trainee_id is not None:
        query = query.where(AttendanceRecord.trainee_id == trainee_id)
    return query


def select_changes(
    scope: Scope, *, record_id: UUID | None = None, session_id: UUID | None = None
) -> Select[RecordChange]:
    query = select(RecordChange).where(
        exists().where(AttendanceRecord.id == RecordChange.record_id, _seen_records(scope))
    )
    if record_id is not None:
        query = query.where(RecordChange.record_id == record_id)
    if session_id is not None:
        query = query.where(RecordChange.session_id == session_id)
    return query


def select_check_ins(
    scope: Scope, *, session_id: UUID | None = None, device_id: UUID | None = None, person_id: UUID | None = None
) -> Select[DoorFact]:
    """Raw check-ins; whoever does not see the whole school sees those of visible sessions."""
    query = select(DoorFact).where(DoorFact.kind == FactKind.CHECK_IN)
    if not scope.everything:
        query = query.where(exists().where(AttendanceSession.id == DoorFact.session_id, visible(scope)))
    for column, wanted in (
        (DoorFact.session_id, session_id),
        (DoorFact.device_id, device_id),
        (DoorFact.person_id, person_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return query


async def sessions_by_ids(uow: UnitOfWork, session_ids: Iterable[UUID]) -> dict[UUID, AttendanceSession]:
    rows = await uow.session.scalars(select(AttendanceSession).where(AttendanceSession.id.in_(set(session_ids))))
    return {session.id: session for session in rows}


async def counts_of(uow: UnitOfWork, sessions: Collection[AttendanceSession]) -> dict[UUID, Counts]:
    """The registers in numbers; of a session that has not started, who is expected."""
    rows = await uow.session.execute(
        select(AttendanceRecord.session_id, AttendanceRecord.state, func.count())
        .where(AttendanceRecord.session_id.in_([session.id for session in sessions]))
        .group_by(AttendanceRecord.session_id, AttendanceRecord.state)
    )
    numbers: dict[UUID, dict[RecordState, int]] = {}
    for session_id, state, count in rows:
        numbers.setdefault(session_id, {})[state] = count
    expected = await _expected_counts(uow, [session.id for session in sessions if session.id not in numbers])
    counted = {}
    for session in sessions:
        states = numbers.get(session.id)
        if states is None:
            counted[session.id] = Counts(expected=expected.get(session.id, 0))
            continue
        counted[session.id] = Counts(
            expected=sum(states.values()), **{state.value.lower(): count for state, count in states.items()}
        )
    return counted


async def _expected_counts(uow: UnitOfWork, session_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many `expected_in` would answer for each session, in two queries for all."""
    sessions = AttendanceSession
    of_the_group = (Membership.class_group_id == sessions.class_group_id) & users.member_on(sessions.session_date)
    members = await uow.session.execute(
        select(sessions.id, func.count())
        .join(Membership, of_the_group)
        .where(sessions.id.in_(session_ids))
        .group_by(sessions.id)
    )
    counts = {row[0]: int(row[1]) for row in members}
    exceptions = await uow.session.execute(
        select(
            sessions.id,
            EnrolmentException.trainee_id,
            EnrolmentException.kind,
            exists().where(Membership.trainee_id == EnrolmentException.trainee_id, of_the_group),
        )
        .join(
            EnrolmentException,
            (EnrolmentException.enrolment_id == sessions.enrolment_id) & courses.exception_on(sessions.session_date),
        )
        .where(sessions.id.in_(session_ids))
    )
    kinds: dict[tuple[UUID, UUID, bool], set[ExceptionKind]] = {}
    for session_id, trainee_id, kind, is_member in exceptions:
        kinds.setdefault((session_id, trainee_id, is_member), set()).add(kind)
    for (session_id, _, is_member), of_trainee in kinds.items():
        is_expected = ExceptionKind.LEFT_OUT not in of_trainee
        counts[session_id] = counts.get(session_id, 0) + is_expected - is_member
    return counts


async def expected_in(uow: UnitOfWork, session: AttendanceSession) -> list[UUID]:
    """The trainees expected in the session, by its day."""
    return await courses.expected_trainees(uow, session.enrolment_id, session.session_date)


async def school_policy(uow: UnitOfWork) -> Policy:
    """The school's policy as of now."""
    row = await uow.session.get(SchoolPolicy, 1)
    return Policy() if row is None else Policy.from_json(row.policy)


def view_of(session: AttendanceSession, policy: Policy) -> SessionView:
    """The session as a check-in meets it; `policy` is the school's, for one that has not started."""
    return SessionView(
        session_id=session.id,
        state=session.state,
        planned_start_time=session.planned_start_time,
        planned_end_time=session.planned_end_time,
        actual_start_time=session.actual_start_time,
        actual_end_time=session.actual_end_time,
        trainer_ids=frozenset(session.trainer_ids),
        policy=policy if session.policy is None else Policy.from_json(session.policy),
    )


async def sessions_in_rooms(
    uow: UnitOfWork, room_ids: Iterable[UUID], *, start: datetime, end: datetime, lock: bool = False
) -> list[AttendanceSession]:
    """The rooms' sessions that touch [start, end] and are not cancelled, by id."""
    query = (
        select(AttendanceSession)
        .where(
            AttendanceSession.room_id.in_(list(room_ids)),
            AttendanceSession.planned_start_time <= end,
            AttendanceSession.planned_end_time >= start,
            AttendanceSession.state != SessionState.CANCELLED,
        )
        .order_by(AttendanceSession.id)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(await uow.session.scalars(query))


async def is_expected_elsewhere(uow: UnitOfWork, trainee_id: UUID, at: datetime, *, but_room_id: UUID) -> bool:
    """Whether the trainee's class group has a session in another room at the instant."""
    found = await uow.session.scalar(
        select(AttendanceSession.id)
        .join(
            Membership,
            and_(
                Membership.class_group_id == AttendanceSession.class_group_id,
                Membership.start_date <= AttendanceSession.session_date,
                or_(Membership.end_date.is_(None), Membership.end_date > AttendanceSession.session_date),
            ),
        )
        .where(
            Membership.trainee_id == trainee_id,
            AttendanceSession.room_id != but_room_id,
            AttendanceSession.planned_start_time <= at,
            AttendanceSession.planned_end_time >= at,
            AttendanceSession.state.in_([SessionState.SCHEDULED, SessionState.ACTIVE, SessionState.COMPLETED]),
        )
        .limit(1)
    )
    return found is not None
