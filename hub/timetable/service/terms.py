"""What other days of a term do to its plan: a line's days lie inside of the term."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, or_, select

from hub.db.unit_of_work import UnitOfWork
from hub.events import Event
from hub.school.events import TermDatesChanged
from hub.school.models import Term
from hub.timetable import queries
from hub.timetable.facts import room_facts
from hub.timetable.models import Booking, TimetableEntry
from hub.timetable.rules import EntryKind
from hub.timetable.service import versions
from hub.timetable.service.continuing import versions_to_change

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


def subscriptions() -> list[tuple[type[Event], Handler]]:
    return [(TermDatesChanged, follow_term)]


async def follow_term(uow: UnitOfWork, event: TermDatesChanged) -> None:
    """Cut what is planned to the days that the term has now, in every draft and in what is or will be in force; a line
    of which nothing is left goes. What was in force before today stays as it was. Repeating it changes nothing.
    """
    term = await uow.session.get(Term, event.term_id)
    if term is None:  # deleted since
        return
    outside = (
        TimetableEntry.term_id == term.id,
        or_(TimetableEntry.start_date < term.start_date, TimetableEntry.end_date > term.end_date),
        queries.STANDING,
    )
    async for version in versions_to_change(uow, *outside):
        entries = list(
            await uow.session.scalars(select(TimetableEntry).where(TimetableEntry.version_id == version.id, *outside))
        )
        await uow.session.execute(delete(Booking).where(Booking.entry_id.in_([entry.id for entry in entries])))
        rooms = await queries.rooms_by_ids(uow, {entry.room_id for entry in entries})
        kept = [entry for entry in entries if await _cut(uow, entry, term)]
        version.change_count += 1
        await uow.session.flush()
        await versions.store_bookings(uow, kept, {room.id for room in rooms.values() if room_facts(room).is_virtual})


async def _cut(uow: UnitOfWork, entry: TimetableEntry, term: Term) -> bool:
    """Whether anything is left of the line."""
    before = {"start_date": entry.start_date, "end_date": entry.end_date}
    slot = entry.slot.within(term.start_date, term.end_date)
    if slot is None or not slot.spans():
        if entry.version.is_draft or entry.kind is EntryKind.RECURRING:
            await uow.session.delete(entry)
        else:  # as `entries.delete_entry` does it
            entry.withdraw_time = uow.now
        uow.audit("timetable.delete_entry", object_type="timetable_entry", object_id=entry.id, before=before)
        return False
    entry.start_date, entry.end_date = slot.first_date, slot.last_date
    entry.weekday, entry.dates = slot.weekday, [day.isoformat() for day in slot.dates]
    uow.audit(
        "timetable.update_entry",
        object_type="timetable_entry",
        object_id=entry.id,
        before=before,
        after={"start_date": entry.start_date, "end_date": entry.end_date},
    )
    return True
