"""The agent's settings: one TOML file, read whole or refused with what to do."""

import difflib
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

DEFAULT_PATH = Path("/etc/roster-agent/agent.toml")


# pydantic puts a member's kind into the path of what is wrong in it; in the file it has no place there.
_KINDS = frozenset({"picamera2", "usb", "replay", "fixed", "gpsd"})


class SettingsUnusable(Exception):
    """The settings can't be used; the message names the key and says what to do."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PicameraSettings(_Section):
    kind: Literal["picamera2"] = "picamera2"
    """A camera on the Raspberry Pi's ribbon connector."""
    width: int = Field(default=1280, ge=320, le=4608)
    """Width of the pictures that faces are cut from, in pixels."""
    height: int = Field(default=720, ge=240, le=3040)
    """Height of the same, in pixels."""
    frames_per_second: float = Field(default=15, gt=0, le=60)
    """Pictures a second."""
    rotation_degrees: Literal[0, 180] = 0
    """180 when the camera is mounted upside down."""
    number: int = Field(default=0, ge=0)
    """Which camera, when there are several."""


class UsbCameraSettings(_Section):
    kind: Literal["usb"] = "usb"
    """A camera on USB (V4L2)."""
    device: int | str = 0
    """Index of the camera, or its path such as "/dev/video0"."""
    width: int = Field(default=1280, ge=320, le=7680)
    """Width that is asked of the camera, in pixels; it may give another."""
    height: int = Field(default=720, ge=240, le=4320)
    """Height that is asked of the camera, in pixels."""
    frames_per_second: float = Field(default=15, gt=0, le=60)
    """Pictures a second that are asked of it."""


class ReplayCameraSettings(_Section):
    kind: Literal["replay"] = "replay"
    """Plays a video file, a folder of pictures or a scene script as if it were a camera."""
    path: Path
    """The video file, or the folder."""
    frames_per_second: float = Field(default=15, ge=0, le=240)
    """Pictures a second; 0 plays as fast as the pipeline takes them, none left out."""
    loop: bool = False
    """Whether to begin again at the end."""
    width: int = Field(default=1280, ge=320, le=7680)
    """Width of the pictures that a scene script makes, in pixels."""
    height: int = Field(default=720, ge=240, le=4320)
    """Height of the same, in pixels."""


CameraSettings: TypeAlias = Annotated[
    PicameraSettings | UsbCameraSettings | ReplayCameraSettings, Field(discriminator="kind")
]


class MiniFasNetSettings(_Section):
    """A passive liveness model; its weights are not part of the product."""

    paths: tuple[Path, ...] = Field(min_length=1, max_length=2)
    """The .onnx files, scale 2.7 first and 4.0 second."""
    sha256: tuple[str, ...] = Field(min_length=1, max_length=2)
    """The SHA-256 of each file, in hex."""


class RecognitionSettings(_Section):
    engine: Literal["sface", "dlib"] = "sface"
    """How faces are encoded; must be the engine of the room's configuration."""
    threads: int = Field(default=1, ge=1, le=16)
    """Threads for detection and encoding."""
    detection_width: int = Field(default=320, ge=160, le=1920)
    """Faces are looked for in a picture reduced to this width, in pixels."""
    min_face_px: int = Field(default=60, ge=24, le=400)
    """Smaller faces, forehead to chin, are asked to come closer."""
    busy_frames_per_second: float = Field(default=10, gt=0, le=60)
    """Pictures a second that are looked at while somebody is there."""
    idle_frames_per_second: float = Field(default=5, gt=0, le=60)
    """Pictures a second that are looked at, for motion alone, while nobody is."""
    repeat_answer_s: float = Field(default=20, ge=0)
    """Somebody who comes back sooner than this is not noted again."""
    check_liveness: bool = True
    """Whether faces that move like a picture are told from living ones."""
    minifasnet: MiniFasNetSettings | None = None
    """Passive liveness model; without it the check uses movement alone."""


class FeedbackSettings(_Section):
    screens: tuple[Literal["terminal", "web", "light"], ...] = ("web",)
    """Where people see the answer: "web" is a local page for a browser in kiosk mode; none is fine too."""
    web_host: str = "127.0.0.1"
    """Address the local page listens on; 0.0.0.0 shows it to the whole network."""
    web_port: int = Field(default=8088, ge=0, le=65535)
    """Port of the local page; 0 takes a free one."""
    green_pin: int = Field(default=17, ge=0, le=27)
    """GPIO (BCM number) of the light that says yes."""
    red_pin: int = Field(default=27, ge=0, le=27)
    """GPIO (BCM number) of the light that says no."""
    buzzer_pin: int | None = Field(default=None, ge=0, le=27)
    """GPIO (BCM number) of a buzzer."""


