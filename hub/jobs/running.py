"""What a handler of a long-running job gets: its parameters, a way to tell how far it is, and the wish to cancel."""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from hub.db.audit import as_json
from hub.db.database import Database
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.jobs import service
from hub.jobs.errors import JobLeaseLost
from hub.jobs.models import Job
from hub.jobs.rules import JobState, WhenHubIsLost

T = TypeVar("T")

_THREAD_GRACE_SECONDS = 10.0


class JobCancelled(Exception):
    """Raised by a handler, and by `RunningJob.check_cancelled`, to end because someone asked for it."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job and its handler: a domain's `job_kinds()` makes them, the composition root registers them.

    Attributes:
        name: "<domain>.<verb>"; it is stored with each job, so keep it when the code moves.
        run: does the job and answers its result (JSON). It is cancelled like any task when someone cancels the job or
            the hub stops. A HubError that it raises is told to the owner; any other one is logged and told as INTERNAL.
        when_hub_is_lost: RUN_AGAIN for work that may be begun anew from its parameters.
    """

    name: str
    run: "Callable[[RunningJob], Awaitable[Mapping[str, Any]]]"
    when_hub_is_lost: WhenHubIsLost = WhenHubIsLost.FAIL


@dataclass(frozen=True, slots=True)
class Progress:
    done_units: int = 0
    total_units: int = 0
    stage: str = ""
    detail: Mapping[str, Any] | None = None


class RunningJob:
    """One job while a hub runs it.

    Attributes:
        id, params, attempt: of the job; `attempt` counts from 1.
        principal: the owner, for the units of work of the handler; the hub itself where there is no owner.
    """

    def __init__(self, database: Database, job: Job, hub_id: UUID) -> None:
        self.id = job.id
        self.kind = job.kind
        self.params: Mapping[str, Any] = job.params
        self.attempt = job.attempts
        self.principal = SYSTEM if job.owner_id is None else Principal("user", job.owner_id)
        self.hub_id = hub_id
        self._database = database
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._progress = Progress()
        self._told: Progress | None = None

    def unit_of_work(self, *, write: bool = True) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction in the owner's name."""
        return self._database.unit_of_work(self.principal, write=write)

    def tell(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        stage: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """How far it is now; what is left out stays. From any thread, as often as wanted: it costs next to nothing and
        is stored at most a few times a second.
        """
        changes = {"done_units": done, "total_units": total, "stage": stage, "detail": as_json(detail)}
        given: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
        with self._lock:
            self._progress = replace(self._progress, **given)

    @property
    def is_cancelled(self) -> bool:
        """Whether the handler is to stop: someone cancelled the job, or the hub stops. From any thread."""
        return self._cancelled.is_set()

    def check_cancelled(self) -> None:
        """JobCancelled when the handler is to stop. From any thread."""
        if self.is_cancelled:
            raise JobCancelled

    async def in_thread(self, work: Callable[[], T]) -> T:
        """`work()` in a thread of its own, off the event loop: for what computes long.

        When the job is cancelled `work` sees `is_cancelled` and has 10 s to return; nobody waits for its answer then.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(result)  # type: ignore[arg-type] # without an error there is a result
            else:
                answer.set_exception(error)

        def compute() -> None:
            result: T | None = None
            error: BaseException | None = None
            try:
                result = work()
            except BaseException as raised:  # noqa: BLE001 (handed over to who waits)
                error = raised
            with suppress(RuntimeError):  # the loop is closed: the hub is gone and nobody waits
                loop.call_soon_threadsafe(settle, result, error)

        # A daemon: a computation that heeds no cancellation must not keep the hub's process alive.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(compute,), name=f"job-{self.kind}", daemon=True).start()
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            self._cancelled.set()
            await asyncio.wait([answer], timeout=_THREAD_GRACE_SECONDS)
            if answer.done() and not answer.cancelled():
                answer.exception()  # looked at: what it ended with is of no use to anybody
            raise

    async def end_in(self, uow: UnitOfWork, result: Mapping[str, Any]) -> None:
        """Mark the job SUCCEEDED in the transaction that stores what came of it, so that both are there or neither.

        Raises:
            JobLeaseLost: another hub has the job by now; nothing of this transaction is to be stored.
        """
        job: Job | None = await uow.session.scalar(
            select(Job)
            .where(
                Job.id == self.id,
                Job.hub_id == self.hub_id,
                Job.attempts == self.attempt,
                Job.state == JobState.RUNNING,
            )
            .with_for_update()
        )
        if job is None:
            raise JobLeaseLost("The job was taken over by another hub: nothing was stored here.")
        put_progress(job, self.progress)
        service.end(uow, job, JobState.SUCCEEDED, result=result)

    # The runner's side.

    @property
    def progress(self) -> Progress:
        with self._lock:
            return self._progress

    def cancel(self) -> None:
        self._cancelled.set()

    def news(self) -> Progress | None:
        """The progress, if it has changed since it was last told as stored."""
        progress = self.progress
        return None if progress is self._told else progress

    def stored(self, progress: Progress) -> None:
        self._told = progress


def put_progress(job: Job, progress: Progress) -> None:
    job.done_units, job.total_units, job.stage = progress.done_units, progress.total_units, progress.stage
    if progress.detail is not None:
        job.detail = dict(progress.detail)
