"""Consent: without it there is no template, and withdrawing it erases them."""

from uuid import UUID

from sqlalchemy import update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.faces import queries, rules
from hub.faces.errors import ConsentMissing, GuardianNeeded
from hub.faces.events import ConsentWithdrawn, FacesChanged
from hub.faces.models import ErasureProof, FaceClash, FaceConsent
from hub.faces.rules import ClashResolution, ConsentState
from hub.faces.service.templates import erase_templates
from hub.users import queries as users


async def give_consent(uow: UnitOfWork, *, person_id: UUID, guardian_name: str) -> FaceConsent:
    """Record that a person agrees; a minor needs a guardian's name.

    Raises:
        UserNotFound
        GuardianNeeded
    """
    person = await users.get_user(uow, person_id)
    guardian_name = " ".join(guardian_name.split())[:200]
    if rules.is_minor(person.birth_date, uow.now.date()) and not guardian_name:
        description = "is needed because the person is under 18: give the name of the guardian who agrees"
        raise GuardianNeeded(f"guardian_name {description}.", violations=[FieldViolation("guardian_name", description)])
    current = await queries.newest_consent(uow, person_id)
    if (
        current is not None
        and current.state is ConsentState.GIVEN
        and (not guardian_name or current.guardian_name == guardian_name)
    ):
        return current
    return _record(uow, person_id, ConsentState.GIVEN, guardian_name=guardian_name, reason="")


async def withdraw_consent(uow: UnitOfWork, *, person_id: UUID, reason: str) -> FaceConsent:
    """Record that a person no longer agrees, and erase the templates; devices prove that they did so too.

    Raises:
        UserNotFound
    """
    await users.get_user(uow, person_id)
    current = await queries.newest_consent(uow, person_id)
    if current is not None and current.state is ConsentState.WITHDRAWN:
        return current
    consent = _record(uow, person_id, ConsentState.WITHDRAWN, guardian_name="", reason=reason[:500])
    await erase_templates(uow, person_id)
    await uow.session.execute(
        update(FaceClash)
        .where(FaceClash.person_id == person_id, FaceClash.resolution.is_(None))
        .values(resolution=ClashResolution.ERASED, resolved_by=uow.principal.id, resolved_time=uow.now)
    )
    for holding in await queries.holdings_of_person(uow, person_id):
        uow.session.add(
            ErasureProof(
                person_id=person_id,
                device_id=holding.device_id,
                withdrawn_time=uow.now,
                set_id=holding.set_id,
                acknowledged_time=None,
            )
        )
    uow.publish(ConsentWithdrawn(**uow.new_event_args(), person_id=person_id))
    uow.publish(FacesChanged(**uow.new_event_args(), person_id=person_id))
    return consent


async def require_consent(uow: UnitOfWork, person_id: UUID) -> FaceConsent:
    """The person's consent.

    Raises:
        UserNotFound
        ConsentMissing
    """
    await users.get_user(uow, person_id)
    consent = await queries.newest_consent(uow, person_id)
    if consent is None or consent.state is not ConsentState.GIVEN:
        said = "has withdrawn consent" if consent else "has not consented"
        raise ConsentMissing(f"This person {said} to the use of their face: record their consent first.")
    return consent


def _record(uow: UnitOfWork, person_id: UUID, state: ConsentState, *, guardian_name: str, reason: str) -> FaceConsent:
    consent = FaceConsent(
        id=uuid7(),
        person_id=person_id,
        state=state,
        recorded_by=uow.principal.id,
        recorded_time=uow.now,
        guardian_name=guardian_name,
        reason=reason,
    )
    uow.session.add(consent)
    uow.audit(
        "faces.give_consent" if state is ConsentState.GIVEN else "faces.withdraw_consent",
        object_type="user",
        object_id=person_id,
        after={"state": state.value, "guardian": bool(guardian_name)},
        reason=reason or None,
    )
    return consent
