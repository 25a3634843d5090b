import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras import Camera, Picture
from edge_agent.cameras.capture import ALARM, Capture
from edge_agent.errors import CameraEnded, CameraFailed
from edge_agent.observations import ClockReading, Frame
from presence.faces.types import Image
from tests.edge_agent.seeing import noise, reading

pytestmark = pytest.mark.timeout(30)


class SystemClock:
    def read(self) -> ClockReading:
        return reading(time.monotonic())


class Scripted:
    """A camera whose pictures come from an iterator: an image, an exception, or an event to hang on."""

    noisy = True

    def __init__(self, script: Iterator[Image | Exception | threading.Event]) -> None:
        self._script = script
        self._image: Image | None = None
        self.decoded = 0
        self.closed = False

    def advance(self) -> None:
        time.sleep(0.005)
        step = next(self._script, CameraEnded("over"))
        if isinstance(step, threading.Event):
            step.wait(20)
            raise CameraFailed("hung")
        if isinstance(step, Exception):
            raise step
        self._image = step

    def picture(self) -> Picture:
        assert self._image is not None
        self.decoded += 1
        return Picture(self._image)

    def close(self) -> None:
        self.closed = True


def endless() -> Iterator[Image]:
    number = 0
    while True:
        yield noise(seed=number)
        number += 1


@pytest.fixture
def run() -> Iterator[Callable[..., Capture]]:
    started: list[Capture] = []

    def start(open_camera: Callable[[], Camera], alarms: AlarmBoard, **limits: float) -> Capture:
        capture = Capture(open_camera, SystemClock(), alarms, first_wait_s=0.05, **limits)
        capture.start()
        started.append(capture)
        return capture

    yield start
    for capture in started:
        capture.stop(0.2)


def wait_for(capture: Capture, within_s: float = 10) -> Frame:
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        frame = capture.next(0.1)
        if frame is not None:
            return frame
    pytest.fail(f"no picture within {within_s} s")


def test_a_slow_reader_gets_the_newest_picture_only(run: Callable[..., Capture]) -> None:
    capture = run(lambda: Scripted(endless()), AlarmBoard())
    first = wait_for(capture)
    time.sleep(0.3)
    second, third = wait_for(capture), wait_for(capture)
    assert second.index > first.index + 10
    assert third.index > second.index


def test_pictures_that_nobody_wants_are_not_decoded(run: Callable[..., Capture]) -> None:
    camera = Scripted(endless())
    capture = run(lambda: camera, AlarmBoard())
    wait_for(capture)
    before = camera.decoded
    assert capture.next(0.3, not_before_s=time.monotonic() + 60) is None or camera.decoded <= before + 2
    assert camera.decoded <= before + 2


def test_a_failing_camera_is_started_again_and_alarmed(run: Callable[..., Capture]) -> None:
    alarms = AlarmBoard()
    cameras: list[Scripted] = []
    scripts: list[Iterator[Image | Exception | threading.Event]] = [
        iter([noise(), CameraFailed("unplugged")]),
        iter([RuntimeError("driver")]),
        endless(),
    ]

    def open_next() -> Camera:
        if len(cameras) == 1 and not alarms.up():
            pytest.fail("no alarm after the first failure")
        cameras.append(Scripted(scripts[len(cameras)]))
        return cameras[-1]

    capture = run(open_next, alarms)
    while len(cameras) < 3:
        capture.next(0.1)
    wait_for(capture)
    assert [camera.closed for camera in cameras] == [True, True, False]
    assert ALARM not in alarms.up()


def test_a_camera_that_is_away_is_not_asked_all_the_time(run: Callable[..., Capture]) -> None:
    attempts = []

    def away() -> Camera:
        attempts.append(time.monotonic())
        raise CameraFailed("There is no camera at /dev/video0: plug it in.")

    alarms = AlarmBoard()
    capture = run(away, alarms)
    assert capture.next(1.5) is None
    assert 2 <= len(attempts) <= 7  # 0.05, 0.1, 0.2, 0.4, 0.8 s apart
    assert "plug it in" in alarms.up()[ALARM]


def test_a_hanging_camera_is_given_up(run: Callable[..., Capture]) -> None:
    hang, alarms, opened = threading.Event(), AlarmBoard(), []

    def open_next() -> Camera:
        opened.append(1)
        return Scripted(iter([noise(), hang]) if len(opened) == 1 else endless())

    capture = run(open_next, alarms, stuck_after_s=0.3)
    wait_for(capture)
    wait_for(capture, within_s=5)
    assert len(opened) == 2
    hang.set()


def test_a_frozen_camera_is_started_again(run: Callable[..., Capture]) -> None:
    opened = []
    still = noise()

    def open_next() -> Camera:
        opened.append(1)
        return Scripted(iter([still] * 10_000) if len(opened) == 1 else endless())

    capture = run(open_next, AlarmBoard(), frozen_after_s=0.2)
    until_s = time.monotonic() + 10
    while len(opened) < 2 and time.monotonic() < until_s:
        capture.next(0.1)
    assert len(opened) == 2


@pytest.mark.parametrize(
    "torn",
    [
        np.zeros((240, 320), np.uint8),  # no colours
        np.zeros((240, 320, 4), np.uint8),
        np.zeros((10, 320, 3), np.uint8),  # a strip
        np.zeros((240, 320, 3), np.float32),
        np.zeros((0, 0, 3), np.uint8),
    ],
)
def test_what_is_no_picture_never_reaches_the_pipeline(run: Callable[..., Capture], torn: Image) -> None:
    opened = []

    def open_next() -> Camera:
        opened.append(1)
        return Scripted(iter([torn]) if len(opened) == 1 else endless())

    frame = wait_for(run(open_next, AlarmBoard()))
    assert frame.rgb.shape == (240, 320, 3)
    assert len(opened) == 2


def test_the_end_of_a_replay_is_told(run: Callable[..., Capture]) -> None:
    capture = run(lambda: Scripted(iter([noise()])), AlarmBoard())
    wait_for(capture)
    assert capture.next(2.0) is None
    assert capture.ended
