"""What a device sends and what it is answered; which facts are stored already."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, cast, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.attendance.bulk import array_literal
from hub.attendance.models import DoorFact
from hub.attendance.rules import ClockReading, FactKind, Judgement, Liveness, RejectionReason
from hub.db.unit_of_work import UnitOfWork
from presence.geofence import Position


class Outcome(enum.Enum):
    STORED = "STORED"
    DUPLICATE = "DUPLICATE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a device. `digest` is of all that the device sent of it."""

    event_id: UUID
    epoch: UUID
    sequence: int
    captured: ClockReading
    agent_version: str
    digest: bytes
    kind: FactKind
    person_id: UUID | None = None
    similarity: float = 0.0
    liveness: Liveness = Liveness.UNSPECIFIED
    position: Position | None = None
    position_source: str = ""
    engine: str = ""
    gallery_version: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Malformed:
    """An event that can never be stored, and why."""

    event_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The hub's word on one event."""

    event_id: str
    outcome: Outcome
    judgement: Judgement | None = None
    reason: RejectionReason | None = None
    session_id: UUID | None = None
    message: str = ""


class Known:
    """Facts that are stored already, by id and by place in the device's sequence."""

    def __init__(self, device_id: UUID) -> None:
        self._device_id = device_id
        self._by_id: dict[UUID, tuple[UUID | None, bytes, Answer]] = {}
        self._places: dict[tuple[UUID | None, int | None], UUID] = {}

    def add_row(self, row: Any) -> None:  # noqa: ANN401 (a row of the query below)
        answer = Answer(str(row.event_id), Outcome.DUPLICATE, row.judgement, row.rejection_reason, row.session_id)
        self._by_id[row.event_id] = (row.device_id, row.digest, answer)
        if row.device_id == self._device_id:
            self._places[row.epoch, row.sequence] = row.event_id

    def add(self, fact: Fact) -> None:
        answer = Answer(str(fact.event_id), Outcome.DUPLICATE)
        self._by_id[fact.event_id] = (self._device_id, fact.digest, answer)
        self._places[fact.epoch, fact.sequence] = fact.event_id

    def answer(self, fact: Fact) -> Answer | None:
        """DUPLICATE for a repeat, REFUSED for another fact in the place of a stored one, None for a new one."""
        stored = self._by_id.get(fact.event_id)
        if stored is not None:
            device_id, digest, answer = stored
            if (device_id, digest) == (self._device_id, fact.digest):
                return answer
            return Answer(
                str(fact.event_id), Outcome.REFUSED, message="Another event was stored with this id: ids serve once."
            )
        holder = self._places.get((fact.epoch, fact.sequence))
        if holder is None:
            return None
        return Answer(
            str(fact.event_id),
            Outcome.REFUSED,
            message=f"Sequence {fact.sequence} of this epoch is event {holder}: begin a new epoch.",
        )


async def find_known(uow: UnitOfWork, device_id: UUID, facts: Sequence[Fact]) -> Known:
    known = Known(device_id)
    if not facts:
        return known
    epochs: dict[UUID, list[int]] = {}
    for fact in facts:
        epochs.setdefault(fact.epoch, []).append(fact.sequence)
    on_postgresql = uow.session.get_bind().dialect.name == "postgresql"

    def is_one_of(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
        if not on_postgresql:
            return column.in_(values)
        return column == any_(cast(literal(array_literal(values), Text), ARRAY(column.type)))

    # Plain columns: the ORM would only cost time.
    connection = await uow.session.connection()
    rows = await connection.execute(
        select(
            DoorFact.event_id,
            DoorFact.device_id,
            DoorFact.epoch,
            DoorFact.sequence,
            DoorFact.digest,
            DoorFact.judgement,
            DoorFact.rejection_reason,
            DoorFact.session_id,
        ).where(
            or_(
                is_one_of(DoorFact.event_id, [fact.event_id for fact in facts]),
                *(
                    and_(DoorFact.device_id == device_id, DoorFact.epoch == epoch, is_one_of(DoorFact.sequence, taken))
                    for epoch, taken in epochs.items()
                ),
            )
        )
    )
    for row in rows:
        known.add_row(row)
    return known
