"""Tables of the transactional outbox: events stored with the change that caused them, and who still waits for them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from hub.db.base import Base


class OutboxEvent(Base):
    __tablename__ = "outbox_events"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    occurred_time: Mapped[datetime] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]


class OutboxDelivery(Base):
    """One event for one subscriber; the row goes when the subscriber has handled it.

    `due_time` is when it may next be taken: taking it pushes the time forward, which is the lease.
    """

    __tablename__ = "outbox_deliveries"
    __table_args__ = (Index(None, "subscriber", "due_time"),)

    # SQLite counts up only INTEGER primary keys.
    delivery_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_events.event_id"), index=True)
    subscriber: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_time: Mapped[datetime]
    last_error: Mapped[str | None]
