"""Messages of EnrolmentsService from and to rows."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hub.courses import queries
from hub.courses.models import Enrolment, EnrolmentException, TrainerLoan
from hub.courses.rules import EnrolmentState, ExceptionKind
from hub.courses.service.exceptions import ExceptionDraft
from hub.courses.service.loans import LoanDraft
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.fields import from_date, from_optional_date, parse_uuid, to_date
from smartroster.courses.v1 import enrolments_pb2 as pb

_KINDS = {pb.EnrolmentException.Kind.Value(f"KIND_{kind}"): kind for kind in ExceptionKind}
_STATES = {pb.Enrolment.State.Value(f"STATE_{state}"): state for state in EnrolmentState}
_NOBODY = UUID(int=0)


def enrolment_state(value: pb.Enrolment.State) -> EnrolmentState | None:
    """The state to filter by; None for all."""
    if value and value not in _STATES:
        raise InvalidArgument.of("state", f"is none: give one of {', '.join(EnrolmentState)}")
    return _STATES.get(value)


def exception_draft(exception: pb.EnrolmentException, *, fields: frozenset[str] | None = None) -> ExceptionDraft:
    """What is wanted; with `fields` only those of them need be right, and whom it is about is not read."""
    path = "enrolment_exception"
    if fields is not None:
        return ExceptionDraft(
            enrolment_id=_NOBODY,
            trainee_id=_NOBODY,
            kind=ExceptionKind.ADDED,
            start_date=_wanted_date(exception.start_date, "start_date", path, fields),
            end_date=from_optional_date(exception.end_date, f"{path}.end_date"),
            reason=exception.reason,
        )
    kind = _KINDS.get(exception.kind)
    if kind is None:
        raise InvalidArgument.of(f"{path}.kind", f"is required: give one of {', '.join(ExceptionKind)}")
    return ExceptionDraft(
        enrolment_id=parse_uuid(exception.enrolment_id, f"{path}.enrolment_id"),
        trainee_id=parse_uuid(exception.trainee_id, f"{path}.trainee_id"),
        kind=kind,
        start_date=from_date(exception.start_date, f"{path}.start_date"),
        end_date=from_optional_date(exception.end_date, f"{path}.end_date"),
        reason=exception.reason,
    )


def loan_draft(loan: pb.TrainerLoan, *, fields: frozenset[str] | None = None) -> LoanDraft:
    """What is wanted; with `fields` only those of them need be right, and whom it is about is not read."""
    path = "trainer_loan"
    return LoanDraft(
        trainer_id=parse_uuid(loan.trainer_id, f"{path}.trainer_id") if fields is None else _NOBODY,
        department_id=parse_uuid(loan.department_id, f"{path}.department_id") if fields is None else _NOBODY,
        start_date=_wanted_date(loan.start_date, "start_date", path, fields),
        end_date=from_optional_date(loan.end_date, f"{path}.end_date"),
        reason=loan.reason,
    )


async def enrolments_to_proto(uow: UnitOfWork, enrolments: Sequence[Enrolment]) -> list[pb.Enrolment]:
    """With the academic years of their terms, in one query for all."""
    years = await queries.academic_years_of(uow, [enrolment.term_id for enrolment in enrolments])
    return [
        pb.Enrolment(
            id=str(enrolment.id),
            class_group_id=str(enrolment.class_group_id),
            course_id=str(enrolment.course_id),
            term_id=str(enrolment.term_id),
            trainer_id=str(enrolment.trainer_id),
            state=f"STATE_{enrolment.state}",
            etag=str(enrolment.etag),
            programme_course_id=str(enrolment.programme_course_id),
            academic_year_id=str(years[enrolment.term_id]),
            cancel_reason=enrolment.cancel_reason,
        )
        for enrolment in enrolments
    ]


def exception_to_proto(exception: EnrolmentException) -> pb.EnrolmentException:
    return pb.EnrolmentException(
        id=str(exception.id),
        enrolment_id=str(exception.enrolment_id),
        trainee_id=str(exception.trainee_id),
        kind=f"KIND_{exception.kind}",
        start_date=to_date(exception.start_date),
        end_date=to_date(exception.end_date),
        reason=exception.reason,
        etag=str(exception.etag),
    )


def loan_to_proto(loan: TrainerLoan) -> pb.TrainerLoan:
    return pb.TrainerLoan(
        id=str(loan.id),
        trainer_id=str(loan.trainer_id),
        department_id=str(loan.department_id),
        start_date=to_date(loan.start_date),
        end_date=to_date(loan.end_date),
        reason=loan.reason,
        etag=str(loan.etag),
    )


def _wanted_date(value: str, field: str, path: str, fields: frozenset[str] | None) -> date:
    if fields is not None and field not in fields:
        return date.min
    return from_date(value, f"{path}.{field}")
