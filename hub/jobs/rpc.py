"""JobsService on the wire."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc

from hub.db.database import Database
from hub.jobs import queries, service
from hub.jobs.models import Job
from hub.jobs.rules import JobState
from hub.jobs.wire import job_to_proto
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import parse_optional_uuid, parse_uuid
from hub.rpc.paging import Key, page
from smartroster.jobs.v1 import jobs_pb2 as pb
from smartroster.jobs.v1 import jobs_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
_LOOK_SECONDS = 0.3


class JobsServicer(jobs_pb2_grpc.JobsServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def GetJob(self, request: pb.GetJobRequest, context: Context) -> pb.Job:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return job_to_proto(await queries.get_job(uow, parse_uuid(request.job_id, "job_id"), scope=current_scope()))

    async def ListJobs(self, request: pb.ListJobsRequest, context: Context) -> pb.ListJobsResponse:
        name = pb.Job.State.Name(request.state).removeprefix("STATE_") if request.state in pb.Job.State.values() else ""
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_jobs(
                    current_scope(),
                    kind=request.kind,
                    state=JobState.__members__.get(name),
                    owner_id=parse_optional_uuid(request.owner_id, "owner_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(Job.id, descending=True)],
            )
            return pb.ListJobsResponse(jobs=map(job_to_proto, rows), next_page_token=token)

    async def CancelJob(self, request: pb.CancelJobRequest, context: Context) -> pb.Job:
        async with self._db.unit_of_work(current_principal()) as uow:
            return job_to_proto(
                await service.cancel(uow, job_id=parse_uuid(request.job_id, "job_id"), scope=current_scope())
            )

    async def WatchJob(self, request: pb.WatchJobRequest, context: Context) -> AsyncIterator[pb.Job]:
        job_id = parse_uuid(request.job_id, "job_id")
        principal, scope = current_principal(), current_scope()
        shown: pb.Job | None = None
        while True:
            async with self._db.unit_of_work(principal, write=False) as uow:
                job = await queries.get_job(uow, job_id, scope=scope)
            now = job_to_proto(job)
            if now != shown:
                yield now
                shown = now
            if job.state.has_ended:
                return
            await asyncio.sleep(_LOOK_SECONDS)
