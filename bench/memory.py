"""`python -m bench.memory --video FILE [--minutes 30] [--devices 200] [--json]`: resident memory of agent and hub.

A real agent replays the video again and again with the sface engine; the hub has it and the other devices connected,
each with its command stream open and a heartbeat every ten seconds. Growth is from minute 5, or a sixth of a shorter
run, to the end, each the median of a minute's samples.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psutil

from bench.report import Figure, Report
from bench.rig import HubProcess, make_college, make_device
from edge_agent.uplink.identity import Identity, IdentityStore
from smartroster.devices.v1 import devices_pb2, devices_pb2_grpc

SAMPLE_SECONDS = 5.0
HEARTBEAT_SECONDS = 10.0
MB = 1024 * 1024
AGENT_TOML = """\
data_dir = "{folder}"
runtime_dir = "{folder}/run"

[camera]
kind = "replay"
path = "{video}"
loop = true

[feedback]
screens = []

[position]
kind = "fixed"
latitude = -1.2921
longitude = 36.8219

[uplink]
device_address = "{address}"
"""


@dataclass(slots=True)
class Samples:
    """Resident memory of one process by second since the start."""

    pid: int
    taken: list[tuple[float, float]] = field(default_factory=list)

    def take(self, second: float) -> None:
        self.taken.append((second, psutil.Process(self.pid).memory_info().rss / MB))

    def around(self, second: float) -> float:
        """Median of the minute around a second, in MB."""
        return statistics.median(mb for at, mb in self.taken if abs(at - second) <= 30)

    def growth(self, total: float) -> float:
        """Relative growth from minute 5, or a sixth of a shorter run, to the end."""
        before, after = self.around(min(300.0, total / 6)), self.around(total - 30)
        return after / before - 1

    def most(self) -> float:
        return max(mb for _, mb in self.taken)


async def stay_connected(store: IdentityStore, identity: Identity, address: str) -> None:
    """One device: a command stream and heartbeats, without end."""
    async with grpc.aio.secure_channel(address, store.credentials(identity)) as channel:
        stub = devices_pb2_grpc.DeviceServiceStub(channel)

        async def beat() -> None:
            while True:
                await stub.Heartbeat(devices_pb2.HeartbeatRequest(agent_version="bench"))
                await asyncio.sleep(HEARTBEAT_SECONDS)

        async def watch() -> None:
            while True:
                # Ends with the connection's longest age, as a real agent's does.
                async for _ in stub.WatchCommands(devices_pb2.WatchCommandsRequest()):
                    pass

        await asyncio.gather(again(beat), again(watch))


async def again(work: Any) -> None:  # noqa: ANN401 (a coroutine function)
    while True:
        try:
            await work()
        except grpc.aio.AioRpcError as error:
            print(f"device: {error.code().name}", file=sys.stderr)
            await asyncio.sleep(1)


async def watch(
    hub: HubProcess, agent: Samples, devices: list[tuple[Identity, IdentityStore]], total: float
) -> Samples:
    """Keep the devices connected and sample both processes until the time is over."""
    hub_samples = Samples(hub.pid)
    connected = [
        asyncio.create_task(stay_connected(store, identity, hub.address("device"))) for identity, store in devices
    ]
    began = time.monotonic()
    while (second := time.monotonic() - began) < total:
        agent.take(second)
        hub_samples.take(second)
        if int(second) % 60 < SAMPLE_SECONDS:
            print(
                f"{second / 60:.0f} min: agent {agent.taken[-1][1]:.0f} MB, hub {hub_samples.taken[-1][1]:.0f} MB",
                file=sys.stderr,
            )
        await asyncio.sleep(SAMPLE_SECONDS)
    for task in connected:
        task.cancel()
    await asyncio.gather(*connected, return_exceptions=True)
    return hub_samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    total = arguments.minutes * 60
    report = Report("memory")
    with tempfile.TemporaryDirectory(prefix="roster-memory-") as name:
        folder = Path(name)
        hub = HubProcess(folder)
        hub.start()
        try:
            hub.create_admin()
            admin = hub.client()
            college = make_college(admin, trainees=30)
            home = folder / "agent"
            make_device(hub, admin, college.room_ids[0], home / "identity")
            devices = [
                make_device(hub, admin, college.room_ids[0], folder / f"device{number}")
                for number in range(1, arguments.devices)
            ]
            admin.close()
            config = folder / "agent.toml"
            config.write_text(
                AGENT_TOML.format(folder=home, video=arguments.video.resolve(), address=hub.address("device")),
                encoding="utf-8",
            )
            with (folder / "agent.log").open("wb") as log:
                agent = subprocess.Popen(
                    [sys.executable, "-m", "edge_agent", "run", "--config", str(config)], stdout=log, stderr=log
                )
            try:
                time.sleep(10)
                if agent.poll() is not None:
                    sys.exit(f"the agent ended:\n{(folder / 'agent.log').read_text(encoding='utf-8')[-3000:]}")
                samples = Samples(agent.pid)
                hub_samples = asyncio.run(watch(hub, samples, devices, total))
            finally:
                agent.terminate()
                agent.wait(10)
        finally:
            hub.kill()
    report.figures["minutes"] = Figure(arguments.minutes, unit="min", reach=">= 30")
    report.figures["devices"] = Figure(arguments.devices, reach=">= 200")
    report.figures["agent_mb"] = Figure(samples.most(), unit="MB", reach="<= 350")
    report.figures["hub_mb"] = Figure(hub_samples.most(), unit="MB", reach="<= 300")
    report.figures["agent_growth"] = Figure(samples.growth(total), reach="<= 0.01")
    report.figures["hub_growth"] = Figure(hub_samples.growth(total), reach="<= 0.01")
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
