"""Who teaches class groups and where, which school counts but can't know (`hub.school.teaching.Teaching`)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.school.models import Term
from hub.timetable.models import Room, TimetableEntry, TimetableVersion
from hub.timetable.queries import STANDING, in_force_on
from hub.timetable.rules import RoomState


class TeachingOfThisHub:
    """The implementation that the composition root gives to school's servicers."""

    def rooms(self) -> Select[UUID]:
        return select(Room.id).where(Room.state == RoomState.IN_USE)

    def rooms_of_groups(self, on: date) -> Select[UUID, UUID]:
        return (
            select(TimetableEntry.class_group_id, TimetableEntry.room_id)
            .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
            .where(in_force_on(on), STANDING, TimetableEntry.start_date <= on, TimetableEntry.end_date >= on)
        )

    def trainers_of_groups(self, on: date) -> Select[UUID, UUID]:
        return (
            select(Enrolment.class_group_id, Enrolment.trainer_id)
            .join(Term, Term.id == Enrolment.term_id)
            .where(Enrolment.state != EnrolmentState.CANCELLED, Term.start_date <= on, Term.end_date >= on)
        )
