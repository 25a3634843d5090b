"""The cable that can be pulled."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from provisioning.demo.proxy import FaultProxy


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(1024):
            self.request.sendall(data)


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made = FaultProxy("127.0.0.1", server.server_address[1])
        made.start()
        yield made
        made.close()
        server.shutdown()
        thread.join(5)


def connected(proxy: FaultProxy) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=2)
    connection.settimeout(2)
    return connection


def said_back(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    return connection.recv(1024)


def test_bytes_go_through_both_ways(proxy: FaultProxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"hello") == b"hello"


def is_broken(connection: socket.socket) -> bool:
    """Whether the other side has gone, politely or not."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_a_cut_breaks_connections_and_lets_none_in_until_healed(proxy: FaultProxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"a") == b"a"
        proxy.cut()
        assert is_broken(connection)
    with connected(proxy) as refused:
        assert is_broken(refused)
    proxy.heal()
    with connected(proxy) as again:
        assert said_back(again, b"b") == b"b"


def test_what_is_stalled_arrives_after_healing(proxy: FaultProxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"a") == b"a"
        proxy.stall()
        connection.sendall(b"later")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        proxy.heal()
        connection.settimeout(2)
        assert connection.recv(1024) == b"later"


def test_closing_a_proxy_that_never_started_is_nothing() -> None:
    FaultProxy("127.0.0.1", 1).close()
