"""What the hub wants devices to do: stored, then streamed to each by WatchCommands."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.errors import DeviceIsRevoked, DeviceNotEnrolled
from hub.devices.models import Device, DeviceCommand
from hub.devices.rules import CommandKind, DeviceState
from hub.errors import InvalidArgument


async def command_devices(
    uow: UnitOfWork, *, device_ids: Collection[UUID], kind: CommandKind, arguments: Mapping[str, Any]
) -> list[Device]:
    """Queue a command for each of the devices; suspended ones get it when they are back.

    Raises:
        DeviceNotFound, DeviceIsRevoked, DeviceNotEnrolled
        InvalidArgument: the version is no version.
    """
    devices = await queries.get_devices(uow, device_ids)
    for device in devices:
        if device.state is DeviceState.REVOKED:
            raise DeviceIsRevoked(f'"{device.name}" is revoked for good: leave it out. Nothing was queued.')
        if device.state is DeviceState.CLAIMED_PENDING:
            raise DeviceNotEnrolled(f'"{device.name}" is not enrolled yet: leave it out. Nothing was queued.')
    if kind is CommandKind.TAKE_VERSION:
        if not rules.is_version(arguments["version"]):
            raise InvalidArgument.of("command.take_version.version", "is no version: give one such as 1.4.2")
        for device in devices:
            device.wanted_version = arguments["version"]
    await uow.session.flush()
    await _queue(uow, device_ids, kind, arguments)
    for device in devices:
        uow.audit(
            "devices.command",
            object_type="device",
            object_id=device.id,
            after={"command": kind.value, "arguments": dict(arguments)},
        )
    return devices


async def request_sync(uow: UnitOfWork, *, room_id: UUID) -> None:
    """Have the room's devices fetch configuration, schedule and gallery now."""
    await _sync(uow, select(Device.id).where(Device.room_id == room_id, Device.state == DeviceState.ACTIVE))


async def request_sync_of(uow: UnitOfWork, device_ids: Collection[UUID]) -> None:
    """Have these devices fetch configuration, schedule and gallery now; those that are not in service are left out."""
    await _sync(uow, select(Device.id).where(Device.id.in_(device_ids), Device.state == DeviceState.ACTIVE))


async def request_sync_everywhere(uow: UnitOfWork) -> None:
    """Have every device in service fetch configuration, schedule and gallery now."""
    await _sync(uow, select(Device.id).where(Device.state == DeviceState.ACTIVE))


async def _sync(uow: UnitOfWork, query: Any) -> None:  # noqa: ANN401 (a Select of ids; its type differs by SQLAlchemy version)
    await uow.session.flush()
    device_ids = list((await uow.session.scalars(query)).all())
    if not device_ids:
        return
    # One that has not been fetched yet says the same.
    await uow.session.execute(
        delete(DeviceCommand).where(DeviceCommand.device_id.in_(device_ids), DeviceCommand.kind == CommandKind.SYNC)
    )
    await _queue(uow, device_ids, CommandKind.SYNC, {})


async def _queue(
    uow: UnitOfWork, device_ids: Collection[UUID], kind: CommandKind, arguments: Mapping[str, Any]
) -> None:
    # Locked in one order, so that two that queue for the same devices don't deadlock.
    await uow.session.execute(select(Device.id).where(Device.id.in_(device_ids)).order_by(Device.id).with_for_update())
    numbered = await uow.session.execute(
        update(Device)
        .where(Device.id.in_(device_ids))
        .values(command_sequence=Device.command_sequence + 1)
        .returning(Device.id, Device.command_sequence)
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "id": uuid7(),
            "device_id": device_id,
            "sequence": sequence,
            "kind": kind,
            "arguments": dict(arguments),
            "create_time": uow.now,
        }
        for device_id, sequence in numbered.all()
    ]
    await uow.insert_rows(DeviceCommand, rows)
