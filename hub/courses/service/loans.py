"""Trainers lent to other departments."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hub.courses import queries
from hub.courses.errors import TrainerLoanInUse, TrainerLoanInvalid, TrainerLoanNotFound, TrainerLoansOverlap
from hub.courses.models import TrainerLoan
from hub.courses.service.changes import change, refuse, remove, store, too_long, values_of
from hub.courses.service.staffing import lock_trainers, remaining_days
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school import queries as school_queries
from hub.school.rules import Period
from hub.users import queries as users_queries
from hub.users.rules import Role

LOAN_FIELDS = ("start_date", "end_date", "reason")
_PATH = "trainer_loan"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanDraft:
    """Both days inclusive; `end_date` None: until further notice."""

    trainer_id: UUID
    department_id: UUID
    start_date: date
    end_date: date | None = None
    reason: str = ""


async def create_loan(uow: UnitOfWork, *, draft: LoanDraft) -> TrainerLoan:
    """Lend a trainer to another department for some days.

    Raises:
        UserNotFound, DepartmentNotFound: as their names say.
        TrainerLoanInvalid: no trainer, the trainer's own department, or an end before the start.
        TrainerLoansOverlap: the trainer is lent there already on one of the days.
    """
    trainer = await users_queries.get_user(uow, draft.trainer_id)
    department = await school_queries.get_department(uow, draft.department_id)
    violations = _day_violations(draft.start_date, draft.end_date) + too_long(f"{_PATH}.reason", draft.reason)
    if trainer.trainer is None or Role.TRAINER not in trainer.roles:
        violations.append(FieldViolation(f"{_PATH}.trainer_id", f"{trainer.display_name} is no trainer: choose one"))
    elif trainer.trainer.department_id == department.id:
        violations.append(
            FieldViolation(
                f"{_PATH}.department_id",
                f"{trainer.display_name} is of {department.name}: no loan is needed, or choose another department",
            )
        )
    refuse(TrainerLoanInvalid, "loan", violations)
    await lock_trainers(uow, [trainer.id])
    values = values_of(draft, ("trainer_id", "department_id", *LOAN_FIELDS))
    loan = TrainerLoan(**values)
    await _refuse_overlap(uow, loan, own_id=None)
    await store(uow, "trainer_loan", loan, values)
    return loan


async def update_loan(
    uow: UnitOfWork, *, loan_id: UUID, wanted: LoanDraft, fields: frozenset[str], etag: str
) -> TrainerLoan:
    """Change the named fields of LOAN_FIELDS.

    Raises:
        TrainerLoanNotFound, EtagStale, TrainerLoanInvalid, TrainerLoansOverlap: as at the creation.
        TrainerLoanInUse: live enrolments rest on days that would be taken away.
    """
    loan = await _get(uow, loan_id, etag)
    after: dict[str, Any] = {field: getattr(wanted, field) for field in fields}
    start_date, end_date = after.get("start_date", loan.start_date), after.get("end_date", loan.end_date)
    reason = too_long(f"{_PATH}.reason", after.get("reason", ""))
    refuse(TrainerLoanInvalid, "loan", _day_violations(start_date, end_date) + reason)
    await change(uow, "trainer_loan", loan, after)
    await _refuse_overlap(uow, loan, own_id=loan.id)
    await _refuse_stranded(uow, loan, loan.period)
    return loan


async def delete_loan(uow: UnitOfWork, *, loan_id: UUID, etag: str) -> None:
    """Delete a loan; TrainerLoanInUse when live enrolments rest on it."""
    loan = await _get(uow, loan_id, etag)
    await _refuse_stranded(uow, loan, None)
    await remove(uow, "trainer_loan", loan, values_of(loan, ("trainer_id", "department_id", *LOAN_FIELDS)))


async def _get(uow: UnitOfWork, loan_id: UUID, etag: str) -> TrainerLoan:
    loan = await uow.session.get(TrainerLoan, loan_id)
    if loan is None:
        raise TrainerLoanNotFound(f"There is no loan {loan_id}: list the loans to find the right id.")
    await lock_trainers(uow, [loan.trainer_id])
    check_etag(loan.etag, etag)
    return loan


def _day_violations(start_date: date, end_date: date | None) -> list[FieldViolation]:
    if end_date is None or start_date <= end_date:
        return []
    return [FieldViolation(f"{_PATH}.end_date", "must not be before the start date")]


async def _refuse_overlap(uow: UnitOfWork, loan: TrainerLoan, *, own_id: UUID | None) -> None:
    others = select(TrainerLoan).where(
        TrainerLoan.trainer_id == loan.trainer_id,
        TrainerLoan.department_id == loan.department_id,
        or_(TrainerLoan.end_date.is_(None), TrainerLoan.end_date >= loan.start_date),
    )
    if loan.end_date is not None:
        others = others.where(TrainerLoan.start_date <= loan.end_date)
    if own_id is not None:
        others = others.where(TrainerLoan.id != own_id)
    other = (await uow.session.scalars(others)).first()
    if other is not None:
        raise TrainerLoansOverlap.of(
            f"{_PATH}.start_date",
            f"the trainer is lent there already from {other.start_date} to {other.end_date or 'further notice'}: "
            "change that loan instead",
        )


async def _refuse_stranded(uow: UnitOfWork, loan: TrainerLoan, period: Period | None) -> None:
    """TrainerLoanInUse when an enrolment of what is still to come is no longer covered."""
    today = await school_queries.today(uow)
    resting = [
        term
        for term in await queries.terms_taught(uow, trainer_id=loan.trainer_id, department_id=loan.department_id)
        if period is None or not period.holds(remaining_days(term.period, today))
    ]
    if resting:
        days = ", ".join(sorted({f"{term.start_date} to {term.end_date}" for term in resting}))
        raise TrainerLoanInUse(
            f"{len(resting)} enrolments rest on this loan, in the terms {days}: give them other trainers first."
        )
