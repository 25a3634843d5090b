"""Free rooms and trainers, utilisation and load on the wire."""

from datetime import date, timedelta
from typing import Any

import grpc

from hub.db.database import Database
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import from_date, parse_optional_uuid, to_date, to_duration
from hub.rpc.paging import order_keys, page
from hub.timetable import queries
from hub.timetable.models import Room
from hub.timetable.rules import monday_of
from hub.timetable.schedule import free
from hub.timetable.schedule.usage import RoomUse, TrainerLoad
from hub.timetable.wire import room_to_proto, time_of_day
from hub.users.models import TrainerProfile, User
from smartroster.timetable.v1 import schedule_pb2 as pb

Context = grpc.aio.ServicerContext[Any, Any]
_ROOM_ORDER = {"code": Room.code, "name": Room.name, "room_type": Room.room_type, "capacity": Room.capacity}
_TRAINER_ORDER = {"family_name": User.family_name, "given_name": User.given_name}
_BY_NAME = "family_name, given_name"


class UsageRpcs:
    _db: Database

    async def ListFreeRooms(self, request: pb.ListFreeRoomsRequest, context: Context) -> pb.ListFreeRoomsResponse:
        when = _when(request)
        wish = free.RoomWish(
            room_type=request.room_type,
            min_capacity=request.min_capacity,
            facilities=frozenset(request.facilities),
        )
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                await free.select_free_rooms(uow, when, wish),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ROOM_ORDER, unique=Room.code),
            )
            return pb.ListFreeRoomsResponse(rooms=map(room_to_proto, rows), next_page_token=token)

    async def ListFreeTrainers(
        self, request: pb.ListFreeTrainersRequest, context: Context
    ) -> pb.ListFreeTrainersResponse:
        when = _when(request)
        department_id = parse_optional_uuid(request.department_id, "department_id")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                await free.select_free_trainers(uow, current_scope(), when, department_id=department_id),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or _BY_NAME, _TRAINER_ORDER, unique=User.id),
            )
            monday = monday_of(when.day)
            loads = await free.loads_of(
                uow, [trainer.id for trainer in rows], first=monday, last=monday + timedelta(days=6)
            )
            return pb.ListFreeTrainersResponse(
                trainers=[
                    pb.FreeTrainer(
                        trainer_id=str(trainer.id),
                        name=trainer.display_name,
                        department_id=str(_profile(trainer).department_id),
                        weekly_load=to_duration(loads[trainer.id].weekly),
                        max_weekly_load=to_duration(_profile(trainer).max_weekly_load),
                    )
                    for trainer in rows
                ],
                next_page_token=token,
            )

    async def ListRoomUtilisations(
        self, request: pb.ListRoomUtilisationsRequest, context: Context
    ) -> pb.ListRoomUtilisationsResponse:
        days = _days(request)
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_rooms(room_type=request.room_type),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by, _ROOM_ORDER, unique=Room.code),
            )
            uses = await free.uses_of(uow, rows, days)
            return pb.ListRoomUtilisationsResponse(
                room_utilisations=[_use_to_proto(room, uses[room.id]) for room in rows], next_page_token=token
            )

    async def ListTrainerLoads(
        self, request: pb.ListTrainerLoadsRequest, context: Context
    ) -> pb.ListTrainerLoadsResponse:
        days = _days(request)
        department_id = parse_optional_uuid(request.department_id, "department_id")
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                free.select_loaded_trainers(current_scope(), department_id=department_id),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or _BY_NAME, _TRAINER_ORDER, unique=User.id),
            )
            loads = await free.loads_of(uow, [trainer.id for trainer in rows], first=days[0], last=days[-1])
            return pb.ListTrainerLoadsResponse(
                trainer_loads=[_load_to_proto(trainer, loads[trainer.id]) for trainer in rows], next_page_token=token
            )


def _when(request: pb.ListFreeRoomsRequest | pb.ListFreeTrainersRequest) -> free.When:
    return free.check_when(
        from_date(request.date, "date"),
        time_of_day(request.start_time_of_day, "start_time_of_day"),
        time_of_day(request.end_time_of_day, "end_time_of_day"),
    )


def _days(request: pb.ListRoomUtilisationsRequest | pb.ListTrainerLoadsRequest) -> list[date]:
    return free.check_days(from_date(request.start_date, "start_date"), from_date(request.end_date, "end_date"))


def _profile(trainer: User) -> TrainerProfile:
    if trainer.trainer is None:
        raise LookupError(f"user {trainer.id} was listed as a trainer and has no profile")
    return trainer.trainer


def _use_to_proto(room: Room, use: RoomUse) -> pb.RoomUtilisation:
    return pb.RoomUtilisation(
        room_id=str(room.id),
        room_code=room.code,
        room_type=room.room_type,
        capacity=room.capacity,
        lesson_count=use.lessons,
        booked=to_duration(use.booked),
        bookable=to_duration(use.bookable),
        booked_share=use.share,
        seat_share=use.seats_filled,
    )


def _load_to_proto(trainer: User, load: TrainerLoad) -> pb.TrainerLoad:
    return pb.TrainerLoad(
        trainer_id=str(trainer.id),
        name=trainer.display_name,
        department_id=str(_profile(trainer).department_id),
        lesson_count=load.lessons,
        theory=to_duration(load.theory),
        practical=to_duration(load.practical),
        weekly_load=to_duration(load.weekly),
        max_weekly_load=to_duration(_profile(trainer).max_weekly_load),
        busiest_week_date=to_date(load.busiest_monday),
        busiest_week_load=to_duration(load.busiest),
    )
