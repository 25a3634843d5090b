"""The Pi's own camera. The main stream is for faces; the small YUV stream's Y plane, free of charge, is for motion."""

from typing import Any

import numpy as np

from edge_agent.cameras import Picture
from edge_agent.errors import CameraFailed
from edge_agent.settings import PicameraSettings

LUMA_WIDTH, LUMA_HEIGHT = 320, 240
TURNED_ROUND = 180


class PiCamera:
    noisy = True

    def __init__(self, settings: PicameraSettings) -> None:
        """Raises CameraFailed."""
        try:
            from libcamera import Transform  # noqa: PLC0415 (a system package of Pi OS)
            from picamera2 import Picamera2  # noqa: PLC0415 (a system package of Pi OS)
        except ImportError as error:
            raise CameraFailed(
                f"picamera2 can't be imported ({error}): run `sudo apt install python3-picamera2` and make the virtual "
                "environment with --system-site-packages, or choose another [camera] kind."
            ) from error
        self._request: Any = None
        self._camera: Any = None
        turned = settings.rotation_degrees == TURNED_ROUND
        try:
            self._camera = Picamera2()
            self._camera.configure(
                self._camera.create_video_configuration(
                    # picamera2 names formats as the kernel does: BGR888 has red first in memory.
                    main={"size": (settings.width, settings.height), "format": "BGR888"},
                    lores={"size": (LUMA_WIDTH, LUMA_HEIGHT), "format": "YUV420"},
                    controls={"FrameRate": settings.frames_per_second},
                    transform=Transform(hflip=turned, vflip=turned),
                    buffer_count=4,
                )
            )
            self._camera.start()
        except (RuntimeError, OSError, IndexError) as error:
            self.close()
            raise CameraFailed(
                f"The camera does not start: {error}. Check the ribbon cable, and that no other program uses it."
            ) from error
        self._size = settings.width, settings.height

    def advance(self) -> None:
        self._release()
        try:
            self._request = self._camera.capture_request()
        except (RuntimeError, OSError) as error:
            raise CameraFailed(f"The camera gives no pictures: {error}.") from error

    def picture(self) -> Picture:
        try:
            main = np.array(self._request.make_array("main"), dtype=np.uint8)
            planes = np.asarray(self._request.make_array("lores"), dtype=np.uint8)
        except (RuntimeError, OSError, ValueError) as error:
            raise CameraFailed(f"The camera gave a picture that can't be read: {error}.") from error
        finally:
            self._release()
        width, height = self._size
        if main.shape != (height, width, 3) or planes.shape[0] < LUMA_HEIGHT or planes.shape[1] < LUMA_WIDTH:
            raise CameraFailed(f"The camera gave pictures of {main.shape} and {planes.shape}, not what was asked for.")
        # Rows are padded to the stride, and the U and V planes lie below.
        return Picture(main, planes[:LUMA_HEIGHT, :LUMA_WIDTH].copy())

    def close(self) -> None:
        self._release()
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def _release(self) -> None:
        request, self._request = self._request, None
        if request is not None:
            request.release()
