"""Every unary RPC of the API port as `POST /api/<package.Service>/<Method>` (Connect protocol, JSON or protobuf)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import grpc
from connectrpc.code import Code
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf.message import Message
from protobuf.wkt import Any as WireAny

from hub.rpc.auth import Credentials
from hub.rpc.calls import Door, count_answer, counted_open, request_class, response_class
from hub.rpc.interceptor import bearer_token
from hub.rpc.status import Failure, failure_of

_MAX_MESSAGE_BYTES = 16 * 1024 * 1024

Methods = Mapping[str, "grpc.RpcMethodHandler[Any, Any]"]
_Servicer = Callable[[Message, None], Awaitable[Message]]


class JsonApi(ConnectASGIApplication[Methods]):
    """An ASGI application to be mounted at /api. Streams are for gRPC alone.

    Servicers of unary RPCs get None as their context: they must not use it.
    """

    def __init__(self, methods: Methods, door: Door) -> None:
        self._door = door
        super().__init__(
            service=methods,
            endpoints=cast("Any", self._endpoints_of),  # its own type for endpoints is private
            read_max_bytes=_MAX_MESSAGE_BYTES,
            # A misspelt field is told, not dropped.
            codecs=[google_protobuf_json_codec(ignore_unknown_fields=False), google_protobuf_binary_codec()],
        )

    @property
    def path(self) -> str:
        return "/"

    def _endpoints_of(self, methods: Methods) -> Mapping[str, Endpoint[Any, Any]]:
        return {
            method: self._endpoint(method, cast("_Servicer", handler.unary_unary))
            for method, handler in methods.items()
            if handler.unary_unary is not None
        }

    def _endpoint(self, method: str, servicer: _Servicer) -> Endpoint[Any, Any]:
        async def answer(request: Message, context: RequestContext[Any, Any]) -> Message:
            with counted_open(method):
                try:
                    response = await self._door.answer(
                        method, _credentials(context), request, lambda request: servicer(request, None)
                    )
                except Exception as error:
                    failure = failure_of(error, method)
                    count_answer(method, failure)
                    raise _connect_error(failure) from error
                count_answer(method, None)
                return response

        service, _, name = method[1:].partition("/")
        info = MethodInfo(
            name=name,
            service_name=service,
            input=request_class(method),
            output=response_class(method),
            idempotency_level=IdempotencyLevel.UNKNOWN,
            stream_type=StreamType.UNARY,
        )
        return Endpoint.unary(info, answer)


def _credentials(context: RequestContext[Any, Any]) -> Credentials:
    host = (context.client_address or "").rpartition(":")[0]
    return Credentials(
        token=bearer_token(context.request_headers.get("authorization", "")), address=host.strip("[]") or None
    )


def _connect_error(failure: Failure) -> ConnectError:
    details = [
        ErrorDetail(
            WireAny(
                type_url=f"type.googleapis.com/{detail.DESCRIPTOR.full_name}",
                value=detail.SerializeToString(),
            )
        )
        for detail in failure.details
    ]
    return ConnectError(Code(failure.code.name.lower()), failure.message, details)
