import asyncio
import re
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid6 import uuid7

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.mail.sender import MailServer, SmtpSender, Tls
from hub.notifications import queries, service
from hub.notifications.account_handlers import queue_account_mail
from hub.notifications.courier import Courier
from hub.notifications.mail_couriers import AccountMailCourier, NotificationMailCourier
from hub.notifications.models import AccountMail, Delivery, Notification
from hub.notifications.rules import Channel, DeliveryState, Message, NotificationType, Priority, wait_after_deferral
from hub.users.events import AccountSecured, EmailVerificationRequested, PasswordResetRequested, UserInvited
from hub.users.models import MailToken, User
from hub.users.rules import MailPurpose, UserState
from hub.users.service import mail_tokens
from tests.factories.school import make_school
from tests.factories.users import make_admin, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.smtp import Postbox, smtp_server

ALARM = Message(
    type=NotificationType.SYSTEM,
    priority=Priority.HIGH,
    title="Device alarm: Door",
    body="Tamper switch open.",
    object_type="device",
    object_id=uuid7(),
)
STARTED = Message(
    type=NotificationType.SESSION,
    priority=Priority.MEDIUM,
    title="Started",
    body="At 08:01.",
    object_type="session",
    object_id=uuid7(),
)
CLOSED_PORT = 9


def _sender(port: int) -> SmtpSender:
    return SmtpSender(MailServer("127.0.0.1", port, Tls.NONE), sender="Kisima <roster@kisima.example>")


def _notifications(database: Database, port: int) -> NotificationMailCourier:
    return NotificationMailCourier(database, _sender(port), console_url=lambda: "https://console.example")


def _accounts(database: Database, port: int) -> AccountMailCourier:
    return AccountMailCourier(database, _sender(port), console_url=lambda: "https://console.example")


async def _alarm(make_uow: MakeUow, message: Message = ALARM) -> User:
    async with make_uow() as uow:
        admin = await make_admin(uow)
        await service.notify(uow, event_id=uuid7(), recipient_ids=[admin.id], message=message)
    return admin


async def _mailed(make_uow: MakeUow) -> Delivery:
    async with make_uow(write=False) as uow:
        return (await uow.session.scalars(select(Delivery).where(Delivery.channel == Channel.EMAIL))).one()


async def _invite(make_uow: MakeUow, *, state: UserState = UserState.PENDING_VERIFICATION) -> User:
    async with make_uow() as uow:
        await make_school(uow)
        user = await make_trainer(uow, password_hash=None)
        user.state = state
        await queue_account_mail(uow, UserInvited(**uow.new_event_args(), user_id=user.id))
    return user


async def _account_mail(make_uow: MakeUow) -> AccountMail:
    async with make_uow(write=False) as uow:
        return (await uow.session.scalars(select(AccountMail))).one()


def _token_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"#token=(\S+)", body.get_content())
    assert found is not None, body.get_content()
    return found[1]


async def _serves(uow: UnitOfWork, token: str, purpose: MailPurpose) -> UUID | None:
    user = await mail_tokens.user_of(uow, token=token, purposes=(purpose,))
    return user.id if user else None


async def test_what_is_urgent_goes_by_mail_and_a_lesson_s_course_does_not(
    make_uow: MakeUow, database: Database
) -> None:
    admin = await _alarm(make_uow)
    async with make_uow() as uow:
        await service.notify(uow, event_id=uuid7(), recipient_ids=[admin.id], message=STARTED)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        assert await _notifications(database, port).deliver_due() == 1
    (mail,) = postbox.mails
    assert (mail["Subject"], mail["To"], mail["List-Id"].split()[-1]) == (
        ALARM.title,
        f"{admin.display_name} <{admin.email}>",
        "<notifications.kisima.example>",
    )
    delivery = await _mailed(make_uow)
    assert (delivery.state, delivery.attempts, delivery.failure) == (DeliveryState.SENT, 1, "")


