"""VersionsService on the wire."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_optional_date, parse_optional_uuid, parse_uuid, to_date, to_timestamp
from hub.rpc.paging import order_keys, page
from hub.school import queries as school_queries
from hub.timetable import queries
from hub.timetable.models import TimetableEntry, TimetableVersion
from hub.timetable.rpc.timetable import Materialise
from hub.timetable.service import versions
from hub.timetable.service.versions import LessonChange
from hub.timetable.wire import entry_to_proto
from smartroster.timetable.v1 import versions_pb2 as pb
from smartroster.timetable.v1 import versions_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_ORDER = {"create_time": TimetableVersion.create_time, "number": TimetableVersion.number}
_NEWEST_FIRST = "create_time desc, number desc"


class VersionsServicer(versions_pb2_grpc.VersionsServiceServicer):
    def __init__(self, database: Database, *, materialise: Materialise) -> None:
        self._db = database
        self._materialise = materialise

    async def CreateTimetableVersion(
        self, request: pb.CreateTimetableVersionRequest, context: Context
    ) -> pb.TimetableVersion:
        async with self._db.unit_of_work(current_principal()) as uow:
            draft = await versions.open_draft(
                uow,
                term_id=parse_uuid(request.term_id, "term_id"),
                title=request.title,
                base_version_id=parse_optional_uuid(request.base_version_id, "base_version_id"),
                empty=request.empty,
            )
            return await answer_version(uow, draft)

    async def GetTimetableVersion(
        self, request: pb.GetTimetableVersionRequest, context: Context
    ) -> pb.TimetableVersion:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            version_id = parse_uuid(request.timetable_version_id, "timetable_version_id")
            return await answer_version(uow, await queries.get_visible_version(uow, version_id, current_scope()))

    async def ListTimetableVersions(
        self, request: pb.ListTimetableVersionsRequest, context: Context
    ) -> pb.ListTimetableVersionsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            query = queries.select_versions(
                current_scope(),
                term_id=parse_optional_uuid(request.term_id, "term_id"),
                on=from_optional_date(request.date, "date"),
            )
            rows, token = await page(
                uow.session,
                query,
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or _NEWEST_FIRST, _ORDER, unique=TimetableVersion.id),
            )
            return pb.ListTimetableVersionsResponse(timetable_versions=await _protos(uow, rows), next_page_token=token)

    async def UpdateTimetableVersion(
        self, request: pb.UpdateTimetableVersionRequest, context: Context
    ) -> pb.TimetableVersion:
        check_mask(request.update_mask, ("title",))
        wanted = request.timetable_version
        async with self._db.unit_of_work(current_principal()) as uow:
            version_id = parse_uuid(wanted.id, "timetable_version.id")
            version = await versions.rename(uow, version_id=version_id, title=wanted.title, etag=wanted.etag)
            return await answer_version(uow, version)

    async def DeleteTimetableVersion(
        self, request: pb.DeleteTimetableVersionRequest, context: Context
    ) -> pb.TimetableVersion:
        async with self._db.unit_of_work(current_principal()) as uow:
            version_id = parse_uuid(request.timetable_version_id, "timetable_version_id")
            return await answer_version(uow, await versions.discard(uow, version_id=version_id, etag=request.etag))

    async def DiffTimetableVersions(
        self, request: pb.DiffTimetableVersionsRequest, context: Context
    ) -> pb.DiffTimetableVersionsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            both = []
            for field in ("from_version_id", "to_version_id"):
                version_id = parse_uuid(getattr(request, field), field)
                both.append(await queries.get_visible_version(uow, version_id, current_scope()))
            changes, same = await versions.diff(uow, from_id=both[0].id, to_id=both[1].id)
            today = await school_queries.today(uow)
            return pb.DiffTimetableVersionsResponse(
                changes=[_change_to_proto(change, today) for change in changes], unchanged_count=same
            )

    async def PublishTimetable(
        self, request: pb.PublishTimetableRequest, context: Context
    ) -> pb.PublishTimetableResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            version, count = await versions.publish(
                uow,
                term_id=parse_uuid(request.term_id, "term_id"),
                version_id=parse_optional_uuid(request.timetable_version_id, "timetable_version_id"),
                etag=request.etag,
                effective_date=from_optional_date(request.effective_date, "effective_date"),
            )
            sessions = await self._materialise(uow)
            return pb.PublishTimetableResponse(
                published_entries=count,
                created_sessions=sessions.created,
                changed_sessions=sessions.changed,
                horizon_end_time=to_timestamp(sessions.until),
                timetable_version=None if version is None else await answer_version(uow, version),
            )


async def answer_version(uow: UnitOfWork, version: TimetableVersion) -> pb.TimetableVersion:
    return (await _protos(uow, [version]))[0]


async def _protos(uow: UnitOfWork, rows: Sequence[TimetableVersion]) -> list[pb.TimetableVersion]:
    counts = await queries.entry_counts(uow, [row.id for row in rows])
    today = await school_queries.today(uow)
    return [
        pb.TimetableVersion(
            id=str(row.id),
            term_id=str(row.term_id),
            number=row.number,
            title=row.title,
            base_version_id=str(row.base_version_id or ""),
            state=f"STATE_{row.state_on(today).name}",
            effective_date=to_date(row.effective_date),
            end_date=to_date(row.end_date),
            publish_time=to_timestamp(row.publish_time),
            create_time=to_timestamp(row.create_time),
            etag=str(row.etag),
            entry_count=counts.get(row.id, 0),
        )
        for row in rows
    ]


def _change_to_proto(change: LessonChange, today: date) -> pb.LessonChange:
    return pb.LessonChange(
        lesson_id=str(change.lesson_id),
        kind=_kind_of(change),
        before=_entry(change.before, today),
        after=_entry(change.after, today),
        fields=change.fields,
    )


def _kind_of(change: LessonChange) -> pb.LessonChange.Kind:
    if change.before is None:
        return pb.LessonChange.KIND_ADDED
    if change.after is None:
        return pb.LessonChange.KIND_REMOVED
    if change.is_move:
        return pb.LessonChange.KIND_MOVED
    return pb.LessonChange.KIND_ROOM_CHANGED if "room_id" in change.fields else pb.LessonChange.KIND_CHANGED


def _entry(entry: TimetableEntry | None, today: date) -> Any:  # noqa: ANN401 (a message or None: unset)
    return None if entry is None else entry_to_proto(entry, entry.version.state_on(today).name)
