"""Does anything move? On the small grey picture, for less than a millisecond; nothing else runs in an empty room."""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.observations import Frame, Luma

SIZE = (160, 120)
CHANGED_BY = 14
"""Grey values; a sensor's noise, averaged over the pixels of one cell, stays below."""
CHANGED_SHARE = 0.004
"""Of the cells: a head at four metres."""
LEARN_EMPTY, LEARN_MOVING = 0.05, 0.01
"""Shares of each picture that go into the background: daylight changes slowly, and people must not become wall."""


class MotionGate:
    """Compares with a background that follows the light; a change of the whole picture (exposure) is no motion."""

    def __init__(self) -> None:
        self._background: NDArray[np.float32] | None = None
        self.brightness = 0.0
        """Mean grey value of the last picture, 0..255."""

    def moves(self, frame: Frame) -> bool:
        """Whether the picture differs from the background; the first picture always does."""
        small = cv2.resize(frame.luma if frame.luma is not None else _green(frame), SIZE, interpolation=cv2.INTER_AREA)
        self.brightness = cv2.mean(small)[0]
        if self._background is None:
            self._background = small.astype(np.float32)
            return True
        difference = cv2.subtract(small, self._background, dtype=cv2.CV_32F)
        # The middle half of the differences is the light's; people cover less than that.
        np.abs(difference - np.median(difference[::4, ::4]), out=difference)
        changed = int(np.count_nonzero(difference > CHANGED_BY))
        moving = changed >= CHANGED_SHARE * difference.size
        cv2.accumulateWeighted(small, self._background, LEARN_MOVING if moving else LEARN_EMPTY)
        return moving


def _green(frame: Frame) -> Luma:
    """Every n-th pixel's green, which is most of its brightness: cheaper than a conversion of the whole picture."""
    step = max(frame.rgb.shape[1] // 320, 1)
    return np.ascontiguousarray(frame.rgb[::step, ::step, 1])
