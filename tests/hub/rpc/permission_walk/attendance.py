from datetime import UTC, datetime, timedelta

import grpc

from hub.rpc.fields import to_timestamp
from smartroster.attendance.v1 import attendance_pb2 as pb
from smartroster.attendance.v1 import room_pb2, statistics_pb2
from smartroster.timetable.v1 import timetable_pb2
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_ATTENDANCE = "/smartroster.attendance.v1.AttendanceService/"


def _start(aim: Aim) -> pb.StartSessionRequest:
    here = room_pb2.Position(lat_lng=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219), accuracy_m=5)
    return pb.StartSessionRequest(session_id=str(aim.side.session_id), photo=b"x", position=here)


def _mark(aim: Aim) -> pb.MarkAttendanceRequest:
    return pb.MarkAttendanceRequest(
        session_id=str(aim.side.active_session_id),
        trainee_id=str(aim.side.trainee_id),
        state=pb.AttendanceRecord.STATE_ABSENT,
        reason="Was not there.",
    )


def _next_week(aim: Aim) -> pb.CreateSessionRequest:
    start = datetime.now(UTC) + timedelta(days=7)
    return pb.CreateSessionRequest(
        session=pb.Session(
            enrolment_id=str(aim.side.enrolment_id),
            room_id=str(aim.side.room_id),
            planned_start_time=to_timestamp(start),
            planned_end_time=to_timestamp(start + timedelta(hours=1)),
        )
    )


def _strict(_: Aim) -> pb.UpdateAttendancePolicyRequest:
    request = pb.UpdateAttendancePolicyRequest(attendance_policy=room_pb2.AttendancePolicy(min_similarity=0.7))
    request.update_mask.paths.append("min_similarity")
    return request


ROWS = {
    _ATTENDANCE + "GetSession": Row(
        request=lambda aim: pb.GetSessionRequest(session_id=str(aim.side.session_id)),
        shows=lambda aim: aim.side.session_id,
    ),
    _ATTENDANCE + "ListSessions": Row(
        request=lambda _: pb.ListSessionsRequest(), shows=lambda aim: aim.side.session_id
    ),
    # It is not time to start it yet.
    _ATTENDANCE + "StartSession": Row(request=_start, accepts=frozenset({grpc.StatusCode.FAILED_PRECONDITION})),
    _ATTENDANCE + "EndSession": Row(
        request=lambda aim: pb.EndSessionRequest(session_id=str(aim.side.active_session_id))
    ),
    _ATTENDANCE + "CancelSession": Row(
        request=lambda aim: pb.CancelSessionRequest(session_id=str(aim.side.session_id), reason="No power.")
    ),
    _ATTENDANCE + "ListAttendanceRecords": Row(
        request=lambda aim: pb.ListAttendanceRecordsRequest(session_id=str(aim.side.active_session_id)),
        shows=lambda aim: aim.side.record_id,
    ),
    _ATTENDANCE + "MarkAttendance": Row(request=_mark),
    _ATTENDANCE + "ListCheckIns": Row(
        request=lambda _: pb.ListCheckInsRequest(page_size=400), shows=lambda aim: aim.side.check_in_id
    ),
    _ATTENDANCE + "WatchSession": Row(
        request=lambda aim: pb.WatchSessionRequest(session_id=str(aim.side.active_session_id)),
        shows=lambda aim: aim.side.active_session_id,
    ),
    _ATTENDANCE + "ListRecordChanges": Row(
        request=lambda aim: pb.ListRecordChangesRequest(session_id=str(aim.side.active_session_id)),
        shows=lambda aim: aim.side.change_id,
    ),
    _ATTENDANCE + "GetAttendancePolicy": Row(request=lambda _: pb.GetAttendancePolicyRequest()),
    _ATTENDANCE + "UpdateAttendancePolicy": Row(request=_strict),
    _ATTENDANCE + "CreateSession": Row(request=_next_week),
    "/smartroster.attendance.v1.StatisticsService/ListAttendanceRates": Row(
        request=lambda _: statistics_pb2.ListAttendanceRatesRequest(
            subject=statistics_pb2.ListAttendanceRatesRequest.SUBJECT_ENROLMENT
        ),
        shows=lambda aim: aim.side.enrolment_id,
    ),
}
