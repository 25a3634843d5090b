"""The whole agent as a process, against the hub's wire."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from edge_agent.app import EXIT_RESTART
from edge_agent.uplink.identity import IdentityStore
from smartroster.devices.v1 import devices_pb2
from tests.edge_agent.conftest import eventually
from tests.edge_agent.test_gallery_sync import FULL
from tests.edge_agent.wire_hub import WireHub

Start = Callable[[], Awaitable[asyncio.subprocess.Process]]

pytestmark = pytest.mark.e2e


@pytest.fixture
def config(tmp_path: Path) -> Path:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("RGB", (640, 480), (90, 90, 90)).save(pictures / "0.jpg")
    path = tmp_path / "agent.toml"
    path.write_text(
        "data_dir = 'data'\nruntime_dir = 'tmpfs'\n"
        "[camera]\nkind = 'replay'\npath = 'pictures'\nloop = true\n[feedback]\nscreens = []\n"
    )
    return path


@pytest.fixture
async def start(hub: WireHub, config: Path) -> AsyncIterator[Start]:
    hub.identity(IdentityStore(config.parent / "data" / "identity"))
    started: list[asyncio.subprocess.Process] = []

    async def begin() -> asyncio.subprocess.Process:
        process = await roster_agent("run", "--config", str(config))
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def roster_agent(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "edge_agent",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


async def test_the_agent_lives_and_sigterm_ends_it_within_five_seconds(hub: WireHub, start: Start) -> None:
    agent = await start()
    await eventually(lambda: len(hub.heartbeats) >= 3 and bool(hub.watermarks), within_s=60)
    # The pipeline counts pictures over ten seconds.
    await eventually(lambda: hub.heartbeats[-1].frames_per_second > 0, within_s=30)
    newest = hub.heartbeats[-1]
    assert newest.resident_memory_bytes > 10_000_000
    assert 0 < newest.disk_free_ratio <= 1
    assert newest.config_version == hub.config.version
    assert {alarm.reason for alarm in newest.alarms} <= {"CLOCK_UNSYNCED"}
    began = time.monotonic()
    agent.send_signal(signal.SIGTERM)
    assert await agent.wait() == 0
    assert time.monotonic() - began < 5


async def test_commands_are_carried_out_once(hub: WireHub, start: Start) -> None:
    log = devices_pb2.DeviceCommand(id="01", send_log=devices_pb2.DeviceCommand.SendLog(max_bytes=4000))
    restart = devices_pb2.DeviceCommand(id="02", restart_agent=devices_pb2.DeviceCommand.RestartAgent())
    hub.commands = [log, restart]
    agent = await start()
    assert await asyncio.wait_for(agent.wait(), 60) == EXIT_RESTART
    assert [upload.command_id for upload in hub.logs] == ["01"]
    assert "running" in hub.logs[0].text
    assert len(hub.logs[0].text.encode()) <= 4000
    agent = await start()
    beats = len(hub.heartbeats)
    await eventually(lambda: len(hub.heartbeats) >= beats + 3, within_s=60)
    assert agent.returncode is None
    assert len(hub.logs) == 1


async def test_a_hub_that_comes_late_or_goes_for_a_while_is_found_again(hub: WireHub, start: Start) -> None:
    await hub.stop()
    agent = await start()
    await asyncio.sleep(4)
    assert agent.returncode is None
    await hub.start()
    await eventually(lambda: bool(hub.heartbeats), within_s=60)


async def test_a_due_certificate_is_renewed_while_running(hub: WireHub, config: Path, start: Start) -> None:
    hub.certificate_age = timedelta(days=89)
    store = IdentityStore(config.parent / "data" / "identity")
    former = hub.identity(store)
    await start()
    await eventually(lambda: store.load() != former, within_s=60)
    beats = len(hub.heartbeats)
    await eventually(lambda: len(hub.heartbeats) >= beats + 2, within_s=60)
    assert hub.renewals == 1


async def test_sixty_days_offline_with_an_expired_certificate_heal_unaided(
    hub: WireHub, config: Path, start: Start
) -> None:
    hub.certificate_age = timedelta(days=150)
    hub.identity(IdentityStore(config.parent / "data" / "identity"))
    await start()
    await eventually(lambda: bool(hub.heartbeats), within_s=60)
    assert hub.renewals == 1


async def test_a_second_agent_in_the_same_folder_is_refused(hub: WireHub, config: Path, start: Start) -> None:
    await start()
    await eventually(lambda: bool(hub.heartbeats), within_s=60)
    second = await roster_agent("run", "--config", str(config))
    _, told = await second.communicate()
    assert second.returncode == 1
    assert b"Another agent runs" in told


async def test_check_tells_what_works_and_what_does_not(hub: WireHub, config: Path) -> None:
    hub.identity(IdentityStore(config.parent / "data" / "identity"))
    hub.config.room.code, hub.config.room.name = "B12", "Physics"
    checked = await roster_agent("check", "--config", str(config), "--json")
    told, _ = await checked.communicate()
    findings = json.loads(told)
    assert findings["camera"]["works"]
    assert "640 x 480" in findings["camera"]["text"]
    assert "B12 Physics" in findings["hub"]["text"]
    assert findings["certificate"]["works"]
    await hub.stop()
    checked = await roster_agent("check", "--config", str(config), "--json")
    told, _ = await checked.communicate()
    assert json.loads(told)["hub"]["works"] is False
    assert checked.returncode == 1


async def test_what_is_not_enrolled_does_not_run_and_says_how(config: Path) -> None:
    agent = await roster_agent("run", "--config", str(config))
    _, told = await agent.communicate()
    assert agent.returncode == 1
    assert b"roster-agent enrol" in told


async def test_enrol_as_a_command(hub: WireHub, config: Path) -> None:
    enrolled = await roster_agent(
        "enrol", "--hub", hub.address("enrolment"), "--code", hub.code, "--config", str(config)
    )
    told, _ = await enrolled.communicate()
    assert enrolled.returncode == 0
    assert str(hub.device_id).encode() in told
    state = await roster_agent("status", "--config", str(config), "--json")
    told, _ = await state.communicate()
    facts = json.loads(told)
    assert facts["device_id"] == str(hub.device_id)
    assert facts["waiting_events"] == 0
    assert 85 <= facts["certificate_days_left"] <= 90


async def test_a_revoked_device_erases_its_gallery_and_lives_on(hub: WireHub, config: Path, start: Start) -> None:
    hub.gallery = [FULL]
    agent = await start()
    sealed = config.parent / "data" / "room" / "gallery.sealed"
    await eventually(lambda: bool(hub.acknowledged) and bool(hub.heartbeats), within_s=60)
    assert sealed.exists()
    assert (config.parent / "tmpfs" / "gallery.key").exists()
    hub.revoked = True
    await eventually(lambda: not sealed.exists(), within_s=30)
    assert not (config.parent / "tmpfs" / "gallery.key").exists()
    assert agent.returncode is None
