"""The gRPC side of every call: admission, errors to statuses, guards on open streams, and an orderly end of them."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import grpc
import structlog
from google.protobuf.message import Message

from hub.errors import Unavailable
from hub.rpc.auth import Credentials, act_as
from hub.rpc.calls import Counted, Door, count_answer, counted_open
from hub.rpc.status import failure_of, grpc_status

# Revocation must end an open stream within 5 s.
_GUARD_INTERVAL_SECONDS = 2.0

_log = structlog.get_logger("hub.rpc")

Context = grpc.aio.ServicerContext[Any, Any]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


class HubStopping(Unavailable):
    pass


class Guarded:
    """Wraps every servicer of one server. After `draining` is set, request streams end between two messages (so that
    what was received is stored and answered) and pure response streams end with UNAVAILABLE.

    It wraps handlers when the server is made, not as an interceptor: gRPC asks those anew with each call.
    """

    def __init__(self, door: Door, draining: asyncio.Event) -> None:
        self._door = door
        self._draining = draining

    def wrap(self, method: str, handler: Handler) -> Handler:
        """The handler of "/package.Service/Method" behind the door."""
        codecs = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        # gRPC's stubs know the blocking servicers only.
        behaviour: Any = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        if handler.unary_unary is not None:
            return grpc.unary_unary_rpc_method_handler(self._unary(method, behaviour), **codecs)
        streaming = self._streaming(method, behaviour)
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(streaming, **codecs)
        if handler.stream_unary is not None:
            return grpc.stream_unary_rpc_method_handler(streaming, **codecs)
        return grpc.stream_stream_rpc_method_handler(streaming, **codecs)

    def _unary(self, method: str, servicer: Callable[[Message, Context], Awaitable[Message]]) -> Any:  # noqa: ANN401 (gRPC's handler type)
        counted = Counted(method)

        async def answer(request: Message, context: Context) -> Message:
            counted.open.inc()
            try:
                response = await self._door.answer(
                    method, credentials_of(context), request, lambda request: servicer(request, context)
                )
            except Exception as error:  # noqa: BLE001 (the one place where errors become statuses)
                await _abort(method, context, error)
            finally:
                counted.open.dec()
            counted.good.inc()
            return response

        return answer

    def _streaming(self, method: str, servicer: Callable[[Any, Context], Any]) -> Any:  # noqa: ANN401 (gRPC's handler type)
        async def answer(request: Any, context: Context) -> Message | None:  # noqa: ANN401 (a message or an iterator of messages)
            with counted_open(method):
                guard = StreamGuard(self._door, method, credentials_of(context), self._draining)
                try:
                    response = await guard.run(servicer, request, context)
                except Exception as error:  # noqa: BLE001 (the one place where errors become statuses)
                    await _abort(method, context, error)
                count_answer(method, None)
                return response

        return answer


class StreamGuard:
    """Runs one streaming call, asking every 2 s whether its caller is still welcome."""

    def __init__(self, door: Door, method: str, credentials: Credentials, draining: asyncio.Event) -> None:
        self._door = door
        self._method = method
        self._credentials = credentials
        self._draining = draining
        self._refusal: Exception | None = None
        self._writing = asyncio.Lock()

    async def run(
        self,
        servicer: Callable[[Any, Context], Any],
        request: Message | AsyncIterable[Message],
        context: Context,
    ) -> Message | None:
        """The servicer's answers, written to the stream; a client-streaming call's response is returned.

        Raises:
            HubError: the caller was refused at the start or meanwhile, or the hub stops.
        """
        act_as(await self._door.admit(self._method, self._credentials))
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (inside of a coroutine)
        reads = isinstance(request, AsyncIterable)
        watch = asyncio.create_task(self._watch(task, ends_by_itself=reads))
        try:
            if isinstance(request, AsyncIterable):
                request = until(self._draining, request)
            answers = servicer(request, context)
            if isinstance(answers, AsyncIterable):
                async for answer in answers:
                    async with self._writing:
                        await context.write(answer)
                return None
            response: Message | None = await answers
        except asyncio.CancelledError:
            if self._refusal is None:
                raise
            task.uncancel()
            raise self._refusal from None
        else:
            return response
        finally:
            watch.cancel()

    async def _watch(self, task: "asyncio.Task[Any]", *, ends_by_itself: bool) -> None:
        while self._refusal is None:
            try:
                await asyncio.wait_for(self._draining.wait(), _GUARD_INTERVAL_SECONDS)
            except TimeoutError:
                self._refusal = await self._recheck()
            else:
                if ends_by_itself:
                    return
                self._refusal = HubStopping("The hub is restarting: connect again in a moment.")
        # gRPC sends no status to a stream whose first message is under way: the peer would wait for ever.
        async with self._writing:
            task.cancel()

    async def _recheck(self) -> Exception | None:
        if self._door.is_public(self._method):
            return None
        try:
            await self._door.admit(self._method, self._credentials)
        except Unavailable:
            # The registry cannot be asked; nothing can be stored either, so an open stream does no harm.
            _log.warning("could not ask whether a stream's caller is still welcome", method=self._method)
        except Exception as error:  # noqa: BLE001 (whatever went wrong, the stream must not go on unguarded)
            return error
        return None


async def until(stop: asyncio.Event, messages: AsyncIterable[Message]) -> AsyncIterator[Message]:
    """The messages until there are no more or `stop` is set; a message that was handed out is always finished."""
    iterator = aiter(messages)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        while not stop.is_set():
            following = asyncio.ensure_future(_next(iterator))
            try:
                await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not following.done():
                    following.cancel()
            if following.cancelled() or not following.done():
                return
            message = following.result()
            if message is None:
                return
            yield message
    finally:
        stopping.cancel()


async def _next(iterator: AsyncIterator[Message]) -> Message | None:
    return await anext(iterator, None)


def credentials_of(context: Context) -> Credentials:
    """What the peer of a gRPC call showed."""
    token = None
    for key, value in context.invocation_metadata() or ():
        if key == "authorization":
            token = bearer_token(value if isinstance(value, str) else value.decode("latin-1"))
    # A device shows a certificate and no token; looking for one costs more than reading the metadata.
    certificates = () if token else context.auth_context().get("x509_pem_cert") or ()
    return Credentials(
        token=token,
        certificate_pem=next(iter(certificates), None),
        address=_address(context.peer()),
    )


def bearer_token(header: str) -> str | None:
    """The token of an Authorization header, or None when it is of another kind."""
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _address(peer: str) -> str | None:
    # Peers look like ipv4:10.0.0.7:50412 and ipv6:%5B::1%5D:50412.
    kind, _, rest = peer.partition(":")
    if kind not in ("ipv4", "ipv6"):
        return None
    return rest.rpartition(":")[0].replace("%5B", "").replace("%5D", "").strip("[]")


async def _abort(method: str, context: Context, error: Exception) -> None:
    failure = failure_of(error, method)
    count_answer(method, failure)
    status = grpc_status(failure)
    await context.abort(status.code, status.details, status.trailing_metadata)
