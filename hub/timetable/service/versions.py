"""A term's plan in versions: drafts are opened, compared, discarded, and one is published whole."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.errors import TimetableConflict, TimetableVersionNotDraft
from hub.timetable.events import TimetablePublished
from hub.timetable.facts import room_facts
from hub.timetable.models import Booking, Room, TimetableEntry, TimetableVersion
from hub.timetable.rules import EntryKind, RoomState

COPIED = (
    "lesson_id", "enrolment_id", "term_id", "trainer_id", "class_group_id", "room_id", "weekday", "start_time_of_day",
    "end_time_of_day", "session_type", "kind", "week_pattern", "anchor_date", "dates", "start_date", "end_date",
    "facilities", "pinned", "outside_day_pattern",
)  # fmt: skip
_BOOKING = (
    "room_id", "trainer_id", "class_group_id", "weekday", "start_time_of_day", "end_time_of_day", "first_date",
    "last_date", "phase_from", "phase_to",
)  # fmt: skip
_TIME_FIELDS = frozenset(
    {
        "weekday",
        "start_time_of_day",
        "end_time_of_day",
        "week_pattern",
        "anchor_date",
        "dates",
        "start_date",
        "end_date",
    }
)


@dataclass(frozen=True, slots=True)
class LessonChange:
    """`fields` of COPIED differ; one of the two is None when the lesson was added or removed."""

    lesson_id: UUID
    before: TimetableEntry | None
    after: TimetableEntry | None
    fields: tuple[str, ...] = ()

    @property
    def is_move(self) -> bool:
        return not _TIME_FIELDS.isdisjoint(self.fields)


async def open_draft(
    uow: UnitOfWork, *, term_id: UUID, title: str = "", base_version_id: UUID | None = None, empty: bool = False
) -> TimetableVersion:
    """A new draft of the term: a copy of the base or, without one, of what is in force or comes into force next.

    Temporary entries are not copied: they are carried over when the draft is published.

    Raises:
        TermNotFound, TimetableVersionNotFound: as their names say.
        InvalidArgument: the base is another term's.
    """
    await school_queries.get_term(uow, term_id)
    await lock_term(uow, term_id)
    base: TimetableVersion | None = None
    if base_version_id is not None:
        base = await queries.get_version(uow, base_version_id)
        if base.term_id != term_id:
            raise InvalidArgument.of("base_version_id", "is of another term: choose a version of this one")
    elif not empty:
        standing = await queries.published_versions(uow, term_id, since=await school_queries.today(uow))
        base = standing[0] if standing else None
    number = await uow.session.scalar(
        select(func.coalesce(func.max(TimetableVersion.number), 0)).where(TimetableVersion.term_id == term_id)
    )
    draft = TimetableVersion(
        term_id=term_id,
        number=int(number or 0) + 1,
        title=title.strip(),
        base_version_id=base.id if base else None,
    )
    uow.session.add(draft)
    await uow.session.flush()
    copied = 0
    if base is not None and not empty:
        copied = await _copy(uow, base, draft)
    uow.audit(
        "timetable.open_draft",
        object_type="timetable_version",
        object_id=draft.id,
        after={"term_id": term_id, "number": draft.number, "base_version_id": draft.base_version_id, "entries": copied},
    )
    return draft


async def draft_of(uow: UnitOfWork, term_id: UUID) -> TimetableVersion:
    """The term's newest draft, opened when there is none."""
    await lock_term(uow, term_id)
    return await queries.newest_draft(uow, term_id) or await open_draft(uow, term_id=term_id)


async def rename(uow: UnitOfWork, *, version_id: UUID, title: str, etag: str) -> TimetableVersion:
    version = await queries.get_version(uow, version_id, lock=True)
    check_etag(version.etag, etag)
    before, version.title = version.title, title.strip()
    await uow.session.flush()
    uow.audit(
        "timetable.rename_version",
        object_type="timetable_version",
        object_id=version.id,
        before={"title": before},
        after={"title": version.title},
    )
    return version


