"""Sessions that have not started follow the timetable, and those concerned are told."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hub.attendance import events
from hub.attendance.models import AttendanceSession
from hub.attendance.rules import SessionState
from hub.attendance.service import lifecycle
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school
from hub.timetable import queries as timetable
from hub.timetable.rules import Occurrence

Key = tuple[UUID, date]
"""A lesson's id and key date (`Occurrence`)."""

_DROPPED = "It is no longer in the timetable."


@dataclass(frozen=True, slots=True)
class _Change:
    """`before` and `after` are places (`_place`); `after` None: withdrawn."""

    session: AttendanceSession
    before: Mapping[str, Any]
    after: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        if self.after is None:
            return "cancelled"
        moved = any(self.before[name] != self.after[name] for name in ("planned_start_time", "planned_end_time"))
        if moved:
            return "moved"
        return "room_changed" if self.before["room_id"] != self.after["room_id"] else "trainer_changed"


@dataclass(slots=True)
class Changes:
    """How many sessions changed, and the rooms whose devices are to know."""

    count: int = 0
    room_ids: set[UUID] = field(default_factory=set)


async def one_planner(uow: UnitOfWork) -> None:
    """One at a time, on all hubs: two that plan at once would not see each other's sessions."""
    await uow.take_turn("attendance sessions")


async def follow(uow: UnitOfWork, wanted: Mapping[Key, Occurrence], *, until: datetime) -> Changes:
    """Bring every session that is to come to where its lesson is now, or withdraw it; `wanted` holds all lessons from
    now until the instant.
    """
    sessions = await uow.session.scalars(
        select(AttendanceSession)
        .where(
            AttendanceSession.lesson_id.is_not(None),
            AttendanceSession.state == SessionState.SCHEDULED,
            AttendanceSession.planned_start_time > uow.now,
            AttendanceSession.planned_start_time < until,
        )
        .order_by(AttendanceSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    changes = []
    for session in sessions:
        assert session.lesson_id is not None  # noqa: S101 (the query says so)
        assert session.lesson_key_date is not None  # noqa: S101 (set with it)
        occurrence = wanted.get((session.lesson_id, session.lesson_key_date))
        before = {name: getattr(session, name) for name in _PLACE}
        if occurrence is None:
            await lifecycle.close_unstarted(uow, session, SessionState.CANCELLED, reason=_DROPPED)
            session.withdrawn = True
            changes.append(_Change(session, before, None))
            continue
        after = _place(occurrence)
        if before != after:
            for name, value in after.items():
                setattr(session, name, value)
            uow.audit(
                "attendance.follow_entry", object_type="session", object_id=session.id, before=before, after=after
            )
            changes.append(_Change(session, before, after))
    # Before new sessions are stored: a withdrawn one makes way for another of the same lesson.
    await uow.session.flush()
    if changes:
        await _tell(uow, changes)
    return Changes(
        len(changes),
        {change.before["room_id"] for change in changes} | {change.session.room_id for change in changes},
    )


_PLACE = (
    "room_id", "trainer_id", "class_group_id", "enrolment_id", "session_date", "planned_start_time", "planned_end_time",
)  # fmt: skip


def _place(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "room_id": occurrence.room_id,
        "trainer_id": occurrence.trainer_id,
        "class_group_id": occurrence.class_group_id,
        "enrolment_id": occurrence.enrolment_id,
        "session_date": occurrence.day,
        "planned_start_time": occurrence.start_time,
        "planned_end_time": occurrence.end_time,
    }


async def _tell(uow: UnitOfWork, changes: list[_Change]) -> None:
    """One event a class group, however much of its timetable changed."""
    rooms = await timetable.rooms_by_ids(
        uow, {change.before["room_id"] for change in changes} | {change.session.room_id for change in changes}
    )
    by_group: dict[UUID, list[_Change]] = defaultdict(list)
    for change in changes:
        by_group[change.session.class_group_id].append(change)
    groups = await school.class_groups_by_ids(uow, by_group)
    for group_id, theirs in by_group.items():
        trainers = {change.before["trainer_id"] for change in theirs}
        trainers |= {trainer_id for change in theirs for trainer_id in change.session.trainer_ids}
        uow.publish(
            events.ScheduleChanged(
                **uow.new_event_args(),
                class_group_id=group_id,
                class_group_name=groups[group_id].name,
                trainer_ids=sorted(trainers),
                changes=[
                    {
                        "session_id": str(change.session.id),
                        "title": change.session.title,
                        "kind": change.kind,
                        "before_start_time": change.before["planned_start_time"].isoformat(),
                        "before_room_code": rooms[change.before["room_id"]].code,
                        "start_time": change.session.planned_start_time.isoformat(),
                        "room_code": rooms[change.session.room_id].code,
                    }
                    for change in sorted(theirs, key=lambda change: change.before["planned_start_time"])
                ],
            )
        )
