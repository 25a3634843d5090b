"""Tells the story in the terminal: when, where, what; alerts as they really arrive."""

import json
import threading
import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape

_POLL_SECONDS = 0.1


class Narrator:
    """Safe to use from several threads."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(highlight=False)
        self.console = console if console.is_terminal else Console(highlight=False, width=140)
        self._start = time.monotonic()
        self._lock = threading.Lock()

    @property
    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._start

    def chapter(self, title: str) -> None:
        with self._lock:
            self.console.print(f"\n[bold cyan]{escape(title)}[/]")

    def tell(self, where: str, what: str, *, style: str = "") -> None:
        with self._lock:
            minutes, seconds = divmod(int(self.elapsed_seconds), 60)
            said = f"[{style}]{escape(what)}[/]" if style else escape(what)
            self.console.print(f"[dim]{minutes}:{seconds:02}[/]  [bold]{escape(where):11}[/] {said}")

    def scene(self, what: str) -> None:
        self.tell("▶", what, style="bold")

    def door(self, name: str, answer: str, seconds: float | None = None) -> None:
        """What a door has said, and how long after the person began to walk in."""
        after = "" if seconds is None else f"  after {seconds:.1f} s"
        self.tell(name, f"“{answer}”{after}", style="green")

    def fault(self, what: str) -> None:
        self.tell("✂", what, style="bold red")


class AlertListener:
    """Reads what `roster alerts watch --json` writes, and tells each alert once."""

    def __init__(self, log: Path, narrator: Narrator) -> None:
        self._log = log
        self._narrator = narrator
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)
        self.received: list[dict[str, str]] = []
        self.repeats = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def titles(self) -> list[str]:
        return [alert["title"] for alert in list(self.received)]

    def _run(self) -> None:
        with self._log.open(encoding="utf-8") as log:
            rest = ""
            while not self._stop.is_set():
                rest += log.read()
                *lines, rest = rest.split("\n")
                for line in lines:
                    self._take(line)
                time.sleep(_POLL_SECONDS)

    def _take(self, line: str) -> None:
        if not line.startswith("{"):
            return  # a remark of the command, not an alert
        alert = json.loads(line)
        if alert["is_repeat"]:
            self.repeats += 1
            return
        self.received.append(alert)
        self._narrator.tell("📱 alert", f"{alert['title']}: {alert['body']}", style="yellow")
