"""What an admin does to devices: suspend, resume, revoke, move. Each takes all of the named devices or none."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, update

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.errors import DeviceIsRevoked, DeviceNotEnrolled
from hub.devices.events import DeviceMovedRoom, DeviceResumed, DeviceRevoked, DeviceSuspended
from hub.devices.models import Device, DeviceCertificate, DeviceClaim, DeviceCommand
from hub.devices.rules import CertificateState, DeviceState
from hub.devices.service.alarms import clear_all
from hub.devices.service.commands import request_sync_of
from hub.faces import service as faces


async def suspend_devices(uow: UnitOfWork, *, device_ids: Collection[UUID], reason: str) -> list[Device]:
    """Suspended devices are refused until resumed; those that are already stay as they are.

    Raises:
        DeviceNotFound, DeviceIsRevoked, DeviceNotEnrolled
    """
    devices = await queries.get_devices(uow, device_ids)
    _refuse_revoked(devices)
    _refuse_pending(devices)
    for device in devices:
        if device.state is DeviceState.ACTIVE:
            _set_state(uow, device, DeviceState.SUSPENDED, "devices.suspend", reason)
            uow.publish(DeviceSuspended(**uow.new_event_args(), device_id=device.id, room_id=device.room_id))
    return devices


async def resume_devices(uow: UnitOfWork, *, device_ids: Collection[UUID]) -> list[Device]:
    """Put suspended devices back into service; active ones stay as they are.

    Raises:
        DeviceNotFound, DeviceIsRevoked, DeviceNotEnrolled
    """
    devices = await queries.get_devices(uow, device_ids)
    _refuse_revoked(devices)
    _refuse_pending(devices)
    for device in devices:
        if device.state is DeviceState.SUSPENDED:
            _set_state(uow, device, DeviceState.ACTIVE, "devices.resume", "")
            uow.publish(DeviceResumed(**uow.new_event_args(), device_id=device.id, room_id=device.room_id))
    return devices


async def revoke_device(uow: UnitOfWork, *, device_id: UUID, reason: str) -> Device:
    """Take a device out for good: its certificates, claim and commands end, and the key of its gallery is destroyed."""
    device = await queries.get_device(uow, device_id, lock=True)
    if device.state is DeviceState.REVOKED:
        return device
    _set_state(uow, device, DeviceState.REVOKED, "devices.revoke", reason)
    await uow.session.execute(
        update(DeviceCertificate)
        .where(DeviceCertificate.device_id == device_id)
        .values(state=CertificateState.REPLACED)
    )
    for table in (DeviceClaim, DeviceCommand):
        await uow.session.execute(delete(table).where(table.device_id == device_id))
    await clear_all(uow, device)
    await faces.forget_device(uow, device_id=device_id)
    uow.publish(DeviceRevoked(**uow.new_event_args(), device_id=device.id, room_id=device.room_id))
    return device


async def move_devices(uow: UnitOfWork, *, device_ids: Collection[UUID], room_id: UUID) -> list[Device]:
    """Devices act for their new room from now on; they fetch its data at once. The caller has checked the room.

    Raises:
        DeviceNotFound, DeviceIsRevoked
    """
    devices = await queries.get_devices(uow, device_ids)
    _refuse_revoked(devices)
    moved = [device for device in devices if device.room_id != room_id]
    for device in moved:
        former, device.room_id = device.room_id, room_id
        uow.audit(
            "devices.move",
            object_type="device",
            object_id=device.id,
            before={"room_id": former},
            after={"room_id": room_id},
        )
        uow.publish(
            DeviceMovedRoom(**uow.new_event_args(), device_id=device.id, from_room_id=former, to_room_id=room_id)
        )
    await request_sync_of(uow, [device.id for device in moved])
    return devices


def _set_state(uow: UnitOfWork, device: Device, state: DeviceState, action: str, reason: str) -> None:
    reason = rules.clean(reason, 500)
    before, device.state, device.state_reason = device.state, state, reason
    uow.audit(
        action,
        object_type="device",
        object_id=device.id,
        before={"state": before.value},
        after={"state": state.value},
        reason=reason or None,
    )


def _refuse_revoked(devices: Sequence[Device]) -> None:
    revoked = [device.name for device in devices if device.state is DeviceState.REVOKED]
    if revoked:
        raise DeviceIsRevoked(f"Revoked for good: {', '.join(revoked)}. Nothing was changed; leave them out.")


def _refuse_pending(devices: Sequence[Device]) -> None:
    pending = [device.name for device in devices if device.state is DeviceState.CLAIMED_PENDING]
    if pending:
        raise DeviceNotEnrolled(f"Not enrolled yet: {', '.join(pending)}. Nothing was changed; leave them out.")
