from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.attendance.policy import Policy
from hub.attendance.rules import (
    Attendance,
    ClockQuality,
    ClockReading,
    Door,
    Judgement,
    Liveness,
    Person,
    RecordSource,
    RecordState,
    RejectionReason,
    SessionState,
    SessionView,
    Sighting,
    capture_time,
    choose_session,
    judge,
    may_move,
    present_duration,
)
from presence.geofence import Circle, Position

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
TRAINER = uuid4()
TRAINEE = uuid4()
FENCE = Circle(-1.2921, 36.8219, 50.0)
INSIDE = Position(-1.2921, 36.8219, 5.0)
FAR = Position(-1.2821, 36.8219, 5.0)
VAGUE = Position(-1.2921, 36.8219, 500.0)
OPEN_DOOR = Door(FENCE, 30.0, session_open=True)


def session(
    state: SessionState = SessionState.ACTIVE,
    *,
    start: datetime = START,
    end: datetime = END,
    started: datetime | None = START,
    ended: datetime | None = None,
    policy: Policy = Policy(),  # noqa: B008 (frozen)
) -> SessionView:
    if state in (SessionState.SCHEDULED, SessionState.MISSED):
        started = None
    return SessionView(uuid4(), state, start, end, started, ended, frozenset({TRAINER}), policy)


def seen(at: datetime | None, **changes: object) -> Sighting:
    values: dict[str, object] = {
        "person_id": TRAINEE,
        "at": at,
        "similarity": 0.9,
        "liveness": Liveness.LIVE,
        "position": INSIDE,
    }
    return Sighting(**(values | changes))  # type: ignore[arg-type] # overrides are fields by name


def trainee_of(*sessions: SessionView, **changes: object) -> Person:
    values: dict[str, object] = {
        "known": True,
        "disabled": False,
        "consent_withdrawn_time": None,
        "trains": (),
        "attends": sessions,
    }
    return Person(**(values | changes))  # type: ignore[arg-type] # overrides are fields by name


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START - minutes(15) - TICK, RejectionReason.TOO_EARLY),  # the door opens 15 min before
        (START - minutes(15), Judgement.PRESENT),
        (START, Judgement.PRESENT),
        (START + minutes(10), Judgement.PRESENT),  # the grace counts to its last instant
        (START + minutes(10) + TICK, Judgement.LATE),
        (END, Judgement.LATE),
        (END + minutes(30), Judgement.LATE),  # nobody has ended it yet
        (END + minutes(30) + TICK, RejectionReason.TOO_LATE),
    ],
)
def test_trainee_of_running_session(at: datetime, expected: object) -> None:
    verdict = judge(seen(at), trainee_of(session()), OPEN_DOOR, first_check_in_time=None)
    assert expected in (verdict.judgement, verdict.reason)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START - minutes(15) - TICK, RejectionReason.TOO_EARLY),
        (START - minutes(15), Judgement.SESSION_STARTED),
        (START + minutes(30), Judgement.SESSION_STARTED),
        (START + minutes(30) + TICK, RejectionReason.TOO_LATE),
    ],
)
def test_trainer_starts_in_start_window(at: datetime, expected: object) -> None:
    scheduled = session(SessionState.SCHEDULED)
    person = trainee_of(trains=(scheduled,), attends=())
    verdict = judge(seen(at, person_id=TRAINER), person, OPEN_DOOR, first_check_in_time=None)
    assert expected in (verdict.judgement, verdict.reason)


def test_trainer_of_running_session_is_noted_and_an_earlier_report_moves_the_start() -> None:
    running = session(started=START + minutes(5))
    person = trainee_of(trains=(running,), attends=())
    later = judge(seen(START + minutes(5)), person, OPEN_DOOR, first_check_in_time=None)
    earlier = judge(seen(START + minutes(4)), person, OPEN_DOOR, first_check_in_time=None)
    assert (later.judgement, earlier.judgement) == (Judgement.NOTED, Judgement.SESSION_STARTED)


STRICT = Policy(reject_suspect_faces=True)


