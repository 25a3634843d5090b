"""`python -m bench.alerts [--rooms 20] [--json]`: from the decision at the door to the MQTT alert on the phone.

In each room a device stores its trainer's check-in in its outbox, as the agent does when it has decided; the hub
starts the session and the trainer's subscription gets the alert. Timed from before the outbox is given the check-in to
the alert's arrival: fsync, mTLS stream, judgement, relay, courier and broker lie between. What comes before, from the
face in the frame to the decision, is `bench.latency`.
"""

import argparse
import asyncio
import signal
import statistics
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

from bench.report import Figure, Report
from bench.rig import TRAINER, HubProcess, make_college, make_device
from bench.torture import Listener
from bench.torture_source import HERE, send
from edge_agent.alarms import AlarmBoard
from edge_agent.life.clock import DeviceClock
from edge_agent.observations import CheckInFact, Liveness
from edge_agent.settings import OutboxSettings
from edge_agent.uplink.check_ins import CheckInSender
from edge_agent.uplink.outbox import Outbox

LONGEST_WAIT = 10.0


def face_of(trainer_id: UUID) -> CheckInFact:
    return CheckInFact(
        person_id=trainer_id,
        similarity=0.95,
        liveness=Liveness.LIVE,
        position=HERE,
        engine="sface",
        gallery_version=1,
        shown="SESSION_STARTED",
    )


def measure(folder: Path, rooms: int) -> list[float]:
    """Seconds from check-in to alert, one a room; a room whose alert did not come counts as the longest wait."""
    hub = HubProcess(folder)
    hub.start()
    waits = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        hub.create_admin()
        admin = hub.client()
        college = make_college(admin, trainees=rooms, rooms=rooms)
        for number, (room_id, trainer_id) in enumerate(zip(college.room_ids, college.trainer_ids, strict=True)):
            home = folder / f"device{number}"
            identity, store = make_device(hub, admin, room_id, home)
            clock = DeviceClock(home / "last-good-time")
            outbox = Outbox(
                home / "outbox.db",
                device_id=UUID(identity.device_id),
                agent_version="bench",
                settings=OutboxSettings(),
                alarms=AlarmBoard(),
            )
            sender = CheckInSender(outbox, clock, on_answer=lambda: None)
            sending = asyncio.run_coroutine_threadsafe(send(store, identity, hub.address("device"), sender), loop)
            phone = Listener(hub, TRAINER.format(number))
            # Connected and subscribed before anything happens, as a phone and a door are.
            time.sleep(1.0)
            began = time.monotonic()
            outbox.append(face_of(trainer_id), clock.read())
            while not phone.received and time.monotonic() - began < LONGEST_WAIT:
                time.sleep(0.002)
            waits.append(time.monotonic() - began)
            phone.close()
            sending.cancel()
            outbox.close()
        admin.close()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        hub.kill(signal.SIGTERM)
    return waits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roster-alerts-") as folder:
        waits = measure(Path(folder), arguments.rooms)
    report = Report("alerts")
    report.figures["alert_p50_ms"] = Figure(statistics.median(waits) * 1000, unit="ms")
    # With fewer than a hundred alerts the slowest is the honest 99th percentile.
    report.figures["alert_p99_ms"] = Figure(max(waits) * 1000, unit="ms", reach="< 1000")
    report.figures["alerts_received"] = Figure(
        sum(wait < LONGEST_WAIT for wait in waits), reach=f">= {arguments.rooms}"
    )
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
