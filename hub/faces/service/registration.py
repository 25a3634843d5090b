"""Registration of faces, clashes between accounts, and comparison of a photo with one person."""

from uuid import UUID

from sqlalchemy import select, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.faces import queries
from hub.faces.custody import KeyRing
from hub.faces.encoder import Comparison, EncodedPhotos, FaceEncoder
from hub.faces.errors import FaceClashResolved
from hub.faces.events import FaceClashFound, FacesChanged
from hub.faces.models import FaceClash, FaceRegistration
from hub.faces.rules import ClashResolution, RegistrationState
from hub.faces.service.consent import require_consent
from hub.faces.service.templates import (
    all_templates,
    erase_templates,
    lock_registrations,
    replace_templates,
    templates_of,
)


async def register(
    uow: UnitOfWork, *, keys: KeyRing, encoder: FaceEncoder, person_id: UUID, encoded: EncodedPhotos
) -> FaceRegistration:
    """Store templates in place of the person's former ones. A face that another account has is held for staff.

    Raises:
        UserNotFound
        ConsentMissing
    """
    await require_consent(uow, person_id)
    await lock_registrations(uow)
    before = await queries.registration_of(uow, person_id)
    count_before = before.template_count if before else 0
    await _close_open_clash(uow, person_id)
    others = await all_templates(uow, keys, encoded=encoded, but={person_id, *await _known_doubles(uow, person_id)})
    clash = await encoder.find_clash(encoded, others, person_id) if others else None
    registration = await replace_templates(
        uow,
        keys,
        person_id=person_id,
        encoded=encoded,
        state=RegistrationState.IN_USE if clash is None else RegistrationState.HELD,
    )
    if clash is not None:
        row = FaceClash(
            id=uuid7(),
            person_id=person_id,
            other_person_id=clash.person_id,
            similarity=clash.similarity,
            found_time=uow.now,
        )
        uow.session.add(row)
        uow.publish(
            FaceClashFound(
                **uow.new_event_args(), clash_id=row.id, person_id=person_id, other_person_id=clash.person_id
            )
        )
    uow.audit(
        "faces.register",
        object_type="user",
        object_id=person_id,
        before={"template_count": count_before},
        after={
            "template_count": registration.template_count,
            "engine": registration.engine,
            "state": registration.state.value,
        },
    )
    uow.publish(FacesChanged(**uow.new_event_args(), person_id=person_id))
    return registration


async def resolve_clash(uow: UnitOfWork, *, clash_id: UUID, resolution: ClashResolution, reason: str) -> FaceClash:
    """Release the held templates, or erase them. Deciding the same again changes nothing.

    Raises:
        FaceClashNotFound
        FaceClashResolved: it was decided otherwise.
    """
    clash = await queries.get_clash(uow, clash_id)
    if clash.resolution is resolution:
        return clash
    if clash.resolution is not None:
        raise FaceClashResolved(
            f"This clash was decided already ({clash.resolution.value}): register the face again to change that."
        )
    clash.resolution, clash.resolved_by, clash.resolved_time = resolution, uow.principal.id, uow.now
    if resolution is ClashResolution.ERASED:
        await erase_templates(uow, clash.person_id)
    else:
        registration = await queries.registration_of(uow, clash.person_id)
        if registration is not None:
            registration.state = RegistrationState.IN_USE
    uow.audit(
        "faces.resolve_clash",
        object_type="face_clash",
        object_id=clash_id,
        before={"resolution": None},
        after={"resolution": resolution.value, "person_id": clash.person_id, "other_person_id": clash.other_person_id},
        reason=reason[:500] or None,
    )
    uow.publish(FacesChanged(**uow.new_event_args(), person_id=clash.person_id))
    return clash


async def compare(
    uow: UnitOfWork, *, keys: KeyRing, encoder: FaceEncoder, person_id: UUID, encoded: EncodedPhotos
) -> Comparison | None:
    """One photo against one person; None without templates of the photo's engine."""
    registration = await queries.registration_of(uow, person_id)
    if registration is None or (registration.engine, registration.model_sha256) != (
        encoded.engine,
        encoded.model_sha256,
    ):
        return None
    templates = await templates_of(uow, keys, [person_id])
    return await encoder.compare(encoded, templates[person_id])


async def _close_open_clash(uow: UnitOfWork, person_id: UUID) -> None:
    """The templates that clashed are about to be replaced."""
    await uow.session.execute(
        update(FaceClash)
        .where(FaceClash.person_id == person_id, FaceClash.resolution.is_(None))
        .values(resolution=ClashResolution.ERASED, resolved_by=uow.principal.id, resolved_time=uow.now)
    )


async def _known_doubles(uow: UnitOfWork, person_id: UUID) -> set[UUID]:
    """Who looks like the person by the word of staff: twins are not reported at each registration."""
    rows = await uow.session.execute(
        select(FaceClash.person_id, FaceClash.other_person_id).where(
            FaceClash.resolution == ClashResolution.KEPT,
            (FaceClash.person_id == person_id) | (FaceClash.other_person_id == person_id),
        )
    )
    return {someone for pair in rows.all() for someone in pair} - {person_id}
