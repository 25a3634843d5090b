"""Runs long-running jobs at this hub: takes what waits, keeps the lease, stores progress, sees wishes to cancel.

Hubs that share a database share the work: a job is taken with FOR UPDATE SKIP LOCKED and a lease that its hub renews.
A hub that dies lets its lease run out; whoever looks next begins the job anew or ends it FAILED, as its kind wants it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError
from hub.jobs import queries, service
from hub.jobs.errors import JobHubLost
from hub.jobs.models import Job
from hub.jobs.rules import LEASE, JobState, may_run_again
from hub.jobs.running import JobCancelled, JobKind, RunningJob, put_progress

_LOOK_SECONDS = 0.4  # for new jobs
_KEEP_SECONDS = 0.3  # progress, cancellation and lease of a running one
_STOP_SECONDS = 10.0

_log = structlog.get_logger("hub.jobs")


class JobRunner:
    """`start`, later `stop`. Runs at most `parallel` jobs at a time; the rest waits in order."""

    def __init__(self, database: Database, kinds: Iterable[JobKind], *, parallel: int = 2) -> None:
        self._database = database
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds of job are named {kind.name}")
            self._kinds[kind.name] = kind
        self._parallel = parallel
        self.hub_id = uuid4()
        self._running: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Stop the jobs in hand: those whose kind is run again wait for the next hub, the others end FAILED."""
        self._stopping.set()
        if self._looking is not None:
            await self._looking
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=_STOP_SECONDS)

    async def take_up(self) -> int:
        """Begin what waits, as far as there is room; answers how many jobs were begun or ended."""
        room = self._parallel - len(self._running)
        if room <= 0 or not self._kinds or not await self._is_anything_free():
            return 0
        async with self._database.unit_of_work(SYSTEM) as uow:
            jobs = list(
                await uow.session.scalars(
                    select(Job)
                    .where(queries.free_to_take(uow.now), Job.kind.in_(self._kinds))
                    .order_by(Job.id)
                    .limit(room)
                    .with_for_update(skip_locked=True)
                )
            )
            taken = [RunningJob(self._database, job, self.hub_id) for job in jobs if self._take(uow, job)]
        for job in taken:
            task = asyncio.create_task(self._carry(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(jobs)

    async def _is_anything_free(self) -> bool:
        async with self._database.unit_of_work(SYSTEM, write=False) as uow:
            found = await uow.session.scalar(
                select(Job.id).where(queries.free_to_take(uow.now), Job.kind.in_(self._kinds)).limit(1)
            )
            return found is not None

    def _take(self, uow: UnitOfWork, job: Job) -> bool:
        if job.state is JobState.RUNNING:
            _log.warning("a job's hub is gone", job=str(job.id), kind=job.kind, attempts=job.attempts)
            if job.cancel_time is not None:
                service.end(uow, job, JobState.CANCELLED)
                return False
            if not may_run_again(self._kinds[job.kind].when_hub_is_lost, job.attempts):
                _fail_as_lost(uow, job)
                return False
        job.state = JobState.RUNNING
        job.hub_id, job.lease_expire_time = self.hub_id, uow.now + LEASE
        job.attempts += 1
        job.start_time = job.start_time or uow.now
        job.update_time = uow.now
        job.done_units = job.total_units = 0
        job.stage, job.detail = "", {}
        return True

    async def _look(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.take_up()
            except HubError:
                _log.warning("cannot look for jobs", exc_info=True)
            except SQLAlchemyError:
                _log.exception("cannot look for jobs")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _LOOK_SECONDS)

    async def _carry(self, job: RunningJob) -> None:
        work = asyncio.ensure_future(self._kinds[job.kind].run(job))
        keeping = asyncio.create_task(self._keep(job, work))
        end: dict[str, Any] = {"state": JobState.FAILED, "failure_reason": "INTERNAL"}
        try:
            end = {"state": JobState.SUCCEEDED, "result": dict(await work)}
        except (asyncio.CancelledError, JobCancelled):
            job.cancel()
            work.cancel()
            await asyncio.wait([work])
            end = {"state": JobState.CANCELLED}
        except HubError as error:
            end |= {"failure_reason": error.reason, "failure": error.message}
        except Exception:  # noqa: BLE001 (whatever went wrong, the job must end)
            _log.exception("a job failed", job=str(job.id), kind=job.kind)
            end["failure"] = "The job failed unexpectedly: the hub's log tells its administrator why."
        await asyncio.wait([keeping])
        await self._finish(job, end)

    async def _keep(self, job: RunningJob, work: "asyncio.Future[Mapping[str, Any]]") -> None:
        """Until the work is done: store its progress, renew the lease, and stop the work when it is to stop."""
        renewed = self._database.clock()
        while True:
            await asyncio.wait([work], timeout=_KEEP_SECONDS)
            if work.done():
                return
            try:
                is_to_stop = await self._stop_wanted(job)
                if not is_to_stop:
                    renewed = await self._tell(job, renewed)
            except (HubError, SQLAlchemyError):
                _log.warning("a job's progress could not be stored", job=str(job.id), exc_info=True)
                # After the lease another hub may be at it; while the database is away none can be.
                continue
            if is_to_stop:
                job.cancel()
                work.cancel()
                return

    async def _stop_wanted(self, job: RunningJob) -> bool:
        async with self._database.unit_of_work(SYSTEM, write=False) as uow:
            row = (
                await uow.session.execute(
                    select(Job.cancel_time, Job.hub_id, Job.attempts, Job.state).where(Job.id == job.id)
                )
            ).one_or_none()
        if row is None or row.state.has_ended:
            return False  # ended in the handler's own transaction
        return row.cancel_time is not None or (row.hub_id, row.attempts) != (self.hub_id, job.attempt)

    async def _tell(self, job: RunningJob, renewed: datetime) -> datetime:
        news = job.news()
        now = self._database.clock()
        if news is None and now - renewed < LEASE / 3:
            return renewed
        async with self._database.unit_of_work(SYSTEM) as uow:
            row = await self._held(uow, job)
            if row is not None:
                row.lease_expire_time = uow.now + LEASE
                if news is not None:
                    put_progress(row, news)
                    row.update_time = uow.now
        if news is not None:
            job.stored(news)
        return now

    async def _finish(self, job: RunningJob, end: dict[str, Any]) -> None:
        """Store how it ended, unless the handler has, or another hub holds it by now."""
        wait = 0.2
        while True:
            try:
                await self._database.run(SYSTEM, lambda uow: self._end(uow, job, end))
            except HubError:
                # Without it the lease runs out and the job counts as one whose hub is gone.
                _log.warning("a job's end could not be stored", job=str(job.id), exc_info=True)
                if self._stopping.is_set():
                    return
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
            else:
                return

    async def _end(self, uow: UnitOfWork, job: RunningJob, end: dict[str, Any]) -> None:
        row = await self._held(uow, job)
        if row is None:
            return
        put_progress(row, job.progress)
        if end["state"] is JobState.CANCELLED and row.cancel_time is None:
            # Nobody asked for it: this hub stops.
            if may_run_again(self._kinds[job.kind].when_hub_is_lost, row.attempts):
                row.state, row.hub_id, row.lease_expire_time = JobState.QUEUED, None, None
                row.update_time = uow.now
            else:
                _fail_as_lost(uow, row)
            return
        service.end(uow, row, **end)

    async def _held(self, uow: UnitOfWork, job: RunningJob) -> Job | None:
        """The job's row, locked, while this hub has it."""
        held: Job | None = await uow.session.scalar(
            select(Job)
            .where(
                Job.id == job.id,
                Job.hub_id == self.hub_id,
                Job.attempts == job.attempt,
                Job.state == JobState.RUNNING,
            )
            .with_for_update()
        )
        return held


def _fail_as_lost(uow: UnitOfWork, job: Job) -> None:
    service.end(
        uow,
        job,
        JobState.FAILED,
        failure_reason=JobHubLost.reason,
        failure="The hub that ran this job stopped before it was done, and nothing of it was kept: begin it again.",
    )
