"""What people are shown, on any number of screens and lights; none is needed."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from edge_agent.errors import AgentError
from edge_agent.observations import Answer, Shown
from edge_agent.settings import FeedbackSettings

log = structlog.get_logger(__name__)

WELCOME = frozenset({Shown.SESSION_STARTED, Shown.PRESENT, Shown.PENDING, Shown.NOTED, Shown.ALREADY_IN})
"""Green."""
IN_BUT = frozenset({Shown.LATE, Shown.NOT_SURE})
"""Yellow: noted, with a remark."""
ASKED = frozenset(
    {
        Shown.KEEP_LOOKING,
        Shown.TURN_HEAD,
        Shown.COME_CLOSER,
        Shown.TOO_DARK,
        Shown.TOO_BRIGHT,
        Shown.FACE_THE_CAMERA,
        Shown.HOLD_STILL,
    }
)
"""Blue: something to do. All others are red."""

TEXTS = {
    Shown.SESSION_STARTED: "The session has started",
    Shown.PRESENT: "You are in, on time",
    Shown.LATE: "You are in, late",
    Shown.PENDING: "Noted; waiting for the trainer",
    Shown.NOTED: "Noted",
    Shown.ALREADY_IN: "You are in already",
    Shown.NO_SESSION: "There is no session here now",
    Shown.TOO_EARLY: "Too early: please come back later",
    Shown.TOO_LATE: "Too late for this session: please see your trainer",
    Shown.NOT_EXPECTED: "You are not on this session's list: please check the room",
    Shown.UNKNOWN: "I don't know you: please see the office to register",
    Shown.NOT_SURE: "Noted, but not surely recognised: please see your trainer",
    Shown.KEEP_LOOKING: "Please keep looking at the camera",
    Shown.TURN_HEAD: "Please turn your head slowly to one side and back",
    Shown.SUSPECT: "This looks like a picture: please see your trainer",
    Shown.COME_CLOSER: "Please come closer",
    Shown.TOO_DARK: "It is too dark: please step into the light",
    Shown.TOO_BRIGHT: "It is too bright: please step out of the glare",
    Shown.FACE_THE_CAMERA: "Please look at the camera",
    Shown.HOLD_STILL: "Please hold still",
    Shown.OUT_OF_PLACE: "This device is not in its room: please tell the office",
    Shown.NO_POSITION: "This device can't tell where it is: noted, please tell your trainer",
    Shown.NOT_READY: "This door is not ready yet: please see your trainer",
    Shown.NOT_STORED: "This could not be saved: please see your trainer",
}


def colour(shown: Shown) -> str:
    """green, yellow, blue or red."""
    if shown in WELCOME:
        return "green"
    if shown in IN_BUT:
        return "yellow"
    return "blue" if shown in ASKED else "red"


class Feedback(Protocol):
    """Must not block: the pipeline waits for it."""

    def show(self, answers: Sequence[Answer]) -> None:
        """Replace what is shown; empty for an empty room. Called when something has changed."""

    def close(self) -> None: ...


class Screens:
    """Several at once; one that fails does not keep the others from answering. None at all is fine."""

    def __init__(self, screens: Sequence[Feedback] = ()) -> None:
        self._screens = tuple(screens)

    def show(self, answers: Sequence[Answer]) -> None:
        for screen in self._screens:
            try:
                screen.show(answers)
            except Exception:
                log.exception("screen_failed", screen=type(screen).__name__)

    def close(self) -> None:
        for screen in self._screens:
            screen.close()


def open_feedback(settings: FeedbackSettings) -> Screens:
    """The screens of the settings. Raises AgentError for one that can't be had."""
    screens: list[Feedback] = []
    for kind in settings.screens:
        match kind:
            case "terminal":
                from edge_agent.feedback.terminal import Terminal  # noqa: PLC0415 (only the chosen ones are loaded)

                screens.append(Terminal())
            case "web":
                from edge_agent.feedback.web import WebScreen  # noqa: PLC0415 (only the chosen ones are loaded)

                try:
                    screens.append(WebScreen(settings.web_host, settings.web_port))
                except OSError as error:
                    raise AgentError(
                        f"The door's screen can't listen on {settings.web_host}:{settings.web_port}: {error.strerror}. "
                        "Set [feedback] web_port to a free port."
                    ) from error
            case "light":
                from edge_agent.feedback.light import Light  # noqa: PLC0415 (only the chosen ones are loaded)

                screens.append(Light(settings.green_pin, settings.red_pin, settings.buzzer_pin))
    return Screens(screens)
