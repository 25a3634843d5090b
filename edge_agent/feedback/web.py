"""The door's screen: a page for a browser in kiosk mode, kept up to date by server-sent events."""

import json
import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

from edge_agent.feedback import TEXTS, colour
from edge_agent.observations import Answer

MOST_WATCHERS = 8
KEEP_ALIVE_S = 15.0


class WebScreen:
    """`port` 0 takes a free one; `address` tells which."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError when the port is taken."""
        self._changed = threading.Condition()
        self._revision = 0
        self._payload = "[]"
        self._watchers = 0
        self._closing = False
        self._page = resources.files("edge_agent.feedback").joinpath("screen.html").read_bytes()
        self._server = _Server((host, port), _Handler)
        self._server.screen = self
        self._thread = threading.Thread(target=self._server.serve_forever, name="screen", daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def show(self, answers: Sequence[Answer]) -> None:
        payload = json.dumps(
            [
                {
                    "name": answer.name,
                    "text": TEXTS[answer.shown],
                    "detail": answer.detail,
                    "colour": colour(answer.shown),
                    "shown": answer.shown,
                    "provisional": answer.provisional,
                }
                for answer in answers
            ]
        )
        with self._changed:
            self._payload = payload
            self._revision += 1
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def page(self) -> bytes:
        return self._page

    def enter(self) -> bool:
        """Whether there is room for one more watcher."""
        with self._changed:
            if self._watchers >= MOST_WATCHERS:
                return False
            self._watchers += 1
            return True

    def leave(self) -> None:
        with self._changed:
            self._watchers -= 1

    def wait(self, revision: int) -> tuple[int, str] | None:
        """What is shown, when it is newer than `revision` or after KEEP_ALIVE_S; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._revision != revision, KEEP_ALIVE_S)
            return None if self._closing else (self._revision, self._payload)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    screen: WebScreen


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        match self.path.split("?")[0]:
            case "/":
                self._send_page(self.server.screen.page())
            case "/events":
                self._stream()
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    def _send_page(self, page: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
        )
        self.end_headers()
        self.wfile.write(page)

    def _stream(self) -> None:
        screen = self.server.screen
        if not screen.enter():
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, "Too many browsers watch this door")
            return
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            revision = -1
            while (state := screen.wait(revision)) is not None:
                revision, payload = state
                self.wfile.write(f"data: {payload}\n\n".encode())
                self.wfile.flush()
        except OSError:
            self.close_connection = True  # the browser has gone
        finally:
            screen.leave()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Requests of the door's own browser are not worth a line."""
