from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hub.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCreated(Event):
    name: ClassVar[str] = "courses.enrolment_created"
    enrolment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTraineesChanged(Event):
    """From `start_date` to `end_date` (None: the term's end) other trainees are expected than before."""

    name: ClassVar[str] = "courses.expected_trainees_changed"
    enrolment_id: UUID
    trainee_id: UUID
    start_date: date
    end_date: date | None
