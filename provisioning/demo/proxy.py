"""A network cable that can be pulled: a TCP proxy which refuses, stalls or cuts what goes through it."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable

_CHUNK_BYTES = 64 * 1024
_START_SECONDS = 5.0


class FaultProxy:
    """Runs in a thread of its own from `start` to `close`. Methods may be called from any thread.

    Args:
        host: where connections go to.
        port: as host.
        listen_port: 0 takes a free one.
    """

    def __init__(self, host: str, port: int, *, listen_port: int = 0) -> None:
        self._target = (host, port)
        self.port = listen_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault-proxy", daemon=True)
        self._ready = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self._flowing: asyncio.Event | None = None

    def start(self) -> int:
        """Listen; the port."""
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("the fault proxy did not start")
        return self.port

    def cut(self) -> None:
        """Pull the cable: connections break, new ones are closed at once."""
        self._call(self._do_cut)

    def stall(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._call(self._do_stall)

    def heal(self) -> None:
        """Plug it in again."""
        self._call(self._do_heal)

    def close(self) -> None:
        """Cut and end; nothing when it was never started."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        self._call(self._do_cut)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _call(self, do: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await do()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(_START_SECONDS)

    async def _do_cut(self) -> None:
        self._cut = True
        for writer in list(self._writers):
            writer.transport.abort()
        self._event().set()

    async def _do_stall(self) -> None:
        self._event().clear()

    async def _do_heal(self) -> None:
        self._cut = False
        self._event().set()

    def _event(self) -> asyncio.Event:
        if self._flowing is None:
            self._flowing = asyncio.Event()
            self._flowing.set()
        return self._flowing

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in self._tasks | asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        other: asyncio.StreamWriter | None = None
        try:
            if self._cut:
                return
            other_reader, other = await asyncio.open_connection(*self._target)
            self._writers.add(other)
            await asyncio.gather(self._pump(reader, other), self._pump(other_reader, writer))
        except OSError:
            return  # one side has gone: so does the other, below
        finally:
            for one in (writer, other):
                if one is not None:
                    self._writers.discard(one)
                    one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            await self._event().wait()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()
