"""Is a found face good enough, and which frame of several is the best?"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from presence.faces.types import DetectedFace, Image, Landmarks

REGISTRATION_MIN_FACE_PX = 90
"""Forehead to chin."""
LIVE_MIN_FACE_PX = 60
"""SFace's chip is 112 px: below half of it, what is encoded is mostly interpolation."""


class QualityProblem(Enum):
    TOO_SMALL = "TOO_SMALL"
    BLURRED = "BLURRED"
    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    TURNED_AWAY = "TURNED_AWAY"
    CLIPPED = "CLIPPED"


@dataclass(frozen=True, slots=True)
class Quality:
    """`score`, 0..1, ranks frames of one face; it means nothing across people."""

    problems: tuple[QualityProblem, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused. Of 300 LFW press photos, registration refuses 10: 8 turned away and 2 blurred."""

    min_sharpness: float
    """See `sharpness`."""
    min_luma: float
    max_luma: float
    """Mean of the face's inner part, 0..255."""
    min_contrast: float
    """Standard deviation of the same."""
    max_turn: float
    """See `turn`; 0.5 is about 30 degrees, 0.7 about 38, 0.9 about 45."""
    min_edge_distance: float
    """Of the box to the image's nearest edge, in heights of the box; negative when it may reach beyond. The detector
    fits the boxes of faces that are cut off into the image, so touching the edge is a sign of it."""


REGISTRATION = Limits(
    min_sharpness=0.024, min_luma=45, max_luma=220, min_contrast=12, max_turn=0.7, min_edge_distance=0.03
)
LIVE = Limits(min_sharpness=0.012, min_luma=30, max_luma=235, min_contrast=8, max_turn=0.9, min_edge_distance=-0.10)


def assess(
    image: Image, face: DetectedFace, *, min_face_px: int | None = None, for_registration: bool = False
) -> Quality:
    """Judge a face of `image` by the stricter limits of registration or by those of a live camera.

    `min_face_px` is the least height, forehead to chin, in pixels; by default 90 for registration and 60 live.
    """
    limits = REGISTRATION if for_registration else LIVE
    if min_face_px is None:
        min_face_px = REGISTRATION_MIN_FACE_PX if for_registration else LIVE_MIN_FACE_PX
    inner = _inner_part(image, face)
    luma, contrast = float(inner.mean()), float(inner.std())
    sharp = sharpness(inner)
    turned = turn(face.landmarks)
    checks: dict[QualityProblem, Callable[[], bool]] = {
        QualityProblem.TOO_SMALL: lambda: face.box.height < min_face_px,
        QualityProblem.CLIPPED: lambda: _edge_distance(image, face) < limits.min_edge_distance,
        QualityProblem.TOO_DARK: lambda: luma < limits.min_luma,
        QualityProblem.TOO_BRIGHT: lambda: luma > limits.max_luma,
        QualityProblem.TURNED_AWAY: lambda: turned > limits.max_turn,
        QualityProblem.BLURRED: lambda: sharp < limits.min_sharpness or contrast < limits.min_contrast,
    }
    score = (
        min(face.box.height / (2 * REGISTRATION_MIN_FACE_PX), 1.0)
        * max(1.0 - turned, 0.05)
        * min(max(sharp, 0.0) / (4 * REGISTRATION.min_sharpness), 1.0)
        * min(contrast / 40.0, 1.0)
        * face.confidence
    )
    return Quality(tuple(problem for problem, found in checks.items() if found()), score)


def turn(landmarks: Landmarks) -> float:
    """How far the head is turned to a side, 0 (straight ahead) to 1 (a half profile or more): see `signed_turn`."""
    return min(abs(signed_turn(landmarks)), 1.0)


def signed_turn(landmarks: Landmarks) -> float:
    """The nose tip's way from the middle of the eyes and mouth corners, along the line of the eyes, in halves of the
    distance between the eyes: positive when the nose points to the image's right. Tilting or foreshortening a flat
    picture hardly changes it; turning a head does, as the nose stands out of the plane of the others.
    """
    left_eye, right_eye, nose, left_mouth, right_mouth = landmarks.astype(np.float64)
    between = right_eye - left_eye
    distance = max(float(np.hypot(*between)), 1.0)
    middle = (left_eye + right_eye + left_mouth + right_mouth) / 4
    along_eyes: float = np.dot(nose - middle, between).item()
    return along_eyes / distance**2 * 2


def sharpness(face: NDArray[np.uint8]) -> float:
    """The detail of a grey face at about the encoder's scale, 0 (none) to 0.3 and more (sharp).

    As the variance of the Laplacian (Pech-Pacheco et al.: "Diatom autofocusing in brightfield microscopy", ICPR 2000),
    but of its two directions the poorer one, because motion blurs only along its way; over the grey values' variance,
    which makes it independent of contrast; after reduction to 64 px.
    """
    reduced = cv2.resize(face, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    variance = float(reduced.var())
    if variance == 0:
        return 0.0
    across = float(cv2.Sobel(reduced, cv2.CV_32F, 2, 0, ksize=1).var())
    down = float(cv2.Sobel(reduced, cv2.CV_32F, 0, 2, ksize=1).var())
    return 4 * min(across, down) / variance


def _inner_part(image: Image, face: DetectedFace) -> NDArray[np.uint8]:
    """The grey values from brow to mouth: without hair, background and collar."""
    height, width = image.shape[:2]
    box = face.box.grown(0.7)
    left, right = min(max(round(box.left), 0), width - 1), min(max(round(box.right), 1), width)
    top, bottom = min(max(round(box.top), 0), height - 1), min(max(round(box.bottom), 1), height)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _edge_distance(image: Image, face: DetectedFace) -> float:
    height, width = image.shape[:2]
    box = face.box
    nearest = min(box.left, box.top, width - box.right, height - box.bottom)
    return float(nearest / max(box.height, 1.0))
