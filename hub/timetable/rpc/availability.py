"""AvailabilityService on the wire."""

from typing import Any

import grpc

from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, from_date, from_optional_date, parse_optional_uuid, parse_uuid, to_date
from hub.rpc.paging import order_keys, page
from hub.timetable.models import TrainerAbsence, TrainerAvailability
from hub.timetable.rules import AvailabilityKind
from hub.timetable.service import availability
from hub.timetable.wire import weekly_to_proto, weekly_values
from smartroster.timetable.v1 import availability_pb2 as pb
from smartroster.timetable.v1 import availability_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_ORDER = {"id": TrainerAvailability.id, "update_time": TrainerAvailability.update_time}
_ABSENCE_ORDER = {"start_date": TrainerAbsence.start_date, "end_date": TrainerAbsence.end_date}
_WINDOWS = "trainer_availability.windows"


class AvailabilityServicer(availability_pb2_grpc.AvailabilityServiceServicer):
    def __init__(self, database: Database) -> None:
        self._db = database

    async def GetTrainerAvailability(
        self, request: pb.GetTrainerAvailabilityRequest, context: Context
    ) -> pb.TrainerAvailability:
        trainer_id = parse_uuid(request.trainer_id, "trainer_id")
        term_id = parse_optional_uuid(request.term_id, "term_id")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            row = await availability.visible_availability(
                uow, trainer_id=trainer_id, term_id=term_id, scope=current_scope()
            )
            if row is None:
                return pb.TrainerAvailability(trainer_id=str(trainer_id), term_id=request.term_id)
            return _to_proto(row)

    async def ListTrainerAvailabilities(
        self, request: pb.ListTrainerAvailabilitiesRequest, context: Context
    ) -> pb.ListTrainerAvailabilitiesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            query = availability.select_availabilities(
                current_scope(),
                trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                term_id=parse_optional_uuid(request.term_id, "term_id"),
            )
            rows, token = await page(
                uow.session,
                query,
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ORDER, unique=TrainerAvailability.id),
            )
            return pb.ListTrainerAvailabilitiesResponse(
                trainer_availabilities=map(_to_proto, rows), next_page_token=token
            )

    async def UpdateTrainerAvailability(
        self, request: pb.UpdateTrainerAvailabilityRequest, context: Context
    ) -> pb.TrainerAvailability:
        check_mask(request.update_mask, ("windows",))
        wanted = request.trainer_availability
        async with self._db.unit_of_work(current_principal()) as uow:
            row = await availability.replace_windows(
                uow,
                trainer_id=parse_uuid(wanted.trainer_id, "trainer_availability.trainer_id"),
                term_id=parse_optional_uuid(wanted.term_id, "trainer_availability.term_id"),
                windows=[
                    {**weekly_values(one.window, f"{_WINDOWS}.window"), "kind": _kind(one.kind).value}
                    for one in wanted.windows
                ],
                etag=wanted.etag,
                scope=current_scope(),
            )
            return _to_proto(row)

    async def CreateTrainerAbsence(
        self, request: pb.CreateTrainerAbsenceRequest, context: Context
    ) -> pb.TrainerAbsence:
        wanted = request.trainer_absence
        async with self._db.unit_of_work(current_principal()) as uow:
            absence = await availability.create_absence(
                uow,
                trainer_id=parse_uuid(wanted.trainer_id, "trainer_absence.trainer_id"),
                start_date=from_date(wanted.start_date, "trainer_absence.start_date"),
                end_date=from_date(wanted.end_date, "trainer_absence.end_date"),
                reason=wanted.reason,
                scope=current_scope(),
            )
            return _absence_to_proto(absence)

    async def ListTrainerAbsences(
        self, request: pb.ListTrainerAbsencesRequest, context: Context
    ) -> pb.ListTrainerAbsencesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            query = availability.select_absences(
                current_scope(),
                trainer_id=parse_optional_uuid(request.trainer_id, "trainer_id"),
                start=from_optional_date(request.start_date, "start_date"),
                end=from_optional_date(request.end_date, "end_date"),
            )
            rows, token = await page(
                uow.session,
                query,
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ABSENCE_ORDER, unique=TrainerAbsence.id),
            )
            return pb.ListTrainerAbsencesResponse(trainer_absences=map(_absence_to_proto, rows), next_page_token=token)

    async def DeleteTrainerAbsence(
        self, request: pb.DeleteTrainerAbsenceRequest, context: Context
    ) -> pb.TrainerAbsence:
        async with self._db.unit_of_work(current_principal()) as uow:
            absence = await availability.delete_absence(
                uow,
                absence_id=parse_uuid(request.trainer_absence_id, "trainer_absence_id"),
                scope=current_scope(),
            )
            return _absence_to_proto(absence)


def _kind(kind: pb.AvailabilityWindow.Kind) -> AvailabilityKind:
    if kind == pb.AvailabilityWindow.KIND_UNSPECIFIED:
        raise InvalidArgument.of(f"{_WINDOWS}.kind", "is required: AVAILABLE, PREFERRED or UNAVAILABLE")
    return AvailabilityKind[pb.AvailabilityWindow.Kind.Name(kind).removeprefix("KIND_")]


def _to_proto(row: TrainerAvailability) -> pb.TrainerAvailability:
    return pb.TrainerAvailability(
        trainer_id=str(row.trainer_id),
        term_id=str(row.term_id or ""),
        windows=[pb.AvailabilityWindow(window=weekly_to_proto(one), kind=f"KIND_{one['kind']}") for one in row.windows],
        etag=str(row.etag),
    )


def _absence_to_proto(absence: TrainerAbsence) -> pb.TrainerAbsence:
    return pb.TrainerAbsence(
        id=str(absence.id),
        trainer_id=str(absence.trainer_id),
        start_date=to_date(absence.start_date),
        end_date=to_date(absence.end_date),
        reason=absence.reason,
    )
