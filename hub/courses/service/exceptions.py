"""Single trainees added to or left out of an enrolment, with dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hub.courses import queries
from hub.courses.errors import (
    EnrolmentEnded,
    EnrolmentExceptionNotFound,
    EnrolmentInvalid,
    ExceptionBegun,
    ExceptionsOverlap,
)
from hub.courses.events import ExpectedTraineesChanged
from hub.courses.models import Enrolment, EnrolmentException
from hub.courses.rules import LIVE, ExceptionKind, changed_days
from hub.courses.service.changes import change, refuse, remove, store, too_long, values_of
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.rules import Period
from hub.users import queries as users_queries
from hub.users.rules import Role

EXCEPTION_FIELDS = ("start_date", "end_date", "reason")
_PATH = "enrolment_exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionDraft:
    """Both days inclusive; `end_date` None: to the end of the term."""

    enrolment_id: UUID
    trainee_id: UUID
    kind: ExceptionKind
    start_date: date
    end_date: date | None = None
    reason: str = ""


async def create_exception(uow: UnitOfWork, *, draft: ExceptionDraft) -> EnrolmentException:
    """Add a trainee to an enrolment, or leave one out, for some days.

    Raises:
        EnrolmentNotFound, UserNotFound: as their names say.
        EnrolmentEnded: the enrolment is cancelled or completed.
        EnrolmentInvalid: no trainee, or days outside of the term.
        ExceptionsOverlap: the trainee has another exception on one of the days.
    """
    enrolment = await _live_enrolment(uow, draft.enrolment_id)
    trainee = await users_queries.get_user(uow, draft.trainee_id)
    violations = await _day_violations(uow, enrolment, draft.start_date, draft.end_date)
    violations += too_long(f"{_PATH}.reason", draft.reason)
    if Role.TRAINEE not in trainee.roles:
        violations.insert(0, FieldViolation(f"{_PATH}.trainee_id", f"{trainee.display_name} is no trainee: choose one"))
    refuse(EnrolmentInvalid, "exception", violations)
    await _refuse_overlap(
        uow, enrolment.id, trainee.id, start_date=draft.start_date, end_date=draft.end_date, own_id=None
    )
    values: dict[str, Any] = {
        "enrolment_id": enrolment.id,
        "trainee_id": trainee.id,
        "kind": draft.kind,
        "start_date": draft.start_date,
        "end_date": draft.end_date,
        "reason": draft.reason,
    }
    exception = EnrolmentException(**values)
    await store(uow, "enrolment_exception", exception, values)
    _tell(uow, exception, draft.start_date, draft.end_date)
    return exception


async def update_exception(
    uow: UnitOfWork, *, exception_id: UUID, wanted: ExceptionDraft, fields: frozenset[str], etag: str
) -> EnrolmentException:
    """Change the named fields of EXCEPTION_FIELDS. Days that are over stay as they were.

    Raises:
        EnrolmentExceptionNotFound, EtagStale, EnrolmentEnded, EnrolmentInvalid, ExceptionsOverlap: as at the creation.
        ExceptionBegun: a day that is over would change.
    """
    exception, enrolment = await _get(uow, exception_id, etag)
    before = values_of(exception, EXCEPTION_FIELDS)
    after = before | {field: getattr(wanted, field) for field in fields}
    start_date, end_date = after["start_date"], after["end_date"]
    violations = await _day_violations(uow, enrolment, start_date, end_date)
    refuse(EnrolmentInvalid, "exception", violations + too_long(f"{_PATH}.reason", after["reason"]))
    term = await school_queries.get_term(uow, enrolment.term_id)
    today = await school_queries.today(uow)
    changed = changed_days(
        Period(before["start_date"], before["end_date"] or term.end_date), Period(start_date, end_date or term.end_date)
    )
    if changed and changed.first < today:
        raise ExceptionBegun(
            f"{changed.first} is over, and who was expected then is settled: change only days from {today} on."
        )
    await _refuse_overlap(
        uow, enrolment.id, exception.trainee_id, start_date=start_date, end_date=end_date, own_id=exception.id
    )
    await change(uow, "enrolment_exception", exception, after)
    if changed:
        _tell(uow, exception, changed.first, changed.last)
    return exception


async def delete_exception(uow: UnitOfWork, *, exception_id: UUID, etag: str) -> None:
    """Delete an exception that has not begun.

    Raises:
        EnrolmentExceptionNotFound, EtagStale, EnrolmentEnded: as their names say.
        ExceptionBegun: give it an end instead.
    """
    exception, _ = await _get(uow, exception_id, etag)
    if exception.start_date <= await school_queries.today(uow):
        raise ExceptionBegun(f"This has held since {exception.start_date}: give it an end date instead.")
    await remove(
        uow,
        "enrolment_exception",
        exception,
        values_of(exception, ("enrolment_id", "trainee_id", "kind", *EXCEPTION_FIELDS)),
    )
    _tell(uow, exception, exception.start_date, exception.end_date)


async def _get(uow: UnitOfWork, exception_id: UUID, etag: str) -> tuple[EnrolmentException, Enrolment]:
    exception = await uow.session.get(EnrolmentException, exception_id)
    if exception is None:
        raise EnrolmentExceptionNotFound(f"There is no exception {exception_id}: list those of the enrolment.")
    check_etag(exception.etag, etag)
    return exception, await _live_enrolment(uow, exception.enrolment_id)


async def _live_enrolment(uow: UnitOfWork, enrolment_id: UUID) -> Enrolment:
    # Locked: two exceptions made at once for one trainee would not see each other.
    enrolment = await queries.get_enrolment(uow, enrolment_id, lock=True)
    if enrolment.state not in LIVE:
        raise EnrolmentEnded(f"This enrolment is {enrolment.state}: nobody is expected in it any more.")
    return enrolment


async def _day_violations(
    uow: UnitOfWork, enrolment: Enrolment, start_date: date, end_date: date | None
) -> list[FieldViolation]:
    term = await school_queries.get_term(uow, enrolment.term_id)
    violations = []
    if start_date not in term.period:
        violations.append(FieldViolation(f"{_PATH}.start_date", f"is outside of the term, {term.period}"))
    if end_date is not None and not start_date <= end_date <= term.end_date:
        violations.append(FieldViolation(f"{_PATH}.end_date", f"must be from the start date to {term.end_date}"))
    return violations


async def _refuse_overlap(
    uow: UnitOfWork,
    enrolment_id: UUID,
    trainee_id: UUID,
    *,
    start_date: date,
    end_date: date | None,
    own_id: UUID | None,
) -> None:
    others = select(EnrolmentException).where(
        EnrolmentException.enrolment_id == enrolment_id,
        EnrolmentException.trainee_id == trainee_id,
        or_(EnrolmentException.end_date.is_(None), EnrolmentException.end_date >= start_date),
    )
    if end_date is not None:
        others = others.where(EnrolmentException.start_date <= end_date)
    if own_id is not None:
        others = others.where(EnrolmentException.id != own_id)
    other = (await uow.session.scalars(others)).first()
    if other is not None:
        raise ExceptionsOverlap.of(
            f"{_PATH}.start_date",
            f"the trainee is {other.kind} already from {other.start_date} to {other.end_date or 'the end of the term'}",
        )


def _tell(uow: UnitOfWork, exception: EnrolmentException, start_date: date, end_date: date | None) -> None:
    uow.publish(
        ExpectedTraineesChanged(
            **uow.new_event_args(),
            enrolment_id=exception.enrolment_id,
            trainee_id=exception.trainee_id,
            start_date=start_date,
            end_date=end_date,
        )
    )
