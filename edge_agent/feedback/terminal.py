"""Answers as lines in the terminal that the agent runs in."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from edge_agent.feedback import TEXTS, colour
from edge_agent.observations import Answer


class Terminal:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._shown: set[tuple[int, str]] = set()

    def show(self, answers: Sequence[Answer]) -> None:
        """One line for each answer that was not there before."""
        for answer in answers:
            if (answer.track, answer.shown) in self._shown:
                continue
            line = Text(f"● {answer.name or 'Somebody'}: ", style=f"bold {colour(answer.shown)}")
            line.append(TEXTS[answer.shown], style=colour(answer.shown))
            if answer.detail:
                line.append(f" · {answer.detail}", style="dim")
            self._console.print(line)
        self._shown = {(answer.track, answer.shown) for answer in answers}

    def close(self) -> None:
        self._shown = set()
