"""Tables; imported by this domain alone. `*_ciphertext` columns are AES-GCM under the key `*key_id` of the key ring."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Enum, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base
from hub.faces.rules import ClashResolution, ConsentState, RegistrationState


class FaceConsent(Base):
    """What a person said, each time; the newest row counts."""

    __tablename__ = "face_consents"
    __table_args__ = (Index(None, "person_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[ConsentState] = mapped_column(Enum(ConsentState, native_enum=False, length=40))
    recorded_by: Mapped[UUID | None]
    recorded_time: Mapped[datetime]
    guardian_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


class FaceRegistration(Base):
    """`set_id` names one set of templates: it changes with each registration of the person."""

    __tablename__ = "face_registrations"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    set_id: Mapped[UUID] = mapped_column(default=uuid7)
    engine: Mapped[str]
    model_sha256: Mapped[str]
    template_count: Mapped[int]
    registered_time: Mapped[datetime]
    state: Mapped[RegistrationState] = mapped_column(Enum(RegistrationState, native_enum=False, length=40))
    new_photos_wanted: Mapped[bool] = mapped_column(default=False)


class FaceTemplate(Base):
    """One encoding: 128 little-endian float32, encrypted; person, set and position are authenticated with it."""

    __tablename__ = "face_templates"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("face_registrations.person_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[UUID]
    key_id: Mapped[str] = mapped_column(index=True)
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]


class FaceClash(Base):
    """`person_id` is who was registered last; `resolution` is None until staff decide."""

    __tablename__ = "face_clashes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    other_person_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    similarity: Mapped[float]
    found_time: Mapped[datetime] = mapped_column(index=True)
    resolution: Mapped[ClashResolution | None] = mapped_column(Enum(ClashResolution, native_enum=False, length=40))
    resolved_by: Mapped[UUID | None]
    resolved_time: Mapped[datetime | None]


class DeviceGallery(Base):
    """A device's gallery as last sent, and its disk's key. The devices' table is above: no foreign key."""

    __tablename__ = "face_device_galleries"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    engine: Mapped[str] = mapped_column(default="")
    disk_key_id: Mapped[UUID] = mapped_column(default=uuid7)
    key_id: Mapped[str] = mapped_column(index=True)
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]


class GalleryHolding(Base):
    """A person whose templates a device got; a removal stays until the device has acknowledged it."""

    __tablename__ = "face_gallery_holdings"

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    set_id: Mapped[UUID]
    # The gallery version with which it was sent or removed.
    version: Mapped[int] = mapped_column(BigInteger)
    removed: Mapped[bool] = mapped_column(default=False)


class ErasureProof(Base):
    """A device held the templates `set_id` when consent was withdrawn; acknowledged when they are off its disk."""

    __tablename__ = "face_erasure_proofs"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    withdrawn_time: Mapped[datetime] = mapped_column(primary_key=True)
    set_id: Mapped[UUID]
    acknowledged_time: Mapped[datetime | None]