class FixedPositionSettings(_Section):
    kind: Literal["fixed"] = "fixed"
    """The device stays where it was installed."""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Degrees, WGS 84; without it the middle of the room's geofence."""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, WGS 84; without it the middle of the room's geofence."""
    accuracy_m: float = Field(default=5, gt=0, le=1000)
    """How well the place is known, in metres."""

    @model_validator(mode="after")
    def _both_or_none(self) -> "FixedPositionSettings":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give latitude and longitude, or neither")
        return self


class GpsdPositionSettings(_Section):
    kind: Literal["gpsd"] = "gpsd"
    """A GPS receiver read by gpsd."""
    host: str = "127.0.0.1"
    """Host of gpsd."""
    port: int = Field(default=2947, ge=1, le=65535)
    """Port of gpsd."""
    max_age_s: float = Field(default=30, gt=0)
    """An older fix is none, in seconds."""


PositionSettings: TypeAlias = Annotated[FixedPositionSettings | GpsdPositionSettings, Field(discriminator="kind")]


class OutboxSettings(_Section):
    max_mb: int = Field(default=256, ge=1)
    """Size from which the outbox raises an alarm; check-ins are stored beyond it as long as the disk takes them."""
    reserve_mb: int = Field(default=64, ge=0)
    """The last part of `max_mb` that is kept for check-ins: sightings of strangers are not stored in it."""

    @model_validator(mode="after")
    def _reserve_within(self) -> "OutboxSettings":
        if self.reserve_mb >= self.max_mb:
            raise ValueError("reserve_mb must be less than max_mb")
        return self


class UplinkSettings(_Section):
    device_address: str | None = None
    """host:port of the hub's device port; without it the address that the hub told at enrolment."""
    heartbeat_s: float = Field(default=30, gt=0, le=600)
    """Seconds between heartbeats until the hub wishes otherwise."""
    longest_backoff_s: float = Field(default=60, gt=0, le=3600)
    """Longest wait before the hub is tried again, in seconds; there is no limit to the number of tries."""
    sync_interval_s: float = Field(default=300, gt=0)
    """Seconds between looks at the room's data when the hub does not ask for one."""


class AgentSettings(_Section):
    data_dir: Path = Path("/var/lib/roster-agent")
    """Folder for identity, outbox and the room's data; survives restarts."""
    runtime_dir: Path | None = None
    """Folder in memory (tmpfs) for the gallery's key; without it what systemd gives (RUNTIME_DIRECTORY), or none: then
    the gallery stays locked after a restart until the hub is reached."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged."""
    camera: CameraSettings = PicameraSettings()
    """The camera at the door."""
    recognition: RecognitionSettings = RecognitionSettings()
    """How faces are found and encoded."""
    feedback: FeedbackSettings = FeedbackSettings()
    """How people see the answer."""
    position: PositionSettings = FixedPositionSettings()
    """Where the device is."""
    outbox: OutboxSettings = OutboxSettings()
    """What waits for the hub."""
    uplink: UplinkSettings = UplinkSettings()
    """The way to the hub."""

    def gallery_key_dir(self) -> Path | None:
        """Folder in memory for the gallery's key; None when there is none."""
        given = self.runtime_dir or os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
        return Path(given) if given else None


def load_settings(path: Path | None = None) -> AgentSettings:
    """Read the settings; relative paths in them are taken from the file's folder.

    Without `path` the default file is read if there is one, else all settings have their defaults.

    Raises:
        SettingsUnusable: no such file, no TOML, an unknown key (with the nearest known one) or a bad value.
    """
    if path is None:
        if not DEFAULT_PATH.exists():
            return AgentSettings()
        path = DEFAULT_PATH
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsUnusable(f"{path} can't be read: {error.strerror}. Give the file with --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsUnusable(f"{path} is no TOML: {error}. Mend that line.") from error
    return parse_settings(data, source=path)


def parse_settings(data: dict[str, Any], *, source: Path) -> AgentSettings:
    """Check settings that were read from `source`.

    Raises:
        SettingsUnusable: an unknown key or a bad value; all are named.
    """
    try:
        settings = AgentSettings.model_validate(data)
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(item['loc'], item['type'], item['msg'])}" for item in error.errors())
        raise SettingsUnusable(f"{source} can't be used:\n{problems}") from error
    return _from_folder(settings, source.resolve().parent)


def _from_folder(settings: AgentSettings, folder: Path) -> AgentSettings:
    changes: dict[str, Any] = {"data_dir": folder / settings.data_dir}
    if settings.runtime_dir is not None:
        changes["runtime_dir"] = folder / settings.runtime_dir
    if isinstance(settings.camera, ReplayCameraSettings):
        changes["camera"] = settings.camera.model_copy(update={"path": folder / settings.camera.path})
    model = settings.recognition.minifasnet
    if model is not None:
        model = model.model_copy(update={"paths": tuple(folder / path for path in model.paths)})
        changes["recognition"] = settings.recognition.model_copy(update={"minifasnet": model})
    return settings.model_copy(update=changes)


def _explain(location: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in location if part not in _KINDS)
    if kind == "union_tag_not_found":
        return f'{name}: say which with kind (such as kind = "usb" for a camera, kind = "fixed" for a position)'
    if kind != "extra_forbidden":
        return f"{name or 'settings'}: {message}"
    known = _known_keys(location[:-1])
    near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0)
    return f'{name}: there is no such setting; the nearest is "{near[0]}" (known here: {", ".join(known)})'


def _known_keys(section: tuple[int | str, ...]) -> list[str]:
    """The keys of a section, found by its path; pydantic puts the kind of a camera or position into the path too."""
    models: list[type[BaseModel]] = [AgentSettings]
    for part in section:
        inner = [
            found
            for model in models
            if part in model.model_fields
            for found in _models_in(model.model_fields[str(part)].annotation)
        ]
        of_kind = [
            model
            for model in models
            if "kind" in model.model_fields and part in get_args(model.model_fields["kind"].annotation)
        ]
        models = inner or of_kind or models
    return sorted({key for model in models for key in model.model_fields})


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
