"""What users must know of the parts of the school, which lie above: given to the servicers by the composition root."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select

from hub.db.personal_rows import Rows
from hub.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ClassGroupPlaces:
    """`capacity` 0: not limited."""

    name: str
    capacity: int
    programme_id: UUID
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammePlace:
    """Two departments may have programmes of one code."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """All of the school, for who reads or writes a spreadsheet: there places have names and codes."""

    class_groups: Mapping[UUID, ClassGroupPlaces]
    programmes: Mapping[UUID, ProgrammePlace]
    departments: Mapping[UUID, str]
    """Their codes."""


class College(Protocol):
    """Implemented by `hub.courses.college.CollegeOfThisHub`."""

    async def today(self, uow: UnitOfWork) -> date:
        """The day in the school's time zone; in UTC before there is a school."""

    async def class_groups(self, uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, ClassGroupPlaces]:
        """Those of the class groups that exist."""

    async def programmes(self, uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The names of those of the programmes that exist."""

    async def places(self, uow: UnitOfWork) -> Places:
        """Every class group, programme and department, sorted by name or code."""

    async def departments(self, uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The names of those of the departments that exist."""

    def trainees_taught_by(self, trainer_id: UUID) -> Select[UUID]:
        """The trainees of the class groups and added to the enrolments that the trainer teaches."""

    def trainees_below_head(self, hod_id: UUID) -> Select[UUID]:
        """The trainees of the programmes of the department that this user heads."""


class PersonalDataSource(Protocol):
    """What a domain keeps about a person in tables that don't name the account: those that do are found without."""

    async def __call__(self, uow: UnitOfWork, person_id: UUID) -> Rows:
        """The rows as JSON values, by table."""


class TeachingLoads(Protocol):
    """Implemented by `hub.timetable.load.LoadsOfTimetable`."""

    async def weekly_loads(
        self, uow: UnitOfWork, trainer_ids: Collection[UUID], *, on: date
    ) -> Mapping[UUID, timedelta]:
        """How long each of the trainers teaches in the week of the day; who teaches nothing may be missing."""
