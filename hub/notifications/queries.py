"""Reads of notifications and broker accounts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from hub.db.unit_of_work import UnitOfWork
from hub.notifications.models import AccountMail, BrokerCredential, Delivery, Notification
from hub.notifications.rules import Channel, DeliveryState
from hub.users.models import User
from hub.users.rules import UserState


def select_notifications(recipient_id: UUID, *, unread_only: bool) -> Select[Notification]:
    """The person's notifications."""
    query = select(Notification).where(Notification.recipient_id == recipient_id)
    return query.where(Notification.read_time.is_(None)) if unread_only else query


async def unread_count(uow: UnitOfWork, recipient_id: UUID) -> int:
    """How many of the person's notifications are unread."""
    count = await uow.session.scalar(
        select(func.count()).where(Notification.recipient_id == recipient_id, Notification.read_time.is_(None))
    )
    return count or 0


async def notifications_after(uow: UnitOfWork, recipient_id: UUID, last_id: UUID | None) -> list[Notification]:
    """The person's notifications newer than the one with `last_id` (UUIDv7 sorts by time), oldest first."""
    query = select(Notification).where(Notification.recipient_id == recipient_id).order_by(Notification.id)
    if last_id is not None:
        query = query.where(Notification.id > last_id)
    return list(await uow.session.scalars(query))


async def newest_id(uow: UnitOfWork, recipient_id: UUID) -> UUID | None:
    """The id of the person's newest notification."""
    newest: UUID | None = await uow.session.scalar(
        select(Notification.id)
        .where(Notification.recipient_id == recipient_id)
        .order_by(Notification.id.desc())
        .limit(1)
    )
    return newest


async def deliveries_of(uow: UnitOfWork, notifications: Sequence[Notification]) -> dict[UUID, list[Delivery]]:
    """The deliveries of these notifications, in one query."""
    found: dict[UUID, list[Delivery]] = {notification.id: [] for notification in notifications}
    rows = await uow.session.scalars(
        select(Delivery).where(Delivery.notification_id.in_(found)).order_by(Delivery.channel)
    )
    for row in rows:
        found[row.notification_id].append(row)
    return found


async def broker_accounts(uow: UnitOfWork) -> list[BrokerCredential]:
    """The broker accounts of users who may sign in; a disabled user has none."""
    rows = await uow.session.scalars(
        select(BrokerCredential)
        .join(User, User.id == BrokerCredential.user_id)
        .where(User.state == UserState.ACTIVE)
        .order_by(BrokerCredential.user_id)
    )
    return list(rows)


async def waiting_mails(uow: UnitOfWork) -> int:
    """How many mails wait to be sent, of both kinds."""
    notifications = select(func.count()).where(
        Delivery.channel == Channel.EMAIL, Delivery.state == DeliveryState.QUEUED
    )
    accounts = select(func.count()).where(AccountMail.state == DeliveryState.QUEUED)
    return (await uow.session.scalars(notifications)).one() + (await uow.session.scalars(accounts)).one()
