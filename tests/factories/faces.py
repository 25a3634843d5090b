"""People and encodings that are alike or not, as an engine would make them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

import numpy as np

from hub.db.unit_of_work import UnitOfWork
from hub.faces import service
from hub.faces.custody import KeyRing
from hub.faces.encoder import EncodedPhotos, FaceEncoder
from hub.faces.models import FaceRegistration
from hub.faces.service import consent, registration
from presence.faces.types import Encodings
from tests.factories.users import make_admin

MODEL = "0" * 64


async def make_person(uow: UnitOfWork, *, birth_date: date | None = date(2000, 1, 1)) -> UUID:
    return (await make_admin(uow, birth_date=birth_date)).id


def photos_of(face: int, *, count: int = 3, engine: str = "sface", model_sha256: str = MODEL) -> EncodedPhotos:
    """Encodings of `count` photos of face number `face`: alike among themselves, unlike those of other numbers."""
    rng = np.random.default_rng(face)
    centre = rng.normal(size=128)
    rows = centre / np.linalg.norm(centre) + rng.normal(scale=0.02, size=(count, 128))
    encodings: Encodings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return EncodedPhotos(engine, model_sha256, encodings)


async def register(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder, person_id: UUID, encoded: EncodedPhotos
) -> FaceRegistration:
    await consent.give_consent(uow, person_id=person_id, guardian_name="")
    return await registration.register(uow, keys=keys, encoder=encoder, person_id=person_id, encoded=encoded)


DEVICE = uuid4()


async def sync(
    uow: UnitOfWork,
    keys: KeyRing,
    people: Collection[UUID],
    known: int,
    engine: str = "sface",
    device_id: UUID = DEVICE,
) -> service.GalleryChanges:
    return await service.gallery_changes(
        uow, keys=keys, device_id=device_id, person_ids=people, known_version=known, engine=engine
    )


def names(changes: service.GalleryChanges) -> set[UUID]:
    return {person_id for person_id, _ in changes.upserts}
