from uuid import uuid4

import pytest

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices import errors, queries, service
from hub.devices.authority import Authority
from hub.devices.rules import CommandKind, DeviceState
from hub.devices.service import claims, commands, fleet
from hub.devices.service.registry import DeviceRegistry
from hub.errors import InvalidArgument
from hub.faces import service as faces
from hub.faces.custody import KeyRing
from hub.faces.events import FacesChanged
from tests.factories.devices import (
    Key,
    beat,
    enrol,
    events_named,
    make_device,
    make_device_room,
    reload,
    report,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_registry_knows_devices_in_service(database: Database, make_uow: MakeUow, authority: Authority) -> None:
    registry = DeviceRegistry(database)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        other = await make_device(uow, authority)
    assert (await registry.check(device.id, device.serial)).id == device.id
    with pytest.raises(errors.DeviceUnknown):
        await registry.check(uuid4(), device.serial)
    with pytest.raises(errors.CertificateUnknown):
        await registry.check(device.id, other.serial)
    with pytest.raises(errors.CertificateUnknown):
        await registry.check(device.id, "abc")


async def test_suspended_devices_are_refused_until_resumed(
    database: Database, make_uow: MakeUow, authority: Authority
) -> None:
    registry = DeviceRegistry(database)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        await fleet.suspend_devices(uow, device_ids=[device.id], reason="theft?")
    with pytest.raises(errors.DeviceSuspended):
        await registry.check(device.id, device.serial)
    async with make_uow() as uow:
        await fleet.resume_devices(uow, device_ids=[device.id])
    await registry.check(device.id, device.serial)


async def test_revocation_is_for_good(database: Database, make_uow: MakeUow, authority: Authority) -> None:
    registry = DeviceRegistry(database)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        claim = await claims.renew_claim(uow, authority=authority, device_id=device.id)
        await fleet.revoke_device(uow, device_id=device.id, reason="stolen")
    with pytest.raises(errors.DeviceRevoked):
        await registry.check(device.id, device.serial)
    async with make_uow() as uow:
        for change in (
            fleet.resume_devices(uow, device_ids=[device.id]),
            fleet.move_devices(uow, device_ids=[device.id], room_id=device.room_id),
            claims.renew_claim(uow, authority=authority, device_id=device.id),
        ):
            with pytest.raises(errors.DeviceIsRevoked):
                await change
        with pytest.raises(errors.ClaimCodeUnknown):
            await enrol(uow, authority, code=claim.code, key=Key())
        await fleet.revoke_device(uow, device_id=device.id, reason="again")
        assert (await reload(uow, device.id)).state_reason == "stolen"
        assert await events_named(uow, "devices.device_revoked") == 1


async def test_revocation_destroys_the_key_of_the_gallery(make_uow: MakeUow, authority: Authority) -> None:
    keys = KeyRing.open(authority._secrets_dir)
    async with make_uow() as uow:
        device = await make_device(uow, authority)
        before = await faces.device_gallery_key(uow, keys=keys, device_id=device.id)
        assert await faces.device_gallery_key(uow, keys=keys, device_id=device.id) == before
        await fleet.revoke_device(uow, device_id=device.id, reason="stolen")
    async with make_uow() as uow:
        assert await faces.device_gallery_key(uow, keys=keys, device_id=device.id) != before


async def test_a_batch_with_an_unknown_device_changes_nothing(make_uow: MakeUow, authority: Authority) -> None:
    async with make_uow() as uow:
        device = await make_device(uow, authority)
    with pytest.raises(errors.DeviceNotFound):
        async with make_uow() as uow:
            await fleet.suspend_devices(uow, device_ids=[device.id, uuid4()], reason="")
    async with make_uow() as uow:
        assert (await reload(uow, device.id)).state is DeviceState.ACTIVE


async def test_commands_come_in_order_and_syncs_count_once(uow: UnitOfWork, authority: Authority) -> None:
    device = await make_device(uow, authority)
    other = await make_device(uow, authority)
    await service.request_sync(uow, room_id=device.room_id)
    await commands.command_devices(uow, device_ids=[device.id], kind=CommandKind.RESTART_AGENT, arguments={})
    await service.request_sync(uow, room_id=device.room_id)
    first, second = await queries.commands_after(uow, device.id, 0)
    assert (first.kind, second.kind) == (CommandKind.RESTART_AGENT, CommandKind.SYNC)
    assert await queries.commands_after(uow, device.id, await queries.sequence_of(uow, device.id, first.id)) == [second]
    assert await queries.commands_after(uow, device.id, await queries.sequence_of(uow, device.id, second.id)) == []
    assert await queries.commands_after(uow, other.id, 0) == []


async def test_a_wanted_version_is_kept_and_checked(uow: UnitOfWork, authority: Authority, clock: FakeClock) -> None:
    device = await make_device(uow, authority)
    kind = CommandKind.TAKE_VERSION
    await commands.command_devices(uow, device_ids=[device.id], kind=kind, arguments={"version": "1.3.0"})
    assert (await beat(uow, authority, device.id, report(clock.now()))).wanted_version == "1.3.0"
    with pytest.raises(InvalidArgument, match="version"):
        await commands.command_devices(uow, device_ids=[device.id], kind=kind, arguments={"version": "; rm -rf /"})


async def test_a_moved_device_is_told_to_sync(uow: UnitOfWork, authority: Authority) -> None:
    device, room_id = await make_device(uow, authority), await make_device_room(uow)
    await fleet.move_devices(uow, device_ids=[device.id], room_id=room_id)
    assert (await service.device_for(uow, device.id)).room_id == room_id
    assert [c.kind for c in await queries.commands_after(uow, device.id, 0)] == [CommandKind.SYNC]
    assert [d.id for d in await queries.active_devices_of_room(uow, room_id)] == [device.id]
    assert await events_named(uow, "devices.device_moved_room") == 1


async def test_devices_in_service_sync_when_faces_change(make_uow: MakeUow, authority: Authority) -> None:
    async with make_uow() as uow:
        device, suspended = await make_device(uow, authority), await make_device(uow, authority)
        await fleet.suspend_devices(uow, device_ids=[suspended.id], reason="")
    ((_, handler),) = [(event, handler) for event, handler in service.subscriptions() if event is FacesChanged]
    for _ in range(2):
        async with make_uow() as uow:
            await handler(uow, FacesChanged(**uow.new_event_args(), person_id=uuid4()))
    async with make_uow() as uow:
        assert [c.kind for c in await queries.commands_after(uow, device.id, 0)] == [CommandKind.SYNC]
        assert await queries.commands_after(uow, suspended.id, 0) == []
        assert {job[0] for job in service.jobs()} == {"devices.watch_fleet", "devices.clear_out"}
