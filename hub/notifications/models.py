from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid6 import uuid7

from hub.db.base import Base
from hub.notifications.rules import AccountMailKind, Channel, DeliveryState, NotificationType, Priority


class Notification(Base):
    __tablename__ = "notifications"
    __table_args__ = (
        # An event that is handled again makes no second message.
        UniqueConstraint("event_id", "recipient_id"),
        Index(None, "recipient_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    event_id: Mapped[UUID]
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    type: Mapped[NotificationType]
    priority: Mapped[Priority]
    title: Mapped[str]
    body: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID]
    create_time: Mapped[datetime]
    read_time: Mapped[datetime | None]


class Queued:
    """What waits for a courier. `due_time` is when it is tried next; while one hub tries, it lies in the future so that
    no other hub does.
    """

    state: Mapped[DeliveryState]
    attempts: Mapped[int] = mapped_column(default=0)
    due_time: Mapped[datetime]
    failure: Mapped[str] = mapped_column(default="")


class Delivery(Queued, Base):
    __tablename__ = "notification_deliveries"
    __table_args__ = (Index(None, "channel", "state", "due_time"),)

    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)


class AccountMail(Queued, Base):
    """A mail about an account. `id` is of the event that asked for it. No token is in here: it is minted when the mail
    is sent. `address` "" is the account's at that time; `detail` says what changed, in a mail that tells of a change.
    """

    __tablename__ = "account_mails"
    __table_args__ = (Index(None, "state", "due_time"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[AccountMailKind]
    address: Mapped[str]
    detail: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(index=True)


class BrokerCredential(Base):
    """A user's account at the embedded broker; the password is kept as bcrypt, which is what the broker checks."""

    __tablename__ = "broker_credentials"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    password_hash: Mapped[str]
    create_time: Mapped[datetime]
