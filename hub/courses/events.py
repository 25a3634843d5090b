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
class EnrolmentMoved(Event):
    """`before` and `after` are states."""

    name: ClassVar[str] = "courses.enrolment_moved"
    enrolment_id: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentTrainerChanged(Event):
    name: ClassVar[str] = "courses.enrolment_trainer_changed"
    enrolment_id: UUID
    before_trainer_id: UUID
    trainer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTraineesChanged(Event):
    """From `start_date` to `end_date` (None: the term's end) other trainees are expected than before."""

    name: ClassVar[str] = "courses.expected_trainees_changed"
    enrolment_id: UUID
    trainee_id: UUID
    start_date: date
    end_date: date | None
