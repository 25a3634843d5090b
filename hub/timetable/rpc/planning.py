"""PlanningService on the wire."""

from datetime import timedelta
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.jobs.wire import job_to_proto
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_duration, parse_optional_uuid, parse_uuid, to_duration
from hub.school import queries as school_queries
from hub.timetable import facts, queries
from hub.timetable.policy import ConflictRule, DayPattern, Period, TimetablePolicy
from hub.timetable.service import checking, generation, planning_rules
from hub.timetable.wire import conflict_to_proto, entry_to_proto, time_of_day
from smartroster.jobs.v1 import jobs_pb2
from smartroster.timetable.v1 import planning_pb2 as pb
from smartroster.timetable.v1 import planning_pb2_grpc, timetable_pb2

Context = grpc.aio.ServicerContext[Any, Any]

_PERIODS = "day_pattern.days.periods"


class PlanningServicer(planning_pb2_grpc.PlanningServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def GetDayPattern(self, request: pb.GetDayPatternRequest, context: Context) -> pb.DayPattern:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return _pattern_to_proto(*await facts.day_pattern(uow))

    async def UpdateDayPattern(self, request: pb.UpdateDayPatternRequest, context: Context) -> pb.DayPattern:
        check_mask(request.update_mask, ("days",))
        wanted = request.day_pattern
        async with self._db.unit_of_work(current_principal()) as uow:
            return _pattern_to_proto(
                *await planning_rules.replace_day_pattern(uow, pattern=_pattern(wanted), etag=wanted.etag)
            )

    async def GetTimetablePolicy(self, request: pb.GetTimetablePolicyRequest, context: Context) -> pb.TimetablePolicy:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return _policy_to_proto(*await facts.policy(uow))

    async def UpdateTimetablePolicy(
        self, request: pb.UpdateTimetablePolicyRequest, context: Context
    ) -> pb.TimetablePolicy:
        fields = check_mask(request.update_mask, planning_rules.POLICY_FIELDS)
        wanted = request.timetable_policy
        async with self._db.unit_of_work(current_principal()) as uow:
            now, _ = await facts.policy(uow)
            return _policy_to_proto(
                *await planning_rules.replace_policy(uow, wanted=_policy(wanted, now, fields), etag=wanted.etag)
            )

    async def GenerateTimetable(self, request: pb.GenerateTimetableRequest, context: Context) -> jobs_pb2.Job:
        order = generation.Order(
            term_id=parse_uuid(request.term_id, "term_id"),
            base_version_id=parse_optional_uuid(request.base_version_id, "base_version_id"),
            seconds=int(from_duration(request.time_limit, "time_limit").total_seconds()),
            moves=request.moves,
            seed=request.seed or 1,
            cores=request.cores,
            resemble=request.resemble,
            title=request.title,
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            return job_to_proto(await generation.submit(uow, order))

    async def CheckTimetableVersion(
        self, request: pb.CheckTimetableVersionRequest, context: Context
    ) -> pb.CheckTimetableVersionResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            version_id = parse_uuid(request.timetable_version_id, "timetable_version_id")
            version = await queries.get_visible_version(uow, version_id, current_scope())
            state = version.state_on(await school_queries.today(uow)).name
            entries, found = await checking.check_version(uow, version)
        return pb.CheckTimetableVersionResponse(
            entries=[
                pb.EntryConflicts(
                    timetable_entry=entry_to_proto(entry, state),
                    conflicts=map(conflict_to_proto, found[entry.id]),
                )
                for entry in entries
                if entry.id in found
            ],
            entry_count=len(entries),
        )


def _pattern(wanted: pb.DayPattern) -> DayPattern:
    days: dict[int, list[Period]] = {}
    for day in wanted.days:
        if day.weekday in days:
            raise InvalidArgument.of("day_pattern.days", f"weekday {day.weekday} is there twice: give its periods once")
        days[day.weekday] = [
            Period(
                time_of_day(one.start_time_of_day, f"{_PERIODS}.start_time_of_day"),
                time_of_day(one.end_time_of_day, f"{_PERIODS}.end_time_of_day"),
                one.is_break,
                one.is_lunch,
                one.name.strip(),
            )
            for one in day.periods
        ]
    return DayPattern(days)


def _pattern_to_proto(pattern: DayPattern, etag: str) -> pb.DayPattern:
    return pb.DayPattern(
        days=[
            pb.PatternDay(
                weekday=weekday,
                periods=[
                    pb.Period(
                        start_time_of_day=period.start.isoformat(),
                        end_time_of_day=period.end.isoformat(),
                        is_break=period.is_break,
                        is_lunch=period.is_lunch,
                        name=period.name,
                    )
                    for period in periods
                ],
            )
            for weekday, periods in sorted(pattern.days.items())
        ],
        etag=etag,
    )


def _policy(wanted: pb.TimetablePolicy, now: TimetablePolicy, fields: frozenset[str]) -> TimetablePolicy:
    """The policy with the named fields as wanted and the others as they are now."""
    minutes = {
        name: _minutes(getattr(wanted, name), name) if name in fields else getattr(now, f"{short}_minutes")
        for name, short in (
            ("max_daily_group_load", "max_daily_group"),
            ("max_daily_trainer_load", "max_daily_trainer"),
            ("max_consecutive", "max_consecutive"),
        )
    }
    return TimetablePolicy(
        hard=frozenset(map(_rule, wanted.hard_rules)) if "hard_rules" in fields else now.hard,
        weights=(
            {**now.weights, **{one.rule.strip().lower(): one.cost for one in wanted.weights}}
            if "weights" in fields
            else now.weights
        ),
        max_daily_group_minutes=minutes["max_daily_group_load"],
        max_daily_trainer_minutes=minutes["max_daily_trainer_load"],
        max_consecutive_minutes=minutes["max_consecutive"],
    )


def _rule(rule: timetable_pb2.Conflict.Rule) -> ConflictRule:
    if rule == timetable_pb2.Conflict.RULE_UNSPECIFIED:
        raise InvalidArgument.of("timetable_policy.hard_rules", "has one that is not told: leave it out")
    return ConflictRule[timetable_pb2.Conflict.Rule.Name(rule).removeprefix("RULE_")]


def _policy_to_proto(policy: TimetablePolicy, etag: str) -> pb.TimetablePolicy:
    return pb.TimetablePolicy(
        hard_rules=[f"RULE_{rule.value}" for rule in sorted(policy.hard)],
        weights=[pb.TimetablePolicy.Weight(rule=rule, cost=cost) for rule, cost in sorted(policy.weights.items())],
        max_daily_group_load=to_duration(timedelta(minutes=policy.max_daily_group_minutes)),
        max_daily_trainer_load=to_duration(timedelta(minutes=policy.max_daily_trainer_minutes)),
        max_consecutive=to_duration(timedelta(minutes=policy.max_consecutive_minutes)),
        etag=etag,
    )


def _minutes(length: Duration, field: str) -> int:
    return int(from_duration(length, f"timetable_policy.{field}").total_seconds()) // 60
