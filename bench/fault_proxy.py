"""A TCP proxy whose line can be cut, stalled and mended, to try what a bad network does."""

import contextlib
import socket
import threading

_CHUNK = 65536


class FaultProxy:
    """Forwards 127.0.0.1:`port` to a port of this machine. Every method may be called at any time."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._is_cut = False
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="fault-proxy", daemon=True).start()

    def cut(self) -> None:
        """Break every connection and accept none."""
        with self._lock:
            self._is_cut = True
            broken, self._open = self._open, set()
        for end in broken:
            _close(end)

    def stall(self) -> None:
        """Leave connections open and forward nothing: a network that swallows packets."""
        self._flowing.clear()

    def mend(self) -> None:
        """Forward again."""
        with self._lock:
            self._is_cut = False
        self._flowing.set()

    def close(self) -> None:
        self.cut()
        self._flowing.set()
        _close(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                _close(near)
                continue
            far.settimeout(None)
            with self._lock:
                is_cut = self._is_cut
                if not is_cut:
                    self._open |= {near, far}
            if is_cut:
                _close(near)
                _close(far)
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                self._flowing.wait()
                sink.sendall(data)
        _close(source)
        _close(sink)
        with self._lock:
            self._open -= {source, sink}


def _close(end: socket.socket) -> None:
    # shutdown wakes a thread that waits in recv; close alone does not.
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
