"""CoursesService, CurriculumService and EnrolmentsService on the wire."""

from hub.courses.rpc.courses import CoursesServicer
from hub.courses.rpc.curriculum import CurriculumServicer
from hub.courses.rpc.enrolments import EnrolmentsServicer

__all__ = ["CoursesServicer", "CurriculumServicer", "EnrolmentsServicer"]
