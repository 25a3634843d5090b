"""One question to the hub, to see whether it can be reached."""

import grpc

from smartroster.attendance.v1 import room_pb2 as pb
from smartroster.attendance.v1 import room_pb2_grpc as pb_grpc

_TIMEOUT_S = 10.0


async def room_of(address: str, credentials: grpc.ChannelCredentials) -> str:
    """The code and name of the room that the hub has this device in.

    Raises:
        grpc.aio.AioRpcError: the hub can't be reached or refuses.
    """
    async with grpc.aio.secure_channel(address, credentials) as channel:
        config = await pb_grpc.RoomServiceStub(channel).GetRoomConfig(pb.GetRoomConfigRequest(), timeout=_TIMEOUT_S)
    return f"{config.room.code} {config.room.name}".strip()
