from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from hub.db.unit_of_work import UnitOfWork
from hub.faces.errors import FaceClashNotFound
from hub.faces.models import ErasureProof, FaceClash, FaceConsent, FaceRegistration, GalleryHolding
from hub.faces.rules import ConsentState, RegistrationState


async def newest_consent(uow: UnitOfWork, person_id: UUID) -> FaceConsent | None:
    row: FaceConsent | None = await uow.session.scalar(
        select(FaceConsent).where(FaceConsent.person_id == person_id).order_by(FaceConsent.id.desc()).limit(1)
    )
    return row


async def consent_withdrawn_before(uow: UnitOfWork, person_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Those of the people whose consent is withdrawn now, with the time when it was."""
    rows = await uow.session.scalars(
        select(FaceConsent).where(FaceConsent.person_id.in_(person_ids)).order_by(FaceConsent.id)
    )
    latest = {row.person_id: row for row in rows}
    return {person_id: row.recorded_time for person_id, row in latest.items() if row.state is ConsentState.WITHDRAWN}


async def registration_of(uow: UnitOfWork, person_id: UUID) -> FaceRegistration | None:
    return await uow.session.get(FaceRegistration, person_id)


async def people_in_use(uow: UnitOfWork, person_ids: Collection[UUID], engine: str) -> dict[UUID, FaceRegistration]:
    """Those of the people whose templates of this engine may be used, all of the newest models.

    They are locked against erasure until the end of the transaction: who withdraws waits, and then sees which devices
    were sent the templates meanwhile.
    """
    rows = await uow.session.scalars(
        select(FaceRegistration)
        .where(
            FaceRegistration.person_id.in_(person_ids),
            FaceRegistration.engine == engine,
            FaceRegistration.state == RegistrationState.IN_USE,
        )
        .order_by(FaceRegistration.registered_time, FaceRegistration.person_id)
        .with_for_update(read=True, key_share=True)
    )
    found = list(rows.all())
    # Templates of other models are never compared with these.
    return {row.person_id: row for row in found if row.model_sha256 == found[-1].model_sha256}


async def open_clash_of(uow: UnitOfWork, person_id: UUID) -> FaceClash | None:
    row: FaceClash | None = await uow.session.scalar(
        select(FaceClash).where(FaceClash.person_id == person_id, FaceClash.resolution.is_(None))
    )
    return row


async def get_clash(uow: UnitOfWork, clash_id: UUID) -> FaceClash:
    clash = await uow.session.get(FaceClash, clash_id, with_for_update=True)
    if clash is None:
        raise FaceClashNotFound(f"There is no face clash {clash_id}: list the clashes to find the right id.")
    return clash


def clashes_query(*, include_resolved: bool) -> Select[FaceClash]:
    query = select(FaceClash)
    return query if include_resolved else query.where(FaceClash.resolution.is_(None))


async def erasure_proofs(uow: UnitOfWork, person_id: UUID) -> list[ErasureProof]:
    rows = await uow.session.scalars(
        select(ErasureProof)
        .where(ErasureProof.person_id == person_id)
        .order_by(ErasureProof.withdrawn_time, ErasureProof.device_id)
    )
    return list(rows.all())


async def holdings_of_device(uow: UnitOfWork, device_id: UUID) -> dict[UUID, GalleryHolding]:
    rows = await uow.session.scalars(select(GalleryHolding).where(GalleryHolding.device_id == device_id))
    return {row.person_id: row for row in rows}


async def holdings_of_person(uow: UnitOfWork, person_id: UUID) -> list[GalleryHolding]:
    rows = await uow.session.scalars(
        select(GalleryHolding).where(GalleryHolding.person_id == person_id).order_by(GalleryHolding.device_id)
    )
    return list(rows.all())
