"""Where the device is, and whether that is where it belongs."""

from collections.abc import Callable
from typing import Protocol

from edge_agent.observations import PositionFix, RoomConfig
from edge_agent.settings import FixedPositionSettings, GpsdPositionSettings
from presence.geofence import GeofenceOutcome, judge


class PositionDevice(Protocol):
    def fix(self, config: RoomConfig | None) -> PositionFix | None:
        """The place now, or None while it is not known."""

    def close(self) -> None: ...


def open_position(settings: FixedPositionSettings | GpsdPositionSettings) -> PositionDevice:
    match settings:
        case FixedPositionSettings():
            from edge_agent.position.fixed import FixedPosition  # noqa: PLC0415 (only the chosen one is loaded)

            return FixedPosition(settings)
        case GpsdPositionSettings():
            from edge_agent.position.gpsd import GpsdPosition  # noqa: PLC0415 (only the chosen one is loaded)

            return GpsdPosition(settings.host, settings.port)


OUTSIDE_LOOKS = 3
"""So many looks outside in a row are a move: one may be a bad fix."""


class Whereabouts:
    """Looks at the position at most once a second and judges it by the room's geofence."""

    def __init__(self, device: PositionDevice, now_s: Callable[[], float]) -> None:
        self._device, self._now_s = device, now_s
        self._looked_s = -1e9
        self._config: RoomConfig | None = None
        self._outside = 0
        self.fix: PositionFix | None = None
        self.outcome: GeofenceOutcome | None = None
        """None when the room has no fence or the position is not known."""

    @property
    def moved(self) -> bool:
        return self._outside >= OUTSIDE_LOOKS

    def look(self, config: RoomConfig | None) -> None:
        """Renew `fix`, `outcome` and `moved`."""
        now_s = self._now_s()
        if now_s - self._looked_s < 1.0 and config is self._config:
            return
        self._looked_s, self._config = now_s, config
        self.fix = self._device.fix(config)
        self.outcome = None
        if config is None or config.fence is None or self.fix is None:
            return
        self.outcome = judge(
            config.fence,
            self.fix.position,
            max_accuracy_m=config.max_accuracy_m,
            min_overlap_share=config.policy.min_overlap_share,
        ).outcome
        if self.outcome is GeofenceOutcome.OUTSIDE:
            self._outside += 1
        elif self.outcome is GeofenceOutcome.INSIDE:
            self._outside = 0
