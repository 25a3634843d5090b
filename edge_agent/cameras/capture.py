"""The thread that runs the camera: the newest picture only, and a camera that fails is started again."""

import random
import threading
import time
import zlib
from collections.abc import Callable

import numpy as np
import structlog

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras import Camera, Picture
from edge_agent.errors import AgentError, CameraEnded, CameraFailed
from edge_agent.observations import Clock, Frame

STUCK_AFTER_S = 6.0
"""A camera that has given nothing for so long is given up and opened anew."""
FROZEN_AFTER_S = 5.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0
"""Between attempts to start it; with STUCK_AFTER_S less than the 15 s in which a camera must be back."""
MOST_HUNG_THREADS = 3
LEAST_SIDE_PX = 64

ALARM = "CAMERA_FAILED"

log = structlog.get_logger(__name__)


class Capture:
    """Pictures of a camera, the newest only. `next` is for one thread; the rest is safe to share."""

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        clock: Clock,
        alarms: AlarmBoard,
        *,
        stuck_after_s: float = STUCK_AFTER_S,
        frozen_after_s: float = FROZEN_AFTER_S,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._open, self._clock, self._alarms = open_camera, clock, alarms
        self._stuck_after_s, self._frozen_after_s, self._first_wait_s = stuck_after_s, frozen_after_s, first_wait_s
        self._changed = threading.Condition()
        self._latest: Frame | None = None
        self._index = 0
        self._generation = 0
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._alive_s = time.monotonic()
        self._not_before_s = 0.0
        self.ended = False
        """Whether a replay is over."""

    def start(self) -> None:
        self._start_thread()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End the thread; one that hangs in the camera is left behind."""
        self._stopping.set()
        with self._changed:
            self._generation += 1
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout_s)

    def next(self, timeout_s: float, *, not_before_s: float = 0.0) -> Frame | None:
        """The newest picture that was not given out yet, or None after `timeout_s` or at a replay's end.

        `not_before_s`, on `time.monotonic()`, spares the decoding of pictures before it.
        """
        self._not_before_s = not_before_s
        with self._changed:
            self._changed.wait_for(lambda: self._latest is not None or self.ended, timeout_s)
            frame, self._latest = self._latest, None
        if frame is None and not self.ended:
            self._mind_stuck()
        return frame

    def _mind_stuck(self) -> None:
        if time.monotonic() - self._alive_s < self._stuck_after_s:
            return
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._alive_s = time.monotonic()
        self._alarms.put_up(ALARM, f"The camera has given no picture for {self._stuck_after_s:.0f} s; restarting it.")
        if len(self._threads) > MOST_HUNG_THREADS:
            log.error("camera_hangs", threads=len(self._threads))
            return
        log.warning("camera_stuck")
        self._start_thread()

    def _start_thread(self) -> None:
        self._generation += 1
        self._alive_s = time.monotonic()
        thread = threading.Thread(target=self._run, args=(self._generation,), name="camera", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _current(self, generation: int) -> bool:
        return generation == self._generation and not self._stopping.is_set()

    def _run(self, generation: int) -> None:
        wait_s = self._first_wait_s
        while self._current(generation):
            began_s = time.monotonic()
            try:
                self._run_camera(generation)
            except CameraEnded:
                with self._changed:
                    self.ended = True
                    self._changed.notify_all()
                return
            except AgentError as error:
                self._failed(str(error))
            except Exception as error:
                # A driver may raise anything; the door must open again.
                log.exception("camera_crashed")
                self._failed(f"The camera's driver failed: {error!r}.")
            if time.monotonic() - began_s > LONGEST_WAIT_S:
                wait_s = self._first_wait_s
            self._stopping.wait(wait_s * random.uniform(0.8, 1.2))  # noqa: S311 (spreads attempts, no secret)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _failed(self, message: str) -> None:
        # While the camera is known to be away, the thread is not stuck.
        self._alive_s = time.monotonic() + LONGEST_WAIT_S
        self._alarms.put_up(ALARM, message)
        log.warning("camera_failed", reason=message)

    def _run_camera(self, generation: int) -> None:
        camera = self._open()
        try:
            likeness = _Likeness(self._frozen_after_s) if camera.noisy else None
            while self._current(generation):
                camera.advance()
                captured = self._clock.read()
                self._alive_s = time.monotonic()
                if self._alive_s < self._not_before_s:
                    continue
                picture = camera.picture()
                _check(picture)
                if likeness is not None:
                    likeness.look(picture)
                if not self._current(generation):
                    return
                with self._changed:
                    self._latest = Frame(self._index, picture.rgb, picture.luma, captured)
                    self._index += 1
                    self._changed.notify_all()
                self._alarms.take_down(ALARM)
        finally:
            camera.close()


def _check(picture: Picture) -> None:
    """Raises CameraFailed for what no camera should give."""
    rgb = picture.rgb
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape[:2]) < LEAST_SIDE_PX:  # noqa: PLR2004 (rows, columns, three colours)
        raise CameraFailed(f"The camera gave an array of {rgb.shape} {rgb.dtype} instead of a picture; restarting it.")


class _Likeness:
    """Raises CameraFailed when pictures have been equal for too long: a sensor's noise never repeats."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._last = 0
        self._since_s = time.monotonic()

    def look(self, picture: Picture) -> None:
        sample = picture.luma if picture.luma is not None else picture.rgb[::8, ::8].copy()
        checksum = zlib.crc32(sample.tobytes())
        now_s = time.monotonic()
        if checksum != self._last:
            self._last, self._since_s = checksum, now_s
        elif now_s - self._since_s > self._longest_s:
            raise CameraFailed(f"The camera has given the same picture for {self._longest_s:.0f} s; restarting it.")
