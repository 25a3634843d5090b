"""Lines of the plan: checked against every rule, stored with what they book, changed, pinned, deleted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hub.courses import queries as courses_queries
from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.rules import Period
from hub.timetable import facts, queries
from hub.timetable.conflicts import Conflict, conflicts_of
from hub.timetable.errors import (
    NothingPublished,
    TimetableConflict,
    TimetableEntryInvalid,
    TimetableEntryNotDraft,
    TimetableVersionNotDraft,
)
from hub.timetable.facts import LessonFacts, TermFacts
from hub.timetable.models import Booking, TimetableEntry, TimetableVersion
from hub.timetable.rules import EntryKind, SessionType, Slot, WeekPattern, slot_problems
from hub.timetable.service import versions

ENTRY_FIELDS = (
    "room_id", "weekday", "start_time_of_day", "end_time_of_day", "session_type", "week_pattern", "anchor_date",
    "dates", "start_date", "end_date", "facilities", "pinned", "outside_day_pattern",
)  # fmt: skip
_MOST_PINNED = 1000


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """`version_id` None: the term's newest draft or, for a temporary entry, the plan in force."""

    enrolment_id: UUID
    room_id: UUID
    session_type: SessionType
    kind: EntryKind
    slot: Slot
    facilities: Sequence[str] = field(default_factory=list)
    pinned: bool = False
    outside_day_pattern: bool = False
    version_id: UUID | None = None


async def create_entry(uow: UnitOfWork, *, draft: EntryDraft) -> tuple[TimetableEntry, list[Conflict]]:
    """Store a line of the plan; answers it with what warns against it.

    Raises:
        EnrolmentNotFound, RoomNotFound, TimetableVersionNotFound: as their names say.
        TimetableVersionNotDraft: a recurring line changes a draft alone.
        NothingPublished: a temporary entry has no published plan on its first day.
        TimetableEntryInvalid: names each bad field.
        TimetableConflict: names every hard conflict.
    """
    enrolment = await courses_queries.get_enrolment(uow, draft.enrolment_id)
    await queries.get_room(uow, draft.room_id)
    term = await school_queries.get_term(uow, enrolment.term_id)
    await _check_fields(uow, draft.slot, term.period, kind=draft.kind, enrolment=enrolment)
    version = await _version_for(uow, draft, enrolment.term_id)
    term_facts = await facts.load_term(
        uow, enrolment.term_id, enrolment_ids=[draft.enrolment_id], room_ids=[draft.room_id]
    )
    lesson = _lesson(None, draft)
    warnings = await _refuse_hard(uow, term_facts, version, lesson, None)
    entry = TimetableEntry(
        version_id=version.id,
        enrolment_id=enrolment.id,
        term_id=enrolment.term_id,
        trainer_id=enrolment.trainer_id,
        class_group_id=enrolment.class_group_id,
        room_id=draft.room_id,
        session_type=draft.session_type,
        kind=draft.kind,
        facilities=list(draft.facilities),
        pinned=draft.pinned,
        outside_day_pattern=draft.outside_day_pattern,
        version=version,
        **slot_columns(draft.slot),
    )
    uow.session.add(entry)
    await _store(uow, entry, version, term_facts)
    uow.audit("timetable.create_entry", object_type="timetable_entry", object_id=entry.id, after=_values(entry))
    return entry, warnings


