from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from hub.db.outbox_tables import OutboxEvent
from hub.errors import HubError, InvalidArgument
from hub.rpc.fields import EtagStale
from hub.school.models import CalendarDay, ClassGroup
from hub.school.rules import CalendarDayKind
from hub.timetable import queries, service
from hub.timetable.errors import GeofenceInvalid, RoomCodeTaken, TimetableConflict, TimetableEntryNotDraft
from hub.timetable.models import BOOKED, TimetableEntry
from hub.timetable.rules import EntryKind, EntryState, RoomState, SessionType, Slot
from tests.factories.timetable import (
    MONDAY_EIGHT,
    TERM,
    make_enrolment,
    make_entry,
    make_lesson_basis,
    make_room,
)
from tests.fixtures.database import MakeUow

ROOM = {
    "code": "L1",
    "name": "Lab",
    "building": "",
    "floor": "",
    "room_type": "lab",
    "capacity": 20,
    "facilities": ["projector"],
    "geofence": {"polygon": [[0.0, 0.0], [0.0, 0.001], [0.001, 0.001]]},
    "max_accuracy_m": 20.0,
    "state": RoomState.IN_USE,
}


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"code": " "}, InvalidArgument, "room.code"),
        ({"capacity": 0}, InvalidArgument, "room.capacity"),
        ({"max_accuracy_m": 0.0}, InvalidArgument, "room.max_accuracy_m"),
        ({"geofence": {"circle": {"latitude": 91, "longitude": 0, "radius_m": 5}}}, GeofenceInvalid, "room.geofence"),
        ({"geofence": {"polygon": [[0.0, 0.0], [0.0, 0.001]]}}, GeofenceInvalid, "room.geofence"),
    ],
)
async def test_a_room_that_cannot_be_is_refused_by_field(
    make_uow: MakeUow, change: dict[str, object], error: type[InvalidArgument], field: str
) -> None:
    async with make_uow() as uow:
        with pytest.raises(error) as refused:
            await service.create_room(uow, values=ROOM | change)
    assert [violation.field for violation in refused.value.violations] == [field]


async def test_a_room_code_is_taken_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await service.create_room(uow, values=ROOM)
    async with make_uow() as uow:
        with pytest.raises(RoomCodeTaken):
            await service.create_room(uow, values=ROOM)


async def test_an_update_from_an_old_reading_is_refused(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room = await service.create_room(uow, values=ROOM)
    etag, capacity = str(room.etag), frozenset({"capacity"})
    async with make_uow() as uow:
        await service.update_room(uow, room_id=room.id, values=ROOM | {"capacity": 21}, fields=capacity, etag=etag)
    async with make_uow() as uow:
        with pytest.raises(EtagStale):
            await service.update_room(uow, room_id=room.id, values=ROOM | {"capacity": 22}, fields=capacity, etag=etag)
        assert (await queries.get_room(uow, room.id)).capacity == 21


async def test_devices_hear_of_a_moved_geofence_and_not_of_a_new_capacity(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room = await service.create_room(uow, values=ROOM)
    fence = {"circle": {"latitude": 1.0, "longitude": 1.0, "radius_m": 5.0}}
    for field, value, events in (("capacity", 30, 0), ("geofence", fence, 1)):
        async with make_uow() as uow:
            await service.update_room(
                uow, room_id=room.id, values=ROOM | {field: value}, fields=frozenset({field}), etag=""
            )
        async with make_uow(write=False) as uow:
            stored = await uow.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "timetable.room_changed"))
            assert len(stored.all()) == events


async def test_a_conflict_names_everything_that_is_booked(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        entry = await make_entry(uow, basis)
    async with make_uow() as uow:
        with pytest.raises(
            TimetableConflict, match="the room and the trainer and the class group are booked"
        ) as refused:
            await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, start=time(9), end=time(11)))
    assert refused.value.metadata["entry_ids"] == str(entry.id)


async def test_back_to_back_lessons_do_not_collide(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        await make_entry(uow, basis)
        await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, start=time(10), end=time(12)))


@pytest.mark.parametrize(
    "slot",
    [
        replace(MONDAY_EIGHT, weekday=8),
        replace(MONDAY_EIGHT, end=time(8)),
        replace(MONDAY_EIGHT, last_date=date(2026, 4, 4)),  # a day after the term
    ],
)
async def test_an_entry_that_cannot_be_is_refused(make_uow: MakeUow, slot: Slot) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        with pytest.raises(InvalidArgument):
            await make_entry(uow, basis, slot=slot)


@pytest.mark.parametrize("shared", BOOKED)
async def test_the_database_itself_refuses_a_double_booking(make_uow: MakeUow, shared: str) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        first = await make_entry(uow, basis)
        other_room = await make_room(uow, code="B13")
        enrolment = await make_enrolment(
            uow, class_group_id=basis.class_group_id, term_id=basis.term_id, department_id=basis.department_id
        )
    # Straight into the table, past every check of ours: the one shared thing must be enough.
    ids = {"room_id": other_room.id, "trainer_id": enrolment.trainer_id, "class_group_id": None}
    ids[shared] = getattr(first, shared)
    if ids["class_group_id"] is None:
        async with make_uow() as uow:
            programme_id = await uow.session.scalar(select(ClassGroup.programme_id))
            group = ClassGroup(programme_id=programme_id, intake_year=2025, name="DIT-2025-A")
            uow.session.add(group)
            await uow.session.flush()
            ids["class_group_id"] = group.id
    with pytest.raises((DBAPIError, HubError)):
        async with make_uow() as uow:
            uow.session.add(
                TimetableEntry(
                    enrolment_id=enrolment.id,
                    term_id=basis.term_id,
                    weekday=1,
                    start_time_of_day=time(9, 59),
                    end_time_of_day=time(11),
                    session_type=SessionType.THEORY,
                    kind=EntryKind.RECURRING,
                    start_date=TERM[0],
                    end_date=TERM[1],
                    **ids,
                )
            )
    async with make_uow(write=False) as uow:
        assert len((await uow.session.scalars(select(TimetableEntry))).all()) == 1


async def test_publishing_twice_changes_nothing_the_second_time(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        entry = await make_entry(uow, basis)
    async with make_uow() as uow:
        assert await service.publish(uow, term_id=basis.term_id) == 1
    async with make_uow() as uow:
        assert await service.publish(uow, term_id=basis.term_id) == 0
        assert (await queries.get_entry(uow, entry.id)).state is EntryState.PUBLISHED
        with pytest.raises(TimetableEntryNotDraft):
            await service.delete_entry(uow, entry_id=entry.id, etag="")


async def test_occurrences_follow_the_school_s_clock_and_skip_free_days(make_uow: MakeUow) -> None:
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
