"""Waiting events in SQLite. A store is used by one thread; `outbox.Outbox` owns that thread."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

# Row ids of the store in memory begin here: behind every row of the file, so that its rows count as the newest.
MEMORY_ROWS_FROM = 2**60
_KEPT_DEAD_LETTERS = 10_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
  event_id TEXT NOT NULL UNIQUE,
  captured_us INTEGER NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS events_captured ON events (captured_us);
CREATE TABLE IF NOT EXISTS dead_letters (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL UNIQUE,
  refused_time TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    row_id: int
    event_id: UUID
    captured_time: datetime
    payload: bytes


class OutboxStore:
    """One file, or memory when `path` is None.

    Raises (every method):
        sqlite3.DatabaseError: the file is damaged; its subclass OperationalError when the disk is full or read-only.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        self._db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('next_sequence', '1')", (str(uuid4()),))
        if self.path is None:
            self._db.execute("INSERT INTO sqlite_sequence VALUES ('events', ?)", (MEMORY_ROWS_FROM,))

    def close(self) -> None:
        self._db.close()

    def transaction(self, work: Callable[[], None], before_commit: Callable[[], None]) -> None:
        """Do all of `work` or nothing of it; durable on return."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            work()
            before_commit()
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @property
    def epoch(self) -> UUID:
        return UUID(self._meta("epoch"))

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    def add(
        self, event_id: UUID, captured_time: datetime, payload: bytes, number: Callable[[bytes, UUID, int], bytes]
    ) -> None:
        """Store an event under the epoch and the next sequence number, which `number` puts into the payload."""
        sequence = int(self._meta("next_sequence"))
        self.put(event_id, captured_time, number(payload, self.epoch, sequence))
        self._set_meta("next_sequence", str(sequence + 1))

    def put(self, event_id: UUID, captured_time: datetime, payload: bytes) -> None:
        """Store an event that has its epoch and number already; one that is here stays as it is."""
        self._db.execute(
            "INSERT OR IGNORE INTO events (event_id, captured_us, payload) VALUES (?, ?, ?)",
            (str(event_id), _microseconds(captured_time), payload),
        )

    def put_all(self, events: Iterable[WaitingEvent]) -> None:
        """Store events of another store."""
        for event in events:
            self.put(event.event_id, event.captured_time, event.payload)

    def remove(self, event_ids: Iterable[UUID]) -> None:
        self._db.executemany("DELETE FROM events WHERE event_id = ?", [(str(event_id),) for event_id in event_ids])
        self._db.execute("PRAGMA incremental_vacuum(64)").fetchall()

    def bury(self, event_id: UUID, reason: str) -> None:
        """Move an event that the hub will never take to the dead letters; the oldest of too many go."""
        self._db.execute(
            "INSERT OR IGNORE INTO dead_letters (event_id, refused_time, reason, payload) "
            "SELECT event_id, ?, ?, payload FROM events WHERE event_id = ?",
            (datetime.now(UTC).isoformat(), reason, str(event_id)),
        )
        self._db.execute("DELETE FROM events WHERE event_id = ?", (str(event_id),))
        self._db.execute(
            "DELETE FROM dead_letters WHERE row_id <= (SELECT max(row_id) FROM dead_letters) - ?", (_KEPT_DEAD_LETTERS,)
        )

    def waiting(self, *, after: int, until: int | None, limit: int) -> list[WaitingEvent]:
        """Events with `after` < row id <= `until`, oldest first."""
        rows = self._db.execute(
            "SELECT row_id, event_id, captured_us, payload FROM events WHERE row_id > ? AND row_id <= ? "
            "ORDER BY row_id LIMIT ?",
            (after, 2**62 if until is None else until, limit),
        ).fetchall()
        return [WaitingEvent(row[0], UUID(row[1]), _instant(row[2]), row[3]) for row in rows]

    def last_row(self) -> int:
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def depth(self) -> int:
        return int(self._one("SELECT count(*) FROM events"))

    def dead_letters(self) -> list[tuple[UUID, str]]:
        """Event ids and why the hub refused them, oldest first."""
        rows = self._db.execute("SELECT event_id, reason FROM dead_letters ORDER BY row_id").fetchall()
        return [(UUID(event_id), reason) for event_id, reason in rows]

    def oldest_captured(self) -> datetime | None:
        oldest = self._one("SELECT min(captured_us) FROM events")
        return None if oldest is None else _instant(oldest)

    def used_bytes(self) -> int:
        pages = int(self._one("PRAGMA page_count")) - int(self._one("PRAGMA freelist_count"))
        return pages * int(self._one("PRAGMA page_size"))

    def _one(self, query: str) -> Any:  # noqa: ANN401 (a value of any SQLite type)
        return self._db.execute(query).fetchone()[0]

    def bind(self, device_id: UUID, renumber: Callable[[bytes, UUID, int], bytes]) -> None:
        """Make the store that of a device. What waits from another device's time is numbered anew, in a new epoch."""
        bound = self._meta("device_id")
        if bound == str(device_id):
            return
        if bound:
            epoch, sequence = uuid4(), 0
            for sequence, event in enumerate(self.waiting(after=0, until=None, limit=-1), start=1):
                self._db.execute(
                    "UPDATE events SET payload = ? WHERE row_id = ?",
                    (renumber(event.payload, epoch, sequence), event.row_id),
                )
            self._set_meta("epoch", str(epoch))
            self._set_meta("next_sequence", str(sequence + 1))
        self._set_meta("device_id", str(device_id))


def salvage(path: Path) -> Iterable[WaitingEvent]:
    """What can still be read of a damaged file, oldest first; ends where it can't be read on."""
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.DatabaseError:
        return
    try:
        for row in database.execute("SELECT row_id, event_id, captured_us, payload FROM events ORDER BY row_id"):
            yield WaitingEvent(row[0], UUID(row[1]), _instant(row[2]), bytes(row[3]))
    except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError, OverflowError):
        return
    finally:
        database.close()


def _microseconds(instant: datetime) -> int:
    return round((instant - _EPOCH).total_seconds() * 1_000_000)


def _instant(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
