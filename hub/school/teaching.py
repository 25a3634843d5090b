"""What school must know of courses and timetable, which lie above: given to the servicers by the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select

from hub.db.unit_of_work import UnitOfWork


class Teaching(Protocol):
    """Implemented by `hub.timetable.teaching.TeachingOfThisHub`."""

    def rooms(self) -> Select[UUID]:
        """The ids of the rooms that are in use."""

    def rooms_of_groups(self, on: date) -> Select[UUID, UUID]:
        """(class_group_id, room_id) of the published plan that holds on the day; a pair may come more than once."""

    def trainers_of_groups(self, on: date) -> Select[UUID, UUID]:
        """(class_group_id, trainer_id) of the enrolments of the day's term; a pair may come more than once."""


@dataclass(frozen=True, slots=True)
class GroupInYear:
    """A class group and the year of study in which it is in the academic year to come."""

    class_group_id: UUID
    programme_id: UUID
    year_of_study: int


@dataclass(frozen=True, slots=True)
class DueEnrolment:
    """What the curriculum map has for a class group in a term; `trainer_id` None: nobody is known to teach it."""

    class_group_id: UUID
    course_id: UUID
    course_code: str
    course_title: str
    term_number: int
    trainer_id: UUID | None


class CurriculumPlan(Protocol):
    """Implemented by `hub.courses.due.CurriculumOfThisHub`."""

    async def due(
        self, uow: UnitOfWork, groups: Sequence[GroupInYear], *, academic_year_id: UUID
    ) -> list[DueEnrolment]:
        """What the groups are to be enrolled in during the terms of the academic year and are not yet, in a fixed
        number of queries, by class group, term and course code.
        """
