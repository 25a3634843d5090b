import dataclasses
from uuid import uuid4

import pytest

from edge_agent.alarms import AlarmBoard
from edge_agent.door import MOVED_ALARM, Door
from edge_agent.observations import (
    CheckInFact,
    DeviceMovedFact,
    Liveness,
    Policy,
    PositionFix,
    PositionSource,
    RoomConfig,
    RoomState,
    Shown,
    SuspectFaceFact,
)
from edge_agent.position import Whereabouts
from edge_agent.recognition.voting import Verdict
from edge_agent.uplink.outbox import NotDurable, NotStored
from presence.geofence import Position
from tests.edge_agent.seeing import FENCE, Ledger, reading, room, session

TRAINER, TRAINEE = uuid4(), uuid4()
HERE = Position(FENCE.latitude, FENCE.longitude, accuracy_m=5)
ELSEWHERE = Position(FENCE.latitude + 1, FENCE.longitude, accuracy_m=5)
VAGUE = Position(FENCE.latitude, FENCE.longitude, accuracy_m=500)


class Place:
    """A position that the test moves."""

    def __init__(self) -> None:
        self.position: Position | None = HERE

    def fix(self, config: RoomConfig | None) -> PositionFix | None:
        assert config is not None
        return PositionFix(self.position, PositionSource.GPS) if self.position is not None else None

    def close(self) -> None:
        self.position = None


class Scene:
    def __init__(self) -> None:
        self.place, self.ledger, self.alarms = Place(), Ledger(), AlarmBoard()
        self.now_s = 0.0
        self.door = Door(self.ledger, Whereabouts(self.place, lambda: self.now_s), self.alarms, engine_id="sface")

    def look(self, state: RoomState, times: int = 1) -> None:
        for _ in range(times):
            self.now_s += 1.5
            self.door.look_around(state, reading(self.now_s))

    def meet(self, state: RoomState, person: object = TRAINEE, *, liveness: Liveness = Liveness.LIVE) -> Shown:
        self.look(state)
        answer = self.door.known(
            Verdict(person, 0.9),  # type: ignore[arg-type] # a UUID
            liveness,
            state=state,
            captured=reading(self.now_s),
            track=1,
            seen_ns=1,
        )
        return answer.shown


@pytest.fixture
def scene() -> Scene:
    return Scene()


def lesson(policy: Policy | None = None) -> RoomState:
    return room(None, session(trainers={TRAINER}, trainees={TRAINEE}), policy=policy)


def test_a_trainer_starts_and_trainees_follow(scene: Scene) -> None:
    state = lesson()
    assert scene.meet(state) is Shown.PENDING
    assert scene.meet(state, TRAINER) is Shown.SESSION_STARTED
    assert scene.meet(state) is Shown.ALREADY_IN
    facts = scene.ledger.of(CheckInFact)
    assert [(fact.person_id, fact.shown) for fact in facts] == [(TRAINEE, "PENDING"), (TRAINER, "SESSION_STARTED")]
    assert facts[0].position == PositionFix(HERE, PositionSource.GPS)
    assert facts[0].gallery_version == 4


@pytest.mark.parametrize("refusal", [NotStored("full"), NotDurable("read-only")])
def test_nobody_is_told_to_be_in_before_it_is_stored(scene: Scene, refusal: Exception) -> None:
    scene.ledger.refuse_with = refusal
    assert scene.meet(lesson(), TRAINER) is Shown.NOT_STORED


def test_who_could_not_be_stored_is_tried_again(scene: Scene) -> None:
    state = lesson()
    scene.ledger.refuse_with = NotStored("full")
    scene.meet(state, TRAINER)
    scene.ledger.refuse_with = None
    assert scene.meet(state, TRAINER) is Shown.SESSION_STARTED
    assert len(scene.ledger.facts) == 1


def test_the_same_answer_twice_is_one_fact(scene: Scene) -> None:
    state = room(None)
    assert scene.meet(state) is Shown.NO_SESSION
    assert scene.meet(state) is Shown.NO_SESSION
    assert len(scene.ledger.facts) == 1


def test_a_device_that_was_carried_away_says_so_once_and_takes_nobody(scene: Scene) -> None:
    state = lesson()
    scene.look(state)
    scene.place.position = ELSEWHERE
    scene.look(state, times=10)
    assert len(scene.ledger.of(DeviceMovedFact)) == 1
    assert MOVED_ALARM in scene.alarms.up()
    assert scene.meet(state) is Shown.OUT_OF_PLACE
    assert not scene.ledger.of(CheckInFact)
    scene.place.position = HERE
    assert scene.meet(state) is Shown.PENDING
    assert MOVED_ALARM not in scene.alarms.up()


def test_one_bad_fix_is_no_move(scene: Scene) -> None:
    state = lesson()
    scene.place.position = ELSEWHERE
    scene.look(state)
    scene.place.position = HERE
    scene.look(state, times=3)
    assert not scene.ledger.facts


@pytest.mark.parametrize("position", [None, VAGUE])
def test_without_a_good_position_it_is_noted_but_nobody_is_told_to_be_in(
    scene: Scene, position: Position | None
) -> None:
    scene.place.position = position
    assert scene.meet(lesson()) is Shown.NO_POSITION
    assert len(scene.ledger.of(CheckInFact)) == 1


def test_a_suspect_face_is_flagged_and_goes_on_where_the_policy_says_so(scene: Scene) -> None:
    assert scene.meet(lesson(), liveness=Liveness.SUSPECT) is Shown.PENDING
    assert len(scene.ledger.of(SuspectFaceFact)) == 1
    assert scene.ledger.of(CheckInFact)[0].liveness is Liveness.SUSPECT


def test_a_suspect_face_is_refused_openly_where_the_policy_says_so(scene: Scene) -> None:
    state = lesson(policy=Policy(reject_suspect_faces=True))
    assert scene.meet(state, liveness=Liveness.SUSPECT) is Shown.SUSPECT
    assert len(scene.ledger.of(SuspectFaceFact)) == 1
    assert scene.ledger.of(CheckInFact)[0].shown == "SUSPECT"


def test_a_picture_of_the_trainer_starts_nothing(scene: Scene) -> None:
    state = lesson()
    assert scene.meet(state, TRAINER, liveness=Liveness.SUSPECT) is Shown.SUSPECT
    assert scene.meet(state) is Shown.PENDING


def test_without_a_schedule_a_check_in_is_kept_for_the_hub(scene: Scene) -> None:
    state = dataclasses.replace(lesson(), schedule=None)
    assert scene.meet(state) is Shown.NOT_READY
    assert len(scene.ledger.of(CheckInFact)) == 1
