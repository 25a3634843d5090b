"""AttendanceService and RoomService through real channels, gates and the permission table."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from uuid6 import uuid7

from hub.attendance.live import LiveBoard
from hub.attendance.rpc import AttendanceServicer, RoomServicer
from hub.db.database import Database
from hub.db.principal import SYSTEM, Principal
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.rpc.auth import Credentials, UserGate
from hub.rpc.fields import to_timestamp
from hub.rpc.server import Service
from smartroster.attendance.v1 import attendance_pb2 as pb
from smartroster.attendance.v1 import attendance_pb2_grpc, room_pb2, room_pb2_grpc
from smartroster.timetable.v1 import timetable_pb2
from tests.factories.attendance import START, Lesson, make_lesson
from tests.factories.faces import photos_of, register
from tests.factories.users import make_trainee
from tests.fixtures.clock import FakeClock
from tests.fixtures.doors import TokenTable, bearer, refusal_of, serving


@dataclass(frozen=True, slots=True)
class OneDevice:
    """A gate that knows one device; certificates are tried elsewhere."""

    lesson: Lesson

    async def principal(self, credentials: Credentials) -> Principal:
        return Principal("device", self.lesson.device_id, address=credentials.address)


@dataclass(frozen=True, slots=True)
class Ports:
    api: attendance_pb2_grpc.AttendanceServiceStub
    room: room_pb2_grpc.RoomServiceStub
    lesson: Lesson

    def trainer(self) -> tuple[tuple[str, str], ...]:
        return bearer("TRAINER", self.lesson.trainer_id)


@pytest.fixture
async def ports(database: Database, clock: FakeClock, keys: KeyRing) -> AsyncIterator[Ports]:
    clock.set(START - timedelta(hours=12))
    async with database.unit_of_work(SYSTEM) as uow:
        lesson = await make_lesson(uow)
    clock.set(START)
    live, encoder = LiveBoard(), FaceEncoder()
    people = AttendanceServicer(database, keys=keys, encoder=encoder, live=live)
    doors = RoomServicer(database, keys=keys, engine_id="sface", live=live)
    async with AsyncExitStack() as stack:
        stack.callback(encoder.close)

        async def channel(gate: object, service: Service) -> grpc.aio.Channel:
            address = await stack.enter_async_context(serving(gate, [service]))  # type: ignore[arg-type] # a gate of the test
            return await stack.enter_async_context(grpc.aio.insecure_channel(address))

        api = await channel(
            UserGate(TokenTable()), Service(attendance_pb2_grpc.add_AttendanceServiceServicer_to_server, people)
        )
        room = await channel(OneDevice(lesson), Service(room_pb2_grpc.add_RoomServiceServicer_to_server, doors))
        yield Ports(
            attendance_pb2_grpc.AttendanceServiceStub(api),
            room_pb2_grpc.RoomServiceStub(room),
            lesson,
        )


EPOCH = str(uuid4())


def check_in(person_id: object, number: int, **changes: object) -> room_pb2.DeviceEvent:
    values: dict[str, object] = {
        "event_id": str(uuid7()),
        "epoch": EPOCH,
        "sequence": number,
        "captured": room_pb2.ClockReading(
            wall_time=to_timestamp(START), monotonic_ns=1, boot_id="b", quality="QUALITY_SYNCED"
        ),
        "check_in": room_pb2.CheckIn(
            person_id=str(person_id),
            similarity=0.9,
            liveness="LIVENESS_LIVE",
            position=room_pb2.Position(lat_lng=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219), accuracy_m=5),
        ),
    }
    return room_pb2.DeviceEvent(**(values | changes))  # type: ignore[arg-type] # overrides are fields by name


async def send(ports: Ports, *messages: room_pb2.StreamCheckInsRequest) -> list[room_pb2.StreamCheckInsResponse]:
    call = ports.room.StreamCheckIns(iter(messages))
    return [answer async for answer in call]


async def test_check_ins_become_the_register(ports: Ports) -> None:
    lesson = ports.lesson
    batch = room_pb2.StreamCheckInsRequest(
        batch_number=7,
        events=[check_in(lesson.trainer_id, 1), check_in(lesson.trainee_ids[0], 2)],
        complete_until_time=to_timestamp(START),
    )
    first, again = await send(ports, batch, batch)
    assert first.batch_number == 7
    assert [result.judgement for result in first.results] == [
        room_pb2.EventResult.JUDGEMENT_SESSION_STARTED,
        room_pb2.EventResult.JUDGEMENT_PRESENT,
    ]
    assert {result.outcome for result in again.results} == {room_pb2.EventResult.OUTCOME_DUPLICATE}
    session = await ports.api.GetSession(
        pb.GetSessionRequest(session_id=str(lesson.session.id)), metadata=ports.trainer()
    )
    assert (session.state, session.room_code) == (pb.Session.STATE_ACTIVE, "B12")
    assert (session.counts.expected, session.counts.present, session.counts.pending) == (3, 1, 2)
    register = await ports.api.ListAttendanceRecords(
        pb.ListAttendanceRecordsRequest(session_id=session.id, page_size=2), metadata=ports.trainer()
    )
    assert len(register.attendance_records) == 2
    assert register.next_page_token
    raw = await ports.api.ListCheckIns(pb.ListCheckInsRequest(session_id=session.id), metadata=ports.trainer())
    assert {check.sequence for check in raw.check_ins} == {1, 2}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"event_id": "nonsense"}, "event_id: is not a UUID"),
        ({"epoch": ""}, "epoch: is required"),
        ({"sequence": 0}, "sequence: counts from 1"),
        ({"captured": room_pb2.ClockReading()}, "captured: is required"),
        ({"check_in": room_pb2.CheckIn(person_id="x", similarity=0.9)}, "check_in.person_id: is not a UUID"),
        ({"check_in": room_pb2.CheckIn(person_id=EPOCH, similarity=float("nan"))}, "check_in.similarity: must be 0"),
        (
            {
                "check_in": room_pb2.CheckIn(
                    person_id=EPOCH,
                    position=room_pb2.Position(lat_lng=timetable_pb2.LatLng(latitude=95, longitude=0)),
                )
            },
            "check_in.position",
        ),
        ({"check_in": None}, "fact: is missing"),
    ],
)
async def test_a_malformed_event_is_refused_and_the_others_are_stored(
    ports: Ports, changes: dict[str, object], says: str
) -> None:
    trainee = ports.lesson.trainee_ids[0]
    bad, good = check_in(trainee, 1, **changes), check_in(trainee, 2)
    (answer,) = await send(ports, room_pb2.StreamCheckInsRequest(events=[bad, good]))
    refused, stored = answer.results
    assert refused.outcome == room_pb2.EventResult.OUTCOME_REFUSED
    assert refused.message.startswith(says)
    assert stored.outcome == room_pb2.EventResult.OUTCOME_STORED


async def test_clocks_that_are_none_do_not_hold_up_the_events(ports: Ports) -> None:
    beyond = Timestamp(seconds=2**60)
    (answer,) = await send(
        ports,
        room_pb2.StreamCheckInsRequest(
            events=[check_in(ports.lesson.trainee_ids[0], 1)],
            sent=room_pb2.ClockReading(wall_time=beyond),
            complete_until_time=beyond,
        ),
    )
    assert [result.outcome for result in answer.results] == [room_pb2.EventResult.OUTCOME_STORED]


async def test_a_message_over_100_events_ends_the_stream(ports: Ports) -> None:
    events = [check_in(ports.lesson.trainee_ids[0], sequence) for sequence in range(1, 102)]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await send(ports, room_pb2.StreamCheckInsRequest(events=events))
    refusal = refusal_of(caught.value)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY_EVENTS")


async def test_what_a_door_gets(ports: Ports) -> None:
    config = await ports.room.GetRoomConfig(room_pb2.GetRoomConfigRequest())
    assert (config.room.code, config.engine, config.time_zone) == ("B12", "sface", "Africa/Nairobi")
    assert config.policy.late_grace.seconds == 600
    schedule = await ports.room.GetRoomSchedule(room_pb2.GetRoomScheduleRequest())
    (entry,) = schedule.sessions
    assert set(entry.trainee_ids) == set(map(str, ports.lesson.trainee_ids))
    assert (entry.state, list(entry.trainer_ids)) == ("SCHEDULED", [str(ports.lesson.trainer_id)])
    admin = bearer("ADMIN")
    policy = await ports.api.UpdateAttendancePolicy(
        pb.UpdateAttendancePolicyRequest(
            attendance_policy=room_pb2.AttendancePolicy(late_grace=Duration(seconds=60)),
            update_mask=FieldMask(paths=["late_grace"]),
        ),
        metadata=admin,
    )
    assert (policy.late_grace.seconds, policy.start_late.seconds) == (60, 1800)
    changed = await ports.room.GetRoomConfig(room_pb2.GetRoomConfigRequest())
    assert changed.version != config.version
    gallery = await ports.room.SyncGallery(room_pb2.SyncGalleryRequest(engine="sface"))
    assert (gallery.full, list(gallery.upserts)) == (True, [])
    key = await ports.room.GetGalleryKey(room_pb2.GetGalleryKeyRequest())
    assert len(key.key) == 32


async def test_a_door_gets_the_faces_of_its_own_room_alone(database: Database, ports: Ports, keys: KeyRing) -> None:
    expected = ports.lesson.trainee_ids[0]
    with closing(FaceEncoder()) as encoder:
        async with database.unit_of_work(SYSTEM) as uow:
            outsider = (await make_trainee(uow)).id
            for number, person_id in enumerate((expected, outsider)):
                await register(uow, keys, encoder, person_id, photos_of(number))
    gallery = await ports.room.SyncGallery(room_pb2.SyncGalleryRequest(engine="sface"))
    assert [person.person_id for person in gallery.upserts] == [str(expected)]


async def test_each_sees_the_own_part(database: Database, ports: Ports) -> None:
    lesson = ports.lesson
    await send(ports, room_pb2.StreamCheckInsRequest(events=[check_in(lesson.trainer_id, 1)]))
    async with database.unit_of_work(SYSTEM) as uow:
        outsider = (await make_trainee(uow)).id

    async def sessions_of(role: str, user_id: object) -> int:
        answer = await ports.api.ListSessions(pb.ListSessionsRequest(), metadata=bearer(role, user_id))  # type: ignore[arg-type] # an id
        return len(answer.sessions)

    assert await sessions_of("TRAINEE", lesson.trainee_ids[0]) == 1
    assert await sessions_of("TRAINEE", outsider) == 0
    assert await sessions_of("TRAINER", lesson.trainer_id) == 1
    assert await sessions_of("TRAINER", outsider) == 0
    assert await sessions_of("DP_ACADEMICS", outsider) == 1
    own = await ports.api.ListAttendanceRecords(
        pb.ListAttendanceRecordsRequest(session_id=str(lesson.session.id)),
        metadata=bearer("TRAINEE", lesson.trainee_ids[0]),
    )
    assert [record.trainee_id for record in own.attendance_records] == [str(lesson.trainee_ids[0])]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ports.api.MarkAttendance(pb.MarkAttendanceRequest(), metadata=bearer("TRAINEE", lesson.trainee_ids[0]))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_watch_shows_the_register_and_then_each_change(ports: Ports) -> None:
    lesson = ports.lesson
    call = ports.api.WatchSession(pb.WatchSessionRequest(session_id=str(lesson.session.id)), metadata=ports.trainer())
    snapshot = await call.read()
    assert (snapshot.session.state, len(snapshot.attendance_records)) == (pb.Session.STATE_SCHEDULED, 0)
    await send(ports, room_pb2.StreamCheckInsRequest(events=[check_in(lesson.trainer_id, 1)]))
    snapshot = await call.read()
    assert (snapshot.session.state, len(snapshot.attendance_records)) == (pb.Session.STATE_ACTIVE, 3)
    await send(ports, room_pb2.StreamCheckInsRequest(events=[check_in(lesson.trainee_ids[1], 2)]))
    snapshot = await call.read()
    (record,) = snapshot.attendance_records
    assert (record.trainee_id, record.state) == (str(lesson.trainee_ids[1]), pb.AttendanceRecord.STATE_PRESENT)
    call.cancel()


async def test_created_session_and_its_changes(ports: Ports, clock: FakeClock) -> None:
    lesson = ports.lesson
    request = pb.CreateSessionRequest(
        request_id=str(uuid7()),
        session=pb.Session(
            enrolment_id=str(lesson.enrolment.id),
            room_id=str(lesson.room.id),
            planned_start_time=to_timestamp(START + timedelta(hours=3)),
            planned_end_time=to_timestamp(START + timedelta(hours=4)),
        ),
    )
    made = await ports.api.CreateSession(request, metadata=bearer("ADMIN", lesson.trainer_id))
    again = await ports.api.CreateSession(request, metadata=bearer("ADMIN", lesson.trainer_id))
    assert made == again
    assert made.counts.expected == 3
    cancelled = await ports.api.CancelSession(
        pb.CancelSessionRequest(session_id=made.id, reason="rain"), metadata=ports.trainer()
    )
    assert (cancelled.state, cancelled.reason) == (pb.Session.STATE_CANCELLED, "rain")
    await send(ports, room_pb2.StreamCheckInsRequest(events=[check_in(lesson.trainer_id, 1)]))
    clock.set(START + timedelta(hours=2))
    ended = await ports.api.EndSession(
        pb.EndSessionRequest(session_id=str(lesson.session.id)), metadata=ports.trainer()
    )
    assert (ended.counts.absent, ended.absences_final) == (3, False)
    changes = await ports.api.ListRecordChanges(
        pb.ListRecordChangesRequest(session_id=ended.id), metadata=ports.trainer()
    )
    assert len(changes.record_changes) == 6


async def test_start_over_the_api_wants_a_registered_face(ports: Ports) -> None:
    request = pb.StartSessionRequest(
        session_id=str(ports.lesson.session.id),
        photo=b"no picture",
        position=room_pb2.Position(lat_lng=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219), accuracy_m=5),
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ports.api.StartSession(request, metadata=ports.trainer())
    assert refusal_of(caught.value).reason == "CONSENT_MISSING"
