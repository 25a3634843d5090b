import threading
from collections.abc import Sequence
from functools import cached_property

import dlib
import numpy as np

from presence.faces.calibration import Calibration, Metric, load_calibration
from presence.faces.detector import DEFAULT_WIDTH, YuNetDetector
from presence.faces.models import FIVE_POINTS, RESNET, engine_sha256
from presence.faces.types import DetectedFace, Encodings, Image

CHIP_SIZE = 150
CHIP_PADDING = 0.25
"""What `face_recognition_model_v1.compute_face_descriptor` cuts out itself."""

SIDE = 0.86
BELOW_CENTRE = 0.05
"""dlib's predictor expects boxes of its HOG detector: over 900 LFW photos, square, 0.86 (± 0.07) of YuNet's height a
side and 0.05 (± 0.05) of it below YuNet's centre."""


class DlibEngine:
    """dlib's ResNet (King: "High Quality Face Recognition with Deep Metric Learning", 2017): Euclidean distance.

    `encode(align(...))` gives the numbers of `face_recognition.face_encodings` for the box `rectangle(face)`.
    """

    id = "dlib"
    metric = Metric.EUCLIDEAN
    mirrors = True
    """Measured: with the mirror image's encoding strangers at 1 % cost a third fewer misses."""

    def __init__(self, *, detection_width: int = DEFAULT_WIDTH) -> None:
        """Raises ModelMissing, ModelCorrupt."""
        self.model_sha256 = engine_sha256(self.id)
        self._detector = YuNetDetector(width=detection_width)
        self._predictor = dlib.shape_predictor(str(FIVE_POINTS.locate()))
        self._net = dlib.face_recognition_model_v1(str(RESNET.locate()))
        self._lock = threading.Lock()

    @cached_property
    def calibration(self) -> Calibration:
        """Raises CalibrationMissing."""
        return load_calibration(self.id, model_sha256=self.model_sha256)

    def detect(self, image: Image, *, width: int | None = None) -> list[DetectedFace]:
        return self._detector.detect(image, width=width)

    @staticmethod
    def rectangle(face: DetectedFace) -> tuple[int, int, int, int]:
        """The box for the 5-point predictor as `face_recognition` writes boxes: top, right, bottom, left."""
        x, y = face.box.centre
        y += BELOW_CENTRE * face.box.height
        half = SIDE * face.box.height / 2
        return round(y - half), round(x + half), round(y + half), round(x - half)

    def align(self, image: Image, face: DetectedFace) -> Image:
        top, right, bottom, left = self.rectangle(face)
        pixels = np.ascontiguousarray(image)
        shape = self._predictor(pixels, dlib.rectangle(left, top, right, bottom))
        return np.asarray(dlib.get_face_chip(pixels, shape, CHIP_SIZE, CHIP_PADDING), dtype=np.uint8)

    def encode(self, chips: Sequence[Image]) -> Encodings:
        encodings = np.empty((len(chips), 128), dtype=np.float32)
        for row, chip in zip(encodings, chips, strict=True):
            with self._lock:
                row[:] = self._net.compute_face_descriptor(np.ascontiguousarray(chip))
        return encodings
