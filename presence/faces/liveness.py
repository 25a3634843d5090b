"""Is it a living face, or a picture of one held up to the camera?

What stands here sees still pictures. A video of the face passes `StaticImageCheck`; the challenge and a passive model
(`minifasnet`) are against that.
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from presence.faces.quality import signed_turn
from presence.faces.types import DetectedFace, Image, Landmarks

VIEW_PX = 80
SMOOTHING_PX = 1.5
"""Below it differ camera noise and focus, not faces."""
COARSE_SMOOTHING_PX = 4.0
ECC_STEPS = 30


class LivenessOutcome(Enum):
    LIVE = "LIVE"
    RETRY = "RETRY"
    """Not enough seen yet."""
    SUSPECT = "SUSPECT"
    """As a picture would look. Ask for another try, then for staff's eye: never a silent refusal."""
    NOT_AVAILABLE = "NOT_AVAILABLE"
    """Nothing was seen that could tell."""


@dataclass(frozen=True, slots=True)
class StaticImageLimits:
    """Measured, see docs/decisions/presence-faces-calibration.md."""

    change: float = 0.012
    """A comparison above it shows a face that changed by itself; see `change_between`."""
    implausible_change: float = 0.6
    """Above it the two views could not be laid over each other, which says nothing."""
    changes_needed: int = 2
    comparisons_needed: int = 8
    """As many without change, over `seconds_needed`, make it suspect."""
    seconds_needed: float = 2.0
    interval_s: float = 0.2
    """Views nearer in time than this aren't compared: nobody changes so fast, and each costs some 15 ms."""


class StaticImageCheck:
    """Feed it the frames of one track.

    A flat picture, however it is moved, turned, tilted or brought nearer, changes between two frames by a homography
    and by its brightness; what is left after undoing both is what living faces do: blink, speak, smile, and turn a
    nose that stands out.
    """

    def __init__(self, limits: StaticImageLimits | None = None) -> None:
        self._limits = limits or StaticImageLimits()
        self._reference: _View | None = None
        self._first_s = self._last_s = 0.0
        self._still = 0
        self._changed = 0

    def add(self, image: Image, face: DetectedFace, *, time_s: float) -> LivenessOutcome:
        """One frame, seen at a monotonic time in seconds. Frames that come too soon are free."""
        limits = self._limits
        if self._reference is None:
            self._reference = _view(image, face)
            self._first_s = self._last_s = time_s
        elif time_s - self._last_s >= limits.interval_s and self._changed < limits.changes_needed:
            self._last_s = time_s
            change = _change(self._reference, _view(image, face))
            if change > limits.implausible_change:
                # The head has turned or come too far for this reference: go on from here.
                self._reference = _view(image, face)
            elif change > limits.change:
                self._changed += 1
            else:
                self._still += 1
        return self.outcome

    @property
    def outcome(self) -> LivenessOutcome:
        if self._reference is None:
            return LivenessOutcome.NOT_AVAILABLE
        if self._changed >= self._limits.changes_needed:
            return LivenessOutcome.LIVE
        enough = self._still + self._changed >= self._limits.comparisons_needed
        if enough and self._last_s - self._first_s >= self._limits.seconds_needed:
            return LivenessOutcome.SUSPECT
        return LivenessOutcome.RETRY


def change_between(first: tuple[Image, DetectedFace], second: tuple[Image, DetectedFace]) -> float:
    """How much a face changed between two frames beyond what moving a flat picture does, 0 (nothing) to 2.

    One minus the correlation of the grey values, which ignores brightness and contrast, after the best homography
    (Evangelidis and Psarakis: "Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", 2008).
    """
    return _change(_view(*first), _view(*second))


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    grey: NDArray[np.float32]
    landmarks: Landmarks
    """In pixels of `grey`."""


