"""Alarms of devices: raised when they come up, cleared when they are gone, each told once by event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries
from hub.devices.events import DeviceAlarmCleared, DeviceAlarmRaised
from hub.devices.models import Device, DeviceAlarm
from hub.devices.rules import AlarmSource


@dataclass(frozen=True, slots=True)
class Up:
    """An alarm that is to be up."""

    detail: str
    raised_time: datetime


def settle(
    uow: UnitOfWork,
    device: Device,
    *,
    opened: Collection[DeviceAlarm],
    source: AlarmSource,
    up: Mapping[str, Up],
    judged: Collection[str] | None = None,
) -> None:
    """Make the open alarms of one source those in `up`.

    `opened` are all open alarms of the device. `judged` are the reasons that the caller can tell about, None for all;
    others stay as they are.
    """
    known = {alarm.reason: alarm for alarm in opened if alarm.source is source}
    for reason, alarm in known.items():
        if reason not in up and (judged is None or reason in judged):
            _clear(uow, device, alarm)
    for reason, wanted in up.items():
        alarm_or_none = known.get(reason)
        if alarm_or_none is not None:
            alarm_or_none.detail = wanted.detail
            continue
        new = DeviceAlarm(
            id=uuid7(),
            device_id=device.id,
            source=source,
            reason=reason,
            detail=wanted.detail,
            raised_time=wanted.raised_time,
        )
        uow.session.add(new)
        uow.publish(
            DeviceAlarmRaised(
                **uow.new_event_args(),
                alarm_id=new.id,
                device_id=device.id,
                room_id=device.room_id,
                device_name=device.name,
                reason=reason,
                detail=wanted.detail,
            )
        )


async def clear_all(uow: UnitOfWork, device: Device) -> None:
    """A device that is out of service has no alarms."""
    for alarm in await queries.open_alarms(uow, [device.id]):
        _clear(uow, device, alarm)


def _clear(uow: UnitOfWork, device: Device, alarm: DeviceAlarm) -> None:
    alarm.cleared_time = uow.now
    uow.publish(
        DeviceAlarmCleared(
            **uow.new_event_args(),
            alarm_id=alarm.id,
            device_id=device.id,
            room_id=device.room_id,
            device_name=device.name,
            reason=alarm.reason,
        )
    )