async def update_entry(
    uow: UnitOfWork, *, entry_id: UUID, changes: Mapping[str, Any], etag: str
) -> tuple[TimetableEntry, list[Conflict]]:
    """Change fields of ENTRY_FIELDS (a start or end date of None stays); answers the entry with what warns against it.

    Raises:
        TimetableEntryNotFound, RoomNotFound, EtagStale: as their names say.
        TimetableEntryNotDraft: a published recurring line: change it in a draft.
        TimetableEntryInvalid: names each bad field.
        TimetableConflict: names every hard conflict; nothing was changed.
    """
    entry, version = await _lock(uow, entry_id)
    check_etag(entry.etag, etag)
    before = _values(entry)
    given = {name: value for name, value in changes.items() if value is not None or name == "anchor_date"}
    after = {name: getattr(entry, name) for name in ENTRY_FIELDS} | given
    if after["week_pattern"] is not WeekPattern.DATES and "dates" not in given:
        after["dates"] = []
    slot = slot_of(after)
    await queries.get_room(uow, after["room_id"])
    enrolment = await courses_queries.get_enrolment(uow, entry.enrolment_id)
    term = await school_queries.get_term(uow, entry.term_id)
    await _check_fields(uow, slot, term.period, kind=entry.kind, enrolment=enrolment)
    if not version.is_draft:
        _check_in_force(version, slot)
    term_facts = await facts.load_term(
        uow, entry.term_id, enrolment_ids=[entry.enrolment_id], room_ids=[after["room_id"]]
    )
    lesson = LessonFacts(
        entry.id,
        entry.enrolment_id,
        after["room_id"],
        after["session_type"],
        slot,
        frozenset(after["facilities"]),
        after["outside_day_pattern"],
    )
    warnings = await _refuse_hard(uow, term_facts, version, lesson, entry.lesson_id)
    for name, value in (after | slot_columns(slot)).items():
        if getattr(entry, name) != value:
            setattr(entry, name, value)
    # What the enrolment says now counts, should it have changed.
    entry.trainer_id, entry.class_group_id = enrolment.trainer_id, enrolment.class_group_id
    await uow.session.execute(delete(Booking).where(Booking.entry_id == entry.id))
    await _store(uow, entry, version, term_facts)
    uow.audit(
        "timetable.update_entry",
        object_type="timetable_entry",
        object_id=entry.id,
        before=before,
        after=_values(entry),
    )
    return entry, warnings


async def delete_entry(uow: UnitOfWork, *, entry_id: UUID, etag: str) -> TimetableEntry:
    """Delete a line of a draft, or a temporary entry that is still to come.

    Raises:
        TimetableEntryNotFound, EtagStale: as their names say.
        TimetableEntryNotDraft: it is published, or was held already: its history stays.
    """
    entry, version = await _lock(uow, entry_id)
    check_etag(entry.etag, etag)
    if not version.is_draft and entry.start_date <= await school_queries.today(uow):
        raise TimetableEntryNotDraft("This entry has begun: its history stays. Cancel its sessions instead.")
    await uow.session.execute(delete(Booking).where(Booking.entry_id == entry.id))
    if version.is_draft:
        await uow.session.delete(entry)
    else:
        # Whoever follows the plan's calendars was told of it, and must hear that it is not held.
        entry.withdraw_time = uow.now
    version.change_count += 1
    await uow.session.flush()
    uow.audit("timetable.delete_entry", object_type="timetable_entry", object_id=entry.id, before=_values(entry))
    return entry


async def pin(uow: UnitOfWork, *, entry_ids: Collection[UUID], pinned: bool) -> list[TimetableEntry]:
    """Pin entries of one draft where they are, or free them. Nothing else changes.

    Raises:
        TimetableEntryInvalid: none, too many, or of several versions.
        TimetableEntryNotFound, TimetableEntryNotDraft: as their names say.
    """
    field_name = "timetable_entry_ids"
    if not 0 < len(entry_ids) <= _MOST_PINNED:
        raise TimetableEntryInvalid.of(field_name, f"name 1 to {_MOST_PINNED} entries")
    entries = list(await uow.session.scalars(select(TimetableEntry).where(TimetableEntry.id.in_(set(entry_ids)))))
    known = {entry.id for entry in entries}
    for entry_id in entry_ids:
        if entry_id not in known:
            await queries.get_entry(uow, entry_id)
    if len({entry.version_id for entry in entries}) > 1:
        raise TimetableEntryInvalid.of(field_name, "are of several versions: pin those of one at a time")
    version = await queries.get_version(uow, entries[0].version_id, lock=True)
    if not version.is_draft:
        raise TimetableEntryNotDraft("These entries are published: open a draft, and pin its entries.")
    changed = [entry for entry in entries if entry.pinned is not pinned]
    for entry in changed:
        entry.pinned = pinned
    if changed:
        version.change_count += 1
        await uow.session.flush()
        uow.audit(
            "timetable.pin_entries" if pinned else "timetable.free_entries",
            object_type="timetable_version",
            object_id=version.id,
            after={"entry_ids": [str(entry.id) for entry in changed]},
        )
    return entries


