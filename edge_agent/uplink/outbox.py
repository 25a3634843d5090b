"""Facts on their way to the hub: nothing lost, nothing twice.

One thread owns the SQLite file and commits what has gathered meanwhile as a group. When the disk can't be written the
thread goes on in memory, with an epoch of its own, and moves what waits there to the disk when that works again.
"""

import enum
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar
from uuid import UUID

import structlog
from uuid6 import uuid7

from edge_agent import fail_points
from edge_agent.alarms import AlarmBoard
from edge_agent.errors import AgentError
from edge_agent.observations import CheckInFact, ClockReading, Fact
from edge_agent.settings import OutboxSettings
from edge_agent.uplink import messages
from edge_agent.uplink.outbox_store import OutboxStore, WaitingEvent, salvage

Answer = TypeVar("Answer")

# Longest time from a capture to its append: a track is watched for some seconds before it is decided.
SETTLING = timedelta(seconds=10)
_DISK_RETRY_S = 5.0
_MEMORY_EVENTS = 20_000  # about 10 MB: a day of a busy door
_MB = 1024 * 1024

_log = structlog.get_logger("edge_agent.outbox")


class NotStored(AgentError):
    """The outbox did not take a fact."""


class NotDurable(AgentError):
    """The outbox holds a fact in memory alone."""


class _Stored(enum.Enum):
    ON_DISK = enum.auto()
    IN_MEMORY = enum.auto()
    NOWHERE = enum.auto()


@dataclass(slots=True)
class Cursor:
    """How far a stream has come: events newer than `mark` go first, then the backlog up to it."""

    generation: int = -1
    mark: int = 0
    live_after: int = 0
    backlog_after: int = 0


@dataclass(slots=True)
class _Append:
    event_id: UUID
    is_check_in: bool
    captured_time: datetime
    payload: bytes
    """Without epoch and number, which the writer gives it."""
    stored: Future[_Stored] = field(default_factory=Future)


@dataclass(slots=True)
class _Call(Generic[Answer]):
    work: Callable[[], Answer]
    answer: Future[Answer] = field(default_factory=Future)


