"""Every MQTT topic of Smart Roster, one function each. No person's name and nothing biometric is in a topic."""

from uuid import UUID

_ROOT = "roster/v1"


def user_alerts(user_id: UUID) -> str:
    """Alerts of one user, as `schemas/alert.v1.json`; only that user may read it."""
    return f"{_ROOT}/users/{user_id}/alerts"


def room_sessions(room_code: str) -> str:
    """Changes of the sessions in one room."""
    # A room's code is free text: what MQTT gives a meaning to is replaced.
    return f"{_ROOT}/rooms/{room_code.translate(str.maketrans('/+# ', '----'))}/sessions"


def device_state(device_id: UUID) -> str:
    """Whether a device is online; retained."""
    return f"{_ROOT}/devices/{device_id}/state"
