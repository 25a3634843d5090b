"""AttendanceService: sessions and registers, for people."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import grpc

from hub.attendance import queries
from hub.attendance.errors import FaceNotAlike
from hub.attendance.live import LiveBoard
from hub.attendance.models import AttendanceRecord, AttendanceSession, DoorFact, RecordChange
from hub.attendance.rpc.messages import (
    POLICY_FIELDS,
    change_to_proto,
    check_in_to_proto,
    policy_to_proto,
    policy_values,
    position_of,
    record_state,
    records_to_proto,
    session_to_proto,
    sessions_to_proto,
    state_filter,
)
from hub.attendance.service import plan, sessions
from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.service import consent, registration
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_timestamp, parse_optional_uuid, parse_uuid
from hub.rpc.paging import Key, page
from smartroster.attendance.v1 import attendance_pb2 as pb
from smartroster.attendance.v1 import attendance_pb2_grpc, room_pb2

Context = grpc.aio.ServicerContext[Any, Any]


class AttendanceServicer(attendance_pb2_grpc.AttendanceServiceServicer):
    def __init__(self, database: Database, *, keys: KeyRing, encoder: FaceEncoder, live: LiveBoard) -> None:
        self._db = database
        self._keys = keys
        self._encoder = encoder
        self._live = live

    async def GetSession(self, request: pb.GetSessionRequest, context: Context) -> pb.Session:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            session_id = parse_uuid(request.session_id, "session_id")
            return await session_to_proto(uow, await queries.get_session(uow, session_id, scope=current_scope()))

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_sessions(
                    current_scope(),
                    start_time=from_timestamp(request.start_time, "start_time")
                    if request.HasField("start_time")
                    else None,
                    end_time=from_timestamp(request.end_time, "end_time") if request.HasField("end_time") else None,
                    room_id=parse_optional_uuid(request.room_id, "room_id"),
                    trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    state=state_filter(request.state),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[AttendanceSession.planned_start_time, AttendanceSession.id],
            )
            return pb.ListSessionsResponse(sessions=await sessions_to_proto(uow, rows), next_page_token=token)

    async def StartSession(self, request: pb.StartSessionRequest, context: Context) -> pb.Session:
        session_id = parse_uuid(request.session_id, "session_id")
        position = position_of(request.position, "position")
        principal, scope = current_principal(), current_scope()
        if not request.photo:
            raise InvalidArgument.of("photo", "is required: a JPEG, PNG or WebP of the trainer's face now")
        if principal.id is None:
            raise InvalidArgument.of("session_id", "only a person starts a session")
        # Comparing takes long: all that can refuse is asked before, and no transaction is open meanwhile.
        async with self._db.unit_of_work(principal, write=False) as uow:
            await sessions.check_may_start(uow, session_id=session_id, position=position, scope=scope)
            await consent.require_consent(uow, principal.id)
        similarity = await self._similarity(principal.id, request.photo)
        async with self._db.unit_of_work(principal) as uow:
            session = await sessions.start_session(
                uow, session_id=session_id, position=position, similarity=similarity, scope=scope
            )
            answer = await session_to_proto(uow, session)
        self._live.wake([session_id])
        return answer

    async def _similarity(self, person_id: UUID, photo: bytes) -> float:
        encoded, problem = await self._encoder.encode_one(photo)
        if encoded is None:
            raise FaceNotAlike(f"The photo can't be used ({problem}): take it again.", metadata={"problem": problem})
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            comparison = await registration.compare(
                uow, keys=self._keys, encoder=self._encoder, person_id=person_id, encoded=encoded
            )
        if comparison is None:
            raise FaceNotAlike("Your face is not registered: register it first, or start at the room's device.")
        return comparison.similarity

    async def EndSession(self, request: pb.EndSessionRequest, context: Context) -> pb.Session:
        session_id = parse_uuid(request.session_id, "session_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            session = await sessions.end_session(uow, session_id=session_id, scope=current_scope())
            answer = await session_to_proto(uow, session)
        self._live.wake([session_id])
        return answer

    async def CancelSession(self, request: pb.CancelSessionRequest, context: Context) -> pb.Session:
        session_id = parse_uuid(request.session_id, "session_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            session = await sessions.cancel_session(
                uow, session_id=session_id, reason=request.reason, scope=current_scope()
            )
            answer = await session_to_proto(uow, session)
        self._live.wake([session_id])
        return answer

    async def ListAttendanceRecords(
        self, request: pb.ListAttendanceRecordsRequest, context: Context
    ) -> pb.ListAttendanceRecordsResponse:
        session_id = parse_optional_uuid(request.session_id, "session_id")
        trainee_id = parse_optional_uuid(request.trainee_id, "trainee_id")
        if session_id is None and trainee_id is None:
            raise InvalidArgument.of("session_id", "is required, unless trainee_id is given")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_records(current_scope(), session_id=session_id, trainee_id=trainee_id),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[AttendanceRecord.id],
            )
            return pb.ListAttendanceRecordsResponse(
                attendance_records=await records_to_proto(uow, rows), next_page_token=token
            )

    async def MarkAttendance(self, request: pb.MarkAttendanceRequest, context: Context) -> pb.AttendanceRecord:
        session_id = parse_uuid(request.session_id, "session_id")
        state = record_state(request.state)
        if state is None:
            raise InvalidArgument.of("state", "is required: PRESENT, LATE, ABSENT or EXCUSED")
        async with self._db.unit_of_work(current_principal()) as uow:
            record = await sessions.mark_attendance(
                uow,
                session_id=session_id,
                trainee_id=parse_uuid(request.trainee_id, "trainee_id"),
                state=state,
                reason=request.reason,
                scope=current_scope(),
            )
            answer = (await records_to_proto(uow, [record]))[0]
        self._live.wake([session_id])
        return answer

    async def ListCheckIns(self, request: pb.ListCheckInsRequest, context: Context) -> pb.ListCheckInsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_check_ins(
                    current_scope(),
                    session_id=parse_optional_uuid(request.session_id, "session_id"),
                    device_id=parse_optional_uuid(request.device_id, "device_id"),
                    person_id=parse_optional_uuid(request.person_id, "person_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(DoorFact.capture_time, descending=True), Key(DoorFact.event_id, descending=True)],
            )
            return pb.ListCheckInsResponse(check_ins=map(check_in_to_proto, rows), next_page_token=token)

    async def WatchSession(
        self, request: pb.WatchSessionRequest, context: Context
    ) -> AsyncIterator[pb.SessionSnapshot]:
        session_id = parse_uuid(request.session_id, "session_id")
        principal, scope = current_principal(), current_scope()
        shown: dict[str, pb.AttendanceRecord] = {}
        last: pb.Session | None = None
        async for _ in self._live.turns(session_id):
            async with self._db.unit_of_work(principal, write=False) as uow:
                session = await session_to_proto(uow, await queries.get_session(uow, session_id, scope=scope))
                rows = await uow.session.scalars(
                    queries.select_records(scope, session_id=session_id).order_by(AttendanceRecord.id)
                )
                records = await records_to_proto(uow, list(rows))
            changed = [record for record in records if shown.get(record.id) != record]
            if changed or session != last:
                yield pb.SessionSnapshot(session=session, attendance_records=changed)
            shown |= {record.id: record for record in changed}
            last = session

    async def ListRecordChanges(
        self, request: pb.ListRecordChangesRequest, context: Context
    ) -> pb.ListRecordChangesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_changes(
                    current_scope(),
                    record_id=parse_optional_uuid(request.attendance_record_id, "attendance_record_id"),
                    session_id=parse_optional_uuid(request.session_id, "session_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[RecordChange.change_time, RecordChange.id],
            )
            return pb.ListRecordChangesResponse(record_changes=map(change_to_proto, rows), next_page_token=token)

    async def GetAttendancePolicy(
        self, request: pb.GetAttendancePolicyRequest, context: Context
    ) -> room_pb2.AttendancePolicy:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return policy_to_proto(await queries.school_policy(uow))

    async def UpdateAttendancePolicy(
        self, request: pb.UpdateAttendancePolicyRequest, context: Context
    ) -> room_pb2.AttendancePolicy:
        fields = check_mask(request.update_mask, POLICY_FIELDS)
        async with self._db.unit_of_work(current_principal()) as uow:
            values = policy_values(request.attendance_policy, fields)
            return policy_to_proto(await sessions.update_policy(uow, values=values))

    async def CreateSession(self, request: pb.CreateSessionRequest, context: Context) -> pb.Session:
        wanted = request.session
        async with self._db.unit_of_work(current_principal()) as uow:
            session = await plan.create_session(
                uow,
                enrolment_id=parse_uuid(wanted.enrolment_id, "session.enrolment_id"),
                room_id=parse_uuid(wanted.room_id, "session.room_id"),
                planned_start_time=from_timestamp(wanted.planned_start_time, "session.planned_start_time"),
                planned_end_time=from_timestamp(wanted.planned_end_time, "session.planned_end_time"),
                title=wanted.title,
            )
            return await session_to_proto(uow, session)
