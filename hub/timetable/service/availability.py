"""When trainers can teach: their weekly windows and absences."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.rpc.permissions import Reach, Scope
from hub.school import queries as school_queries
from hub.timetable.errors import AvailabilityOverlap, NotOwnAvailability, TrainerAbsenceNotFound, TrainerAbsencesOverlap
from hub.timetable.models import TrainerAbsence, TrainerAvailability
from hub.timetable.service.rooms import weekly_problems
from hub.users.errors import UserNotFound
from hub.users.models import HodProfile, TrainerProfile

_WINDOWS = "trainer_availability.windows"


async def visible_availability(
    uow: UnitOfWork, *, trainer_id: UUID, term_id: UUID | None, scope: Scope
) -> TrainerAvailability | None:
    """The stored windows for one term, or those for all terms; None when there are none.

    Raises:
        UserNotFound: there is no such trainer, or not one whose times the caller may see.
    """
    seen = await uow.session.scalar(
        select(TrainerProfile.user_id).where(
            TrainerProfile.user_id == trainer_id, visible(scope, TrainerProfile.user_id)
        )
    )
    if seen is None:
        raise UserNotFound(f"There is no trainer {trainer_id}, or not one whose times you may see.")
    found: TrainerAvailability | None = await uow.session.scalar(
        select(TrainerAvailability).where(
            TrainerAvailability.trainer_id == trainer_id,
            TrainerAvailability.term_id.is_(None) if term_id is None else TrainerAvailability.term_id == term_id,
        )
    )
    return found


async def replace_windows(
    uow: UnitOfWork,
    *,
    trainer_id: UUID,
    term_id: UUID | None,
    windows: Sequence[dict[str, Any]],
    etag: str,
    scope: Scope,
) -> TrainerAvailability:
    """Store a trainer's windows ({"weekday", "start", "end", "kind"}) for one term, or for all of them.

    Raises:
        UserNotFound, TermNotFound, EtagStale, NotOwnAvailability: as their names say.
        AvailabilityOverlap: two windows overlap, of this set or of this set and one that holds in the same term.
    """
    check_own(scope, trainer_id)
    await _check_trainer(uow, trainer_id)
    if term_id is not None:
        await school_queries.get_term(uow, term_id)
    await _one_at_a_time(uow, trainer_id)
    stored = list(
        await uow.session.scalars(select(TrainerAvailability).where(TrainerAvailability.trainer_id == trainer_id))
    )
    kept = [row for row in stored if row.term_id != term_id and (term_id is None or row.term_id is None)]
    problems = weekly_problems(list(windows)) or [
        problem for row in kept for problem in weekly_problems([*windows, *row.windows])
    ]
    if problems:
        raise AvailabilityOverlap(
            f"The windows can't be stored: {'; '.join(problems)}.",
            violations=[FieldViolation(_WINDOWS, problem) for problem in problems],
        )
    row = next((row for row in stored if row.term_id == term_id), None)
    before = {"windows": row.windows} if row else None
    if row is None:
        check_etag(0, etag)
        row = TrainerAvailability(trainer_id=trainer_id, term_id=term_id, windows=[])
        uow.session.add(row)
    else:
        check_etag(row.etag, etag)
    row.windows = sorted(windows, key=lambda one: (one["weekday"], one["start"]))
    await uow.session.flush()
    uow.audit(
        "timetable.update_availability",
        object_type="trainer_availability",
        object_id=row.id,
        before=before,
        after={"trainer_id": trainer_id, "term_id": term_id, "windows": row.windows},
    )
    return row


async def create_absence(
    uow: UnitOfWork, *, trainer_id: UUID, start_date: date, end_date: date, reason: str, scope: Scope
) -> TrainerAbsence:
    """Record that a trainer is away.

    Raises:
        UserNotFound, NotOwnAvailability: as their names say.
        TrainerAbsencesOverlap: the days are none, or the trainer is recorded as away on one of them.
    """
    check_own(scope, trainer_id)
    await _check_trainer(uow, trainer_id)
    if start_date > end_date:
        raise TrainerAbsencesOverlap.of("trainer_absence.end_date", "must not be before the start date")
    await _one_at_a_time(uow, trainer_id)
    other = await uow.session.scalar(
        select(TrainerAbsence).where(
            TrainerAbsence.trainer_id == trainer_id,
            TrainerAbsence.start_date <= end_date,
            TrainerAbsence.end_date >= start_date,
        )
    )
    if other is not None:
        raise TrainerAbsencesOverlap.of(
            "trainer_absence.start_date",
            f"the trainer is away already from {other.start_date} to {other.end_date}: delete that absence first",
        )
    absence = TrainerAbsence(trainer_id=trainer_id, start_date=start_date, end_date=end_date, reason=reason.strip())
    uow.session.add(absence)
    await uow.session.flush()
    uow.audit(
        "timetable.create_absence", object_type="trainer_absence", object_id=absence.id, after=_absence_values(absence)
    )
    return absence


async def delete_absence(uow: UnitOfWork, *, absence_id: UUID, scope: Scope) -> TrainerAbsence:
    """Take an absence back; TrainerAbsenceNotFound when the caller can see none."""
    absence = await uow.session.scalar(
        select(TrainerAbsence).where(TrainerAbsence.id == absence_id, visible(scope, TrainerAbsence.trainer_id))
    )
    if absence is None:
        raise TrainerAbsenceNotFound(f"There is no absence {absence_id} that you may see: list them to find it.")
    check_own(scope, absence.trainer_id)
    await uow.session.delete(absence)
    uow.audit(
        "timetable.delete_absence", object_type="trainer_absence", object_id=absence.id, before=_absence_values(absence)
    )
    return absence


def check_own(scope: Scope, trainer_id: UUID) -> None:
    """NotOwnAvailability unless it is the caller's own or the caller plans for the whole school."""
    if not scope.everything and scope.principal.id != trainer_id:
        raise NotOwnAvailability("You may give your own times alone: ask the deputy principal for others'.")


