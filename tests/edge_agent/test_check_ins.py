import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import grpc
import pytest

from edge_agent.life.clock import DeviceClock
from edge_agent.observations import ClockQuality
from edge_agent.uplink import check_ins
from edge_agent.uplink.check_ins import BadAnswer, CheckInSender
from edge_agent.uplink.identity import IdentityStore
from edge_agent.uplink.outbox import Outbox
from smartroster.attendance.v1 import room_pb2_grpc
from tests.edge_agent.conftest import check_in, eventually, reading
from tests.edge_agent.wire_hub import WireHub

Sending = Callable[[], Awaitable[None]]


@pytest.fixture
def outbox(open_outbox: Callable[..., Outbox]) -> Outbox:
    return open_outbox()


@pytest.fixture
def clock(tmp_path: Path) -> DeviceClock:
    clock = DeviceClock(tmp_path / "time", synchronised=lambda: True)
    clock.check()
    return clock


@pytest.fixture
async def send(hub: WireHub, outbox: Outbox, clock: DeviceClock, tmp_path: Path) -> AsyncIterator[Sending]:
    """Runs the sender, again whenever its stream fails, until nothing waits."""
    store = IdentityStore(tmp_path / "identity")
    identity = hub.identity(store)
    sender = CheckInSender(outbox, clock, on_answer=lambda: None)

    async def run() -> None:
        while True:
            async with grpc.aio.secure_channel(identity.device_address, store.credentials(identity)) as channel:
                try:
                    await sender.run(room_pb2_grpc.RoomServiceStub(channel))
                except (grpc.aio.AioRpcError, BadAnswer):
                    await asyncio.sleep(0.05)

    tasks: list[asyncio.Task[None]] = []

    async def until_empty() -> None:
        tasks.append(asyncio.create_task(run()))
        await eventually(lambda: outbox.depth().result(5) == 0)

    yield until_empty
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def append(outbox: Outbox, count: int) -> list[UUID]:
    return [await asyncio.to_thread(outbox.append, check_in(), reading()) for _ in range(count)]


async def test_a_backlog_arrives_once_and_leaves_the_outbox(hub: WireHub, outbox: Outbox, send: Sending) -> None:
    ids = await append(outbox, 350)
    await send()
    assert hub.order == [str(event_id) for event_id in ids]
    assert [hub.events[event_id].sequence for event_id in hub.order] == list(range(1, 351))
    assert hub.duplicates == 0


async def test_an_event_appended_while_the_stream_is_open_goes_at_once(
    hub: WireHub, outbox: Outbox, send: Sending
) -> None:
    await send()
    (event_id,) = await append(outbox, 1)
    await eventually(lambda: str(event_id) in hub.events, within_s=2)


async def test_answers_lost_on_the_way_make_duplicates_and_no_loss(hub: WireHub, outbox: Outbox, send: Sending) -> None:
    ids = await append(outbox, 120)
    hub.drop_answers = 2
    await send()
    assert set(hub.order) == {str(event_id) for event_id in ids}
    assert hub.duplicates >= 100


async def test_a_hub_that_can_not_store_now_is_asked_again(hub: WireHub, outbox: Outbox, send: Sending) -> None:
    ids = await append(outbox, 250)
    hub.retry_later = 3
    await send()
    assert set(hub.order) == {str(event_id) for event_id in ids}
    assert hub.retry_later == 0
    assert hub.duplicates == 0


async def test_a_refused_event_is_buried_and_the_others_go_on(hub: WireHub, outbox: Outbox, send: Sending) -> None:
    ids = await append(outbox, 5)
    hub.refuse[str(ids[2])] = "malformed"
    await send()
    assert len(hub.events) == 4
    assert await asyncio.wrap_future(outbox.dead_letters()) == [(ids[2], "malformed")]


async def test_an_event_on_which_the_hub_fails_does_not_hold_up_the_others(
    hub: WireHub, outbox: Outbox, send: Sending
) -> None:
    ids = await append(outbox, 30)
    hub.poison = {str(ids[3])}
    sending = asyncio.ensure_future(send())
    await eventually(lambda: len(hub.events) >= 29, within_s=15)
    assert await asyncio.wrap_future(outbox.depth()) >= 1
    hub.poison = set()
    await sending
    assert len(hub.events) == 30


async def test_a_restarted_hub_gets_what_it_missed(hub: WireHub, outbox: Outbox, send: Sending) -> None:
    await append(outbox, 10)
    await send()
    await hub.stop()
    await append(outbox, 10)
    await asyncio.sleep(0.3)
    assert len(hub.events) == 10
    await hub.start()
    await eventually(lambda: len(hub.events) >= 20, within_s=15)


async def test_the_watermark_goes_up_without_events(
    hub: WireHub, send: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_ins, "_WATERMARK_EVERY_S", 0.1)
    await send()
    await eventually(lambda: len(hub.watermarks) >= 3, within_s=5)
    assert timedelta() < datetime.now(UTC) - hub.watermarks[-1] < timedelta(seconds=15)


async def test_a_clock_that_nobody_set_promises_nothing(
    hub: WireHub, outbox: Outbox, send: Sending, clock: DeviceClock
) -> None:
    clock._quality = ClockQuality.UNSYNCED
    await append(outbox, 1)
    await send()
    assert hub.watermarks == []
    assert len(hub.events) == 1
