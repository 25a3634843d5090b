"""A bare grpc.aio server that echoes the bytes of a stream or a unary call: what gRPC alone costs. Prints its port."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import uvloop

METHOD = "/smartroster.attendance.v1.RoomService/StreamCheckIns"
UNARY_METHOD = "/bench.Echo/Echo"


class _Echo(grpc.GenericRpcHandler):  # type: ignore[type-arg] # not subscriptable at run time
    def service(self, handler_call_details: Any) -> Any:  # noqa: ANN401 (gRPC's handler type)
        if handler_call_details.method == UNARY_METHOD:
            return grpc.unary_unary_rpc_method_handler(self._echo_one)
        if handler_call_details.method != METHOD:
            return None
        return grpc.stream_stream_rpc_method_handler(self._echo)

    async def _echo(self, requests: AsyncIterator[bytes], _context: object) -> AsyncIterator[bytes]:
        async for request in requests:
            yield request

    async def _echo_one(self, request: bytes, _context: object) -> bytes:
        return request


async def main() -> None:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Echo(),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(main())
