"""The liveness check that the settings ask for, as the pipeline takes it."""

from collections.abc import Callable

from edge_agent.observations import Liveness
from edge_agent.recognition.liveness import LivenessCheck, Unchecked
from edge_agent.settings import RecognitionSettings
from presence.faces.liveness import StaticImageCheck
from presence.faces.types import DetectedFace, Image


class StaticImage:
    """The always-on check of `presence`: a picture's face hardly changes between frames."""

    def __init__(self) -> None:
        self._check = StaticImageCheck()

    def feed(self, image: Image, face: DetectedFace, now_s: float) -> Liveness:
        return Liveness(self._check.add(image, face, time_s=now_s).value)


def liveness_of(settings: RecognitionSettings) -> Callable[[], LivenessCheck]:
    """What makes a check for each track."""
    return StaticImage if settings.check_liveness else Unchecked
