from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEnrolled(Event):
    name: ClassVar[str] = "devices.device_enrolled"
    device_id: UUID
    room_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSuspended(Event):
    name: ClassVar[str] = "devices.device_suspended"
    device_id: UUID
    room_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceResumed(Event):
    name: ClassVar[str] = "devices.device_resumed"
    device_id: UUID
    room_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRevoked(Event):
    name: ClassVar[str] = "devices.device_revoked"
    device_id: UUID
    room_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMovedRoom(Event):
    """An admin moved the device to another room (`devices.alarm_raised` tells that it is not where it should be)."""

    name: ClassVar[str] = "devices.device_moved_room"
    device_id: UUID
    from_room_id: UUID
    to_room_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAlarmRaised(Event):
    name: ClassVar[str] = "devices.alarm_raised"
    alarm_id: UUID
    device_id: UUID
    room_id: UUID
    device_name: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAlarmCleared(Event):
    name: ClassVar[str] = "devices.alarm_cleared"
    alarm_id: UUID
    device_id: UUID
    room_id: UUID
    device_name: str
    reason: str
