import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from edge_agent.alarms import AlarmBoard
from edge_agent.observations import CheckInFact, ClockQuality, ClockReading, Liveness
from edge_agent.settings import OutboxSettings
from edge_agent.uplink.outbox import Outbox
from tests.edge_agent.wire_hub import WireHub, make_hub

BOOT = uuid4()


def reading(ago: timedelta = timedelta(), quality: ClockQuality = ClockQuality.SYNCED) -> ClockReading:
    return ClockReading(wall_time=datetime.now(UTC) - ago, monotonic_ns=1, boot_id=BOOT, quality=quality)


def check_in(person_id: UUID | None = None) -> CheckInFact:
    return CheckInFact(
        person_id=person_id or uuid4(),
        similarity=0.9,
        liveness=Liveness.LIVE,
        position=None,
        engine="sface",
        gallery_version=1,
        shown="PRESENT",
    )


async def eventually(condition: Callable[[], bool], *, within_s: float = 20) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 (what is waited for happens in a server or another process)
            await asyncio.sleep(0.02)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WireHub]:
    hub = make_hub(tmp_path)
    await hub.start()
    yield hub
    await hub.stop()


@pytest.fixture
def alarms() -> AlarmBoard:
    return AlarmBoard()


@pytest.fixture
def open_outbox(tmp_path: Path, alarms: AlarmBoard) -> Iterator[Callable[..., Outbox]]:
    """Opens the outbox of one device; what is open at the end is closed."""
    opened: list[Outbox] = []
    device = uuid4()

    def open_one(*, device_id: UUID = device, path: Path = tmp_path / "outbox.db", **settings: int) -> Outbox:
        outbox = Outbox(
            path, device_id=device_id, agent_version="1.0", settings=OutboxSettings(**settings), alarms=alarms
        )
        opened.append(outbox)
        return outbox

    yield open_one
    for outbox in opened:
        outbox.close()