async def check(uow: UnitOfWork, *, draft: EntryDraft, entry_id: UUID | None) -> list[Conflict]:
    """Everything that speaks against an entry that is proposed or, with an id, against that one as it would be.

    Raises:
        EnrolmentNotFound, RoomNotFound, TimetableEntryNotFound, NothingPublished, TimetableEntryInvalid: as for
            create_entry.
    """
    entry = await queries.get_entry(uow, entry_id) if entry_id is not None else None
    enrolment = await courses_queries.get_enrolment(uow, entry.enrolment_id if entry else draft.enrolment_id)
    await queries.get_room(uow, draft.room_id)
    term = await school_queries.get_term(uow, enrolment.term_id)
    await _check_fields(uow, draft.slot, term.period, kind=draft.kind, enrolment=enrolment)
    version = entry.version if entry else await _standing_version(uow, draft, enrolment.term_id)
    term_facts = await facts.load_term(uow, enrolment.term_id, enrolment_ids=[enrolment.id], room_ids=[draft.room_id])
    lesson = _lesson(entry_id, draft)
    if version is None:
        return conflicts_of(term_facts.proposal(lesson, []))
    return await _conflicts(uow, term_facts, version, lesson, entry.lesson_id if entry else None)


def slot_of(values: Mapping[str, Any]) -> Slot:
    """The slot of an entry's columns; its days follow from the explicit dates where it has some."""
    days = [date.fromisoformat(day) for day in values["dates"]]
    if values["week_pattern"] is WeekPattern.DATES and days:
        return Slot.on_dates(days, values["start_time_of_day"], values["end_time_of_day"])
    return Slot(
        values["weekday"],
        values["start_time_of_day"],
        values["end_time_of_day"],
        values["start_date"],
        values["end_date"],
        values["week_pattern"],
        values["anchor_date"],
        tuple(days),
    )


def slot_columns(slot: Slot) -> dict[str, Any]:
    return {
        "weekday": slot.weekday,
        "start_time_of_day": slot.start,
        "end_time_of_day": slot.end,
        "week_pattern": slot.pattern,
        "anchor_date": slot.anchor_date,
        "dates": [day.isoformat() for day in slot.dates],
        "start_date": slot.first_date,
        "end_date": slot.last_date,
    }


async def _check_fields(uow: UnitOfWork, slot: Slot, term: Period, *, kind: EntryKind, enrolment: Enrolment) -> None:
    found = slot_problems(slot, term)
    if enrolment.state in (EnrolmentState.CANCELLED, EnrolmentState.COMPLETED):
        found.append(("enrolment_id", f"is of an enrolment that is {enrolment.state}: choose a live one"))
    if kind is not EntryKind.RECURRING and slot.last_date < await school_queries.today(uow):
        found.append(("start_date", "is past: a temporary entry is for days to come"))
    if found:
        raise TimetableEntryInvalid(
            f"The timetable entry can't be stored: {'; '.join(f'{name} {text}' for name, text in found)}.",
            violations=[FieldViolation(f"timetable_entry.{name}", text) for name, text in found],
        )


async def _version_for(uow: UnitOfWork, draft: EntryDraft, term_id: UUID) -> TimetableVersion:
    """The version that the entry goes into, locked: whoever changes a version's entries does so alone."""
    if draft.kind is not EntryKind.RECURRING:
        if draft.version_id is not None:
            raise TimetableVersionNotDraft(
                "A temporary entry goes straight into the published plan: leave the version out."
            )
        await versions.lock_term(uow, term_id)
        version = await _standing_version(uow, draft, term_id)
        assert version is not None  # noqa: S101 (a temporary entry has one, or NothingPublished was raised)
    elif draft.version_id is None:
        version = await versions.draft_of(uow, term_id)
    else:
        version = await queries.get_version(uow, draft.version_id)
    version = await queries.get_version(uow, version.id, lock=True)
    if version.term_id != term_id:
        raise TimetableEntryInvalid.of("timetable_entry.version_id", "is of another term than the enrolment")
    if draft.kind is EntryKind.RECURRING and not version.is_draft:
        raise TimetableVersionNotDraft(f"Version {version.number} is published: open a draft and change that.")
    return version


