"""`python -m bench.memory [--video FILE] [--minutes 30] [--devices 200]`: resident memory of agent and hub, and growth.

A real hub with so many devices connected (streams open, heartbeats), and a real `roster-agent` that is one of its
devices and replays a video without an end; both are looked at every few seconds.
"""

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import psutil

from bench.report import Figure, Report
from bench.rig import HubProcess, make_college, make_device
from edge_agent.uplink.identity import Identity, IdentityStore
from smartroster.attendance.v1 import room_pb2, room_pb2_grpc
from smartroster.devices.v1 import devices_pb2, devices_pb2_grpc

PORTRAITS = Path(__file__).parents[1] / "tests" / "data" / "faces"
LOOK_EVERY_S = 2.0
HEARTBEAT_S = 30.0
WARM_MINUTES = 5.0
MB = 1_000_000


async def be_device(identity: Identity, store: IdentityStore) -> None:
    """What an idle agent does: a check-in stream, a watch for commands, heartbeats."""
    async with grpc.aio.secure_channel(identity.device_address, store.credentials(identity)) as channel:
        device = devices_pb2_grpc.DeviceServiceStub(channel)
        commands = device.WatchCommands(devices_pb2.WatchCommandsRequest())
        stream = room_pb2_grpc.RoomServiceStub(channel).StreamCheckIns()
        watching = asyncio.ensure_future(_read_on(commands))
        try:
            number = 0
            while True:
                number += 1
                await stream.write(room_pb2.StreamCheckInsRequest(batch_number=number))
                await stream.read()
                request = devices_pb2.HeartbeatRequest(agent_version="bench")
                request.device_time.FromDatetime(datetime.now(UTC))
                await device.Heartbeat(request)
                await asyncio.sleep(HEARTBEAT_S)
        finally:
            watching.cancel()


async def _read_on(commands: grpc.aio.UnaryStreamCall) -> None:  # type: ignore[type-arg]  # generic in stubs alone
    async for _ in commands:
        continue


async def look(hub: psutil.Process, agent: psutil.Process, minutes: float) -> tuple[list[float], list[float]]:
    """Resident bytes of both, every few seconds."""
    hub_bytes, agent_bytes = [], []
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        hub_bytes.append(float(hub.memory_info().rss))
        agent_bytes.append(float(agent.memory_info().rss))
        await asyncio.sleep(LOOK_EVERY_S)
    return hub_bytes, agent_bytes


async def connected(
    devices: list[tuple[Identity, IdentityStore]], looking: Awaitable[tuple[list[float], list[float]]]
) -> tuple[list[float], list[float]]:
    tasks = [asyncio.create_task(be_device(identity, store)) for identity, store in devices]
    try:
        seen = await looking
        if gone := [task for task in tasks if task.done()]:
            raise RuntimeError(f"{len(gone)} of {len(tasks)} devices lost their connection: {gone[0].exception()}")
        return seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def agent_process(folder: Path, video: Path) -> Iterator[psutil.Process]:
    """A `roster-agent` whose identity lies in `folder`/identity already."""
    config = folder / "agent.toml"
    config.write_text(
        f'data_dir = "."\nruntime_dir = "tmpfs"\n[camera]\nkind = "replay"\npath = "{video.resolve()}"\nloop = true\n'
        "[feedback]\nscreens = []\n",
        encoding="utf-8",
    )
    with (folder / "agent.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "edge_agent", "run", "--config", str(config)], stdout=log, stderr=log
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def growth(resident: list[float], minutes: float) -> float:
    """The last minute's median over that of the minute after the warm-up (a sixth of a short run), less one."""
    warm = min(WARM_MINUTES, minutes / 6)
    a_minute = max(round(len(resident) * min(1.0, minutes / 6) / minutes), 1)
    begin = round(len(resident) * warm / minutes)
    return statistics.median(resident[-a_minute:]) / statistics.median(resident[begin : begin + a_minute]) - 1


def run(folder: Path, *, video: Path, minutes: float, devices: int) -> Report:
    report = Report("memory")
    hub = HubProcess(folder / "rig")
    hub.create_admin()
    hub.start()
    try:
        admin = hub.client()
        room_id = make_college(admin, trainees=20).room_ids[0]
        others = [make_device(hub, admin, room_id, folder / f"device-{number}") for number in range(devices - 1)]
        make_device(hub, admin, room_id, folder / "agent" / "identity")
        with agent_process(folder / "agent", video) as agent:
            looking = look(psutil.Process(hub.pid), agent, minutes)
            hub_bytes, agent_bytes = asyncio.run(connected(others, looking))
    finally:
        hub.kill()
    report.figures |= {
        "agent_resident_mb": Figure(max(agent_bytes) / MB, "MB", reach="<= 350"),
        "agent_growth": Figure(growth(agent_bytes, minutes), reach="<= 0.01"),
        "hub_resident_mb": Figure(max(hub_bytes) / MB, "MB", reach="<= 300"),
        "hub_growth": Figure(growth(hub_bytes, minutes), reach="<= 0.01"),
        "minutes": Figure(minutes, "min"),
        "devices": Figure(devices),
    }
    if minutes < WARM_MINUTES * 2:
        report.invalid_because.append(f"{minutes:g} minutes are too short to tell growth from warming up")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", type=Path, default=PORTRAITS, help="video file or folder of pictures to replay")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roster-memory-") as folder:
        report = run(Path(folder), video=arguments.video, minutes=arguments.minutes, devices=arguments.devices)
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
