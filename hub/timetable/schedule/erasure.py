"""What the timetable forgets of a person who is erased: calendar feeds of theirs, and about them."""

from sqlalchemy import delete, or_

from hub.db.unit_of_work import UnitOfWork
from hub.timetable.models import TimetableFeed
from hub.users.events import UserErased


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    await uow.session.execute(
        delete(TimetableFeed)
        .where(or_(TimetableFeed.owner_id == event.user_id, TimetableFeed.person_id == event.user_id))
        .execution_options(synchronize_session=False)
    )
