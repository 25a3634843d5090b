"""AttendanceService, RoomService and StatisticsService on the wire."""

from hub.attendance.rpc.room import RoomServicer
from hub.attendance.rpc.sessions import AttendanceServicer
from hub.attendance.rpc.statistics import StatisticsServicer

__all__ = ["AttendanceServicer", "RoomServicer", "StatisticsServicer"]
