"""Who is let in on the device port: asked on every call, and every 2 s for open streams."""

from uuid import UUID

from sqlalchemy import bindparam, select, update

from hub.db.database import Database
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries
from hub.devices.errors import (
    CertificateExpired,
    CertificateReplaced,
    CertificateUnknown,
    DeviceNotActive,
    DeviceRevoked,
    DeviceSuspended,
    DeviceUnknown,
)
from hub.devices.models import Device, DeviceCertificate
from hub.devices.rules import CertificateState, DeviceState

# Asked hundreds of times a second: made once, and of columns, which cost less than objects.
_CHECK = (
    select(Device.name, Device.state, DeviceCertificate.state, DeviceCertificate.expire_time)
    .outerjoin(
        DeviceCertificate,
        (DeviceCertificate.device_id == Device.id) & (DeviceCertificate.serial == bindparam("serial")),
    )
    .where(Device.id == bindparam("device_id"))
)


def refuse_unless_active(device: Device) -> None:
    """Raises DeviceSuspended, DeviceRevoked or DeviceNotActive unless the device is in service."""
    _refuse_unless_active(device.name, device.state)


def _refuse_unless_active(name: str, state: DeviceState) -> None:
    match state:
        case DeviceState.ACTIVE:
            return
        case DeviceState.SUSPENDED:
            raise DeviceSuspended(f'The device "{name}" is suspended: an administrator can resume it.')
        case DeviceState.REVOKED:
            raise DeviceRevoked(f'The device "{name}" was revoked for good: claim and enrol it as a new one.')
        case DeviceState.CLAIMED_PENDING:
            raise DeviceNotActive(f'The device "{name}" is not enrolled yet: enrol it with its claim code.')


class DeviceRegistry:
    """Tells for a verified certificate which device it is and whether that may act now."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def check(self, device_id: UUID, certificate_serial: str) -> Principal:
        """The device as a principal. The first use of a new certificate ends the former one.

        Raises:
            Unauthenticated: unknown device, or a certificate that is unknown, replaced or expired.
            PermissionDenied: the device is suspended or revoked.
        """
        async with self._db.unit_of_work(SYSTEM, write=False) as uow:
            state = await _checked_state(uow, device_id, certificate_serial)
        if state is CertificateState.ISSUED:
            await self._db.run(SYSTEM, lambda uow: take_into_use(uow, device_id=device_id, serial=certificate_serial))
        return Principal("device", device_id)


async def _checked_state(uow: UnitOfWork, device_id: UUID, serial: str) -> CertificateState:
    found = (await uow.session.execute(_CHECK, {"device_id": device_id, "serial": serial})).one_or_none()
    if found is None:
        raise DeviceUnknown("This hub does not know the device: enrol it with a claim code of this hub.")
    name, device_state, state, expire_time = found
    _refuse_unless_active(name, device_state)
    if state is None:
        raise CertificateUnknown("This certificate is not one of the device: enrol it again with a new claim code.")
    if state is CertificateState.REPLACED:
        raise CertificateReplaced("A newer certificate of this device is in use: use that one, or enrol again.")
    if expire_time is None or expire_time <= uow.now:
        raise CertificateExpired("This certificate has expired: renew it at the enrolment port.")
    return state


async def take_into_use(uow: UnitOfWork, *, device_id: UUID, serial: str) -> None:
    """The first use of a certificate ends every other one of its device."""
    await queries.get_device(uow, device_id, lock=True)
    certificate = await uow.session.get_one(DeviceCertificate, serial, populate_existing=True)
    if certificate.state is not CertificateState.ISSUED:
        return
    await uow.session.execute(
        update(DeviceCertificate)
        .where(DeviceCertificate.device_id == device_id, DeviceCertificate.serial != serial)
        .values(state=CertificateState.REPLACED)
    )
    certificate.state, certificate.first_used_time = CertificateState.CURRENT, uow.now
