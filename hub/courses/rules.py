"""When an enrolment may be made and how it moves."""

import enum
from datetime import date

from hub.school.rules import Period


class EnrolmentState(enum.StrEnum):
    SCHEDULED = "SCHEDULED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class ExceptionKind(enum.StrEnum):
    ADDED = "ADDED"
    LEFT_OUT = "LEFT_OUT"


def state_on(term: Period, day: date) -> EnrolmentState:
    """Where an enrolment of this term stands on the day, unless it is cancelled by hand."""
    if day < term.first:
        return EnrolmentState.SCHEDULED
    return EnrolmentState.IN_PROGRESS if day in term else EnrolmentState.COMPLETED
