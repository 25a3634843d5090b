"""AttendanceService and RoomService on the wire."""

from hub.attendance.rpc.room import RoomServicer
from hub.attendance.rpc.sessions import AttendanceServicer

__all__ = ["AttendanceServicer", "RoomServicer"]