@pytest.mark.parametrize(
    ("sighting", "person", "door", "reason"),
    [
        (seen(None), trainee_of(session()), OPEN_DOOR, RejectionReason.CLOCK_UNTRUSTED),
        (seen(START), trainee_of(session(), known=False), OPEN_DOOR, RejectionReason.UNKNOWN_PERSON),
        (seen(START), trainee_of(session(), disabled=True), OPEN_DOOR, RejectionReason.ACCOUNT_DISABLED),
        (
            seen(START),
            trainee_of(session(), consent_withdrawn_time=START),
            OPEN_DOOR,
            RejectionReason.CONSENT_WITHDRAWN,
        ),
        (seen(START), trainee_of(), OPEN_DOOR, RejectionReason.NOT_ENROLLED),
        (seen(START), trainee_of(), Door(FENCE, 30.0, session_open=False), RejectionReason.NO_SESSION),
        (seen(START), trainee_of(expected_elsewhere=True), OPEN_DOOR, RejectionReason.DEVICE_NOT_OF_ROOM),
        (seen(START), trainee_of(session(SessionState.MISSED)), OPEN_DOOR, RejectionReason.NO_SESSION),
        (seen(START, similarity=0.49), trainee_of(session()), OPEN_DOOR, RejectionReason.LOW_SIMILARITY),
        (
            seen(START, liveness=Liveness.SUSPECT),
            trainee_of(session(policy=STRICT)),
            OPEN_DOOR,
            RejectionReason.LIVENESS_FAILED,
        ),
        (seen(START, position=FAR), trainee_of(session()), OPEN_DOOR, RejectionReason.OUTSIDE_GEOFENCE),
        (seen(START, position=VAGUE), trainee_of(session()), OPEN_DOOR, RejectionReason.LOCATION_INACCURATE),
        (seen(START, position=None), trainee_of(session()), OPEN_DOOR, RejectionReason.LOCATION_INACCURATE),
    ],
)
def test_each_reason_to_reject(sighting: Sighting, person: Person, door: Door, reason: RejectionReason) -> None:
    verdict = judge(sighting, person, door, first_check_in_time=None)
    assert (verdict.judgement, verdict.reason) == (Judgement.REJECTED, reason)


def test_who_is_in_already_is_a_duplicate_but_an_earlier_sighting_counts() -> None:
    person, first = trainee_of(session()), START + minutes(12)
    again = judge(seen(first), person, OPEN_DOOR, first_check_in_time=first)
    earlier = judge(seen(START), person, OPEN_DOOR, first_check_in_time=first)
    assert (again.reason, earlier.judgement) == (RejectionReason.DUPLICATE, Judgement.PRESENT)


def test_consent_withdrawn_later_does_not_touch_what_was_before() -> None:
    person = trainee_of(session(), consent_withdrawn_time=START + minutes(1))
    assert judge(seen(START), person, OPEN_DOOR, first_check_in_time=None).judgement is Judgement.PRESENT


def test_a_suspect_face_is_accepted_where_the_policy_only_flags_it() -> None:
    verdict = judge(seen(START, liveness=Liveness.SUSPECT), trainee_of(session()), OPEN_DOOR, first_check_in_time=None)
    assert verdict.judgement is Judgement.PRESENT


@pytest.mark.parametrize(
    ("at", "chosen"),
    [
        (START - minutes(5), 0),  # early for the first
        (END - minutes(5), 0),  # the first still runs as planned
        (END, 1),  # back to back: from the planned change on it is the second
        (END + minutes(60), 1),
        (END + minutes(121), 1),  # after both: the last
    ],
)
def test_back_to_back_sessions_are_told_apart_by_plan_and_time(at: datetime, chosen: int) -> None:
    lessons = [session(), session(SessionState.SCHEDULED, start=END, end=END + minutes(120))]
    assert choose_session(lessons, at) is lessons[chosen]
    assert choose_session(lessons[::-1], at) is lessons[chosen]


def test_after_an_early_end_the_next_session_is_meant() -> None:
    over = session(SessionState.COMPLETED, ended=END - minutes(12))
    coming = session(SessionState.SCHEDULED, start=END, end=END + minutes(60))
    assert choose_session([over, coming], END - minutes(10)) is coming


@pytest.mark.parametrize("before", list(SessionState))
@pytest.mark.parametrize("after", list(SessionState))
def test_session_moves(before: SessionState, after: SessionState) -> None:
    allowed = {("SCHEDULED", "ACTIVE"), ("ACTIVE", "COMPLETED"), ("SCHEDULED", "MISSED")}
    allowed |= {("SCHEDULED", "CANCELLED"), ("ACTIVE", "CANCELLED")}
    assert may_move(before, after) is ((before.value, after.value) in allowed)


