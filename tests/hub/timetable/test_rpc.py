"""Rooms, entries, versions and trainers' times over a real channel, as each role meets them, on both databases."""

from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from uuid6 import uuid7

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import UserGate
from hub.rpc.permissions import ADMIN, HOD, TRAINEE, TRAINER
from hub.rpc.server import Service
from hub.timetable.rpc import AvailabilityServicer, PlanningServicer, TimetableServicer, VersionsServicer
from hub.timetable.rules import Materialised
from smartroster.timetable.v1 import (
    availability_pb2,
    availability_pb2_grpc,
    planning_pb2,
    planning_pb2_grpc,
    timetable_pb2,
    timetable_pb2_grpc,
    versions_pb2,
    versions_pb2_grpc,
)
from tests.factories.timetable import (
    LessonBasis,
    make_enrolment,
    make_entry,
    make_lesson_basis,
    make_room,
    make_trainee,
    make_trainer,
)
from tests.factories.users import make_hod
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.doors import Refusal, TokenTable, bearer, refusal_of, serving

Metadata = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Api:
    rooms: Any
    versions: Any
    availability: Any
    planning: Any
    basis: LessonBasis
    admin: Metadata
    followed: list[UUID | None]
    """By whom what was done that sessions must follow."""


@pytest.fixture
async def api(database: Database, make_uow: MakeUow, clock: FakeClock) -> AsyncIterator[Api]:
    """A term with one published lesson, Mondays at 8, on its second day."""
    clock.set(datetime(2026, 1, 6, 6, tzinfo=UTC))
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        await make_entry(uow, basis)
    followed: list[UUID | None] = []

    async def materialise(uow: UnitOfWork) -> Materialised:
        followed.append(uow.principal.id)
        return Materialised(3, 1, uow.now)

    services = [
        Service(
            timetable_pb2_grpc.add_TimetableServiceServicer_to_server,
            TimetableServicer(database, materialise=materialise),
        ),
        Service(
            versions_pb2_grpc.add_VersionsServiceServicer_to_server, VersionsServicer(database, materialise=materialise)
        ),
        Service(availability_pb2_grpc.add_AvailabilityServiceServicer_to_server, AvailabilityServicer(database)),
        Service(planning_pb2_grpc.add_PlanningServiceServicer_to_server, PlanningServicer(database)),
    ]
    async with serving(UserGate(TokenTable()), services) as address, grpc.aio.insecure_channel(address) as channel:
        yield Api(
            timetable_pb2_grpc.TimetableServiceStub(channel),
            versions_pb2_grpc.VersionsServiceStub(channel),
            availability_pb2_grpc.AvailabilityServiceStub(channel),
            planning_pb2_grpc.PlanningServiceStub(channel),
            basis,
            bearer(ADMIN),
            followed,
        )


async def refused(call: Awaitable[object]) -> Refusal:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return refusal_of(error.value)


