"""What attendance keeps about a person beside the rows that name the account, and what it forgets of who is erased."""

from uuid import UUID

from sqlalchemy import Select, select, update

from hub.attendance.models import AttendanceRecord, RecordChange
from hub.db.personal_rows import Rows, as_dicts
from hub.db.unit_of_work import UnitOfWork
from hub.users.events import UserErased


async def personal_data(uow: UnitOfWork, person_id: UUID) -> Rows:
    """Who changed the person's records, and why."""
    return {
        "attendance_record_changes": await as_dicts(
            uow, RecordChange, RecordChange.record_id.in_(_records_of(person_id))
        ),
    }


async def on_user_erased(uow: UnitOfWork, event: UserErased) -> None:
    """Forget what people wrote about the person. That somebody was there stays: reports count it."""
    await uow.session.execute(
        update(AttendanceRecord)
        .where(AttendanceRecord.trainee_id == event.user_id)
        .values(note="")
        .execution_options(synchronize_session=False)
    )
    await uow.session.execute(
        update(RecordChange)
        .where(RecordChange.record_id.in_(_records_of(event.user_id)))
        .values(reason="")
        .execution_options(synchronize_session=False)
    )


def _records_of(person_id: UUID) -> Select[UUID]:
    return select(AttendanceRecord.id).where(AttendanceRecord.trainee_id == person_id)
