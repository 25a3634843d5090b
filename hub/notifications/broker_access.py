"""Which user may read which topic at the embedded broker: the broker's accounts follow the hub's users."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.mqtt.embedded_broker import BrokerUser
from hub.notifications import queries, topics


class Broker(Protocol):
    """`hub.mqtt.embedded_broker.EmbeddedBroker`."""

    @property
    def url(self) -> str: ...

    async def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Make these the broker's accounts; those missing are cut off at once, the others stay connected."""


class BrokerAccess:
    """`refresh()` after anything that changes who may connect; calls are taken one after another."""

    def __init__(self, database: Database, broker: Broker | None) -> None:
        self._db = database
        self._broker = broker
        self._lock = asyncio.Lock()

    @property
    def url(self) -> str | None:
        """Where users connect; None when the broker is not the hub's own."""
        return None if self._broker is None else self._broker.url

    async def refresh(self) -> None:
        if self._broker is None:
            return
        async with self._lock:
            async with self._db.unit_of_work(SYSTEM, write=False) as uow:
                accounts = await queries.broker_accounts(uow)
            await self._broker.set_users(
                [
                    BrokerUser(
                        name=str(account.user_id),
                        password_hash=account.password_hash,
                        publish=(),
                        subscribe=(topics.user_alerts(account.user_id),),
                    )
                    for account in accounts
                ]
            )

    async def on_user_changed(self, _uow: UnitOfWork, _event: Event) -> None:
        """For the relay: a user was disabled, enabled or erased."""
        await self.refresh()
