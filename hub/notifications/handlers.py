"""Which event is told to whom, in which words: one line a notification in `_MESSAGES`."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from hub.attendance import events as attendance
from hub.attendance.events import SessionEvent
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.notifications import account_handlers, schedule_handlers, service, staff_handlers
from hub.notifications.rules import Message, NotificationType, Priority
from hub.school import queries as school_queries

Handler = Callable[[UnitOfWork, Event], Awaitable[None]]


def _starting_soon(event: attendance.SessionStartingSoon, zone: ZoneInfo) -> tuple[Priority, str, str]:
    start = event.planned_start_time.astimezone(zone)
    return Priority.MEDIUM, "Starts soon", f"at {start:%H:%M} in {event.room_code}; {event.expected} expected."


def _started(event: attendance.SessionStarted, zone: ZoneInfo) -> tuple[Priority, str, str]:
    start = event.actual_start_time.astimezone(zone)
    arrived = event.present + event.late
    return (
        Priority.MEDIUM,
        "Started",
        f"at {start:%H:%M:%S} in {event.room_code}; {arrived} of {event.expected} are in already.",
    )


def _not_started(event: attendance.SessionNotStarted, zone: ZoneInfo) -> tuple[Priority, str, str]:
    start = event.planned_start_time.astimezone(zone)
    return (
        Priority.HIGH,
        "Not started",
        f"planned for {start:%H:%M} in {event.room_code}: nobody has started it in its window.",
    )


def _roster_complete(event: attendance.RosterComplete, _zone: ZoneInfo) -> tuple[Priority, str, str]:
    return Priority.LOW, "Everybody is in", f"all {event.expected} in {event.room_code}."


def _low_turnout(event: attendance.LowTurnout, _zone: ZoneInfo) -> tuple[Priority, str, str]:
    return Priority.MEDIUM, "Low turnout", f"{event.arrived} of {event.expected} are in {event.room_code}."


def _counts(event: attendance.SessionEnded | attendance.SessionCorrected) -> str:
    excused = f", {event.excused} excused" if event.excused else ""
    return f"{event.present} present, {event.late} late, {event.absent} absent{excused} of {event.expected}"


def _ended(event: attendance.SessionEnded, _zone: ZoneInfo) -> tuple[Priority, str, str]:
    provisional = "" if event.absences_final else " Absences are provisional: the door has not reported everything yet."
    return Priority.MEDIUM, "Ended", f"{_counts(event)}.{provisional}"


def _corrected(event: attendance.SessionCorrected, _zone: ZoneInfo) -> tuple[Priority, str, str]:
    return Priority.LOW, "Register corrected", f"late reports arrived: now {_counts(event)}."


def _cancelled(event: attendance.SessionCancelled, zone: ZoneInfo) -> tuple[Priority, str, str]:
    start = event.planned_start_time.astimezone(zone)
    return Priority.HIGH, "Cancelled", f"the session of {start:%d %B, %H:%M} in {event.room_code}: {event.reason}"


def _unknown_face(event: attendance.UnknownFaceSeen, zone: ZoneInfo) -> tuple[Priority, str, str]:
    seen = event.capture_time.astimezone(zone)
    return Priority.MEDIUM, "Unknown face", f"somebody not of this session was at {event.room_code} at {seen:%H:%M:%S}."


def _suspect_face(event: attendance.SuspectFaceSeen, zone: ZoneInfo) -> tuple[Priority, str, str]:
    seen = event.capture_time.astimezone(zone)
    return (
        Priority.HIGH,
        "Possible photo at the door",
        f"a face at {event.room_code} did not look alive at {seen:%H:%M:%S}: please look.",
    )


def _out_of_place(event: attendance.DeviceOutOfPlace, _zone: ZoneInfo) -> tuple[Priority, str, str]:
    return Priority.HIGH, "Device moved", f"the device of {event.room_code} is not at its place and accepts nobody."


_MESSAGES: dict[type[SessionEvent], Callable[..., tuple[Priority, str, str]]] = {
    attendance.SessionStartingSoon: _starting_soon,
    attendance.SessionStarted: _started,
    attendance.SessionNotStarted: _not_started,
    attendance.RosterComplete: _roster_complete,
    attendance.LowTurnout: _low_turnout,
    attendance.SessionEnded: _ended,
    attendance.SessionCorrected: _corrected,
    attendance.SessionCancelled: _cancelled,
    attendance.UnknownFaceSeen: _unknown_face,
    attendance.SuspectFaceSeen: _suspect_face,
    attendance.DeviceOutOfPlace: _out_of_place,
}


async def tell_trainers(uow: UnitOfWork, event: Event) -> None:
    """Write the session's trainers a notification about the event."""
    if not isinstance(event, SessionEvent):
        raise TypeError(f"{event.name} is not of a session")
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    priority, what, body = _MESSAGES[type(event)](event, zone)
    message = Message(
        type=NotificationType.SESSION,
        priority=priority,
        title=f"{what}: {event.title}, {event.class_group_name}",
        body=body[0].upper() + body[1:],
        object_type="session",
        object_id=event.session_id,
    )
    await service.notify(uow, event_id=event.event_id, recipient_ids=event.trainer_ids, message=message)


def subscriptions() -> list[tuple[type[Event], Handler]]:
    """What the outbox relay calls for which event."""
    return [
        *((event_type, tell_trainers) for event_type in _MESSAGES),
        *schedule_handlers.subscriptions(),
        *staff_handlers.subscriptions(),
        *account_handlers.subscriptions(),
    ]
