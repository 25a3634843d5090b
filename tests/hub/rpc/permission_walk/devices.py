from smartroster.devices.v1 import devices_pb2 as pb
from tests.hub.rpc.permission_walk.row import Row

_DEVICES = "/smartroster.devices.v1.DevicesService/"

ROWS = {
    _DEVICES + "ClaimDevice": Row(
        request=lambda aim: pb.ClaimDeviceRequest(room_id=str(aim.side.room_id), name="Second door")
    ),
    _DEVICES + "RenewClaim": Row(request=lambda aim: pb.RenewClaimRequest(device_id=str(aim.side.device_id))),
    _DEVICES + "GetDevice": Row(request=lambda aim: pb.GetDeviceRequest(device_id=str(aim.side.device_id))),
    _DEVICES + "ListDevices": Row(request=lambda _: pb.ListDevicesRequest(), shows=lambda aim: aim.side.device_id),
    _DEVICES + "SuspendDevices": Row(
        request=lambda aim: pb.SuspendDevicesRequest(device_ids=[str(aim.side.device_id)], reason="Stolen.")
    ),
    _DEVICES + "ResumeDevices": Row(request=lambda aim: pb.ResumeDevicesRequest(device_ids=[str(aim.side.device_id)])),
    _DEVICES + "RevokeDevice": Row(
        request=lambda aim: pb.RevokeDeviceRequest(device_id=str(aim.side.device_id), reason="Broken.")
    ),
    _DEVICES + "MoveDevices": Row(
        request=lambda aim: pb.MoveDevicesRequest(device_ids=[str(aim.side.device_id)], room_id=str(aim.side.room_id))
    ),
    _DEVICES + "CommandDevices": Row(
        request=lambda aim: pb.CommandDevicesRequest(
            device_ids=[str(aim.side.device_id)], command=pb.DeviceCommand(sync=pb.DeviceCommand.Sync())
        )
    ),
    _DEVICES + "ListDeviceAlarms": Row(request=lambda _: pb.ListDeviceAlarmsRequest()),
    _DEVICES + "ListDeviceLogs": Row(request=lambda _: pb.ListDeviceLogsRequest()),
}
