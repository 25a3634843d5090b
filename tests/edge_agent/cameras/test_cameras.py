"""Every kind of camera keeps the same promises."""

import sys
import types
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.cameras import Camera, open_camera
from edge_agent.errors import BadScene, CameraEnded, CameraFailed
from edge_agent.settings import PicameraSettings, ReplayCameraSettings, UsbCameraSettings
from presence.faces.types import Image
from tests.fixtures.faces import PORTRAITS

WIDTH, HEIGHT = 640, 480
RED = (200, 30, 20)


class FakeRequest:
    """What libcamera hands out: rows padded to a stride, which picamera2 leaves in YUV arrays."""

    def make_array(self, name: str) -> np.ndarray:
        if name == "main":
            return np.full((HEIGHT, WIDTH, 3), RED, np.uint8)
        planes = np.full((360, 384), 255, np.uint8)
        planes[:240, :320] = 77
        return planes

    def release(self) -> None:
        FakePicamera2.held -= 1


class FakePicamera2:
    """The hardware's boundary."""

    held = 0
    failing = False

    def create_video_configuration(self, **parts: object) -> dict[str, object]:
        assert parts["main"] == {"size": (WIDTH, HEIGHT), "format": "BGR888"}
        return parts

    def configure(self, configuration: dict[str, object]) -> None:
        assert configuration

    def start(self) -> None:
        if self.failing:
            raise RuntimeError("Camera __init__ sequence did not complete")

    def capture_request(self) -> FakeRequest:
        FakePicamera2.held += 1
        assert FakePicamera2.held == 1, "buffers leak"
        return FakeRequest()

    def close(self) -> None:
        assert FakePicamera2.held == 0, "closed with a buffer in use"


def install_picamera2(monkeypatch: pytest.MonkeyPatch) -> None:
    picamera2, libcamera = types.ModuleType("picamera2"), types.ModuleType("libcamera")
    vars(picamera2)["Picamera2"] = FakePicamera2
    vars(libcamera)["Transform"] = dict
    monkeypatch.setitem(sys.modules, "picamera2", picamera2)
    monkeypatch.setitem(sys.modules, "libcamera", libcamera)
    monkeypatch.setattr(FakePicamera2, "held", 0)


def write_video(path: Path, frames: int = 30) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (WIDTH, HEIGHT))
    for _ in range(frames):
        writer.write(np.full((HEIGHT, WIDTH, 3), RED[::-1], np.uint8))
    writer.release()
    return path


def pi(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del folder
    install_picamera2(monkeypatch)
    return open_camera(PicameraSettings(width=WIDTH, height=HEIGHT))


def usb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    path = write_video(folder / "device.avi")
    device = cv2.VideoCapture(str(path))  # V4L2's place is taken by a file
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: device)
    return open_camera(UsbCameraSettings(kind="usb", device=str(path)))


def video(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    return open_camera(ReplayCameraSettings(kind="replay", path=write_video(folder / "a.avi"), loop=True))


def pictures(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / name), np.full((HEIGHT, WIDTH, 3), RED[::-1], np.uint8))
    return open_camera(ReplayCameraSettings(kind="replay", path=folder, frames_per_second=60, loop=True))


