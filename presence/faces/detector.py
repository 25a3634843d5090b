import math
import threading

import cv2
import numpy as np

from presence.faces.models import YUNET
from presence.faces.types import Box, DetectedFace, Image

DEFAULT_WIDTH = 640
"""Wider images are reduced to this many pixels for detection; a face of 30 px there is still found."""
MIN_CONFIDENCE = 0.6
NON_MAXIMUM_SUPPRESSION_IOU = 0.3
MOST_CANDIDATES = 200
SMALLEST_SIDE_PX = 16
"""On less than half of its 32-pixel grid YuNet reads what was in memory before, and now and then finds a face there."""


class YuNetDetector:
    """OpenCV's YuNet (Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face Detector", 2023); threads may share it."""

    def __init__(self, *, width: int = DEFAULT_WIDTH, min_confidence: float = MIN_CONFIDENCE) -> None:
        """Raises ModelMissing, ModelCorrupt."""
        self.width = width
        self._net = cv2.FaceDetectorYN.create(
            str(YUNET.locate()), "", (width, width), min_confidence, NON_MAXIMUM_SUPPRESSION_IOU, MOST_CANDIDATES
        )
        self._lock = threading.Lock()

    def detect(self, image: Image, *, width: int | None = None) -> list[DetectedFace]:
        """The faces, most confident first, in pixels of `image`; an image wider than `width` is reduced to it first."""
        full_height, full_width = image.shape[:2]
        if min(full_height, full_width) < SMALLEST_SIDE_PX:
            return []
        factor = min(1.0, (width or self.width) / full_width)
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        if factor < 1.0:
            size = round(full_width * factor), max(round(full_height * factor), 1)
            bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
        height, reduced_width = bgr.shape[:2]
        with self._lock:
            self._net.setInputSize((reduced_width, height))
            _, rows = self._net.detect(bgr)
        if rows is None:
            return []
        scale = np.array([full_width / reduced_width, full_height / height], dtype=np.float32)
        faces = [_face(row, scale) for row in np.asarray(rows, dtype=np.float32)]
        return sorted(faces, key=lambda face: -face.confidence)


def _face(
    row: np.ndarray[tuple[int], np.dtype[np.float32]], scale: np.ndarray[tuple[int], np.dtype[np.float32]]
) -> DetectedFace:
    left, top = (float(value) for value in row[0:2] * scale)
    width, height = (float(value) for value in row[2:4] * scale)
    return DetectedFace(
        box=Box(left, top, left + width, top + height),
        landmarks=row[4:14].reshape(5, 2) * scale,
        confidence=float(row[14]),
    )


def main_face(image: Image, faces: list[DetectedFace]) -> DetectedFace | None:
    """The face that a portrait is of: large and central (area's share less distance from the centre in half-sides)."""
    height, width = image.shape[:2]

    def prominence(face: DetectedFace) -> float:
        x, y = face.box.centre
        away = math.hypot(x - width / 2, y - height / 2) / (max(width, height) / 2)
        return float(face.box.area / (width * height) - away)

    return max(faces, key=prominence, default=None)
