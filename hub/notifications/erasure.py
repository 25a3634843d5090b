"""What notifications forget of a person who is erased: all that was written to them, and their broker account."""

from sqlalchemy import delete, select

from hub.db.unit_of_work import UnitOfWork
from hub.notifications.models import AccountMail, BrokerCredential, Delivery, Notification
from hub.users.events import UserErased


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    own = select(Notification.id).where(Notification.recipient_id == event.user_id)
    for gone in (
        delete(Delivery).where(Delivery.notification_id.in_(own)),
        delete(Notification).where(Notification.recipient_id == event.user_id),
        delete(AccountMail).where(AccountMail.user_id == event.user_id),
        delete(BrokerCredential).where(BrokerCredential.user_id == event.user_id),
    ):
        await uow.session.execute(gone.execution_options(synchronize_session=False))
