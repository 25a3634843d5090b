"""The HTTP server inside the hub's process."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import prometheus_client
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from hub.http import openapi
from hub.http.connect import JsonApi, Methods
from hub.rpc.calls import Door
from hub.rpc.server import PortTaken

Readiness = Callable[[], Awaitable[dict[str, bool]]]


@dataclass(frozen=True, slots=True)
class TlsFiles:
    certificate: Path
    key: Path


def build_app(
    methods: Methods, *, door: Door, readiness: Readiness, version: str, routes: Sequence[BaseRoute] = ()
) -> Starlette:
    """The ASGI application.

    Args:
        methods: the API port's methods; the unary ones become the JSON API.
        door: the API port's, so that both ask the same questions.
        readiness: which parts of the hub work now, by name.
        version: of the hub, for the API's description.
        routes: more of them, from domains.
    """
    unary = [method for method, handler in methods.items() if handler.unary_unary is not None]
    description = openapi.describe(unary, title="Smart Roster", version=version)

    async def ready(_request: Request) -> Response:
        parts = await readiness()
        return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)

    async def openapi_json(_request: Request) -> Response:
        return JSONResponse(description)

    return Starlette(
        routes=[
            Route("/healthz", _alive),
            Route("/readyz", ready),
            Route("/metrics", _metrics),
            Route("/api/openapi.json", openapi_json),
            Mount("/api", JsonApi(methods, door)),
            *routes,
        ]
    )


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _metrics(_request: Request) -> Response:
    return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals are the hub's: it stops its parts in order.
        yield


class HttpServer:
    """`port` is the bound one; 0 given means any free port."""

    def __init__(self, server: uvicorn.Server, task: "asyncio.Task[None]", port: int) -> None:
        self._server = server
        self._task = task
        self.port = port

    @classmethod
    async def start(cls, app: Starlette, *, host: str, port: int, tls: TlsFiles | None) -> "HttpServer":
        """Bind and answer; plaintext without `tls`.

        Raises:
            PortTaken: another program listens there.
        """
        listener = _listen(host, port)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        server = _Uvicorn(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        return cls(server, task, listener.getsockname()[1])

    async def stop(self) -> None:
        """Finish the open requests, for at most 5 s."""
        self._server.should_exit = True
        await self._task


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Cannot listen on {host}:{port}: another program has the port, or the host is not of this machine."
        ) from error
    return listener
