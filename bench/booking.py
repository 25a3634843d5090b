"""`python -m bench.booking [--attempts 10000] [--database sqlite|postgresql] [--json]`: eight writers, one room.

Eight writers (on PostgreSQL each a hub of its own) draft, move and delete lessons in the same room, 10,000 times in
all, through the use cases that RPCs call, at random times of a week that is soon full. Afterwards the stored bookings
are compared with each other: no two may overlap. What a client would see of a deadlock is counted, and so is any other
failure than a refusal that names the collision.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bench.report import Figure, Report
from bench.rig import postgresql
from bench.schedule import FIRST, LAST, NOW, found_college
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.rpc.fields import EtagStale
from hub.timetable import queries
from hub.timetable.errors import TimetableConflict, TimetableEntryNotFound
from hub.timetable.models import Booking
from hub.timetable.rules import EntryKind, SessionType, Slot, WeekPattern
from hub.timetable.service import EntryDraft, entries, versions

WRITERS = 8
_REFUSALS = (TimetableConflict, EtagStale, TimetableEntryNotFound)


@dataclass(frozen=True, slots=True)
class Arena:
    """A draft in which every enrolment is booked into the one room; each writer has an enrolment. Days of the term."""

    version_id: UUID
    room_id: UUID
    enrolment_ids: Sequence[UUID]
    first_date: date
    last_date: date


@dataclass(slots=True)
class Outcome:
    """How often what came of an attempt; `failures` are errors that say no collision, by their text."""

    made: int = 0
    moved: int = 0
    deleted: int = 0
    refused: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def deadlocks(self) -> int:
        return sum(count for text, count in self.failures.items() if "deadlock" in text.lower() or "40P01" in text)


async def contend(databases: Sequence[Database], arena: Arena, *, attempts: int) -> Outcome:
    """Let a writer for each database make its attempts, all at once."""
    outcome = Outcome()
    await asyncio.gather(
        *(
            _write(database, arena, arena.enrolment_ids[number], attempts, random.Random(number), outcome)  # noqa: S311 (to be repeatable)
            for number, database in enumerate(databases)
        )
    )
    return outcome


async def overlaps(database: Database, version_id: UUID) -> tuple[int, int]:
    """How many pairs of the version's bookings share a room, trainer or class group and a moment; and of how many."""
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        rows = list(await uow.session.scalars(select(Booking).where(Booking.version_id == version_id)))
    found = sum(
        one.start_time_of_day < other.end_time_of_day
        and other.start_time_of_day < one.end_time_of_day
        and one.span.meets(other.span)
        and (
            one.room_id == other.room_id
            or one.trainer_id == other.trainer_id
            or one.class_group_id == other.class_group_id
        )
        for number, one in enumerate(rows)
        for other in rows[:number]
    )
    return found, len(rows)


async def _write(
    database: Database, arena: Arena, enrolment_id: UUID, attempts: int, chance: random.Random, outcome: Outcome
) -> None:
    mine: list[UUID] = []

    async def attempt(uow: UnitOfWork) -> str:
        turn = chance.random()
        if mine and turn < 0.1:
            await entries.delete_entry(uow, entry_id=mine[-1], etag="")
            return "deleted"
        slot = _slot(chance, arena)
        if mine and turn < 0.3:
            await entries.update_entry(uow, entry_id=mine[-1], changes=entries.slot_columns(slot), etag="")
            return "moved"
        draft = EntryDraft(
            enrolment_id,
            arena.room_id,
            SessionType.THEORY,
            EntryKind.RECURRING,
            slot,
            outside_day_pattern=True,
            version_id=arena.version_id,
        )
        entry, _ = await entries.create_entry(uow, draft=draft)
        made.append(entry.id)
        return "made"

    for _ in range(attempts):
        made: list[UUID] = []
        try:
            done = await database.run(SYSTEM, attempt)
        except _REFUSALS:
            outcome.refused += 1
            continue
        except (HubError, SQLAlchemyError) as error:
            outcome.failures[f"{type(error).__name__}: {error}"[:300]] += 1
            continue
        setattr(outcome, done, getattr(outcome, done) + 1)
        if done == "deleted":
            mine.pop()
        mine += made[-1:]


def _slot(chance: random.Random, arena: Arena) -> Slot:
    """Half an hour to two hours, sometimes of every other week."""
    start = chance.randrange(8 * 60, 16 * 60, 30)
    end = start + chance.choice((30, 60, 120))
    pattern = chance.choice((WeekPattern.EVERY, WeekPattern.EVERY, WeekPattern.A, WeekPattern.B))
    return Slot(
        chance.randint(1, 5),
        time_of_day(*divmod(start, 60)),
        time_of_day(*divmod(end, 60)),
        arena.first_date,
        arena.last_date,
        pattern,
        None if pattern is WeekPattern.EVERY else arena.first_date,
    )


async def _measure(url: str, attempts: int, *, hubs: int) -> tuple[Outcome, int, int, float]:
    databases = [Database.open(url, clock=lambda: NOW, pool_size=2) for _ in range(hubs)]
    college = await found_college(databases[0])
    async with databases[0].unit_of_work(SYSTEM) as uow:
        term_id = (await queries.get_version(uow, college.draft_id)).term_id
        draft = await versions.open_draft(uow, term_id=term_id, empty=True)
    # Enrolments of different class groups: only the room and the trainers can collide.
    enrolments = [college.enrolments[number * len(college.enrolments) // WRITERS] for number in range(WRITERS)]
    arena = Arena(draft.id, college.rooms[0], enrolments, FIRST, LAST)
    began = time.monotonic()
    outcome = await contend((databases * WRITERS)[:WRITERS], arena, attempts=attempts)
    seconds = time.monotonic() - began
    found, stored = await overlaps(databases[0], draft.id)
    for database in databases:
        await database.dispose()
    return outcome, found, stored, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000, help="of all writers together")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="only this one")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    each = max(1, arguments.attempts // WRITERS)
    report = Report("booking")
    for kind in [arguments.database] if arguments.database else ["postgresql", "sqlite"]:
        with tempfile.TemporaryDirectory(prefix="roster-booking-") as folder:
            if kind == "postgresql":
                with postgresql(Path(folder)) as url:
                    migrate(url)
                    measured = asyncio.run(_measure(url, each, hubs=WRITERS))
            else:
                url = f"sqlite:///{folder}/hub.db"
                migrate(url)
                measured = asyncio.run(_measure(url, each, hubs=1))
        outcome, found, stored, seconds = measured
        for text, count in outcome.failures.most_common(5):
            print(f"{kind}: {count} × {text}")
        report.figures[f"{kind}_overlaps"] = Figure(found, reach="<= 0")
        report.figures[f"{kind}_deadlocks_seen"] = Figure(outcome.deadlocks, reach="<= 0")
        report.figures[f"{kind}_other_failures"] = Figure(outcome.failures.total() - outcome.deadlocks, reach="<= 0")
        report.figures[f"{kind}_attempts"] = Figure(WRITERS * each)
        report.figures[f"{kind}_stored"] = Figure(outcome.made)
        report.figures[f"{kind}_moved"] = Figure(outcome.moved)
        report.figures[f"{kind}_refused"] = Figure(outcome.refused)
        report.figures[f"{kind}_bookings_left"] = Figure(stored)
        report.figures[f"{kind}_attempts_per_second"] = Figure(WRITERS * each / seconds, unit="1/s")
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