async def _standing_version(uow: UnitOfWork, draft: EntryDraft, term_id: UUID) -> TimetableVersion | None:
    """Where the entry belongs, without opening anything; None: a draft that is still to be opened."""
    if draft.kind is EntryKind.RECURRING:
        if draft.version_id is not None:
            return await queries.get_version(uow, draft.version_id)
        return await queries.newest_draft(uow, term_id) or await queries.version_in_force(
            uow, term_id, await school_queries.today(uow)
        )
    version = await queries.version_in_force(uow, term_id, draft.slot.first_date)
    if version is None:
        raise NothingPublished(
            f"There is no published plan on {draft.slot.first_date}: publish one first, and add the entry then."
        )
    _check_in_force(version, draft.slot)
    return version


def _check_in_force(version: TimetableVersion, slot: Slot) -> None:
    assert version.effective_date is not None  # noqa: S101 (it is published)
    if slot.first_date < version.effective_date or (version.end_date and slot.last_date > version.end_date):
        until = f" to {version.end_date}" if version.end_date else " on"
        raise TimetableEntryInvalid.of(
            "timetable_entry.start_date",
            f"the plan is in force from {version.effective_date}{until}: make an entry for each plan",
        )


async def _lock(uow: UnitOfWork, entry_id: UUID) -> tuple[TimetableEntry, TimetableVersion]:
    entry = await queries.get_entry(uow, entry_id)
    if entry.kind is not EntryKind.RECURRING:
        await versions.lock_term(uow, entry.term_id)
    version = await queries.get_version(uow, entry.version_id, lock=True)
    entry = await queries.get_entry(uow, entry_id)  # as it is after the wait for the lock
    if not version.is_draft and entry.kind is EntryKind.RECURRING:
        raise TimetableEntryNotDraft(
            "This entry is published: open a draft of the term's plan, change it there, and publish that."
        )
    return entry, version


async def _refuse_hard(
    uow: UnitOfWork, term: TermFacts, version: TimetableVersion, lesson: LessonFacts, lesson_id: UUID | None
) -> list[Conflict]:
    conflicts = await _conflicts(uow, term, version, lesson, lesson_id)
    hard = [conflict for conflict in conflicts if conflict.hard]
    if hard:
        ids = dict.fromkeys(str(entry_id) for conflict in hard for entry_id in conflict.entry_ids)
        raise TimetableConflict(
            f"The lesson can't be there. {' '.join(conflict.text for conflict in hard)}",
            metadata={"entry_ids": ",".join(ids), "rules": ",".join(dict.fromkeys(c.rule.value for c in hard))},
        )
    return conflicts


async def _conflicts(
    uow: UnitOfWork, term: TermFacts, version: TimetableVersion, lesson: LessonFacts, lesson_id: UUID | None
) -> list[Conflict]:
    enrolment = term.enrolments[lesson.enrolment_id]
    others = await facts.lines_beside(
        uow,
        version,
        room_id=lesson.room_id,
        trainer_id=enrolment.trainer_id,
        class_group_id=enrolment.class_group_id,
        without_lesson_id=lesson_id,
    )
    return conflicts_of(term.proposal(lesson, others))


async def _store(uow: UnitOfWork, entry: TimetableEntry, version: TimetableVersion, term: TermFacts) -> None:
    version.change_count += 1
    await uow.session.flush()
    await versions.store_bookings(uow, [entry], [entry.room_id] if term.rooms[entry.room_id].is_virtual else [])


def _lesson(entry_id: UUID | None, draft: EntryDraft) -> LessonFacts:
    return LessonFacts(
        entry_id,
        draft.enrolment_id,
        draft.room_id,
        draft.session_type,
        draft.slot,
        frozenset(draft.facilities),
        draft.outside_day_pattern,
    )


def _values(entry: TimetableEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in ("version_id", "lesson_id", "enrolment_id", "kind", *ENTRY_FIELDS)}
    return {
        name: value.isoformat() if isinstance(value, time) else getattr(value, "value", value)
        for name, value in values.items()
    }
