"""Messages of devices, to and from the wire."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.devices import queries, rules
from hub.devices.models import Device, DeviceAlarm, DeviceCommand, DeviceLog
from hub.devices.queries import DeviceView
from hub.devices.rules import CommandKind, DeviceState, ReportedAlarm
from hub.devices.service.certificates import Enrolment
from hub.devices.service.condition import Report
from hub.errors import InvalidArgument
from hub.rpc.fields import (
    from_timestamp,
    parse_uuid,
    to_duration,
    to_timestamp,
)
from smartroster.devices.v1 import devices_pb2 as pb

Address = Callable[[], str]
"""host:port of a port of this hub, as devices reach it; known once the port is bound."""


def device_ids(values: Sequence[str]) -> list[UUID]:
    if not 1 <= len(values) <= rules.MAX_BATCH:
        raise InvalidArgument.of("device_ids", f"names {len(values)} devices: give 1 to {rules.MAX_BATCH}")
    return sorted({parse_uuid(value, f"device_ids[{i}]") for i, value in enumerate(values)})


def state_from_proto(state: pb.Device.State) -> DeviceState | None:
    if state == pb.Device.STATE_UNSPECIFIED:
        return None
    try:
        return DeviceState(pb.Device.State.Name(state).removeprefix("STATE_"))
    except ValueError:
        raise InvalidArgument.of("state", "is no state of a device") from None


def command_from_proto(command: pb.DeviceCommand) -> tuple[CommandKind, dict[str, Any]]:
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


def command_to_proto(command: DeviceCommand) -> pb.DeviceCommand:
    match command.kind:
        case CommandKind.SYNC:
            return pb.DeviceCommand(id=str(command.id), sync=pb.DeviceCommand.Sync())
        case CommandKind.RESTART_AGENT:
            return pb.DeviceCommand(id=str(command.id), restart_agent=pb.DeviceCommand.RestartAgent())
        case CommandKind.SEND_LOG:
            return pb.DeviceCommand(id=str(command.id), send_log=pb.DeviceCommand.SendLog(**command.arguments))
        case CommandKind.TAKE_VERSION:
            return pb.DeviceCommand(id=str(command.id), take_version=pb.DeviceCommand.TakeVersion(**command.arguments))


def report_from_proto(request: pb.HeartbeatRequest) -> Report:
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


async def devices_to_proto(uow: UnitOfWork, devices: Sequence[Device]) -> list[pb.Device]:
    return [device_to_proto(uow, view) for view in await queries.views(uow, devices)]


def device_to_proto(uow: UnitOfWork, view: DeviceView) -> pb.Device:
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


def alarm_to_proto(alarm: DeviceAlarm) -> pb.DeviceAlarm:
    return pb.DeviceAlarm(
        id=str(alarm.id),
        device_id=str(alarm.device_id),
        reason=alarm.reason,
        detail=alarm.detail,
        raised_time=to_timestamp(alarm.raised_time),
        cleared_time=to_timestamp(alarm.cleared_time),
    )


def log_to_proto(log: DeviceLog) -> pb.DeviceLog:
    return pb.DeviceLog(
        id=str(log.id), device_id=str(log.device_id), uploaded_time=to_timestamp(log.uploaded_time), text=log.text
    )


def enrolment_to_proto(enrolment: Enrolment, device_address: str) -> pb.EnrolResponse:
    return pb.EnrolResponse(
        device_id=str(enrolment.device_id),
        certificate_pem=enrolment.certificate_pem,
        chain_pem=enrolment.chain_pem,
        ca_bundle_pem=enrolment.ca_bundle_pem,
        device_address=device_address,
        expire_time=to_timestamp(enrolment.expire_time),
    )
