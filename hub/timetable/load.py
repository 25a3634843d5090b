"""How much trainers teach, which users shows but can't know (`hub.users.college.TeachingLoads`)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.timetable.models import TimetableEntry
from hub.timetable.rules import EntryState


class LoadsOfTimetable:
    """The implementation that the composition root gives to the users' servicers."""

    async def weekly_loads(self, uow: UnitOfWork, trainer_ids: Collection[UUID], *, on: date) -> dict[UUID, timedelta]:
        """The lengths of the published entries that hold in the week (Monday to Sunday) of the day, added up."""
        monday = on - timedelta(days=on.weekday())
        rows = await uow.session.execute(
            select(TimetableEntry.trainer_id, TimetableEntry.start_time_of_day, TimetableEntry.end_time_of_day).where(
                TimetableEntry.trainer_id.in_(set(trainer_ids)),
                TimetableEntry.state == EntryState.PUBLISHED,
                TimetableEntry.start_date <= monday + timedelta(days=6),
                TimetableEntry.end_date >= monday,
            )
        )
        loads: dict[UUID, timedelta] = {}
        for trainer_id, start, end in rows:
            length = datetime.combine(monday, end) - datetime.combine(monday, start)
            loads[trainer_id] = loads.get(trainer_id, timedelta(0)) + length
        return loads
