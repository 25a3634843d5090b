"""What a room's device asks of its port: its own room's things are there, and nothing of another room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import grpc
from google.protobuf.message import Message
from sqlalchemy import select
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.devices.authority import Authority
from hub.devices.models import DeviceCommand
from hub.devices.rules import CommandKind
from hub.devices.service import commands
from hub.rpc.fields import to_timestamp
from smartroster.attendance.v1 import room_pb2
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.timetable.v1 import timetable_pb2
from tests.factories.devices import EnrolledDevice, Key, make_device
from tests.hub.rpc.permission_walk.callers import Nearness
from tests.hub.rpc.permission_walk.college import College, Side

_DEVICE = "/smartroster.devices.v1.DeviceService/"
_ROOM = "/smartroster.attendance.v1.RoomService/"


@dataclass(frozen=True, slots=True)
class Room:
    """The room of the device that asks, or another one; `command_id` waits for the device there."""

    side: Side
    device_id: UUID
    command_id: UUID


@dataclass(frozen=True, slots=True)
class Door:
    device: EnrolledDevice
    own: Room
    other: Room

    def credentials(self, ca_pem: bytes) -> grpc.ChannelCredentials:
        chain = self.device.enrolment.certificate_pem + self.device.enrolment.chain_pem
        return grpc.ssl_channel_credentials(ca_pem, self.device.key.pem, chain.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRow:
    """`shows` is in the answer when it is of the device's own room, and never when it is of another. `code` is
    another than OK where the college is not so far as to let the call succeed.
    """

    request: Callable[[Room], Message]
    shows: Callable[[Room], object] | None = None
    code: grpc.StatusCode = grpc.StatusCode.OK


async def found_door(uow: UnitOfWork, authority: Authority, college: College) -> Door:
    """A device with a certificate at the door of the OWN room; that of the FAR one is another's."""
    own, other = college.sides[Nearness.OWN], college.sides[Nearness.FAR]
    device = await make_device(uow, authority, room_id=own.room_id)
    restart = CommandKind.RESTART_AGENT
    await commands.command_devices(uow, device_ids=[device.id, other.device_id], kind=restart, arguments={})
    rows = await uow.session.execute(
        select(DeviceCommand.device_id, DeviceCommand.id).where(DeviceCommand.kind == restart)
    )
    waiting = {row[0]: row[1] for row in rows}
    return Door(
        device,
        Room(own, device.id, waiting[device.id]),
        Room(other, other.device_id, waiting[other.device_id]),
    )


def _check_in(room: Room) -> room_pb2.StreamCheckInsRequest:
    now = to_timestamp(datetime.now(UTC))
    clock = room_pb2.ClockReading(wall_time=now, monotonic_ns=1, boot_id="b", quality="QUALITY_SYNCED")
    here = timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219)
    check_in = room_pb2.CheckIn(
        person_id=str(room.side.trainee_id),
        similarity=0.9,
        liveness="LIVENESS_LIVE",
        position=room_pb2.Position(lat_lng=here, accuracy_m=5),
    )
    event = room_pb2.DeviceEvent(
        event_id=str(uuid7()), epoch=str(uuid4()), sequence=1, captured=clock, check_in=check_in
    )
    return room_pb2.StreamCheckInsRequest(batch_number=1, events=[event], sent=clock)


AT_THE_DOOR: Mapping[str, DoorRow] = {
    _DEVICE + "Heartbeat": DoorRow(request=lambda _: pb.HeartbeatRequest(agent_version="1.0.0")),
    _DEVICE + "RenewCertificate": DoorRow(
        request=lambda _: pb.RenewCertificateRequest(csr_pem=Key().csr_pem()), shows=lambda room: room.device_id
    ),
    _DEVICE + "WatchCommands": DoorRow(request=lambda _: pb.WatchCommandsRequest(), shows=lambda room: room.command_id),
    _DEVICE + "UploadLog": DoorRow(request=lambda _: pb.UploadLogRequest(text="All is well.")),
    # Somebody of another room is not expected here.
    _ROOM + "StreamCheckIns": DoorRow(request=_check_in, shows=lambda _: "JUDGEMENT_LATE"),
    _ROOM + "GetRoomConfig": DoorRow(
        request=lambda _: room_pb2.GetRoomConfigRequest(), shows=lambda room: room.side.room_id
    ),
    _ROOM + "GetRoomSchedule": DoorRow(
        request=lambda _: room_pb2.GetRoomScheduleRequest(), shows=lambda room: room.side.session_id
    ),
    # Nobody of the college has templates; who is in a room's gallery is tried in tests/hub/attendance/test_rpc.py.
    _ROOM + "SyncGallery": DoorRow(request=lambda _: room_pb2.SyncGalleryRequest()),
    _ROOM + "AcknowledgeGallery": DoorRow(
        request=lambda _: room_pb2.AcknowledgeGalleryRequest(version=1), code=grpc.StatusCode.INVALID_ARGUMENT
    ),
    _ROOM + "GetGalleryKey": DoorRow(request=lambda _: room_pb2.GetGalleryKeyRequest()),
}
