from datetime import date, time
from typing import Any
from uuid import UUID

import grpc
import pytest
from sqlalchemy import event

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.school.statistics import Level, figures_of, figures_of_school
from hub.timetable import service as timetable
from hub.timetable.rules import EntryKind, RoomState, SessionType, Slot
from hub.timetable.teaching import TeachingOfThisHub
from smartroster.school.v1 import statistics_pb2 as pb
from tests.factories.courses import make_course, make_enrolment
from tests.factories.school import (
    TERM,
    make_class_group,
    make_department,
    make_programme,
    make_school,
    make_term,
)
from tests.factories.timetable import make_room
from tests.factories.users import make_dp_academics, make_hod, make_trainee, make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, violations_of

DAY = date(2026, 3, 2)
TEACHING = TeachingOfThisHub()


class Place:
    """Two departments: ICT with two programmes, of which one has two class groups; BUS with nothing."""

    ict: UUID
    bus: UUID
    diploma: UUID
    certificate: UUID
    first: UUID
    second: UUID
    head: UUID


async def _found(uow: UnitOfWork) -> Place:
    place = Place()
    await make_school(uow)
    term = await make_term(uow)
    place.ict, place.bus = (await make_department(uow, code="ICT")).id, (await make_department(uow, code="BUS")).id
    place.diploma = (await make_programme(uow, department_id=place.ict, code="D")).id
    place.certificate = (await make_programme(uow, department_id=place.ict, code="C")).id
    groups = [await make_class_group(uow, programme_id=place.diploma, stream=stream) for stream in "AB"]
    place.first, place.second = groups[0].id, groups[1].id
    gone = await make_class_group(uow, programme_id=place.diploma, stream="X")
    gone.archived = True
    for group, count in ((place.first, 3), (place.second, 2)):
        for _ in range(count):
            await make_trainee(uow, class_group_id=group)
    await make_trainee(uow, class_group_id=place.first, membership_start_date=date(2026, 3, 3))  # a day later
    place.head = (await make_hod(uow, department_id=place.ict)).id
    trainer = await make_trainer(uow, department_id=place.ict)
    rooms = [await make_room(uow, code=code) for code in ("R1", "R2", "R3")]
    rooms[2].state = RoomState.CLOSED
    for group, room, hour in ((place.first, 0, 8), (place.first, 1, 10), (place.second, 0, 13)):
        course = await make_course(uow, department_id=place.ict)
        enrolment = await make_enrolment(
            uow, class_group_id=group, course_id=course.id, term_id=term.id, trainer_id=trainer.id
        )
        entry, _ = await timetable.create_entry(
            uow,
            draft=timetable.EntryDraft(
                enrolment_id=enrolment.id,
                room_id=rooms[room].id,
                session_type=SessionType.THEORY,
                kind=EntryKind.RECURRING,
                slot=Slot(1, time(hour), time(hour + 2), TERM.first, TERM.last),
            ),
        )
    entry.version.effective_date = TERM.first
    await uow.session.flush()
    return place


