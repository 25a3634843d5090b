"""A plan mended and a lesson's alternatives, from a term's data through the job to a draft, on both databases."""

import asyncio
from datetime import UTC, datetime, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hub.courses.models import Enrolment
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.jobs.errors import JobNotFound
from hub.jobs.models import Job
from hub.jobs.rules import JobState
from hub.jobs.runner import JobRunner
from hub.rpc.permissions import Reach, Scope
from hub.timetable import queries
from hub.timetable.errors import (
    ResolutionImpossible,
    ResolutionNotReady,
    ResolutionStale,
    SuggestionImpossible,
    TimetableEntryNotFound,
)
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.rules import RoomState, SessionType
from hub.timetable.service import checking, entries, resolving, suggesting, versions
from hub.timetable.service.generation import Order, entry_of, load_task
from hub.timetable.solver.cp_sat import Budget
from hub.timetable.solver.problem import Plan
from hub.timetable.solver.repair import repair_with_fewest_moves
from tests.factories.term_to_plan import make_term_to_plan
from tests.fixtures.clock import FakeClock

ALL = Scope(principal=SYSTEM, reaches=frozenset({Reach.SCHOOL}))


@pytest.fixture
async def term_id(database: Database, clock: FakeClock) -> UUID:
    clock.set(datetime(2026, 1, 2, tzinfo=UTC))
    async with database.unit_of_work(SYSTEM) as uow:
        return await make_term_to_plan(uow)


async def resolve(database: Database, term_id: UUID, base_id: UUID) -> Job:
    """The job, run to its end."""
    runner = JobRunner(database, resolving.job_kinds())
    async with database.unit_of_work(SYSTEM) as uow:
        job_id = (await resolving.submit(uow, term_id=term_id, base_version_id=base_id, seconds=2)).id
    await runner.start()
    try:
        async with asyncio.timeout(60):
            while True:
                await asyncio.sleep(0.1)
                async with database.unit_of_work(SYSTEM, write=False) as uow:
                    job = await uow.session.get_one(Job, job_id)
                    if job.state.has_ended:
                        assert (job.state, job.failure) == (JobState.SUCCEEDED, "")
                        return job
    finally:
        await runner.stop()


@pytest.fixture
async def draft_id(database: Database, term_id: UUID) -> UUID:
    """A whole plan."""
    async with database.unit_of_work(SYSTEM) as uow:
        draft = await versions.open_draft(uow, term_id=term_id, empty=True)
        task = await load_task(uow, Order(term_id=term_id, base_version_id=draft.id))
        made = repair_with_fewest_moves(task.week.problem, Plan({}), Budget(seconds=10, workers=1))
        stored = [entry_of(draft, task.term, line) for line in task.week.lines(made.plan)]
        uow.session.add_all(stored)
        await uow.session.flush()
        await versions.store_bookings(uow, stored, ())
        return draft.id


async def lines(uow: UnitOfWork, version_id: UUID) -> dict[UUID, TimetableEntry]:
    return {entry.lesson_id: entry for entry in await queries.entries_of_version(uow, version_id)}


def place(entry: TimetableEntry) -> tuple[object, ...]:
    return entry.weekday, entry.start_time_of_day, entry.end_time_of_day, entry.room_id


async def hard_conflicts(uow: UnitOfWork, version_id: UUID) -> list[str]:
    _, found = await checking.check_version(uow, await queries.get_version(uow, version_id))
    return [conflict.text for conflicts in found.values() for conflict in conflicts if conflict.hard]


async def test_an_empty_draft_is_mended_by_placing_every_lesson(database: Database, term_id: UUID) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        empty = (await versions.open_draft(uow, term_id=term_id, empty=True)).id
    job = await resolve(database, term_id, empty)
    async with database.unit_of_work(SYSTEM) as uow:
        mended = await resolving.apply(uow, job_id=job.id, offer_number=1, title="Whole", scope=ALL)
        assert mended.title == "Whole"
        assert len(await lines(uow, mended.id)) == 12
        assert await hard_conflicts(uow, mended.id) == []


