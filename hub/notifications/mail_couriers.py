"""The e-mail channel: notifications, and the mails about an account with their links.

A mail that is sent again, because nobody knows whether the server has it, has the same Message-ID. Its link has a new
token each time, for a token is known to the mail alone; the tokens of its earlier attempts serve as well, until one is
used.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Select, Update, select, update

from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.mail.errors import MailDeferred, MailRefused, MailServerUnreachable
from hub.mail.message import Mail
from hub.mail.rendering import render
from hub.mail.sender import Line, SmtpSender
from hub.notifications.courier import SENT, Courier, Outcome, Parcel, is_due
from hub.notifications.models import AccountMail, Delivery, Notification
from hub.notifications.rules import (
    MAIL_OUTDATED_AFTER,
    AccountMailKind,
    Channel,
    DeliveryState,
    wait_after_deferral,
    wait_before_retry,
)
from hub.school import queries as school_queries
from hub.users.models import User
from hub.users.rules import MailPurpose, UserState
from hub.users.service import mail_tokens

# A batch that a slow server keeps for longer is given back before its lease ends.
_LONGEST_BATCH_SECONDS = 200.0
_BATCH = 20
_LEASE = timedelta(minutes=5)

_log = structlog.get_logger("hub.notifications")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the college's name and time zone, and the console's address without a slash at its end."""

    college: str
    zone: ZoneInfo
    console_url: str


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class MailParcel(Parcel):
    """A mail that is to be sent, or `obstacle`: why there is none to send."""

    obstacle: str = ""
    id: UUID
    address: str = ""
    name: str = ""
    create_time: datetime
    template: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    list_name: str = ""

    def mail(self) -> Mail:
        return Mail(
            id=self.id,
            address=self.address,
            name=self.name,
            content=render(self.template, **self.values),
            create_time=self.create_time,
            list_name=self.list_name,
        )


M = TypeVar("M", bound=MailParcel)