async def test_each_level_is_counted(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        place = await _found(uow)
    async with make_uow(write=False) as uow:

        async def counts(level: Level, *ids: UUID, on: date = DAY) -> list[dict[str, int]]:
            found = await figures_of(uow, level, ids, on=on, teaching=TEACHING)
            return [found[part_id].counts for part_id in ids]

        school = await figures_of_school(uow, on=DAY, teaching=TEACHING)
        assert school.counts == {
            "departments": 2, "programmes": 2, "class_groups": 2, "trainees": 5, "trainers": 2, "rooms": 2,
        }  # fmt: skip
        assert await counts(Level.DEPARTMENT, place.ict, place.bus) == [
            {"programmes": 2, "class_groups": 2, "trainees": 5, "trainers": 2, "rooms": 2},
            {},
        ]
        assert await counts(Level.PROGRAMME, place.diploma, place.certificate) == [
            {"class_groups": 2, "trainees": 5, "trainers": 1, "rooms": 2},
            {},
        ]
        assert await counts(Level.CLASS_GROUP, place.first, place.second) == [
            {"trainees": 3, "trainers": 1, "rooms": 2},
            {"trainees": 2, "trainers": 1, "rooms": 1},
        ]
        assert await counts(Level.CLASS_GROUP, place.first, on=date(2026, 3, 3)) == [
            {"trainees": 4, "trainers": 1, "rooms": 2}
        ]
        assert await counts(Level.CLASS_GROUP, place.first, on=date(2026, 6, 1)) == [{"trainees": 4}]  # no term
        assert await counts(Level.CLASS_GROUP) == []


async def test_the_statements_do_not_grow_with_the_rows(api: PeopleApi, make_uow: MakeUow, database: Database) -> None:
    async with make_uow() as uow:
        place = await _found(uow)
        deputy = await make_dp_academics(uow)
    metadata = await api.sign_in_as(deputy.id)
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    async def cost() -> list[int]:
        costs = []
        for level in (pb.LEVEL_SCHOOL, pb.LEVEL_DEPARTMENT, pb.LEVEL_PROGRAMME, pb.LEVEL_CLASS_GROUP):
            statements.clear()
            await api.statistics.ListStatistics(pb.ListStatisticsRequest(level=level), metadata=metadata)
            costs.append(len(statements))
        return costs

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    await cost()
    few = await cost()
    async with make_uow() as uow:
        for number in range(12):
            programme = await make_programme(uow, department_id=place.bus, code=f"P{number}")
            await make_class_group(uow, programme_id=programme.id)
            await make_department(uow)
    assert await cost() == few


async def _list(api: PeopleApi, metadata: Any, level: Any, **fields: Any) -> list[Any]:  # noqa: ANN401 (by name)
    request = pb.ListStatisticsRequest(level=level, date=DAY.isoformat(), **fields)
    return list((await api.statistics.ListStatistics(request, metadata=metadata)).statistics)


async def test_a_deputy_sees_all_and_a_head_the_own_department(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        place = await _found(uow)
        elsewhere = await make_programme(uow, department_id=place.bus, code="B")
        deputy = await make_dp_academics(uow)
    metadata = await api.sign_in_as(deputy.id)
    [school] = await _list(api, metadata, pb.LEVEL_SCHOOL)
    assert (school.name, school.departments, school.rooms) == ("Kisima Technical College", 2, 2)
    departments = await _list(api, metadata, pb.LEVEL_DEPARTMENT)
    assert [(item.code, item.trainees) for item in departments] == [("BUS", 0), ("ICT", 5)]
    assert [item.code for item in await _list(api, metadata, pb.LEVEL_DEPARTMENT, order_by="name desc")] == [
        item.code for item in sorted(departments, key=lambda item: item.name, reverse=True)
    ]
    programmes = await _list(api, metadata, pb.LEVEL_PROGRAMME)
    assert [item.code for item in programmes] == ["B", "C", "D"]
    backwards = await _list(api, metadata, pb.LEVEL_PROGRAMME, order_by="code desc")
    assert [item.code for item in backwards] == ["D", "C", "B"]
    assert [item.code for item in await _list(api, metadata, pb.LEVEL_PROGRAMME, department_id=str(place.ict))] == [
        "C",
        "D",
    ]
    groups = await _list(api, metadata, pb.LEVEL_CLASS_GROUP, programme_id=str(place.diploma))
    assert [(item.name, item.trainees) for item in groups] == [("D-2026-A", 3), ("D-2026-B", 2)]
    assert await _list(api, metadata, pb.LEVEL_CLASS_GROUP, programme_id=str(elsewhere.id)) == []
    assert await _list(api, metadata, pb.LEVEL_CLASS_GROUP, order_by="name desc") == [
        *reversed(await _list(api, metadata, pb.LEVEL_CLASS_GROUP))
    ]
    metadata = await api.sign_in_as(place.head)
    assert await _list(api, metadata, pb.LEVEL_SCHOOL) == []
    assert [item.code for item in await _list(api, metadata, pb.LEVEL_DEPARTMENT)] == ["ICT"]
    assert [item.code for item in await _list(api, metadata, pb.LEVEL_PROGRAMME)] == ["C", "D"]
    assert len(await _list(api, metadata, pb.LEVEL_CLASS_GROUP)) == 2
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await _list(api, metadata, pb.LEVEL_UNSPECIFIED)
    assert set(violations_of(refused.value)) == {"level"}
