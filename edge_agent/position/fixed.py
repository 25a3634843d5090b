"""A device that stays where it was installed."""

from edge_agent.observations import PositionFix, PositionSource, RoomConfig
from edge_agent.settings import FixedPositionSettings
from presence.geofence import Circle, Fence, Position


class FixedPosition:
    def __init__(self, settings: FixedPositionSettings) -> None:
        self._settings = settings

    def fix(self, config: RoomConfig | None) -> PositionFix | None:
        """As set; without coordinates the middle of the room's geofence, or None when it has none."""
        settings = self._settings
        if settings.latitude is not None and settings.longitude is not None:
            place = settings.latitude, settings.longitude
        elif config is not None and config.fence is not None:
            place = _middle(config.fence)
        else:
            return None
        return PositionFix(Position(*place, accuracy_m=settings.accuracy_m), PositionSource.FIXED)

    def close(self) -> None:
        return None


def _middle(fence: Fence) -> tuple[float, float]:
    if isinstance(fence, Circle):
        return fence.latitude, fence.longitude
    latitudes, longitudes = zip(*fence.vertices, strict=True)
    return sum(latitudes) / len(latitudes), sum(longitudes) / len(longitudes)
