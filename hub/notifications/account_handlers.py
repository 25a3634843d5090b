"""Mails about an account: queued when the users' module says that one is due, sent by the courier of such mails."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import and_, or_, select

from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.notifications import service
from hub.notifications.models import AccountMail
from hub.notifications.rules import AccountMailKind, Channel, DeliveryState, Message, NotificationType, Priority
from hub.users.events import AccountSecured, EmailVerificationRequested, PasswordResetRequested, UserInvited

Handler = Callable[[UnitOfWork, Event], Awaitable[None]]

_CHANGES = {
    "PASSWORD_CHANGED": "Your password was changed",
    "SECOND_FACTOR_ON": "The second factor of your sign-in was switched on",
    "SECOND_FACTOR_OFF": "The second factor of your sign-in was switched off",
    "EMAIL_CHANGED": "The e-mail address of your account was changed",
}


async def queue_account_mail(uow: UnitOfWork, event: Event) -> None:
    """Queue the mail that the event asks for; the same event again queues nothing.

    A newer mail of a kind makes a waiting one needless: its link would not serve any more.
    """
    match event:
        case UserInvited():
            await _queue(uow, event, event.user_id, AccountMailKind.INVITATION)
        case EmailVerificationRequested():
            await _queue(uow, event, event.user_id, AccountMailKind.EMAIL_VERIFICATION)
        case PasswordResetRequested():
            await _queue(uow, event, event.user_id, AccountMailKind.PASSWORD_RESET)
        case AccountSecured():
            what = _CHANGES.get(event.change, "Something about your account was changed")
            await _queue(uow, event, event.user_id, AccountMailKind.ACCOUNT_SECURED, address=event.email, detail=what)
            message = Message(
                type=NotificationType.ACCOUNT,
                priority=Priority.HIGH,
                title=what,
                body="If it was not you, ask for a new password at once and tell your administrator.",
                object_type="user",
                object_id=event.user_id,
            )
            # The mail has been queued above, to the address that the event names.
            channels = frozenset({Channel.IN_APP, Channel.MQTT})
            await service.notify(
                uow, event_id=event.event_id, recipient_ids=[event.user_id], message=message, channels=channels
            )
        case _:
            raise TypeError(f"{event.name} asks for no mail")


async def _queue(
    uow: UnitOfWork, event: Event, user_id: UUID, kind: AccountMailKind, *, address: str = "", detail: str = ""
) -> None:
    this = AccountMail.id == event.event_id
    needless = and_(AccountMail.user_id == user_id, AccountMail.kind == kind, AccountMail.state == DeliveryState.QUEUED)
    once = kind is not AccountMailKind.ACCOUNT_SECURED
    known = await uow.session.scalars(
        select(AccountMail).where(or_(this, needless) if once else this).with_for_update()
    )
    waiting = known.all()
    if any(row.id == event.event_id for row in waiting):
        return
    for row in waiting:
        row.state, row.failure = DeliveryState.FAILED, "A newer mail of this kind took its place."
    uow.session.add(
        AccountMail(
            id=event.event_id,
            user_id=user_id,
            kind=kind,
            address=address,
            detail=detail,
            state=DeliveryState.QUEUED,
            due_time=uow.now,
            create_time=uow.now,
        )
    )


def subscriptions() -> list[tuple[type[Event], Handler]]:
    """What the outbox relay calls for which event."""
    return [
        (event_type, queue_account_mail)
        for event_type in (UserInvited, EmailVerificationRequested, PasswordResetRequested, AccountSecured)
    ]
