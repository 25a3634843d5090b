"""Reads of rooms and the weekly plan."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Programme
from hub.timetable.errors import RoomNotFound, TimetableEntryNotFound
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.rules import EntryState, Occurrence, Slot, days_of
from hub.users.models import HodProfile, Membership


async def get_room(uow: UnitOfWork, room_id: UUID) -> Room:
    """The room; RoomNotFound when there is none."""
    room = await uow.session.get(Room, room_id)
    if room is None:
        raise RoomNotFound(f"There is no room {room_id}: `roster timetable rooms` lists them.")
    return room


async def rooms_by_ids(uow: UnitOfWork, room_ids: Iterable[UUID]) -> dict[UUID, Room]:
    """Those of the rooms that exist, in one query."""
    rooms = await uow.session.scalars(select(Room).where(Room.id.in_(set(room_ids))))
    return {room.id: room for room in rooms}


def select_rooms(code: str) -> Select[Room]:
    """All rooms, or the one with this code."""
    query: Select[Room] = select(Room)
    return query.where(Room.code == code) if code else query


async def get_entry(uow: UnitOfWork, entry_id: UUID) -> TimetableEntry:
    """The entry; TimetableEntryNotFound when there is none."""
    entry = await uow.session.get(TimetableEntry, entry_id)
    if entry is None:
        raise TimetableEntryNotFound(f"There is no timetable entry {entry_id}.")
    return entry


def select_entries(
    scope: Scope,
    *,
    today: date,
    term_id: UUID | None,
    room_id: UUID | None,
    class_group_id: UUID | None,
    trainer_id: UUID | None,
) -> Select[TimetableEntry]:
    """The entries that the caller may see and that fit the filters; drafts are for planners alone."""
    query = select(TimetableEntry).where(TimetableEntry.state != EntryState.ARCHIVED)
    filters: tuple[tuple[InstrumentedAttribute[UUID], UUID | None], ...] = (
        (TimetableEntry.term_id, term_id),
        (TimetableEntry.room_id, room_id),
        (TimetableEntry.class_group_id, class_group_id),
        (TimetableEntry.trainer_id, trainer_id),
    )
    for column, wanted in filters:
        if wanted is not None:
            query = query.where(column == wanted)
    if scope.everything:
        return query
    me = scope.principal.id
    visible: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        visible.append(
            TimetableEntry.class_group_id.in_(
                select(Membership.class_group_id).where(
                    Membership.trainee_id == me,
                    Membership.start_date <= today,
                    or_(Membership.end_date.is_(None), Membership.end_date > today),
                )
            )
        )
    if Reach.TAUGHT in scope:
        visible.append(TimetableEntry.trainer_id == me)
    if Reach.DEPARTMENT in scope:
        visible.append(
            TimetableEntry.class_group_id.in_(
                select(ClassGroup.id)
                .join(Programme, Programme.id == ClassGroup.programme_id)
                .join(HodProfile, HodProfile.department_id == Programme.department_id)
                .where(HodProfile.user_id == me)
            )
        )
    return query.where(TimetableEntry.state == EntryState.PUBLISHED, or_(*visible))


async def colliding_entries(
    uow: UnitOfWork, slot: Slot, *, room_id: UUID, trainer_id: UUID, class_group_id: UUID
) -> list[TimetableEntry]:
    """Every live entry that has the same room, trainer or class group at an overlapping time, in one query."""
    candidates = await uow.session.scalars(
        select(TimetableEntry).where(
            TimetableEntry.state != EntryState.ARCHIVED,
            TimetableEntry.weekday == slot.weekday,
            TimetableEntry.start_time_of_day < slot.end,
            TimetableEntry.end_time_of_day > slot.start,
            TimetableEntry.start_date <= slot.last_date,
            TimetableEntry.end_date >= slot.first_date,
            or_(
                TimetableEntry.room_id == room_id,
                TimetableEntry.trainer_id == trainer_id,
                TimetableEntry.class_group_id == class_group_id,
            ),
        )
    )
    return list(candidates)


async def occurrences(uow: UnitOfWork, *, start: datetime, end: datetime) -> list[Occurrence]:
    """The dated lessons of all published entries that touch [start, end), by start; calendar days are skipped."""
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    first, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    free = {(day.date, day.class_group_id) for day in await school_queries.calendar_days(uow, start=first, end=last)}
    entries = await uow.session.scalars(
        select(TimetableEntry).where(
            TimetableEntry.state == EntryState.PUBLISHED,
            TimetableEntry.start_date <= last,
            TimetableEntry.end_date >= first,
        )
    )
    found = [
        Occurrence(
            entry_id=entry.id,
            enrolment_id=entry.enrolment_id,
            room_id=entry.room_id,
            trainer_id=entry.trainer_id,
            class_group_id=entry.class_group_id,
            session_type=entry.session_type,
            day=day,
            start_time=starts,
            end_time=ends,
        )
        for entry in entries
        for day, starts, ends in days_of(
            entry.slot,
            zone=zone,
            start=start,
            end=end,
            is_free=lambda day, group=entry.class_group_id: (day, None) in free or (day, group) in free,  # type: ignore[misc] # binds the loop's group
        )
    ]
    return sorted(found, key=lambda occurrence: (occurrence.start_time, occurrence.entry_id))
