"""The records of some sessions while they are worked on: read at once, changed in memory, stored at once."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from uuid6 import uuid7

from hub.attendance.bulk import insert_rows, update_rows
from hub.attendance.models import AttendanceRecord, RecordChange
from hub.attendance.queries import Counts
from hub.attendance.rules import Attendance, RecordSource, RecordState
from hub.db.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Line:
    """`stored` is what the database holds; None for a new record."""

    record_id: UUID
    session_id: UUID
    trainee_id: UUID
    stored: Attendance | None
    now: Attendance
    reason: str = ""


class Register:
    """Its sessions must be locked by this transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._lines: dict[tuple[UUID, UUID], Line] = {}

    async def load(self, session_ids: Collection[UUID], trainee_ids: Collection[UUID] | None = None) -> None:
        """Read the records of the sessions, all of them or those of some people."""
        if not session_ids or (trainee_ids is not None and not trainee_ids):
            return
        conditions: list[ColumnElement[bool]] = [AttendanceRecord.session_id.in_(list(session_ids))]
        if trainee_ids is not None:
            conditions.append(AttendanceRecord.trainee_id.in_(list(trainee_ids)))
        connection = await self._uow.session.connection()
        rows = await connection.execute(
            select(
                AttendanceRecord.id,
                AttendanceRecord.session_id,
                AttendanceRecord.trainee_id,
                AttendanceRecord.state,
                AttendanceRecord.source,
                AttendanceRecord.first_check_in_time,
                AttendanceRecord.last_check_in_time,
            ).where(*conditions)
        )
        for record_id, session_id, trainee_id, state, source, first, last in rows:
            attendance = Attendance(state, source, first, last)
            self._lines.setdefault(
                (session_id, trainee_id), Line(record_id, session_id, trainee_id, attendance, attendance)
            )

    def line(self, session_id: UUID, trainee_id: UUID) -> Line | None:
        return self._lines.get((session_id, trainee_id))

    def add(self, session_id: UUID, trainee_id: UUID, *, reason: str) -> Line:
        """The trainee's line, a PENDING one if there was none."""
        known = self._lines.get((session_id, trainee_id))
        if known is not None:
            return known
        line = Line(uuid7(), session_id, trainee_id, None, Attendance(RecordState.PENDING, RecordSource.SYSTEM), reason)
        self._lines[session_id, trainee_id] = line
        return line

    def lines_of(self, session_id: UUID) -> list[Line]:
        return [line for line in self._lines.values() if line.session_id == session_id]

    def counts(self, session_id: UUID) -> Counts:
        """In numbers; of a session that was loaded whole."""
        states = [line.now.state.value.lower() for line in self.lines_of(session_id)]
        return Counts(expected=len(states), **{state: states.count(state) for state in set(states)})

    async def store(self) -> list[Line]:
        """Write new and changed records, and each change of state; answers the lines whose state changed."""
        uow = self._uow
        new = [line for line in self._lines.values() if line.stored is None]
        changed = [line for line in self._lines.values() if line.stored is not None and line.stored != line.now]
        moved = [line for line in changed if line.stored is not None and line.stored.state is not line.now.state]
        await insert_rows(uow.session, AttendanceRecord, [_values(line) | _of(line) | {"note": ""} for line in new])
        await update_rows(uow.session, AttendanceRecord, [_values(line) for line in changed])
        await insert_rows(
            uow.session,
            RecordChange,
            [
                {
                    "id": uuid7(),
                    "record_id": line.record_id,
                    "session_id": line.session_id,
                    "before": None if line.stored is None else line.stored.state,
                    "after": line.now.state,
                    "change_time": uow.now,
                    "actor_kind": uow.principal.kind,
                    "actor_id": uow.principal.id,
                    "reason": line.reason,
                }
                for line in new + moved
            ],
        )
        for line in new + changed:
            line.stored = line.now
        return new + moved


def _values(line: Line) -> dict[str, object]:
    return {
        "id": line.record_id,
        "state": line.now.state,
        "source": line.now.source,
        "first_check_in_time": line.now.first_check_in_time,
        "last_check_in_time": line.now.last_check_in_time,
    }


def _of(line: Line) -> dict[str, object]:
    return {"session_id": line.session_id, "trainee_id": line.trainee_id}