def _view(image: Image, face: DetectedFace) -> _View:
    """The face's box as a square of VIEW_PX, what lies beyond the image's edge repeated from the edge."""
    x, y = face.box.centre
    side = max(face.box.width, face.box.height, 1.0)
    size = max(round(side), 1)
    patch = cv2.getRectSubPix(np.ascontiguousarray(image), (size, size), (x, y))
    grey = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY)
    shrinks = size > VIEW_PX
    reduced = cv2.resize(grey, (VIEW_PX, VIEW_PX), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    corner = np.array([x - size / 2, y - size / 2], dtype=np.float32)
    landmarks = (face.landmarks - corner) * np.float32(VIEW_PX / size)
    return _View(reduced.astype(np.float32), landmarks)


def _face_mask() -> NDArray[np.uint8]:
    """Brow to mouth, without hair and background, which a head's picture doesn't share with the head."""
    mask = np.zeros((VIEW_PX, VIEW_PX), dtype=np.uint8)
    centre = (VIEW_PX // 2, VIEW_PX // 2)
    cv2.ellipse(mask, centre, (int(VIEW_PX * 0.30), int(VIEW_PX * 0.40)), 0, 0, 360, 255, -1)
    return mask


def _change(first: _View, second: _View) -> float:
    by_landmarks = np.eye(3, dtype=np.float32)
    by_landmarks[:2] = _similarity(first.landmarks, second.landmarks)
    mask = _face_mask()
    best = -1.0
    # The landmarks jitter: where they mislead, the boxes are the better start.
    for start in (by_landmarks, np.eye(3, dtype=np.float32)):
        best = max(best, _correlation(first.grey, second.grey, start, mask))
        if best > 0.99:  # noqa: PLR2004 (as alike as two frames of a still picture)
            break
    return 1.0 - best


def _correlation(
    first: NDArray[np.float32], second: NDArray[np.float32], warp: NDArray[np.float32], mask: NDArray[np.uint8]
) -> float:
    """After laying `second` over `first`, coarsely and then finely; -1 when they can't be."""
    correlation = -1.0
    current: MatLike = warp
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ECC_STEPS, 1e-5)
    for smoothing in (COARSE_SMOOTHING_PX, SMOOTHING_PX):
        try:
            correlation, current = cv2.findTransformECC(
                cv2.GaussianBlur(first, (0, 0), smoothing),
                cv2.GaussianBlur(second, (0, 0), smoothing),
                current.copy(),
                cv2.MOTION_HOMOGRAPHY,
                criteria,
                mask,
                1,
            )
        except cv2.error:  # it diverged: the views have too little in common, or no texture
            return -1.0
    return float(correlation)


def _similarity(source: Landmarks, target: Landmarks) -> NDArray[np.float64]:
    """The 2x3 rotation, scale and shift that brings `source` nearest to `target` (least squares)."""
    source_centre, target_centre = source.mean(axis=0), target.mean(axis=0)
    a, b = (source - source_centre).astype(np.float64), (target - target_centre).astype(np.float64)
    square = max(float((a * a).sum()), 1e-9)
    along = float((a * b).sum()) / square
    across = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / square
    turn = np.array([[along, -across], [across, along]])
    return np.column_stack([turn, target_centre - turn @ source_centre])


class Direction(Enum):
    """As the person who is asked sees it; cameras don't mirror."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


class TurnHeadChallenge:
    """Please turn your head to the left: look ahead, then turn so far, within the time given.

    Tilting a flat picture doesn't pass: the nose's way across the face, measured between the other landmarks, hardly
    changes with the picture's angle.
    """

    AHEAD = 0.35
    TURNED = 0.60
    """Of `signed_turn`, beyond where the head was when it looked ahead: about 30 degrees."""

    def __init__(self, direction: Direction, *, seconds: float = 6.0) -> None:
        self.direction = direction
        self._seconds = seconds
        self._start_s: float | None = None
        self._ahead: float | None = None
        self._outcome = LivenessOutcome.NOT_AVAILABLE

    def add(self, landmarks: Landmarks, *, time_s: float) -> LivenessOutcome:
        """One frame's landmarks, seen at a monotonic time in seconds."""
        if self._outcome in {LivenessOutcome.LIVE, LivenessOutcome.SUSPECT}:
            return self._outcome
        if self._start_s is None:
            self._start_s = time_s
            self._outcome = LivenessOutcome.RETRY
        # The person's left is on the image's right.
        turned = signed_turn(landmarks) * (1 if self.direction is Direction.LEFT else -1)
        if time_s - self._start_s > self._seconds:
            self._outcome = LivenessOutcome.SUSPECT
        elif abs(turned) <= self.AHEAD:
            self._ahead = turned if self._ahead is None else min(self._ahead, turned)
        elif self._ahead is not None and turned - self._ahead >= self.TURNED:
            self._outcome = LivenessOutcome.LIVE
        return self._outcome

    @property
    def outcome(self) -> LivenessOutcome:
        return self._outcome
