"""What a device's gallery holds: versioned differences with removals, acknowledged, and the key of its disk."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.faces import queries
from hub.faces.custody import KeyRing, Sealed, disk_key_context
from hub.faces.errors import GalleryVersionUnknown
from hub.faces.models import DeviceGallery, ErasureProof, GalleryHolding
from hub.faces.service.templates import templates_of
from presence.faces.types import Encodings

_DISK_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, eq=False)
class GalleryChanges:
    """What brings a device from its version to `version`. `full`: forget all else. Encodings are (k, 128) a person."""

    version: int
    full: bool
    model_sha256: str
    upserts: list[tuple[UUID, Encodings]]
    removals: list[UUID]


async def gallery_changes(
    uow: UnitOfWork,
    *,
    keys: KeyRing,
    device_id: UUID,
    person_ids: Collection[UUID],
    known_version: int,
    engine: str,
) -> GalleryChanges:
    """The difference between what the device has and the templates of `person_ids` (the people of its room).

    The first call after the wanted set changed raises the version. The whole gallery is sent to a device that knows
    none (0), knows a version that was never sent, or has another engine. A removal is repeated until acknowledged.
    """
    wanted = await queries.people_in_use(uow, person_ids, engine)
    gallery = await _device_gallery(uow, keys, device_id)
    full = not 0 < known_version <= gallery.version or (bool(gallery.engine) and gallery.engine != engine)
    holdings = await queries.holdings_of_device(uow, device_id)
    added = [
        person_id
        for person_id, registration in wanted.items()
        if (holding := holdings.get(person_id)) is None or holding.removed or holding.set_id != registration.set_id
    ]
    gone = [person_id for person_id, holding in holdings.items() if not holding.removed and person_id not in wanted]
    if added or gone or gallery.engine != engine or gallery.version == 0:
        gallery.version += 1
        gallery.engine = engine
    for person_id in added:
        held = holdings.get(person_id)
        if held is None:
            held = holdings[person_id] = GalleryHolding(device_id=device_id, person_id=person_id)
            uow.session.add(held)
        held.set_id, held.version, held.removed = wanted[person_id].set_id, gallery.version, False
    for person_id in gone:
        holdings[person_id].version, holdings[person_id].removed = gallery.version, True
    sent = [
        person_id
        for person_id, holding in holdings.items()
        if not holding.removed and (full or holding.version > known_version)
    ]
    templates = await templates_of(uow, keys, sent)
    return GalleryChanges(
        version=gallery.version,
        full=full,
        model_sha256=next((registration.model_sha256 for registration in wanted.values()), ""),
        upserts=[(person_id, templates[person_id]) for person_id in sorted(sent)],
        removals=sorted(person_id for person_id, holding in holdings.items() if holding.removed),
    )


async def acknowledge_gallery(
    uow: UnitOfWork, *, device_id: UUID, version: int, erased_person_ids: Collection[UUID] = ()
) -> None:
    """The device has this version in force, and what it removed is off its disk; `erased_person_ids` are named besides.

    Repeating changes nothing.

    Raises:
        GalleryVersionUnknown: no such version was sent to the device.
    """
    gallery = await uow.session.get(DeviceGallery, device_id)
    if gallery is None or not 0 <= version <= gallery.version:
        raise GalleryVersionUnknown(f"version {version} was never sent to this device: fetch the gallery first.")
    holdings = await queries.holdings_of_device(uow, device_id)
    open_proofs = await uow.session.scalars(
        select(ErasureProof).where(ErasureProof.device_id == device_id, ErasureProof.acknowledged_time.is_(None))
    )
    named = frozenset(erased_person_ids)
    for proof in open_proofs:
        holding = holdings.get(proof.person_id)
        # Newer templates of the person take the place of the erased ones.
        replaced = holding is None or holding.removed or holding.set_id != proof.set_id
        if replaced and (holding is None or holding.version <= version or proof.person_id in named):
            proof.acknowledged_time = uow.now
    erased = [
        person_id
        for person_id, holding in holdings.items()
        if holding.removed and (holding.version <= version or person_id in named)
    ]
    await uow.session.execute(
        delete(GalleryHolding).where(GalleryHolding.device_id == device_id, GalleryHolding.person_id.in_(erased))
    )


async def device_gallery_key(uow: UnitOfWork, *, keys: KeyRing, device_id: UUID) -> tuple[bytes, str]:
    """The 32 bytes under which this device encrypts its gallery on disk, and their id; made at the first call."""
    gallery = await _device_gallery(uow, keys, device_id)
    sealed = Sealed(gallery.key_id, gallery.nonce, gallery.ciphertext)
    return keys.unseal(sealed, disk_key_context(device_id, gallery.disk_key_id)), str(gallery.disk_key_id)


async def forget_device(uow: UnitOfWork, *, device_id: UUID) -> None:
    """Destroy the key of a device's disk, which nobody can read from then on. Proofs that it owes stay open."""
    await uow.session.execute(delete(GalleryHolding).where(GalleryHolding.device_id == device_id))
    await uow.session.execute(delete(DeviceGallery).where(DeviceGallery.device_id == device_id))


async def _device_gallery(uow: UnitOfWork, keys: KeyRing, device_id: UUID) -> DeviceGallery:
    gallery = await uow.session.get(DeviceGallery, device_id, with_for_update=True)
    if gallery is None:
        disk_key_id = uuid7()
        sealed = keys.seal(secrets.token_bytes(_DISK_KEY_BYTES), disk_key_context(device_id, disk_key_id))
        gallery = DeviceGallery(
            device_id=device_id,
            version=0,
            engine="",
            disk_key_id=disk_key_id,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
        )
        uow.session.add(gallery)
        await uow.session.flush()
    return gallery
