"""`roster-agent check`: what works on this device and what doesn't, each with what to do."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras import open_camera
from edge_agent.cameras.capture import Capture
from edge_agent.errors import AgentError
from edge_agent.life.clock import DeviceClock, ntp_synchronised
from edge_agent.observations import ClockQuality
from edge_agent.position import open_position
from edge_agent.settings import AgentSettings
from edge_agent.uplink.identity import IdentityStore, IdentityUnusable
from edge_agent.uplink.probe import room_of
from presence.faces.engine import UnknownEngine, load_engine
from presence.faces.models import ModelError

_CAMERA_S = 10.0
_POSITION_S = 5.0
_LEAST_FREE_MB = 200
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """`works` None: it can't be told, or isn't needed."""

    part: str
    works: bool | None
    text: str


def check_all(settings: AgentSettings) -> list[Finding]:
    """Try every part, one after the other; takes up to half a minute."""
    parts: list[tuple[str, Callable[[AgentSettings], tuple[bool | None, str]]]] = [
        ("disk", _disk),
        ("camera", _camera),
        ("models", _models),
        ("clock", _clock),
        ("certificate", _certificate),
        ("hub", _hub),
        ("position", _position),
    ]
    findings = []
    for name, look in parts:
        try:
            works, text = look(settings)
        except (AgentError, IdentityUnusable, ModelError, UnknownEngine, OSError, ImportError) as error:
            works, text = False, str(error)
        findings.append(Finding(name, works, text))
    return findings


def _disk(settings: AgentSettings) -> tuple[bool, str]:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=settings.data_dir) as file:
        file.write(b"roster")
    free_mb = shutil.disk_usage(settings.data_dir).free // _MB
    return free_mb >= _LEAST_FREE_MB, f"{free_mb} MB free in {settings.data_dir} (at least {_LEAST_FREE_MB} are needed)"


def _camera(settings: AgentSettings) -> tuple[bool, str]:
    alarms = AlarmBoard()
    capture = Capture(lambda: open_camera(settings.camera), _clock_of(settings), alarms)
    capture.start()
    try:
        until = time.monotonic() + _CAMERA_S
        while time.monotonic() < until:
            frame = capture.next(1.0)
            if frame is not None:
                height, width = frame.rgb.shape[:2]
                return True, f"{settings.camera.kind} gives pictures of {width} x {height}"
    finally:
        capture.stop()
    return False, "; ".join(alarms.up().values()) or f"{settings.camera.kind} gave no picture in {_CAMERA_S:.0f} s"


def _models(settings: AgentSettings) -> tuple[bool, str]:
    engine = load_engine(settings.recognition.engine, threads=settings.recognition.threads)
    return True, f"{engine.id}, models {engine.model_sha256[:12]}…"


def _clock(settings: AgentSettings) -> tuple[bool, str]:
    reading = _clock_of(settings).read()
    if ntp_synchronised():
        return True, f"kept by NTP; it is {reading.wall_time:%Y-%m-%d %H:%M:%S} UTC"
    known = reading.quality is not ClockQuality.UNSYNCED
    text = "goes on from the last good time" if known else "not set: connect the device to the network once"
    return known, f"no NTP; {text}; it is {reading.wall_time:%Y-%m-%d %H:%M:%S} UTC"


def _certificate(settings: AgentSettings) -> tuple[bool, str]:
    identity = IdentityStore(settings.data_dir / "identity").load()
    expire_time = identity.certificate.not_valid_after_utc
    left = expire_time - datetime.now(UTC)
    if left.total_seconds() <= 0:
        return False, f"expired {expire_time:%Y-%m-%d}; it is renewed when the hub is reached and the device is active"
    return True, f"device {identity.device_id}, {left.days} days left"


def _hub(settings: AgentSettings) -> tuple[bool, str]:
    store = IdentityStore(settings.data_dir / "identity")
    identity = store.load()
    address = settings.uplink.device_address or identity.device_address
    try:
        room = asyncio.run(room_of(address, store.credentials(identity)))
    except grpc.aio.AioRpcError as error:
        return False, f"{address}: {error.details()}"
    return True, f"{address} answers: this is the door of {room}"


def _position(settings: AgentSettings) -> tuple[bool | None, str]:
    device = open_position(settings.position)
    try:
        until = time.monotonic() + _POSITION_S
        while time.monotonic() < until:
            fix = device.fix(None)
            if fix is not None:
                place = fix.position
                return True, f"{place.latitude:.5f}, {place.longitude:.5f} within {place.accuracy_m:.0f} m"
            if settings.position.kind == "fixed":
                return None, "the middle of the room, as no latitude and longitude are set"
            time.sleep(0.2)
    finally:
        device.close()
    return False, "no fix: is the receiver plugged in, and can it see the sky?"


def _clock_of(settings: AgentSettings) -> DeviceClock:
    return DeviceClock(Path(settings.data_dir) / "last_good_time")
