"""The way of every call, over gRPC or the HTTP door: who is it, may they, was it answered before, then the servicer."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from prometheus_client import Counter, Gauge, Histogram

from hub.db.held_answer import AnsweredBefore, HeldAnswer, RequestKey
from hub.db.principal import Principal
from hub.errors import AlreadyExists
from hub.rpc.auth import Credentials, Gate, act_as
from hub.rpc.fields import parse_uuid, refuse_nul
from hub.rpc.permissions import PERMISSIONS, Permission, Scope, is_public, scope_of
from hub.rpc.status import Failure

_seconds = Histogram(
    "roster_hub_rpc_seconds",
    "Time to answer a unary RPC.",
    ["method"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)
_answers = Counter("roster_hub_rpc_total", "RPCs answered, by canonical code.", ["method", "code"])
_open = Gauge("roster_hub_rpc_open", "RPCs being answered, streams among them.", ["method"])


class Door:
    """One way in: a gate that tells who calls, and the table of who may."""

    def __init__(self, gate: Gate, permissions: Mapping[str, Permission] = PERMISSIONS) -> None:
        self._gate = gate
        self._permissions = permissions

    @staticmethod
    @cache
    def _timer(method: str) -> Histogram:
        return _seconds.labels(method)

    def is_public(self, method: str) -> bool:
        """Whether anyone may call the method."""
        return is_public(method, self._permissions)

    async def admit(self, method: str, credentials: Credentials) -> Scope:
        """Who calls and how far they see.

        Raises:
            Unauthenticated: no proof of identity, or a bad one.
            PermissionDenied: known, and not allowed to call this method.
            Unavailable: nobody told who it is within 15 s.
        """
        return scope_of(await self._gate.principal(credentials), method, self._permissions)

    async def answer(
        self,
        method: str,
        credentials: Credentials,
        request: Message,
        servicer: Callable[[Message], Awaitable[Message]],
    ) -> Message:
        """A unary call from admission to response; a repeated creation gets its first answer again."""
        with self._timer(method).time():
            scope = await self.admit(method, credentials)
            act_as(scope)
            refuse_nul(request)
            request_id = getattr(request, "request_id", "")
            if not request_id:
                return await servicer(request)
            key = RequestKey(
                _owner(scope.principal),
                method,
                parse_uuid(request_id, "request_id"),
                sha256(request.SerializeToString(deterministic=True)).digest(),
            )
            try:
                return await _answer_once(key, request, servicer)
            except AlreadyExists:
                # Perhaps by the same request, answered at the same time by another task or hub: then its answer is
                # there now. Otherwise the second try meets the same error.
                return await _answer_once(key, request, servicer)


async def _answer_once(key: RequestKey, request: Message, servicer: Callable[[Message], Awaitable[Message]]) -> Message:
    try:
        async with HeldAnswer(key) as held:
            response = await servicer(request)
            await held.store(response.SerializeToString())
    except AnsweredBefore as before:
        return response_class(key.method).FromString(before.response)
    return response


def _owner(principal: Principal) -> str:
    return f"{principal.kind}:{principal.id}"


@cache
def request_class(method: str) -> type[Message]:
    """The class of a method's request, by "/package.Service/Method"."""
    return message_factory.GetMessageClass(_descriptor(method).input_type)


@cache
def response_class(method: str) -> type[Message]:
    """The class of a method's response, by "/package.Service/Method"."""
    return message_factory.GetMessageClass(_descriptor(method).output_type)


def _descriptor(method: str) -> MethodDescriptor:
    return descriptor_pool.Default().FindMethodByName(method[1:].replace("/", "."))


class Counted:
    """The counters of one method, found once: `open` calls, and those answered well."""

    def __init__(self, method: str) -> None:
        self.open = _open.labels(method)
        self.good = _answers.labels(method, grpc.StatusCode.OK.name)


@contextmanager
def counted_open(method: str) -> Iterator[None]:
    """Counts the call as open while the block runs."""
    gauge = _open.labels(method)
    gauge.inc()
    try:
        yield
    finally:
        gauge.dec()


def count_answer(method: str, failure: Failure | None) -> None:
    code = grpc.StatusCode.OK if failure is None else failure.code
    _answers.labels(method, code.name).inc()