async def discard(uow: UnitOfWork, *, version_id: UUID, etag: str) -> TimetableVersion:
    """Delete a draft with its entries.

    Raises:
        TimetableVersionNotFound, EtagStale: as their names say.
        TimetableVersionNotDraft: it is published: its history stays.
    """
    version = await queries.get_version(uow, version_id, lock=True)
    check_etag(version.etag, etag)
    if not version.is_draft:
        raise TimetableVersionNotDraft(f"Version {version.number} is published: its history stays.")
    for table in (Booking, TimetableEntry):
        await uow.session.execute(
            delete(table).where(table.version_id == version_id).execution_options(synchronize_session=False)
        )
    await uow.session.execute(
        update(TimetableVersion).where(TimetableVersion.base_version_id == version_id).values(base_version_id=None)
    )
    await uow.session.delete(version)
    await uow.session.flush()
    uow.audit(
        "timetable.discard_draft",
        object_type="timetable_version",
        object_id=version.id,
        before={"term_id": version.term_id, "number": version.number, "title": version.title},
    )
    return version


async def diff(uow: UnitOfWork, *, from_id: UUID, to_id: UUID) -> tuple[list[LessonChange], int]:
    """What is different from one version to another, in the order of the week, and how many lessons are the same."""
    before, after = await queries.entries_of_version(uow, from_id), await queries.entries_of_version(uow, to_id)
    return changes_between(before, after)


def changes_between(
    before: Collection[TimetableEntry], after: Collection[TimetableEntry]
) -> tuple[list[LessonChange], int]:
    was = {entry.lesson_id: entry for entry in before}
    found, same = [], 0
    for entry in after:
        old = was.pop(entry.lesson_id, None)
        fields = () if old is None else tuple(name for name in COPIED if getattr(old, name) != getattr(entry, name))
        if old is not None and not fields:
            same += 1
        else:
            found.append(LessonChange(entry.lesson_id, old, entry, fields))
    return [*found, *(LessonChange(entry.lesson_id, entry, None) for entry in was.values())], same


async def publish(
    uow: UnitOfWork,
    *,
    term_id: UUID,
    version_id: UUID | None = None,
    etag: str = "",
    effective_date: date | None = None,
) -> tuple[TimetableVersion | None, int]:
    """Put a draft (the newest one when none is named) in force from a day on; answers it with its number of entries.

    Temporary entries that are still to come are carried over. Cheap at any size: entries are not touched. Without a
    draft, and for a version that is published already, nothing changes and 0 is answered.

    Raises:
        TermNotFound, TimetableVersionNotFound, EtagStale: as their names say.
        InvalidArgument: the day is past or outside of the term.
        TimetableConflict: an entry's room is closed or a temporary entry collides with the draft; each is named.
    """
    term = await school_queries.get_term(uow, term_id)
    today = await school_queries.today(uow)
    await lock_term(uow, term_id)
    found = await queries.newest_draft(uow, term_id) if version_id is None else None
    if version_id is None and found is None:
        return None, 0
    draft = await queries.get_version(uow, version_id or found.id, lock=True)  # type: ignore[union-attr] # one of both is there
    if draft.term_id != term_id:
        raise InvalidArgument.of("timetable_version_id", "is of another term")
    if not draft.is_draft:
        return draft, 0
    check_etag(draft.etag, etag)
    first = effective_date or max(today, term.start_date)
    if not max(today, term.start_date) <= first <= term.end_date:
        raise InvalidArgument.of(
            "effective_date", f"must be from {max(today, term.start_date)} to {term.end_date}, the term's last day"
        )
    await _refuse_closed_rooms(uow, draft)
    superseded = await queries.published_versions(uow, term_id, since=first)
    carried = await carry_over(uow, superseded, draft, first)
    for version in superseded:
        version.end_date = first - timedelta(days=1)
    draft.effective_date, draft.publish_time = first, uow.now
    await uow.session.flush()
    count = (await queries.entry_counts(uow, [draft.id])).get(draft.id, 0)
    uow.publish(TimetablePublished(**uow.new_event_args(), term_id=term_id, version_id=draft.id, effective_date=first))
    uow.audit(
        "timetable.publish",
        object_type="timetable_version",
        object_id=draft.id,
        after={"term_id": term_id, "effective_date": first, "entries": count, "carried_over": carried},
    )
    return draft, count


async def lock_term(uow: UnitOfWork, term_id: UUID) -> None:
    """One at a time opens drafts, publishes, or writes temporary entries of a term."""
    await uow.take_turn(f"timetable of {term_id}")


async def store_bookings(
    uow: UnitOfWork, entries: Iterable[TimetableEntry], virtual_room_ids: Collection[UUID]
) -> None:
    """Book what the entries take, which are flushed; IntegrityError when something of it is taken already."""
    rows = [row for entry in entries for row in _bookings_of(entry, is_virtual=entry.room_id in virtual_room_ids)]
    await uow.insert_rows(Booking, rows)


