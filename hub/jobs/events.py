from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(Event):
    """A job has ended, in whatever way. `state` is SUCCEEDED, FAILED or CANCELLED; `failure` is a sentence or ""."""

    name: ClassVar[str] = "jobs.job_finished"
    job_id: UUID
    kind: str
    title: str
    owner_id: UUID | None
    state: str
    failure: str
