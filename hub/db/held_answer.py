"""Creations are answered once: the answer to a `request_id` is stored in the transaction of the change itself.

The RPC layer opens `HeldAnswer` around a servicer. The servicer's unit of work is then kept open until the answer is
known; answer and change are committed together. The same request again never reaches the servicer's rules: opening
its unit of work raises `AnsweredBefore` with the stored answer.

An answer may hold a secret (a claim code, shown once). So the table has neither the answer nor the `request_id` in
clear: the row is found by a hash of the id, and the answer is sealed under a key made from the id, which only the
client has.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert
from sqlalchemy.orm import Mapped, mapped_column

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FailedPrecondition

_NONCE_BYTES = 12


class RequestIdReused(FailedPrecondition):
    pass


class RequestLogEntry(Base):
    """The sealed answer to one creation, kept for a week."""

    __tablename__ = "request_log"

    request_key: Mapped[bytes] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    sealed_response: Mapped[bytes]
    create_time: Mapped[datetime] = mapped_column(index=True)


class AnsweredBefore(Exception):
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

    @property
    def row_key(self) -> bytes:
        return sha256(f"{self.principal} {self.method} {self.request_id}".encode()).digest()

    def seal(self, response: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, response, self.row_key)

    def unseal(self, sealed: bytes) -> bytes:
        return self._cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self.row_key)

    def _cipher(self) -> AESGCM:
        return AESGCM(sha256(b"smart-roster request log " + self.request_id.bytes).digest())


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

    async def __aenter__(self) -> Self:
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
                "request_key": self.key.row_key,
                "digest": self.key.digest,
                "sealed_response": self.key.seal(response),
                "create_time": self._uow.now,
            },
        )

    async def _refuse_repeat(self, uow: UnitOfWork) -> None:
        entry = await uow.session.get(RequestLogEntry, self.key.row_key)
        if entry is None:
            return
        if entry.digest != self.key.digest:
            raise RequestIdReused(
                "This request_id was used for another request: make a new UUIDv7 for each new request, "
                "and repeat one only with the same content."
            )
        raise AnsweredBefore(self.key.unseal(entry.sealed_response))
