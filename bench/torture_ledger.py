"""What the source wrote down, what the hub stored, what the phone heard: compared."""

import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from bench.rig import HubProcess

# The raw facts of devices: id, epoch, sequence. Read past the hub on purpose: it is on trial.
_FACTS = "SELECT event_id, epoch, sequence FROM door_facts WHERE sequence IS NOT NULL"
RECOVERY_SECONDS = 30.0
_ALERTS = "SELECT event_id FROM notifications"


@dataclass(frozen=True, slots=True)
class Books:
    """`ledger` and `stored` count events; the rest should be nothing, but for repeated alerts, which are allowed."""

    ledger: int
    stored: int
    lost: int
    doubled: int
    gaps: int
    alerts: int
    alerts_missing: int
    alerts_repeated: int

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.gaps or self.alerts_missing)


def read_books(hub: HubProcess, ledger: Path, received: Mapping[str, int]) -> Books:
    """The books of a hub whose source is idle."""
    written = [UUID(line.split()[1]) for line in ledger.read_text(encoding="ascii").splitlines()]
    facts = [(UUID(str(row[0])), str(row[1]), int(row[2])) for row in _read(hub, _FACTS)]
    stored = Counter(event_id for event_id, _, _ in facts)
    sequences: dict[str, list[int]] = {}
    for _, epoch, sequence in facts:
        sequences.setdefault(epoch, []).append(sequence)
    alerts = {str(UUID(str(row[0]))) for row in _read(hub, _ALERTS)}
    return Books(
        ledger=len(written),
        stored=len(facts),
        lost=len(set(written) - set(stored)),
        doubled=sum(count - 1 for count in stored.values())
        + sum(len(found) - len(set(found)) for found in sequences.values()),
        gaps=sum(max(found) - len(set(found)) for found in sequences.values()),
        alerts=len(alerts),
        alerts_missing=len(alerts - set(received)),
        alerts_repeated=sum(count - 1 for count in received.values()),
    )


def _read(hub: HubProcess, query: str) -> Iterable[Any]:
    if hub.database_url:
        with _connect(hub.database_url) as connection:
            return connection.execute(query.encode()).fetchall()
    with contextlib.closing(sqlite3.connect(f"file:{hub.data_dir / 'hub.db'}?mode=ro", uri=True)) as file:
        return file.execute(query).fetchall()


def _connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection; a server that still recovers from its last kill is waited for."""
    give_up_time = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return psycopg.connect(url)
        except psycopg.OperationalError:
            if time.monotonic() > give_up_time:
                raise
            time.sleep(0.1)
