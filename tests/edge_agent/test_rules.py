from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from edge_agent.observations import Policy, RoomSchedule, ScheduledSession, Shown
from edge_agent.rules import Register, decide
from tests.edge_agent.seeing import START, session

TRAINER, TRAINEE, OTHER = uuid4(), uuid4(), uuid4()
POLICY = Policy(min_similarity=0.5, min_start_similarity=0.6)


def ask(
    person: UUID, minutes: float, *sessions: ScheduledSession, similarity: float = 0.9, register: Register | None = None
) -> Shown:
    return decide(
        RoomSchedule(version=1, sessions=sessions),
        register or Register(),
        person_id=person,
        similarity=similarity,
        now=START + timedelta(minutes=minutes),
    ).shown


def lesson(state: str = "SCHEDULED", policy: Policy = POLICY) -> ScheduledSession:
    return session(trainers={TRAINER}, trainees={TRAINEE}, state=state, policy=policy)


@pytest.mark.parametrize(
    ("minutes", "similarity", "state", "shown"),
    [
        (-15.01, 0.9, "SCHEDULED", Shown.TOO_EARLY),
        (-15, 0.9, "SCHEDULED", Shown.SESSION_STARTED),
        (30, 0.9, "SCHEDULED", Shown.SESSION_STARTED),
        (30.01, 0.9, "SCHEDULED", Shown.TOO_LATE),
        (0, 0.6, "SCHEDULED", Shown.SESSION_STARTED),
        (0, 0.599, "SCHEDULED", Shown.NOT_SURE),
        (5, 0.9, "ACTIVE", Shown.NOTED),  # runs already
        (60, 0.9, "ACTIVE", Shown.NOTED),  # leaves
        (90.01, 0.9, "ACTIVE", Shown.TOO_LATE),
        (0, 0.9, "CANCELLED", Shown.NO_SESSION),
    ],
)
def test_a_trainer_starts_the_session_within_its_window(
    minutes: float, similarity: float, state: str, shown: Shown
) -> None:
    assert ask(TRAINER, minutes, lesson(state), similarity=similarity) is shown


@pytest.mark.parametrize(
    ("minutes", "similarity", "state", "shown"),
    [
        (-15.01, 0.9, "SCHEDULED", Shown.TOO_EARLY),
        (-15, 0.9, "SCHEDULED", Shown.PENDING),  # nobody has started it
        (5, 0.9, "SCHEDULED", Shown.PENDING),
        (10, 0.9, "ACTIVE", Shown.PRESENT),  # the last moment of grace
        (10.01, 0.9, "ACTIVE", Shown.LATE),
        (60, 0.9, "ACTIVE", Shown.LATE),
        (60.01, 0.9, "ACTIVE", Shown.TOO_LATE),
        (5, 0.499, "ACTIVE", Shown.NOT_SURE),
        (5, 0.9, "COMPLETED", Shown.NO_SESSION),
        (5, 0.9, "MISSED", Shown.NO_SESSION),
    ],
)
def test_a_trainee_is_judged_by_the_clock(minutes: float, similarity: float, state: str, shown: Shown) -> None:
    assert ask(TRAINEE, minutes, lesson(state), similarity=similarity) is shown


def test_a_session_started_at_this_door_runs_before_the_hub_says_so() -> None:
    planned = lesson()
    assert ask(TRAINEE, 1, planned, register=Register(started={planned.session_id})) is Shown.PRESENT


def test_somebody_else_is_not_expected_while_a_session_is_open() -> None:
    assert ask(OTHER, 5, lesson()) is Shown.NOT_EXPECTED
    assert ask(OTHER, 120, lesson()) is Shown.NO_SESSION


def test_who_is_in_is_in() -> None:
    planned = lesson("ACTIVE")
    register = Register(present={(planned.session_id, TRAINEE)})
    assert ask(TRAINEE, 5, planned, register=register) is Shown.ALREADY_IN


def test_where_leaving_counts_it_is_noted() -> None:
    planned = lesson("ACTIVE", policy=Policy(check_out=True))
    register = Register(present={(planned.session_id, TRAINEE)})
    assert ask(TRAINEE, 55, planned, register=register) is Shown.NOTED


def test_the_open_session_goes_before_the_next_one() -> None:
    now, later = lesson("ACTIVE"), session(trainees={TRAINEE}, start=START + timedelta(minutes=75))
    assert ask(TRAINEE, 20, later, now) is Shown.LATE
    assert ask(TRAINEE, 62, now, later) is Shown.PENDING


def test_sessions_that_are_gone_are_forgotten() -> None:
    gone, here = lesson(), lesson()
    register = Register(started={gone.session_id, here.session_id}, present={(gone.session_id, TRAINEE)})
    register.forget_all_but([here])
    assert register.started == {here.session_id}
    assert not register.present
