"""DevicesService: the admin's side, on the API port."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import grpc

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.models import Device, DeviceAlarm, DeviceLog
from hub.devices.rpc.messages import (
    Address,
    alarm_to_proto,
    command_from_proto,
    device_ids,
    devices_to_proto,
    log_to_proto,
    state_from_proto,
)
from hub.devices.service import claims, commands, fleet
from hub.devices.service.claims import Claim
from hub.rpc.auth import current_principal
from hub.rpc.fields import (
    parse_optional_uuid,
    parse_uuid,
    to_timestamp,
)
from hub.rpc.paging import Key, page
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
FindRoom = Callable[[UnitOfWork, UUID], Awaitable[object]]
"""Raises NotFound when there is no such room; given by the timetable domain."""

_LOGS_A_PAGE = 3  # at most 1 MiB each: a page must fit into a client's 4 MiB message


class DevicesServicer(devices_pb2_grpc.DevicesServiceServicer):
    def __init__(
        self,
        database: Database,
        *,
        authority: Authority,
        board: CommandBoard,
        find_room: FindRoom,
        enrolment_address: Address,
    ) -> None:
        self._db = database
        self._authority = authority
        self._board = board
        self._find_room = find_room
        self._enrolment_address = enrolment_address

    async def ClaimDevice(self, request: pb.ClaimDeviceRequest, context: Context) -> pb.ClaimDeviceResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            room_id = parse_uuid(request.room_id, "room_id")
            await self._find_room(uow, room_id)
            claim = await claims.claim_device(uow, authority=self._authority, room_id=room_id, name=request.name)
            return await self._claim_to_proto(uow, claim)

    async def RenewClaim(self, request: pb.RenewClaimRequest, context: Context) -> pb.ClaimDeviceResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            claim = await claims.renew_claim(
                uow, authority=self._authority, device_id=parse_uuid(request.device_id, "device_id")
            )
            return await self._claim_to_proto(uow, claim)

    async def GetDevice(self, request: pb.GetDeviceRequest, context: Context) -> pb.Device:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            device = await queries.get_device(uow, parse_uuid(request.device_id, "device_id"))
            return (await devices_to_proto(uow, [device]))[0]

    async def ListDevices(self, request: pb.ListDevicesRequest, context: Context) -> pb.ListDevicesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.devices_query(
                    room_id=parse_optional_uuid(request.room_id, "room_id"), state=state_from_proto(request.state)
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Device.name, Device.id],
            )
            return pb.ListDevicesResponse(devices=await devices_to_proto(uow, rows), next_page_token=token)

    async def SuspendDevices(self, request: pb.SuspendDevicesRequest, context: Context) -> pb.BatchDevicesResponse:
        ids = device_ids(request.device_ids)
        return await self._batch(lambda uow: fleet.suspend_devices(uow, device_ids=ids, reason=request.reason))

    async def ResumeDevices(self, request: pb.ResumeDevicesRequest, context: Context) -> pb.BatchDevicesResponse:
        ids = device_ids(request.device_ids)
        return await self._batch(lambda uow: fleet.resume_devices(uow, device_ids=ids))

    async def RevokeDevice(self, request: pb.RevokeDeviceRequest, context: Context) -> pb.Device:
        device_id = parse_uuid(request.device_id, "device_id")

        async def revoke(uow: UnitOfWork) -> list[Device]:
            return [await fleet.revoke_device(uow, device_id=device_id, reason=request.reason)]

        return (await self._batch(revoke)).devices[0]

    async def MoveDevices(self, request: pb.MoveDevicesRequest, context: Context) -> pb.BatchDevicesResponse:
        ids = device_ids(request.device_ids)
        room_id = parse_uuid(request.room_id, "room_id")

        async def move(uow: UnitOfWork) -> list[Device]:
            await self._find_room(uow, room_id)
            return await fleet.move_devices(uow, device_ids=ids, room_id=room_id)

        return await self._batch(move)

    async def CommandDevices(self, request: pb.CommandDevicesRequest, context: Context) -> pb.BatchDevicesResponse:
        ids = device_ids(request.device_ids)
        kind, arguments = command_from_proto(request.command)
        return await self._batch(
            lambda uow: commands.command_devices(uow, device_ids=ids, kind=kind, arguments=arguments)
        )

    async def ListDeviceAlarms(
        self,
        request: pb.ListDeviceAlarmsRequest,
        context: Context,
    ) -> pb.ListDeviceAlarmsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.alarms_query(parse_optional_uuid(request.device_id, "device_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(DeviceAlarm.raised_time, descending=True), Key(DeviceAlarm.id, descending=True)],
            )
            return pb.ListDeviceAlarmsResponse(device_alarms=map(alarm_to_proto, rows), next_page_token=token)

    async def ListDeviceLogs(self, request: pb.ListDeviceLogsRequest, context: Context) -> pb.ListDeviceLogsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.logs_query(parse_optional_uuid(request.device_id, "device_id")),
                page_size=min(request.page_size or _LOGS_A_PAGE, _LOGS_A_PAGE),
                page_token=request.page_token,
                keys=[Key(DeviceLog.uploaded_time, descending=True), Key(DeviceLog.id, descending=True)],
            )
            return pb.ListDeviceLogsResponse(device_logs=map(log_to_proto, rows), next_page_token=token)

    async def _batch(self, change: Callable[[UnitOfWork], Awaitable[list[Device]]]) -> pb.BatchDevicesResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            devices = await change(uow)
            await uow.session.flush()
            response = pb.BatchDevicesResponse(devices=await devices_to_proto(uow, devices))
        self._board.look()
        return response

    async def _claim_to_proto(self, uow: UnitOfWork, claim: Claim) -> pb.ClaimDeviceResponse:
        await uow.session.flush()
        return pb.ClaimDeviceResponse(
            device=(await devices_to_proto(uow, [claim.device]))[0],
            claim_code=claim.code,
            expire_time=to_timestamp(claim.expire_time),
            enrolment_address=self._enrolment_address(),
        )
