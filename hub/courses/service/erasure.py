"""What courses forget of a person who is erased: why something was decided about them."""

from sqlalchemy import update

from hub.courses.models import EnrolmentException, TrainerLoan
from hub.db.unit_of_work import UnitOfWork
from hub.users.events import UserErased


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    for forgotten in (
        update(EnrolmentException).where(EnrolmentException.trainee_id == event.user_id).values(reason=""),
        update(TrainerLoan).where(TrainerLoan.trainer_id == event.user_id).values(reason=""),
    ):
        await uow.session.execute(forgotten.execution_options(synchronize_session=False))
