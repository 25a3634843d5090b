"""Is it a living face or a picture of one? Looks at each frame of a track until it can tell."""

from collections.abc import Callable
from typing import Protocol

from edge_agent.observations import Liveness
from presence.faces.types import DetectedFace, Image


class LivenessCheck(Protocol):
    """Made anew for each track, and once more when it asks for a retry."""

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        """Take one more frame; RETRY until it can tell."""


class Unchecked:
    """Where liveness is not checked."""

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:  # noqa: ARG002 (looks at nothing)
        return Liveness.NOT_AVAILABLE


PATIENCE_S = 4.0
"""Somebody of whom it can't be told for so long goes on as NOT_AVAILABLE: the hub knows that it was not checked."""


class Examination:
    """One track's liveness: a face that is suspect is asked for once more before it is."""

    def __init__(self, make: Callable[[], LivenessCheck]) -> None:
        self._make, self._check = make, make()
        self._since_s: float | None = None
        self.asked_again = False
        self.outcome = Liveness.RETRY

    @property
    def open(self) -> bool:
        return self.outcome is Liveness.RETRY

    def look(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        """Take one more frame, if it is still open; answers the outcome so far."""
        if not self.open:
            return self.outcome
        if self._since_s is None:
            self._since_s = now_s
        found = self._check.feed(image, face, now_s)
        if found is Liveness.SUSPECT and not self.asked_again:
            self.asked_again, self._check, self._since_s = True, self._make(), now_s
        elif found is Liveness.RETRY and now_s - self._since_s > PATIENCE_S:
            self.outcome = Liveness.SUSPECT if self.asked_again else Liveness.NOT_AVAILABLE
        else:
            self.outcome = found
        return self.outcome
