"""Days and durations as people type them."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from provisioning.errors import BadInput

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> timedelta:
    """The duration of "90s", "10m", "1h30m" or "2d".

    Raises:
        BadInput: it is none of these.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(min|[smhd])", text)
    if not parts or "".join("".join(part) for part in parts) != "".join(text.split()):
        raise BadInput(f'"{text}" is no duration: give it as 90s, 10m, 1h30m or 2d.')
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def day_bounds(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The day's first instant and the next day's, in the zone: 23 or 25 hours apart when clocks change."""
    try:
        day = datetime.now(zone).date() if text == "today" else date.fromisoformat(text)
    except ValueError:
        raise BadInput(f'"{text}" is no day: give it as YYYY-MM-DD.') from None
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)
