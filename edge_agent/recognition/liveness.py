"""Is it a living face or a picture of one? Looks at each frame of a track until it can tell."""

import itertools
from collections.abc import Callable, Iterator
from typing import Protocol

from edge_agent.observations import Liveness
from edge_agent.settings import RecognitionSettings
from presence.faces.liveness import Direction, StaticImageCheck, StaticImageLimits, TurnHeadChallenge
from presence.faces.minifasnet import MiniFasNet, Weights
from presence.faces.types import DetectedFace, Image

PATIENCE_S = 6.0
"""Somebody of whom it can't be told for so long goes on as NOT_AVAILABLE: the hub knows that it was not checked."""
PASSIVE_FRAMES = 3


class LivenessCheck(Protocol):
    """Made anew for each track, and once more for a retry."""

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        """Take one more frame; RETRY until it can tell."""


class Unchecked:
    """Where liveness is not checked."""

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:  # noqa: ARG002 (looks at nothing)
        return Liveness.NOT_AVAILABLE


STATIC_LIMITS = StaticImageLimits(interval_s=0.12)
"""Looked at more often than needed for the verdict on a picture, so that the living wait for less than a second."""


class StaticCheck:
    """A photo's face hardly changes between frames."""

    def __init__(self) -> None:
        self._check = StaticImageCheck(STATIC_LIMITS)

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        return self._check.add(image, face, time_s=now_s)


class PassiveCheck:
    """The static check, and a model's mean over the first frames: whichever suspects is heard."""

    def __init__(self, model: MiniFasNet, *, live_from: float = 0.5) -> None:
        self._model, self._live_from = model, live_from
        self._static = StaticCheck()
        self._probabilities: list[float] = []

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        if len(self._probabilities) < PASSIVE_FRAMES:
            self._probabilities.append(self._model.live_probability(image, face))
        found = self._static.feed(image, face, now_s)
        if len(self._probabilities) < PASSIVE_FRAMES:
            return Liveness.RETRY
        return found if sum(self._probabilities) / PASSIVE_FRAMES >= self._live_from else Liveness.SUSPECT


def liveness_checks(settings: RecognitionSettings) -> Callable[[], LivenessCheck]:
    """Makes the checks that the settings ask for. Raises ModelMissing or ModelCorrupt for a passive model."""
    if not settings.check_liveness:
        return Unchecked
    if settings.minifasnet is None:
        return StaticCheck
    files = zip(settings.minifasnet.paths, settings.minifasnet.sha256, strict=True)
    model = MiniFasNet([Weights(path, sha256) for path, sha256 in files], threads=settings.threads)
    return lambda: PassiveCheck(model)


_directions: Iterator[Direction] = itertools.cycle((Direction.LEFT, Direction.RIGHT, Direction.RIGHT, Direction.LEFT))


class Examination:
    """One track's liveness. A face that is suspect is asked for once more before it is; where the room's policy wants a
    challenge, a face that looks alive must turn as well.
    """

    def __init__(self, make: Callable[[], LivenessCheck]) -> None:
        self._make, self._check = make, make()
        self._since_s: float | None = None
        self._challenge: TurnHeadChallenge | None = None
        self.asked_again = False
        self.outcome = Liveness.RETRY

    @property
    def open(self) -> bool:
        return self.outcome is Liveness.RETRY

    @property
    def turn_to(self) -> Direction | None:
        """Where the person is asked to turn, while a challenge runs."""
        return self._challenge.direction if self._challenge is not None and self.open else None

    def look(self, image: Image, face: DetectedFace, now_s: float, *, challenged: bool) -> Liveness:
        """Take one more frame, if it is still open; answers the outcome so far."""
        if not self.open:
            return self.outcome
        if self._challenge is not None:
            self.outcome = self._challenge.add(face.landmarks, time_s=now_s)
            return self.outcome
        if self._since_s is None:
            self._since_s = now_s
        found = self._check.feed(image, face, now_s)
        if found is Liveness.SUSPECT and not self.asked_again:
            self.asked_again, self._check, self._since_s = True, self._make(), now_s
            return self.outcome
        if found is Liveness.RETRY and now_s - self._since_s > PATIENCE_S:
            found = Liveness.SUSPECT if self.asked_again else Liveness.NOT_AVAILABLE
        if challenged and found in {Liveness.LIVE, Liveness.NOT_AVAILABLE}:
            self._challenge = TurnHeadChallenge(next(_directions))
            return self.outcome
        self.outcome = found
        return self.outcome
