"""StatisticsService on the wire."""

from typing import Any
from uuid import UUID

import grpc

from hub.attendance.rates import DEFINITIONS, rates_of
from hub.attendance.statistics import Figures, Filters, Subject, figures_of, select_subjects
from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import from_optional_date, parse_optional_uuid
from hub.rpc.paging import page
from smartroster.attendance.v1 import statistics_pb2 as pb
from smartroster.attendance.v1 import statistics_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_SUBJECTS = {pb.ListAttendanceRatesRequest.Subject.Value(f"SUBJECT_{one.value}"): one for one in Subject}


class StatisticsServicer(statistics_pb2_grpc.StatisticsServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def ListAttendanceRates(
        self, request: pb.ListAttendanceRatesRequest, context: Context
    ) -> pb.ListAttendanceRatesResponse:
        subject = _SUBJECTS.get(request.subject)
        if subject is None:
            names = ", ".join(one.value for one in Subject)
            raise InvalidArgument.of("subject", f"is required: give one of {names}")
        filters, scope = _filters(request), current_scope()
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                select_subjects(subject, scope, filters),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[subject.entity.id],
            )
            figures = await figures_of(
                uow,
                subject,
                [row.id for row in rows],
                scope=scope,
                filters=filters,
                with_remaining=request.with_best_possible,
            )
        return pb.ListAttendanceRatesResponse(
            rates=[_to_proto(row.id, figures[row.id], with_best=request.with_best_possible) for row in rows],
            next_page_token=token,
            definitions=pb.RateDefinitions(**DEFINITIONS),
        )


def _filters(request: pb.ListAttendanceRatesRequest) -> Filters:
    return Filters(
        term_id=parse_optional_uuid(request.term_id, "term_id"),
        enrolment_id=parse_optional_uuid(request.enrolment_id, "enrolment_id"),
        course_id=parse_optional_uuid(request.course_id, "course_id"),
        class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
        trainee_id=parse_optional_uuid(request.trainee_id, "trainee_id"),
        start_date=from_optional_date(request.start_date, "start_date"),
        end_date=from_optional_date(request.end_date, "end_date"),
    )


def _to_proto(subject_id: UUID, figures: Figures, *, with_best: bool) -> pb.AttendanceRates:
    tally = figures.tally
    rates = rates_of(tally, remaining=figures.remaining)
    return pb.AttendanceRates(
        subject_id=str(subject_id),
        session_count=figures.sessions,
        trainee_count=figures.trainees,
        present_count=tally.present,
        late_count=tally.late,
        absent_count=tally.absent,
        excused_count=tally.excused,
        attendance=rates.attendance,
        attendance_excused_as_absent=rates.attendance_excused_as_absent,
        punctuality=rates.punctuality,
        best_possible=rates.best_possible if with_best else None,
        chronically_absent_count=figures.chronically_absent,
    )
