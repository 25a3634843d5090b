import pytest
from sqlalchemy import select

from hub.db.outbox_tables import OutboxEvent
from hub.errors import InvalidArgument
from hub.rpc.fields import EtagStale
from hub.timetable import queries
from hub.timetable.errors import GeofenceInvalid, RoomCodeTaken, RoomInUse
from hub.timetable.rules import RoomState
from hub.timetable.service import rooms as service
from tests.factories.timetable import make_entry, make_lesson_basis, make_room
from tests.fixtures.database import MakeUow

MAINTENANCE = {"start_time": "2026-03-02T05:00:00+00:00", "end_time": "2026-03-02T09:00:00+00:00", "reason": "Paint"}
HOURS = {"weekday": 1, "start": "08:00", "end": "10:00"}
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
        ({"max_bookings_per_day": -1}, InvalidArgument, "room.max_bookings_per_day"),
        (
            {"maintenance_windows": [MAINTENANCE | {"end_time": MAINTENANCE["start_time"]}]},
            InvalidArgument,
            "room.maintenance_windows",
        ),
        (
            {"bookable_hours": [{"weekday": 8, "start": "08:00", "end": "09:00"}]},
            InvalidArgument,
            "room.bookable_hours",
        ),
        (
            {"bookable_hours": [{"weekday": 1, "start": "08:00", "end": "08:00"}]},
            InvalidArgument,
            "room.bookable_hours",
        ),
        (
            {"bookable_hours": [HOURS, HOURS | {"start": "09:59", "end": "12:00"}]},
            InvalidArgument,
            "room.bookable_hours",
        ),
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


async def test_a_room_that_is_planned_with_is_not_deleted_and_stays_what_it_is(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        spare = await make_room(uow, code="S1")
        await make_entry(uow, basis)
    async with make_uow() as uow:
        with pytest.raises(RoomInUse, match="close it instead"):
            await service.delete_room(uow, room_id=basis.room_id, etag="")
        with pytest.raises(RoomInUse, match="virtual"):
            await service.update_room(
                uow,
                room_id=basis.room_id,
                values={"room_type": "Virtual"},
                fields=frozenset({"room_type"}),
                etag="",
            )
        await service.delete_room(uow, room_id=spare.id, etag="1")
    async with make_uow(write=False) as uow:
        assert set(await queries.rooms_by_ids(uow, [basis.room_id, spare.id])) == {basis.room_id}


async def test_rooms_are_found_by_what_they_have(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_room(uow, code="A1", room_type="lab", capacity=20, facilities=["Beamer", "Öfen"])
        await make_room(uow, code="A2", room_type="lab", capacity=40, facilities=["Beamer"])
        await make_room(uow, code="A3", name="École 100% Hall", capacity=200, state=RoomState.CLOSED)
    searches = [
        ({"room_type": "LAB"}, ["A1", "A2"]),
        ({"min_capacity": 40}, ["A2", "A3"]),
        ({"facilities": ["Beamer", "Öfen"]}, ["A1"]),
        ({"text": "hal"}, ["A3"]),
        ({"text": "éCO"}, ["A3"]),
        ({"text": "0%"}, ["A3"]),
        ({"text": "_"}, []),
        ({"state": RoomState.CLOSED}, ["A3"]),
        ({"code": "A2"}, ["A2"]),
    ]
    async with make_uow(write=False) as uow:
        for wanted, codes in searches:
            found = await uow.session.scalars(queries.select_rooms(**wanted))  # type: ignore[arg-type] # of several types
            assert sorted(room.code for room in found) == codes
