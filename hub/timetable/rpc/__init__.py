"""TimetableService, VersionsService, AvailabilityService, PlanningService and AssistantService on the wire."""

from hub.timetable.rpc.assistant import AssistantServicer
from hub.timetable.rpc.availability import AvailabilityServicer
from hub.timetable.rpc.planning import PlanningServicer
from hub.timetable.rpc.timetable import TimetableServicer
from hub.timetable.rpc.versions import VersionsServicer

__all__ = ["AssistantServicer", "AvailabilityServicer", "PlanningServicer", "TimetableServicer", "VersionsServicer"]
