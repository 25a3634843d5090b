"""AssistantService on the wire: alternatives, and plans mended with few moves."""

import asyncio
import threading
from typing import Any

import grpc

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.jobs.wire import job_to_proto
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import from_duration, parse_optional_uuid, parse_uuid
from hub.timetable.mending import FREEING_SECONDS, Freed, LessonMove, Suggestion, WantedTime, WeeklyPlace
from hub.timetable.rpc.versions import answer_version
from hub.timetable.rules import SessionType
from hub.timetable.service import resolving, suggesting
from hub.timetable.solver.cp_sat import Budget
from hub.timetable.wire import time_of_day
from smartroster.jobs.v1 import jobs_pb2
from smartroster.timetable.v1 import assistant_pb2 as pb
from smartroster.timetable.v1 import assistant_pb2_grpc, timetable_pb2, versions_pb2

Context = grpc.aio.ServicerContext[Any, Any]

_USUAL, _MOST = 10, 50


class AssistantServicer(assistant_pb2_grpc.AssistantServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def SuggestAlternatives(
        self, request: pb.SuggestAlternativesRequest, context: Context
    ) -> pb.SuggestAlternativesResponse:
        if not 0 <= request.max_alternatives <= _MOST:
            raise InvalidArgument.of("max_alternatives", f"must be 1 to {_MOST}, or 0 for {_USUAL}")
        entry = request.timetable_entry
        entry_id = parse_optional_uuid(entry.id, "timetable_entry.id")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            asked = await suggesting.ask(
                uow,
                entry_id=entry_id,
                enrolment_id=None if entry_id else parse_uuid(entry.enrolment_id, "timetable_entry.enrolment_id"),
                session_type=(
                    SessionType.PRACTICAL
                    if entry.session_type == timetable_pb2.SESSION_TYPE_PRACTICAL
                    else SessionType.THEORY
                ),
                version_id=parse_optional_uuid(entry.version_id, "timetable_entry.version_id"),
                wanted=_wanted(entry),
            )
        # Searching takes up to two seconds: the loop has other calls to answer, and a client that leaves ends it.
        left = threading.Event()
        budget = Budget(seconds=FREEING_SECONDS, workers=1, is_cancelled=left.is_set)
        try:
            found = await asyncio.to_thread(asked.answer, most=request.max_alternatives or _USUAL, budget=budget)
        finally:
            left.set()
        return _suggestion_to_proto(found)

    async def ResolveTimetable(self, request: pb.ResolveTimetableRequest, context: Context) -> jobs_pb2.Job:
        seconds = resolving.USUAL_SECONDS
        if request.HasField("time_limit"):
            seconds = int(from_duration(request.time_limit, "time_limit").total_seconds())
        async with self._db.unit_of_work(current_principal()) as uow:
            return job_to_proto(
                await resolving.submit(
                    uow,
                    term_id=parse_uuid(request.term_id, "term_id"),
                    base_version_id=parse_optional_uuid(request.base_version_id, "base_version_id"),
                    seconds=seconds,
                )
            )

    async def ApplyResolution(
        self, request: pb.ApplyResolutionRequest, context: Context
    ) -> versions_pb2.TimetableVersion:
        async with self._db.unit_of_work(current_principal()) as uow:
            draft = await resolving.apply(
                uow,
                job_id=parse_uuid(request.job_id, "job_id"),
                offer_number=request.offer_number,
                title=request.title,
                scope=current_scope(),
            )
            return await answer_version(uow, draft)


def _wanted(entry: timetable_pb2.TimetableEntry) -> WantedTime | None:
    """The time that is asked for; None without a weekday."""
    if not entry.weekday:
        return None
    if not 1 <= entry.weekday <= 7:  # noqa: PLR2004 (ISO 8601)
        raise InvalidArgument.of("timetable_entry.weekday", "must be 1 (Monday) to 7 (Sunday)")
    return (
        entry.weekday,
        time_of_day(entry.start_time_of_day, "timetable_entry.start_time_of_day"),
        time_of_day(entry.end_time_of_day, "timetable_entry.end_time_of_day"),
    )


def _suggestion_to_proto(found: Suggestion) -> pb.SuggestAlternativesResponse:
    return pb.SuggestAlternativesResponse(
        alternatives=[
            pb.SuggestAlternativesResponse.Alternative(
                place=_place_to_proto(place),
                cost=one.cost,
                changes=[
                    pb.SuggestAlternativesResponse.Change(rule=change.rule.value, cost=change.cost, texts=change.texts)
                    for change in one.changes
                ],
            )
            for place, one in found.alternatives
        ],
        obstacles=[
            pb.SuggestAlternativesResponse.Obstacle(text=one.text, start_count=one.starts) for one in found.obstacles
        ],
        wanted_time=_freed_to_proto(found.freed) if found.is_wanted else None,
    )


def _freed_to_proto(freed: Freed | None) -> pb.SuggestAlternativesResponse.WantedTime:
    if freed is None:
        return pb.SuggestAlternativesResponse.WantedTime(possible=False)
    return pb.SuggestAlternativesResponse.WantedTime(
        possible=True, fewest_proven=freed.fewest_proven, moves=map(_move_to_proto, freed.moves), cost=freed.cost
    )


def _move_to_proto(move: LessonMove) -> pb.LessonMove:
    return pb.LessonMove(
        lesson_id=str(move.lesson_id),
        lesson_name=move.name,
        before=None if move.before is None else _place_to_proto(move.before),
        after=None if move.after is None else _place_to_proto(move.after),
    )


def _place_to_proto(place: WeeklyPlace) -> pb.WeeklyPlace:
    return pb.WeeklyPlace(
        weekday=place.weekday,
        start_time_of_day=f"{place.start:%H:%M}",
        end_time_of_day=f"{place.end:%H:%M}",
        room_id=str(place.room_id),
        room_code=place.room_code,
    )
