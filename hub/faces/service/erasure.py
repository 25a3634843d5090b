"""What faces forget of a person who is erased: everything, on devices too."""

from sqlalchemy import update

from hub.db.unit_of_work import UnitOfWork
from hub.faces import queries
from hub.faces.models import FaceConsent
from hub.faces.service.consent import withdraw_consent
from hub.users.events import UserErased


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    """Withdraw the consent, which erases the templates from hub and devices with proof, and forget the guardian."""
    person_id = event.user_id
    if await queries.newest_consent(uow, person_id) is None and await queries.registration_of(uow, person_id) is None:
        return
    await withdraw_consent(uow, person_id=person_id, reason="")
    await uow.session.flush()
    await uow.session.execute(
        update(FaceConsent)
        .where(FaceConsent.person_id == person_id)
        .values(guardian_name="", reason="")
        .execution_options(synchronize_session=False)
    )
