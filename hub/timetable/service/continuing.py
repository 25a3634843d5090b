"""Plans that change by themselves: drafts, and from today on what is or will be in force. The days before today are
still answered as they were.
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.events import TimetablePublished
from hub.timetable.models import TimetableEntry, TimetableVersion
from hub.timetable.service import versions


async def versions_to_change(uow: UnitOfWork, *lines: ColumnElement[bool]) -> AsyncIterator[TimetableVersion]:
    """Each draft, and each version that holds today or later, that has such a line of the plan: locked, to be changed.

    In place of a version that began before today comes a copy that takes over from today on.
    """
    today = await school_queries.today(uow)
    rows = await uow.session.execute(
        select(TimetableEntry.version_id, TimetableEntry.term_id)
        .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
        .where(
            *lines,
            or_(TimetableVersion.effective_date.is_(None), and_(*queries.in_force_between(today, None))),
        )
        .distinct()
        .order_by(TimetableEntry.version_id)
    )
    for version_id, term_id in rows.all():
        await versions.lock_term(uow, term_id)
        version = await queries.get_version(uow, version_id, lock=True)
        if version.effective_date is not None and version.effective_date < today:
            version = await _go_on_anew(uow, version, today)
        yield version


async def _go_on_anew(uow: UnitOfWork, version: TimetableVersion, today: date) -> TimetableVersion:
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
