"""Remembers that calendar days have changed, which calendar programs must hear of."""

from collections.abc import Awaitable, Callable
from typing import Any

from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.school.events import CalendarDayCreated, CalendarDayDeleted
from hub.timetable.models import CalendarChange

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(CalendarDayCreated, remember_change), (CalendarDayDeleted, remember_change)]


async def remember_change(uow: UnitOfWork, event: CalendarDayCreated | CalendarDayDeleted) -> None:
    """Repeating it changes nothing."""
    if await uow.session.get(CalendarChange, event.event_id) is None:
        uow.session.add(
            CalendarChange(
                id=event.event_id, day=event.day, class_group_id=event.class_group_id, change_time=event.occurred_time
            )
        )
