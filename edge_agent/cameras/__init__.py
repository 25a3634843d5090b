"""Cameras behind one protocol, and the thread that keeps only the newest picture of one."""

from dataclasses import dataclass
from typing import Protocol

from edge_agent.observations import Luma
from edge_agent.settings import PicameraSettings, ReplayCameraSettings, UsbCameraSettings
from presence.faces.types import Image


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What a camera gives: RGB, and the small grey picture of the same moment if the camera makes one for free."""

    rgb: Image
    luma: Luma | None = None


class Camera(Protocol):
    """Used by one thread. Both methods raise CameraFailed, and CameraEnded when a replay is over."""

    @property
    def noisy(self) -> bool:
        """Whether two pictures in a row are never equal, as a sensor's: if they are, the camera is frozen."""

    def advance(self) -> None:
        """Wait for the next picture, without decoding it."""

    def picture(self) -> Picture:
        """The picture that was advanced to; arrays of its own."""

    def close(self) -> None:
        """Free the device; may be called twice."""


def open_camera(settings: PicameraSettings | UsbCameraSettings | ReplayCameraSettings) -> Camera:
    """The camera of the settings, running. Raises CameraFailed or BadScene."""
    match settings:
        case PicameraSettings():
            from edge_agent.cameras.picamera import PiCamera  # noqa: PLC0415 (its library is there on a Pi alone)

            return PiCamera(settings)
        case UsbCameraSettings():
            from edge_agent.cameras.usb import UsbCamera  # noqa: PLC0415 (only the chosen camera is loaded)

            return UsbCamera(settings)
        case ReplayCameraSettings():
            from edge_agent.cameras.replay import open_replay  # noqa: PLC0415 (only the chosen camera is loaded)

            return open_replay(settings)
