"""What administrators are told about devices and faces, and people about their own templates and jobs."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.devices.events import DeviceAlarmRaised
from hub.events import Event
from hub.faces.events import FaceClashFound, NewPhotosWanted
from hub.jobs.events import JobFinished
from hub.notifications import service
from hub.notifications.rules import Message, NotificationType, Priority
from hub.users import queries as users

Handler = Callable[[UnitOfWork, Event], Awaitable[None]]


def _alarm(event: DeviceAlarmRaised) -> Message:
    reason = event.reason.replace("_", " ").lower()
    return Message(
        type=NotificationType.SYSTEM,
        priority=Priority.HIGH,
        title=f"Device alarm: {event.device_name}",
        body=f"{reason[0].upper()}{reason[1:]}. {event.detail}".strip(),
        object_type="device",
        object_id=event.device_id,
    )


def _clash(event: FaceClashFound) -> Message:
    return Message(
        type=NotificationType.SYSTEM,
        priority=Priority.HIGH,
        title="One face under two accounts",
        body="A face was registered that another account has already. It is not used until you keep or erase it.",
        object_type="face_clash",
        object_id=event.clash_id,
    )


def _new_photos(event: NewPhotosWanted) -> Message:
    return Message(
        type=NotificationType.ACCOUNT,
        priority=Priority.MEDIUM,
        title="New photos of your face are needed",
        body="Faces are recognised in another way now, and photos are not kept: please register your face again.",
        object_type="user",
        object_id=event.person_id,
    )


def _job(event: JobFinished) -> Message:
    how = {"SUCCEEDED": "Done", "FAILED": "Failed"}.get(event.state, "Cancelled")
    return Message(
        type=NotificationType.SYSTEM,
        priority=Priority.MEDIUM,
        title=f"{how}: {event.title}",
        body=event.failure or "What came of it is in the list of your jobs.",
        object_type="job",
        object_id=event.job_id,
    )


async def tell_staff(uow: UnitOfWork, event: Event) -> None:
    """Write whom the event concerns a notification: administrators, or the person whose face or job it is."""
    recipients: list[UUID]
    match event:
        case DeviceAlarmRaised():
            message, recipients = _alarm(event), await users.active_admins(uow)
        case FaceClashFound():
            message, recipients = _clash(event), await users.active_admins(uow)
        case NewPhotosWanted():
            message, recipients = _new_photos(event), [event.person_id]
        case JobFinished():
            message, recipients = _job(event), [event.owner_id] if event.owner_id else []
        case _:
            raise TypeError(f"{event.name} is not told to staff")
    await service.notify(uow, event_id=event.event_id, recipient_ids=recipients, message=message)


def subscriptions() -> list[tuple[type[Event], Handler]]:
    """What the outbox relay calls for which event."""
    return [
        (event_type, tell_staff) for event_type in (DeviceAlarmRaised, FaceClashFound, NewPhotosWanted, JobFinished)
    ]
