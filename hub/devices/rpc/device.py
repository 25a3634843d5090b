"""DeviceService: what a device asks for itself, on the device port."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.devices import queries
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.rpc.messages import Address, command_to_proto, enrolment_to_proto, report_from_proto
from hub.devices.service import certificates, condition
from hub.devices.service.registry import refuse_unless_active
from hub.rpc.auth import current_principal
from hub.rpc.fields import (
    parse_optional_uuid,
    to_duration,
    to_timestamp,
)
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]


class DeviceServicer(devices_pb2_grpc.DeviceServiceServicer):
    def __init__(
        self, database: Database, *, authority: Authority, board: CommandBoard, device_address: Address
    ) -> None:
        self._db = database
        self._authority = authority
        self._board = board
        self._device_address = device_address

    async def Heartbeat(self, request: pb.HeartbeatRequest, context: Context) -> pb.HeartbeatResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            wishes = await condition.heartbeat(
                uow, authority=self._authority, device_id=_calling_device(), report=report_from_proto(request)
            )
            return pb.HeartbeatResponse(
                hub_time=to_timestamp(wishes.hub_time),
                wanted_version=wishes.wanted_version,
                next_heartbeat_in=to_duration(wishes.next_heartbeat_in),
                ca_bundle_pem=wishes.ca_bundle_pem,
            )

    async def RenewCertificate(self, request: pb.RenewCertificateRequest, context: Context) -> pb.EnrolResponse:
        signing_request = certificates.read_signing_request(request.csr_pem)
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await certificates.renew_certificate(
                uow, authority=self._authority, device_id=_calling_device(), request=signing_request
            )
            return enrolment_to_proto(enrolment, self._device_address())

    async def WatchCommands(
        self,
        request: pb.WatchCommandsRequest,
        context: Context,
    ) -> AsyncIterator[pb.DeviceCommand]:
        device_id = _calling_device()
        after = parse_optional_uuid(request.after_command_id, "after_command_id")
        sequence: int | None = None
        async with self._board.watch(device_id) as changed:
            while True:
                changed.clear()
                async with self._db.unit_of_work(current_principal(), write=False) as uow:
                    refuse_unless_active(await queries.get_device(uow, device_id))
                    if sequence is None:
                        sequence = await queries.sequence_of(uow, device_id, after)
                    waiting = await queries.commands_after(uow, device_id, sequence)
                for command in waiting:
                    yield command_to_proto(command)
                    sequence = command.sequence
                await changed.wait()

    async def UploadLog(self, request: pb.UploadLogRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await condition.upload_log(
                uow,
                device_id=_calling_device(),
                command_id=parse_optional_uuid(request.command_id, "command_id"),
                text=request.text,
            )
            return Empty()


def _calling_device() -> UUID:
    device_id = current_principal().id
    assert device_id is not None  # noqa: S101 (the permission table lets devices alone in here)
    return device_id
