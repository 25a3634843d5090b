"""What a device complains about, from any thread, until it is over; the heartbeat takes it to the hub."""

import threading


class AlarmBoard:
    """Alarms that are up: an UPPER_SNAKE code and a sentence for people each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._up: dict[str, str] = {}

    def put_up(self, code: str, message: str) -> None:
        with self._lock:
            self._up[code] = message

    def take_down(self, code: str) -> None:
        with self._lock:
            self._up.pop(code, None)

    def up(self) -> dict[str, str]:
        """Message by code, now."""
        with self._lock:
            return dict(self._up)
