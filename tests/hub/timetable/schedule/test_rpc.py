"""ScheduleService over a real channel, as each role meets it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.duration_pb2 import Duration
from icalendar import Calendar
from starlette.applications import Starlette
from uuid6 import uuid7

from hub.db.database import Database
from hub.rpc.auth import UserGate
from hub.rpc.permissions import ADMIN, HOD, TRAINEE, TRAINER
from hub.rpc.server import Service
from hub.timetable.schedule.routes import feed_routes
from hub.timetable.schedule.rpc import ScheduleServicer
from smartroster.timetable.v1 import schedule_pb2 as pb
from smartroster.timetable.v1 import schedule_pb2_grpc
from tests.fixtures.doors import TokenTable, bearer, refusal_of, serving
from tests.hub.timetable.schedule.conftest import MONDAY, Plan

DOOR = "https://hub.kisima.example:8443"
WEEK = MONDAY.isoformat()
Export = pb.ExportWeeklyScheduleRequest


@dataclass(frozen=True, slots=True)
class Api:
    stub: Any
    plan: Plan

    def as_(self, person: str) -> tuple[tuple[str, str], ...]:
        role = {"admin": ADMIN, "hod": HOD, "trainee": TRAINEE}.get(person, TRAINER)
        return bearer(role, getattr(self.plan, person))


@pytest.fixture
async def api(database: Database, plan: Plan) -> AsyncIterator[Api]:
    servicer = ScheduleServicer(database, site="kisima.example", door=lambda: DOOR)
    services = [Service(schedule_pb2_grpc.add_ScheduleServiceServicer_to_server, servicer)]
    async with serving(UserGate(TokenTable()), services) as address, grpc.aio.insecure_channel(address) as channel:
        yield Api(schedule_pb2_grpc.ScheduleServiceStub(channel), plan)


async def test_a_week_is_told_with_its_lessons_by_name(api: Api) -> None:
    request = pb.GetWeeklyScheduleRequest(class_group_id=str(api.plan.a), date=WEEK)
    week = await api.stub.GetWeeklySchedule(request, metadata=api.as_("trainee"))
    assert (week.subject_name, week.start_date) == ("Group a", WEEK)
    first = week.lessons[0]
    assert (first.course_code, first.room_code, first.trainer_name) == ("MATHS", "B1", "Ann T")
    assert (first.date, first.start_time_of_day, first.end_time_of_day) == (WEEK, "08:00", "10:00")
    own = await api.stub.GetWeeklySchedule(pb.GetWeeklyScheduleRequest(), metadata=api.as_("bob"))
    assert [one.course_code for one in own.lessons] == ["NETS_A", "NETS_B"]  # without a day: this week


async def test_a_week_is_exported_as_each_kind_of_file(api: Api) -> None:
    week = pb.GetWeeklyScheduleRequest(class_group_id=str(api.plan.a), date=WEEK)
    files = {}
    for name, beginning in (("FORMAT_PDF", b"%PDF-"), ("FORMAT_XLSX", b"PK"), ("FORMAT_ICS", b"BEGIN:VCALENDAR")):
        file = await api.stub.ExportWeeklySchedule(Export(week=week, format=name), metadata=api.as_("ann"))
        assert file.content.startswith(beginning)
        files[file.file_name] = file.media_type
    assert files == {
        "Group a 2026-03-16.pdf": "application/pdf",
        "Group a 2026-03-16.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Group a, Kisima Technical.ics": "text/calendar; charset=utf-8",
    }


async def test_what_cannot_be_exported_is_refused(api: Api) -> None:
    somewhere = pb.GetWeeklyScheduleRequest(room_id=str(uuid7()))
    of_department = pb.GetWeeklyScheduleRequest(department_id=str(api.plan.ict))
    for request, reason in (
        (Export(week=pb.GetWeeklyScheduleRequest(date="16.3.2026"), format=Export.FORMAT_PDF), "INVALID_ARGUMENT"),
        (Export(), "INVALID_ARGUMENT"),  # no format
        (Export(week=of_department, format=Export.FORMAT_ICS), "INVALID_ARGUMENT"),
        (Export(week=somewhere, format=Export.FORMAT_ICS), "FEED_SUBJECT_NOT_FOUND"),
        (Export(week=somewhere, format=Export.FORMAT_PDF), "ROOM_NOT_FOUND"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await api.stub.ExportWeeklySchedule(request, metadata=api.as_("admin"))
        assert refusal_of(refused.value).reason == reason


async def test_what_is_free_and_used_comes_in_pages(api: Api) -> None:
    noon: dict[str, Any] = {"date": WEEK, "start_time_of_day": "12:00", "end_time_of_day": "13:00"}
    page = await api.stub.ListFreeRooms(pb.ListFreeRoomsRequest(**noon, page_size=1), metadata=api.as_("trainee"))
    rest = await api.stub.ListFreeRooms(
        pb.ListFreeRoomsRequest(**noon, page_size=1, page_token=page.next_page_token), metadata=api.as_("trainee")
    )
    assert [room.code for room in (*page.rooms, *rest.rooms)] == ["B1", "B2"]
    trainers = await api.stub.ListFreeTrainers(pb.ListFreeTrainersRequest(**noon), metadata=api.as_("hod"))
    assert [(one.name, one.weekly_load) for one in trainers.trainers] == [
        ("Ann T", Duration(seconds=2 * 3600)),
        ("Bob T", Duration(seconds=4 * 3600)),
        ("Hod T", Duration()),
    ]
    turned = await api.stub.ListFreeTrainers(
        pb.ListFreeTrainersRequest(**noon, order_by="given_name desc"), metadata=api.as_("hod")
    )
    assert list(turned.trainers) == trainers.trainers[::-1]
    turned = await api.stub.ListFreeRooms(
        pb.ListFreeRoomsRequest(**noon, order_by="code desc"), metadata=api.as_("ann")
    )
    assert [room.code for room in turned.rooms] == ["B2", "B1"]
    days: dict[str, Any] = {"start_date": WEEK, "end_date": "2026-03-22"}
    uses = await api.stub.ListRoomUtilisations(pb.ListRoomUtilisationsRequest(**days), metadata=api.as_("hod"))
    b1, b2 = uses.room_utilisations
    assert (b1.room_code, b1.lesson_count, b1.booked) == ("B1", 3, Duration(seconds=6 * 3600))
    assert b1.booked_share == pytest.approx(6 / 45)
    assert b1.seat_share == pytest.approx((1 + 1 + 0) / 3 / 40)  # one trainee in a, none in b
    assert b2.HasField("seat_share")
    turned = await api.stub.ListRoomUtilisations(
        pb.ListRoomUtilisationsRequest(**days, order_by="name desc"), metadata=api.as_("hod")
    )
    assert list(turned.room_utilisations) == [b2, b1]
    everybody = [
        [one.name for one in (await api.stub.ListTrainerLoads(request, metadata=api.as_("hod"))).trainer_loads]
        for request in (
            pb.ListTrainerLoadsRequest(**days),
            pb.ListTrainerLoadsRequest(**days, order_by="given_name desc"),
        )
    ]
    assert everybody[0] == everybody[1][::-1]
    loads = await api.stub.ListTrainerLoads(pb.ListTrainerLoadsRequest(**days), metadata=api.as_("bob"))
    assert [(one.name, one.lesson_count, one.practical) for one in loads.trainer_loads] == [
        ("Bob T", 2, Duration(seconds=2 * 3600))
    ]


async def test_a_feed_s_address_is_told_once_and_answers_until_it_is_taken_back(api: Api, database: Database) -> None:
    request = pb.CreateFeedRequest(request_id=str(uuid7()))
    made = await api.stub.CreateFeed(request, metadata=api.as_("bob"))
    again = await api.stub.CreateFeed(request, metadata=api.as_("bob"))
    assert again == made
    assert (made.person_id, made.subject_name) == (str(api.plan.bob), "Bob T")
    assert made.url.startswith(f"{DOOR}/feeds/")
    listed = await api.stub.ListFeeds(pb.ListFeedsRequest(), metadata=api.as_("bob"))
    assert [(one.id, one.url) for one in listed.feeds] == [(made.id, "")]
    request = pb.CreateFeedRequest(feed=pb.Feed(class_group_id=str(api.plan.b)))
    other = await api.stub.CreateFeed(request, metadata=api.as_("bob"))
    newest = pb.ListFeedsRequest(order_by="create_time desc, update_time desc")
    listed = await api.stub.ListFeeds(newest, metadata=api.as_("bob"))
    assert {one.id for one in listed.feeds} == {made.id, other.id}
    app = Starlette(routes=feed_routes(database, site="kisima.example"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=DOOR) as client:
        events = Calendar.from_ical((await client.get(made.url)).content).walk("VEVENT")
        assert sorted(str(event["SUMMARY"]) for event in events) == ["NETS_A Nets_A", "NETS_B Nets_B"]
        assert all(str(event["UID"]).endswith("@kisima.example") for event in events)
        turned = await api.stub.RotateFeed(pb.RotateFeedRequest(feed_id=made.id), metadata=api.as_("bob"))
        assert [(await client.get(url)).status_code for url in (made.url, turned.url)] == [404, 200]
        await api.stub.DeleteFeed(pb.DeleteFeedRequest(feed_id=made.id), metadata=api.as_("bob"))
        assert (await client.get(turned.url)).status_code == 404
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.stub.DeleteFeed(pb.DeleteFeedRequest(feed_id=made.id), metadata=api.as_("bob"))
    assert refusal_of(refused.value).reason == "FEED_NOT_FOUND"
