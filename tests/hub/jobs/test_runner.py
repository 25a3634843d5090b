# ruff: noqa: ANN401 (parameters and options are of any type)
import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid6 import uuid7

from hub.db.audit import AuditEntry
from hub.db.database import Database, utc_now
from hub.db.outbox_tables import OutboxEvent
from hub.db.principal import SYSTEM, Principal
from hub.errors import FailedPrecondition
from hub.jobs import service
from hub.jobs.errors import JobEnded, JobLeaseLost, JobNotFound
from hub.jobs.models import Job
from hub.jobs.rules import JobState, WhenHubIsLost
from hub.jobs.runner import JobRunner
from hub.jobs.running import JobKind, RunningJob
from hub.rpc.permissions import Reach, Scope
from tests.fixtures.clock import FakeClock

OWNER = Principal("user", uuid7(), frozenset({"ADMIN"}))
ALL = Scope(OWNER, frozenset({Reach.SCHOOL}))
Handler = Callable[[RunningJob], Awaitable[Mapping[str, Any]]]


async def _submit(database: Database, **params: Any) -> UUID:
    async with database.unit_of_work(OWNER) as uow:
        return (await service.submit(uow, kind="test.work", params=params, title="Work")).id


async def _job(database: Database, job_id: UUID) -> Job:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return await uow.session.get_one(Job, job_id)


async def _until(database: Database, job_id: UUID, holds: Callable[[Job], bool]) -> Job:
    async with asyncio.timeout(10):
        while not holds(job := await _job(database, job_id)):  # noqa: ASYNC110 (a row sets no event)
            await asyncio.sleep(0.02)
        return job


def _has_ended(job: Job) -> bool:
    return job.state.has_ended


async def _cancel(database: Database, job_id: UUID) -> Job:
    async with database.unit_of_work(OWNER) as uow:
        return await service.cancel(uow, job_id=job_id, scope=ALL)


def _runner(database: Database, run: Handler, choice: WhenHubIsLost = WhenHubIsLost.FAIL, **options: int) -> JobRunner:
    return JobRunner(database, [JobKind("test.work", run, choice)], **options)


@asynccontextmanager
async def _running(database: Database, run: Handler, **options: Any) -> AsyncIterator[JobRunner]:
    database.clock = utc_now
    runner = _runner(database, run, **options)
    await runner.start()
    try:
        yield runner
    finally:
        await runner.stop()


async def _double(job: RunningJob) -> Mapping[str, Any]:
    return {"doubled": job.params["number"] * 2}


async def _for_ever(_job: RunningJob) -> Mapping[str, Any]:
    await asyncio.Event().wait()
    return {}


async def test_job_runs_to_its_result_and_its_end_is_published(database: Database) -> None:
    async with _running(database, _double):
        job = await _until(database, await _submit(database, number=21), _has_ended)
    assert (job.state, job.result, job.attempts) == (JobState.SUCCEEDED, {"doubled": 42}, 1)
    assert job.create_time <= (job.start_time or utc_now()) <= (job.end_time or utc_now())
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        event = (await uow.session.scalars(select(OutboxEvent))).one()
        audited = list(await uow.session.scalars(select(AuditEntry.action)))
    assert (event.name, event.payload["state"], event.payload["title"]) == ("jobs.job_finished", "SUCCEEDED", "Work")
    assert audited == ["jobs.submit"]


async def test_job_of_a_transaction_that_failed_never_was(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work(OWNER) as uow:
            await service.submit(uow, kind="test.work", params={})
            raise ZeroDivisionError
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Job)) == 0


async def test_job_that_fails_tells_why_and_nothing_internal(database: Database) -> None:
    class RoomsMissing(FailedPrecondition):
        pass

    async def fail(job: RunningJob) -> Mapping[str, Any]:
        if job.params["known"]:
            raise RoomsMissing("There are no rooms: create some first.")
        raise ZeroDivisionError("secret detail")

    async with _running(database, fail):
        known = await _until(database, await _submit(database, known=True), _has_ended)
        bug = await _until(database, await _submit(database, known=False), _has_ended)
    assert (known.failure_reason, known.failure) == ("ROOMS_MISSING", "There are no rooms: create some first.")
    assert (bug.state, bug.failure_reason) == (JobState.FAILED, "INTERNAL")
    assert "secret" not in bug.failure


