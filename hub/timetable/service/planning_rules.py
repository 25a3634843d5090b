"""The school's day pattern and timetable policy: kept as one row each."""

from collections.abc import Mapping
from typing import Any

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.timetable.errors import DayPatternInvalid, TimetablePolicyInvalid
from hub.timetable.facts import DAY_PATTERN, POLICY
from hub.timetable.models import PlanningRules
from hub.timetable.policy import DayPattern, TimetablePolicy

POLICY_FIELDS = (
    "hard_rules", "weights", "max_daily_group_load", "max_daily_trainer_load", "max_consecutive",
)  # fmt: skip


async def replace_day_pattern(uow: UnitOfWork, *, pattern: DayPattern, etag: str) -> tuple[DayPattern, str]:
    """Store the pattern, each day's periods by start.

    Raises:
        EtagStale, DayPatternInvalid: as their names say.
    """
    if problems := pattern.problems():
        raise DayPatternInvalid(
            f"The day pattern can't be stored: {'; '.join(problems)}.",
            violations=[FieldViolation("day_pattern.days", problem) for problem in problems],
        )
    ordered = DayPattern(
        {day: sorted(periods, key=lambda period: period.start) for day, periods in pattern.days.items() if periods}
    )
    return ordered, await _store(uow, DAY_PATTERN, ordered.to_json(), etag)


async def replace_policy(uow: UnitOfWork, *, wanted: TimetablePolicy, etag: str) -> tuple[TimetablePolicy, str]:
    """Store the policy.

    Raises:
        EtagStale, TimetablePolicyInvalid: as their names say.
    """
    if problems := wanted.problems():
        raise TimetablePolicyInvalid(
            f"The policy can't be stored: {'; '.join(f'{field} {text}' for field, text in problems.items())}.",
            violations=[FieldViolation(f"timetable_policy.{field}", text) for field, text in problems.items()],
        )
    return wanted, await _store(uow, POLICY, wanted.to_json(), etag)


async def _store(uow: UnitOfWork, key: str, values: Mapping[str, Any], etag: str) -> str:
    row = await uow.session.get(PlanningRules, key)
    check_etag(row.etag if row else 0, etag)
    before = None if row is None else row.values
    if row is None:
        row = PlanningRules(id=key, values=dict(values))
        uow.session.add(row)
    else:
        row.values = dict(values)
    await uow.session.flush()
    uow.audit(f"timetable.update_{key}", object_type=key, object_id=key, before=before, after=values)
    return str(row.etag)
