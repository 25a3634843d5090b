"""One unit of work is one transaction: changes, their audit entries and events are stored together or not at all."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, UOWTransaction
from uuid6 import uuid7

from hub.db.audit import AuditEntry, as_json
from hub.db.base import Base, Timestamps, table_of
from hub.db.find import Entity, find
from hub.db.outbox_tables import OutboxDelivery, OutboxEvent
from hub.db.principal import Principal
from hub.events import Event, to_json

_TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class EventArgs(TypedDict):
    event_id: UUID
    occurred_time: datetime


class UnitOfWork:
    """Handed out by `Database.unit_of_work`, which commits it; services never commit.

    Attributes:
        session: the SQLAlchemy session; `await session.flush()` when a later query must see earlier changes.
        principal: who acts.
        now: aware UTC instant, the same for the whole unit of work.
    """

    def __init__(
        self, session: AsyncSession, principal: Principal, now: datetime, subscribers: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.session = session
        self.principal = principal
        self.now = now
        self._subscribers = subscribers
        self._events: list[dict[str, Any]] = []
        self._deliveries: list[dict[str, Any]] = []
        self._audit: list[dict[str, Any]] = []
        session.sync_session.info["now"] = now

    async def row(self, entity: type[Entity], key: object) -> Entity | None:
        """The row with this primary key, if there is one; asked for once a unit."""
        return await find(self.session, entity, key)

    async def insert_rows(self, entity: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Store rows, given by their columns, with one statement; nothing when there are none. What they refer to must
        be flushed. The ORM's own way to insert many takes twice the time and adds nothing to it.
        """
        if rows:
            await self.session.execute(insert(table_of(entity)), rows)

    async def take_turn(self, name: str) -> None:
        """Go on alone, on all hubs, among the units that take the same turn, until this one ends: what one of them
        stored the next one sees. SQLite has one writer anyway.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            await self.session.execute(_TAKE_TURN, {"name": name})

    def new_event_args(self) -> EventArgs:
        """The two fields that every event has: `SessionStarted(**uow.new_event_args(), session_id=...)`."""
        return EventArgs(event_id=uuid7(), occurred_time=self.now)

    def publish(self, event: Event) -> None:
        """Store the event in this transaction; the relay delivers it at least once after the commit."""
        self._events.append(
            {
                "event_id": event.event_id,
                "name": event.name,
                "occurred_time": event.occurred_time,
                "payload": to_json(event),
            }
        )
        self._deliveries += [
            {"event_id": event.event_id, "subscriber": subscriber, "attempts": 0, "due_time": self.now}
            for subscriber in self._subscribers.get(event.name, ())
        ]

    def audit(
        self,
        action: str,
        *,
        object_type: str,
        object_id: UUID | str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Append to the audit trail. `action` is "<domain>.<verb>" as in "devices.revoke"; no secrets in the values."""
        self._audit.append(
            {
                "entry_id": uuid7(),
                "occurred_time": self.now,
                "principal_kind": self.principal.kind,
                "principal_id": self.principal.id,
                "address": self.principal.address,
                "action": action,
                "object_type": object_type,
                "object_id": str(object_id),
                "before": as_json(before),
                "after": as_json(after),
                "reason": reason,
            }
        )

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: an error undoes its changes, events and audit entries, and is raised."""
        marks = (len(self._events), len(self._deliveries), len(self._audit))
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            del self._events[marks[0] :], self._deliveries[marks[1] :], self._audit[marks[2] :]
            raise

    async def store_records(self) -> frozenset[str]:
        """Write the collected events and audit entries, one statement a table; answers the subscribers to wake.

        `Database` calls it before the commit; a test may call it to look at the rows inside the transaction.
        """
        await self.session.flush()
        await self.insert_rows(AuditEntry, self._audit)
        await self.insert_rows(OutboxEvent, self._events)
        await self.insert_rows(OutboxDelivery, self._deliveries)
        waiting = frozenset(delivery["subscriber"] for delivery in self._deliveries)
        self._audit, self._events, self._deliveries = [], [], []
        return waiting


class WriteInReadOnlyUnit(RuntimeError):
    """A unit of work opened with `write=False` was asked to store something: a mistake in the hub's code."""


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    now = session.info.get("now")
    if now is None:  # not a unit of work: a migration or a tool
        return
    if session.info.get("read_only") and (
        session.new or session.deleted or any(map(session.is_modified, session.dirty))
    ):
        raise WriteInReadOnlyUnit("open the unit of work with write=True")
    for row in session.new:
        if isinstance(row, Timestamps):
            row.create_time = row.update_time = now
    for row in session.dirty:
        if isinstance(row, Timestamps) and session.is_modified(row):
            row.update_time = now
