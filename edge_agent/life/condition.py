"""How the device is: what goes up with each heartbeat."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")


@dataclass(frozen=True, slots=True)
class Condition:
    temperature_celsius: float
    """0 when the machine does not tell."""
    disk_free_ratio: float
    frames_per_second: float
    resident_memory_bytes: int


def look(data_dir: Path, frames_per_second: Callable[[], float]) -> Condition:
    usage = shutil.disk_usage(data_dir)
    return Condition(
        temperature_celsius=_temperature(),
        disk_free_ratio=usage.free / usage.total if usage.total else 0.0,
        frames_per_second=frames_per_second(),
        resident_memory_bytes=psutil.Process().memory_info().rss,
    )


def _temperature() -> float:
    try:
        return int(_THERMAL.read_text(encoding="ascii")) / 1000
    except (OSError, ValueError):
        return 0.0
