from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from uuid6 import uuid7

from hub.attendance.bulk import array_literal, insert_rows
from hub.attendance.models import DoorFact
from hub.attendance.rules import ClockQuality, FactKind, Judgement, Liveness
from hub.db.database import Database
from hub.db.principal import SYSTEM

NOW = datetime(2026, 3, 2, 5, 0, 0, 7, tzinfo=UTC)
AWKWARD = ["", "plain", "NULL", 'a "quoted" word', "back\\slash", "{braces, and commas}", "Åsa", "tab\tline\n", "'"]


def fact(text: str, number: int) -> dict[str, object]:
    return {
        "event_id": uuid7(),
        "device_id": uuid7(),
        "epoch": uuid7(),
        "sequence": number,
        "digest": bytes([0, 92, 34, 255]),
        "kind": FactKind.CHECK_IN,
        "person_id": uuid7(),
        "session_id": None,
        "judgement": Judgement.PENDING,
        "rejection_reason": None,
        "capture_time": NOW,
        "arrival_time": NOW,
        "wall_time": NOW,
        "monotonic_ns": 2**62,
        "boot_id": text,
        "clock_quality": ClockQuality.SYNCED,
        "similarity": 0.1 + 0.2,
        "liveness": Liveness.LIVE,
        "latitude": -1.2921,
        "longitude": 1e-7,
        "accuracy_m": None,
        "position_source": "GPS",
        "engine": "sface",
        "gallery_version": 1,
        "agent_version": text,
        "shown": text,
    }


async def test_rows_come_back_as_they_went_in(database: Database) -> None:
    rows = [fact(text, number) for number, text in enumerate(AWKWARD)]
    async with database.unit_of_work(SYSTEM) as uow:
        await insert_rows(uow.session, DoorFact, rows)
        await insert_rows(uow.session, DoorFact, [])
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        stored = await uow.session.scalars(select(DoorFact).order_by(DoorFact.sequence))
        assert [{name: getattr(row, name) for name in rows[0]} for row in stored] == rows


@given(st.lists(st.uuids() | st.none()))
def test_array_of_ids(ids: list[UUID | None]) -> None:
    assert array_literal(ids) == "{" + ",".join("NULL" if i is None else str(i) for i in ids) + "}"
