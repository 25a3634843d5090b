"""`python -m bench.latency [--visits N] [--json]`: how long people at the door wait for their answer.

A scene of living heads walks up to the agent's own camera thread and pipeline, in real time. Each visit is timed from
the capture of the first frame in which the face is found to the moment at which the screen is given the answer:
`first_answer` is the first of any kind (what to do), `decision` is in, not in, or unknown, after the liveness check.
"""

import argparse
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from bench.pipeline import NoOutbox
from bench.report import Figure, Report
from edge_agent.alarms import AlarmBoard
from edge_agent.cameras import open_camera
from edge_agent.cameras.capture import Capture
from edge_agent.feedback import ASKED
from edge_agent.observations import (
    Answer,
    ClockQuality,
    ClockReading,
    Policy,
    RoomConfig,
    RoomSchedule,
    RoomState,
    RoomStateHolder,
    ScheduledSession,
)
from edge_agent.pipeline import Pipeline
from edge_agent.position.fixed import FixedPosition
from edge_agent.recognition.liveness import StaticCheck
from edge_agent.settings import FixedPositionSettings, ReplayCameraSettings
from presence.faces.detector import main_face
from presence.faces.engine import Engine, encode_face, load_engine
from presence.faces.match import Gallery

PORTRAITS = Path(__file__).parents[1] / "tests" / "data" / "faces"
PEOPLE = ("grace_hopper", "joe_biden", "barack_obama_1", "eileen_collins")
VISIT_S, PAUSE_S = 3.2, 1.5
BOOT = uuid.uuid4()


class SystemClock:
    def read(self) -> ClockReading:
        return ClockReading(datetime.now(UTC), time.monotonic_ns(), BOOT, ClockQuality.SYNCED)


class Stopwatch:
    """A screen that notes how long each face waited, in ms."""

    def __init__(self) -> None:
        self.first: dict[int, float] = {}
        self.decided: dict[int, float] = {}

    def show(self, answers: Sequence[Answer]) -> None:
        now_ns = time.monotonic_ns()
        for answer in answers:
            waited_ms = (now_ns - answer.face_seen_ns) / 1e6
            self.first.setdefault(answer.track, waited_ms)
            if answer.shown not in ASKED:
                self.decided.setdefault(answer.track, waited_ms)

    def close(self) -> None:
        self.first, self.decided = {}, {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS, help="folder of portraits, one file a person")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    measure(arguments.visits, arguments.portraits).print(as_json=arguments.json)


def measure(visits: int, portraits: Path) -> Report:
    engine = load_engine("sface")
    stopwatch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        write_scene(Path(folder), visits, portraits)
        alarms = AlarmBoard()
        pipeline = Pipeline(
            engine,
            RoomStateHolder(room_of(engine, portraits)),
            position=FixedPosition(FixedPositionSettings()),
            feedback=stopwatch,
            outbox=NoOutbox(),
            alarms=alarms,
            liveness=StaticCheck,
        )
        settings = ReplayCameraSettings(kind="replay", path=Path(folder))
        stop = threading.Event()
        threading.Timer(visits * (VISIT_S + PAUSE_S) + 3, stop.set).start()
        pipeline.run(Capture(lambda: open_camera(settings), SystemClock(), alarms), stop)
    report = Report("latency")
    for name, waited in (("first_answer", stopwatch.first), ("decision", stopwatch.decided)):
        values = sorted(waited.values()) or [float("inf")]
        report.figures[f"{name}_p50_ms"] = Figure(statistics.median(values), "ms")
        report.figures[f"{name}_p99_ms"] = Figure(
            values[min(int(len(values) * 0.99), len(values) - 1)], "ms", reach="< 1000"
        )
    report.figures["visits_decided"] = Figure(len(stopwatch.decided), f"of {visits}", reach=f">= {visits}")
    report.notes.append("Includes the scene's drawing, which a camera does not cost.")
    return report


def write_scene(folder: Path, visits: int, portraits: Path) -> None:
    acts = []
    for visit in range(visits):
        name = f"{PEOPLE[visit % len(PEOPLE)]}.jpg"
        (folder / name).write_bytes((portraits / name).read_bytes())
        acts.append(f'[[act]]\nat_s = {1 + visit * (VISIT_S + PAUSE_S)}\nduration_s = {VISIT_S}\npeople = ["{name}"]\n')
    (folder / "scene.toml").write_text("".join(acts), encoding="utf-8")


def room_of(engine: Engine, portraits: Path) -> RoomState:
    people = {}
    for name in PEOPLE[:-1]:  # the last one stays a stranger
        bgr = cv2.imread(str(portraits / f"{name}.jpg"))
        assert bgr is not None
        image = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        face = main_face(image, engine.detect(image))
        assert face is not None
        people[uuid.uuid5(BOOT, name)] = encode_face(engine, image, face)[None]
    now = datetime.now(UTC)
    trainer, *trainees = people
    session = ScheduledSession(
        session_id=uuid.uuid4(),
        title="Circuits",
        start_time=now,
        end_time=now + timedelta(hours=1),
        trainer_ids=frozenset({trainer}),
        trainee_ids=frozenset(trainees),
        state="SCHEDULED",
        policy=Policy(),
    )
    config = RoomConfig(
        version=1,
        room_id=uuid.uuid4(),
        room_code="L1",
        room_name="Lab 1",
        fence=None,
        max_accuracy_m=50,
        policy=Policy(),
        engine=engine.id,
        model_sha256=engine.model_sha256,
        time_zone="UTC",
    )
    return RoomState(
        config=config,
        schedule=RoomSchedule(version=1, sessions=(session,)),
        gallery=Gallery(engine.calibration, people),
        gallery_version=1,
        online=True,
    )


if __name__ == "__main__":
    main()
