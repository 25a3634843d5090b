"""Use cases of rooms and the weekly plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from hub.courses import queries as courses_queries
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation, InvalidArgument
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.errors import RoomCodeTaken, TimetableConflict, TimetableEntryNotDraft
from hub.timetable.events import RoomChanged, TimetablePublished
from hub.timetable.geofencing import parse_fence
from hub.timetable.models import BOOKED, Room, TimetableEntry
from hub.timetable.rules import EntryKind, EntryState, RoomState, SessionType, Slot

ROOM_FIELDS = (
    "code", "name", "building", "floor", "room_type", "capacity", "facilities", "geofence", "max_accuracy_m", "state",
)  # fmt: skip
_HELD_BY_DEVICES = {"geofence", "max_accuracy_m", "code", "name", "state"}
_BOOKED_NAMES = dict(zip(BOOKED, ("room", "trainer", "class group"), strict=True))


@dataclass(frozen=True, slots=True)
class EntryDraft:
    enrolment_id: UUID
    room_id: UUID
    session_type: SessionType
    kind: EntryKind
    slot: Slot


async def create_room(uow: UnitOfWork, *, values: Mapping[str, Any]) -> Room:
    """Store a room.

    Raises:
        InvalidArgument: names each bad field.
        RoomCodeTaken: another room has the code.
    """
    _check_room(values)
    if await uow.session.scalar(select(Room.id).where(Room.code == values["code"])):
        raise RoomCodeTaken(f"There is a room {values['code']} already: choose another code or update that room.")
    room = Room(**values)
    uow.session.add(room)
    await uow.session.flush()
    uow.audit("timetable.create_room", object_type="room", object_id=room.id, after=_room_values(room))
    return room


async def update_room(
    uow: UnitOfWork, *, room_id: UUID, values: Mapping[str, Any], fields: frozenset[str], etag: str
) -> Room:
    """Change the named fields.

    Raises:
        RoomNotFound, EtagStale, InvalidArgument, RoomCodeTaken: as their names say.
    """
    room = await queries.get_room(uow, room_id)
    check_etag(room.etag, etag)
    before = _room_values(room)
    after = before | {field: values[field] for field in fields}
    _check_room(after)
    if after["code"] != before["code"] and await uow.session.scalar(select(Room.id).where(Room.code == after["code"])):
        raise RoomCodeTaken(f"There is a room {after['code']} already: choose another code.")
    for field in fields:
        setattr(room, field, values[field])
    changed = {field for field in ROOM_FIELDS if after[field] != before[field]}
    if changed:
        await uow.session.flush()
        uow.audit("timetable.update_room", object_type="room", object_id=room.id, before=before, after=after)
    if changed & _HELD_BY_DEVICES:
        uow.publish(RoomChanged(**uow.new_event_args(), room_id=room.id))
    return room


async def create_entry(uow: UnitOfWork, *, draft: EntryDraft) -> TimetableEntry:
    """Store a draft line of the weekly plan.

    Raises:
        InvalidArgument: times, dates or the room don't fit; each named.
        TimetableConflict: names everything that it collides with.
    """
    enrolment = await courses_queries.get_enrolment(uow, draft.enrolment_id)
    term = await school_queries.get_term(uow, enrolment.term_id)
    room = await queries.get_room(uow, draft.room_id)
    slot = draft.slot
    violations = []
    if not 1 <= slot.weekday <= 7:  # noqa: PLR2004 (days of a week)
        violations.append(FieldViolation("timetable_entry.weekday", "is no ISO weekday: 1 is Monday, 7 is Sunday"))
    if slot.start >= slot.end:
        violations.append(FieldViolation("timetable_entry.end_time_of_day", "must be after the start, on the same day"))
    if slot.first_date < term.start_date or slot.last_date > term.end_date or slot.first_date > slot.last_date:
        violations.append(
            FieldViolation(
                "timetable_entry.start_date", f"must lie inside the term: {term.start_date} to {term.end_date}"
            )
        )
    if room.state is not RoomState.IN_USE:
        violations.append(FieldViolation("timetable_entry.room_id", f"room {room.code} is closed: choose another"))
    if violations:
        raise InvalidArgument("The timetable entry can't be stored.", violations=violations)
    if uow.session.get_bind().dialect.name == "postgresql":
        # One planner writes at a time: plain inserts against an exclusion constraint deadlock.
        await uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('timetable_entries'))"))
    entry = TimetableEntry(
        enrolment_id=enrolment.id,
        term_id=enrolment.term_id,
        trainer_id=enrolment.trainer_id,
        class_group_id=enrolment.class_group_id,
        room_id=room.id,
        weekday=slot.weekday,
        start_time_of_day=slot.start,
        end_time_of_day=slot.end,
        session_type=draft.session_type,
        kind=draft.kind,
        start_date=slot.first_date,
        end_date=slot.last_date,
    )
    await _refuse_collisions(uow, entry)
    uow.session.add(entry)
    await uow.session.flush()
    uow.audit("timetable.create_entry", object_type="timetable_entry", object_id=entry.id, after=_entry_values(entry))
    return entry


async def delete_entry(uow: UnitOfWork, *, entry_id: UUID, etag: str) -> TimetableEntry:
    """Delete a draft; TimetableEntryNotDraft for a published one, whose history stays."""
    entry = await queries.get_entry(uow, entry_id)
    check_etag(entry.etag, etag)
    if entry.state is not EntryState.DRAFT:
        raise TimetableEntryNotDraft(
            f"This entry is {entry.state.value}: only drafts are deleted. Cancel its sessions instead."
        )
    await uow.session.delete(entry)
    uow.audit("timetable.delete_entry", object_type="timetable_entry", object_id=entry.id, before=_entry_values(entry))
    return entry


async def publish(uow: UnitOfWork, *, term_id: UUID) -> int:
    """Publish the term's drafts; answers how many there were. Repeating it changes nothing."""
    await school_queries.get_term(uow, term_id)
    drafts = list(
        await uow.session.scalars(
            select(TimetableEntry).where(TimetableEntry.term_id == term_id, TimetableEntry.state == EntryState.DRAFT)
        )
    )
    for entry in drafts:
        entry.state = EntryState.PUBLISHED
    if drafts:
        entry_ids = [entry.id for entry in drafts]
        uow.publish(TimetablePublished(**uow.new_event_args(), term_id=term_id, entry_ids=entry_ids))
        uow.audit(
            "timetable.publish", object_type="term", object_id=term_id, after={"entry_ids": list(map(str, entry_ids))}
        )
        await uow.session.flush()
    return len(drafts)