async def test_server_that_is_down_holds_nobody_up_and_gets_the_mail_when_it_is_back(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    await _alarm(make_uow)
    assert await _notifications(database, CLOSED_PORT).deliver_due() == 1
    waiting = await _mailed(make_uow)
    assert (waiting.state, waiting.attempts) == (DeliveryState.QUEUED, 1)
    assert waiting.failure.startswith("The mail server 127.0.0.1:9 cannot be used")
    async with make_uow(write=False) as uow:
        others = await uow.session.scalars(select(Delivery).where(Delivery.channel != Channel.EMAIL))
        assert all(not delivery.failure for delivery in others)
        assert await queries.waiting_mails(uow) == 1
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        courier = _notifications(database, port)
        assert await courier.deliver_due() == 0  # not before its time
        clock.set(waiting.due_time)
        assert await courier.deliver_due() == 1
    assert (await _mailed(make_uow)).state is DeliveryState.SENT
    assert len(postbox.mails) == 1


async def test_mail_refused_for_now_is_tried_again_and_one_refused_for_good_is_not(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    await _alarm(make_uow)
    postbox = Postbox()
    postbox.answers = ["451 4.7.1 Greylisted", "554 5.7.1 Spam"]
    async with smtp_server(postbox) as port:
        courier = _notifications(database, port)
        await courier.deliver_due()
        waiting = await _mailed(make_uow)
        assert (waiting.state, waiting.failure) == (DeliveryState.QUEUED, "The mail server said: 451 4.7.1 Greylisted")
        assert waiting.due_time == clock.now() + wait_after_deferral(1)
        clock.set(waiting.due_time)
        await courier.deliver_due()
        refused = await _mailed(make_uow)
        assert (refused.state, refused.failure, refused.attempts) == (
            DeliveryState.FAILED,
            "The mail server said: 554 5.7.1 Spam",
            2,
        )
        clock.advance(days=1)
        assert await courier.deliver_due() == 0
    assert postbox.mails == []


async def test_one_bad_address_holds_up_no_other_mail(make_uow: MakeUow, database: Database) -> None:
    bad, good = await _alarm(make_uow), await _alarm(make_uow)
    postbox = Postbox()
    postbox.refused = {bad.email: "550 5.1.1 No such user"}
    async with smtp_server(postbox) as port:
        assert await _notifications(database, port).deliver_due() == 2
    assert postbox.recipients == [good.email]
    assert postbox.connections == 1


async def test_mail_cut_off_in_its_data_is_sent_again_as_the_same_mail(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    user = await _invite(make_uow)
    postbox = Postbox()
    postbox.answers = [""]
    async with smtp_server(postbox) as port:
        courier = _accounts(database, port)
        await courier.deliver_due()
        assert (await _account_mail(make_uow)).state is DeliveryState.QUEUED
        clock.advance(seconds=2)
        await courier.deliver_due()
    first, second = postbox.data_received
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert postbox.mails == [second]
    # A mailbox that has both may show either one.
    assert _token_of(first) != _token_of(second)
    async with make_uow() as uow:
        for mail in (first, second):
            assert await _serves(uow, _token_of(mail), MailPurpose.INVITATION) == user.id
        assert await mail_tokens.spend(uow, user_id=user.id)
        for mail in (first, second):
            assert await _serves(uow, _token_of(mail), MailPurpose.INVITATION) is None


async def test_hubs_share_the_mails_and_send_each_once(make_uow: MakeUow, database: Database) -> None:
    async with make_uow() as uow:
        people = [await make_admin(uow) for _ in range(45)]
        await service.notify(uow, event_id=uuid7(), recipient_ids=[one.id for one in people], message=ALARM)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        hubs = [_notifications(database, port) for _ in range(3)]
        for _ in range(3):
            await asyncio.gather(*(hub.deliver_due() for hub in hubs))
    assert sorted(postbox.recipients) == sorted(one.email for one in people)
    assert len({mail["Message-ID"] for mail in postbox.mails}) == 45


async def test_crash_after_sending_repeats_the_same_mail_after_the_lease(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    class Crash(BaseException):
        pass

    class DyingCourier(NotificationMailCourier):
        async def send(self, parcels):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 (as its base class)
            await super().send(parcels)
            raise Crash

    await _alarm(make_uow)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        with pytest.raises(Crash):
            await DyingCourier(database, _sender(port), console_url=lambda: "https://c.example").deliver_due()
        other: Courier = _notifications(database, port)  # type: ignore[type-arg] # of whatever parcel
        assert await other.deliver_due() == 0
        clock.advance(minutes=5, seconds=1)
        assert await other.deliver_due() == 1
    assert len({mail["Message-ID"] for mail in postbox.mails}) == 1


async def test_invitation_holds_the_only_copy_of_its_token(make_uow: MakeUow, database: Database) -> None:
    user = await _invite(make_uow)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
    (mail,) = postbox.mails
    assert mail["Subject"] == "Your account at Kisima Technical College: choose a password"
    assert mail["To"].addresses[0].addr_spec == user.email
    assert mail["List-Id"] is None
    token = _token_of(mail)
    html = mail.get_body(("html",))
    assert html is not None
    assert f"https://console.example/set-password#token={token}" in html.get_content()
    async with make_uow() as uow:
        assert await _serves(uow, token, MailPurpose.INVITATION) == user.id
        for table in (AccountMail, MailToken):
            for row in await uow.session.scalars(select(table)):
                assert token not in repr([getattr(row, column.key) for column in table.__table__.columns])


async def test_no_token_is_made_while_the_server_is_down(make_uow: MakeUow, database: Database) -> None:
    await _invite(make_uow)
    await _accounts(database, CLOSED_PORT).deliver_due()
    async with make_uow(write=False) as uow:
        assert list(await uow.session.scalars(select(MailToken))) == []
    assert (await _account_mail(make_uow)).state is DeliveryState.QUEUED


async def test_account_that_needs_no_mail_any_more_gets_none(make_uow: MakeUow, database: Database) -> None:
    await _invite(make_uow, state=UserState.DISABLED)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
    row = await _account_mail(make_uow)
    assert (row.state, postbox.data_received) == (DeliveryState.FAILED, [])
    assert "changed meanwhile" in row.failure


async def test_same_event_queues_one_mail_and_a_newer_one_replaces_a_waiting_one(
    make_uow: MakeUow, database: Database
) -> None:
    async with make_uow() as uow:
        user = await make_admin(uow)
        first, second = (PasswordResetRequested(**uow.new_event_args(), user_id=user.id) for _ in range(2))
    for event in (first, first, second):
        async with make_uow() as uow:
            await queue_account_mail(uow, event)
    async with make_uow(write=False) as uow:
        rows = {row.id: row.state for row in await uow.session.scalars(select(AccountMail))}
    assert rows == {first.event_id: DeliveryState.FAILED, second.event_id: DeliveryState.QUEUED}
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
    assert len(postbox.mails) == 1


@pytest.mark.parametrize(
    ("event_type", "purpose", "path"),
    [
        (PasswordResetRequested, MailPurpose.PASSWORD_RESET, "set-password"),
        (EmailVerificationRequested, MailPurpose.EMAIL_VERIFICATION, "verify-email"),
    ],
)
async def test_link_is_for_what_was_asked(
    make_uow: MakeUow,
    database: Database,
    event_type: type[PasswordResetRequested] | type[EmailVerificationRequested],
    purpose: MailPurpose,
    path: str,
) -> None:
    async with make_uow() as uow:
        user = await make_admin(uow)
        user.state = UserState.PENDING_VERIFICATION
        await queue_account_mail(uow, event_type(**uow.new_event_args(), user_id=user.id))
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
    (mail,) = postbox.mails
    assert f"/{path}#token=" in mail.as_string().replace("=\n", "")
    async with make_uow() as uow:
        assert await _serves(uow, _token_of(mail), purpose) == user.id


async def test_request_whose_link_would_be_over_is_not_sent_late(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        user = await make_admin(uow)
        await queue_account_mail(uow, PasswordResetRequested(**uow.new_event_args(), user_id=user.id))
        await service.notify(uow, event_id=uuid7(), recipient_ids=[user.id], message=ALARM)
    clock.advance(days=1, seconds=1)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
        await _notifications(database, port).deliver_due()
    assert postbox.data_received == []
    assert "ask for it again" in (await _account_mail(make_uow)).failure
    assert "outdated" in (await _mailed(make_uow)).failure


async def test_change_is_told_to_the_address_that_the_event_names(make_uow: MakeUow, database: Database) -> None:
    async with make_uow() as uow:
        user = await make_admin(uow)
        event = AccountSecured(
            **uow.new_event_args(), user_id=user.id, change="EMAIL_CHANGED", email="former@college.example"
        )
        await queue_account_mail(uow, event)
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await _accounts(database, port).deliver_due()
        assert await _notifications(database, port).deliver_due() == 0
    assert postbox.recipients == ["former@college.example"]
    assert "e-mail address of your account was changed" in postbox.mails[0]["Subject"]
    async with make_uow(write=False) as uow:
        told = (await uow.session.scalars(select(Notification))).one()
    assert (told.type, told.recipient_id) == (NotificationType.ACCOUNT, user.id)


async def test_sent_mails_are_swept_and_waiting_ones_stay(
    make_uow: MakeUow, database: Database, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        user = await make_admin(uow)
        await queue_account_mail(
            uow, AccountSecured(**uow.new_event_args(), user_id=user.id, change="PASSWORD_CHANGED", email=user.email)
        )
    async with smtp_server(Postbox()) as port:
        await _accounts(database, port).deliver_due()
    async with make_uow() as uow:
        await queue_account_mail(uow, PasswordResetRequested(**uow.new_event_args(), user_id=user.id))
    now = clock.advance(days=31)
    async with make_uow() as uow:
        await service.sweep_mails(uow, now)
    async with make_uow(write=False) as uow:
        assert [row.state for row in await uow.session.scalars(select(AccountMail))] == [DeliveryState.QUEUED]


def test_waits_of_a_mail_grow_to_an_hour() -> None:
    assert [wait_after_deferral(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 4, 5, 99)] == [
        5, 10, 20, 40, 60, 60,
    ]  # fmt: skip
