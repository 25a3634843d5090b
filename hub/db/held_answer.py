"""Creations are answered once: the answer to a `request_id` is stored in the transaction of the change itself.

The RPC layer opens `HeldAnswer` around a servicer. The servicer's unit of work is then kept open until the answer is
known; answer and change are committed together. The same request again never reaches the servicer's rules: opening
its unit of work raises `AnsweredBefore` with the stored answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, mapped_column

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FailedPrecondition


class RequestIdReused(FailedPrecondition):
    pass


class RequestLogEntry(Base):
    """The answer to one creation, kept for a week."""

    __tablename__ = "request_log"

    principal: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    response: Mapped[bytes]
    create_time: Mapped[datetime] = mapped_column(index=True)


class AnsweredBefore(Exception):  # noqa: N818 (a control flow, not an error: it carries the answer)
    def __init__(self, response: bytes) -> None:
        super().__init__("this request was answered before")
        self.response = response


@dataclass(frozen=True, slots=True)
class RequestKey:
    """`principal` is "<kind>:<id>"; `digest` tells whether the same id came with other content."""

    principal: str
    method: str
    request_id: UUID
    digest: bytes


_held: "ContextVar[HeldAnswer | None]" = ContextVar("held_answer", default=None)


def current_held_answer() -> "HeldAnswer | None":
    """The held answer of this very task; a task started by it has none."""
    held = _held.get()
    return held if held is not None and held.task is asyncio.current_task() else None


class HeldAnswer:
    """`async with HeldAnswer(key) as held:` run the servicer, then `await held.store(response)`."""

    def __init__(self, key: RequestKey) -> None:
        self.key = key
        self.task = asyncio.current_task()
        self._uow: UnitOfWork | None = None
        self._failure: BaseException | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "HeldAnswer":
        await self._stack.__aenter__()
        token = _held.set(self)
        self._stack.callback(_held.reset, token)
        return self

    async def __aexit__(self, *exc_info: object) -> bool | None:
        return await self._stack.__aexit__(*exc_info)  # type: ignore[arg-type] # the three arguments of the protocol

    @asynccontextmanager
    async def joined(self, begin: Callable[[], AbstractAsyncContextManager[UnitOfWork]]) -> AsyncIterator[UnitOfWork]:
        """The request's unit of work, begun at the first call and committed when the answer is stored."""
        if self._uow is None:
            self._uow = await self._stack.enter_async_context(begin())
            await self._refuse_repeat(self._uow)
        try:
            yield self._uow
        except BaseException as failure:
            self._failure = failure
            raise

    async def store(self, response: bytes) -> None:
        """Store the answer with the change; a servicer that changed nothing has nothing to remember."""
        if self._uow is None:
            return
        if self._failure is not None:
            raise RuntimeError("a servicer went on after its unit of work failed") from self._failure
        await self._uow.session.flush()
        await self._uow.session.execute(
            insert(RequestLogEntry),
            {
                "principal": self.key.principal,
                "method": self.key.method,
                "request_id": self.key.request_id,
                "digest": self.key.digest,
                "response": response,
                "create_time": self._uow.now,
            },
        )

    async def _refuse_repeat(self, uow: UnitOfWork) -> None:
        entry = (
            await uow.session.execute(
                select(RequestLogEntry.digest, RequestLogEntry.response).where(
                    RequestLogEntry.principal == self.key.principal,
                    RequestLogEntry.method == self.key.method,
                    RequestLogEntry.request_id == self.key.request_id,
                )
            )
        ).one_or_none()
        if entry is None:
            return
        if entry.digest != self.key.digest:
            raise RequestIdReused(
                "This request_id was used for another request: make a new UUIDv7 for each new request, "
                "and repeat one only with the same content."
            )
        raise AnsweredBefore(entry.response)
