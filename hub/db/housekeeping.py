"""Rows that have served: delivered events and remembered answers go after a week."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from hub.db.held_answer import RequestLogEntry
from hub.db.outbox_tables import OutboxDelivery, OutboxEvent
from hub.db.unit_of_work import UnitOfWork

_KEPT = timedelta(days=7)


async def sweep(uow: UnitOfWork, scheduled_for: datetime) -> None:
    """Delete what is a week old at `scheduled_for`; an event that someone still waits for stays."""
    oldest = scheduled_for - _KEPT
    waiting = exists().where(OutboxDelivery.event_id == OutboxEvent.event_id)
    await uow.session.execute(delete(OutboxEvent).where(OutboxEvent.occurred_time < oldest, ~waiting))
    await uow.session.execute(delete(RequestLogEntry).where(RequestLogEntry.create_time < oldest))
