"""Rooms' devices, made the way an admin and an agent make them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from uuid6 import uuid7

from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.devices.authority import Authority
from hub.devices.models import Device
from hub.devices.rules import ReportedAlarm
from hub.devices.service import claims, condition
from hub.devices.service.certificates import Enrolment, read_signing_request
from hub.devices.service.registry import take_into_use
from tests.factories.timetable import make_room


class Key:
    """A device's own key."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def pem(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def csr_pem(self) -> str:
        request = (
            x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(self.private, hashes.SHA256())
        )
        return request.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    id: UUID
    room_id: UUID
    key: Key
    enrolment: Enrolment

    @property
    def serial(self) -> str:
        return serial_of(self.enrolment.certificate_pem)


def serial_of(pem: str) -> str:
    return f"{x509.load_pem_x509_certificate(pem.encode()).serial_number:x}"


async def make_device_room(uow: UnitOfWork) -> UUID:
    return (await make_room(uow, code=f"R-{uuid7().hex[-8:]}")).id


async def make_claim(
    uow: UnitOfWork, authority: Authority, *, room_id: UUID | None = None, name: str = "Door"
) -> claims.Claim:
    return await claims.claim_device(
        uow, authority=authority, room_id=room_id or await make_device_room(uow), name=name
    )


def secret_of(code: str) -> str:
    return code.split(".")[1]


async def enrol(uow: UnitOfWork, authority: Authority, *, code: str, key: Key) -> Enrolment:
    return await claims.enrol(
        uow,
        authority=authority,
        claim_secret=secret_of(code),
        request=read_signing_request(key.csr_pem()),
        hardware_serial="10000000abcdef01",
        model="Raspberry Pi 4 Model B Rev 1.4",
        agent_version="1.0.0",
    )


async def make_device(
    uow: UnitOfWork, authority: Authority, *, room_id: UUID | None = None, name: str = "Door"
) -> EnrolledDevice:
    """A device in service, its certificate in use."""
    claim = await make_claim(uow, authority, room_id=room_id, name=name)
    key = Key()
    enrolment = await enrol(uow, authority, code=claim.code, key=key)
    await uow.session.flush()
    await take_into_use(uow, device_id=claim.device.id, serial=serial_of(enrolment.certificate_pem))
    return EnrolledDevice(claim.device.id, claim.device.room_id, key, enrolment)


async def reload(uow: UnitOfWork, device_id: UUID) -> Device:
    return await uow.session.get_one(Device, device_id, populate_existing=True)


def report(device_time: datetime | None, *alarms: ReportedAlarm, **overrides: object) -> condition.Report:
    values = {
        "device_time": device_time,
        "agent_version": "1.2.0",
        "queue_depth": 7,
        "gallery_version": 3,
        "config_version": 4,
        "config_error": "",
        "temperature_celsius": 51.5,
        "disk_free_ratio": 0.4,
        "frames_per_second": 12.0,
        "resident_memory_bytes": 3 * 2**30,
        "alarms": alarms,
    }
    return condition.Report(**(values | overrides))  # type: ignore[arg-type] # the dictionary is the keyword arguments


async def beat(uow: UnitOfWork, authority: Authority, device_id: UUID, told: condition.Report) -> condition.Wishes:
    return await condition.heartbeat(uow, authority=authority, device_id=device_id, report=told)


async def events_named(uow: UnitOfWork, name: str) -> int:
    await uow.store_records()
    return len((await uow.session.scalars(select(OutboxEvent).where(OutboxEvent.name == name))).all())
