import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hub.db.audit import AuditEntry
from hub.db.database import Database, utc_now
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.jobs.scheduler import Scheduler, every, sweep_ticks
from hub.jobs.tables import JobTick
from tests.fixtures.clock import FakeClock

TICK = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


async def _note(uow: UnitOfWork, scheduled_for: datetime) -> None:
    await asyncio.sleep(0.01)
    uow.audit("test.tick", object_type="job", object_id=scheduled_for.isoformat())


async def _notes(database: Database) -> int:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return (await uow.session.scalars(select(func.count()).select_from(AuditEntry))).one()


def _schedulers(database: Database, count: int) -> list[Scheduler]:
    schedulers = [Scheduler(database) for _ in range(count)]
    for scheduler in schedulers:
        scheduler.add("note", every(minutes=1), _note)
    return schedulers


async def test_tick_runs_once_on_several_hubs(database: Database) -> None:
    schedulers = _schedulers(database, 4)
    outcomes = await asyncio.gather(*(scheduler.run_tick("note", TICK) for scheduler in schedulers))
    assert any(outcomes)
    assert await schedulers[-1].run_tick("note", TICK)
    assert await _notes(database) == 1


async def test_failed_tick_stays_to_be_run(database: Database) -> None:
    scheduler = Scheduler(database)
    failures = [ValueError("not today")]

    async def fail_once(uow: UnitOfWork, scheduled_for: datetime) -> None:
        await _note(uow, scheduled_for)
        if failures:
            raise failures.pop()

    scheduler.add("moody", every(minutes=1), fail_once)
    with pytest.raises(ValueError, match="not today"):
        await scheduler.run_tick("moody", TICK)
    assert await _notes(database) == 0
    assert await scheduler.run_tick("moody", TICK)
    assert await _notes(database) == 1


async def test_ticks_are_the_same_on_every_hub_and_missed_ones_are_made_up_for(
    database: Database, clock: FakeClock
) -> None:
    (scheduler,) = _schedulers(database, 1)
    clock.set(TICK + timedelta(seconds=7))
    assert await scheduler.next_tick("note") == TICK + timedelta(minutes=1)
    await scheduler.run_tick("note", TICK)
    clock.advance(hours=3)
    assert await scheduler.next_tick("note") == TICK + timedelta(minutes=1)


async def test_running_scheduler_ticks_and_stops(database: Database) -> None:
    database.clock = utc_now
    scheduler = Scheduler(database)
    ticked = asyncio.Event()

    async def tick(_uow: UnitOfWork, _scheduled_for: datetime) -> None:
        ticked.set()

    scheduler.add("second", every(seconds=1), tick)
    await scheduler.start()
    await asyncio.wait_for(ticked.wait(), 5)
    await scheduler.stop()


async def test_sweep_keeps_the_last_tick_of_a_job(database: Database) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        for job, days in (("often", 90), ("often", 40), ("often", 1), ("rare", 80), ("rare", 70)):
            uow.session.add(JobTick(job=job, scheduled_for=TICK - timedelta(days=days), run_time=TICK))
    async with database.unit_of_work(SYSTEM) as uow:
        await sweep_ticks(uow, TICK)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        kept = {(tick.job, (TICK - tick.scheduled_for).days) for tick in await uow.session.scalars(select(JobTick))}
    assert kept == {("often", 1), ("rare", 70)}
