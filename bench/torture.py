"""`python -m bench.torture [--trials 200] [--seed 1] [--json]`: kills, stops, cuts: nothing lost, nothing twice.

Each trial appends check-ins to a device's outbox while something dies: agent, hub, PostgreSQL or broker by SIGKILL at a
named fail point or at random, or by SIGSTOP; or the network between is cut or stalled by a TCP proxy. Then all is
mended, and the ledger that the source wrote is compared with what the hub stored, its sequences with 1, 2, 3, …, and
the alerts that a subscriber received with the notifications made.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psutil
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

from bench.report import Figure, Report
from bench.rig import College, HubProcess, make_college, make_device, postgresql
from bench.torture_ledger import Books, read_books
from edge_agent.uplink.identity import Identity
from provisioning.demo.proxy import FaultProxy
from smartroster.notifications.v1 import notifications_pb2

EVENTS_A_TRIAL = 30
DRAIN_SECONDS = 60.0
SETTLE_SECONDS = 2.0  # the relay looks every second
AGENT_POINTS = (
    "outbox.before_commit",
    "outbox.after_commit",
    "outbox.before_removal",
    "uplink.before_send",
    "uplink.after_answer",
)
HUB_POINTS = ("ingest.before_commit", "ingest.after_commit", "relay.after_handler", "notify.after_publish")


class TrialFailed(AssertionError):
    """A promise was broken; the message says which, in which trial."""


@dataclass(slots=True)
class Source:
    """The device: `bench.torture_source` in a process of its own, behind the proxy."""

    folder: Path
    address: str
    college: College
    process: subprocess.Popen[str] | None = None

    def start(self, fail_point: str = "") -> None:
        people = ",".join(map(str, self.college.trainee_ids))
        command = [sys.executable, "-m", "bench.torture_source", "--folder", str(self.folder)]
        with (self.folder / "source.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--address", self.address, "--people", people],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | {"ROSTER_FAIL_POINT": fail_point},
            )
        self._answer()

    def send(self, command: str) -> None:
        """Give a command; a source that is dead takes none."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(command + "\n")
                self.process.stdin.flush()

    def ask(self, command: str) -> str:
        """The answer to a command; "" when the source has died."""
        self.send(command)
        return self._answer()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()

    def _answer(self) -> str:
        if self.process is None or self.process.stdout is None:
            return ""
        return self.process.stdout.readline().strip()


class Listener:
    """A trainer's phone: a lasting MQTT session that keeps what it received."""

    def __init__(self, hub: HubProcess, email: str) -> None:
        trainer = hub.client(email)
        credentials = trainer.call(
            notifications_pb2.CreateBrokerCredentialsRequest(), notifications_pb2.BrokerCredentials
        )
        trainer.close()
        self.received: Counter[str] = Counter()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"phone-{credentials.username}",
            clean_session=False,
            reconnect_on_failure=True,
        )
        self._client.username_pw_set(credentials.username, credentials.password)
        if credentials.url.startswith("mqtts"):
            self._client.tls_set(str(hub.data_dir / "ca.pem"))
        self._client.reconnect_delay_set(1, 1)
        self._topics = list(credentials.topics)
        self._client.on_connect = self._subscribe
        self._client.on_message = self._take
        self._client.connect_async("localhost", hub.ports["mqtt"], keepalive=10)
        self._client.loop_start()

    def _subscribe(self, client: mqtt.Client, *_: Any) -> None:  # noqa: ANN401 (paho's callback)
        for topic in self._topics:
            client.subscribe(topic, qos=1)

    def _take(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        event_id = message.payload.decode().partition('"event_id": "')[2][:36]
        self.received[event_id] += 1

    def close(self) -> None:
        self._client.loop_stop()
        self._client.disconnect()


@dataclass(slots=True)
class Stage:
    """Everything of one database kind, up and running."""

    database: str
    hub: HubProcess
    proxy: FaultProxy
    source: Source
    listener: Listener
    identity: Identity
    database_url: str
    faults: Counter[str] = field(default_factory=Counter)

    def broker_pid(self) -> int | None:
        for child in psutil.Process(self.hub.pid).children(recursive=True):
            if "nats" in child.name():
                return child.pid
        return None

    def postgres_pid(self) -> int | None:
        """A backend that serves the hub: killing one makes PostgreSQL end all of them and recover."""
        # Asked of this stage's own server: other servers of the machine are nobody's to kill.
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'smart-roster-hub' LIMIT 1"
            ).fetchone()
        return None if found is None else int(found[0])


