"""What another trainer of an enrolment does to the plan: its lines are booked for the new one from today on."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from hub.courses.events import EnrolmentTrainerChanged
from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.events import TimetablePublished, TrainerNotBooked
from hub.timetable.models import Booking, TimetableEntry, TimetableVersion
from hub.timetable.service import versions

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(EnrolmentTrainerChanged, follow_trainer)]


async def follow_trainer(uow: UnitOfWork, event: EnrolmentTrainerChanged) -> None:
    """Book the new trainer in every draft and in what is or will be in force; what was in force before today stays as
    it was. A line at whose time the new trainer is booked already stays with the former one, and planners are told.
    Repeating it changes nothing.
    """
    today = await school_queries.today(uow)
    rows = (
        await uow.session.execute(
            select(TimetableEntry.version_id, TimetableEntry.term_id)
            .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
            .where(
                TimetableEntry.enrolment_id == event.enrolment_id,
                TimetableEntry.trainer_id != event.trainer_id,
                queries.STANDING,
                or_(TimetableVersion.effective_date.is_(None), and_(*queries.in_force_between(today, None))),
            )
            .distinct()
            .order_by(TimetableEntry.version_id)
        )
    ).all()
    clashes: list[UUID] = []
    for version_id, term_id in rows:
        await versions.lock_term(uow, term_id)
        version = await queries.get_version(uow, version_id, lock=True)
        if version.effective_date is not None and version.effective_date < today:
            version = await _go_on_anew(uow, version)
        entries = list(
            await uow.session.scalars(
                select(TimetableEntry).where(
                    TimetableEntry.version_id == version.id,
                    TimetableEntry.enrolment_id == event.enrolment_id,
                    TimetableEntry.trainer_id != event.trainer_id,
                    queries.STANDING,
                )
            )
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


async def _go_on_anew(uow: UnitOfWork, version: TimetableVersion) -> TimetableVersion:
    """A copy that takes over from today on, so that the days before are still answered as they were."""
    today = await school_queries.today(uow)
    following = await versions.open_draft(uow, term_id=version.term_id, title=version.title, base_version_id=version.id)
    await versions.carry_over(uow, [version], following, today)
    following.effective_date, following.end_date, following.publish_time = today, version.end_date, uow.now
    version.end_date = today - timedelta(days=1)
    await uow.session.flush()
    uow.publish(
        TimetablePublished(
            **uow.new_event_args(), term_id=version.term_id, version_id=following.id, effective_date=today
        )
    )
    return following