def _bookings_of(entry: TimetableEntry, *, is_virtual: bool) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid7(),
            "entry_id": entry.id,
            "version_id": entry.version_id,
            "room_id": None if is_virtual else entry.room_id,
            "trainer_id": entry.trainer_id,
            "class_group_id": entry.class_group_id,
            "weekday": span.weekday,
            "start_time_of_day": entry.start_time_of_day,
            "end_time_of_day": entry.end_time_of_day,
            "first_date": span.first_date,
            "last_date": span.last_date,
            "phase_from": span.phase_from,
            "phase_to": span.phase_to,
        }
        for span in entry.slot.spans()
    ]


async def _copy(uow: UnitOfWork, base: TimetableVersion, draft: TimetableVersion) -> int:
    """Copy the recurring entries with their bookings, two reads and two writes in all."""
    rows = (
        await uow.session.execute(
            select(TimetableEntry.id, *(getattr(TimetableEntry, name) for name in COPIED)).where(
                TimetableEntry.version_id == base.id, TimetableEntry.kind == EntryKind.RECURRING
            )
        )
    ).all()
    if not rows:
        return 0
    new_ids = {row[0]: uuid7() for row in rows}
    now = {"etag": 1, "create_time": uow.now, "update_time": uow.now}
    await uow.session.execute(
        insert(TimetableEntry),
        [
            {"id": new_ids[row[0]], "version_id": draft.id, **now, **dict(zip(COPIED, row[1:], strict=True))}
            for row in rows
        ],
    )
    booked = await uow.session.execute(
        select(Booking.entry_id, *(getattr(Booking, name) for name in _BOOKING)).where(Booking.version_id == base.id)
    )
    await uow.session.execute(
        insert(Booking),
        [
            {"id": uuid7(), "entry_id": new_ids[row[0]], "version_id": draft.id}
            | dict(zip(_BOOKING, row[1:], strict=True))
            for row in booked
            if row[0] in new_ids
        ],
    )
    return len(rows)


async def _refuse_closed_rooms(uow: UnitOfWork, draft: TimetableVersion) -> None:
    rows = (
        await uow.session.execute(
            select(Room.code, func.count())
            .join(TimetableEntry, TimetableEntry.room_id == Room.id)
            .where(TimetableEntry.version_id == draft.id, Room.state != RoomState.IN_USE)
            .group_by(Room.code)
            .order_by(Room.code)
        )
    ).all()
    if rows:
        closed = ", ".join(f"{code} ({count} entries)" for code, count in rows)
        raise TimetableConflict(f"Nothing was published: these rooms are closed: {closed}. Move their entries first.")


async def carry_over(
    uow: UnitOfWork, superseded: Collection[TimetableVersion], draft: TimetableVersion, first: date
) -> int:
    """Copy the temporary entries that hold on the first day or later into the draft."""
    temporary = [
        entry
        for version in superseded
        for entry in await uow.session.scalars(
            select(TimetableEntry).where(
                TimetableEntry.version_id == version.id,
                TimetableEntry.kind != EntryKind.RECURRING,
                TimetableEntry.end_date >= first,
                queries.STANDING,
            )
        )
    ]
    if not temporary:
        return 0
    rooms = await queries.rooms_by_ids(uow, {entry.room_id for entry in temporary})
    virtual = {room.id for room in rooms.values() if room_facts(room).is_virtual}
    standing = await queries.entries_of_version(uow, draft.id)
    problems = []
    carried: dict[UUID, TimetableEntry] = {}
    for entry in temporary:
        slot = entry.slot.within(first, None)
        if slot is None or entry.lesson_id in carried:
            continue
        problems += [
            f"the {entry.kind.value.lower()} entry {entry.id} of {slot.first_date} at {slot.start:%H:%M} collides with "
            f"the draft's entry {other.id}"
            for other in standing
            if slot.overlaps(other.slot)
            and (
                entry.trainer_id == other.trainer_id
                or entry.class_group_id == other.class_group_id
                or (entry.room_id == other.room_id and entry.room_id not in virtual)
            )
        ]
        carried[entry.lesson_id] = TimetableEntry(
            id=uuid7(), version_id=draft.id, **{name: getattr(entry, name) for name in COPIED}
        )
    if problems:
        raise TimetableConflict(f"Nothing was published: {'; '.join(problems)}. Move one of each first.")
    uow.session.add_all(carried.values())
    await uow.session.flush()
    await store_bookings(uow, carried.values(), virtual)
    return len(carried)