def scene(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    cv2.imwrite(str(folder / "room.png"), np.full((HEIGHT, WIDTH, 3), RED[::-1], np.uint8))
    (folder / "scene.toml").write_text('background = "room.png"\n')
    return open_camera(
        ReplayCameraSettings(kind="replay", path=folder, frames_per_second=60, width=WIDTH, height=HEIGHT)
    )


@pytest.fixture(params=[pi, usb, video, pictures, scene])
def camera(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    make: Callable[[Path, pytest.MonkeyPatch], Camera] = request.param
    return make(tmp_path, monkeypatch)


def test_pictures_are_rgb_and_of_the_size_asked_for(camera: Camera) -> None:
    camera.advance()
    picture = camera.picture()
    assert picture.rgb.shape == (HEIGHT, WIDTH, 3)
    assert picture.rgb.dtype == np.uint8
    assert np.abs(picture.rgb.mean(axis=(0, 1)) - RED).max() < 6
    assert picture.luma is None or (picture.luma.shape == (240, 320) and (picture.luma == 77).all())
    camera.close()


def test_pictures_are_the_readers_own(camera: Camera) -> None:
    camera.advance()
    first = camera.picture().rgb
    first[:] = 0
    camera.advance()
    assert camera.picture().rgb.mean() > 10
    camera.close()


def test_a_reader_may_skip_pictures_and_close_twice(camera: Camera) -> None:
    for _ in range(3):
        camera.advance()
    assert camera.picture().rgb.any()
    camera.close()
    camera.close()


def test_a_pi_camera_that_does_not_start_says_what_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    install_picamera2(monkeypatch)
    monkeypatch.setattr(FakePicamera2, "failing", True)
    with pytest.raises(CameraFailed, match="ribbon cable"):
        open_camera(PicameraSettings(width=WIDTH, height=HEIGHT))


def test_without_picamera2_the_error_says_what_to_install() -> None:
    with pytest.raises(CameraFailed, match="apt install python3-picamera2"):
        open_camera(PicameraSettings())


def test_an_unplugged_usb_camera_is_named(tmp_path: Path) -> None:
    with pytest.raises(CameraFailed, match="plug it in"):
        open_camera(UsbCameraSettings(kind="usb", device=str(tmp_path / "video0")))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "nothing to replay"),
        ({}, "no JPEG or PNG"),
        ({"clip.mp4": b"not a video"}, "no JPEG or PNG"),
        ({"scene.toml": b"act = 3"}, "can't be played"),
        ({"scene.toml": b"[[act]]\nduration_s = 5\npeople = ['who.jpg']"}, "no picture that can be read"),
        ({"scene.toml": b"[[act]]\nduration_s = 5\npeople = ['who.jpg']\nalive = true"}, "alive"),
    ],
)
def test_a_replay_that_cannot_be_played_says_why(tmp_path: Path, content: dict[str, bytes] | None, error: str) -> None:
    folder = tmp_path / "replay"
    if content is not None:
        folder.mkdir()
        for name, data in content.items():
            (folder / name).write_bytes(data)
    with pytest.raises((CameraFailed, BadScene), match=error):
        open_camera(ReplayCameraSettings(kind="replay", path=folder))


def test_a_still_without_a_face_is_no_actor(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((200, 200, 3), 90, np.uint8))
    (tmp_path / "scene.toml").write_text('[[act]]\nduration_s = 5\npeople = ["wall.png"]\n')
    with pytest.raises(BadScene, match="shows no face"):
        open_camera(ReplayCameraSettings(kind="replay", path=tmp_path))


def test_a_replay_that_does_not_loop_ends(tmp_path: Path) -> None:
    camera = open_camera(ReplayCameraSettings(kind="replay", path=write_video(tmp_path / "a.avi", frames=3)))
    with pytest.raises(CameraEnded):
        for _ in range(5):
            camera.advance()
    camera.close()


def test_acts_that_appear_are_played_once_in_order(tmp_path: Path) -> None:
    (tmp_path / "scene.toml").write_text("")
    (tmp_path / "a.jpg").write_bytes((PORTRAITS / "grace_hopper.jpg").read_bytes())
    camera = open_camera(
        ReplayCameraSettings(kind="replay", path=tmp_path, frames_per_second=60, width=WIDTH, height=HEIGHT)
    )
    empty = look(camera)
    (tmp_path / "acts").mkdir()
    for name in ("001", "002"):
        (tmp_path / "acts" / f"{name}.toml").write_text('duration_s = 1.6\npeople = ["a.jpg"]\n')
    assert not (look(camera, times=30) == empty).all()
    done = tmp_path / "acts" / "001.done"
    while not done.exists():
        look(camera)
    assert not (tmp_path / "acts" / "002.done").exists()
    while not (tmp_path / "acts" / "002.done").exists():
        look(camera)
    assert (look(camera) == empty).all()
    camera.close()


def look(camera: Camera, times: int = 1) -> Image:
    for _ in range(times):
        camera.advance()
        picture = camera.picture().rgb
    return picture
