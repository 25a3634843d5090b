"""`python -m bench.ingest [--json] [--devices 200] [--rounds 5]`: durable check-ins per second, and a replayed backlog.

A real hub in its own process takes batches of 100 check-ins over mTLS: permission, dedupe, judgement, register, outbox,
one transaction a batch. In turns with it: a bare psycopg `unnest` INSERT of equal batches into a table of the same
columns and keys on the same server (on SQLite: a bare `executemany`), and a bare grpc.aio echo of the same messages.
"""

import argparse
import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import grpc
import psycopg
from uuid6 import uuid7

from bench.echo_server import METHOD
from bench.report import LARGEST_SPREAD, Figure, Report, spread
from bench.rig import HubProcess, make_college, make_device, postgresql, stamp
from smartroster.attendance.v1 import attendance_pb2, room_pb2
from smartroster.timetable.v1 import timetable_pb2

BATCH = 100
TRAINEES_PER_ROOM = 20
EVENTS_PER_ROUND_OF_ONE = 3000
BARE_CONNECTIONS = 4

COLUMNS = (
    ("event_id", "uuid"), ("device_id", "uuid"), ("epoch", "uuid"), ("sequence", "bigint"), ("digest", "bytea"),
    ("kind", "varchar"), ("person_id", "uuid"), ("session_id", "uuid"), ("judgement", "varchar"),
    ("rejection_reason", "varchar"), ("capture_time", "timestamptz"), ("arrival_time", "timestamptz"),
    ("wall_time", "timestamptz"), ("monotonic_ns", "bigint"), ("boot_id", "varchar"), ("clock_quality", "varchar"),
    ("similarity", "float8"), ("liveness", "varchar"), ("latitude", "float8"), ("longitude", "float8"),
    ("accuracy_m", "float8"), ("position_source", "varchar"), ("engine", "varchar"), ("gallery_version", "bigint"),
    ("agent_version", "varchar"), ("shown", "varchar"),
)  # fmt: skip
_NAMES = ", ".join(name for name, _ in COLUMNS)
_CREATE = (
    "CREATE TABLE bare_facts ("
    + ", ".join(f"{name} {kind}" + (" PRIMARY KEY" if name == "event_id" else "") for name, kind in COLUMNS)
    + ", UNIQUE (device_id, epoch, sequence))"
)
_INDEX = "CREATE INDEX bare_facts_session ON bare_facts (session_id, person_id)"
_ARRAYS = ", ".join(f"%s::{kind}[]" for _, kind in COLUMNS)
_UNNEST = f"INSERT INTO bare_facts ({_NAMES}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 (the names above)
_VALUES = f"INSERT INTO bare_facts ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 (the names above)


@dataclass
class Source:
    """One device: its people, its channel, its numbering."""

    credentials: grpc.ChannelCredentials
    trainer_id: str
    trainee_ids: Sequence[UUID]
    session_id: str
    epoch: str = field(default_factory=lambda: str(uuid4()))
    boot_id: str = field(default_factory=lambda: str(uuid4()))
    sequence: int = 0

    def batch(self, people: Sequence[object]) -> bytes:
        """A serialised message with one check-in for each of the people."""
        now = datetime.now(UTC)
        reading = room_pb2.ClockReading(
            wall_time=stamp(now), monotonic_ns=time.monotonic_ns(), boot_id=self.boot_id, quality="QUALITY_SYNCED"
        )
        events = []
        for person in people:
            self.sequence += 1
            events.append(
                room_pb2.DeviceEvent(
                    event_id=str(uuid7()),
                    epoch=self.epoch,
                    sequence=self.sequence,
                    captured=reading,
                    agent_version="bench",
                    check_in=room_pb2.CheckIn(
                        person_id=str(person),
                        similarity=0.93,
                        liveness="LIVENESS_LIVE",
                        position=room_pb2.Position(
                            lat_lng=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219),
                            accuracy_m=5,
                            source="SOURCE_FIXED",
                        ),
                        engine="sface",
                        gallery_version=1,
                        shown="PRESENT",
                    ),
                )
            )
        return room_pb2.StreamCheckInsRequest(
            batch_number=self.sequence, events=events, sent=reading, complete_until_time=stamp(now)
        ).SerializeToString()

    def batches(self, count: int) -> list[bytes]:
        people = [self.trainee_ids[i % len(self.trainee_ids)] for i in range(BATCH)]
        return [self.batch(people) for _ in range(count)]


