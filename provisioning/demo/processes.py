"""The processes that the demo starts and, whatever happens, ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import RosterError

_STOP_SECONDS = 8.0
_POLL_SECONDS = 0.1
_BIN = Path(sys.executable).parent


class DemoFailed(RosterError):
    """The demo cannot go on; the message names the log to look into."""


@dataclass(slots=True)
class Process:
    name: str
    command: Sequence[str]
    log: Path
    child: "subprocess.Popen[bytes]"

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    def tail(self, lines: int = 6) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Processes:
    """Each process has its log in `folder`; `close` ends them, the last started first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running = ExitStack()

    def start(self, name: str, program: str, *arguments: str) -> Process:
        """Start one of the product's own commands, found beside this Python."""
        command = [str(_BIN / program), *arguments]
        log = self.folder / f"{name}.log"
        with log.open("ab") as out:
            child = subprocess.Popen(  # noqa: S603 (the product's own commands)
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=_environment()
            )
        process = Process(name, command, log, child)
        self._running.callback(self.stop, process)
        return process

    def run(self, name: str, program: str, *arguments: str, given: str = "") -> str:
        """Run a command to its end; what it printed.

        Raises:
            DemoFailed: it exits with an error.
        """
        done = subprocess.run(  # noqa: S603 (the product's own commands)
            [str(_BIN / program), *arguments],
            input=given.encode(),
            capture_output=True,
            env=_environment(),
            check=False,
            timeout=120,
        )
        with (self.folder / f"{name}.log").open("ab") as log:
            log.write(done.stderr)
        if done.returncode:
            raise DemoFailed(f"`{program} {arguments[0]}` failed: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()

    def stop(self, process: Process) -> None:
        """End it in good order; by force when it takes too long."""
        if not process.is_running:
            return
        process.child.terminate()
        try:
            process.child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill(process)

    def kill(self, process: Process) -> None:
        """SIGKILL: no chance to save anything."""
        process.child.send_signal(signal.SIGKILL)
        process.child.wait()

    def close(self) -> None:
        self._running.close()


def wait_until(what: str, is_so: Callable[[], bool], seconds: float, *, process: Process | None = None) -> float:
    """Wait until `is_so`; how long it took, in seconds.

    Raises:
        DemoFailed: it never was so, or the process that should make it so has ended.
    """
    start = time.monotonic()
    while not is_so():
        if process is not None and not process.is_running:
            raise DemoFailed(f"{process.name} has ended. Its last lines ({process.log}):\n{process.tail()}")
        if time.monotonic() - start > seconds:
            log = f" Its last lines ({process.log}):\n{process.tail()}" if process else ""
            raise DemoFailed(f"Waited {seconds:.0f} s in vain: {what}.{log}")
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - start


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def _environment() -> dict[str, str]:
    # Logs are read while they are written.
    return os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "160"}
