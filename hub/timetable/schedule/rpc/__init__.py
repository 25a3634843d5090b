"""ScheduleService on the wire."""

from hub.timetable.schedule.rpc.schedule import ScheduleServicer

__all__ = ["ScheduleServicer"]
