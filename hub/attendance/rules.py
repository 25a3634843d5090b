"""What a session may do and how a check-in is judged. Pure: instants and facts are passed in."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from hub.attendance.policy import Policy
from presence.geofence import Fence, GeofenceOutcome, Position
from presence.geofence import judge as judge_place

# A synchronised clock may be so much ahead of the hub's before it is not believed.
CLOCK_TOLERANCE = timedelta(seconds=30)
# Before this the product did not exist: such a clock was never set.
EARLIEST_CAPTURE = datetime(2024, 1, 1, tzinfo=UTC)
# How far from a session's window a check-in is still told TOO_EARLY or TOO_LATE rather than NO_SESSION.
NEAR = timedelta(hours=3)
STARTING_SOON = timedelta(minutes=15)
LOW_TURNOUT_AFTER = timedelta(minutes=15)
LOW_TURNOUT_SHARE = 0.5
CORRECTION_LOCK = timedelta(days=14)
ALARM_PAUSE = timedelta(minutes=1)
# An alarm that arrives later than this after an outage helps nobody any more.
ALARM_USEFUL = timedelta(hours=1)
SESSION_HORIZON = timedelta(days=14)


class SessionState(enum.Enum):
    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"


class SessionKind(enum.Enum):
    REGULAR = "REGULAR"
    MAKEUP = "MAKEUP"


class RecordState(enum.Enum):
    PENDING = "PENDING"
    PRESENT = "PRESENT"
    LATE = "LATE"
    ABSENT = "ABSENT"
    EXCUSED = "EXCUSED"


class RecordSource(enum.Enum):
    DEVICE = "DEVICE"
    API = "API"
    QR = "QR"
    MANUAL = "MANUAL"
    SYSTEM = "SYSTEM"


class FactKind(enum.Enum):
    CHECK_IN = "CHECK_IN"
    UNKNOWN_FACE = "UNKNOWN_FACE"
    SUSPECT_FACE = "SUSPECT_FACE"
    DEVICE_MOVED = "DEVICE_MOVED"


class Judgement(enum.Enum):
    PRESENT = "PRESENT"
    LATE = "LATE"
    PENDING = "PENDING"
    REJECTED = "REJECTED"
    SESSION_STARTED = "SESSION_STARTED"
    NOTED = "NOTED"


class RejectionReason(enum.Enum):
    LOW_SIMILARITY = "LOW_SIMILARITY"
    LIVENESS_FAILED = "LIVENESS_FAILED"
    OUTSIDE_GEOFENCE = "OUTSIDE_GEOFENCE"
    LOCATION_INACCURATE = "LOCATION_INACCURATE"
    NOT_ENROLLED = "NOT_ENROLLED"
    NO_SESSION = "NO_SESSION"
    TOO_EARLY = "TOO_EARLY"
    TOO_LATE = "TOO_LATE"
    DUPLICATE = "DUPLICATE"
    CLOCK_UNTRUSTED = "CLOCK_UNTRUSTED"
    DEVICE_NOT_OF_ROOM = "DEVICE_NOT_OF_ROOM"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    UNKNOWN_PERSON = "UNKNOWN_PERSON"


class Liveness(enum.Enum):
    UNSPECIFIED = "UNSPECIFIED"
    LIVE = "LIVE"
    RETRY = "RETRY"
    SUSPECT = "SUSPECT"
    NOT_AVAILABLE = "NOT_AVAILABLE"


class ClockQuality(enum.Enum):
    UNSPECIFIED = "UNSPECIFIED"
    SYNCED = "SYNCED"
    RESTORED = "RESTORED"
    UNSYNCED = "UNSYNCED"


_MOVES = {
    SessionState.SCHEDULED: {SessionState.ACTIVE, SessionState.CANCELLED, SessionState.MISSED},
    SessionState.ACTIVE: {SessionState.COMPLETED, SessionState.CANCELLED},
    SessionState.COMPLETED: set(),
    SessionState.CANCELLED: set(),
    SessionState.MISSED: set(),
}


def may_move(before: SessionState, after: SessionState) -> bool:
    return after in _MOVES[before]


@dataclass(frozen=True, slots=True)
class ClockReading:
    """`boot_id` tells which readings of `monotonic_ns` compare."""

    wall_time: datetime
    monotonic_ns: int
    boot_id: str
    quality: ClockQuality


def capture_time(captured: ClockReading, sent: ClockReading | None, arrival: datetime) -> datetime | None:
    """When it was captured, by the hub's time; None when that cannot be told.

    A synchronised clock is believed unless it is ahead of the hub's. Otherwise what the device's monotonic clock
    counted from capture to sending is taken off the time of sending, which needs both in one boot.
    """
    latest = arrival + CLOCK_TOLERANCE
    counted = None
    if sent is not None and sent.boot_id and sent.boot_id == captured.boot_id:
        counted = timedelta(microseconds=(sent.monotonic_ns - captured.monotonic_ns) / 1000)
    # A right clock cannot have shown more than the arrival less what passed before sending.
    if captured.quality is ClockQuality.SYNCED and (
        EARLIEST_CAPTURE <= captured.wall_time <= latest - (counted or timedelta(0))
    ):
        return captured.wall_time
    if counted is None or sent is None or counted < timedelta(0):
        return None
    sending = arrival
    if sent.quality is ClockQuality.SYNCED and EARLIEST_CAPTURE <= sent.wall_time <= latest:
        sending = sent.wall_time
    corrected = sending - counted
    return corrected if corrected >= EARLIEST_CAPTURE else None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as a check-in meets it."""

    session_id: UUID
    state: SessionState
    planned_start_time: datetime
    planned_end_time: datetime
    actual_start_time: datetime | None
    actual_end_time: datetime | None
    trainer_ids: frozenset[UUID]
    policy: Policy

    @property
    def late_after(self) -> datetime:
        return self.planned_start_time + self.policy.late_grace

    @property
    def start_opens(self) -> datetime:
        return self.planned_start_time - self.policy.start_early

    @property
    def start_closes(self) -> datetime:
        return self.planned_start_time + self.policy.start_late

    @property
    def opens(self) -> datetime:
        return self.planned_start_time - self.policy.check_in_early

    @property
    def closes(self) -> datetime:
        """The last instant that counts; a session that nobody has ended is open until it ends by itself."""
        return self.actual_end_time or self.planned_end_time + self.policy.auto_end_after


