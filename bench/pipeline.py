"""`python -m bench.pipeline --video FILE --gallery DIR [--json]`: the agent's pipeline against a webcam loop.

The comparator is the loop of face_recognition's webcam example on the same frames: locate, encode, and compare each
processed frame. Both name people from one gallery: a folder of JPEG or PNG pictures, one file or one folder a person.
`--make-gallery DIR` makes one from the video itself: the first good look at each of its people.

Who is who in the video is settled beforehand and apart from both: faces are found at full width and followed from
frame to frame; one whose mean encoding an engine gives to a person at a one-in-a-hundred-thousand threshold, and the
other engine to nobody else, is that person; one that both give to nobody is a stranger; others do not count.
Decoding is not timed: both need it.
"""

import argparse
import statistics
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.report import Figure, Report, spread
from bench.video_people import (
    LEAST_FACE_PX,
    Truth,
    first_looks,
    frames_of,
    gallery_of,
    read_gallery,
    settle,
    write_gallery,
)
from bench.webcam_loop import WebcamLoop
from edge_agent.alarms import AlarmBoard
from edge_agent.feedback import Screens
from edge_agent.observations import (
    ClockQuality,
    ClockReading,
    Fact,
    Frame,
    Policy,
    RoomConfig,
    RoomSchedule,
    RoomState,
    RoomStateHolder,
)
from edge_agent.pipeline import DETECTABLE_PX, Pipeline
from edge_agent.position.fixed import FixedPosition
from edge_agent.recognition.liveness import StaticCheck, Unchecked
from edge_agent.recognition.tracker import Track
from edge_agent.settings import FixedPositionSettings
from presence.faces.engine import Engine, load_engine
from presence.faces.match import Gallery
from presence.faces.sface import SFaceEngine
from presence.faces.types import Box, DetectedFace, Image