class MailCourier(Courier[M], Generic[M]):
    """What both couriers of mails have in common: one line to the server a batch, and what its answers mean."""

    batch: ClassVar[int] = _BATCH
    lease: ClassVar[timedelta] = _LEASE
    idle_seconds: ClassVar[float] = 1.0

    def __init__(self, database: Database, sender: SmtpSender, *, console_url: Callable[[], str]) -> None:
        super().__init__(database)
        self._sender = sender
        self._console_url = console_url

    async def send(self, parcels: Sequence[M]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        give_up = time.monotonic() + _LONGEST_BATCH_SECONDS
        try:
            async with self._sender.line() as line:
                for parcel in await self.prepare(parcels):
                    if time.monotonic() > give_up:
                        break
                    outcomes.append(await self._send_one(line, parcel))
        except MailServerUnreachable as error:
            _log.warning("mails wait: the server cannot be used", failure=error.message, waiting=len(parcels))
            outcomes += [
                Outcome(DeliveryState.QUEUED, error.message, wait_before_retry(parcel.attempts + 1))
                for parcel in parcels[len(outcomes) :]
            ]
        outcomes += [Outcome(DeliveryState.QUEUED, "The mail server is slow.")] * (len(parcels) - len(outcomes))
        return outcomes

    async def prepare(self, parcels: Sequence[M]) -> Sequence[M]:
        """The parcels as they go out, once the line is open."""
        return parcels

    async def letterhead(self, uow: UnitOfWork) -> Letterhead:
        school = await school_queries.find_school(uow)
        if school is None:
            return Letterhead("Smart Roster", ZoneInfo("UTC"), self._console_url())
        return Letterhead(school.name, ZoneInfo(school.time_zone), self._console_url())

    async def _send_one(self, line: Line, parcel: M) -> Outcome:
        if parcel.obstacle:
            return Outcome(DeliveryState.FAILED, parcel.obstacle)
        try:
            await line.send(parcel.mail())
        except MailRefused as error:
            return Outcome(DeliveryState.FAILED, error.message)
        except MailDeferred as error:
            return Outcome(DeliveryState.QUEUED, error.message, wait_after_deferral(parcel.attempts + 1))
        return SENT


class NotificationMailCourier(MailCourier[MailParcel]):
    """Notifications whose `rules.channels_of` has e-mail, unless they could not be sent for a day."""

    def select_due(self, now: datetime) -> Select[Any]:
        return select(Delivery.notification_id).where(Delivery.channel == Channel.EMAIL, *is_due(Delivery, now))

    async def take(self, uow: UnitOfWork, *, lease_end: datetime) -> list[MailParcel]:
        rows = (
            await uow.session.execute(
                select(Delivery, Notification, User)
                .join(Notification, Notification.id == Delivery.notification_id)
                .join(User, User.id == Notification.recipient_id)
                .where(Delivery.channel == Channel.EMAIL, *is_due(Delivery, uow.now))
                .order_by(Delivery.notification_id)
                .limit(self.batch)
                .with_for_update(skip_locked=True, of=Delivery)
            )
        ).all()
        head = await self.letterhead(uow)
        parcels = []
        for delivery, notification, user in rows:
            delivery.due_time = lease_end
            parcels.append(_notification_parcel(delivery, notification, user, head, uow.now))
        return parcels

    def row_of(self, parcel: MailParcel) -> Update:
        return update(Delivery).where(Delivery.notification_id == parcel.id, Delivery.channel == Channel.EMAIL)


class AccountMailCourier(MailCourier[MailParcel]):
    """Invitations, verifications, new passwords, and notices of what changed about an account."""

    def select_due(self, now: datetime) -> Select[Any]:
        return select(AccountMail.id).where(*is_due(AccountMail, now))

    async def take(self, uow: UnitOfWork, *, lease_end: datetime) -> list[MailParcel]:
        rows = await uow.session.scalars(
            select(AccountMail)
            .where(*is_due(AccountMail, uow.now))
            .order_by(AccountMail.id)
            .limit(self.batch)
            .with_for_update(skip_locked=True)
        )
        parcels = []
        for row in rows:
            row.due_time = lease_end
            parcels.append(
                MailParcel(
                    attempts=row.attempts, id=row.id, create_time=row.create_time, template=row.kind.value.lower()
                )
            )
        return parcels

    async def prepare(self, parcels: Sequence[MailParcel]) -> list[MailParcel]:
        """With the links that serve now. Only once the line is open: each mints a token."""
        async with self._db.unit_of_work(SYSTEM) as uow:
            head = await self.letterhead(uow)
            rows = await uow.session.scalars(select(AccountMail).where(AccountMail.id.in_([p.id for p in parcels])))
            found = {row.id: row for row in rows}
            return [await _with_link(uow, parcel, found.get(parcel.id), head) for parcel in parcels]

    def row_of(self, parcel: MailParcel) -> Update:
        return update(AccountMail).where(AccountMail.id == parcel.id)


def _notification_parcel(
    delivery: Delivery, notification: Notification, user: User, head: Letterhead, now: datetime
) -> MailParcel:
    obstacle = ""
    if user.state is not UserState.ACTIVE:
        obstacle = "The account is not active: it gets no mail."
    elif now - notification.create_time > MAIL_OUTDATED_AFTER:
        obstacle = f"It could not be sent for a day and is outdated. {delivery.failure}".strip()
    return MailParcel(
        attempts=delivery.attempts,
        obstacle=obstacle,
        id=notification.id,
        address=user.email,
        name=user.display_name,
        create_time=notification.create_time,
        template="notification",
        values={
            "title": notification.title,
            "body": notification.body,
            "url": f"{head.console_url}/{notification.object_type}/{notification.object_id}",
            "college": head.college,
            "console_url": head.console_url,
        },
        list_name="notifications",
    )


async def _with_link(uow: UnitOfWork, parcel: MailParcel, row: AccountMail | None, head: Letterhead) -> MailParcel:
    user = await uow.session.get(User, row.user_id) if row else None
    if row is None or user is None:
        return replace(parcel, obstacle="The account is gone.")
    values: dict[str, Any] = {"college": head.college, "console_url": head.console_url, "given_name": user.given_name}
    if row.kind is AccountMailKind.ACCOUNT_SECURED:
        values |= {"what": row.detail, "when": _local(row.create_time, head.zone)}
        return replace(parcel, address=row.address, name=user.display_name, values=values)
    purpose = MailPurpose(row.kind.value)
    if purpose is not MailPurpose.INVITATION and uow.now - row.create_time > purpose.lasts:
        return replace(parcel, obstacle="It could not be sent in time: ask for it again.")
    minted = await mail_tokens.mint(uow, user_id=user.id, purpose=purpose, keep_earlier=row.attempts > 0)
    if minted is None:
        return replace(parcel, obstacle="There is nothing to send any more: the account has changed meanwhile.")
    values |= {"token": minted.token, "expires": _local(uow.now + minted.lasts, head.zone)}
    return replace(parcel, address=minted.email, name=user.display_name, values=values)


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%d %B %Y, %H:%M} ({zone.key})"