class Outbox:
    """The device's outbox in `path`. Every method may be called from any thread.

    Waiting events of another device (the card was enrolled anew) are kept and numbered anew.
    """

    def __init__(
        self, path: Path, *, device_id: UUID, agent_version: str, settings: OutboxSettings, alarms: AlarmBoard
    ) -> None:
        self._path = path
        self._device_id = device_id
        self._agent_version = agent_version
        self._settings = settings
        self._alarms = alarms
        self._jobs: queue.SimpleQueue[_Append | _Call[object] | None] = queue.SimpleQueue()
        self._file: OutboxStore | None = None
        self._memory: OutboxStore | None = None
        # Answered while the file could not be written: not sent again, and removed when it can.
        self._answered: dict[UUID, str | None] = {}
        self._disk_retry_at = 0.0
        self._generation = 0
        self._closing = False
        self._on_append: Callable[[], None] | None = None
        self._open_file()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def append(self, fact: Fact, captured: ClockReading) -> UUID:
        """Store a fact; durable on return. Answers the event's id.

        Raises:
            NotDurable: the disk can't be written (alarm OUTBOX_UNWRITABLE). The fact is kept in memory and goes to the
                hub or to the disk, whichever works first; only a power cut before that loses it.
            NotStored: it is dropped: anything but a check-in while only the reserve is left, or anything with the disk
                unwritable and memory full (alarm OUTBOX_FULL).
        """
        event_id = uuid7()
        payload = messages.encode_event(fact, captured=captured, event_id=event_id, agent_version=self._agent_version)
        job = _Append(event_id, isinstance(fact, CheckInFact), captured.wall_time, payload)
        self._jobs.put(job)
        where = job.stored.result()
        if where is _Stored.NOWHERE:
            raise NotStored("The outbox is full: connect the device to the hub, or free space on its card.")
        if self._on_append is not None:
            self._on_append()
        if where is _Stored.IN_MEMORY:
            raise NotDurable("The disk can't be written: free space on the card, or change it.")
        return job.event_id

    def wake_on_append(self, callback: Callable[[], None] | None) -> None:
        """Have `callback` called after each append, in the appending thread."""
        self._on_append = callback

    def take(self, cursor: Cursor, limit: int) -> Future[list[WaitingEvent]]:
        """The next events for a stream, at most `limit`; moves the cursor. Nothing is removed."""
        return self._call(lambda: self._take(cursor, limit))

    def answered(self, stored: Iterable[UUID], refused: Iterable[tuple[UUID, str]]) -> Future[None]:
        """The hub has answered: it keeps `stored`, and will never take `refused` (with its reason)."""
        verdicts: dict[UUID, str | None] = {**dict.fromkeys(stored), **dict(refused)}
        return self._call(lambda: self._settle(verdicts))

    def depth(self) -> Future[int]:
        return self._call(lambda: sum(store.depth() for store in self._stores()) - len(self._answered))

    def complete_until(self, now: datetime) -> Future[datetime]:
        """Everything captured before this instant has been answered. `now` is the device's wall clock."""
        return self._call(lambda: self._complete_until(now))

    def dead_letters(self) -> Future[list[tuple[UUID, str]]]:
        """Event ids that the hub refused, and why, oldest first."""
        return self._call(lambda: [letter for store in self._stores() for letter in store.dead_letters()])

    def close(self, timeout_s: float = 5.0) -> None:
        """Store what was given and close the file."""
        self._jobs.put(None)
        self._thread.join(timeout_s)

    def _call(self, work: Callable[[], Answer]) -> Future[Answer]:
        call = _Call(work)
        self._jobs.put(call)  # type: ignore[arg-type]  # a queue of calls with answers of any type
        return call.answer

    # What follows runs in the outbox's own thread (and in the constructor before there is one).

    def _work(self) -> None:
        while not self._closing:
            jobs = self._gather()
            if self._memory is not None and time.monotonic() >= self._disk_retry_at:
                self._return_to_disk()
            appends = [job for job in jobs if isinstance(job, _Append)]
            if appends:
                self._append_all(appends)
            for job in jobs:
                if isinstance(job, _Call):
                    self._answer(job)
        for store in self._stores():
            store.close()

    def _gather(self) -> list[_Append | _Call[object]]:
        """All that waits, after waiting for the first; nothing when the disk is to be tried again."""
        timeout = None if self._memory is None else max(self._disk_retry_at - time.monotonic(), 0.01)
        gathered: list[_Append | _Call[object]] = []
        try:
            job = self._jobs.get(timeout=timeout)
            while True:
                if job is None:
                    self._closing = True
                else:
                    gathered.append(job)
                job = self._jobs.get_nowait()
        except queue.Empty:
            return gathered

    def _answer(self, call: _Call[object]) -> None:
        # Who asked may be gone with its stream; what the hub has answered is settled even so.
        is_awaited = call.answer.set_running_or_notify_cancel()
        try:
            try:
                answer = call.work()
            except sqlite3.DatabaseError as error:
                self._give_up_file(error)
                answer = call.work()
        except Exception as error:  # noqa: BLE001 (the caller's to know; the thread goes on)
            if is_awaited:
                call.answer.set_exception(error)
        else:
            if is_awaited:
                call.answer.set_result(answer)

    def _append_all(self, appends: list[_Append]) -> None:
        for _ in range(3):  # file, file made anew, memory
            store = self._file if self._memory is None else self._memory
            if store is None:
                store = self._to_memory()
            try:
                taken = self._append_to(store, appends)
            except sqlite3.DatabaseError as error:
                self._give_up_file(error)
                continue
            where = _Stored.ON_DISK if store is self._file else _Stored.IN_MEMORY
            for job in appends:
                job.stored.set_result(where if job.event_id in taken else _Stored.NOWHERE)
            return
        for job in appends:
            job.stored.set_result(_Stored.NOWHERE)

    def _append_to(self, store: OutboxStore, appends: list[_Append]) -> set[UUID]:
        taken: set[UUID] = set()
        room = self._room(store)

        def work() -> None:
            for job in appends:
                if room(job):
                    store.add(job.event_id, job.captured_time, job.payload, messages.renumber)
                    taken.add(job.event_id)

        store.transaction(work, lambda: fail_points.reach("outbox.before_commit"))
        fail_points.reach("outbox.after_commit")
        return taken

    def _room(self, store: OutboxStore) -> Callable[[_Append], bool]:
        """Whether there is room for an event: check-ins go into the reserve too, and into a file beyond its size."""
        if store is self._memory:
            if store.depth() >= _MEMORY_EVENTS:
                self._alarms.put_up("OUTBOX_FULL", "The disk can't be written and memory is full: events are lost.")
                return lambda _: False
            return lambda _: True
        used = store.used_bytes()
        if used < (self._settings.max_mb - self._settings.reserve_mb) * _MB:
            self._alarms.take_down("OUTBOX_FULL")
            return lambda _: True
        self._alarms.put_up("OUTBOX_FULL", f"{used // _MB} MB wait for the hub: only check-ins are still stored.")
        return lambda job: job.is_check_in

    def _stores(self) -> list[OutboxStore]:
        return [store for store in (self._file, self._memory) if store is not None]

    def _take(self, cursor: Cursor, limit: int) -> list[WaitingEvent]:
        if cursor.generation != self._generation:
            cursor.generation = self._generation
            cursor.mark = cursor.live_after = self._file.last_row() if self._file else 0
            cursor.backlog_after = 0
        found: list[WaitingEvent] = []
        for store in self._stores():
            found += store.waiting(after=cursor.live_after, until=None, limit=limit - len(found))
        if found:
            cursor.live_after = found[-1].row_id
        elif self._file is not None:
            found = self._file.waiting(after=cursor.backlog_after, until=cursor.mark, limit=limit)
            cursor.backlog_after = found[-1].row_id if found else cursor.mark
        return [event for event in found if event.event_id not in self._answered]

    def _settle(self, verdicts: dict[UUID, str | None]) -> None:
        self._answered |= verdicts
        for store in self._stores():
            self._remove_answered(store)
        self._answered.clear()

    def _remove_answered(self, store: OutboxStore) -> None:
        def work() -> None:
            for event_id, refusal in self._answered.items():
                if refusal is not None:
                    store.bury(event_id, refusal)
            store.remove(event_id for event_id, refusal in self._answered.items() if refusal is None)

        if self._answered:
            store.transaction(work, lambda: fail_points.reach("outbox.before_removal"))

    def _complete_until(self, now: datetime) -> datetime:
        waiting = [oldest for store in self._stores() if (oldest := store.oldest_captured()) is not None]
        return min([now - SETTLING, *waiting])

    def _open_file(self) -> None:
        """Open the file; a damaged one is set aside, one that can't be written leaves the outbox in memory."""
        for _ in range(2):
            try:
                self._file = self._open_bound()
            except sqlite3.OperationalError as error:
                self._unwritable(error)
            except sqlite3.DatabaseError as error:
                self._set_aside(error)
                continue
            return

    def _open_bound(self) -> OutboxStore:
        store = OutboxStore(self._path)
        try:
            store.transaction(lambda: store.bind(self._device_id, messages.renumber), lambda: None)
        except BaseException:
            store.close()
            raise
        return store

    def _give_up_file(self, error: sqlite3.DatabaseError) -> None:
        """An operation failed: mend the file by what it is, so that the operation can be done again."""
        if isinstance(error, sqlite3.OperationalError):
            self._unwritable(error)
            return
        if self._file is not None:
            self._file.close()
            self._file = None
        self._set_aside(error)
        self._open_file()

    def _unwritable(self, error: sqlite3.Error) -> None:
        self._alarms.put_up(
            "OUTBOX_UNWRITABLE",
            f"{self._path} can't be written ({error}): events are kept in memory until it can. "
            "Free space on the card, or change it if it has become read-only.",
        )
        self._disk_retry_at = time.monotonic() + _DISK_RETRY_S
        self._to_memory()

    def _to_memory(self) -> OutboxStore:
        if self._memory is None:
            self._memory = OutboxStore(None)
        return self._memory

    def _return_to_disk(self) -> None:
        """Move what waits in memory to the file, if that can be written again."""
        memory = self._memory
        self._disk_retry_at = time.monotonic() + _DISK_RETRY_S
        try:
            if self._file is None:
                self._open_file()
            file = self._file
            if file is None or memory is None:
                return
            moved = memory.waiting(after=0, until=None, limit=-1)

            file.transaction(lambda: file.put_all(moved), lambda: None)
            self._memory = None
            self._remove_answered(file)
        except sqlite3.OperationalError as error:
            self._memory = memory
            self._unwritable(error)
            return
        except sqlite3.DatabaseError as error:
            self._memory = memory
            self._give_up_file(error)
            return
        memory.close()
        self._answered.clear()
        self._generation += 1
        self._alarms.take_down("OUTBOX_UNWRITABLE")
        self._alarms.take_down("OUTBOX_FULL")

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        """Rename a damaged file, and take over what can still be read of it."""
        aside = self._path.with_name(f"{self._path.name}.corrupt-{time.time_ns()}")
        for suffix in ("", "-wal", "-shm"):
            file = self._path.with_name(self._path.name + suffix)
            if file.exists():
                file.rename(aside.with_name(aside.name + suffix))
        saved = [event for event in salvage(aside) if messages.is_event(event.payload, event.event_id)]
        try:
            store = OutboxStore(self._path)
            try:
                store.transaction(lambda: store.put_all(saved), lambda: None)
            finally:
                store.close()
        except sqlite3.OperationalError as unwritable:
            self._unwritable(unwritable)
            self._to_memory().put_all(saved)
        self._generation += 1
        self._alarms.put_up(
            "OUTBOX_CORRUPT",
            f"The outbox was damaged ({error}) and is set aside as {aside.name}; {len(saved)} events could be read "
            "and will be sent. Keep the file for support; the card may be failing.",
        )