async def exchange(channels: Sequence[grpc.aio.Channel], work: Sequence[Sequence[bytes]]) -> tuple[float, list[bytes]]:
    """Send each channel its messages on one stream; answers the seconds from first to last, and the answers."""
    answers: list[bytes] = []

    async def run(channel: grpc.aio.Channel, messages: Sequence[bytes]) -> None:
        call = channel.stream_stream(METHOD, None, None)(iter(messages))
        answers.extend([answer async for answer in call])

    begin = time.perf_counter()
    await asyncio.gather(*(run(channel, messages) for channel, messages in zip(channels, work, strict=True)))
    return time.perf_counter() - begin, answers


def outcomes(answers: Sequence[bytes]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for answer in answers:
        for result in room_pb2.StreamCheckInsResponse.FromString(answer).results:
            counted[result.outcome] = counted.get(result.outcome, 0) + 1
    return counted


class BarePostgresql:
    """Connections of their own, each committing every batch."""

    def __init__(self, url: str, connections: int) -> None:
        self._connections = [psycopg.connect(url) for _ in range(connections)]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS bare_facts")
            connection.execute(_CREATE.encode())
            connection.execute(_INDEX)

    def run(self, batches: int) -> float:
        shares = [[_columns_of(_rows()) for _ in range(batches // len(self._connections))] for _ in self._connections]
        threads = [
            Thread(target=self._insert, args=(connection, share))
            for connection, share in zip(self._connections, shares, strict=True)
        ]
        begin = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return (time.perf_counter() - begin) / sum(map(len, shares))

    @staticmethod
    def _insert(connection: psycopg.Connection, share: Sequence[Sequence[object]]) -> None:
        for columns in share:
            connection.execute(_UNNEST.encode(), columns)
            connection.commit()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


class BareSqlite:
    """The hub's own pragmas, one commit a batch."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "bare.db")
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(_CREATE)
        self._connection.execute(_INDEX)

    def run(self, batches: int) -> float:
        shares = [
            [
                tuple(v.hex if isinstance(v, UUID) else str(v) if isinstance(v, datetime) else v for v in row)
                for row in _rows()
            ]
            for _ in range(batches)
        ]
        begin = time.perf_counter()
        for rows in shares:
            self._connection.executemany(_VALUES, rows)
            self._connection.commit()
        return (time.perf_counter() - begin) / batches

    def close(self) -> None:
        self._connection.close()


def _rows() -> list[tuple[object, ...]]:
    now, device, epoch, session = datetime.now(UTC), uuid4(), uuid4(), uuid4()
    return [
        (
            uuid7(), device, epoch, number, uuid4().bytes * 2, "CHECK_IN", uuid4(), session, "REJECTED", "DUPLICATE",
            now, now, now, 123456789, "b" * 36, "SYNCED", 0.93, "LIVE", -1.2921, 36.8219, 5.0, "FIXED", "sface", 1,
            "bench", "PRESENT",
        )
        for number in range(BATCH)
    ]  # fmt: skip


def _columns_of(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


@contextmanager
def echo_server() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "bench.echo_server"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def make_sources(hub: HubProcess, folder: Path, devices: int) -> list[Source]:
    admin = hub.client()
    college = make_college(admin, trainees=devices * TRAINEES_PER_ROOM, rooms=devices)
    sources = []
    for number, (room_id, session_id) in enumerate(zip(college.room_ids, college.session_ids, strict=True)):
        session = admin.call(attendance_pb2.GetSessionRequest(session_id=str(session_id)), attendance_pb2.Session)
        identity, store = make_device(hub, admin, room_id, folder / f"device-{number}")
        first = number * TRAINEES_PER_ROOM
        sources.append(
            Source(
                store.credentials(identity),
                session.trainer_id,
                college.trainee_ids[first : first + TRAINEES_PER_ROOM],
                session.id,
            )
        )
    return sources


async def measure(
    report: Report,
    name: str,
    hub: HubProcess,
    sources: Sequence[Source],
    bare: Callable[[int], float],
    *,
    rounds: int,
    count_rows: Callable[[], int],
) -> None:
    """One database with so many devices: figures `<name>_…`."""
    each = max(EVENTS_PER_ROUND_OF_ONE // BATCH // len(sources), 2 if len(sources) > 1 else 1)
    channels = [grpc.aio.secure_channel(hub.address("device"), source.credentials) for source in sources]
    await exchange(channels, [[source.batch([source.trainer_id, *source.trainee_ids])] for source in sources])
    total = each * len(sources)
    events = total * BATCH
    ours, bares, echoes = [], [], []
    sent: list[list[bytes]] = [[] for _ in sources]
    with echo_server() as address:
        echo_channels = [
            grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) for _ in sources
        ]
        for turn in range(rounds + 1):
            work = [source.batches(each) for source in sources]
            bare_s = bare(total)
            echo_s, _ = await exchange(echo_channels, work)
            before = count_rows()
            seconds, answers = await exchange(channels, work)
            stored = outcomes(answers)
            if stored != {room_pb2.EventResult.OUTCOME_STORED: events} or count_rows() - before != events:
                raise RuntimeError(f"{name}: {events} check-ins were sent and answered {stored}: see {hub.log}")
            if turn:  # the first one warms up
                ours.append(seconds)
                bares.append(bare_s * total)
                echoes.append(echo_s)
            for queue, messages in zip(sent, work, strict=True):
                queue.extend(messages)
        for channel in echo_channels:
            await channel.close(None)
    before = count_rows()
    replay_s, answers = await exchange(channels, sent)
    repeats = outcomes(answers)
    new_rows = count_rows() - before
    if set(repeats) != {room_pb2.EventResult.OUTCOME_DUPLICATE}:
        raise RuntimeError(f"{name}: a replay was answered {repeats}: see {hub.log}")
    for channel in channels:
        await channel.close(None)
    if spread(bares) > LARGEST_SPREAD:
        report.invalid_because.append(f"{name}: the bare insert's rounds spread by {spread(bares):.0%}")
    median = statistics.median(ours)
    report.figures[f"{name}_per_second"] = Figure(
        events / median,
        "1/s",
        comparator=events / statistics.median(bares),
        ratio=statistics.median(b / o for b, o in zip(bares, ours, strict=True)),
        reach=">= 0.4",
    )
    report.figures[f"{name}_echo_ratio"] = Figure(
        events / median, "1/s", comparator=events / statistics.median(echoes), ratio=statistics.median(echoes) / median
    )
    report.figures[f"{name}_replay_new_rows"] = Figure(float(new_rows), reach="== 0")
    report.figures[f"{name}_replay_time"] = Figure(
        replay_s / (rounds + 1), "s", comparator=median, ratio=replay_s / (rounds + 1) / median, reach="<= 1.0"
    )


def run(report: Report, kind: str, *, devices: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as name:
        folder = Path(name)
        if kind == "postgresql":
            with postgresql(folder) as url:
                _run_on(report, kind, folder, url, devices=devices, rounds=rounds)
        else:
            _run_on(report, kind, folder, "", devices=devices, rounds=rounds)


def _run_on(report: Report, kind: str, folder: Path, url: str, *, devices: int, rounds: int) -> None:
    hub = HubProcess(folder, database_url=url)
    try:
        hub.start()
        hub.create_admin()
        sources = make_sources(hub, folder, devices)

        def count_rows() -> int:
            query = "SELECT count(*) FROM door_facts"
            if url:
                with psycopg.connect(url) as connection:
                    row = connection.execute(query).fetchone()
            else:
                database = sqlite3.connect(hub.data_dir / "hub.db")
                row = database.execute(query).fetchone()
                database.close()
            assert row is not None
            return int(row[0])

        for number in sorted({1, devices}):
            bare = BarePostgresql(url, 1 if number == 1 else BARE_CONNECTIONS) if url else BareSqlite(folder)
            asyncio.run(
                measure(
                    report,
                    f"{kind}_{number}_device{'s' if number > 1 else ''}",
                    hub,
                    sources[:number],
                    bare.run,
                    rounds=rounds,
                    count_rows=count_rows,
                )
            )
            bare.close()
            (folder / "bare.db").unlink(missing_ok=True)
    finally:
        hub.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    parser.add_argument("--devices", type=int, default=200, help="how many devices at once, besides one")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each; the first round more warms up")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="only this one")
    arguments = parser.parse_args()
    report = Report("ingest")
    for kind in [arguments.database] if arguments.database else ["postgresql", "sqlite"]:
        run(report, kind, devices=arguments.devices, rounds=arguments.rounds)
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