ARRIVAL = START + timedelta(days=1)
SYNCED, RESTORED, UNSYNCED = ClockQuality.SYNCED, ClockQuality.RESTORED, ClockQuality.UNSYNCED
Y1970 = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)


def reading(wall: datetime, monotonic_s: float, quality: ClockQuality, boot: str = "a") -> ClockReading:
    return ClockReading(wall, int(monotonic_s * 1e9), boot, quality)


@pytest.mark.parametrize(
    ("captured", "sent", "expected"),
    [
        # A synchronised clock is believed, whatever came between.
        (reading(START, 10, SYNCED), None, START),
        (reading(START, 10, SYNCED), reading(ARRIVAL, 20, SYNCED, "b"), START),
        # Ahead of the hub: corrected within one boot, else not believed.
        (reading(ARRIVAL + minutes(9), 10, SYNCED), None, None),
        (reading(ARRIVAL + minutes(9), 10, SYNCED), reading(ARRIVAL + minutes(10), 70, SYNCED), ARRIVAL - minutes(1)),
        # 1970 or a restored clock: what was counted since, before the arrival.
        (reading(Y1970, 10, UNSYNCED), reading(Y1970, 70, UNSYNCED), ARRIVAL - minutes(1)),
        (reading(START, 10, RESTORED), reading(START, 70, RESTORED), ARRIVAL - minutes(1)),
        # The clock was set meanwhile: before the time of sending.
        (reading(Y1970, 10, UNSYNCED), reading(ARRIVAL - minutes(2), 70, SYNCED), ARRIVAL - minutes(3)),
        # Another boot tells nothing.
        (reading(Y1970, 10, UNSYNCED), reading(ARRIVAL, 70, SYNCED, "b"), None),
        (reading(START, 10, RESTORED), reading(ARRIVAL, 70, SYNCED, "b"), None),
        (reading(Y1970, 10, SYNCED), None, None),
        # Captured after it was sent: nonsense.
        (reading(Y1970, 80, UNSYNCED), reading(ARRIVAL, 70, SYNCED), None),
    ],
)
def test_capture_time(captured: ClockReading, sent: ClockReading | None, expected: datetime | None) -> None:
    assert capture_time(captured, sent, ARRIVAL) == expected


@given(st.permutations([0, 4, 11, 11, 90]))
def test_order_of_sightings_does_not_matter(order: list[int]) -> None:
    attendance = Attendance(RecordState.ABSENT, RecordSource.SYSTEM)
    for minute in order:
        attendance = attendance.seen(START + minutes(minute), session())
    assert attendance == Attendance(RecordState.PRESENT, RecordSource.DEVICE, START, START + minutes(90))


def test_what_staff_set_stays_whatever_the_door_reports() -> None:
    excused = Attendance(RecordState.EXCUSED, RecordSource.MANUAL).seen(START, session())
    assert (excused.state, excused.source) == (RecordState.EXCUSED, RecordSource.MANUAL)
    assert excused.first_check_in_time == START


@pytest.mark.parametrize(
    ("first", "last", "check_out", "expected"),
    [
        (START - minutes(5), START - minutes(5), False, minutes(120)),  # not before the start
        (START + minutes(20), START + minutes(30), False, minutes(100)),
        (START + minutes(20), START + minutes(30), True, minutes(10)),
    ],
)
def test_present_duration(first: datetime, last: datetime, check_out: bool, expected: timedelta) -> None:  # noqa: FBT001 (a table's column)
    attendance = Attendance(RecordState.PRESENT, RecordSource.DEVICE, first, last)
    assert present_duration(attendance, start=START, end=END, check_out=check_out) == expected


def test_policy_survives_json_and_names_its_problems() -> None:
    policy = Policy(late_grace=timedelta(seconds=61), min_similarity=0.7)
    assert Policy.from_json(policy.to_json()) == policy
    assert set(Policy(late_grace=-TICK, min_similarity=1.5).problems()) == {"late_grace", "min_similarity"}
    assert set(Policy(false_match_rate=0.0).problems()) == {"false_match_rate"}
