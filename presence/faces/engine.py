"""Engines: detector, alignment and encoder with their own calibration. Encodings of two engines are never compared."""

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from presence.faces.calibration import Calibration, Metric, load_calibration
from presence.faces.detector import DEFAULT_WIDTH
from presence.faces.types import DetectedFace, Encoding, Encodings, Image

ENGINE_IDS = ("sface", "dlib")


class UnknownEngine(ValueError):
    pass


class Engine(Protocol):
    """Safe to share by threads."""

    @property
    def id(self) -> str: ...

    @property
    def model_sha256(self) -> str:
        """One digest over all model files: encodings are comparable only when it is equal."""

    @property
    def calibration(self) -> Calibration: ...

    @property
    def metric(self) -> Metric: ...

    @property
    def mirrors(self) -> bool:
        """Whether an encoding is the mean of the face's and its mirror image's (where measured to be worth it)."""

    def detect(self, image: Image, *, width: int | None = None) -> list[DetectedFace]:
        """The faces, most confident first; wider images are reduced to `width` (or the engine's detection width)."""

    def align(self, image: Image, face: DetectedFace) -> Image:
        """The upright, centred chip that `encode` takes: 112×112 (`sface`) or 150×150 (`dlib`)."""

    def encode(self, chips: Sequence[Image]) -> Encodings:
        """One encoding a chip; (0, 128) for none."""


def load_engine(engine_id: str, *, threads: int = 1, detection_width: int = DEFAULT_WIDTH) -> Engine:
    """The engine `sface` or `dlib`, with verified models.

    `threads` is for OpenCV in the whole process. Raises UnknownEngine, ModelMissing, ModelCorrupt, CalibrationMissing,
    and ImportError when the `dlib` engine's library is not installed.
    """
    cv2.setNumThreads(threads)
    match engine_id:
        case "sface":
            from presence.faces.sface import SFaceEngine  # noqa: PLC0415 (only the chosen engine is loaded)

            engine: Engine = SFaceEngine(detection_width=detection_width)
        case "dlib":
            from presence.faces.dlib_engine import DlibEngine  # noqa: PLC0415 (its library is large and optional)

            engine = DlibEngine(detection_width=detection_width)
        case _:
            raise UnknownEngine(f"There is no face engine {engine_id!r}: use one of {', '.join(ENGINE_IDS)}.")
    load_calibration(engine.id, model_sha256=engine.model_sha256)
    return engine


def encode_chip(engine: Engine, chip: Image) -> Encoding:
    """One aligned face's encoding as galleries and probes use it: with its mirror image where the engine says so."""
    chips = [chip, np.ascontiguousarray(chip[:, ::-1])] if engine.mirrors else [chip]
    return engine.metric.mean(engine.encode(chips))


def encode_face(engine: Engine, image: Image, face: DetectedFace) -> Encoding:
    """`encode_chip` of the face aligned."""
    return encode_chip(engine, engine.align(image, face))
