"""A whole version against every rule."""

import asyncio
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.timetable import facts
from hub.timetable.conflicts import Conflict
from hub.timetable.facts import LessonFacts
from hub.timetable.models import TimetableEntry, TimetableVersion
from hub.timetable.plan_check import check_plan


async def check_version(
    uow: UnitOfWork, version: TimetableVersion
) -> tuple[list[TimetableEntry], dict[UUID, list[Conflict]]]:
    """The entries of the version, and beside a draft the temporary ones that it will take over; and by entry id what
    speaks against them. A constant number of statements; the rules are decided off the event loop.
    """
    entries = [entry for entry, _ in await facts.lines_of(uow, version)]
    term = await facts.load_term(
        uow,
        version.term_id,
        enrolment_ids={entry.enrolment_id for entry in entries},
        room_ids={entry.room_id for entry in entries},
    )
    lessons = {
        entry.id: LessonFacts(
            entry.id,
            entry.enrolment_id,
            entry.room_id,
            entry.session_type,
            entry.slot,
            frozenset(entry.facilities),
            entry.outside_day_pattern,
        )
        for entry in entries
    }
    return entries, await asyncio.to_thread(check_plan, term, lessons)
