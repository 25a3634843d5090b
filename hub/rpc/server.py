"""Starts and stops one gRPC server of the hub; there is one for each port."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc

from hub.errors import HubError
from hub.rpc.calls import Door
from hub.rpc.interceptor import Guarded, Handler

_MAX_MESSAGE_BYTES = 16 * 1024 * 1024
_OPTIONS: tuple[tuple[str, int], ...] = (
    # A second hub on the same port must fail, not take half of the calls.
    ("grpc.so_reuseport", 0),
    # Idle devices may ping every 10 s. (`min_recv_ping_interval…` is another option, silently ignored here.)
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Connections are renewed each hour (gRPC adds jitter), so that devices spread over hubs and new certificates show;
    # without the grace gRPC would never close one that has an open stream.
    ("grpc.max_connection_age_ms", 3_600_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
)


class PortTaken(HubError):
    pass


@dataclass(frozen=True, slots=True)
class Service:
    """A servicer and the generated function that adds it to a server."""

    add_to_server: Callable[[Any, Any], None]
    servicer: object


class _Collector:
    """Stands in for a server to learn which methods a servicer has."""

    def __init__(self) -> None:
        self.methods: dict[str, Handler] = {}

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Nothing to learn: the registered handlers say the same by name."""

    def add_registered_method_handlers(self, service_name: str, handlers: Mapping[str, Handler]) -> None:
        self.methods |= {f"/{service_name}/{name}": handler for name, handler in handlers.items()}


def methods_of(services: Sequence[Service]) -> dict[str, Handler]:
    """Every method of the services by its full name, "/package.Service/Method"."""
    collector = _Collector()
    for service in services:
        service.add_to_server(service.servicer, collector)
    return collector.methods


class RpcServer:
    """`port` is the bound one; 0 given means any free port."""

    def __init__(self, server: grpc.aio.Server, port: int, draining: asyncio.Event) -> None:
        self._server = server
        self._draining = draining
        self.port = port

    @classmethod
    async def start(
        cls,
        services: Sequence[Service],
        *,
        door: Door,
        host: str,
        port: int,
        credentials: grpc.ServerCredentials | None,
    ) -> "RpcServer":
        """Bind and answer. `credentials` None is plaintext.

        Raises:
            PortTaken: another program listens there.
        """
        draining = asyncio.Event()
        server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=None)
        guarded = Guarded(door, draining)
        by_service: dict[str, dict[str, Handler]] = {}
        for method, handler in methods_of(services).items():
            _, service, name = method.split("/")
            by_service.setdefault(service, {})[name] = guarded.wrap(method, handler)
        server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(service, handlers) for service, handlers in by_service.items()]
        )
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            if credentials is None:
                bound = server.add_insecure_port(address)
            else:
                bound = server.add_secure_port(address, credentials)
        except RuntimeError:
            bound = 0
        if bound == 0:
            raise PortTaken(
                f"Cannot listen on {address}: another program has the port, or the host is not of this machine."
            )
        await server.start()
        return cls(server, bound, draining)

    async def stop(self, grace_seconds: float) -> None:
        """Take no new calls; let open ones finish what they received, for at most `grace_seconds`."""
        self._draining.set()
        await self._server.stop(grace_seconds)
