"""A green and a red light and a buzzer on the Pi's GPIO."""

from collections.abc import Sequence

from edge_agent.errors import AgentError
from edge_agent.feedback import IN_BUT, WELCOME, colour
from edge_agent.observations import Answer

ON_S = 2.0
BEEP_S = 0.1


class Light:
    """Green for "in", red for "not in"; the buzzer beeps once for in, twice for not in."""

    def __init__(self, green_pin: int, red_pin: int, buzzer_pin: int | None) -> None:
        """Raises AgentError without gpiozero or GPIO."""
        try:
            from gpiozero import LED, Buzzer  # noqa: PLC0415 (there on a Pi alone)
            from gpiozero.exc import GPIOZeroError  # noqa: PLC0415 (there on a Pi alone)
        except ImportError as error:
            raise AgentError(
                'The light needs gpiozero: run `sudo apt install python3-gpiozero python3-lgpio`, or take "light" out '
                "of [feedback] screens."
            ) from error
        try:
            self._green, self._red = LED(green_pin), LED(red_pin)
            self._buzzer = Buzzer(buzzer_pin) if buzzer_pin is not None else None
        except (GPIOZeroError, OSError) as error:
            raise AgentError(
                f"The light's pins can't be used: {error}. Check [feedback] and the group `gpio`."
            ) from error
        self._shown: set[tuple[int, str]] = set()

    def show(self, answers: Sequence[Answer]) -> None:
        new = [answer for answer in answers if (answer.track, answer.shown) not in self._shown]
        self._shown = {(answer.track, answer.shown) for answer in answers}
        welcome = any(answer.shown in WELCOME | IN_BUT for answer in new)
        refused = any(colour(answer.shown) == "red" for answer in new)
        for light, lit in ((self._green, welcome), (self._red, refused)):
            if lit:
                light.blink(on_time=ON_S, n=1, background=True)
        if self._buzzer is not None and (welcome or refused):
            self._buzzer.beep(on_time=BEEP_S, off_time=BEEP_S, n=2 if refused else 1, background=True)

    def close(self) -> None:
        for device in (self._green, self._red, self._buzzer):
            if device is not None:
                device.close()
