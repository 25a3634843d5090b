from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.courses.service import enrolments
from hub.db.database import Database
from hub.timetable.models import Room, TrainerAbsence, TrainerAvailability
from hub.timetable.rules import RoomState
from hub.timetable.schedule import free
from hub.timetable.schedule.errors import SchedulePeriodInvalid
from hub.timetable.schedule.free import RoomWish, When
from hub.timetable.service import publish
from hub.users.models import User
from hub.users.rules import UserState
from tests.factories.school import make_calendar_day
from tests.factories.timetable import make_room
from tests.fixtures.database import MakeUow
from tests.hub.timetable.schedule.conftest import MONDAY, Plan, add_line, statements, weekly

EIGHT = When(MONDAY, time(8), time(9))
SUNDAY = MONDAY + timedelta(days=6)


async def free_rooms(make_uow: MakeUow, when: When = EIGHT, wish: RoomWish = RoomWish()) -> list[str]:  # noqa: B008 (frozen)
    async with make_uow(write=False) as uow:
        rooms = await uow.session.scalars((await free.select_free_rooms(uow, when, wish)).order_by(Room.code))
        return [room.code for room in rooms]


async def free_trainers(
    make_uow: MakeUow, plan: Plan, when: When = EIGHT, *, person: str = "admin", department_id: UUID | None = None
) -> list[str]:
    async with make_uow(write=False) as uow:
        query = await free.select_free_trainers(uow, plan.scope(person), when, department_id=department_id)
        return sorted(user.given_name for user in await uow.session.scalars(query))


async def test_a_room_is_free_when_no_lesson_touches_the_time(make_uow: MakeUow, plan: Plan) -> None:
    assert plan.b1
    assert await free_rooms(make_uow) == []  # maths in B1, song in B2
    assert await free_rooms(make_uow, When(MONDAY, time(10), time(11))) == ["B2"]  # back to back
    assert await free_rooms(make_uow, When(MONDAY, time(12), time(13))) == ["B1", "B2"]
    assert await free_rooms(make_uow, When(SUNDAY, time(8), time(9))) == ["B1", "B2"]
    after_term = When(date(2026, 6, 1), time(8), time(9))  # a Monday
    assert await free_rooms(make_uow, after_term) == ["B1", "B2"]


async def test_a_calendar_day_frees_rooms_and_trainers(make_uow: MakeUow, plan: Plan) -> None:
    async with make_uow() as uow:
        await make_calendar_day(uow, day=MONDAY, class_group_id=plan.a)
    assert await free_rooms(make_uow) == ["B1"]
    async with make_uow() as uow:
        await make_calendar_day(uow, day=MONDAY)
    assert await free_rooms(make_uow) == ["B1", "B2"]
    assert await free_trainers(make_uow, plan) == ["Ann", "Bob", "Cyd", "Hod"]


async def test_lessons_of_a_cancelled_enrolment_take_no_room(make_uow: MakeUow, plan: Plan) -> None:
    async with make_uow() as uow:
        enrolment = await uow.session.get_one(Enrolment, plan.song)
        await enrolments.move(uow, enrolment, EnrolmentState.CANCELLED, reason="nobody came")
    assert await free_rooms(make_uow) == ["B2"]


async def test_a_room_that_cannot_be_booked_then_is_not_free(make_uow: MakeUow, plan: Plan) -> None:
    noon = When(MONDAY, time(12), time(13))
    hours = [{"weekday": 1, "start": "13:00:00", "end": "17:00:00"}]
    mended = [
        {
            "start_time": datetime(2026, 3, 16, 11, 30, tzinfo=UTC).isoformat(),  # 12:30 in Berlin
            "end_time": datetime(2026, 3, 16, 12, 30, tzinfo=UTC).isoformat(),
            "reason": "paint",
        }
    ]
    changes: tuple[Mapping[str, object], ...] = (
        {"bookable_hours": hours},
        {"maintenance_windows": mended},
        {"state": RoomState.CLOSED},
        {"max_bookings_per_day": 2},  # there are two on Mondays
    )
    for change in changes:
        async with make_uow() as uow:
            room = await uow.session.get_one(Room, plan.b1)
            before = {field: getattr(room, field) for field in change}
            for field, value in change.items():
                setattr(room, field, value)
        assert await free_rooms(make_uow, noon) == ["B2"], change
        async with make_uow() as uow:
            room = await uow.session.get_one(Room, plan.b1)
            for field, value in before.items():
                setattr(room, field, value)
    assert await free_rooms(make_uow, noon) == ["B1", "B2"]


