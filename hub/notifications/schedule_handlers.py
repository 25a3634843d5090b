"""What a class group and its trainers are told when their timetable changes: once, however much of it did."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.attendance.events import ScheduleChanged
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.notifications import service
from hub.notifications.rules import Message, NotificationType, Priority
from hub.school import queries as school
from hub.timetable.events import TrainerNotBooked
from hub.users import queries as users

Handler = Callable[[UnitOfWork, Event], Awaitable[None]]

_MOST_TOLD = 5
_TITLES = {
    "cancelled": "Cancelled", "moved": "Moved", "room_changed": "Another room", "trainer_changed": "Another trainer",
}  # fmt: skip


async def tell_schedule(uow: UnitOfWork, event: Event) -> None:
    """Write the class group's trainees and the trainers concerned what has changed."""
    if not isinstance(event, ScheduleChanged):
        raise TypeError(f"{event.name} is no changed schedule")
    found = await school.get_school(uow)
    zone = ZoneInfo(found.time_zone)
    trainees = await users.members_of(uow, event.class_group_id, uow.now.astimezone(zone).date())
    await service.notify(
        uow,
        event_id=event.event_id,
        recipient_ids=[*event.trainer_ids, *trainees],
        message=message_of(event, zone),
    )


def message_of(event: ScheduleChanged, zone: ZoneInfo) -> Message:
    lines = [_line(change, zone) for change in event.changes]
    first = event.changes[0]
    if len(lines) == 1:
        title = f"{_TITLES[first['kind']]}: {first['title']}, {event.class_group_name}"
    else:
        title = f"Timetable changed: {len(lines)} sessions of {event.class_group_name}"
    more = f" And {len(lines) - _MOST_TOLD} more." if len(lines) > _MOST_TOLD else ""
    return Message(
        type=NotificationType.SESSION,
        priority=Priority.HIGH,
        title=title,
        body=" ".join(lines[:_MOST_TOLD]) + more,
        object_type="session",
        object_id=UUID(first["session_id"]),
    )


def _line(change: dict[str, str], zone: ZoneInfo) -> str:
    before, after = (
        datetime.fromisoformat(change[name]).astimezone(zone) for name in ("before_start_time", "start_time")
    )
    was = f"{change['title']} of {before:%a %d %B, %H:%M} in {change['before_room_code']}"
    match change["kind"]:
        case "cancelled":
            return f"{was} is cancelled."
        case "moved":
            return f"{was} is on {after:%a %d %B, %H:%M} in {change['room_code']} now."
        case "room_changed":
            return f"{was} is in {change['room_code']} now."
        case _:
            return f"{was} has another trainer now."


async def tell_planners(uow: UnitOfWork, event: Event) -> None:
    """Write administrators how many lines a new trainer can't take."""
    if not isinstance(event, TrainerNotBooked):
        raise TypeError(f"{event.name} is of no trainer")
    message = Message(
        type=NotificationType.SYSTEM,
        priority=Priority.HIGH,
        title="A new trainer is booked elsewhere",
        body=f"{len(event.entry_ids)} lines of the timetable stay with the former trainer: move them in a draft.",
        object_type="enrolment",
        object_id=event.enrolment_id,
    )
    await service.notify(uow, event_id=event.event_id, recipient_ids=await users.active_admins(uow), message=message)


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(ScheduleChanged, tell_schedule), (TrainerNotBooked, tell_planners)]
