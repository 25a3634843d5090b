"""What another trainer of an enrolment does to the plan: its lines are booked for the new one from today on."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from hub.courses.events import EnrolmentTrainerChanged
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.timetable import queries
from hub.timetable.events import TrainerNotBooked
from hub.timetable.models import Booking, TimetableEntry, TimetableVersion
from hub.timetable.service.continuing import versions_to_change

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(EnrolmentTrainerChanged, follow_trainer)]


async def follow_trainer(uow: UnitOfWork, event: EnrolmentTrainerChanged) -> None:
    """Book the new trainer in every draft and in what is or will be in force; what was in force before today stays as
    it was. A line at whose time the new trainer is booked already stays with the former one, and planners are told.
    Repeating it changes nothing.
    """
    clashes: list[UUID] = []
    of_others = (
        TimetableEntry.enrolment_id == event.enrolment_id,
        TimetableEntry.trainer_id != event.trainer_id,
        queries.STANDING,
    )
    async for version in versions_to_change(uow, *of_others):
        entries = list(
            await uow.session.scalars(select(TimetableEntry).where(TimetableEntry.version_id == version.id, *of_others))
        )
        clashes += await _book(uow, version, entries, event.trainer_id)
    if clashes:
        uow.publish(
            TrainerNotBooked(
                **uow.new_event_args(),
                enrolment_id=event.enrolment_id,
                trainer_id=event.trainer_id,
                entry_ids=clashes,
            )
        )


async def _book(
    uow: UnitOfWork, version: TimetableVersion, entries: Sequence[TimetableEntry], trainer_id: UUID
) -> list[UUID]:
    """Answers the entries at whose time the trainer is booked already."""
    clashes = []
    for entry in entries:
        before = entry.trainer_id
        try:
            async with uow.savepoint():
                await uow.session.execute(
                    update(Booking).where(Booking.entry_id == entry.id).values(trainer_id=trainer_id)
                )
        except IntegrityError:
            clashes.append(entry.id)
            continue
        entry.trainer_id = trainer_id
        uow.audit(
            "timetable.change_trainer",
            object_type="timetable_entry",
            object_id=entry.id,
            before={"trainer_id": before},
            after={"trainer_id": trainer_id},
        )
    version.change_count += 1
    await uow.session.flush()
    return clashes
