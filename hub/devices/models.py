"""Tables. What heartbeats write often is apart from the registry, so that neither waits for the other."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Enum, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base, Timestamps, Versioned
from hub.devices.rules import AlarmSource, CertificateState, CommandKind, DeviceState


class Device(Versioned, Timestamps, Base):
    """A revoked device stays as a tombstone. `command_sequence` is the number of the newest command for it."""

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    state: Mapped[DeviceState] = mapped_column(Enum(DeviceState, native_enum=False, length=40))
    state_reason: Mapped[str] = mapped_column(default="")
    hardware_serial: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    wanted_version: Mapped[str] = mapped_column(default="")
    command_sequence: Mapped[int] = mapped_column(default=0)
    # SHA-256 of the CA bundle that came with the newest certificate.
    ca_bundle_digest: Mapped[str] = mapped_column(default="")


class DeviceClaim(Base):
    """The one claim that a device has. Of the secret a digest alone is kept."""

    __tablename__ = "device_claims"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    secret_digest: Mapped[bytes] = mapped_column(unique=True)
    expire_time: Mapped[datetime]
    # Set by the first enrolment with it: SHA-256 of the public key, and the certificate that it got.
    key_digest: Mapped[str | None]
    certificate_serial: Mapped[str | None]


class DeviceCertificate(Base):
    """Every certificate ever issued to a device; `serial` is lowercase hexadecimal."""

    __tablename__ = "device_certificates"

    serial: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    key_digest: Mapped[str]
    pem: Mapped[str] = mapped_column(Text)
    chain_pem: Mapped[str] = mapped_column(Text)
    state: Mapped[CertificateState] = mapped_column(Enum(CertificateState, native_enum=False, length=40))
    issue_time: Mapped[datetime]
    expire_time: Mapped[datetime]
    first_used_time: Mapped[datetime | None]


class RenewalProof(Base):
    """A proof of possession that has served. The digest is of what was signed: an ECDSA signature can be changed into
    another one that is also right.
    """

    __tablename__ = "device_renewal_proofs"

    digest: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    create_time: Mapped[datetime]


class DeviceCondition(Base):
    """What the newest heartbeat told; one row a device, made with it."""

    __tablename__ = "device_conditions"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    last_seen_time: Mapped[datetime | None]
    # Device clock minus hub clock.
    clock_offset_s: Mapped[float | None]
    agent_version: Mapped[str] = mapped_column(default="")
    queue_depth: Mapped[int] = mapped_column(BigInteger, default=0)
    watermark_time: Mapped[datetime | None]
    gallery_version: Mapped[int] = mapped_column(BigInteger, default=0)
    config_version: Mapped[int] = mapped_column(BigInteger, default=0)
    config_error: Mapped[str] = mapped_column(default="")
    temperature_celsius: Mapped[float] = mapped_column(default=0.0)
    disk_free_ratio: Mapped[float] = mapped_column(default=0.0)
    frames_per_second: Mapped[float] = mapped_column(default=0.0)
    resident_memory_bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class DeviceAlarm(Base):
    __tablename__ = "device_alarms"
    __table_args__ = (Index(None, "device_id", "cleared_time"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    source: Mapped[AlarmSource] = mapped_column(Enum(AlarmSource, native_enum=False, length=40))
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    raised_time: Mapped[datetime] = mapped_column(index=True)
    cleared_time: Mapped[datetime | None]


class DeviceCommand(Base):
    """`sequence` counts a device's commands in the order of their commits; ids are made before and may cross."""

    __tablename__ = "device_commands"
    __table_args__ = (UniqueConstraint("device_id", "sequence"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    sequence: Mapped[int]
    kind: Mapped[CommandKind] = mapped_column(Enum(CommandKind, native_enum=False, length=40))
    arguments: Mapped[dict[str, Any]]
    create_time: Mapped[datetime] = mapped_column(index=True)


class DeviceLog(Base):
    __tablename__ = "device_logs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    command_id: Mapped[UUID | None]
    uploaded_time: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)


class EnrolmentFailures(Base):
    """Failed enrolments from one address, counted for all hubs since `window_start_time`."""

    __tablename__ = "device_enrolment_failures"

    address: Mapped[str] = mapped_column(primary_key=True)
    window_start_time: Mapped[datetime]
    count: Mapped[int]
