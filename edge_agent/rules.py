"""What the door says to a known person, from what the room knows. Pure; the hub judges again and decides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from edge_agent.observations import RoomSchedule, ScheduledSession, Shown

RUNNING, PLANNED = "ACTIVE", "SCHEDULED"
OPEN = frozenset({RUNNING, PLANNED})


@dataclass(slots=True)
class Register:
    """Who is in and which sessions were started, as far as this device saw; kept as long as the session is here."""

    started: set[UUID] = field(default_factory=set)
    present: set[tuple[UUID, UUID]] = field(default_factory=set)

    def forget_all_but(self, sessions: Iterable[ScheduledSession]) -> None:
        ids = {session.session_id for session in sessions}
        self.started &= ids
        self.present = {entry for entry in self.present if entry[0] in ids}


@dataclass(frozen=True, slots=True)
class Decision:
    """`session` is the one it is about, if any."""

    shown: Shown
    session: ScheduledSession | None = None


def decide(
    schedule: RoomSchedule, register: Register, *, person_id: UUID, similarity: float, now: datetime
) -> Decision:
    """Judge by the person's best session: one whose window is open, else the nearest one."""
    theirs = [
        session
        for session in schedule.sessions
        if session.state in OPEN and (person_id in session.trainer_ids or person_id in session.trainee_ids)
    ]
    if not theirs:
        running = any(_is_open_at(session, now) for session in schedule.sessions if session.state in OPEN)
        return Decision(Shown.NOT_EXPECTED if running else Shown.NO_SESSION)
    judged = [_judge(session, register, person_id, similarity, now) for session in theirs]
    closed = {Shown.TOO_EARLY, Shown.TOO_LATE}
    return min(judged, key=lambda decision: (decision.shown in closed, _distance_s(decision, now)))


def _judge(
    session: ScheduledSession, register: Register, person_id: UUID, similarity: float, now: datetime
) -> Decision:
    if person_id in session.trainer_ids:
        return Decision(_trainer(session, register, similarity, now), session)
    return Decision(_trainee(session, register, person_id, similarity, now), session)


def _trainer(session: ScheduledSession, register: Register, similarity: float, now: datetime) -> Shown:
    policy = session.policy
    if now > session.end_time + policy.auto_end_after:
        return Shown.TOO_LATE
    if _is_running(session, register):
        return Shown.NOTED
    if now < session.start_time - policy.start_early:
        return Shown.TOO_EARLY
    if now > session.start_time + policy.start_late:
        return Shown.TOO_LATE
    return Shown.SESSION_STARTED if similarity >= policy.min_start_similarity else Shown.NOT_SURE


def _trainee(session: ScheduledSession, register: Register, person_id: UUID, similarity: float, now: datetime) -> Shown:
    policy = session.policy
    if now < session.start_time - policy.check_in_early:
        return Shown.TOO_EARLY
    if now > session.end_time:
        return Shown.TOO_LATE
    if similarity < policy.min_similarity:
        return Shown.NOT_SURE
    if (session.session_id, person_id) in register.present:
        return Shown.NOTED if policy.check_out and _is_running(session, register) else Shown.ALREADY_IN
    if not _is_running(session, register):
        return Shown.PENDING
    return Shown.PRESENT if now <= session.start_time + policy.late_grace else Shown.LATE


def _is_running(session: ScheduledSession, register: Register) -> bool:
    return session.state == RUNNING or session.session_id in register.started


def _is_open_at(session: ScheduledSession, now: datetime) -> bool:
    return session.start_time - session.policy.check_in_early <= now <= session.end_time


def _distance_s(decision: Decision, now: datetime) -> float:
    session = decision.session
    return abs((session.start_time - now).total_seconds()) if session is not None else 0.0
