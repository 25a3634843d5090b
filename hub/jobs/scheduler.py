"""Runs each tick of each job exactly once: a tick and its row in `job_ticks` are one transaction.

Every hub of a site keeps the same timetable in memory. When a tick is due, the first to get the tick's advisory lock
(PostgreSQL; SQLite has one hub) leads it and the others look again until its row is there: should the leader die, its
transaction is rolled back and the next one runs the tick.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import delete, func, select
from sqlalchemy.orm import aliased

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.jobs.tables import JobTick

Tick = Callable[[UnitOfWork, datetime], Awaitable[None]]

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_LONGEST_SLEEP_SECONDS = 30.0  # a clock that was set is noticed after this long
_KEPT = timedelta(days=30)

_log = structlog.get_logger("hub.jobs")


def every(**interval: int) -> BaseTrigger:
    """A trigger at whole multiples of the interval (`every(minutes=1)`), the same on every hub."""
    return IntervalTrigger(**interval, timezone=UTC)


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    trigger: BaseTrigger
    run: Tick


class Scheduler:
    """`add` jobs, then `start`. Ticks missed while no hub ran are made up for by one tick, the first missed one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: dict[str, _Job] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def add(self, name: str, trigger: BaseTrigger, run: Tick) -> None:
        """`run(uow, scheduled_for)` does the tick in the unit of work it is given; it must be short.

        `name` is stored; keep it when the code moves. Intervals are counted from a fixed instant.
        """
        if name in self._jobs:
            raise ValueError(f"two jobs are named {name}")
        if isinstance(trigger, IntervalTrigger):
            # Not from when this hub started: the ticks of all hubs must be the same instants.
            trigger.start_date = _EPOCH
        self._jobs[name] = _Job(name, trigger, run)

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep(job)) for job in self._jobs.values()]

    async def stop(self) -> None:
        """Finish the ticks in hand."""
        self._stopping.set()
        await asyncio.gather(*self._tasks)

    async def run_tick(self, name: str, scheduled_for: datetime) -> bool:
        """Run a tick unless it has run; answers whether it has run now, here or elsewhere.

        False: another hub is at it. An exception of the job is raised, and its tick stays to be run.
        """
        job = self._jobs[name]

        async def lead(uow: UnitOfWork) -> bool:
            if self._database.dialect == "postgresql":
                key = func.hashtextextended(f"{name} {scheduled_for.isoformat()}", 0)
                if not (await uow.session.scalars(select(func.pg_try_advisory_xact_lock(key)))).one():
                    return False
            if await uow.session.get(JobTick, (name, scheduled_for)) is None:
                uow.session.add(JobTick(job=name, scheduled_for=scheduled_for, run_time=uow.now))
                await uow.session.flush()
                await job.run(uow, scheduled_for)
            return True

        return await self._database.run(SYSTEM, lead)

    async def next_tick(self, name: str) -> datetime:
        """When the job's next tick is due: in the past when one was missed."""
        now = self._database.clock()
        async with self._database.unit_of_work(SYSTEM, write=False) as uow:
            last = (await uow.session.scalars(select(func.max(JobTick.scheduled_for)).where(JobTick.job == name))).one()
        return self._following(self._jobs[name], now if last is None or last > now else last)

    def _following(self, job: _Job, after: datetime) -> datetime:
        following: datetime | None = job.trigger.get_next_fire_time(None, after + _INSTANT)
        if following is None:
            raise ValueError(f"the trigger of {job.name} has no more ticks")
        return following.astimezone(UTC)

    async def _keep(self, job: _Job) -> None:
        due: datetime | None = None
        failures = 0
        while not self._stopping.is_set():
            try:
                due = due or await self.next_tick(job.name)
                missing = (due - self._database.clock()).total_seconds()
                if missing > 0:
                    await self._sleep(min(missing, _LONGEST_SLEEP_SECONDS))
                elif await self.run_tick(job.name, due):
                    # Ticks missed meanwhile are skipped: each job catches up by looking at the state, not by counting.
                    due, failures = self._following(job, max(due, self._database.clock() - _INSTANT)), 0
                else:
                    await self._sleep(random.uniform(0.5, 1))  # noqa: S311 (spreads hubs)
            except Exception as error:  # noqa: BLE001 (a job that fails is tried again; the scheduler lives on)
                failures += 1
                level = _log.warning if isinstance(error, HubError) else _log.error
                level("a scheduled job failed and is tried again", job=job.name, failures=failures, exc_info=error)
                await self._sleep(min(2.0**failures, 60))

    async def _sleep(self, seconds: float) -> None:
        await asyncio.gather(asyncio.wait_for(self._stopping.wait(), seconds), return_exceptions=True)


async def sweep_ticks(uow: UnitOfWork, scheduled_for: datetime) -> None:
    """Delete ticks older than a month, but not a job's last one, by which missed ticks are known."""
    later = aliased(JobTick)
    newer = select(later.job).where(later.job == JobTick.job, later.scheduled_for > JobTick.scheduled_for).exists()
    await uow.session.execute(
        delete(JobTick)
        .where(JobTick.scheduled_for < scheduled_for - _KEPT, newer)
        .execution_options(synchronize_session=False)
    )
