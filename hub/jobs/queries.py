"""Reads of long-running jobs; what a caller may not see is filtered here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true

from hub.db.unit_of_work import UnitOfWork
from hub.jobs.errors import JobNotFound
from hub.jobs.models import Job
from hub.jobs.rules import JobState
from hub.rpc.permissions import Scope


def visible(scope: Scope) -> ColumnElement[bool]:
    """The jobs that the caller has begun, or all."""
    return true() if scope.everything else Job.owner_id == scope.principal.id


async def get_job(uow: UnitOfWork, job_id: UUID, *, scope: Scope, lock: bool = False) -> Job:
    """The job, if the caller may see it; JobNotFound otherwise."""
    query = select(Job).where(Job.id == job_id, visible(scope))
    if lock:
        query = query.with_for_update()
    job: Job | None = await uow.session.scalar(query)
    if job is None:
        raise JobNotFound(f"There is no job {job_id} that you may see: `roster jobs list` lists yours.")
    return job


def select_jobs(scope: Scope, *, kind: str, state: JobState | None, owner_id: UUID | None) -> Select[Job]:
    """The jobs that the caller may see and that fit the filters."""
    query = select(Job).where(visible(scope))
    if kind:
        query = query.where(Job.kind == kind)
    if state is not None:
        query = query.where(Job.state == state)
    if owner_id is not None:
        query = query.where(Job.owner_id == owner_id)
    return query


def free_to_take(now: datetime) -> ColumnElement[bool]:
    """Whether a job waits for a hub: a new one, or one whose hub has let its lease run out."""
    return or_(Job.state == JobState.QUEUED, (Job.state == JobState.RUNNING) & (Job.lease_expire_time < now))