async def test_progress_is_seen_while_it_runs_and_written_a_few_times_a_second(database: Database) -> None:
    go_on = asyncio.Event()
    writes: list[float] = []

    async def count(job: RunningJob) -> Mapping[str, Any]:
        for i in range(1001):
            job.tell(done=i, total=1000, stage=f"Row {i}", detail={"cost": i / 2})
            await asyncio.sleep(0)
        await go_on.wait()
        return {}

    async with _running(database, count) as runner:
        told = runner._tell
        started = time.monotonic()

        async def counted(job: RunningJob, renewed: datetime) -> datetime:
            writes.append(time.monotonic())
            return await told(job, renewed)

        runner._tell = counted  # type: ignore[method-assign] # counts the writes
        job_id = await _submit(database)
        job = await _until(database, job_id, lambda job: job.done_units == 1000)
        assert (job.state, job.total_units, job.stage, job.detail) == (
            JobState.RUNNING,
            1000,
            "Row 1000",
            {"cost": 500},
        )
        assert len(writes) <= 1 + (time.monotonic() - started) / 0.3
        go_on.set()
        assert (await _until(database, job_id, _has_ended)).done_units == 1000


async def test_cancellation_is_seen_within_a_second(database: Database) -> None:
    async with _running(database, _for_ever):
        job_id = await _submit(database)
        await _until(database, job_id, lambda job: job.state is JobState.RUNNING)
        asked = time.monotonic()
        assert (await _cancel(database, job_id)).state is JobState.RUNNING
        job = await _until(database, job_id, _has_ended)
    assert time.monotonic() - asked < 1
    assert (job.state, job.failure) == (JobState.CANCELLED, "")
    with pytest.raises(JobEnded, match="ended already"):
        await _cancel(database, job_id)


async def test_waiting_job_is_cancelled_at_once_and_never_runs(database: Database) -> None:
    job_id = await _submit(database, number=1)
    assert (await _cancel(database, job_id)).state is JobState.CANCELLED
    assert await _runner(database, _double).take_up() == 0


async def test_computation_is_off_the_event_loop_and_stops_when_cancelled(database: Database) -> None:
    thread_ended = threading.Event()

    async def compute(job: RunningJob) -> Mapping[str, Any]:
        def work() -> dict[str, Any]:
            try:
                while True:
                    job.tell(done=job.progress.done_units + 1)
                    job.check_cancelled()
                    time.sleep(0.005)
            finally:
                thread_ended.set()

        return await job.in_thread(work)

    async with _running(database, compute):
        job_id = await _submit(database)
        await _until(database, job_id, lambda job: job.done_units > 0)
        await _cancel(database, job_id)
        job = await _until(database, job_id, _has_ended)
    assert job.state is JobState.CANCELLED
    assert thread_ended.is_set()


async def test_what_a_thread_answers_or_raises_is_the_job_s(database: Database) -> None:
    async def compute(job: RunningJob) -> Mapping[str, Any]:
        return await job.in_thread(lambda: {"inverse": 1 / job.params["number"]})

    async with _running(database, compute):
        good = await _until(database, await _submit(database, number=4), _has_ended)
        bad = await _until(database, await _submit(database, number=0), _has_ended)
    assert (good.result, bad.state) == ({"inverse": 0.25}, JobState.FAILED)


async def test_several_hubs_share_the_jobs_and_run_each_once(database: Database) -> None:
    runs: list[str] = []

    async def note(job: RunningJob) -> Mapping[str, Any]:
        runs.append(str(job.params["number"]))
        await asyncio.sleep(0.01)
        return {}

    job_ids = [await _submit(database, number=number) for number in range(8)]
    async with _running(database, note), _running(database, note), _running(database, note):
        for job_id in job_ids:
            await _until(database, job_id, _has_ended)
    assert sorted(runs) == sorted(map(str, range(8)))


async def test_no_more_than_so_many_run_at_a_time_in_order(database: Database) -> None:
    job_ids = [await _submit(database) for _ in range(3)]
    runner = _runner(database, _for_ever, parallel=2)
    assert await runner.take_up() == 2
    assert await runner.take_up() == 0
    states = [(await _job(database, job_id)).state for job_id in job_ids]
    assert states == [JobState.RUNNING, JobState.RUNNING, JobState.QUEUED]
    await runner.stop()


async def _lose_hub(hub: JobRunner) -> None:
    """The hub as it is after SIGKILL: nothing that it does reaches the database any more."""
    hub._database = Database.open("postgresql://nobody@127.0.0.1:9/none")
    await hub.stop()


@pytest.mark.parametrize("choice", list(WhenHubIsLost))
async def test_job_of_a_lost_hub_is_run_again_or_fails_as_its_kind_wants(
    database: Database, clock: FakeClock, choice: WhenHubIsLost
) -> None:
    job_id = await _submit(database, number=21)
    lost = _runner(database, _for_ever, choice)
    assert await lost.take_up() == 1
    await _lose_hub(lost)
    other = _runner(database, _double, choice)
    assert await other.take_up() == 0  # the lease holds
    clock.advance(seconds=31)
    assert await other.take_up() == 1
    job = await _until(database, job_id, _has_ended)
    if choice is WhenHubIsLost.RUN_AGAIN:
        assert (job.state, job.result, job.attempts) == (JobState.SUCCEEDED, {"doubled": 42}, 2)
    else:
        assert (job.state, job.failure_reason, job.attempts) == (JobState.FAILED, "JOB_HUB_LOST", 1)
        assert job.failure.endswith("begin it again.")


