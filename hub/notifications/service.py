"""Use cases: write notifications to people, read them, and give out broker accounts."""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import bcrypt
from sqlalchemy import delete, select, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.notifications.models import AccountMail, BrokerCredential, Delivery, Notification
from hub.notifications.rules import Channel, DeliveryState, Message, channels_of

_MAILS_KEPT = timedelta(days=30)


async def notify(
    uow: UnitOfWork,
    *,
    event_id: UUID,
    recipient_ids: Iterable[UUID],
    message: Message,
    channels: frozenset[Channel] | None = None,
) -> int:
    """Store one notification a recipient, queued for its channels; answers how many are new.

    The same event again makes no second message to the same person. `channels` are the message's own when left out.
    """
    wanted = set(recipient_ids)
    told = set(
        await uow.session.scalars(
            select(Notification.recipient_id).where(
                Notification.event_id == event_id, Notification.recipient_id.in_(wanted)
            )
        )
    )
    rows = [
        Notification(
            id=uuid7(),
            event_id=event_id,
            recipient_id=recipient_id,
            type=message.type,
            priority=message.priority,
            title=message.title,
            body=message.body,
            object_type=message.object_type,
            object_id=message.object_id,
            create_time=uow.now,
        )
        for recipient_id in sorted(wanted - told)
    ]
    uow.session.add_all(rows)
    await uow.session.flush()
    uow.session.add_all(
        Delivery(
            notification_id=row.id,
            channel=channel,
            # In the app it is there with its row.
            state=DeliveryState.SENT if channel is Channel.IN_APP else DeliveryState.QUEUED,
            due_time=uow.now,
        )
        for row in rows
        for channel in channels or channels_of(message)
    )
    return len(wanted - told)


async def mark(uow: UnitOfWork, *, recipient_id: UUID, notification_ids: Sequence[UUID], read: bool) -> int:
    """Mark the person's notifications read or unread, all of them when no ids are given; answers how many changed."""
    statement = update(Notification).where(Notification.recipient_id == recipient_id)
    if notification_ids:
        statement = statement.where(Notification.id.in_(notification_ids))
    if read:
        statement = statement.where(Notification.read_time.is_(None)).values(read_time=uow.now)
    else:
        statement = statement.where(Notification.read_time.is_not(None)).values(read_time=None)
    changed = await uow.session.scalars(statement.returning(Notification.id))
    return len(changed.all())


async def create_broker_account(uow: UnitOfWork, *, user_id: UUID) -> str:
    """Give the user a new broker password, which ends the former one; answers it in clear, this once."""
    password = secrets.token_urlsafe(24)
    # 24 random bytes need no slow hash; bcrypt's least cost keeps the broker's sign-in fast.
    hashed = await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt(rounds=4))
    credential = await uow.session.get(BrokerCredential, user_id)
    if credential is None:
        credential = BrokerCredential(user_id=user_id)
        uow.session.add(credential)
    credential.password_hash = hashed.decode()
    credential.create_time = uow.now
    uow.audit("notifications.create_broker_account", object_type="user", object_id=user_id)
    return password


async def sweep_mails(uow: UnitOfWork, scheduled_for: datetime) -> None:
    """Delete mails about accounts that were sent or given up 30 days ago or earlier."""
    await uow.session.execute(
        delete(AccountMail).where(
            AccountMail.state != DeliveryState.QUEUED, AccountMail.create_time < scheduled_for - _MAILS_KEPT
        )
    )
