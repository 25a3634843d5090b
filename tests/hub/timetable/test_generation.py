"""A plan from a term's data to a draft, through the job that makes it, on both databases."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.jobs.models import Job
from hub.jobs.rules import JobState
from hub.jobs.runner import JobRunner
from hub.timetable import queries, service
from hub.timetable.errors import GenerationImpossible
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.policy import DayPattern
from hub.timetable.rules import EntryKind, RoomState, SessionType, Slot, WeekPattern
from hub.timetable.service import checking, entries, generation, planning_rules, versions
from tests.factories.term_to_plan import make_term_to_plan
from tests.factories.timetable import make_room
from tests.fixtures.clock import FakeClock


@pytest.fixture
async def term_id(database: Database, clock: FakeClock) -> UUID:
    clock.set(datetime(2026, 1, 2, tzinfo=UTC))
    async with database.unit_of_work(SYSTEM) as uow:
        return await make_term_to_plan(uow)


async def generate(database: Database, order: generation.Order, *, cancel_after: float = 0) -> Job:
    """The job, run to its end."""
    runner = JobRunner(database, generation.job_kinds())
    async with database.unit_of_work(SYSTEM) as uow:
        job_id = (await generation.submit(uow, order)).id
    await runner.start()
    try:
        async with asyncio.timeout(120):
            began = asyncio.get_running_loop().time()
            while True:
                await asyncio.sleep(0.1)
                async with database.unit_of_work(SYSTEM) as uow:
                    job = await uow.session.get_one(Job, job_id)
                    if job.state.has_ended:
                        return job
                    waited = asyncio.get_running_loop().time() - began
                    if cancel_after and waited > cancel_after and "cost" in job.detail and job.cancel_time is None:
                        job.cancel_time = uow.now
    finally:
        await runner.stop()


def shape(lines: list[TimetableEntry]) -> list[tuple[object, ...]]:
    return sorted(
        (str(line.enrolment_id), line.session_type.value, line.weekday, line.start_time_of_day, str(line.room_id))
        for line in lines
    )


async def test_a_generated_plan_has_every_hour_and_no_hard_conflict(database: Database, term_id: UUID) -> None:
    job = await generate(database, generation.Order(term_id=term_id, moves=20_000, cores=1, title="First"))
    assert (job.state, job.failure) == (JobState.SUCCEEDED, "")
    assert (job.result["unplaced"], job.result["entries"]) == (0, 12)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        draft = await queries.get_version(uow, UUID(job.result["version_id"]))
        assert (draft.is_draft, draft.title) == (True, "First")
        lines, found = await checking.check_version(uow, draft)
        assert [conflict.text for conflicts in found.values() for conflict in conflicts if conflict.hard] == []
        hours: dict[tuple[UUID, SessionType], int] = {}
        for line in lines:
            key = (line.enrolment_id, line.session_type)
            hours[key] = hours.get(key, 0) + line.slot.minutes
            room = await queries.get_room(uow, line.room_id)
            assert room.room_type == "lab" or (
                line.session_type is SessionType.THEORY and room.room_type == "classroom"
            )
        assert set(hours.values()) == {120}
        assert len(hours) == 12


async def test_the_same_seed_and_moves_give_the_same_plan(database: Database, term_id: UUID) -> None:
    plans = []
    for _ in range(2):
        job = await generate(database, generation.Order(term_id=term_id, moves=3_000, seed=7, cores=1))
        async with database.unit_of_work(SYSTEM, write=False) as uow:
            plans.append(shape(await queries.entries_of_version(uow, UUID(job.result["version_id"]))))
    assert plans[0] == plans[1]


async def test_pinned_lessons_and_what_the_grid_cannot_hold_stay(database: Database, term_id: UUID) -> None:
    job = await generate(database, generation.Order(term_id=term_id, moves=5_000, cores=1))
    base_id = UUID(job.result["version_id"])
    async with database.unit_of_work(SYSTEM) as uow:
        lines = await queries.entries_of_version(uow, base_id)
        pinned = lines[0]
        await entries.pin(uow, entry_ids=[pinned.id], pinned=True)
        # Every other week at a time of its own: planned around, and counted as half of its hours.
        odd = next(line for line in lines if line.id != pinned.id and line.session_type is SessionType.THEORY)
        changes = {
            "start_time_of_day": time(15, 30), "end_time_of_day": time(17, 30), "week_pattern": WeekPattern.A,
            "anchor_date": date(2026, 1, 5), "outside_day_pattern": True,
        }  # fmt: skip
        await entries.update_entry(uow, entry_id=odd.id, changes=changes, etag="")
    again = await generate(database, generation.Order(term_id=term_id, base_version_id=base_id, moves=5_000, cores=1))
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        now = {line.lesson_id: line for line in await queries.entries_of_version(uow, UUID(again.result["version_id"]))}
    kept = now[pinned.lesson_id]
    assert (kept.slot, kept.room_id, kept.pinned) == (pinned.slot, pinned.room_id, True)
    assert now[odd.lesson_id].week_pattern is WeekPattern.A
    theirs = [
        line
        for line in now.values()
        if (line.enrolment_id, line.session_type) == (odd.enrolment_id, SessionType.THEORY)
    ]
    assert sorted(line.slot.minutes for line in theirs) == [60, 120]


async def test_a_line_moves_to_a_room_that_has_what_it_needs(database: Database, term_id: UUID) -> None:
    first = await generate(database, generation.Order(term_id=term_id, moves=5_000, cores=1))
    base_id = UUID(first.result["version_id"])
    async with database.unit_of_work(SYSTEM) as uow:
        by_code = {room.code: room for room in await uow.session.scalars(select(Room))}
        lines = await queries.entries_of_version(uow, base_id)
        line = next(one for one in lines if one.room_id == by_code["C1"].id)
        for code in ("C1", "C2"):
            by_code[code].facilities = ["kiln"]
        await make_room(uow, code="C3")
        await uow.session.flush()
        await entries.update_entry(uow, entry_id=line.id, changes={"facilities": ["kiln"]}, etag="")
        by_code["C1"].state = RoomState.CLOSED
    again = await generate(database, generation.Order(term_id=term_id, base_version_id=base_id, moves=5_000, cores=1))
    assert again.result["unplaced"] == 0
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        now = {one.lesson_id: one for one in await queries.entries_of_version(uow, UUID(again.result["version_id"]))}
    assert (now[line.lesson_id].room_id, now[line.lesson_id].facilities) == (by_code["C2"].id, ["kiln"])


async def test_resembling_the_base_keeps_lessons_where_they_are(database: Database, term_id: UUID) -> None:
    first = await generate(database, generation.Order(term_id=term_id, moves=20_000, cores=1))
    base_id = UUID(first.result["version_id"])
    order = generation.Order(term_id=term_id, base_version_id=base_id, moves=300_000, cores=1, resemble=True)
    second = await generate(database, order)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        changes, same = await versions.diff(uow, from_id=base_id, to_id=UUID(second.result["version_id"]))
    assert same + len(changes) == 12  # lessons keep their ids
    assert same >= 6


async def test_a_cancelled_generation_keeps_the_best_so_far(database: Database, term_id: UUID) -> None:
    job = await generate(database, generation.Order(term_id=term_id, seconds=60, cores=1), cancel_after=1)
    assert job.state is JobState.CANCELLED
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert len(await queries.entries_of_version(uow, UUID(job.detail["version_id"]))) > 0


async def test_what_is_missing_is_said_before_anything_is_begun(database: Database, term_id: UUID) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        await planning_rules.replace_day_pattern(uow, pattern=DayPattern(), etag="")
        with pytest.raises(GenerationImpossible, match="day pattern"):
            await generation.submit(uow, generation.Order(term_id=term_id, seconds=1))


async def test_a_temporary_lesson_is_planned_around(database: Database, term_id: UUID) -> None:
    first = await generate(database, generation.Order(term_id=term_id, moves=5_000, cores=1))
    async with database.unit_of_work(SYSTEM) as uow:
        version, _ = await service.publish(uow, term_id=term_id, version_id=UUID(first.result["version_id"]))
        assert version is not None
        like = (await queries.entries_of_version(uow, version.id))[0]
        once = await _temporary(uow, like)
    again = await generate(database, generation.Order(term_id=term_id, moves=5_000, cores=1))
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        now = await queries.entries_of_version(uow, UUID(again.result["version_id"]))
    beside = [line for line in now if line.room_id == like.room_id or line.class_group_id == like.class_group_id]
    assert [line for line in beside if line.slot.overlaps(once)] == []
    assert again.result["unplaced"] == 0


async def _temporary(uow: UnitOfWork, like: TimetableEntry) -> Slot:
    """A temporary lesson of the enrolment, at the first free time of the first week."""
    for day in range(2, 5):
        for hour in (8, 12, 13):
            slot = Slot.on_dates([date(2026, 1, 5) + timedelta(days=day)], time(hour), time(hour + 2))
            draft = service.EntryDraft(like.enrolment_id, like.room_id, like.session_type, EntryKind.TEMPORARY, slot)
            if not any(conflict.hard for conflict in await entries.check(uow, draft=draft, entry_id=None)):
                await service.create_entry(uow, draft=draft)
                return slot
    raise AssertionError("no time is free")
