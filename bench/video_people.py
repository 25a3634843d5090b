"""Who is who in a video, for `bench.pipeline`: galleries, and the truth settled apart from what is measured."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge_agent.recognition.tracker import Track, Tracker
from presence.faces.detector import main_face
from presence.faces.engine import Engine, encode_face
from presence.faces.match import Gallery
from presence.faces.quality import LIVE_MIN_FACE_PX, assess
from presence.faces.types import Box, DetectedFace, Encoding, Image

LEAST_FACE_PX = LIVE_MIN_FACE_PX
SAME_FACE_IOU = 0.3
STRICT_RATE = 1e-5
PICTURES = {".jpg", ".jpeg", ".png"}


def frames_of(video: Path) -> Iterator[tuple[int, float, Image]]:
    """Index, time in seconds, RGB picture."""
    capture = cv2.VideoCapture(str(video))
    fps = capture.get(cv2.CAP_PROP_FPS)
    if not fps > 0:
        sys.exit(f"{video} is no video that can be read.")
    index = 0
    while True:
        read, bgr = capture.read()
        if not read:
            break
        yield index, index / fps, np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        index += 1
    capture.release()


def read_gallery(folder: Path) -> dict[str, list[Image]]:
    """Pictures by person: one file or one folder each."""
    portraits: dict[str, list[Image]] = {}
    for entry in sorted(folder.iterdir()):
        files = sorted(entry.iterdir()) if entry.is_dir() else [entry]
        for file in files:
            bgr = cv2.imread(str(file)) if file.suffix.lower() in PICTURES else None
            if bgr is not None:
                rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
                portraits.setdefault(entry.stem if entry.is_file() else entry.name, []).append(rgb)
    return portraits


@dataclass(slots=True)
class Look:
    quality: float = 0.0
    portrait: Image | None = None
    encodings: list[Encoding] = field(default_factory=list)


def first_looks(video: Path, engine: Engine) -> dict[str, list[Image]]:
    """The best look of the first second of each of the video's people; the same person twice is one."""
    tracker: Tracker[Look] = Tracker()
    tracks: dict[int, Track[Look]] = {}
    for _, now_s, image in frames_of(video):
        seen, _ = tracker.follow(engine.detect(image, width=image.shape[1]), now_s, Look)
        for track in seen:
            tracks[track.number] = track
            quality = assess(image, track.face, min_face_px=LEAST_FACE_PX)
            if quality.problems or now_s - track.first_seen_s > 1.0:
                continue
            track.state.encodings.append(encode_face(engine, image, track.face))
            if quality.score > track.state.quality:
                track.state.quality = quality.score
                track.state.portrait = cut(image, track.face)
    portraits: dict[str, list[Image]] = {}
    known: list[Encoding] = []
    threshold = engine.calibration.threshold(20)
    for track in tracks.values():
        if track.state.portrait is None or len(track.state.encodings) < 5:
            continue
        mean = engine.calibration.mean(np.stack(track.state.encodings))
        if all(engine.calibration.score(mean, other) < threshold for other in known):
            known.append(mean)
            portraits[f"person_{len(known)}"] = [track.state.portrait]
    return portraits


def cut(image: Image, face: DetectedFace) -> Image:
    box = face.box.grown(2.0)
    height, width = image.shape[:2]
    return image[
        max(round(box.top), 0) : min(round(box.bottom), height), max(round(box.left), 0) : min(round(box.right), width)
    ].copy()


def write_gallery(folder: Path, portraits: dict[str, list[Image]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, images in portraits.items():
        cv2.imwrite(str(folder / f"{name}.png"), cv2.cvtColor(images[0], cv2.COLOR_RGB2BGR))
    print(f"{len(portraits)} people written to {folder}")


def gallery_of(engine: Engine, portraits: dict[str, list[Image]], *, rate: float = 0.01) -> Gallery[str]:
    people: dict[str, Any] = {}
    for name, images in portraits.items():
        encodings = [
            encode_face(engine, image, face)
            for image in images
            if (face := main_face(image, engine.detect(image, width=image.shape[1]))) is not None
        ]
        if encodings:
            people[name] = np.stack(encodings)
    return Gallery(engine.calibration, people, false_match_rate=rate)


@dataclass(frozen=True, slots=True)
class Truth:
    """Boxes of one frame with who it is: a name, None for a stranger, or "?" where it is not settled."""

    boxes: list[tuple[Box, str | None]]

    def of(self, box: Box) -> str | None:
        best = max(self.boxes, key=lambda entry: entry[0].iou(box), default=None)
        return best[1] if best is not None and best[0].iou(box) >= SAME_FACE_IOU else "?"


@dataclass(slots=True)
class Followed:
    """A face followed from frame to frame, with both engines' encodings."""

    box: Box
    number: int
    encodings: tuple[list[Encoding], list[Encoding]] = field(default_factory=lambda: ([], []))


def settle(video: Path, portraits: dict[str, list[Image]], engines: tuple[Engine, Engine]) -> list[Truth]:
    before: list[Followed] = []
    everybody: list[Followed] = []
    boxes: list[list[tuple[Box, int]]] = []
    for index, _, image in frames_of(video):
        now = []
        for face in engines[0].detect(image, width=image.shape[1]):
            known = max(before, key=lambda other: other.box.iou(face.box), default=None)
            if known is None or known.box.iou(face.box) < 0.5:
                known = Followed(face.box, len(everybody))
                everybody.append(known)
            else:
                before.remove(known)
            known.box = face.box
            now.append(known)
            if index % 3 == 0 and not assess(image, face, min_face_px=LEAST_FACE_PX).problems:
                for engine, encodings in zip(engines, known.encodings, strict=True):
                    encodings.append(encode_face(engine, image, face))
        before = now
        boxes.append([(face.box, face.number) for face in now])
    strict = [gallery_of(engine, portraits, rate=STRICT_RATE) for engine in engines]
    lax = [gallery_of(engine, portraits) for engine in engines]
    names = [name_of(face, strict, lax) for face in everybody]
    return [Truth([(box, names[number]) for box, number in frame]) for frame in boxes]


def name_of(face: Followed, strict: list[Gallery[str]], lax: list[Gallery[str]]) -> str | None:
    if not face.encodings[0]:
        return "?"
    sure = {gallery.match(np.stack(each)).person_id for gallery, each in zip(strict, face.encodings, strict=True)}
    maybe = {gallery.match(np.stack(each)).person_id for gallery, each in zip(lax, face.encodings, strict=True)}
    if maybe == {None}:
        return None
    named = sure - {None}
    return named.pop() if len(named) == 1 and maybe - {None} == sure - {None} else "?"
