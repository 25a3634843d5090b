"""What courses must know of sessions, which lie above them: given to the servicer by the composition root."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Scope


@dataclass(frozen=True, slots=True)
class Lesson:
    """A dated session of an enrolment. `has_begun`: something can have been taught in it."""

    session_id: UUID
    enrolment_id: UUID
    session_date: date
    has_begun: bool


class Lessons(Protocol):
    """Implemented by `hub.attendance.lessons.LessonsOfAttendance`."""

    async def lesson(self, uow: UnitOfWork, session_id: UUID, scope: Scope) -> Lesson:
        """The session, if the caller may see it; a NotFound otherwise."""
