from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), RGB."""

Encoding: TypeAlias = NDArray[np.float32]
"""(128,); its length is 1 for `sface`, free for `dlib`."""

Encodings: TypeAlias = NDArray[np.float32]
"""(n, 128), one encoding a row."""

Landmarks: TypeAlias = NDArray[np.float32]
"""(5, 2) pixels, x then y: the eye on the image's left, the eye on its right, nose tip, mouth corner left, right."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; may reach beyond the image."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0..1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)

    def scaled(self, factor: float) -> "Box":
        """The same rectangle on an image `factor` times as large."""
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def grown(self, factor: float) -> "Box":
        """A rectangle with the same centre and `factor` times the sides."""
        x, y = self.centre
        half_width, half_height = self.width * factor / 2, self.height * factor / 2
        return Box(x - half_width, y - half_height, x + half_width, y + half_height)


@dataclass(frozen=True, slots=True, eq=False)
class DetectedFace:
    """A face found in an image. The box spans forehead to chin, `confidence` is the detector's, 0..1."""

    box: Box
    landmarks: Landmarks
    confidence: float
