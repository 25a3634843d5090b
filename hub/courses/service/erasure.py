"""What courses keep about a person beside the rows that name the account, and what they forget of who is erased."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, update

from hub.courses.models import EnrolmentException, SourcedId, TrainerLoan
from hub.db.personal_rows import Rows, as_dicts
from hub.db.unit_of_work import UnitOfWork
from hub.users.events import UserErased


async def personal_data(uow: UnitOfWork, person_id: UUID) -> Rows:
    """What another system calls the person."""
    return {"one_roster_ids": await as_dicts(uow, SourcedId, _names(person_id))}


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    """Forget why something was decided about the person, and what another system calls them."""
    for forgotten in (
        update(EnrolmentException).where(EnrolmentException.trainee_id == event.user_id).values(reason=""),
        update(TrainerLoan).where(TrainerLoan.trainer_id == event.user_id).values(reason=""),
    ):
        await uow.session.execute(forgotten.execution_options(synchronize_session=False))
    await uow.session.execute(delete(SourcedId).where(_names(event.user_id)))


def _names(person_id: UUID) -> ColumnElement[bool]:
    return (SourcedId.kind == "user") & (SourcedId.object_id == person_id)