async def test_rooms_are_looked_for_by_type_seats_and_facilities_and_virtual_ones_are_always_free(
    make_uow: MakeUow, plan: Plan
) -> None:
    assert plan.b2
    async with make_uow() as uow:
        await make_room(uow, code="LAB", room_type="lab", capacity=12, facilities=["projector", "sink"])
        await make_room(uow, code="NET", room_type="virtual", capacity=500)
    noon = When(MONDAY, time(12), time(13))
    assert await free_rooms(make_uow, noon, RoomWish(room_type="Lab")) == ["LAB"]
    assert await free_rooms(make_uow, noon, RoomWish(min_capacity=13)) == ["B1", "B2", "NET"]
    assert await free_rooms(make_uow, noon, RoomWish(facilities=frozenset({"sink"}))) == ["LAB"]
    async with make_uow() as uow:
        net = (await uow.session.scalars(select(Room).where(Room.code == "NET"))).one()
        await add_line(uow, plan.maths, net.id, weekly(5, "08:00", "09:00"))
        await publish(uow, term_id=plan.term_id)
    assert "NET" in await free_rooms(make_uow, When(MONDAY + timedelta(days=11), time(8), time(9)))


async def test_a_trainer_is_free_who_teaches_not_is_there_and_would_be_available(make_uow: MakeUow, plan: Plan) -> None:
    assert await free_trainers(make_uow, plan) == ["Bob", "Hod"]  # ann has maths, cyd has song
    assert await free_trainers(make_uow, plan, department_id=plan.arts) == []
    noon = When(MONDAY, time(12), time(13))
    assert await free_trainers(make_uow, plan, noon) == ["Ann", "Bob", "Cyd", "Hod"]
    morning = {"weekday": 1, "start": "08:00:00", "end": "11:00:00"}
    async with make_uow() as uow:
        uow.session.add_all(
            [
                TrainerAbsence(trainer_id=plan.cyd, start_date=MONDAY, end_date=MONDAY),
                # There in the morning alone, in this term.
                TrainerAvailability(
                    trainer_id=plan.ann, term_id=plan.term_id, windows=[{**morning, "kind": "AVAILABLE"}]
                ),
                # Away in the morning alone.
                TrainerAvailability(trainer_id=plan.hod, windows=[{**morning, "kind": "UNAVAILABLE"}]),
            ]
        )
    assert await free_trainers(make_uow, plan, noon) == ["Bob", "Hod"]
    assert await free_trainers(make_uow, plan) == ["Bob"]
    async with make_uow() as uow:
        (await uow.session.get_one(User, plan.bob)).state = UserState.DISABLED
    assert await free_trainers(make_uow, plan) == []


async def test_a_head_sees_the_trainers_of_the_department_alone(make_uow: MakeUow, plan: Plan) -> None:
    noon = When(MONDAY, time(12), time(13))
    assert await free_trainers(make_uow, plan, noon, person="hod") == ["Ann", "Bob", "Hod"]
    assert await free_trainers(make_uow, plan, noon, person="hod", department_id=plan.arts) == []


async def test_use_and_load_come_from_the_lessons_that_are_held_in_as_few_queries(
    database: Database, make_uow: MakeUow, plan: Plan
) -> None:
    async with make_uow() as uow:
        await make_calendar_day(uow, day=MONDAY)
    days = free.check_days(MONDAY, SUNDAY)
    counts = set()
    async with make_uow(write=False) as uow:
        rooms = list(await uow.session.scalars(select(Room).order_by(Room.code)))
        for some in (rooms[:1], rooms):
            with statements(database) as sent:
                uses = await free.uses_of(uow, some, days)
            counts.add(len(sent))
        assert {room.code: uses[room.id].lessons for room in rooms} == {"B1": 1, "B2": 0}
        loads = await free.loads_of(uow, [plan.ann, plan.bob], first=MONDAY, last=SUNDAY + timedelta(weeks=1))
    assert len(counts) == 1
    assert (loads[plan.ann].lessons, loads[plan.ann].theory) == (1, timedelta(hours=2))
    assert (loads[plan.bob].lessons, loads[plan.bob].practical) == (3, timedelta(hours=2))


async def test_whose_load_one_may_see(make_uow: MakeUow, plan: Plan) -> None:
    async with make_uow(write=False) as uow:
        for person, seen in (("admin", ["Ann", "Bob", "Cyd", "Hod"]), ("hod", ["Ann", "Bob", "Hod"])):
            query = free.select_loaded_trainers(plan.scope(person), department_id=None)
            assert sorted(user.given_name for user in await uow.session.scalars(query)) == seen


@pytest.mark.parametrize(
    ("first", "last"), [(MONDAY, MONDAY - timedelta(days=1)), (MONDAY, MONDAY + timedelta(days=366))]
)
def test_days_that_cannot_be_looked_at_are_refused(first: date, last: date) -> None:
    with pytest.raises(SchedulePeriodInvalid) as refused:
        free.check_days(first, last)
    assert [violation.field for violation in refused.value.violations] == ["end_date"]


def test_a_time_must_have_a_length() -> None:
    with pytest.raises(SchedulePeriodInvalid):
        free.check_when(MONDAY, time(9), time(9))
