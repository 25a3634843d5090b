"""Use cases of users, a module each; what the composition root calls is named here."""

from collections.abc import Awaitable, Callable
from typing import Any

from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.users.events import MailAskedFor
from hub.users.service.passwords import on_mail_asked_for

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    """What the outbox relay calls for which event."""
    return [(MailAskedFor, on_mail_asked_for)]
