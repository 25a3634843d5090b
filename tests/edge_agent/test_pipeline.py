"""Real faces walk up to the door, in a time of their own."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras.scene import Act, SceneCamera
from edge_agent.observations import (
    Answer,
    CheckInFact,
    Liveness,
    RoomState,
    RoomStateHolder,
    Shown,
    SuspectFaceFact,
    UnknownFaceFact,
)
from edge_agent.pipeline import BLACK_ALARM, BLACK_FOR_S, Pipeline
from edge_agent.position.fixed import FixedPosition
from edge_agent.recognition.liveness import LivenessCheck, StaticCheck, Unchecked
from edge_agent.settings import FixedPositionSettings
from presence.faces.engine import Engine
from presence.faces.types import Image
from tests.edge_agent.seeing import Ledger, frame, gallery_of, noise, room, session
from tests.fixtures.faces import PORTRAITS

pytestmark = pytest.mark.timeout(120)
SIZE = (960, 540)
FPS = 10
ENROLLED = {name: uuid4() for name in ("grace_hopper", "joe_biden", "barack_obama_2")}
TRAINER, TRAINEE, OBAMA = ENROLLED.values()
NAMES = {TRAINER: "Grace", TRAINEE: "Joe", OBAMA: "Barack"}


class Screen:
    """Remembers what was shown, without repeats."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Shown]] = []

    def show(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            if (answer.name, answer.shown) not in self.seen:
                self.seen.append((answer.name, answer.shown))

    def close(self) -> None:
        self.seen = []


class Stage:
    """Draws acts frame by frame and shows them to a pipeline."""

    def __init__(self, folder: Path, engine: Engine, state: RoomState, liveness: Callable[[], LivenessCheck]) -> None:
        for path in PORTRAITS.glob("*.jpg"):
            shutil.copy(path, folder)
        (folder / "scene.toml").write_text("")
        self._camera = SceneCamera(folder, size=SIZE, fps=FPS)
        self.ledger, self.screen, self.alarms = Ledger(), Screen(), AlarmBoard()
        self.pipeline = Pipeline(
            engine,
            RoomStateHolder(state),
            position=FixedPosition(FixedPositionSettings()),
            feedback=self.screen,
            outbox=self.ledger,
            alarms=self.alarms,
            liveness=liveness,
        )
        self.now_s = 0.0

    def play(self, *people: str, seconds: float = 4.0, living: bool = True, size: float = 0.4) -> None:
        act = Act(duration_s=seconds, people=tuple(f"{name}.jpg" for name in people), living=living, size=size)
        self._camera._cast(act)
        for number in range(round(seconds * FPS)):
            picture = self._camera._background.copy()
            self._camera._play(picture, act, number / FPS)
            self.show(picture)
        self.empty(3.0)

    def empty(self, seconds: float) -> None:
        for _ in range(round(seconds * FPS)):
            self.show(self._camera._background.copy())

    def show(self, picture: Image) -> None:
        self.now_s += 1 / FPS
        self.pipeline.look(frame(picture, self.now_s))

    def checked_in(self) -> list[tuple[UUID, str, Liveness]]:
        return [(fact.person_id, fact.shown, fact.liveness) for fact in self.ledger.of(CheckInFact)]


@pytest.fixture
def stage(tmp_path: Path, sface: Engine) -> Callable[..., Stage]:
    def make(liveness: Callable[[], LivenessCheck] = Unchecked) -> Stage:
        state = room(gallery_of(sface, ENROLLED), session(trainers={TRAINER}, trainees={TRAINEE, OBAMA}), names=NAMES)
        return Stage(tmp_path, sface, state, liveness)

    return make


def test_a_lesson_begins_and_people_come_alone_and_together(stage: Callable[..., Stage]) -> None:
    on = stage(StaticCheck)
    on.play("grace_hopper")
    on.play("joe_biden", "barack_obama_1", seconds=5)
    assert on.checked_in() == [
        (TRAINER, "SESSION_STARTED", Liveness.LIVE),
        *sorted(
            [(TRAINEE, "PRESENT", Liveness.LIVE), (OBAMA, "PRESENT", Liveness.LIVE)],
            key=lambda entry: on.checked_in().index(entry),
        ),
    ]
    assert ("Barack", Shown.PRESENT) in on.screen.seen
    assert len(on.ledger.facts) == 3


def test_a_stranger_stays_unknown_and_is_one(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.play("eileen_collins")
    on.play("eileen_collins")
    assert len(on.ledger.of(UnknownFaceFact)) == 1
    assert on.ledger.of(UnknownFaceFact)[0].usable_frames >= 2
    assert on.checked_in() == []
    assert on.screen.seen == [("", Shown.UNKNOWN)]


def test_a_photo_held_up_is_asked_again_and_then_flagged(stage: Callable[..., Stage]) -> None:
    on = stage(StaticCheck)
    on.play("joe_biden", seconds=8, living=False)
    assert ("", Shown.TURN_HEAD) in on.screen.seen
    assert [fact.person_id for fact in on.ledger.of(SuspectFaceFact)] == [TRAINEE]
    assert [liveness for _, _, liveness in on.checked_in()] == [Liveness.SUSPECT]


def test_a_photo_that_is_taken_away_before_the_retry_is_flagged_and_nobody_is_in(stage: Callable[..., Stage]) -> None:
    on = stage(StaticCheck)
    on.play("joe_biden", seconds=4.2, living=False)
    assert len(on.ledger.of(SuspectFaceFact)) == 1
    assert on.checked_in() == []


def test_who_is_far_away_is_asked_to_come_closer_and_not_guessed_at(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.play("joe_biden", size=0.1)
    assert on.screen.seen == [("", Shown.COME_CLOSER)]
    assert on.ledger.facts == []


def test_in_the_dark_people_are_told_so(stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    on = stage()
    bright = on.show
    monkeypatch.setattr(on, "show", lambda picture: bright((picture * 0.12).astype(np.uint8)))
    on.play("joe_biden")
    assert ("", Shown.TOO_DARK) in on.screen.seen
    assert on.ledger.facts == []


def test_an_empty_room_is_not_searched_for_faces(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.empty(3)
    before = on.pipeline.figures.frames_with_detection
    on.empty(10)
    assert on.pipeline.figures.frames_with_detection == before
    assert not on.pipeline.busy


def test_each_person_costs_few_encodings(stage: Callable[..., Stage]) -> None:
    on = stage()
    on.play("joe_biden", seconds=20)
    tracks = on.pipeline._tracker._numbers
    assert tracks <= 3
    assert on.pipeline.figures.encodings <= tracks * (2 + 6)
    assert len(on.ledger.facts) == 1


def test_without_a_gallery_the_door_says_that_it_is_not_ready(tmp_path: Path, sface: Engine) -> None:
    on = Stage(tmp_path, sface, RoomState(), Unchecked)
    on.play("joe_biden")
    assert ("", Shown.NOT_READY) in on.screen.seen
    assert on.ledger.facts == []


def test_black_torn_and_odd_pictures_do_not_stop_it(stage: Callable[..., Stage]) -> None:
    on = stage()
    torn = noise((360, 640))
    torn[180:] = 0
    for picture in (np.zeros((540, 960, 3), np.uint8), torn, noise((64, 64)), noise((2000, 70))):
        on.show(picture)
    on.play("joe_biden")
    assert [person for person, _, _ in on.checked_in()] == [TRAINEE]


def test_a_capped_camera_is_alarmed_until_it_sees_again(stage: Callable[..., Stage]) -> None:
    on = stage()
    for _ in range(round(BLACK_FOR_S * FPS) + 5):
        on.show(np.zeros((540, 960, 3), np.uint8))
    assert BLACK_ALARM in on.alarms.up()
    on.empty(1)
    assert BLACK_ALARM not in on.alarms.up()
