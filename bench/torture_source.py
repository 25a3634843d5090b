"""The device's half of a torture trial: the agent's own outbox and check-in stream, fed without a camera.

Reads commands from standard input, a line each: `append N` stores N check-ins and one unknown face, and writes the id
of each to the ledger once the outbox has taken it; `depth` answers how many wait; `end` ends.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

import grpc

from edge_agent.alarms import AlarmBoard
from edge_agent.life.clock import DeviceClock
from edge_agent.observations import CheckInFact, Liveness, PositionFix, PositionSource, UnknownFaceFact
from edge_agent.settings import OutboxSettings
from edge_agent.uplink.backoff import Backoff
from edge_agent.uplink.check_ins import BadAnswer, CheckInSender
from edge_agent.uplink.identity import Identity, IdentityStore
from edge_agent.uplink.outbox import Outbox
from presence.geofence import Position
from smartroster.attendance.v1 import room_pb2_grpc

HERE = PositionFix(Position(-1.2921, 36.8219, 5.0), PositionSource.FIXED)
_LONGEST_BACKOFF_S = 0.5


class Ledger:
    """Ids that the outbox has taken, on disk before anything else happens."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, kind: str, event_id: UUID) -> None:
        os.write(self._handle, f"{kind} {event_id}\n".encode())
        os.fdatasync(self._handle)


def append(outbox: Outbox, clock: DeviceClock, ledger: Ledger, people: list[UUID], count: int) -> None:
    for number in range(count):
        fact = CheckInFact(
            person_id=people[number % len(people)],
            similarity=0.95,
            liveness=Liveness.LIVE,
            position=HERE,
            engine="sface",
            gallery_version=1,
            shown="PRESENT",
        )
        ledger.write("check_in", outbox.append(fact, clock.read()))
    ledger.write("unknown", outbox.append(UnknownFaceFact(position=HERE, usable_frames=3), clock.read()))


async def send(store: IdentityStore, identity: Identity, address: str, sender: CheckInSender) -> None:
    """Keep a stream open, whatever happens to it."""
    backoff = Backoff(_LONGEST_BACKOFF_S)
    while True:
        async with grpc.aio.secure_channel(address, store.credentials(identity)) as channel:
            try:
                await sender.run(room_pb2_grpc.RoomServiceStub(channel))
            except (grpc.aio.AioRpcError, BadAnswer, TimeoutError, OSError) as error:
                print(f"stream: {type(error).__name__}", file=sys.stderr, flush=True)
        await asyncio.sleep(backoff.next_s())


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--people", required=True)
    arguments = parser.parse_args()
    store = IdentityStore(arguments.folder)
    identity = store.load()
    clock = DeviceClock(arguments.folder / "last-good-time")
    outbox = Outbox(
        arguments.folder / "outbox.db",
        device_id=UUID(identity.device_id),
        agent_version="bench",
        settings=OutboxSettings(),
        alarms=AlarmBoard(),
    )
    ledger = Ledger(arguments.folder / "ledger")
    people = [UUID(person) for person in arguments.people.split(",")]
    sender = CheckInSender(outbox, clock, on_answer=lambda: None)
    sending = asyncio.create_task(send(store, identity, arguments.address, sender))
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        command, _, argument = line.strip().partition(" ")
        match command:
            case "append":
                await asyncio.to_thread(append, outbox, clock, ledger, people, int(argument))
                print("appended", flush=True)
            case "depth":
                print(f"depth {await asyncio.to_thread(outbox.depth().result)}", flush=True)
            case _:
                break
    sending.cancel()
    outbox.close()


if __name__ == "__main__":
    asyncio.run(main())
