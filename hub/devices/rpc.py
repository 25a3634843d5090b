"""DevicesService, EnrolmentService and DeviceService on the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.address_limit import AddressLimit
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.errors import ClaimCodeExpired, ClaimCodeUnknown, ClaimCodeUsed, RenewalRefused
from hub.devices.models import Device, DeviceAlarm, DeviceCommand, DeviceLog
from hub.devices.queries import DeviceView
from hub.devices.rules import CommandKind, DeviceState, ReportedAlarm
from hub.devices.service import certificates, claims, commands, condition, fleet
from hub.devices.service.certificates import Enrolment
from hub.devices.service.claims import Claim
from hub.devices.service.condition import Report
from hub.devices.service.registry import refuse_unless_active
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal
from hub.rpc.fields import (
    from_timestamp,
    parse_optional_uuid,
    parse_uuid,
    to_duration,
    to_timestamp,
)
from hub.rpc.paging import Key, page
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]
FindRoom = Callable[[UnitOfWork, UUID], Awaitable[object]]
"""Raises NotFound when there is no such room; given by the timetable domain."""
Address = Callable[[], str]
"""host:port of a port of this hub, as devices reach it; known once the port is bound."""

_LOGS_A_PAGE = 3  # at most 1 MiB each: a page must fit into a client's 4 MiB message
_REFUSED_CLAIM = (ClaimCodeUnknown, ClaimCodeExpired, ClaimCodeUsed, RenewalRefused)


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

    async def ClaimDevice(self, request: pb.ClaimDeviceRequest, context: Context) -> pb.ClaimDeviceResponse:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal()) as uow:
            room_id = parse_uuid(request.room_id, "room_id")
            await self._find_room(uow, room_id)
            claim = await claims.claim_device(
                uow,
                authority=self._authority,
                room_id=room_id,
                name=request.name,
                request_id=parse_optional_uuid(request.request_id, "request_id"),
            )
            return await self._claim_to_proto(uow, claim)

    async def RenewClaim(self, request: pb.RenewClaimRequest, context: Context) -> pb.ClaimDeviceResponse:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal()) as uow:
            claim = await claims.renew_claim(
                uow, authority=self._authority, device_id=parse_uuid(request.device_id, "device_id")
            )
            return await self._claim_to_proto(uow, claim)

    async def GetDevice(self, request: pb.GetDeviceRequest, context: Context) -> pb.Device:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            device = await queries.get_device(uow, parse_uuid(request.device_id, "device_id"))
            return (await _devices_to_proto(uow, [device]))[0]

    async def ListDevices(self, request: pb.ListDevicesRequest, context: Context) -> pb.ListDevicesResponse:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.devices_query(
                    room_id=parse_optional_uuid(request.room_id, "room_id"), state=_state_from_proto(request.state)
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Device.name, Device.id],
            )
            return pb.ListDevicesResponse(devices=await _devices_to_proto(uow, rows), next_page_token=token)

    async def SuspendDevices(self, request: pb.SuspendDevicesRequest, context: Context) -> pb.BatchDevicesResponse:  # noqa: ARG002, N802
        ids = _device_ids(request.device_ids)
        return await self._batch(lambda uow: fleet.suspend_devices(uow, device_ids=ids, reason=request.reason))

    async def ResumeDevices(self, request: pb.ResumeDevicesRequest, context: Context) -> pb.BatchDevicesResponse:  # noqa: ARG002, N802
        ids = _device_ids(request.device_ids)
        return await self._batch(lambda uow: fleet.resume_devices(uow, device_ids=ids))

    async def RevokeDevice(self, request: pb.RevokeDeviceRequest, context: Context) -> pb.Device:  # noqa: ARG002, N802
        device_id = parse_uuid(request.device_id, "device_id")

        async def revoke(uow: UnitOfWork) -> list[Device]:
            return [await fleet.revoke_device(uow, device_id=device_id, reason=request.reason)]

        return (await self._batch(revoke)).devices[0]

    async def MoveDevices(self, request: pb.MoveDevicesRequest, context: Context) -> pb.BatchDevicesResponse:  # noqa: ARG002, N802
        ids = _device_ids(request.device_ids)
        room_id = parse_uuid(request.room_id, "room_id")

        async def move(uow: UnitOfWork) -> list[Device]:
            await self._find_room(uow, room_id)
            return await fleet.move_devices(uow, device_ids=ids, room_id=room_id)

        return await self._batch(move)

    async def CommandDevices(self, request: pb.CommandDevicesRequest, context: Context) -> pb.BatchDevicesResponse:  # noqa: ARG002, N802
        ids = _device_ids(request.device_ids)
        kind, arguments = _command_from_proto(request.command)
        return await self._batch(
            lambda uow: commands.command_devices(uow, device_ids=ids, kind=kind, arguments=arguments)
        )

    async def ListDeviceAlarms(  # noqa: N802 (gRPC's name)
        self,
        request: pb.ListDeviceAlarmsRequest,
        context: Context,  # noqa: ARG002 (gRPC's signature)
    ) -> pb.ListDeviceAlarmsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.alarms_query(parse_optional_uuid(request.device_id, "device_id")),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=[Key(DeviceAlarm.raised_time, descending=True), Key(DeviceAlarm.id, descending=True)],
            )
            return pb.ListDeviceAlarmsResponse(device_alarms=map(_alarm_to_proto, rows), next_page_token=token)

    async def ListDeviceLogs(self, request: pb.ListDeviceLogsRequest, context: Context) -> pb.ListDeviceLogsResponse:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.logs_query(parse_optional_uuid(request.device_id, "device_id")),
                page_size=min(request.page_size or _LOGS_A_PAGE, _LOGS_A_PAGE),
                page_token=request.page_token,
                keys=[Key(DeviceLog.uploaded_time, descending=True), Key(DeviceLog.id, descending=True)],
            )
            return pb.ListDeviceLogsResponse(device_logs=map(_log_to_proto, rows), next_page_token=token)

    async def _batch(self, change: Callable[[UnitOfWork], Awaitable[list[Device]]]) -> pb.BatchDevicesResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            devices = await change(uow)
            await uow.session.flush()
            response = pb.BatchDevicesResponse(devices=await _devices_to_proto(uow, devices))
        self._board.look()
        return response

    async def _claim_to_proto(self, uow: UnitOfWork, claim: Claim) -> pb.ClaimDeviceResponse:
        await uow.session.flush()
        return pb.ClaimDeviceResponse(
            device=(await _devices_to_proto(uow, [claim.device]))[0],
            claim_code=claim.code,
            expire_time=to_timestamp(claim.expire_time),
            enrolment_address=self._enrolment_address(),
        )


class EnrolmentServicer(devices_pb2_grpc.EnrolmentServiceServicer):
    def __init__(self, database: Database, *, authority: Authority, device_address: Address) -> None:
        self._db = database
        self._authority = authority
        self._device_address = device_address
        self._limit = AddressLimit()

    async def Enrol(self, request: pb.EnrolRequest, context: Context) -> pb.EnrolResponse:  # noqa: ARG002, N802
        signing_request = certificates.read_signing_request(request.csr_pem)
        return await self._issue(
            lambda uow: claims.enrol(
                uow,
                authority=self._authority,
                claim_secret=request.claim_secret,
                request=signing_request,
                hardware_serial=request.hardware_serial,
                model=request.model,
                agent_version=request.agent_version,
            )
        )

    async def RenewExpired(self, request: pb.RenewExpiredRequest, context: Context) -> pb.EnrolResponse:  # noqa: ARG002, N802
        signing_request = certificates.read_signing_request(request.csr_pem)
        signed_time = from_timestamp(request.signed_time, "signed_time")
        return await self._issue(
            lambda uow: certificates.renew_expired(
                uow,
                authority=self._authority,
                certificate_pem=request.certificate_pem,
                request=signing_request,
                signed_time=signed_time,
                signature=request.signature,
            )
        )

    async def _issue(self, use_case: Callable[[UnitOfWork], Awaitable[Enrolment]]) -> pb.EnrolResponse:
        principal = current_principal()
        address = principal.address or "unknown"
        self._limit.take(address, self._db.clock())
        try:
            async with self._db.unit_of_work(principal) as uow:
                await claims.refuse_flood(uow, address=address)
                return _enrolment_to_proto(await use_case(uow), self._device_address())
        except _REFUSED_CLAIM:
            # The refused unit was rolled back; what counts against the address is a fact of its own.
            await self._db.run(principal, lambda uow: claims.record_enrolment_failure(uow, address=address))
            raise


class DeviceServicer(devices_pb2_grpc.DeviceServiceServicer):
    def __init__(
        self, database: Database, *, authority: Authority, board: CommandBoard, device_address: Address
    ) -> None:
        self._db = database
        self._authority = authority
        self._board = board
        self._device_address = device_address

    async def Heartbeat(self, request: pb.HeartbeatRequest, context: Context) -> pb.HeartbeatResponse:  # noqa: ARG002, N802
        async with self._db.unit_of_work(current_principal()) as uow:
            wishes = await condition.heartbeat(
                uow, authority=self._authority, device_id=_calling_device(), report=_report_from_proto(request)
            )
            return pb.HeartbeatResponse(
                hub_time=to_timestamp(wishes.hub_time),
                wanted_version=wishes.wanted_version,
                next_heartbeat_in=to_duration(wishes.next_heartbeat_in),
                ca_bundle_pem=wishes.ca_bundle_pem,
            )

    async def RenewCertificate(self, request: pb.RenewCertificateRequest, context: Context) -> pb.EnrolResponse:  # noqa: ARG002, N802
        signing_request = certificates.read_signing_request(request.csr_pem)
        async with self._db.unit_of_work(current_principal()) as uow:
            enrolment = await certificates.renew_certificate(
                uow, authority=self._authority, device_id=_calling_device(), request=signing_request
            )
            return _enrolment_to_proto(enrolment, self._device_address())

    async def WatchCommands(  # noqa: N802 (gRPC's name)
        self,
        request: pb.WatchCommandsRequest,
        context: Context,  # noqa: ARG002 (gRPC's signature)
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
                    yield _command_to_proto(command)
                    sequence = command.sequence
                await changed.wait()

    async def UploadLog(self, request: pb.UploadLogRequest, context: Context) -> Empty:  # noqa: ARG002, N802
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


def _device_ids(values: Sequence[str]) -> list[UUID]:
    if not 1 <= len(values) <= rules.MAX_BATCH:
        raise InvalidArgument.of("device_ids", f"names {len(values)} devices: give 1 to {rules.MAX_BATCH}")
    return sorted({parse_uuid(value, f"device_ids[{i}]") for i, value in enumerate(values)})


def _state_from_proto(state: pb.Device.State) -> DeviceState | None:
    if state == pb.Device.STATE_UNSPECIFIED:
        return None
    try:
        return DeviceState(pb.Device.State.Name(state).removeprefix("STATE_"))
    except ValueError:
        raise InvalidArgument.of("state", "is no state of a device") from None


def _command_from_proto(command: pb.DeviceCommand) -> tuple[CommandKind, dict[str, Any]]:
    match command.WhichOneof("command"):
        case "sync":
            return CommandKind.SYNC, {}
        case "restart_agent":
            return CommandKind.RESTART_AGENT, {}
        case "send_log":
            most = command.send_log.max_bytes or rules.MAX_LOG_BYTES
            return CommandKind.SEND_LOG, {"max_bytes": min(max(most, 1), rules.MAX_LOG_BYTES)}
        case "take_version":
            return CommandKind.TAKE_VERSION, {"version": command.take_version.version}
        case _:
            raise InvalidArgument.of("command", "is empty: name sync, restart_agent, send_log or take_version")


def _command_to_proto(command: DeviceCommand) -> pb.DeviceCommand:
    match command.kind:
        case CommandKind.SYNC:
            return pb.DeviceCommand(id=str(command.id), sync=pb.DeviceCommand.Sync())
        case CommandKind.RESTART_AGENT:
            return pb.DeviceCommand(id=str(command.id), restart_agent=pb.DeviceCommand.RestartAgent())
        case CommandKind.SEND_LOG:
            return pb.DeviceCommand(id=str(command.id), send_log=pb.DeviceCommand.SendLog(**command.arguments))
        case CommandKind.TAKE_VERSION:
            return pb.DeviceCommand(id=str(command.id), take_version=pb.DeviceCommand.TakeVersion(**command.arguments))


def _report_from_proto(request: pb.HeartbeatRequest) -> Report:
    return Report(
        device_time=from_timestamp(request.device_time, "device_time") if request.HasField("device_time") else None,
        agent_version=request.agent_version,
        queue_depth=request.queue_depth,
        gallery_version=request.gallery_version,
        config_version=request.config_version,
        config_error=request.config_error,
        temperature_celsius=request.temperature_celsius,
        disk_free_ratio=request.disk_free_ratio,
        frames_per_second=request.frames_per_second,
        resident_memory_bytes=request.resident_memory_bytes,
        alarms=[
            ReportedAlarm(
                alarm.reason,
                alarm.detail,
                from_timestamp(alarm.raised_time, "alarms.raised_time") if alarm.HasField("raised_time") else None,
            )
            for alarm in request.alarms
        ],
    )


async def _devices_to_proto(uow: UnitOfWork, devices: Sequence[Device]) -> list[pb.Device]:
    return [_device_to_proto(uow, view) for view in await queries.views(uow, devices)]


def _device_to_proto(uow: UnitOfWork, view: DeviceView) -> pb.Device:
    device, told, certificate = view.device, view.condition, view.certificate
    offset = None if told.clock_offset_s is None else timedelta(seconds=told.clock_offset_s)
    return pb.Device(
        id=str(device.id),
        name=device.name,
        room_id=str(device.room_id),
        hardware_serial=device.hardware_serial,
        model=device.model,
        agent_version=told.agent_version,
        wanted_version=device.wanted_version,
        state=f"STATE_{device.state.value}",
        last_seen_time=to_timestamp(told.last_seen_time),
        reach=f"REACH_{rules.reach(told.last_seen_time, uow.now).value}",
        clock_offset=to_duration(offset),
        certificate_serial=certificate.serial if certificate else "",
        certificate_expire_time=to_timestamp(certificate.expire_time) if certificate else None,
        queue_depth=told.queue_depth,
        watermark_time=to_timestamp(told.watermark_time),
        gallery_version=told.gallery_version,
        config_version=told.config_version,
        temperature_celsius=told.temperature_celsius,
        disk_free_ratio=told.disk_free_ratio,
        frames_per_second=told.frames_per_second,
        create_time=to_timestamp(device.create_time),
        etag=str(device.etag),
        config_error=told.config_error,
        certificate_days_left=rules.days_left(certificate.expire_time if certificate else None, uow.now),
    )


def _alarm_to_proto(alarm: DeviceAlarm) -> pb.DeviceAlarm:
    return pb.DeviceAlarm(
        id=str(alarm.id),
        device_id=str(alarm.device_id),
        reason=alarm.reason,
        detail=alarm.detail,
        raised_time=to_timestamp(alarm.raised_time),
        cleared_time=to_timestamp(alarm.cleared_time),
    )


def _log_to_proto(log: DeviceLog) -> pb.DeviceLog:
    return pb.DeviceLog(
        id=str(log.id), device_id=str(log.device_id), uploaded_time=to_timestamp(log.uploaded_time), text=log.text
    )


def _enrolment_to_proto(enrolment: Enrolment, device_address: str) -> pb.EnrolResponse:
    return pb.EnrolResponse(
        device_id=str(enrolment.device_id),
        certificate_pem=enrolment.certificate_pem,
        chain_pem=enrolment.chain_pem,
        ca_bundle_pem=enrolment.ca_bundle_pem,
        device_address=device_address,
        expire_time=to_timestamp(enrolment.expire_time),
    )
