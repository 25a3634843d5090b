import threading
from collections.abc import Sequence
from functools import cached_property

import cv2
import numpy as np

from presence.faces.calibration import Calibration, Metric, load_calibration
from presence.faces.detector import DEFAULT_WIDTH, YuNetDetector
from presence.faces.models import SFACE, engine_sha256
from presence.faces.types import DetectedFace, Encodings, Image


class SFaceEngine:
    """OpenCV's SFace (Zhong et al.: "SFace: Sigmoid-Constrained Hypersphere Loss", 2021): cosine of unit encodings."""

    id = "sface"
    metric = Metric.COSINE
    mirrors = False
    """Measured: the mirror image's encoding changes the miss rate by less than its error; it would double the work."""

    def __init__(self, *, detection_width: int = DEFAULT_WIDTH) -> None:
        """Raises ModelMissing, ModelCorrupt."""
        self.model_sha256 = engine_sha256(self.id)
        self._detector = YuNetDetector(width=detection_width)
        self._net = cv2.FaceRecognizerSF.create(str(SFACE.locate()), "")
        self._lock = threading.Lock()

    @cached_property
    def calibration(self) -> Calibration:
        """Raises CalibrationMissing."""
        return load_calibration(self.id, model_sha256=self.model_sha256)

    def detect(self, image: Image, *, width: int | None = None) -> list[DetectedFace]:
        return self._detector.detect(image, width=width)

    def align(self, image: Image, face: DetectedFace) -> Image:
        row = np.array(
            [face.box.left, face.box.top, face.box.width, face.box.height, *face.landmarks.ravel(), face.confidence],
            dtype=np.float32,
        )
        with self._lock:
            chip = self._net.alignCrop(image, row)
        return np.asarray(chip, dtype=np.uint8)

    def encode(self, chips: Sequence[Image]) -> Encodings:
        """Rows of length 1."""
        encodings = np.empty((len(chips), 128), dtype=np.float32)
        for row, chip in zip(encodings, chips, strict=True):
            with self._lock:
                row[:] = self._net.feature(cv2.cvtColor(chip, cv2.COLOR_RGB2BGR))[0]
        encodings /= np.linalg.norm(encodings, axis=1, keepdims=True)
        return encodings
