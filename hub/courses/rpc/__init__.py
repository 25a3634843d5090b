"""CoursesService, CurriculumService, EnrolmentsService and ProgressService on the wire."""

from hub.courses.rpc.courses import CoursesServicer
from hub.courses.rpc.curriculum import CurriculumServicer
from hub.courses.rpc.enrolments import EnrolmentsServicer
from hub.courses.rpc.one_roster import OneRosterServicer
from hub.courses.rpc.progress import ProgressServicer

__all__ = ["CoursesServicer", "CurriculumServicer", "EnrolmentsServicer", "OneRosterServicer", "ProgressServicer"]