def choose_session(sessions: Sequence[SessionView], at: datetime) -> SessionView | None:
    """Of the sessions in which a person is expected, the one that a check-in at this instant is for.

    The one that is planned for then; else the next one that is open already; else the last one that is open still;
    else the nearest, which will say TOO_EARLY or TOO_LATE. It depends on nothing but plan and time, so the order in
    which check-ins arrive changes nothing.
    """

    def rank(session: SessionView) -> tuple[int, timedelta]:
        if session.planned_start_time <= at < session.planned_end_time and at <= session.closes:
            return 0, timedelta(0)
        if min(session.opens, session.start_opens) <= at < session.planned_start_time:
            return 1, session.planned_start_time - at
        if session.planned_end_time <= at <= session.closes:
            return 2, at - session.planned_end_time
        return 3, min(abs(session.planned_start_time - at), abs(at - session.planned_end_time))

    return min(sessions, key=rank, default=None)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A known face at a place and an instant (None: cannot be told)."""

    person_id: UUID
    at: datetime | None
    similarity: float
    liveness: Liveness
    position: Position | None


@dataclass(frozen=True, slots=True)
class Person:
    """`trains` and `attends` are the sessions of the room near that time in which the person teaches or is expected."""

    known: bool
    disabled: bool
    consent_withdrawn_time: datetime | None
    trains: tuple[SessionView, ...]
    attends: tuple[SessionView, ...]
    expected_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """The room's geofence, and whether any session is open there at the time of the sighting."""

    fence: Fence
    max_accuracy_m: float
    session_open: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`session` None: it belongs to none."""

    judgement: Judgement
    reason: RejectionReason | None = None
    session: SessionView | None = None


def judge(sighting: Sighting, person: Person, door: Door, *, first_check_in_time: datetime | None) -> Verdict:
    """Judge a check-in by its capture time.

    `first_check_in_time` is the person's earliest accepted check-in of the session that is chosen, if any.
    """
    at = sighting.at
    if at is None:
        return _rejected(RejectionReason.CLOCK_UNTRUSTED)
    if not person.known:
        return _rejected(RejectionReason.UNKNOWN_PERSON)
    if person.disabled:
        return _rejected(RejectionReason.ACCOUNT_DISABLED)
    if person.consent_withdrawn_time is not None and person.consent_withdrawn_time <= at:
        return _rejected(RejectionReason.CONSENT_WITHDRAWN)
    taught = choose_session(person.trains, at)
    if taught is not None:
        return _judge_trainer(sighting, at, taught, door)
    session = choose_session(person.attends, at)
    if session is None:
        if person.expected_elsewhere:
            return _rejected(RejectionReason.DEVICE_NOT_OF_ROOM)
        return _rejected(RejectionReason.NOT_ENROLLED if door.session_open else RejectionReason.NO_SESSION)
    return _judge_trainee(sighting, at, session, door, first_check_in_time)


def _judge_trainer(sighting: Sighting, at: datetime, session: SessionView, door: Door) -> Verdict:
    if at < session.start_opens:
        return _rejected(RejectionReason.TOO_EARLY, session)
    started = session.actual_start_time
    if started is not None and (started <= at or at > session.start_closes):
        return Verdict(Judgement.NOTED, session=session)
    if at > session.start_closes:
        return _rejected(RejectionReason.TOO_LATE, session)
    if started is None and session.state is not SessionState.SCHEDULED:
        return _rejected(RejectionReason.NO_SESSION, session)
    reason = _evidence_against(sighting, session.policy, session.policy.min_start_similarity, door)
    if reason is None:
        # Also when it runs already: another device's report of an earlier start came later.
        return Verdict(Judgement.SESSION_STARTED, session=session)
    return _rejected(reason, session) if started is None else Verdict(Judgement.NOTED, session=session)


def _judge_trainee(
    sighting: Sighting, at: datetime, session: SessionView, door: Door, first_check_in_time: datetime | None
) -> Verdict:
    if session.state is SessionState.MISSED:
        return _rejected(RejectionReason.NO_SESSION, session)
    if at < session.opens:
        return _rejected(RejectionReason.TOO_EARLY, session)
    if at > session.closes:
        return _rejected(RejectionReason.TOO_LATE, session)
    reason = _evidence_against(sighting, session.policy, session.policy.min_similarity, door)
    if reason is not None:
        return _rejected(reason, session)
    if session.state is SessionState.SCHEDULED:
        return Verdict(Judgement.PENDING, session=session)
    if first_check_in_time is not None and first_check_in_time <= at:
        return _rejected(RejectionReason.DUPLICATE, session)
    return Verdict(on_time_or_late(session, at), session=session)


def on_time_or_late(session: SessionView, at: datetime) -> Judgement:
    """An accepted check-in's judgement: the grace counts to its last instant."""
    return Judgement.PRESENT if at <= session.late_after else Judgement.LATE


