"""ScheduleService: weeks and files; what is free and used, and feeds, are inherited."""

from collections.abc import Callable
from datetime import date
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import from_optional_date, parse_uuid
from hub.school import queries as school_queries
from hub.timetable.schedule import feeds, files
from hub.timetable.schedule.files import FileFormat
from hub.timetable.schedule.rpc.feeds import FeedRpcs
from hub.timetable.schedule.rpc.messages import file_to_proto, week_to_proto
from hub.timetable.schedule.rpc.usage import UsageRpcs
from hub.timetable.schedule.week import SubjectKind
from hub.timetable.schedule.weeks import WantedWeek, WeekReader
from smartroster.timetable.v1 import schedule_pb2 as pb
from smartroster.timetable.v1 import schedule_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
_SUBJECTS = {
    "class_group_id": SubjectKind.CLASS_GROUP,
    "trainer_id": SubjectKind.TRAINER,
    "room_id": SubjectKind.ROOM,
    "department_id": SubjectKind.DEPARTMENT,
}
_FORMATS = {
    pb.ExportWeeklyScheduleRequest.FORMAT_PDF: FileFormat.PDF,
    pb.ExportWeeklyScheduleRequest.FORMAT_XLSX: FileFormat.XLSX,
    pb.ExportWeeklyScheduleRequest.FORMAT_ICS: FileFormat.ICS,
}


class ScheduleServicer(UsageRpcs, FeedRpcs, schedule_pb2_grpc.ScheduleServiceServicer):
    """`site` makes the UIDs of calendar events those of this college; `door` answers the HTTP door's base URL."""

    def __init__(self, database: Database, *, site: str, door: Callable[[], str]) -> None:
        self._db = database
        self._site = site
        self._door = door
        self._weeks = WeekReader()

    async def GetWeeklySchedule(self, request: pb.GetWeeklyScheduleRequest, context: Context) -> pb.WeeklySchedule:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return week_to_proto(await self._weeks.read(uow, current_scope(), await _wanted(uow, request)))

    async def ExportWeeklySchedule(self, request: pb.ExportWeeklyScheduleRequest, context: Context) -> pb.ScheduleFile:
        file_format = _FORMATS.get(request.format)
        if file_format is None:
            raise InvalidArgument.of("format", "is required: give FORMAT_PDF, FORMAT_XLSX or FORMAT_ICS")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            wanted = await _wanted(uow, request.week)
            if file_format is FileFormat.ICS:
                subject = _calendar_subject(wanted)
                content = await feeds.read_content(uow, scope=current_scope(), subject=subject, site=self._site)
            else:
                week = await self._weeks.read(uow, current_scope(), wanted)
                letterhead = await files.load_letterhead(uow)
            now = uow.now
        if file_format is FileFormat.ICS:
            return file_to_proto(await files.calendar_of(content))
        return file_to_proto(await files.week_file(week, letterhead, file_format, now=now))


async def _wanted(uow: UnitOfWork, request: pb.GetWeeklyScheduleRequest) -> WantedWeek:
    field = request.WhichOneof("subject")
    subject_id = parse_uuid(getattr(request, field), field) if field else None
    day = from_optional_date(request.date, "date") or await school_queries.today(uow)
    if not date(1900, 1, 1) <= day < date(2200, 1, 1):
        raise InvalidArgument.of("date", "must lie between 1900 and 2199")
    return WantedWeek(_SUBJECTS[field] if field else SubjectKind.PERSON, subject_id, day)


def _calendar_subject(wanted: WantedWeek) -> feeds.FeedSubject:
    match wanted.kind:
        case SubjectKind.DEPARTMENT:
            raise InvalidArgument.of(
                "week.department_id", "has no calendar file: give a class group, a trainer or a room"
            )
        case SubjectKind.TRAINER | SubjectKind.PERSON:
            return feeds.FeedSubject(SubjectKind.PERSON, wanted.subject_id or feeds.owner_of(current_scope()))
    if wanted.subject_id is None:
        raise InvalidArgument.of("week", "says nothing about whose it is")
    return feeds.FeedSubject(wanted.kind, wanted.subject_id)
