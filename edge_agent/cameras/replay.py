"""Recordings played as if they were a camera: a video, a folder of pictures, or a scene script."""

import time
from pathlib import Path

import cv2
import numpy as np

from edge_agent.cameras import Camera, Picture
from edge_agent.cameras.scene import SceneCamera
from edge_agent.errors import CameraEnded, CameraFailed
from edge_agent.settings import ReplayCameraSettings
from presence.faces.types import Image

PICTURES = frozenset({".jpg", ".jpeg", ".png"})


def open_replay(settings: ReplayCameraSettings) -> Camera:
    """Raises CameraFailed for nothing there, BadScene for a script that can't be played."""
    path = settings.path
    if (path / "scene.toml").is_file():
        return SceneCamera(path, size=(settings.width, settings.height), fps=settings.frames_per_second)
    if path.is_dir():
        return FolderCamera(path, fps=settings.frames_per_second, loop=settings.loop)
    if path.is_file():
        return VideoCamera(path, loop=settings.loop)
    raise CameraFailed(f"There is nothing to replay at {path}: set [camera] path to a video or a folder.")


class Pace:
    """Keeps a replay to its pictures a second; a reader who is late skips what it missed."""

    def __init__(self, fps: float) -> None:
        self._interval_s = 1.0 / fps
        self._start_s = time.monotonic()
        self._index = -1

    def wait(self) -> int:
        """Sleep until the next picture is due; answers how many pictures went by since the last one (>= 1)."""
        due = max(int((time.monotonic() - self._start_s) / self._interval_s), self._index + 1)
        time.sleep(max(self._start_s + due * self._interval_s - time.monotonic(), 0.0))
        passed, self._index = due - self._index, due
        return passed


class VideoCamera:
    noisy = False

    def __init__(self, path: Path, *, loop: bool) -> None:
        self._path, self._loop = path, loop
        self._capture = cv2.VideoCapture(str(path))
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        if not self._capture.isOpened() or not fps > 0:
            raise CameraFailed(f"{path} is no video that can be read: give an MP4, AVI or WebM file.")
        self._pace = Pace(fps)

    def advance(self) -> None:
        for _ in range(self._pace.wait()):
            if self._capture.grab():
                continue
            if not self._loop:
                raise CameraEnded(f"{self._path} is over.")
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            if not self._capture.grab():
                raise CameraFailed(f"{self._path} has no pictures that can be read.")

    def picture(self) -> Picture:
        read, bgr = self._capture.retrieve()
        if not read:
            raise CameraFailed(f"{self._path} has a picture that can't be decoded.")
        return Picture(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8))

    def close(self) -> None:
        self._capture.release()


class FolderCamera:
    """The folder's pictures by name; a reader who is late misses none."""

    noisy = False

    def __init__(self, folder: Path, *, fps: float, loop: bool) -> None:
        self._paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
        if not self._paths:
            raise CameraFailed(f"{folder} has no JPEG or PNG pictures and no scene.toml.")
        self._loop, self._next = loop, 0
        self._pace = Pace(fps)

    def advance(self) -> None:
        self._pace.wait()
        if self._next >= len(self._paths) and not self._loop:
            raise CameraEnded("The folder's pictures are over.")
        self._next += 1

    def picture(self) -> Picture:
        return Picture(read_picture(self._paths[(self._next - 1) % len(self._paths)]))

    def close(self) -> None:
        self._next = len(self._paths)
        self._loop = False


def read_picture(path: Path) -> Image:
    """A picture file as RGB. Raises CameraFailed."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise CameraFailed(f"{path} is no picture that can be read: replace or remove it.")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
