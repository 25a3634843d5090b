"""What the tests of the seeing half share: a ledger for facts, frames with a time, and a room."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np

from edge_agent.observations import (
    ClockQuality,
    ClockReading,
    Fact,
    Frame,
    Policy,
    RoomConfig,
    RoomSchedule,
    RoomState,
    ScheduledSession,
)
from presence.faces.detector import main_face
from presence.faces.engine import Engine, encode_face
from presence.faces.match import Gallery
from presence.faces.types import Image
from presence.geofence import Circle
from tests.fixtures.faces import portrait

F = TypeVar("F")
BOOT = uuid.uuid4()
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
FENCE = Circle(latitude=-1.28, longitude=36.8, radius_m=30)


class Ledger:
    """Keeps facts in memory; refuses them with `refuse_with`."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.refuse_with: Exception | None = None

    def append(self, fact: Fact, captured: ClockReading) -> uuid.UUID | None:
        assert captured.wall_time.tzinfo is not None
        if self.refuse_with is not None:
            raise self.refuse_with
        self.facts.append(fact)
        return uuid.uuid4()

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


def reading(at_s: float = 0.0) -> ClockReading:
    return ClockReading(START + timedelta(seconds=at_s), 1_000_000_000 + round(at_s * 1e9), BOOT, ClockQuality.SYNCED)


def frame(image: Image, at_s: float = 0.0) -> Frame:
    return Frame(round(at_s * 1000), image, None, reading(at_s))


def noise(shape: tuple[int, int] = (240, 320), *, mean: float = 120, seed: int = 0) -> Image:
    rng = np.random.default_rng(seed)
    grey = np.clip(rng.normal(mean, 3, shape), 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def gallery_of(engine: Engine, names: Mapping[str, uuid.UUID]) -> Gallery[uuid.UUID]:
    people = {}
    for name, person_id in names.items():
        image = portrait(name)
        face = main_face(image, engine.detect(image))
        assert face is not None
        people[person_id] = encode_face(engine, image, face)[None]
    return Gallery(engine.calibration, people)


def session(
    *,
    trainers: set[uuid.UUID] = frozenset(),  # type: ignore[assignment] # empty
    trainees: set[uuid.UUID] = frozenset(),  # type: ignore[assignment] # empty
    start: datetime = START,
    minutes: float = 60,
    state: str = "SCHEDULED",
    policy: Policy | None = None,
) -> ScheduledSession:
    return ScheduledSession(
        session_id=uuid.uuid4(),
        title="Circuits",
        start_time=start,
        end_time=start + timedelta(minutes=minutes),
        trainer_ids=frozenset(trainers),
        trainee_ids=frozenset(trainees),
        state=state,
        policy=policy or Policy(),
    )


def room(
    gallery: Gallery[uuid.UUID] | None,
    *sessions: ScheduledSession,
    names: Mapping[uuid.UUID, str] | None = None,
    policy: Policy | None = None,
    fence: Circle | None = FENCE,
) -> RoomState:
    config = RoomConfig(
        version=1,
        room_id=uuid.uuid4(),
        room_code="L1",
        room_name="Lab 1",
        fence=fence,
        max_accuracy_m=20,
        policy=policy or Policy(),
        engine="sface",
        model_sha256="",
        time_zone="Africa/Nairobi",
    )
    return RoomState(
        config=config,
        schedule=RoomSchedule(version=1, sessions=tuple(sessions)),
        gallery=gallery,
        gallery_version=4,
        names=names or {},
        online=True,
    )
