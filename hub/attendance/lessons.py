"""What courses must know of sessions (`hub.courses.lessons.Lessons`)."""

from uuid import UUID

from hub.attendance import queries
from hub.attendance.rules import SessionState
from hub.courses.lessons import Lesson
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Scope


class LessonsOfAttendance:
    """The implementation that the composition root gives to the courses' servicer."""

    async def lesson(self, uow: UnitOfWork, session_id: UUID, scope: Scope) -> Lesson:
        session = await queries.get_session(uow, session_id, scope=scope)
        return Lesson(
            session_id=session.id,
            enrolment_id=session.enrolment_id,
            session_date=session.session_date,
            has_begun=session.state in (SessionState.ACTIVE, SessionState.COMPLETED),
        )