async def test_when_a_room_closes_its_lessons_move_and_pinned_ones_and_the_base_stay(
    database: Database, term_id: UUID, draft_id: UUID
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        before = await lines(uow, draft_id)
        classrooms = set(await uow.session.scalars(select(Room.id).where(Room.room_type == "classroom")))
        room_id = next(entry.room_id for entry in before.values() if entry.room_id in classrooms)
        pinned = next(entry for entry in before.values() if entry.room_id != room_id)
        await entries.pin(uow, entry_ids=[pinned.id], pinned=True)
        (await uow.session.get_one(Room, room_id)).state = RoomState.CLOSED
        displaced = {key for key, entry in before.items() if entry.room_id == room_id}
        was = {key: place(entry) for key, entry in before.items()}
    job = await resolve(database, term_id, draft_id)
    offers = job.result["offers"]
    assert 1 <= len(offers) <= 3
    assert offers[0]["fewest_proven"]
    assert offers[0]["relocated"] == len(displaced)
    assert {move["lesson_id"] for move in offers[0]["moves"]} == set(map(str, displaced))
    assert all(offer["unplaced"] == 0 for offer in offers)
    for number in range(1, len(offers) + 1):
        async with database.unit_of_work(SYSTEM) as uow:
            mended = await resolving.apply(uow, job_id=job.id, offer_number=number, title="", scope=ALL)
            now = await lines(uow, mended.id)
            moved = {key for key, entry in now.items() if place(entry) != was[key]}
            assert len(moved) == offers[number - 1]["relocated"]
            assert pinned.lesson_id not in moved
            assert await hard_conflicts(uow, mended.id) == []
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert {key: place(entry) for key, entry in (await lines(uow, draft_id)).items()} == was


async def test_an_enrolments_new_trainer_is_in_the_mended_plan(
    database: Database, term_id: UUID, draft_id: UUID
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        enrolments = list(await uow.session.scalars(select(Enrolment).where(Enrolment.term_id == term_id)))
        one = enrolments[0]
        other = next(enrolment.trainer_id for enrolment in enrolments if enrolment.trainer_id != one.trainer_id)
        one.trainer_id = other
        enrolment_id = one.id
    job = await resolve(database, term_id, draft_id)
    async with database.unit_of_work(SYSTEM) as uow:
        mended = await resolving.apply(uow, job_id=job.id, offer_number=1, title="", scope=ALL)
        of_enrolment = [e for e in (await lines(uow, mended.id)).values() if e.enrolment_id == enrolment_id]
        assert {entry.trainer_id for entry in of_enrolment} == {other}
        assert await hard_conflicts(uow, mended.id) == []


async def test_an_offer_for_a_version_that_has_changed_is_refused(
    database: Database, term_id: UUID, draft_id: UUID
) -> None:
    job = await resolve(database, term_id, draft_id)
    async with database.unit_of_work(SYSTEM) as uow:
        entry = next(iter((await lines(uow, draft_id)).values()))
        await entries.pin(uow, entry_ids=[entry.id], pinned=True)
    async with database.unit_of_work(SYSTEM) as uow:
        with pytest.raises(ResolutionStale, match="has changed since"):
            await resolving.apply(uow, job_id=job.id, offer_number=1, title="", scope=ALL)


async def test_only_offers_that_are_there_can_be_taken(database: Database, term_id: UUID, draft_id: UUID) -> None:
    job = await resolve(database, term_id, draft_id)
    async with database.unit_of_work(SYSTEM) as uow:
        for number in (0, len(job.result["offers"]) + 1):
            with pytest.raises(ResolutionNotReady, match="choose one of them"):
                await resolving.apply(uow, job_id=job.id, offer_number=number, title="", scope=ALL)
        with pytest.raises(JobNotFound):
            await resolving.apply(uow, job_id=uuid4(), offer_number=1, title="", scope=ALL)


async def test_without_a_plan_and_with_pins_that_can_not_stay_it_is_said_at_once(
    database: Database, term_id: UUID, draft_id: UUID
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        with pytest.raises(ResolutionImpossible, match="no published plan"):
            await resolving.submit(uow, term_id=term_id, base_version_id=None, seconds=4)
        entry = next(iter((await lines(uow, draft_id)).values()))
        await entries.pin(uow, entry_ids=[entry.id], pinned=True)
        (await uow.session.get_one(Room, entry.room_id)).capacity = 1
        with pytest.raises(ResolutionImpossible, match=r"free them first.*has 1 seats"):
            await resolving.submit(uow, term_id=term_id, base_version_id=draft_id, seconds=4)


async def test_every_alternative_that_is_suggested_can_be_stored(database: Database, draft_id: UUID) -> None:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        known = (await lines(uow, draft_id)).values()
        entry = next(one for one in known if one.session_type is SessionType.THEORY)
        asked = await suggesting.ask(
            uow, entry_id=entry.id, enrolment_id=None, session_type=SessionType.THEORY, version_id=None, wanted=None
        )
    found = asked.answer(most=4, budget=Budget(seconds=2, workers=1))
    assert not found.is_wanted
    costs = [one.cost for _, one in found.alternatives]
    assert costs == sorted(costs)
    assert costs
    for spot, _ in found.alternatives:
        async with database.unit_of_work(SYSTEM) as uow:
            changes = {
                "weekday": spot.weekday, "start_time_of_day": spot.start, "end_time_of_day": spot.end,
                "room_id": spot.room_id,
            }  # fmt: skip
            moved, _ = await entries.update_entry(uow, entry_id=entry.id, changes=changes, etag="")
            assert (moved.weekday, moved.room_id) == (spot.weekday, spot.room_id)


async def test_a_wanted_time_is_freed_by_the_fewest_moves(database: Database, draft_id: UUID) -> None:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        known = list((await lines(uow, draft_id)).values())
        entry = known[0]
        other = next(
            one
            for one in known
            if one.class_group_id == entry.class_group_id
            and one.trainer_id == entry.trainer_id
            and one.id != entry.id
            and one.start_time_of_day != time(14)
            and place(one)[:2] != place(entry)[:2]
        )
        asked = await suggesting.ask(
            uow,
            entry_id=entry.id,
            enrolment_id=None,
            session_type=SessionType.THEORY,
            version_id=None,
            wanted=(other.weekday, other.start_time_of_day, other.end_time_of_day),
        )
    freed = asked.answer(most=1, budget=Budget(seconds=5, workers=1)).freed
    assert freed is not None
    assert freed.fewest_proven
    moved = {move.lesson_id: move for move in freed.moves}
    assert {entry.lesson_id, other.lesson_id} <= moved.keys()
    after = moved[entry.lesson_id].after
    assert after is not None
    assert (after.weekday, after.start) == (other.weekday, other.start_time_of_day)


async def test_suggestions_are_for_weekly_lessons_in_the_day_pattern(database: Database, draft_id: UUID) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        entry = next(iter((await lines(uow, draft_id)).values()))
        changes = {"start_time_of_day": time(16), "end_time_of_day": time(17), "outside_day_pattern": True}
        await entries.update_entry(uow, entry_id=entry.id, changes=changes, etag="")
        with pytest.raises(SuggestionImpossible):
            await suggesting.ask(
                uow, entry_id=entry.id, enrolment_id=None, session_type=SessionType.THEORY, version_id=None, wanted=None
            )
        with pytest.raises(TimetableEntryNotFound):
            await suggesting.ask(
                uow, entry_id=uuid4(), enrolment_id=None, session_type=SessionType.THEORY, version_id=None, wanted=None
            )
