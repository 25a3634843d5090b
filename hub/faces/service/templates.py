"""Templates to and from the database; the only place where they are sealed and unsealed."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.sql import ColumnElement
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.faces.custody import KeyRing, Sealed, template_context
from hub.faces.encoder import EncodedPhotos
from hub.faces.models import FaceRegistration, FaceTemplate
from hub.faces.rules import RegistrationState
from presence.faces.types import Encodings


async def lock_registrations(uow: UnitOfWork) -> None:
    """One registration at a time on all hubs: two of the same face under two accounts must see each other."""
    await uow.take_turn("face registrations")


async def replace_templates(
    uow: UnitOfWork, keys: KeyRing, *, person_id: UUID, encoded: EncodedPhotos, state: RegistrationState
) -> FaceRegistration:
    """Store a person's templates in place of the former ones."""
    await erase_templates(uow, person_id)
    registration = FaceRegistration(
        person_id=person_id,
        set_id=uuid7(),
        engine=encoded.engine,
        model_sha256=encoded.model_sha256,
        template_count=len(encoded.encodings),
        registered_time=uow.now,
        state=state,
        new_photos_wanted=False,
    )
    uow.session.add(registration)
    await uow.session.flush()
    rows = []
    for position, encoding in enumerate(encoded.encodings):
        sealed = keys.seal(encoding.astype("<f4").tobytes(), template_context(person_id, registration.set_id, position))
        rows.append(
            {
                "person_id": person_id,
                "position": position,
                "set_id": registration.set_id,
                "key_id": sealed.key_id,
                "nonce": sealed.nonce,
                "ciphertext": sealed.ciphertext,
            }
        )
    await uow.insert_rows(FaceTemplate, rows)
    return registration


async def erase_templates(uow: UnitOfWork, person_id: UUID) -> FaceRegistration | None:
    """Erase a person's templates; answers what was registered."""
    registration = await uow.session.get(FaceRegistration, person_id)
    if registration is None:
        return None
    await uow.session.execute(delete(FaceTemplate).where(FaceTemplate.person_id == person_id))
    await uow.session.delete(registration)
    await uow.session.flush()
    return registration


async def templates_of(uow: UnitOfWork, keys: KeyRing, person_ids: Collection[UUID]) -> dict[UUID, Encodings]:
    """The encodings of the people, (k, 128) each."""
    return await _load(uow, keys, FaceTemplate.person_id.in_(person_ids))


async def all_templates(
    uow: UnitOfWork, keys: KeyRing, *, encoded: EncodedPhotos, but: Collection[UUID]
) -> dict[UUID, Encodings]:
    """The encodings of everybody else, of the same engine and models."""
    comparable = select(FaceRegistration.person_id).where(
        FaceRegistration.engine == encoded.engine,
        FaceRegistration.model_sha256 == encoded.model_sha256,
        FaceRegistration.person_id.not_in(but),
    )
    return await _load(uow, keys, FaceTemplate.person_id.in_(comparable))


def unseal(keys: KeyRing, template: FaceTemplate) -> bytes:
    sealed = Sealed(template.key_id, template.nonce, template.ciphertext)
    return keys.unseal(sealed, template_context(template.person_id, template.set_id, template.position))


async def _load(uow: UnitOfWork, keys: KeyRing, condition: ColumnElement[bool]) -> dict[UUID, Encodings]:
    rows = await uow.session.scalars(
        select(FaceTemplate).where(condition).order_by(FaceTemplate.person_id, FaceTemplate.position)
    )
    loaded: defaultdict[UUID, list[bytes]] = defaultdict(list)
    for row in rows:
        loaded[row.person_id].append(unseal(keys, row))
    return {
        person_id: np.frombuffer(b"".join(raw), dtype="<f4").reshape(len(raw), -1).astype(np.float32)
        for person_id, raw in loaded.items()
    }