@contextlib.contextmanager
def stage(folder: Path, database: str) -> Iterator[Stage]:
    """Put up hub, college, device and listener on one kind of database."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgresql(folder)) if database == "postgresql" else ""
        hub = HubProcess(folder, url)
        hub.start()
        stack.callback(hub.kill, signal.SIGTERM)
        hub.create_admin()
        admin = hub.client()
        stack.callback(admin.close)
        college = make_college(admin, trainees=20)
        identity, _ = make_device(hub, admin, college.room_ids[0], folder / "device")
        proxy = FaultProxy("127.0.0.1", hub.ports["device"])
        proxy.start()
        stack.callback(proxy.close)
        source = Source(folder / "device", f"127.0.0.1:{proxy.port}", college)
        stack.callback(source.kill)
        listener = Listener(hub, college.trainer_email)
        stack.callback(listener.close)
        source.start()
        yield Stage(database, hub, proxy, source, listener, identity, url)


def run_trial(on: Stage, dice: random.Random) -> str:
    """One trial; answers what was done."""
    faults = ["agent.point", "agent.kill", "agent.stop", "hub.point", "hub.kill", "hub.stop", "net.cut", "net.stall"]
    faults += ["broker.kill"] + (["postgres.kill"] if on.database == "postgresql" else [])
    fault = dice.choice(faults)
    name = _arm(on, fault, dice)
    appending = threading.Thread(target=on.source.ask, args=(f"append {EVENTS_A_TRIAL}",))
    appending.start()
    time.sleep(dice.uniform(0, 0.3))
    _strike(on, fault, dice)
    time.sleep(dice.uniform(0.1, 0.5))
    appending.join(10)
    _mend(on)
    _drain(on)
    return name


def _arm(on: Stage, fault: str, dice: random.Random) -> str:
    if fault == "agent.point":
        point = f"{dice.choice(AGENT_POINTS)}:{dice.randint(1, 3)}"
        on.source.kill()
        on.source.start(point)
        return f"agent dies at {point}"
    if fault == "hub.point":
        point = f"{dice.choice(HUB_POINTS)}:{dice.randint(1, 2)}"
        on.hub.kill()
        on.hub.start(fail_point=point)
        return f"hub dies at {point}"
    return fault


def _strike(on: Stage, fault: str, dice: random.Random) -> None:
    match fault:
        case "agent.kill":
            on.source.kill()
        case "hub.kill":
            on.hub.kill()
        case "agent.stop" | "hub.stop":
            pid = on.hub.pid if fault == "hub.stop" or on.source.process is None else on.source.process.pid
            os.kill(pid, signal.SIGSTOP)
            time.sleep(dice.uniform(0.2, 1.0))
            os.kill(pid, signal.SIGCONT)
        case "net.cut":
            on.proxy.cut()
        case "net.stall":
            on.proxy.stall()
        case "broker.kill":
            _kill(on.broker_pid())
        case "postgres.kill":
            _kill(on.postgres_pid())
        case _:  # a fail point strikes by itself
            pass


def _kill(pid: int | None) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _mend(on: Stage) -> None:
    on.proxy.heal()
    if not on.hub.is_running:
        on.hub.start()
    if not on.source.is_running:
        on.source.kill()
        on.source.start()


def _drain(on: Stage) -> None:
    give_up_time = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < give_up_time:
        # A fail point may come only now.
        _mend(on)
        if on.source.ask("depth") == "depth 0":
            return
        time.sleep(0.1)
    raise TrialFailed(f"the outbox was not empty {DRAIN_SECONDS:.0f} s after everything was mended")


def check(on: Stage) -> Books:
    """Compare ledger, hub and phone; waits for alerts that are on their way.

    Raises:
        TrialFailed: something was lost, doubled, or a sequence has a gap.
    """
    give_up_time = time.monotonic() + DRAIN_SECONDS
    while True:
        books = read_books(on.hub, on.source.folder / "ledger", on.listener.received)
        if not books.alerts_missing or time.monotonic() > give_up_time:
            break
        _mend(on)
        time.sleep(0.2)
    if not books.is_right:
        raise TrialFailed(f"{on.database}: {books}")
    return books


def run(folder: Path, *, trials: int, seed: int, databases: tuple[str, ...] = ("sqlite", "postgresql")) -> list[Books]:
    """All trials, evenly over the databases; the same seed strikes the same.

    Raises:
        TrialFailed: at the first broken promise.
    """
    done: list[Books] = []
    for database in databases:
        with stage(folder / database, database) as on:
            for number in range(trials // len(databases)):
                dice = random.Random(f"{seed}-{database}-{number}")  # noqa: S311 (reproducible on purpose)
                what = run_trial(on, dice)
                on.faults[what.split(":")[0]] += 1
                try:
                    books = check(on)
                except TrialFailed as failure:
                    raise TrialFailed(f"trial {number} of seed {seed} ({what}): {failure}") from failure
                print(f"{database} {number + 1}: {what}: {books.ledger} taken, {books.stored} stored", file=sys.stderr)
            time.sleep(SETTLE_SECONDS)
            done.append(check(on))
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    report = Report("torture")
    with tempfile.TemporaryDirectory(prefix="roster-torture-") as folder:
        done = run(Path(folder), trials=arguments.trials, seed=arguments.seed)
    report.figures["trials"] = Figure(arguments.trials, reach=">= 200")
    for name, value in (
        ("lost", sum(books.lost for books in done)),
        ("doubled", sum(books.doubled for books in done)),
        ("sequence_gaps", sum(books.gaps for books in done)),
        ("alerts_missing", sum(books.alerts_missing for books in done)),
    ):
        report.figures[name] = Figure(value, reach="<= 0")
    report.figures["check_ins"] = Figure(sum(books.stored for books in done))
    report.figures["alerts_repeated"] = Figure(sum(books.alerts_repeated for books in done))
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
