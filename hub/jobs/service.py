"""Beginning and cancelling long-running jobs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from uuid6 import uuid7

from hub.db.audit import as_json
from hub.db.unit_of_work import UnitOfWork
from hub.jobs import queries
from hub.jobs.errors import JobEnded
from hub.jobs.events import JobFinished
from hub.jobs.models import Job
from hub.jobs.rules import JobState
from hub.rpc.permissions import Scope

_KEPT = timedelta(days=90)


async def submit(uow: UnitOfWork, *, kind: str, params: Mapping[str, Any], title: str = "") -> Job:
    """Store a job in the caller's transaction; a hub begins it within a second after the commit.

    `kind` is one that the composition root has registered; `title` says for people what it is about. The handler gets
    `params`, in which UUIDs, days and instants have become text; the owner, ADMIN and DP_ACADEMICS may read them.
    """
    job = Job(
        id=uuid7(),
        kind=kind,
        title=title or kind,
        owner_id=uow.principal.id if uow.principal.kind == "user" else None,
        params=as_json(params),
        create_time=uow.now,
        update_time=uow.now,
    )
    uow.session.add(job)
    await uow.session.flush()
    uow.audit("jobs.submit", object_type="job", object_id=job.id, after={"kind": kind, "params": job.params})
    return job


async def cancel(uow: UnitOfWork, *, job_id: UUID, scope: Scope) -> Job:
    """Ask for the end of a job: one that waits is CANCELLED here, one that runs is stopped by its hub.

    Raises:
        JobNotFound
        JobEnded: there is nothing to stop any more.
    """
    job = await queries.get_job(uow, job_id, scope=scope, lock=True)
    if job.state.has_ended:
        raise JobEnded(
            f"The job has ended already: it is {job.state.value}. What it did stays; there is nothing to cancel."
        )
    if job.cancel_time is not None:
        return job
    job.cancel_time = job.update_time = uow.now
    uow.audit("jobs.cancel", object_type="job", object_id=job.id, before={"state": job.state.value})
    if job.state is JobState.QUEUED:
        end(uow, job, JobState.CANCELLED)
    return job


def end(
    uow: UnitOfWork,
    job: Job,
    state: JobState,
    *,
    result: Mapping[str, Any] | None = None,
    failure_reason: str = "",
    failure: str = "",
) -> None:
    """Bring the job to its end and publish that."""
    job.state = state
    job.result = as_json(result) or {}
    job.failure_reason, job.failure = failure_reason, failure
    job.hub_id = job.lease_expire_time = None
    job.end_time = job.update_time = uow.now
    uow.publish(
        JobFinished(
            **uow.new_event_args(),
            job_id=job.id,
            kind=job.kind,
            title=job.title,
            owner_id=job.owner_id,
            state=state.value,
            failure=failure,
        )
    )


async def sweep(uow: UnitOfWork, scheduled_for: datetime) -> None:
    """Delete jobs that ended 90 days ago or earlier."""
    await uow.session.execute(delete(Job).where(Job.end_time < scheduled_for - _KEPT))