def select_availabilities(
    scope: Scope, *, trainer_id: UUID | None, term_id: UUID | None
) -> Select[TrainerAvailability]:
    query = select(TrainerAvailability).where(visible(scope, TrainerAvailability.trainer_id))
    if trainer_id is not None:
        query = query.where(TrainerAvailability.trainer_id == trainer_id)
    if term_id is not None:
        query = query.where(or_(TrainerAvailability.term_id.is_(None), TrainerAvailability.term_id == term_id))
    return query


def select_absences(
    scope: Scope, *, trainer_id: UUID | None, start: date | None, end: date | None
) -> Select[TrainerAbsence]:
    query = select(TrainerAbsence).where(visible(scope, TrainerAbsence.trainer_id))
    if trainer_id is not None:
        query = query.where(TrainerAbsence.trainer_id == trainer_id)
    if start is not None:
        query = query.where(TrainerAbsence.end_date >= start)
    return query if end is None else query.where(TrainerAbsence.start_date <= end)


def visible(scope: Scope, trainer_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whose times the caller may see: one's own, those of the department's trainers, or all."""
    if scope.everything:
        return true()
    reaches: list[ColumnElement[bool]] = [false()]
    if Reach.SELF in scope:
        reaches.append(trainer_id == scope.principal.id)
    if Reach.DEPARTMENT in scope:
        reaches.append(
            trainer_id.in_(
                select(TrainerProfile.user_id)
                .join(HodProfile, HodProfile.department_id == TrainerProfile.department_id)
                .where(HodProfile.user_id == scope.principal.id)
            )
        )
    return or_(*reaches)


async def _check_trainer(uow: UnitOfWork, user_id: UUID) -> None:
    found = await uow.session.scalar(select(TrainerProfile.user_id).where(TrainerProfile.user_id == user_id))
    if found is None:
        raise UserNotFound(f"There is no trainer {user_id}: only trainers have times at which they teach.")


async def _one_at_a_time(uow: UnitOfWork, trainer_id: UUID) -> None:
    # Two writers at once would not see each other's windows.
    await uow.take_turn(f"trainer times {trainer_id}")


def _absence_values(absence: TrainerAbsence) -> dict[str, Any]:
    return {
        "trainer_id": absence.trainer_id,
        "start_date": absence.start_date,
        "end_date": absence.end_date,
        "reason": absence.reason,
    }