async def test_rooms_are_listed_in_pages_by_order_and_filter(api: Api, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_room(uow, code="A1", room_type="Lab", capacity=10, facilities=["Brennofen", "näh-maschine"])
        await make_room(uow, code="C1", capacity=90, name="100 % Hall")
    seen, token = [], ""
    while True:
        request = timetable_pb2.ListRoomsRequest(page_size=2, page_token=token, order_by="capacity desc")
        answer = await api.rooms.ListRooms(request, metadata=bearer(TRAINEE))
        seen += [room.code for room in answer.rooms]
        if not (token := answer.next_page_token):
            break
    assert seen == ["C1", "B12", "A1"]
    for filters, codes in (
        ({"facilities": ["näh-maschine"]}, ["A1"]),
        ({"facilities": ["näh"]}, []),
        ({"room_type": "lab"}, ["A1"]),
        ({"min_capacity": 40}, ["B12", "C1"]),
        ({"query": "hall"}, ["C1"]),
        ({"state": timetable_pb2.Room.STATE_CLOSED}, []),
    ):
        answer = await api.rooms.ListRooms(timetable_pb2.ListRoomsRequest(**filters), metadata=api.admin)
        assert [room.code for room in answer.rooms] == codes
    update = timetable_pb2.UpdateRoomRequest(
        room=timetable_pb2.Room(id=str(api.basis.room_id), capacity=41, etag="9"),
        update_mask=FieldMask(paths=["capacity"]),
    )
    stale = await refused(api.rooms.UpdateRoom(update, metadata=api.admin))
    assert (stale.code, stale.reason) == (grpc.StatusCode.ABORTED, "ETAG_STALE")


async def publish(api: Api) -> versions_pb2.PublishTimetableResponse:
    request = versions_pb2.PublishTimetableRequest(term_id=str(api.basis.term_id))
    answer: versions_pb2.PublishTimetableResponse = await api.versions.PublishTimetable(request, metadata=api.admin)
    return answer


async def entries(
    api: Api, caller: Metadata, *, date: str = "", class_group_id: str = ""
) -> list[timetable_pb2.TimetableEntry]:
    request = timetable_pb2.ListTimetableEntriesRequest(
        order_by="weekday, start_time_of_day", date=date, class_group_id=class_group_id
    )
    return list((await api.rooms.ListTimetableEntries(request, metadata=caller)).timetable_entries)


async def test_each_lists_the_published_entries_that_are_theirs(api: Api, make_uow: MakeUow) -> None:
    basis = api.basis
    async with make_uow() as uow:
        stranger = await make_trainer(uow, basis.department_id, name="Linus")
        trainee = await make_trainee(uow, basis.class_group_id)
        hod, other_hod = await make_hod(uow, department_id=basis.department_id), await make_hod(uow)
    mine, head = bearer(TRAINER, basis.trainer_id), bearer(HOD, hod.id)
    (draft,) = await entries(api, api.admin)
    assert draft.state == timetable_pb2.TimetableEntry.STATE_DRAFT
    assert await entries(api, mine) == []
    hidden = timetable_pb2.GetTimetableEntryRequest(timetable_entry_id=draft.id)
    assert (await refused(api.rooms.GetTimetableEntry(hidden, metadata=mine))).reason == "TIMETABLE_ENTRY_NOT_FOUND"
    await publish(api)
    for caller, count in (
        (mine, 1),
        (head, 1),
        (bearer(TRAINEE, trainee.id), 1),
        (bearer(TRAINER, stranger.id), 0),
        (bearer(HOD, other_hod.id), 0),
    ):
        found = await entries(api, caller)
        assert [one.state for one in found] == [timetable_pb2.TimetableEntry.STATE_PUBLISHED] * count
        assert [one.id for one in found] == [draft.id] * count
    assert await entries(api, api.admin, date="2026-01-05") == []  # it is in force since the 6th
    assert len(await entries(api, api.admin, date="2026-02-02", class_group_id=str(basis.class_group_id))) == 1


async def test_an_entry_is_made_once_checked_moved_with_its_etag_and_deleted(api: Api) -> None:
    wanted = timetable_pb2.TimetableEntry(
        enrolment_id=str(api.basis.enrolment_id), room_id=str(api.basis.room_id), weekday=2,
        start_time_of_day="08:00", end_time_of_day="10:00",
    )  # fmt: skip
    create = timetable_pb2.CreateTimetableEntryRequest(request_id=str(uuid7()), timetable_entry=wanted)
    made = await api.rooms.CreateTimetableEntry(create, metadata=api.admin)
    assert await api.rooms.CreateTimetableEntry(create, metadata=api.admin) == made
    assert len(await entries(api, api.admin)) == 2
    wanted.weekday = 1
    taken = await refused(
        api.rooms.CreateTimetableEntry(
            timetable_pb2.CreateTimetableEntryRequest(timetable_entry=wanted), metadata=api.admin
        )
    )
    assert taken.reason == "TIMETABLE_CONFLICT"
    assert set(taken.metadata["rules"].split(",")) == {"ROOM_BUSY", "TRAINER_BUSY", "GROUP_BUSY"}
    check = timetable_pb2.CheckConflictsRequest(timetable_entry=wanted)
    conflicts = (await api.rooms.CheckConflicts(check, metadata=api.admin)).conflicts
    assert [one.hard for one in conflicts] == [True, True, True]
    move = timetable_pb2.UpdateTimetableEntryRequest(
        timetable_entry=timetable_pb2.TimetableEntry(id=made.id, etag=made.etag, weekday=3),
        update_mask=FieldMask(paths=["weekday"]),
    )
    moved = await api.rooms.UpdateTimetableEntry(move, metadata=api.admin)
    assert (moved.weekday, moved.start_time_of_day) == (3, "08:00:00")
    assert (await refused(api.rooms.UpdateTimetableEntry(move, metadata=api.admin))).reason == "ETAG_STALE"
    pin = timetable_pb2.PinTimetableEntriesRequest(timetable_entry_ids=[made.id], pinned=True)
    (pinned,) = (await api.rooms.PinTimetableEntries(pin, metadata=api.admin)).timetable_entries
    assert (pinned.pinned, pinned.weekday) == (True, 3)
    delete = timetable_pb2.DeleteTimetableEntryRequest(timetable_entry_id=made.id, etag=pinned.etag)
    await api.rooms.DeleteTimetableEntry(delete, metadata=api.admin)
    assert len(await entries(api, api.admin)) == 1
    assert api.followed == []


async def test_sessions_follow_a_publication_and_what_is_beside_the_plan(api: Api) -> None:
    answer = await publish(api)
    assert (answer.published_entries, answer.created_sessions, answer.changed_sessions) == (1, 3, 1)
    once = timetable_pb2.TimetableEntry(
        enrolment_id=str(api.basis.enrolment_id), room_id=str(api.basis.room_id), dates=["2026-01-08"],
        week_pattern=timetable_pb2.TimetableEntry.WEEK_PATTERN_DATES, kind=timetable_pb2.TimetableEntry.KIND_MAKEUP,
        start_time_of_day="08:00", end_time_of_day="10:00",
    )  # fmt: skip
    create = timetable_pb2.CreateTimetableEntryRequest(timetable_entry=once)
    made = await api.rooms.CreateTimetableEntry(create, metadata=api.admin)
    assert made.state == timetable_pb2.TimetableEntry.STATE_PUBLISHED
    delete = timetable_pb2.DeleteTimetableEntryRequest(timetable_entry_id=made.id)
    await api.rooms.DeleteTimetableEntry(delete, metadata=api.admin)
    assert len(api.followed) == 3
    (line,) = await entries(api, api.admin)
    change = timetable_pb2.DeleteTimetableEntryRequest(timetable_entry_id=line.id)
    assert (await refused(api.rooms.DeleteTimetableEntry(change, metadata=api.admin))).reason == (
        "TIMETABLE_ENTRY_NOT_DRAFT"
    )


async def test_drafts_and_their_changes_are_for_planners(api: Api, make_uow: MakeUow) -> None:
    basis = api.basis
    await publish(api)
    request = versions_pb2.CreateTimetableVersionRequest(
        request_id=str(uuid7()), term_id=str(basis.term_id), title="Spring"
    )
    draft = await api.versions.CreateTimetableVersion(request, metadata=api.admin)
    assert (draft.number, draft.entry_count, draft.title) == (2, 1, "Spring")
    assert await api.versions.CreateTimetableVersion(request, metadata=api.admin) == draft
    async with make_uow() as uow:
        other = await make_enrolment(
            uow, class_group_id=basis.class_group_id, term_id=basis.term_id, department_id=basis.department_id
        )
    wanted = timetable_pb2.TimetableEntry(
        enrolment_id=str(other.id), room_id=str(basis.room_id), weekday=2, start_time_of_day="08:00",
        end_time_of_day="09:00",
    )  # fmt: skip
    create = timetable_pb2.CreateTimetableEntryRequest(timetable_entry=wanted)
    await api.rooms.CreateTimetableEntry(create, metadata=api.admin)
    listing = versions_pb2.ListTimetableVersionsRequest(term_id=str(basis.term_id))
    told = {
        caller: [
            one.number for one in (await api.versions.ListTimetableVersions(listing, metadata=who)).timetable_versions
        ]
        for caller, who in (("admin", api.admin), ("trainer", bearer(TRAINER)))
    }
    assert told == {"admin": [2, 1], "trainer": [1]}
    listing.order_by = "number"
    listed = await api.versions.ListTimetableVersions(listing, metadata=api.admin)
    assert [one.number for one in listed.timetable_versions] == [1, 2]
    get = versions_pb2.GetTimetableVersionRequest(timetable_version_id=draft.id)
    hidden = await refused(api.versions.GetTimetableVersion(get, metadata=bearer(TRAINER)))
    assert hidden.reason == "TIMETABLE_VERSION_NOT_FOUND"
    (published,) = (
        await api.versions.ListTimetableVersions(
            versions_pb2.ListTimetableVersionsRequest(date="2026-01-10"), metadata=bearer(TRAINER)
        )
    ).timetable_versions
    diff = await api.versions.DiffTimetableVersions(
        versions_pb2.DiffTimetableVersionsRequest(from_version_id=published.id, to_version_id=draft.id),
        metadata=api.admin,
    )
    assert ([one.kind for one in diff.changes], diff.unchanged_count) == ([versions_pb2.LessonChange.KIND_ADDED], 1)
    checked = await api.planning.CheckTimetableVersion(
        planning_pb2.CheckTimetableVersionRequest(timetable_version_id=draft.id), metadata=api.admin
    )
    assert (checked.entry_count, list(checked.entries)) == (2, [])
    stale = versions_pb2.PublishTimetableRequest(term_id=str(basis.term_id), etag=draft.etag)
    assert (await refused(api.versions.PublishTimetable(stale, metadata=api.admin))).reason == "ETAG_STALE"


def _of(rows: Iterable[Any]) -> list[str]:
    return [one.trainer_id for one in rows]


async def test_a_trainer_s_times_are_seen_by_the_trainer_the_head_and_planners(api: Api, make_uow: MakeUow) -> None:
    basis = api.basis
    async with make_uow() as uow:
        stranger = await make_trainer(uow, basis.department_id, name="Linus")
        hod, other_hod = await make_hod(uow, department_id=basis.department_id), await make_hod(uow)
    me, trainer_id = bearer(TRAINER, basis.trainer_id), str(basis.trainer_id)
    window = timetable_pb2.WeeklyWindow(weekday=5, start_time_of_day="08:00", end_time_of_day="12:00")
    times = availability_pb2.TrainerAvailability(
        trainer_id=trainer_id,
        windows=[
            availability_pb2.AvailabilityWindow(
                window=window, kind=availability_pb2.AvailabilityWindow.KIND_UNAVAILABLE
            )
        ],
    )
    update = availability_pb2.UpdateTrainerAvailabilityRequest(trainer_availability=times)
    stored = await api.availability.UpdateTrainerAvailability(update, metadata=me)
    assert list(stored.windows) == list(times.windows)
    forbidden = await refused(api.availability.UpdateTrainerAvailability(update, metadata=bearer(TRAINER, stranger.id)))
    assert (forbidden.code, forbidden.reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_OWN_AVAILABILITY")
    away = availability_pb2.CreateTrainerAbsenceRequest(
        request_id=str(uuid7()),
        trainer_absence=availability_pb2.TrainerAbsence(
            trainer_id=trainer_id, start_date="2026-01-12", end_date="2026-01-13", reason="Course"
        ),
    )
    absence = await api.availability.CreateTrainerAbsence(away, metadata=me)
    assert await api.availability.CreateTrainerAbsence(away, metadata=me) == absence
    for caller, seen in (
        (me, [trainer_id]),
        (bearer(HOD, hod.id), [trainer_id]),
        (api.admin, [trainer_id]),
        (bearer(TRAINER, stranger.id), []),
        (bearer(HOD, other_hod.id), []),
    ):
        windows = await api.availability.ListTrainerAvailabilities(
            availability_pb2.ListTrainerAvailabilitiesRequest(term_id=str(basis.term_id)), metadata=caller
        )
        absences = await api.availability.ListTrainerAbsences(
            availability_pb2.ListTrainerAbsencesRequest(start_date="2026-01-13", end_date="2026-01-20"), metadata=caller
        )
        assert (_of(windows.trainer_availabilities), _of(absences.trainer_absences)) == (seen, seen)
    away.request_id = ""
    away.trainer_absence.start_date = away.trainer_absence.end_date = "2026-01-20"
    await api.availability.CreateTrainerAbsence(away, metadata=me)
    for order, days in (("", ["2026-01-12", "2026-01-20"]), ("end_date desc", ["2026-01-20", "2026-01-12"])):
        listed = await api.availability.ListTrainerAbsences(
            availability_pb2.ListTrainerAbsencesRequest(order_by=order), metadata=me
        )
        assert [one.start_date for one in listed.trainer_absences] == days
    await api.availability.UpdateTrainerAvailability(
        availability_pb2.UpdateTrainerAvailabilityRequest(
            trainer_availability=availability_pb2.TrainerAvailability(trainer_id=str(stranger.id))
        ),
        metadata=api.admin,
    )
    newest = availability_pb2.ListTrainerAvailabilitiesRequest(order_by="update_time desc, id desc")
    found = (await api.availability.ListTrainerAvailabilities(newest, metadata=api.admin)).trainer_availabilities
    assert _of(found) == [str(stranger.id), trainer_id]
    later = availability_pb2.ListTrainerAbsencesRequest(start_date="2026-01-21")
    assert _of((await api.availability.ListTrainerAbsences(later, metadata=api.admin)).trainer_absences) == []
