"""`roster-agent bench`: what this device itself can do, in a minute."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from edge_agent.alarms import AlarmBoard
from edge_agent.life.clock import DeviceClock
from edge_agent.observations import UnknownFaceFact
from edge_agent.settings import AgentSettings
from edge_agent.uplink.outbox import Outbox
from presence.faces.calibration import load_calibration
from presence.faces.engine import load_engine
from presence.faces.match import Gallery

_ROUNDS = 20
_APPENDS = 200
_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    unit: str


def measure(settings: AgentSettings) -> list[Figure]:
    """Median times of the parts on this machine. The pictures are noise: a stage's time hardly depends on them."""
    recognition = settings.recognition
    engine = load_engine(recognition.engine, threads=recognition.threads, detection_width=recognition.detection_width)
    noise = np.random.default_rng(0)
    picture = noise.integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    side = 112 if engine.id == "sface" else 150
    chip = noise.integers(0, 255, (side, side, 3), dtype=np.uint8)
    people = {index: noise.normal(size=(1, 128)).astype(np.float32) for index in range(_PEOPLE)}
    gallery = Gallery(load_calibration(engine.id, model_sha256=engine.model_sha256), people)
    probe = people[0][0]
    detect_ms = _median_ms(lambda: engine.detect(picture))
    encode_ms = _median_ms(lambda: engine.encode([chip]))
    return [
        Figure("detect_ms", detect_ms, "ms"),
        Figure("encode_ms", encode_ms, "ms"),
        Figure("match_100_people_ms", _median_ms(lambda: gallery.match(probe)), "ms"),
        Figure("detections_per_second", 1000 / detect_ms, "1/s"),
        Figure("durable_append_ms", _append_ms(settings), "ms"),
    ]


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _append_ms(settings: AgentSettings) -> float:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        clock = DeviceClock(Path(folder) / "time")
        outbox = Outbox(
            Path(folder) / "outbox.db",
            device_id=uuid4(),
            agent_version="bench",
            settings=settings.outbox,
            alarms=AlarmBoard(),
        )
        times = []
        for _ in range(_APPENDS):
            began = time.perf_counter()
            outbox.append(UnknownFaceFact(position=None, usable_frames=2), clock.read())
            times.append((time.perf_counter() - began) * 1000)
        outbox.close()
    return statistics.median(times)
