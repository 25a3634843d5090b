# ruff: noqa: ANN401 (fields by name)
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from hub.courses import queries
from hub.courses.errors import TrainerLoanInUse, TrainerLoanInvalid, TrainerLoansOverlap
from hub.courses.models import TrainerLoan
from hub.courses.rules import EnrolmentState
from hub.courses.service import enrolments, loans
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import scope_of
from tests.factories.courses import make_course, make_enrolment, make_loan
from tests.factories.school import make_department
from tests.factories.users import make_admin, make_hod, make_trainee, make_trainer, principal_of


async def _update(uow: UnitOfWork, loan: TrainerLoan, **change: Any) -> TrainerLoan:
    draft = loans.LoanDraft(
        trainer_id=loan.trainer_id,
        department_id=loan.department_id,
        start_date=loan.start_date,
        end_date=loan.end_date,
        reason=loan.reason,
    )
    return await loans.update_loan(
        uow, loan_id=loan.id, wanted=replace(draft, **change), fields=frozenset(change), etag=""
    )


async def test_bad_loans_are_refused(uow: UnitOfWork) -> None:
    home, other = await make_department(uow), await make_department(uow)
    trainer, trainee = await make_trainer(uow, department_id=home.id), await make_trainee(uow)
    for overrides, field in (
        ({"trainer_id": trainee.id}, "trainer_id"),
        ({"department_id": home.id}, "department_id"),
        ({"end_date": date(2026, 1, 4)}, "end_date"),
        ({"reason": 501 * "x"}, "reason"),
    ):
        values: dict[str, Any] = {"trainer_id": trainer.id, "department_id": other.id} | overrides
        with pytest.raises(TrainerLoanInvalid) as refused:
            await make_loan(uow, **values)
        assert [violation.field for violation in refused.value.violations] == [f"trainer_loan.{field}"]


async def test_loans_to_one_department_do_not_overlap(uow: UnitOfWork) -> None:
    trainer, department = await make_trainer(uow), await make_department(uow)
    ids = {"trainer_id": trainer.id, "department_id": department.id}
    first = await make_loan(uow, **ids, end_date=date(2026, 3, 31))
    with pytest.raises(TrainerLoansOverlap):
        await make_loan(uow, **ids, start_date=date(2026, 3, 31))
    await make_loan(uow, **ids, start_date=date(2026, 4, 1))
    with pytest.raises(TrainerLoansOverlap):
        await _update(uow, first, end_date=date(2026, 4, 1))
    await make_loan(uow, trainer_id=trainer.id, department_id=(await make_department(uow)).id)


async def test_a_loan_that_enrolments_rest_on_can_not_be_taken_away(uow: UnitOfWork) -> None:
    course, trainer = await make_course(uow), await make_trainer(uow)
    loan = await make_loan(uow, trainer_id=trainer.id, department_id=course.department_id)
    enrolment = await make_enrolment(uow, course_id=course.id, trainer_id=trainer.id)
    with pytest.raises(TrainerLoanInUse, match="1 enrolments"):
        await loans.delete_loan(uow, loan_id=loan.id, etag="")
    with pytest.raises(TrainerLoanInUse):
        async with uow.savepoint():
            await _update(uow, loan, end_date=date(2026, 4, 9))
    await uow.session.refresh(loan)
    await _update(uow, loan, end_date=date(2026, 4, 10), reason="to the end of the term")
    await enrolments.move_by_hand(
        uow, enrolment_id=enrolment.id, after=EnrolmentState.CANCELLED, etag="", reason="Nobody came."
    )
    await loans.delete_loan(uow, loan_id=loan.id, etag="")
    assert list(await uow.session.scalars(select(TrainerLoan))) == []


async def test_everyone_sees_just_the_loans_the_scope_allows(uow: UnitOfWork) -> None:
    lender, borrower = await make_department(uow), await make_department(uow)
    lent = await make_trainer(uow, department_id=lender.id)
    loan = await make_loan(uow, trainer_id=lent.id, department_id=borrower.id, end_date=date(2026, 3, 1))
    elsewhere = await make_trainer(uow)
    other = await make_loan(uow, trainer_id=elsewhere.id, department_id=(await make_department(uow)).id)
    for caller, visible in (
        (lent, {loan.id}),
        (elsewhere, {other.id}),
        (await make_hod(uow, department_id=lender.id), {loan.id}),
        (await make_hod(uow, department_id=borrower.id), {loan.id}),
        (await make_admin(uow), {loan.id, other.id}),
    ):
        scope = scope_of(principal_of(caller), "/smartroster.courses.v1.EnrolmentsService/ListTrainerLoans")
        query = queries.select_loans(scope, trainer_id=None, department_id=None, on=None)
        assert {row.id for row in await uow.session.scalars(query)} == visible, caller.display_name
        today = queries.select_loans(scope, trainer_id=None, department_id=None, on=date(2026, 3, 2))
        assert {row.id for row in await uow.session.scalars(today)} == visible - {loan.id}, caller.display_name
