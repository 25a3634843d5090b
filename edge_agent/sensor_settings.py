"""Settings of what the agent sees, shows and knows of its place: the sections that `edge_agent.settings` puts together."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PicameraSettings(BaseModel):
    """The Pi's own camera, through picamera2."""

    model_config = FROZEN
    kind: Literal["picamera2"] = "picamera2"
    width_px: int = Field(default=1280, ge=320, le=4056)
    """Width of the main picture, from which faces are cut."""
    height_px: int = Field(default=720, ge=240, le=3040)
    """Height of the main picture."""
    luma_width_px: int = Field(default=320, ge=160, le=1280)
    """Width of the small picture in which motion is looked for."""
    luma_height_px: int = Field(default=240, ge=120, le=960)
    """Height of the small picture."""
    fps: float = Field(default=15.0, gt=0, le=60)
    """Pictures a second."""
    number: int = Field(default=0, ge=0)
    """Which camera, when there are several."""


class UsbSettings(BaseModel):
    """A USB camera, through OpenCV and V4L2."""

    model_config = FROZEN
    kind: Literal["usb"] = "usb"
    device: str = "/dev/video0"
    """The camera's device file; /dev/v4l/by-id/… stays the same when others are plugged in."""
    width_px: int = Field(default=1280, ge=320, le=4096)
    """Width asked for; the camera may give another."""
    height_px: int = Field(default=720, ge=240, le=3072)
    """Height asked for."""
    fps: float = Field(default=15.0, gt=0, le=60)
    """Pictures a second asked for."""


class ReplaySettings(BaseModel):
    """A recording instead of a camera: a video file, a folder of pictures, or a folder with a scene script."""

    model_config = FROZEN
    kind: Literal["replay"] = "replay"
    path: Path
    """A video file, a folder of JPEG or PNG pictures, or a folder with scene.toml."""
    fps: float = Field(default=15.0, ge=0, le=240)
    """Pictures a second; 0 plays as fast as the pipeline takes them, none left out."""
    loop: bool = False
    """Whether a video or folder begins again after its end."""


CameraSettings: TypeAlias = Annotated[PicameraSettings | UsbSettings | ReplaySettings, Field(discriminator="kind")]


class RecognitionSettings(BaseModel):
    """How faces are found and named."""

    model_config = FROZEN
    engine: Literal["sface", "dlib"] = "sface"
    """The face engine; must be the room's."""
    threads: int = Field(default=1, ge=1, le=8)
    """CPU threads of the face models."""
    detection_width_px: int = Field(default=320, ge=160, le=1920)
    """Pictures are reduced to this width to find faces in."""
    min_face_px: int = Field(default=60, ge=24, le=400)
    """Smaller faces, forehead to chin, are asked to come closer."""
    busy_fps: float = Field(default=10.0, gt=0, le=60)
    """Pictures a second looked at while somebody is there."""
    idle_fps: float = Field(default=5.0, gt=0, le=60)
    """Pictures a second looked at, for motion alone, while nobody is."""
    repeat_answer_s: float = Field(default=20.0, ge=0)
    """Somebody who comes back sooner than this is not noted again."""
    check_liveness: bool = True
    """Whether faces that move like a picture are told from living ones."""


class FixedPositionSettings(BaseModel):
    """The device stays where it was screwed on."""

    model_config = FROZEN
    kind: Literal["fixed"] = "fixed"
    latitude: float = Field(ge=-90, le=90)
    """Degrees, WGS 84."""
    longitude: float = Field(ge=-180, le=180)
    """Degrees, WGS 84."""
    accuracy_m: float = Field(default=5.0, ge=0)
    """Radius of the circle in which it surely is."""


class GpsdSettings(BaseModel):
    """A GPS receiver, through gpsd."""

    model_config = FROZEN
    kind: Literal["gpsd"] = "gpsd"
    host: str = "127.0.0.1"
    """Where gpsd listens."""
    port: int = Field(default=2947, ge=1, le=65535)
    """Where gpsd listens."""
    max_age_s: float = Field(default=30.0, gt=0)
    """An older fix is none."""


class NoPositionSettings(BaseModel):
    """The position is not known; rooms with a geofence then take nobody."""

    model_config = FROZEN
    kind: Literal["none"] = "none"


PositionSettings: TypeAlias = Annotated[
    FixedPositionSettings | GpsdSettings | NoPositionSettings, Field(discriminator="kind")
]


class FeedbackSettings(BaseModel):
    """How people are answered; any number of ways at once."""

    model_config = FROZEN
    terminal: bool = False
    """Print answers where the agent was started."""
    web_port: int | None = Field(default=None, ge=0, le=65535)
    """Serve the door's screen on this port (0: a free one)."""
    web_host: str = "127.0.0.1"
    """Address of the door's screen; 0.0.0.0 shows it to the whole network."""
    green_pin: int | None = Field(default=None, ge=0, le=27)
    """GPIO number of the light for "in"."""
    red_pin: int | None = Field(default=None, ge=0, le=27)
    """GPIO number of the light for "not in"."""
    buzzer_pin: int | None = Field(default=None, ge=0, le=27)
    """GPIO number of a buzzer."""
