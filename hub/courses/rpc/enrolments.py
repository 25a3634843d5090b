"""EnrolmentsService on the wire."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.courses import queries, workbook
from hub.courses.models import Enrolment, EnrolmentException, TrainerLoan
from hub.courses.rpc.messages import (
    enrolment_state,
    enrolments_to_proto,
    exception_draft,
    exception_to_proto,
    loan_draft,
    loan_to_proto,
)
from hub.courses.rules import EnrolmentState
from hub.courses.service import enrolments, exceptions, loans, registration
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_optional_date, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from hub.spreadsheets.wire import import_updates
from smartroster.courses.v1 import enrolments_pb2 as pb
from smartroster.courses.v1 import enrolments_pb2_grpc
from smartroster.imports.v1 import imports_pb2

Context = grpc.aio.ServicerContext[Any, Any]

_ORDER = {"create_time": Enrolment.create_time, "update_time": Enrolment.update_time}
_EXCEPTION_ORDER = {
    "start_date": EnrolmentException.start_date,
    "create_time": EnrolmentException.create_time,
    "update_time": EnrolmentException.update_time,
}
_LOAN_ORDER = {
    "start_date": TrainerLoan.start_date,
    "create_time": TrainerLoan.create_time,
    "update_time": TrainerLoan.update_time,
}


class EnrolmentsServicer(enrolments_pb2_grpc.EnrolmentsServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def CreateEnrolment(self, request: pb.CreateEnrolmentRequest, context: Context) -> pb.Enrolment:
        wanted = request.enrolment
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await enrolments.create_enrolment(
                uow,
                class_group_id=parse_uuid(wanted.class_group_id, "enrolment.class_group_id"),
                course_id=parse_uuid(wanted.course_id, "enrolment.course_id"),
                term_id=parse_uuid(wanted.term_id, "enrolment.term_id"),
                trainer_id=parse_uuid(wanted.trainer_id, "enrolment.trainer_id"),
            )
            return await _one(uow, enrolment)

    async def GetEnrolment(self, request: pb.GetEnrolmentRequest, context: Context) -> pb.Enrolment:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            enrolment_id = parse_uuid(request.enrolment_id, "enrolment_id")
            return await _one(uow, await queries.get_visible_enrolment(uow, enrolment_id, current_scope()))

    async def ListEnrolments(self, request: pb.ListEnrolmentsRequest, context: Context) -> pb.ListEnrolmentsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_enrolments(
                    current_scope(),
                    term_id=parse_optional_uuid(request.term_id, "term_id"),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                    course_id=parse_optional_uuid(request.course_id, "course_id"),
                    programme_id=parse_optional_uuid(request.programme_id, "programme_id"),
                    academic_year_id=parse_optional_uuid(request.academic_year_id, "academic_year_id"),
                    state=enrolment_state(request.state),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ORDER, unique=Enrolment.id),
            )
            return pb.ListEnrolmentsResponse(enrolments=await enrolments_to_proto(uow, rows), next_page_token=token)

    async def UpdateEnrolment(self, request: pb.UpdateEnrolmentRequest, context: Context) -> pb.Enrolment:
        check_mask(request.update_mask, ["trainer_id"])
        wanted = request.enrolment
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await enrolments.change_trainer(
                uow,
                enrolment_id=parse_uuid(wanted.id, "enrolment.id"),
                trainer_id=parse_uuid(wanted.trainer_id, "enrolment.trainer_id"),
                etag=wanted.etag,
            )
            return await _one(uow, enrolment)

    async def StartEnrolment(self, request: pb.StartEnrolmentRequest, context: Context) -> pb.Enrolment:
        return await self._move(request.enrolment_id, EnrolmentState.IN_PROGRESS, request.etag)

    async def CompleteEnrolment(self, request: pb.CompleteEnrolmentRequest, context: Context) -> pb.Enrolment:
        return await self._move(request.enrolment_id, EnrolmentState.COMPLETED, request.etag)

    async def CancelEnrolment(self, request: pb.CancelEnrolmentRequest, context: Context) -> pb.Enrolment:
        return await self._move(request.enrolment_id, EnrolmentState.CANCELLED, request.etag, request.reason)

    async def _move(self, enrolment_id: str, after: EnrolmentState, etag: str, reason: str = "") -> pb.Enrolment:
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await enrolments.move_by_hand(
                uow, enrolment_id=parse_uuid(enrolment_id, "enrolment_id"), after=after, etag=etag, reason=reason
            )
            return await _one(uow, enrolment)

    async def DeleteEnrolment(self, request: pb.DeleteEnrolmentRequest, context: Context) -> Empty:
        enrolment_id = parse_uuid(request.enrolment_id, "enrolment_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await enrolments.delete_enrolment(uow, enrolment_id=enrolment_id, etag=request.etag)
            return Empty()

    async def CreateEnrolmentException(
        self, request: pb.CreateEnrolmentExceptionRequest, context: Context
    ) -> pb.EnrolmentException:
        draft = exception_draft(request.enrolment_exception)
        async with self._db.unit_of_work(current_principal()) as uow:
            return exception_to_proto(await exceptions.create_exception(uow, draft=draft))

    async def ListEnrolmentExceptions(
        self, request: pb.ListEnrolmentExceptionsRequest, context: Context
    ) -> pb.ListEnrolmentExceptionsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_exceptions(
                    current_scope(),
                    enrolment_id=parse_optional_uuid(request.enrolment_id, "enrolment_id"),
                    trainee_id=parse_optional_uuid(request.trainee_id, "trainee_id"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _EXCEPTION_ORDER, unique=EnrolmentException.id),
            )
            return pb.ListEnrolmentExceptionsResponse(
                enrolment_exceptions=map(exception_to_proto, rows), next_page_token=token
            )

    async def UpdateEnrolmentException(
        self, request: pb.UpdateEnrolmentExceptionRequest, context: Context
    ) -> pb.EnrolmentException:
        fields = check_mask(request.update_mask, exceptions.EXCEPTION_FIELDS)
        exception = request.enrolment_exception
        async with self._db.unit_of_work(current_principal()) as uow:
            changed = await exceptions.update_exception(
                uow,
                exception_id=parse_uuid(exception.id, "enrolment_exception.id"),
                wanted=exception_draft(exception, fields=fields),
                fields=fields,
                etag=exception.etag,
            )
            return exception_to_proto(changed)

    async def DeleteEnrolmentException(self, request: pb.DeleteEnrolmentExceptionRequest, context: Context) -> Empty:
        exception_id = parse_uuid(request.enrolment_exception_id, "enrolment_exception_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await exceptions.delete_exception(uow, exception_id=exception_id, etag=request.etag)
            return Empty()

    async def CreateTrainerLoan(self, request: pb.CreateTrainerLoanRequest, context: Context) -> pb.TrainerLoan:
        draft = loan_draft(request.trainer_loan)
        async with self._db.unit_of_work(current_principal()) as uow:
            return loan_to_proto(await loans.create_loan(uow, draft=draft))

    async def ListTrainerLoans(
        self, request: pb.ListTrainerLoansRequest, context: Context
    ) -> pb.ListTrainerLoansResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_loans(
                    current_scope(),
                    trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                    department_id=parse_optional_uuid(request.department_id, "department_id"),
                    on=from_optional_date(request.on_date, "on_date"),
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _LOAN_ORDER, unique=TrainerLoan.id),
            )
            return pb.ListTrainerLoansResponse(trainer_loans=map(loan_to_proto, rows), next_page_token=token)

    async def UpdateTrainerLoan(self, request: pb.UpdateTrainerLoanRequest, context: Context) -> pb.TrainerLoan:
        fields = check_mask(request.update_mask, loans.LOAN_FIELDS)
        loan = request.trainer_loan
        async with self._db.unit_of_work(current_principal()) as uow:
            changed = await loans.update_loan(
                uow,
                loan_id=parse_uuid(loan.id, "trainer_loan.id"),
                wanted=loan_draft(loan, fields=fields),
                fields=fields,
                etag=loan.etag,
            )
            return loan_to_proto(changed)

    async def DeleteTrainerLoan(self, request: pb.DeleteTrainerLoanRequest, context: Context) -> Empty:
        loan_id = parse_uuid(request.trainer_loan_id, "trainer_loan_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            await loans.delete_loan(uow, loan_id=loan_id, etag=request.etag)
            return Empty()

    async def GetEnrolmentsTemplate(
        self, request: pb.GetEnrolmentsTemplateRequest, context: Context
    ) -> imports_pb2.Workbook:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            content, file_name = await registration.template(
                uow,
                term_id=parse_uuid(request.term_id, "term_id"),
                department_id=parse_optional_uuid(request.department_id, "department_id"),
            )
            return imports_pb2.Workbook(content=content, file_name=file_name)

    async def ImportEnrolments(
        self, request: pb.ImportEnrolmentsRequest, context: Context
    ) -> AsyncIterator[imports_pb2.ImportUpdate]:
        term_id = parse_uuid(request.term_id, "term_id")
        async for update in import_updates(
            self._db,
            current_principal(),
            read=lambda: workbook.read(request.workbook),
            store=lambda uow, reading, report: registration.register(uow, reading, term_id=term_id, report=report),
            lock="courses.enrolments",
            validate_only=request.validate_only,
        ):
            yield update


async def _one(uow: UnitOfWork, enrolment: Enrolment) -> pb.Enrolment:
    rows: Sequence[Enrolment] = [enrolment]
    return (await enrolments_to_proto(uow, rows))[0]