DETECTION_WIDTH = 320
GROUPS = 5
"""Frames are timed in turns, ours and theirs; every fifth makes one round."""
BOOT = uuid.UUID(int=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--video", type=Path, required=True)
    parser.add_argument("--gallery", type=Path, help="made from the video in memory when not given")
    parser.add_argument(
        "--make-gallery", type=Path, metavar="DIR", help="write a gallery of the video's people and stop"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    engines = (
        load_engine("sface", detection_width=DETECTION_WIDTH),
        load_engine("dlib", detection_width=DETECTION_WIDTH),
    )
    portraits = read_gallery(arguments.gallery) if arguments.gallery else first_looks(arguments.video, engines[0])
    if not portraits:
        sys.exit(f"{arguments.gallery or arguments.video} shows no face: give a folder of portraits.")
    if arguments.make_gallery:
        write_gallery(arguments.make_gallery, portraits)
        return
    measure(arguments.video, portraits, engines).print(as_json=arguments.json)


# --- what is measured -------------------------------------------------------------------------------------------------


class NoOutbox:
    def append(self, fact: Fact, captured: ClockReading) -> uuid.UUID | None:  # noqa: ARG002 (the disk is not measured)
        return uuid.UUID(int=0)


def pipeline_of(engine: Engine, gallery: Gallery[uuid.UUID], *, liveness: bool = True) -> Pipeline:
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    config = RoomConfig(
        version=1,
        room_id=uuid.UUID(int=2),
        room_code="R",
        room_name="Room",
        fence=None,
        max_accuracy_m=50,
        policy=Policy(),
        engine=engine.id,
        model_sha256=engine.model_sha256,
        time_zone="UTC",
    )
    state = RoomState(
        config=config,
        schedule=RoomSchedule(version=1, sessions=(), horizon_end_time=now + timedelta(hours=1)),
        gallery=gallery,
        gallery_version=1,
    )
    return Pipeline(
        engine,
        RoomStateHolder(state),
        position=FixedPosition(FixedPositionSettings()),
        feedback=Screens(),
        outbox=NoOutbox(),
        alarms=AlarmBoard(),
        liveness=StaticCheck if liveness else Unchecked,
    )


def frame_of(index: int, now_s: float, image: Image, luma: Any = None) -> Frame:  # noqa: ANN401 (grey or none)
    wall = datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(seconds=now_s)
    return Frame(index, image, luma, ClockReading(wall, int(now_s * 1e9), BOOT, ClockQuality.SYNCED))


@dataclass(slots=True)
class Tally:
    right: int = 0
    wrong: int = 0
    people: set[str] = field(default_factory=set)

    def count(self, truth: Truth, named: list[tuple[Box, str]]) -> None:
        for box, name in named:
            is_really = truth.of(box)
            if is_really == "?":
                continue
            self.right += is_really == name
            self.wrong += is_really != name
            if is_really == name:
                self.people.add(name)


class Bare:
    """What a frame needs of the libraries alone: the same OpenCV calls with nothing around them; CPU seconds."""

    def __init__(self, engine: SFaceEngine) -> None:
        self._engine = engine
        self.engine_id = engine.id

    def seconds(self, image: Image, faces: list[DetectedFace], encoded: int, matrix: Any) -> float:  # noqa: ANN401
        detector, net = self._engine._detector._net, self._engine._net  # noqa: SLF001 (the bare library objects)
        rows = [
            np.array(
                [*(f.box.left, f.box.top, f.box.width, f.box.height), *f.landmarks.ravel(), f.confidence], np.float32
            )
            for f in faces
        ]
        start = time.process_time()
        height, width = image.shape[:2]
        reduced = max(DETECTION_WIDTH, width * DETECTABLE_PX // LEAST_FACE_PX)
        size = reduced, round(height * reduced / width)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if width > reduced else image
        detector.setInputSize((small.shape[1], small.shape[0]))
        detector.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        for row in rows[:encoded]:
            probe = net.feature(cv2.cvtColor(net.alignCrop(image, row), cv2.COLOR_RGB2BGR))[0]
            matrix @ probe
        return time.process_time() - start


def measure(video: Path, portraits: dict[str, list[Image]], engines: tuple[Engine, Engine]) -> Report:
    truth = settle(video, portraits, engines)
    engine = engines[0]
    assert isinstance(engine, SFaceEngine)
    gallery = gallery_of(engine, portraits)
    names = {uuid.uuid5(BOOT, name): name for name in gallery.people}
    ids = {name: person_id for person_id, name in names.items()}
    templates = gallery._templates  # noqa: SLF001 (for one bare product)
    by_id = Gallery(engine.calibration, {ids[name]: templates[[row]] for row, name in enumerate(gallery.people)})
    pipeline, alone = pipeline_of(engine, by_id), pipeline_of(engine, by_id, liveness=False)
    loop, bare = WebcamLoop(portraits), Bare(engine)
    ours_s, theirs_s = [0.0] * GROUPS, [0.0] * GROUPS
    mine, theirs = Tally(), Tally()
    work_s = bare_s = 0.0
    for index, now_s, image in frames_of(video):
        frame = frame_of(index, now_s, image)
        start = time.process_time()
        pipeline.look(frame)
        ours_s[index % GROUPS] += time.process_time() - start
        mine.count(truth[index], named_by(pipeline, now_s, names))
        start = time.process_time()
        named = loop.look(image)
        theirs_s[index % GROUPS] += time.process_time() - start
        theirs.count(truth[index], named)
        before = alone.figures.encodings
        start = time.process_time()
        alone.look(frame)
        looked_s = time.process_time() - start
        recognised = [track.face for track in alone.tracks if is_seen(track, now_s) and track.state.ballot.verdict]
        if recognised:
            work_s += looked_s
            seen = [track.face for track in alone.tracks if is_seen(track, now_s)]
            bare_s += bare.seconds(image, seen, alone.figures.encodings - before, templates)
    frames = len(truth)
    ratio = statistics.median(slow / fast for slow, fast in zip(theirs_s, ours_s, strict=True))
    report = Report("pipeline")
    report.figures = {
        "frames_per_cpu_second": Figure(frames / sum(ours_s), "1/s", frames / sum(theirs_s), ratio, ">= 10"),
        "right_names": against(mine.right, theirs.right, ">= 1"),
        "wrong_names": Figure(mine.wrong, "face-frames", theirs.wrong, None, f"<= {theirs.wrong}"),
        "people_named": Figure(len(mine.people), f"of {len(portraits)}", len(theirs.people)),
        "cpu_per_idle_frame_ms": Figure(idle_ms(engine, by_id), "ms", reach="< 1"),
        "recognised_face_frame_ratio": Figure(
            work_s * 1e3, "ms", bare_s * 1e3, work_s / bare_s if bare_s else None, "<= 1.3"
        ),
    }
    if spread(theirs_s) > 0.25:
        report.invalid_because.append(f"the comparator's rounds differ by {spread(theirs_s):.0%}")
    report.notes.append(
        f"{frames} frames, {len(portraits)} people in the gallery; frames per CPU second are with the liveness check, "
        "the face-frame ratio is without it (the comparator has none)."
    )
    return report


def against(ours: int, theirs: int, reach: str) -> Figure:
    return Figure(ours, "face-frames", theirs, ours / theirs if theirs else float(ours > 0), reach)


def is_seen(track: Track[Any], now_s: float) -> bool:
    """In this frame; the pipeline's clock counts whole nanoseconds."""
    return abs(track.last_seen_s - now_s) < 1e-6


def named_by(pipeline: Pipeline, now_s: float, names: dict[uuid.UUID, str]) -> list[tuple[Box, str]]:
    return [
        (track.face.box, names[track.state.ballot.verdict.person_id])
        for track in pipeline.tracks
        if is_seen(track, now_s)
        and track.state.ballot.verdict is not None
        and track.state.ballot.verdict.person_id is not None
    ]


def idle_ms(engine: Engine, gallery: Gallery[uuid.UUID], *, frames: int = 400) -> float:
    """CPU of one frame of an empty room, 320x240, with a sensor's noise; after the first second."""
    pipeline = pipeline_of(engine, gallery)
    rng = np.random.default_rng(1)
    room = np.repeat(np.linspace(60, 160, 320, dtype=np.float32)[None], 240, axis=0)
    pictures = [
        np.repeat(np.clip(room + rng.normal(0, 3, room.shape), 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
        for _ in range(20)
    ]
    for index in range(30):
        pipeline.look(frame_of(index, index / 10, pictures[index % 20]))
    assert not pipeline.busy
    looked_for_faces = pipeline.figures.frames_with_detection
    start = time.process_time()
    for index in range(30, 30 + frames):
        pipeline.look(frame_of(index, index / 10, pictures[index % 20]))
    used_s = time.process_time() - start
    assert pipeline.figures.frames_with_detection == looked_for_faces, "an empty room's noise was taken for motion"
    return used_s / frames * 1e3


if __name__ == "__main__":
    main()
