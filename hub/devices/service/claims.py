"""From an empty card to a device in service: an admin claims, the device enrols with the code."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.authority import Authority
from hub.devices.errors import ClaimCodeExpired, ClaimCodeUnknown, ClaimCodeUsed, DeviceIsRevoked, TooManyEnrolments
from hub.devices.events import DeviceEnrolled
from hub.devices.models import (
    Device,
    DeviceCertificate,
    DeviceClaim,
    DeviceCommand,
    DeviceCondition,
    EnrolmentFailures,
)
from hub.devices.rules import CertificateState, DeviceState
from hub.devices.service.certificates import Enrolment, SigningRequest, enrolment_of, issue
from hub.devices.service.registry import refuse_unless_active

_NEW_CODE = "Ask an administrator for a new code (roster devices reclaim)."


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as shown to the admin; `code` is stored nowhere."""

    device: Device
    code: str
    expire_time: datetime


async def claim_device(uow: UnitOfWork, *, authority: Authority, room_id: UUID, name: str) -> Claim:
    """Create a device for a room, with its first claim. The caller has checked the room."""
    name = rules.clean(name, 100).strip() or "Room device"
    device = Device(id=uuid7(), name=name, room_id=room_id, state=DeviceState.CLAIMED_PENDING)
    uow.session.add(device)
    await uow.session.flush()
    uow.session.add(DeviceCondition(device_id=device.id))
    claim = _new_claim(uow, authority, device)
    uow.audit("devices.claim", object_type="device", object_id=device.id, after={"name": name, "room_id": room_id})
    return claim


async def renew_claim(uow: UnitOfWork, *, authority: Authority, device_id: UUID) -> Claim:
    """A new claim code; the former one ends. The device's certificate goes on until the one of the new claim is used.

    Raises:
        DeviceIsRevoked
    """
    device = await queries.get_device(uow, device_id, lock=True)
    if device.state is DeviceState.REVOKED:
        raise DeviceIsRevoked(f'"{device.name}" is revoked for good: claim a new device for the room.')
    await uow.session.execute(delete(DeviceClaim).where(DeviceClaim.device_id == device_id))
    uow.audit("devices.renew_claim", object_type="device", object_id=device.id)
    return _new_claim(uow, authority, device)


async def enrol(
    uow: UnitOfWork,
    *,
    authority: Authority,
    claim_secret: str,
    request: SigningRequest,
    hardware_serial: str,
    model: str,
    agent_version: str,
) -> Enrolment:
    """Exchange a claim for a certificate. The same secret and key get the same one until it is first used.

    Raises:
        ClaimCodeUnknown, ClaimCodeExpired, ClaimCodeUsed
        PermissionDenied: the device is suspended or revoked.
    """
    secret = rules.decode_secret(claim_secret)
    digest = rules.secret_digest(secret or b"")
    claim = await uow.session.scalar(select(DeviceClaim).where(DeviceClaim.secret_digest == digest).with_for_update())
    if secret is None or claim is None:
        raise ClaimCodeUnknown(f"This claim code is not known here: check it for typing errors. {_NEW_CODE}")
    device = await queries.get_device(uow, claim.device_id, lock=True)
    if device.state is not DeviceState.CLAIMED_PENDING:
        refuse_unless_active(device)
    if claim.certificate_serial is not None:
        certificate = await uow.session.get_one(DeviceCertificate, claim.certificate_serial)
        if claim.key_digest != request.key_digest or certificate.state is not CertificateState.ISSUED:
            raise ClaimCodeUsed(f"This claim code has been used, and it serves once. {_NEW_CODE}")
        return enrolment_of(certificate, authority)
    if claim.expire_time <= uow.now:
        raise ClaimCodeExpired(f"This claim code has expired: it is good for 60 minutes. {_NEW_CODE}")
    certificate = await issue(uow, authority, device, request)
    claim.key_digest, claim.certificate_serial = request.key_digest, certificate.serial
    before = {"state": device.state.value, "hardware_serial": device.hardware_serial}
    device.state = DeviceState.ACTIVE
    device.hardware_serial = rules.clean(hardware_serial, 100)
    device.model = rules.clean(model, 100)
    condition = await uow.session.get_one(DeviceCondition, device.id)
    condition.agent_version = rules.clean(agent_version, 64)
    # What waited for the former card is not for this one.
    await uow.session.execute(delete(DeviceCommand).where(DeviceCommand.device_id == device.id))
    uow.audit(
        "devices.enrol",
        object_type="device",
        object_id=device.id,
        before=before,
        after={
            "state": device.state.value,
            "hardware_serial": device.hardware_serial,
            "certificate_serial": certificate.serial,
        },
    )
    uow.publish(DeviceEnrolled(**uow.new_event_args(), device_id=device.id, room_id=device.room_id))
    return enrolment_of(certificate, authority)


async def refuse_flood(uow: UnitOfWork, *, address: str) -> None:
    """Refuse an address from which too many enrolments have failed lately.

    Raises:
        TooManyEnrolments
    """
    failures = await uow.session.get(EnrolmentFailures, address)
    if failures is None or failures.count < rules.MAX_ENROLMENT_FAILURES:
        return
    wait = failures.window_start_time + rules.ENROLMENT_WINDOW - uow.now
    if wait > timedelta(0):
        raise TooManyEnrolments(
            f"Too many failed enrolments from this address: try again in {wait.seconds // 60 + 1} minutes.",
            retry_after=wait,
        )


async def record_enrolment_failure(uow: UnitOfWork, *, address: str) -> None:
    """Count a refused enrolment against its address. Several at once make one row and are all counted."""
    dialect = postgresql if uow.session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(EnrolmentFailures).values(address=address, window_start_time=uow.now, count=0)
    await uow.session.execute(first.on_conflict_do_nothing())
    failures = await uow.session.get_one(EnrolmentFailures, address, with_for_update=True)
    if failures.window_start_time + rules.ENROLMENT_WINDOW <= uow.now:
        failures.window_start_time, failures.count = uow.now, 1
    else:
        failures.count += 1


def _new_claim(uow: UnitOfWork, authority: Authority, device: Device) -> Claim:
    secret = secrets.token_bytes(rules.CLAIM_SECRET_BYTES)
    expire_time = uow.now + rules.CLAIM_LIFETIME
    uow.session.add(
        DeviceClaim(device_id=device.id, secret_digest=rules.secret_digest(secret), expire_time=expire_time)
    )
    return Claim(device, rules.claim_code(secret, authority.fingerprint), expire_time)