def _evidence_against(sighting: Sighting, policy: Policy, min_similarity: float, door: Door) -> RejectionReason | None:
    if sighting.similarity < min_similarity:
        return RejectionReason.LOW_SIMILARITY
    if sighting.liveness is Liveness.SUSPECT and policy.reject_suspect_faces:
        return RejectionReason.LIVENESS_FAILED
    place = place_of(door.fence, sighting.position, door.max_accuracy_m, policy.min_overlap_share)
    if place is GeofenceOutcome.INSIDE:
        return None
    return RejectionReason.OUTSIDE_GEOFENCE if place is GeofenceOutcome.OUTSIDE else RejectionReason.LOCATION_INACCURATE


@lru_cache(maxsize=4096)
def place_of(
    fence: Fence, position: Position | None, max_accuracy_m: float, min_overlap_share: float
) -> GeofenceOutcome:
    """Where a position is; none at all is not accurate enough. Devices tell the same position again and again."""
    if position is None:
        return GeofenceOutcome.INACCURATE
    return judge_place(fence, position, max_accuracy_m=max_accuracy_m, min_overlap_share=min_overlap_share).outcome


def _rejected(reason: RejectionReason, session: SessionView | None = None) -> Verdict:
    return Verdict(Judgement.REJECTED, reason, session)


@dataclass(frozen=True, slots=True)
class Attendance:
    """The derived part of a record. A state set by hand stays whatever the door reports."""

    state: RecordState
    source: RecordSource
    first_check_in_time: datetime | None = None
    last_check_in_time: datetime | None = None

    def seen(self, at: datetime, session: SessionView) -> "Attendance":
        """With one more accepted sighting. The order of sightings does not matter."""
        first = min(filter(None, (self.first_check_in_time, at)))
        last = max(filter(None, (self.last_check_in_time, at)))
        if self.source is RecordSource.MANUAL:
            return replace(self, first_check_in_time=first, last_check_in_time=last)
        state = RecordState[on_time_or_late(session, first).name]
        return Attendance(state, RecordSource.DEVICE, first, last)


def present_duration(
    attendance: Attendance, *, start: datetime | None, end: datetime | None, check_out: bool
) -> timedelta | None:
    """How long the trainee was there: from the first check-in, but not before the start, to the end; where leaving is
    recorded, to the last check-in. None while that cannot be told.
    """
    if attendance.state not in (RecordState.PRESENT, RecordState.LATE) or attendance.first_check_in_time is None:
        return None
    until = attendance.last_check_in_time if check_out else end
    if start is None or until is None:
        return None
    return max(until - max(attendance.first_check_in_time, start), timedelta(0))
