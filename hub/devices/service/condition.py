"""What devices tell about themselves: heartbeats, the watermark of their backlog, logs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.authority import Authority
from hub.devices.errors import LogTooLong
from hub.devices.models import DeviceCondition, DeviceLog
from hub.devices.rules import AlarmSource, HubAlarm, ReportedAlarm
from hub.devices.service.alarms import Up, settle
from hub.errors import FieldViolation

_MAX_INT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Report:
    """A heartbeat. `device_time` None: the device does not know the time."""

    device_time: datetime | None
    agent_version: str
    queue_depth: int
    gallery_version: int
    config_version: int
    config_error: str
    temperature_celsius: float
    disk_free_ratio: float
    frames_per_second: float
    resident_memory_bytes: int
    alarms: Sequence[ReportedAlarm]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The hub's answer to a heartbeat. `ca_bundle_pem` is empty when the device has it."""

    hub_time: datetime
    wanted_version: str
    next_heartbeat_in: timedelta
    ca_bundle_pem: str


async def heartbeat(uow: UnitOfWork, *, authority: Authority, device_id: UUID, report: Report) -> Wishes:
    """Take a device's condition; alarms that came up or went are told by event."""
    device = await queries.get_device(uow, device_id)
    offset = None if report.device_time is None else (report.device_time - uow.now).total_seconds()
    config_error = rules.clean(report.config_error, 500)
    await uow.session.execute(
        update(DeviceCondition)
        .where(DeviceCondition.device_id == device_id)
        .values(
            last_seen_time=uow.now,
            clock_offset_s=offset,
            agent_version=rules.clean(report.agent_version, 64),
            queue_depth=_count(report.queue_depth),
            gallery_version=_count(report.gallery_version),
            config_version=_count(report.config_version),
            config_error=config_error,
            temperature_celsius=_number(report.temperature_celsius),
            disk_free_ratio=_number(report.disk_free_ratio),
            frames_per_second=_number(report.frames_per_second),
            resident_memory_bytes=_count(report.resident_memory_bytes),
        )
        .execution_options(synchronize_session=False)
    )
    opened = await queries.open_alarms(uow, [device_id])
    settle(uow, device, opened=opened, source=AlarmSource.DEVICE, up=_reported(report.alarms, uow.now))
    by_hub: dict[str, Up] = {}
    if offset is not None and abs(offset) > rules.CLOCK_ALARM_FROM.total_seconds():
        by_hub[HubAlarm.CLOCK_WRONG] = Up(f"The device's clock is {offset:+.0f} s from the hub's.", uow.now)
    if config_error:
        by_hub[HubAlarm.CONFIG_REFUSED] = Up(config_error, uow.now)
    settle(
        uow,
        device,
        opened=opened,
        source=AlarmSource.HUB,
        up=by_hub,
        judged=(HubAlarm.CLOCK_WRONG, HubAlarm.CONFIG_REFUSED, HubAlarm.OFFLINE),
    )
    return Wishes(
        hub_time=uow.now,
        wanted_version=device.wanted_version,
        next_heartbeat_in=rules.HEARTBEAT_INTERVAL,
        # Until the device renews: then it has told that this bundle reached it.
        ca_bundle_pem="" if device.ca_bundle_digest == authority.ca_bundle_digest else authority.ca_bundle_pem,
    )


async def record_watermark(uow: UnitOfWork, *, device_id: UUID, time: datetime) -> None:
    """Everything that the device captured before `time` has been stored. It never goes back."""
    await uow.session.execute(
        update(DeviceCondition)
        .where(
            DeviceCondition.device_id == device_id,
            DeviceCondition.watermark_time.is_(None) | (DeviceCondition.watermark_time < time),
        )
        .values(watermark_time=time)
        .execution_options(synchronize_session=False)
    )


async def upload_log(uow: UnitOfWork, *, device_id: UUID, command_id: UUID | None, text: str) -> None:
    """Keep a piece of a device's log; the newest 20 pieces of a device are kept.

    Raises:
        LogTooLong
    """
    if len(text.encode()) > rules.MAX_LOG_BYTES:
        description = "is longer than 1 MiB: send the newest lines"
        raise LogTooLong(f"text {description}.", violations=[FieldViolation("text", description)])
    kept = (
        select(DeviceLog.id)
        .where(DeviceLog.device_id == device_id)
        .order_by(DeviceLog.uploaded_time.desc(), DeviceLog.id.desc())
        .limit(rules.KEPT_LOGS - 1)
    )
    kept_ids = list((await uow.session.scalars(kept)).all())
    await uow.session.execute(delete(DeviceLog).where(DeviceLog.device_id == device_id, DeviceLog.id.not_in(kept_ids)))
    uow.session.add(
        DeviceLog(
            id=uuid7(),
            device_id=device_id,
            command_id=command_id,
            uploaded_time=uow.now,
            text=rules.clean(text, rules.MAX_LOG_BYTES),
        )
    )


def _reported(alarms: Sequence[ReportedAlarm], now: datetime) -> dict[str, Up]:
    up: dict[str, Up] = {}
    for alarm in alarms[: rules.MAX_ALARMS]:
        if rules.is_alarm_reason(alarm.reason):
            # A device without the time may tell 1970, or next year.
            told = alarm.raised_time
            credible = told is not None and now - timedelta(days=30) <= told <= now
            up[alarm.reason] = Up(rules.clean(alarm.detail, 500), told if told is not None and credible else now)
    return up


def _count(value: int) -> int:
    return min(max(value, 0), _MAX_INT)


def _number(value: float) -> float:
    return value if math.isfinite(value) else 0.0