async def test_job_that_takes_its_hubs_down_is_begun_three_times_at_most(database: Database, clock: FakeClock) -> None:
    job_id = await _submit(database)
    for attempt in (1, 2, 3):
        hub = _runner(database, _for_ever, WhenHubIsLost.RUN_AGAIN)
        assert await hub.take_up() == 1
        assert (await _job(database, job_id)).attempts == attempt
        await _lose_hub(hub)
        clock.advance(seconds=31)
    assert await _runner(database, _for_ever, WhenHubIsLost.RUN_AGAIN).take_up() == 1
    assert (await _job(database, job_id)).failure_reason == "JOB_HUB_LOST"


@pytest.mark.parametrize("choice", list(WhenHubIsLost))
async def test_stopping_hub_gives_its_jobs_back_or_ends_them(database: Database, choice: WhenHubIsLost) -> None:
    async with _running(database, _for_ever, choice=choice):
        job_id = await _submit(database)
        await _until(database, job_id, lambda job: job.state is JobState.RUNNING)
    job = await _job(database, job_id)
    assert job.state is (JobState.QUEUED if choice is WhenHubIsLost.RUN_AGAIN else JobState.FAILED)
    assert job.hub_id is None


async def test_hub_that_was_away_too_long_stores_nothing(database: Database, clock: FakeClock) -> None:
    job_id = await _submit(database, number=1)
    slept = asyncio.Event()
    refusals: list[Exception] = []

    async def sleepy(job: RunningJob) -> Mapping[str, Any]:
        await slept.wait()
        try:
            async with job.unit_of_work() as uow:
                uow.audit("test.outcome", object_type="job", object_id=job.id)
                await job.end_in(uow, {"who": "sleepy"})
        except JobLeaseLost as error:
            refusals.append(error)
            raise
        return {}

    away = _runner(database, sleepy, WhenHubIsLost.RUN_AGAIN)
    await away.take_up()
    clock.advance(seconds=31)
    await _runner(database, _double, WhenHubIsLost.RUN_AGAIN).take_up()
    job = await _until(database, job_id, _has_ended)
    slept.set()
    await asyncio.gather(*away._running)
    after = await _job(database, job_id)
    assert (after.state, after.result, after.end_time) == (JobState.SUCCEEDED, {"doubled": 2}, job.end_time)
    assert len(refusals) == 1
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert "test.outcome" not in list(await uow.session.scalars(select(AuditEntry.action)))


async def test_outcome_and_end_are_one_transaction(database: Database) -> None:
    async def store(job: RunningJob) -> Mapping[str, Any]:
        async with job.unit_of_work() as uow:
            uow.audit("test.outcome", object_type="job", object_id=job.id)
            await job.end_in(uow, {"stored": 1})
            if job.params["fails"]:
                raise ZeroDivisionError
        return {"ignored": True}

    async with _running(database, store):
        good = await _until(database, await _submit(database, fails=False), _has_ended)
        bad = await _until(database, await _submit(database, fails=True), _has_ended)
    assert (good.state, good.result) == (JobState.SUCCEEDED, {"stored": 1})
    assert bad.state is JobState.FAILED
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        outcomes = list(
            await uow.session.execute(
                select(AuditEntry.object_id, AuditEntry.principal_id).where(AuditEntry.action == "test.outcome")
            )
        )
    assert outcomes == [(str(good.id), OWNER.id)]


async def test_own_jobs_are_cancelled_and_nobody_else_s(database: Database) -> None:
    job_id = await _submit(database)
    other = Scope(Principal("user", uuid7()), frozenset({Reach.SELF}))
    with pytest.raises(JobNotFound):
        async with database.unit_of_work(OWNER) as uow:
            await service.cancel(uow, job_id=job_id, scope=other)
    own = Scope(OWNER, frozenset({Reach.SELF}))
    async with database.unit_of_work(OWNER) as uow:
        assert (await service.cancel(uow, job_id=job_id, scope=own)).state is JobState.CANCELLED


async def test_old_jobs_are_swept_and_waiting_ones_stay(database: Database, clock: FakeClock) -> None:
    old, waiting = await _submit(database), await _submit(database)
    await _cancel(database, old)
    now = clock.advance(days=91)
    async with database.unit_of_work(SYSTEM) as uow:
        await service.sweep(uow, now)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert list(await uow.session.scalars(select(Job.id))) == [waiting]
