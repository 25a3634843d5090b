"""How much trainers teach, which users shows but can't know (`hub.users.college.TeachingLoads`)."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.timetable.models import TimetableEntry, TimetableVersion
from hub.timetable.queries import STANDING, in_force_between


class LoadsOfTimetable:
    """The implementation that the composition root gives to the users' servicers."""

    async def weekly_loads(self, uow: UnitOfWork, trainer_ids: Collection[UUID], *, on: date) -> dict[UUID, timedelta]:
        """The lengths of the published entries of live enrolments that hold in the day's week, Monday to Sunday."""
        monday = on - timedelta(days=on.weekday())
        sunday = monday + timedelta(days=6)
        entries = await uow.session.scalars(
            select(TimetableEntry)
            .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
            .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
            .where(
                Enrolment.state != EnrolmentState.CANCELLED,
                STANDING,
                TimetableEntry.trainer_id.in_(set(trainer_ids)),
                *in_force_between(monday, sunday),
                TimetableEntry.start_date <= sunday,
                TimetableEntry.end_date >= monday,
            )
        )
        loads: dict[UUID, timedelta] = {}
        for entry in entries:
            slot = entry.slot.within(max(monday, entry.version.effective_date or monday), entry.version.end_date)
            held = sum(day <= sunday for day in slot.days()) if slot else 0
            loads[entry.trainer_id] = loads.get(entry.trainer_id, timedelta(0)) + held * timedelta(
                minutes=entry.slot.minutes
            )
        return loads
