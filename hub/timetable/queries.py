"""Reads of rooms, versions and the weekly plan."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from hub.courses import queries as courses_queries
from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.db.find import Rows
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Programme, Term
from hub.timetable.errors import RoomNotFound, TimetableEntryNotFound, TimetableVersionNotFound
from hub.timetable.models import Room, TimetableEntry, TimetableVersion
from hub.timetable.rules import EntryKind, Occurrence, RoomState, days_of
from hub.users.models import HodProfile, Membership

STANDING: ColumnElement[bool] = TimetableEntry.withdraw_time.is_(None)
"""Of lines that are in their version: not those that were taken out after it was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """None: not looked at."""

    version_id: UUID | None = None
    on: date | None = None
    term_id: UUID | None = None
    room_id: UUID | None = None
    class_group_id: UUID | None = None
    trainer_id: UUID | None = None
    enrolment_id: UUID | None = None
    kind: EntryKind | None = None


async def get_room(rows: Rows, room_id: UUID) -> Room:
    """The room; RoomNotFound when there is none."""
    room = await rows.row(Room, room_id)
    if room is None:
        raise RoomNotFound(f"There is no room {room_id}: `roster rooms list` shows them.")
    return room


async def rooms_by_ids(uow: UnitOfWork, room_ids: Iterable[UUID]) -> dict[UUID, Room]:
    """Those of the rooms that exist, in one query."""
    rooms = await uow.session.scalars(select(Room).where(Room.id.in_(set(room_ids))))
    return {room.id: room for room in rooms}


def select_rooms(
    *,
    code: str = "",
    room_type: str = "",
    min_capacity: int = 0,
    text: str = "",
    state: RoomState | None = None,
    facilities: Iterable[str] = (),
) -> Select[Room]:
    """The rooms that fit every filter that is given."""
    query: Select[Room] = select(Room).where(Room.capacity >= min_capacity)
    if code:
        query = query.where(Room.code == code)
    if room_type:
        query = query.where(func.lower(Room.room_type) == room_type.lower())
    if text:
        query = query.where(or_(*(c.icontains(text, autoescape=True) for c in (Room.code, Room.name, Room.building))))
    for facility in facilities:
        # A facility is one of the strings in the JSON; SQLite's text has escapes where PostgreSQL's has none.
        text_of = cast(Room.facilities, String)
        query = query.where(
            or_(
                *(
                    text_of.contains(json.dumps(facility, ensure_ascii=escaped), autoescape=True)
                    for escaped in (False, True)
                )
            )
        )
    return query if state is None else query.where(Room.state == state)


async def term_of_enrolment(uow: UnitOfWork, enrolment_id: UUID) -> Term:
    """The enrolment's term; EnrolmentNotFound when there is none."""
    return await school_queries.get_term(uow, (await courses_queries.get_enrolment(uow, enrolment_id)).term_id)


