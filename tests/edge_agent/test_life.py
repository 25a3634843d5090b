import asyncio
import os
import socket
import time
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge_agent.errors import AgentError
from edge_agent.life.clock import DeviceClock
from edge_agent.life.lock import AnotherAgentRuns, only_agent
from edge_agent.life.log import RecentLog
from edge_agent.life.watchdog import Watchdog
from edge_agent.observations import ClockQuality

GOOD = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECOND = 1_000_000_000


class Machine:
    """The machine's own clocks."""

    def __init__(self, wall: datetime, *, ntp: bool = False) -> None:
        self.wall, self.ntp, self.since_boot_ns = wall, ntp, 5 * SECOND

    def clock(self, folder: Path) -> DeviceClock:
        return DeviceClock(
            folder / "time",
            wall_ns=lambda: round(self.wall.timestamp() * SECOND),
            monotonic_ns=lambda: self.since_boot_ns,
            synchronised=lambda: self.ntp,
        )

    def pass_time(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.since_boot_ns += round(seconds * SECOND)


def test_a_clock_that_nobody_ever_set_says_so(tmp_path: Path) -> None:
    assert Machine(datetime(1970, 1, 1, tzinfo=UTC)).clock(tmp_path).read().quality is ClockQuality.UNSYNCED


def test_a_clock_kept_by_ntp_is_synced(tmp_path: Path) -> None:
    clock = Machine(GOOD, ntp=True).clock(tmp_path)
    clock.check()
    reading = clock.read()
    assert (reading.quality, reading.wall_time) == (ClockQuality.SYNCED, GOOD)


def test_after_a_power_cut_time_goes_on_from_the_last_good(tmp_path: Path) -> None:
    clock = Machine(GOOD, ntp=True).clock(tmp_path)
    clock.check()
    rebooted = Machine(datetime(1970, 1, 1, tzinfo=UTC))
    clock = rebooted.clock(tmp_path)
    rebooted.pass_time(30)
    reading = clock.read()
    assert reading.quality is ClockQuality.RESTORED
    assert reading.wall_time == GOOD + timedelta(seconds=30)


def test_the_hubs_time_mends_a_clock_without_ntp(tmp_path: Path) -> None:
    machine = Machine(GOOD - timedelta(hours=1))
    clock = machine.clock(tmp_path)
    asked = clock.monotonic_ns()
    machine.pass_time(2)
    ahead = clock.hub_said(GOOD, asked_ns=asked, answered_ns=clock.monotonic_ns())
    assert ahead == timedelta(hours=-1, seconds=1)
    reading = clock.read()
    assert (reading.quality, reading.wall_time) == (ClockQuality.SYNCED, GOOD + timedelta(seconds=1))


def test_the_hub_does_not_set_a_clock_that_ntp_keeps(tmp_path: Path) -> None:
    clock = Machine(GOOD, ntp=True).clock(tmp_path)
    clock.check()
    ahead = clock.hub_said(GOOD - timedelta(minutes=5), asked_ns=0, answered_ns=0)
    assert ahead == timedelta(minutes=5) + timedelta(seconds=-5)  # the readings given are of boot, 5 s ago
    assert clock.read().wall_time == GOOD


def test_an_answer_that_took_long_tells_nothing(tmp_path: Path) -> None:
    clock = Machine(GOOD - timedelta(hours=1)).clock(tmp_path)
    assert clock.hub_said(GOOD, asked_ns=0, answered_ns=6 * SECOND) is None
    assert clock.read().quality is ClockQuality.UNSYNCED


def test_damaged_last_good_time_is_none(tmp_path: Path) -> None:
    (tmp_path / "time").write_text("soon")
    assert Machine(GOOD).clock(tmp_path).read().quality is ClockQuality.UNSYNCED


def test_one_agent_a_folder(tmp_path: Path) -> None:
    with only_agent(tmp_path), pytest.raises(AnotherAgentRuns, match="systemctl stop"), only_agent(tmp_path):
        pytest.fail("two agents")
    with only_agent(tmp_path):
        assert issubclass(AnotherAgentRuns, AgentError)


def test_the_newest_lines_are_kept_whole_and_within_their_size() -> None:
    log = RecentLog(max_bytes=1000)
    for number in range(100):
        log.write(f"line {number:03}\n")
    assert log.newest(27) == "line 097\nline 098\nline 099\n"
    assert log.newest(20) == "line 098\nline 099\n"
    assert len(log.newest(10_000)) <= 1000


async def test_systemd_is_told_of_life_while_all_parts_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    systemd.bind(str(tmp_path / "notify"))
    systemd.setblocking(False)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    beat = [time.monotonic()]

    def outbox() -> Future[int]:
        answer: Future[int] = Future()
        answer.set_result(0)
        return answer

    watchdog = Watchdog(pipeline_beat=lambda: beat[0], outbox_beat=outbox, stuck_after_s=5)
    watchdog.ready()
    task = asyncio.create_task(watchdog.run())
    await asyncio.sleep(0.2)
    told = _all(systemd)
    assert told[0] == b"READY=1"
    assert told.count(b"WATCHDOG=1") >= 2
    beat[0] -= 60
    await asyncio.sleep(0.1)
    _all(systemd)
    await asyncio.sleep(0.2)
    assert _all(systemd) == []
    assert await watchdog.stuck() == "pipeline"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    watchdog._systemd.socket.close()
    systemd.close()


def _all(systemd: socket.socket) -> list[bytes]:
    told = []
    while True:
        try:
            told.append(os.read(systemd.fileno(), 4096))
        except BlockingIOError:
            return told
