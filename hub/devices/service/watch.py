"""What the hub does for devices by itself: looks after those that fall silent, and passes on what concerns them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import delete, select

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.models import Device, DeviceAlarm, DeviceCommand, EnrolmentFailures
from hub.devices.queries import DeviceView
from hub.devices.rules import AlarmSource, DeviceState, HubAlarm
from hub.devices.service.alarms import Up, settle
from hub.devices.service.commands import request_sync_everywhere
from hub.events import Event
from hub.faces.events import FacesChanged

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]
Job = tuple[str, Any, Callable[[UnitOfWork, datetime], Awaitable[None]]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(FacesChanged, _on_faces_changed)]


def jobs() -> list[Job]:
    return [
        ("devices.watch_fleet", IntervalTrigger(minutes=1, timezone="UTC"), watch_fleet),
        ("devices.clear_out", IntervalTrigger(hours=6, timezone="UTC"), clear_out),
    ]


async def watch_fleet(uow: UnitOfWork, scheduled_for: datetime) -> None:  # noqa: ARG001 (a job's signature)
    """Raise and clear the alarms of devices that are offline or whose certificate is about to expire."""
    rows = await uow.session.scalars(
        select(Device).where(Device.state.in_([DeviceState.ACTIVE, DeviceState.SUSPENDED])).order_by(Device.id)
    )
    fleet = await queries.views(uow, rows.all())
    opened: dict[UUID, list[DeviceAlarm]] = {view.device.id: [] for view in fleet}
    for alarm in await queries.open_alarms(uow, opened.keys()):
        opened[alarm.device_id].append(alarm)
    for view in fleet:
        settle(
            uow,
            view.device,
            opened=opened[view.device.id],
            source=AlarmSource.HUB,
            up=_hub_alarms(view, uow.now),
            judged=(HubAlarm.OFFLINE, HubAlarm.CERTIFICATE_EXPIRING),
        )


async def clear_out(uow: UnitOfWork, scheduled_for: datetime) -> None:  # noqa: ARG001 (a job's signature)
    """Forget commands that nobody fetched in a week, and addresses whose failed enrolments are long ago."""
    await uow.session.execute(delete(DeviceCommand).where(DeviceCommand.create_time < uow.now - rules.COMMANDS_KEPT))
    await uow.session.execute(
        delete(EnrolmentFailures).where(EnrolmentFailures.window_start_time < uow.now - timedelta(days=1))
    )


def _hub_alarms(view: DeviceView, now: datetime) -> dict[str, Up]:
    up: dict[str, Up] = {}
    seen = view.condition.last_seen_time
    # One that was never seen is being put into service; one that is suspended is not let in.
    if seen is not None and view.device.state is DeviceState.ACTIVE and rules.reach(seen, now) is rules.Reach.OFFLINE:
        up[HubAlarm.OFFLINE] = Up(f"Not heard of since {seen:%Y-%m-%d %H:%M} UTC.", now)
    certificate = view.certificate
    if certificate is not None and certificate.expire_time - now <= rules.CERTIFICATE_ALARM_BEFORE:
        days = rules.days_left(certificate.expire_time, now)
        up[HubAlarm.CERTIFICATE_EXPIRING] = Up(
            f"The certificate expires in {days} days and the device has not renewed it.", now
        )
    return up


async def _on_faces_changed(uow: UnitOfWork, event: FacesChanged) -> None:  # noqa: ARG001 (a handler's signature)
    # Which rooms expect the person is known above this domain; a device whose gallery is the same gets a short answer.
    await request_sync_everywhere(uow)