async def get_version(uow: UnitOfWork, version_id: UUID, *, lock: bool = False) -> TimetableVersion:
    """The version; TimetableVersionNotFound when there is none. Lock it before changing any of its entries."""
    query = select(TimetableVersion).where(TimetableVersion.id == version_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    version: TimetableVersion | None = await uow.session.scalar(query)
    if version is None:
        raise TimetableVersionNotFound(f"There is no timetable version {version_id}: list them to find the right id.")
    return version


async def get_visible_version(uow: UnitOfWork, version_id: UUID, scope: Scope) -> TimetableVersion:
    """The version; TimetableVersionNotFound for a draft unless the caller sees the whole school."""
    version = await get_version(uow, version_id)
    if version.is_draft and not scope.everything:
        raise TimetableVersionNotFound(f"There is no timetable version {version_id} that you may see.")
    return version


async def newest_draft(uow: UnitOfWork, term_id: UUID) -> TimetableVersion | None:
    draft: TimetableVersion | None = await uow.session.scalar(
        select(TimetableVersion)
        .where(TimetableVersion.term_id == term_id, TimetableVersion.effective_date.is_(None))
        .order_by(TimetableVersion.number.desc())
        .limit(1)
    )
    return draft


async def version_in_force(uow: UnitOfWork, term_id: UUID, day: date) -> TimetableVersion | None:
    """The term's plan on that day, whatever was published since."""
    version: TimetableVersion | None = await uow.session.scalar(
        select(TimetableVersion).where(TimetableVersion.term_id == term_id, in_force_on(day))
    )
    return version


async def published_versions(uow: UnitOfWork, term_id: UUID, *, since: date) -> list[TimetableVersion]:
    """Those in force on that day or later, in the order of their days."""
    found = await uow.session.scalars(
        select(TimetableVersion)
        .where(TimetableVersion.term_id == term_id, *in_force_between(since, None))
        .order_by(TimetableVersion.effective_date)
    )
    return list(found)


def in_force_on(day: date) -> ColumnElement[bool]:
    return and_(*in_force_between(day, day))


def in_force_between(first: date, last: date | None) -> list[ColumnElement[bool]]:
    """Conditions of versions that are in force on a day from first to last (None: no end)."""
    return [
        TimetableVersion.effective_date.is_not(None) if last is None else TimetableVersion.effective_date <= last,
        or_(
            TimetableVersion.end_date.is_(None),
            and_(TimetableVersion.end_date >= first, TimetableVersion.end_date >= TimetableVersion.effective_date),
        ),
    ]


def select_versions(scope: Scope, *, term_id: UUID | None, on: date | None) -> Select[TimetableVersion]:
    query = select(TimetableVersion)
    if term_id is not None:
        query = query.where(TimetableVersion.term_id == term_id)
    if on is not None:
        query = query.where(in_force_on(on))
    return query if scope.everything else query.where(TimetableVersion.effective_date.is_not(None))


async def entry_counts(uow: UnitOfWork, version_ids: Collection[UUID]) -> dict[UUID, int]:
    rows = await uow.session.execute(
        select(TimetableEntry.version_id, func.count())
        .where(TimetableEntry.version_id.in_(set(version_ids)), STANDING)
        .group_by(TimetableEntry.version_id)
    )
    return {row[0]: row[1] for row in rows}


async def get_entry(uow: UnitOfWork, entry_id: UUID) -> TimetableEntry:
    """The entry as it is stored now; TimetableEntryNotFound when there is none."""
    entry: TimetableEntry | None = await uow.session.scalar(
        select(TimetableEntry).where(TimetableEntry.id == entry_id, STANDING).execution_options(populate_existing=True)
    )
    if entry is None:
        raise _no_entry(entry_id)
    return entry


async def get_visible_entry(uow: UnitOfWork, entry_id: UUID, scope: Scope, *, today: date) -> TimetableEntry:
    """The entry, if the caller may see it; TimetableEntryNotFound otherwise."""
    entry: TimetableEntry | None = await uow.session.scalar(
        select(TimetableEntry)
        .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
        .where(TimetableEntry.id == entry_id, STANDING, visible(scope, today))
    )
    if entry is None:
        raise _no_entry(entry_id)
    return entry


def select_entries(scope: Scope, wanted: EntryFilter, *, today: date) -> Select[TimetableEntry]:
    """The entries that the caller may see and that fit the filters; drafts are for planners alone.

    Of the version or the day that is asked for; with neither, of drafts and of what is or will be in force.
    """
    query = (
        select(TimetableEntry)
        .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
        .where(STANDING, visible(scope, today))
    )
    if wanted.version_id is not None:
        query = query.where(TimetableEntry.version_id == wanted.version_id)
    if wanted.on is not None:
        query = query.where(
            in_force_on(wanted.on), TimetableEntry.start_date <= wanted.on, TimetableEntry.end_date >= wanted.on
        )
    elif wanted.version_id is None:
        query = query.where(or_(TimetableVersion.effective_date.is_(None), *[and_(*in_force_between(today, None))]))
    filters: tuple[tuple[InstrumentedAttribute[UUID], UUID | None], ...] = (
        (TimetableEntry.term_id, wanted.term_id),
        (TimetableEntry.room_id, wanted.room_id),
        (TimetableEntry.class_group_id, wanted.class_group_id),
        (TimetableEntry.trainer_id, wanted.trainer_id),
        (TimetableEntry.enrolment_id, wanted.enrolment_id),
    )
    for column, value in filters:
        if value is not None:
            query = query.where(column == value)
    return query if wanted.kind is None else query.where(TimetableEntry.kind == wanted.kind)


def visible(scope: Scope, today: date) -> ColumnElement[bool]:
    """Which entries, joined with their versions, the caller may see."""
    if scope.everything:
        return true()
    me = scope.principal.id
    reaches: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        reaches.append(
            TimetableEntry.class_group_id.in_(
                select(Membership.class_group_id).where(
                    Membership.trainee_id == me,
                    Membership.start_date <= today,
                    or_(Membership.end_date.is_(None), Membership.end_date > today),
                )
            )
        )
    if Reach.TAUGHT in scope:
        reaches.append(TimetableEntry.trainer_id == me)
    if Reach.DEPARTMENT in scope:
        reaches.append(
            TimetableEntry.class_group_id.in_(
                select(ClassGroup.id)
                .join(Programme, Programme.id == ClassGroup.programme_id)
                .join(HodProfile, HodProfile.department_id == Programme.department_id)
                .where(HodProfile.user_id == me)
            )
        )
    return and_(TimetableVersion.effective_date.is_not(None), or_(*reaches))


async def entries_of_version(uow: UnitOfWork, version_id: UUID) -> list[TimetableEntry]:
    """All lines of a version, in the order of the week."""
    found = await uow.session.scalars(
        select(TimetableEntry)
        .where(TimetableEntry.version_id == version_id, STANDING)
        .order_by(TimetableEntry.weekday, TimetableEntry.start_time_of_day, TimetableEntry.id)
    )
    return list(found)


async def is_room_used(uow: UnitOfWork, room_id: UUID) -> bool:
    found: bool | None = await uow.session.scalar(select(exists().where(TimetableEntry.room_id == room_id)))
    return bool(found)


async def occurrences(uow: UnitOfWork, *, start: datetime, end: datetime) -> list[Occurrence]:
    """The dated lessons of all published plans that touch [start, end), by start: each by the version in force on its
    day. Calendar days and cancelled enrolments are skipped.
    """
    zone = ZoneInfo((await school_queries.get_school(uow)).time_zone)
    first, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    free = {(day.date, day.class_group_id) for day in await school_queries.calendar_days(uow, start=first, end=last)}
    entries = await uow.session.scalars(
        select(TimetableEntry)
        .join(TimetableVersion, TimetableVersion.id == TimetableEntry.version_id)
        .join(Enrolment, Enrolment.id == TimetableEntry.enrolment_id)
        .where(
            *in_force_between(first, last),
            STANDING,
            TimetableEntry.start_date <= last,
            TimetableEntry.end_date >= first,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
    )
    found = []
    for entry in entries:
        version = entry.version
        assert version.effective_date is not None  # noqa: S101 (it is in force)
        slot = entry.slot.within(version.effective_date, version.end_date)
        if slot is None:
            continue
        for day, starts, ends in days_of(
            slot,
            zone=zone,
            start=start,
            end=end,
            is_free=lambda day, group=entry.class_group_id: (day, None) in free or (day, group) in free,  # type: ignore[misc] # binds the loop's group
        ):
            found.append(_occurrence(entry, day, starts, ends))
    return sorted(found, key=lambda occurrence: (occurrence.start_time, occurrence.entry_id))


def _occurrence(entry: TimetableEntry, day: date, starts: datetime, ends: datetime) -> Occurrence:
    return Occurrence(
        entry_id=entry.id,
        lesson_id=entry.lesson_id,
        key_date=entry.slot.key_of(day),
        enrolment_id=entry.enrolment_id,
        room_id=entry.room_id,
        trainer_id=entry.trainer_id,
        class_group_id=entry.class_group_id,
        session_type=entry.session_type,
        is_makeup=entry.kind is EntryKind.MAKEUP,
        day=day,
        start_time=starts,
        end_time=ends,
    )


def _no_entry(entry_id: UUID) -> TimetableEntryNotFound:
    return TimetableEntryNotFound(f"There is no timetable entry {entry_id}, or not one that you may see.")
