"""A USB camera through V4L2."""

from pathlib import Path

import cv2
import numpy as np

from edge_agent.cameras import Picture
from edge_agent.errors import CameraFailed
from edge_agent.settings import UsbCameraSettings


class UsbCamera:
    noisy = True

    def __init__(self, settings: UsbCameraSettings) -> None:
        """Raises CameraFailed."""
        device = settings.device
        path = Path(f"/dev/video{device}" if isinstance(device, int) else device)
        if not path.exists():
            raise CameraFailed(f"There is no camera at {path}: plug it in, or set [camera] device.")
        self._capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise CameraFailed(
                f"The camera at {path} can't be opened: check that the agent's user is in the group `video` and "
                "that no other program uses it."
            )
        # Compressed pictures: uncompressed 720p is more than USB 2 carries at 15 a second.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
        self._capture.set(cv2.CAP_PROP_FPS, settings.frames_per_second)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._path = path

    def advance(self) -> None:
        if not self._capture.grab():
            raise CameraFailed(f"The camera at {self._path} gives no pictures: unplug it and plug it in again.")

    def picture(self) -> Picture:
        read, bgr = self._capture.retrieve()
        if not read or bgr is None or bgr.ndim != 3 or not bgr.size:  # noqa: PLR2004 (rows, columns, colours)
            raise CameraFailed(f"The camera at {self._path} gave a picture that can't be decoded.")
        return Picture(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8))

    def close(self) -> None:
        self._capture.release()
