import math
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.devices import errors, queries, service
from hub.devices.authority import Authority
from hub.devices.models import DeviceAlarm, DeviceLog
from hub.devices.rules import ReportedAlarm
from hub.devices.service import certificates, condition
from hub.devices.service.certificates import read_signing_request
from hub.devices.service.watch import watch_fleet
from tests.factories.devices import (
    Key,
    beat,
    events_named,
    make_device,
    reload,
    report,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_heartbeat_is_what_the_fleet_view_shows(uow: UnitOfWork, authority: Authority, clock: FakeClock) -> None:
    device = await make_device(uow, authority)
    wishes = await beat(uow, authority, device.id, report(clock.now() + timedelta(seconds=2)))
    (view,) = await queries.views(uow, [await reload(uow, device.id)])
    told = view.condition
    assert (told.queue_depth, told.gallery_version, told.resident_memory_bytes) == (7, 3, 3 * 2**30)
    assert told.clock_offset_s == 2.0
    assert told.last_seen_time == clock.now()
    assert wishes.ca_bundle_pem == ""
    assert view.certificate is not None
    assert view.certificate.serial == device.serial


async def test_nonsense_in_a_heartbeat_does_no_harm(uow: UnitOfWork, authority: Authority) -> None:
    device = await make_device(uow, authority)
    told = report(
        None,
        ReportedAlarm("not a reason", "", None),
        temperature_celsius=math.nan,
        frames_per_second=math.inf,
        queue_depth=-1,
        agent_version="1.0\x00" + "x" * 1000,
    )
    await beat(uow, authority, device.id, told)
    (view,) = await queries.views(uow, [await reload(uow, device.id)])
    assert (view.condition.temperature_celsius, view.condition.queue_depth) == (0.0, 0)
    assert len(view.condition.agent_version) <= 64
    assert await queries.open_alarms(uow, [device.id]) == []


async def test_alarms_are_told_once_when_they_come_and_once_when_they_go(
    make_uow: MakeUow, authority: Authority, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
    camera = ReportedAlarm("CAMERA_FAILED", "no frames", datetime(1970, 1, 1, tzinfo=clock.now().tzinfo))
    for _ in range(2):
        async with make_uow() as uow:
            await beat(uow, authority, device.id, report(clock.now(), camera))
    async with make_uow() as uow:
        (alarm,) = await queries.open_alarms(uow, [device.id])
        assert (alarm.reason, alarm.raised_time) == ("CAMERA_FAILED", clock.now())
        await beat(uow, authority, device.id, report(clock.now()))
        assert await queries.open_alarms(uow, [device.id]) == []
        assert await events_named(uow, "devices.alarm_raised") == 1
        assert await events_named(uow, "devices.alarm_cleared") == 1


async def test_the_hub_raises_its_own_alarms(make_uow: MakeUow, authority: Authority, clock: FakeClock) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        never_seen = await make_device(uow, authority)
        await beat(
            uow, authority, device.id, report(clock.now() + timedelta(seconds=61), config_error="geofence: no points")
        )
    clock.advance(minutes=10, seconds=1)
    for _ in range(2):
        async with make_uow() as uow:
            await watch_fleet(uow, clock.now())
    async with make_uow() as uow:
        assert {a.reason for a in await queries.open_alarms(uow, [device.id])} == {
            "OFFLINE",
            "CLOCK_WRONG",
            "CONFIG_REFUSED",
        }
        assert await queries.open_alarms(uow, [never_seen.id]) == []
        await beat(uow, authority, device.id, report(clock.now()))
    clock.advance(days=76)
    async with make_uow() as uow:
        await beat(uow, authority, device.id, report(clock.now()))
        await watch_fleet(uow, clock.now())
        (alarm,) = await queries.open_alarms(uow, [device.id])
        assert alarm.reason == "CERTIFICATE_EXPIRING"
        assert (
            len((await uow.session.scalars(select(DeviceAlarm).where(DeviceAlarm.device_id == device.id))).all()) == 4
        )


async def test_heartbeats_carry_the_bundle_while_two_cas_overlap(
    uow: UnitOfWork, authority: Authority, clock: FakeClock
) -> None:
    device = await make_device(uow, authority)
    both = authority.with_next_generation(now=clock.now())
    for _ in range(2):  # until it renews: an answer may be lost
        assert (await beat(uow, both, device.id, report(clock.now()))).ca_bundle_pem == both.ca_bundle_pem
    await certificates.renew_certificate(
        uow, authority=both, device_id=device.id, request=read_signing_request(Key().csr_pem())
    )
    assert (await beat(uow, both, device.id, report(clock.now()))).ca_bundle_pem == ""


async def test_watermark_never_goes_back(uow: UnitOfWork, authority: Authority, clock: FakeClock) -> None:
    device = await make_device(uow, authority)
    for minutes in (0, 5, 3):
        await service.record_watermark(uow, device_id=device.id, time=clock.now() + timedelta(minutes=minutes))
    (view,) = await queries.views(uow, [await reload(uow, device.id)])
    assert view.condition.watermark_time == clock.now() + timedelta(minutes=5)


async def test_the_newest_20_pieces_of_log_are_kept(make_uow: MakeUow, authority: Authority, clock: FakeClock) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
    for number in range(22):
        clock.advance(seconds=1)
        async with make_uow() as uow:
            await condition.upload_log(uow, device_id=device.id, command_id=None, text=f"line {number}\x00")
    async with make_uow() as uow:
        texts = {log.text for log in await uow.session.scalars(select(DeviceLog))}
        assert texts == {f"line {number}" for number in range(2, 22)}
        with pytest.raises(errors.LogTooLong):
            await condition.upload_log(uow, device_id=device.id, command_id=None, text="ä" * 600_000)