async def _refuse_collisions(uow: UnitOfWork, entry: TimetableEntry) -> None:
    collisions = await queries.colliding_entries(
        uow, entry.slot, room_id=entry.room_id, trainer_id=entry.trainer_id, class_group_id=entry.class_group_id
    )
    sentences, ids = [], []
    for other in collisions:
        if not entry.slot.overlaps(other.slot):
            continue
        shared = [name for column, name in _BOOKED_NAMES.items() if getattr(entry, column) == getattr(other, column)]
        sentences.append(
            f"the {' and the '.join(shared)} {'is' if len(shared) == 1 else 'are'} booked "
            f"{other.start_time_of_day:%H:%M} to {other.end_time_of_day:%H:%M} on that weekday (entry {other.id})"
        )
        ids.append(str(other.id))
    if sentences:
        raise TimetableConflict(
            f"This slot is taken: {'; '.join(sentences)}. Choose another time, room or trainer.",
            metadata={"entry_ids": ",".join(ids)},
        )


def _check_room(values: Mapping[str, Any]) -> None:
    violations = [
        FieldViolation(f"room.{field}", "is required") for field in ("code", "name") if not values[field].strip()
    ]
    if values["capacity"] < 1:
        violations.append(FieldViolation("room.capacity", "must be at least 1"))
    if not 0 < values["max_accuracy_m"] <= 10_000:  # noqa: PLR2004 (worse than ten kilometres is no position)
        violations.append(FieldViolation("room.max_accuracy_m", "must be more than 0 and at most 10000 metres"))
    if violations:
        raise InvalidArgument("The room can't be stored.", violations=violations)
    parse_fence(values["geofence"])


def _room_values(room: Room) -> dict[str, Any]:
    return {field: getattr(room, field) for field in ROOM_FIELDS}


def _entry_values(entry: TimetableEntry) -> dict[str, Any]:
    return {
        "enrolment_id": entry.enrolment_id,
        "room_id": entry.room_id,
        "weekday": entry.weekday,
        "start": entry.start_time_of_day,
        "end": entry.end_time_of_day,
        "start_date": entry.start_date,
        "end_date": entry.end_date,
    }


async def school_zone(uow: UnitOfWork) -> ZoneInfo:
    """The school's time zone."""
    return ZoneInfo((await school_queries.get_school(uow)).time_zone)
