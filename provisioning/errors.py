"""What goes wrong for whoever uses `roster`: one sentence that says what to do, then the fields, exit code 1."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import click


class RosterError(click.ClickException):
    """Shown as "Error: <sentence>" on standard error."""


@dataclass(frozen=True, slots=True)
class Violation:
    field: str
    description: str


class HubRefused(RosterError):
    """The hub answered with an error. `reason` is its stable UPPER_SNAKE name."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        reason: str = "",
        violations: Sequence[Violation] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})

    def show(self, file: IO[Any] | None = None) -> None:
        super().show(file)
        for violation in self.violations:
            click.echo(f"  {violation.field}: {violation.description}", file=file, err=file is None)
        details = f" {json.dumps(self.metadata, ensure_ascii=False)}" if self.metadata else ""
        click.echo(click.style(f"  ({self.reason or self.code}){details}", dim=True), file=file, err=file is None)


class HubUnreachable(RosterError):
    pass


class HubNotTrusted(RosterError):
    pass


class SignInNeeded(RosterError):
    pass


class NotOne(RosterError):
    """A name that was given fits nothing, or several things."""


class BadInput(RosterError):
    pass
