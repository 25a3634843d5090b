from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.db.unit_of_work import UnitOfWork
from hub.devices.errors import DeviceNotFound
from hub.devices.models import Device, DeviceAlarm, DeviceCertificate, DeviceCommand, DeviceCondition, DeviceLog
from hub.devices.rules import CertificateState, DeviceState


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device with its condition and its newest certificate in force (None before it is enrolled)."""

    device: Device
    condition: DeviceCondition
    certificate: DeviceCertificate | None


def devices_query(*, room_id: UUID | None = None, state: DeviceState | None = None) -> Select[Device]:
    query = select(Device)
    if room_id is not None:
        query = query.where(Device.room_id == room_id)
    if state is not None:
        query = query.where(Device.state == state)
    return query


def alarms_query(device_id: UUID | None) -> Select[DeviceAlarm]:
    query = select(DeviceAlarm)
    return query if device_id is None else query.where(DeviceAlarm.device_id == device_id)


def logs_query(device_id: UUID | None) -> Select[DeviceLog]:
    query = select(DeviceLog)
    return query if device_id is None else query.where(DeviceLog.device_id == device_id)


async def get_device(uow: UnitOfWork, device_id: UUID, *, lock: bool = False) -> Device:
    """The device, locked against other writers when asked.

    Raises:
        DeviceNotFound
    """
    device = await uow.session.get(Device, device_id, with_for_update=lock or None)
    if device is None:
        raise DeviceNotFound(f"There is no device {device_id}: list the devices to find the right id.")
    return device


async def get_devices(uow: UnitOfWork, device_ids: Collection[UUID]) -> list[Device]:
    """The devices in the order of their ids, locked against other writers.

    Raises:
        DeviceNotFound: names all that do not exist.
    """
    rows = await uow.session.scalars(
        select(Device).where(Device.id.in_(device_ids)).order_by(Device.id).with_for_update()
    )
    devices = list(rows.all())
    missing = set(device_ids) - {device.id for device in devices}
    if missing:
        raise DeviceNotFound(f"There is no device {', '.join(sorted(map(str, missing)))}: nothing was changed.")
    return devices


async def active_devices_of_room(uow: UnitOfWork, room_id: UUID) -> list[Device]:
    rows = await uow.session.scalars(devices_query(room_id=room_id, state=DeviceState.ACTIVE).order_by(Device.id))
    return list(rows.all())


async def devices_in_rooms(uow: UnitOfWork, room_ids: Collection[UUID]) -> dict[UUID, list[DeviceView]]:
    """The devices that stand in the rooms and are in service (ACTIVE or SUSPENDED), by room."""
    rows = await uow.session.scalars(
        select(Device)
        .where(Device.room_id.in_(room_ids), Device.state.in_([DeviceState.ACTIVE, DeviceState.SUSPENDED]))
        .order_by(Device.id)
    )
    grouped: dict[UUID, list[DeviceView]] = {room_id: [] for room_id in room_ids}
    for view in await views(uow, rows.all()):
        grouped[view.device.room_id].append(view)
    return grouped


async def views(uow: UnitOfWork, devices: Sequence[Device]) -> list[DeviceView]:
    ids = [device.id for device in devices]
    conditions = {
        row.device_id: row
        for row in await uow.session.scalars(
            select(DeviceCondition)
            .where(DeviceCondition.device_id.in_(ids))
            .execution_options(populate_existing=True)  # heartbeats write past the session
        )
    }
    certificates: dict[UUID, DeviceCertificate] = {}
    for row in await uow.session.scalars(
        select(DeviceCertificate)
        .where(DeviceCertificate.device_id.in_(ids), DeviceCertificate.state != CertificateState.REPLACED)
        .order_by(DeviceCertificate.issue_time)
    ):
        known = certificates.get(row.device_id)
        # One that is in use tells more than one that waits for its first use.
        if known is None or known.state is not CertificateState.CURRENT:
            certificates[row.device_id] = row
    return [DeviceView(device, conditions[device.id], certificates.get(device.id)) for device in devices]


async def certificate_of(uow: UnitOfWork, serial: str) -> DeviceCertificate | None:
    return await uow.session.get(DeviceCertificate, serial)


async def open_alarms(uow: UnitOfWork, device_ids: Collection[UUID]) -> list[DeviceAlarm]:
    rows = await uow.session.scalars(
        select(DeviceAlarm).where(DeviceAlarm.device_id.in_(device_ids), DeviceAlarm.cleared_time.is_(None))
    )
    return list(rows.all())


async def sequence_of(uow: UnitOfWork, device_id: UUID, command_id: UUID | None) -> int:
    """The place of a command among the device's, 0 for None; one that is gone counts as the last one before it."""
    if command_id is None:
        return 0
    found = await uow.session.scalar(
        select(func.max(DeviceCommand.sequence)).where(
            DeviceCommand.device_id == device_id, DeviceCommand.id <= command_id
        )
    )
    return found or 0


async def commands_after(uow: UnitOfWork, device_id: UUID, sequence: int) -> list[DeviceCommand]:
    rows = await uow.session.scalars(
        select(DeviceCommand)
        .where(DeviceCommand.device_id == device_id, DeviceCommand.sequence > sequence)
        .order_by(DeviceCommand.sequence)
    )
    return list(rows.all())


async def command_heads(uow: UnitOfWork) -> dict[UUID, tuple[int, DeviceState]]:
    """For each device that may be connected: the number of its newest command, and its state."""
    rows = await uow.session.execute(select(Device.id, Device.command_sequence, Device.state))
    return {device_id: (sequence, state) for device_id, sequence, state in rows.all()}
