# ruff: noqa: ANN401 (stubs are untyped, filters of any type)
import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import grpc
import pytest
from uuid6 import uuid7

from hub.db.database import Database, utc_now
from hub.db.principal import Principal
from hub.jobs import service
from hub.jobs.rpc import JobsServicer
from hub.jobs.runner import JobRunner
from hub.jobs.running import JobKind, RunningJob
from hub.rpc.auth import UserGate
from hub.rpc.server import Service
from smartroster.jobs.v1 import jobs_pb2 as pb
from smartroster.jobs.v1 import jobs_pb2_grpc
from tests.fixtures.doors import TokenTable, bearer, refusal_of, serving

ME, OTHER = uuid7(), uuid7()


@pytest.fixture
async def jobs(database: Database) -> AsyncIterator[Any]:
    service = Service(jobs_pb2_grpc.add_JobsServiceServicer_to_server, JobsServicer(database))
    async with serving(UserGate(TokenTable()), [service]) as address, grpc.aio.insecure_channel(address) as channel:
        yield jobs_pb2_grpc.JobsServiceStub(channel)


async def _submit(database: Database, owner: UUID = ME, kind: str = "test.count") -> str:
    async with database.unit_of_work(Principal("user", owner)) as uow:
        return str((await service.submit(uow, kind=kind, params={"rows": 3}, title="Count")).id)


async def test_people_see_their_own_jobs_and_staff_all(jobs: Any, database: Database) -> None:
    mine, theirs = await _submit(database), await _submit(database, OTHER)
    listed = await jobs.ListJobs(pb.ListJobsRequest(), metadata=bearer("TRAINER", ME))
    assert [(job.id, job.title, job.params["rows"]) for job in listed.jobs] == [(mine, "Count", 3)]
    with pytest.raises(grpc.aio.AioRpcError) as hidden:
        await jobs.GetJob(pb.GetJobRequest(job_id=theirs), metadata=bearer("TRAINER", ME))
    assert (refusal_of(hidden.value).code, refusal_of(hidden.value).reason) == (
        grpc.StatusCode.NOT_FOUND,
        "JOB_NOT_FOUND",
    )
    everybody_s = await jobs.ListJobs(pb.ListJobsRequest(), metadata=bearer("DP_ACADEMICS", ME))
    assert [job.id for job in everybody_s.jobs] == [theirs, mine]


async def test_jobs_are_found_by_kind_state_and_owner(jobs: Any, database: Database) -> None:
    first, other = await _submit(database), await _submit(database, OTHER, "test.other")
    admin = bearer("ADMIN", ME)
    await jobs.CancelJob(pb.CancelJobRequest(job_id=first), metadata=admin)

    async def found(**filters: Any) -> list[str]:
        return [job.id for job in (await jobs.ListJobs(pb.ListJobsRequest(**filters), metadata=admin)).jobs]

    assert await found(kind="test.other") == [other]
    assert await found(state=pb.Job.STATE_CANCELLED) == [first]
    assert await found(owner_id=str(OTHER)) == [other]
    assert await found(kind="test.none") == []


async def test_watching_streams_every_change_to_the_end(jobs: Any, database: Database) -> None:
    database.clock = utc_now
    steps = [asyncio.Event() for _ in range(3)]

    async def count(job: RunningJob) -> Mapping[str, Any]:
        for i, step in enumerate(steps):
            await step.wait()
            job.tell(done=i + 1, total=3, stage=f"Row {i + 1}")
        return {"counted": 3}

    runner = JobRunner(database, [JobKind("test.count", count)])
    job_id = await _submit(database)
    seen: list[pb.Job] = []
    call = jobs.WatchJob(pb.WatchJobRequest(job_id=job_id), metadata=bearer("TRAINER", ME))
    async for job in call:
        seen.append(job)
        if len(seen) == 1:
            await runner.start()
        elif job.done_units < 3:
            steps[job.done_units].set()
    await runner.stop()
    assert [job.done_units for job in seen if job.done_units][:2] == [1, 2]
    assert seen[0].state == pb.Job.STATE_QUEUED
    assert (seen[-1].state, seen[-1].result["counted"], seen[-1].done_units) == (pb.Job.STATE_SUCCEEDED, 3, 3)


async def test_cancelling_an_ended_job_says_so(jobs: Any, database: Database) -> None:
    job_id = await _submit(database)
    cancelled = await jobs.CancelJob(pb.CancelJobRequest(job_id=job_id), metadata=bearer("TRAINER", ME))
    assert (cancelled.state, cancelled.cancel_requested) == (pb.Job.STATE_CANCELLED, True)
    with pytest.raises(grpc.aio.AioRpcError) as again:
        await jobs.CancelJob(pb.CancelJobRequest(job_id=job_id), metadata=bearer("TRAINER", ME))
    assert refusal_of(again.value).reason == "JOB_ENDED"
