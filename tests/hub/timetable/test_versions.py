"""Drafts, publishing, and what was in force when."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from hub.courses import queries as courses
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.fields import EtagStale
from hub.rpc.permissions import TRAINEE, Reach, Scope
from hub.school.models import CalendarDay
from hub.school.rules import CalendarDayKind
from hub.timetable import queries, service
from hub.timetable.errors import TimetableConflict, TimetableVersionNotDraft, TimetableVersionNotFound
from hub.timetable.models import TimetableEntry
from hub.timetable.rules import EntryKind, EntryState, RoomState, SessionType, Slot
from hub.timetable.service import entries, versions
from tests.factories.timetable import (
    MONDAY_EIGHT,
    TERM,
    LessonBasis,
    draft_entry,
    make_entry,
    make_lesson_basis,
    make_room,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

TODAY = date(2026, 3, 2)


@pytest.fixture
async def basis(make_uow: MakeUow, clock: FakeClock) -> LessonBasis:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    async with make_uow() as uow:
        return await make_lesson_basis(uow)


async def test_publishing_twice_changes_nothing_the_second_time(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        await make_entry(uow, basis)
    async with make_uow() as uow:
        version, count = await service.publish(uow, term_id=basis.term_id)
        assert version is not None
        assert (count, version.effective_date) == (1, TODAY)
    async with make_uow() as uow:
        assert await service.publish(uow, term_id=basis.term_id) == (None, 0)
        again, count = await service.publish(uow, term_id=basis.term_id, version_id=version.id)
        assert again is not None
        assert (again.etag, count) == (version.etag, 0)


async def test_a_past_day_is_answered_by_the_version_that_was_in_force(
    make_uow: MakeUow, basis: LessonBasis, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        await make_entry(uow, basis)
        first, _ = await service.publish(uow, term_id=basis.term_id)
    clock.set(datetime(2026, 3, 9, 6, tzinfo=UTC))
    async with make_uow() as uow:
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        (copied,) = await queries.entries_of_version(uow, draft.id)
        await entries.update_entry(uow, entry_id=copied.id, changes={"weekday": 2}, etag="")
        second, _ = await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 16))
    assert first is not None
    assert second is not None
    everything = Scope(Principal("user", basis.trainer_id), frozenset({Reach.SCHOOL}))
    async with make_uow(write=False) as uow:
        for day, version, weekday in (
            (date(2026, 3, 2), first, 1),
            (date(2026, 3, 15), first, 1),
            (date(2026, 3, 16), second, 2),
            (date(2026, 4, 1), second, 2),
        ):
            found = await queries.version_in_force(uow, basis.term_id, day)
            assert found is not None
            assert found.id == version.id
            wanted = queries.EntryFilter(on=day, term_id=basis.term_id)
            rows = await uow.session.scalars(queries.select_entries(everything, wanted, today=day))
            assert [entry.weekday for entry in rows] == [weekday]
        assert await queries.version_in_force(uow, basis.term_id, date(2026, 3, 1)) is None
        old = await queries.get_version(uow, first.id)
        assert [old.state_on(day) for day in (date(2026, 3, 15), date(2026, 3, 16))] == [
            EntryState.PUBLISHED,
            EntryState.ARCHIVED,
        ]
        # Every dated lesson is of the version of its day: Mondays before the change, Tuesdays after it.
        lessons = await queries.occurrences(
            uow, start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 3, 24, tzinfo=UTC)
        )
        assert [lesson.day for lesson in lessons] == [date(2026, 3, 9), date(2026, 3, 17)]
        assert len({lesson.lesson_id for lesson in lessons}) == 1


async def test_a_version_that_is_superseded_before_its_first_day_never_was_in_force(
    make_uow: MakeUow, basis: LessonBasis
) -> None:
    async with make_uow() as uow:
        await make_entry(uow, basis)
        early, _ = await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 23))
        await versions.open_draft(uow, term_id=basis.term_id)
        late, _ = await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 9))
        assert early is not None
        assert late is not None
        for day in (date(2026, 3, 9), date(2026, 3, 23), TERM[1]):
            found = await queries.version_in_force(uow, basis.term_id, day)
            assert found is late
        assert await queries.version_in_force(uow, basis.term_id, date(2026, 3, 8)) is None


async def test_two_who_edit_do_not_publish_over_each_other(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
        read = str((await queries.get_version(uow, entry.version_id)).etag)
    async with make_uow() as uow:
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=4))
    async with make_uow() as uow:
        with pytest.raises(EtagStale):
            await service.publish(uow, term_id=basis.term_id, etag=read)
        with pytest.raises(EtagStale):
            await versions.discard(uow, version_id=entry.version_id, etag=read)


async def test_a_draft_is_a_copy_that_keeps_its_lessons_and_its_bookings(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
        published, _ = await service.publish(uow, term_id=basis.term_id)
        draft = await versions.open_draft(uow, term_id=basis.term_id, title=" Spring ")
        assert published is not None
        assert (draft.number, draft.title, draft.base_version_id) == (2, "Spring", published.id)
        with pytest.raises(TimetableConflict):
            await service.create_entry(uow, draft=draft_entry(basis, version_id=draft.id))
        changes, same = await versions.diff(uow, from_id=published.id, to_id=draft.id)
        assert (changes, same) == ([], 1)
        (copied,) = await queries.entries_of_version(uow, draft.id)
        assert (copied.lesson_id, copied.id == entry.id) == (entry.lesson_id, False)
        await versions.discard(uow, version_id=draft.id, etag="")
    async with make_uow() as uow:
        with pytest.raises(TimetableVersionNotFound):
            await queries.get_version(uow, draft.id)
        with pytest.raises(TimetableVersionNotDraft):
            await versions.discard(uow, version_id=published.id, etag="")


async def test_diff_tells_what_became_of_each_lesson(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        for weekday in (1, 2, 3, 4):
            await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=weekday))
        other = await make_room(uow, code="B13")
        published, _ = await service.publish(uow, term_id=basis.term_id)
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        assert published is not None
        moved, roomed, gone, _ = await queries.entries_of_version(uow, draft.id)
        await entries.update_entry(uow, entry_id=moved.id, changes={"start_time_of_day": time(9)}, etag="")
        await entries.update_entry(uow, entry_id=roomed.id, changes={"room_id": other.id}, etag="")
        await entries.delete_entry(uow, entry_id=gone.id, etag="")
        added = await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=5))
        changes, same = await versions.diff(uow, from_id=published.id, to_id=draft.id)
    assert same == 1
    found = {change.lesson_id: (change.fields, change.before is None, change.after is None) for change in changes}
    assert found == {
        moved.lesson_id: (("start_time_of_day",), False, False),
        roomed.lesson_id: (("room_id",), False, False),
        gone.lesson_id: ((), False, True),
        added.lesson_id: ((), True, False),
    }


async def test_temporary_entries_are_carried_over_or_stop_the_publishing(make_uow: MakeUow, basis: LessonBasis) -> None:
    days = [date(2026, 3, 4), date(2026, 3, 11)]
    async with make_uow() as uow:
        await make_entry(uow, basis)
        await service.publish(uow, term_id=basis.term_id)
        once, _ = await service.create_entry(
            uow, draft=draft_entry(basis, kind=EntryKind.TEMPORARY, slot=Slot.on_dates(days, time(8), time(10)))
        )
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        assert len(await queries.entries_of_version(uow, draft.id)) == 1
        await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 9))
        carried = [
            entry for entry in await queries.entries_of_version(uow, draft.id) if entry.lesson_id == once.lesson_id
        ]
        assert [entry.kind for entry in carried] == [EntryKind.TEMPORARY]
        lessons = await queries.occurrences(
            uow, start=datetime(2026, 3, 3, tzinfo=UTC), end=datetime(2026, 3, 13, tzinfo=UTC)
        )
        assert [lesson.day for lesson in lessons if lesson.lesson_id == once.lesson_id] == days
        # A draft that was made before, and takes the temporary entry's place, is not published over it.
        clash = await versions.open_draft(uow, term_id=basis.term_id, empty=True)
    async with make_uow() as uow:
        wednesday = await _stored_past_the_check(uow, basis, clash.id)
    async with make_uow() as uow:
        with pytest.raises(TimetableConflict, match=f"collides with the draft's entry {wednesday}"):
            await service.publish(uow, term_id=basis.term_id, version_id=clash.id)


async def test_nothing_is_published_with_a_closed_room_or_for_a_past_day(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        await make_entry(uow, basis)
        room = await queries.get_room(uow, basis.room_id)
        for day in (TODAY - timedelta(days=1), TERM[1] + timedelta(days=1)):
            with pytest.raises(InvalidArgument, match="effective_date"):
                await service.publish(uow, term_id=basis.term_id, effective_date=day)
        room.state = RoomState.CLOSED
        await uow.session.flush()
        with pytest.raises(TimetableConflict, match=r"B12 \(1 entries\)"):
            await service.publish(uow, term_id=basis.term_id)


async def test_drafts_are_for_planners_alone(make_uow: MakeUow, basis: LessonBasis) -> None:
    async with make_uow() as uow:
        entry = await make_entry(uow, basis)
    trainee = Scope(Principal("user", basis.trainer_id, frozenset({TRAINEE})), frozenset({Reach.SELF}))
    async with make_uow(write=False) as uow:
        with pytest.raises(TimetableVersionNotFound):
            await queries.get_visible_version(uow, entry.version_id, trainee)
        query = queries.select_versions(trainee, term_id=basis.term_id, on=None)
        assert (await uow.session.scalars(query)).all() == []


async def test_occurrences_follow_the_school_s_clock_and_skip_free_days(make_uow: MakeUow, clock: FakeClock) -> None:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow, time_zone="Europe/Berlin")
        await make_entry(uow, basis)
        await service.publish(uow, term_id=basis.term_id)
        uow.session.add_all(
            [
                CalendarDay(date=date(2026, 3, 16), kind=CalendarDayKind.HOLIDAY, name="Founders' day"),
                CalendarDay(
                    date=date(2026, 3, 23),
                    kind=CalendarDayKind.OFF_TIMETABLE,
                    name="Excursion",
                    class_group_id=basis.class_group_id,
                ),
            ]
        )
    async with make_uow(write=False) as uow:
        found = await queries.occurrences(
            uow, start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC)
        )
    # Summer time begins on 29 March 2026: 08:00 is 07:00 UTC before and 06:00 UTC after it.
    assert [occurrence.start_time for occurrence in found] == [
        datetime(2026, 3, 9, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 6, tzinfo=UTC),
    ]
    assert {occurrence.trainer_id for occurrence in found} == {basis.trainer_id}


async def _stored_past_the_check(uow: UnitOfWork, basis: LessonBasis, version_id: UUID) -> UUID:
    """A Wednesday lesson of the draft, as one that was there before the temporary entry."""
    enrolment = await courses.get_enrolment(uow, basis.enrolment_id)
    entry = TimetableEntry(
        version_id=version_id,
        enrolment_id=enrolment.id,
        term_id=enrolment.term_id,
        trainer_id=enrolment.trainer_id,
        class_group_id=enrolment.class_group_id,
        room_id=basis.room_id,
        session_type=SessionType.THEORY,
        kind=EntryKind.RECURRING,
        **entries.slot_columns(replace(MONDAY_EIGHT, weekday=3)),
    )
    uow.session.add(entry)
    await uow.session.flush()
    await versions.store_bookings(uow, [entry], [])
    return entry.id
