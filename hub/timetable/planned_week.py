"""A term's week that is planned: what it starts from, the solver's problem, and a plan of it as lines. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.timetable.facts import LessonFacts
from hub.timetable.policy import Period
from hub.timetable.rules import SessionType, Slot
from hub.timetable.solver.problem import Plan, Problem


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the plan that the new one starts from. Temporary ones are `is_temporary`: planned around alone."""

    lesson_id: UUID
    lesson: LessonFacts
    pinned: bool = False
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of the new plan."""

    lesson_id: UUID
    lesson: LessonFacts
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """A problem, and what its keys mean."""

    problem: Problem
    weekdays: Sequence[int]
    """ISO weekday of each day of the grid."""
    periods: Mapping[int, Sequence[Period]]
    """The teaching periods by weekday."""
    wanted: Mapping[str, tuple[UUID, SessionType]]
    """Of each lesson: whose it is."""
    facilities: Mapping[str, frozenset[str]]
    """Of each lesson that goes on: what its line says that the room must have."""
    pinned: frozenset[str]
    kept: Sequence[Planned]
    """Lines that stay because the grid can't hold them."""
    first_date: date
    last_date: date

    def lines(self, plan: Plan) -> list[Planned]:
        """The plan as lines from the first to the last date, with those that stay."""
        made = []
        for key, place in plan.placements.items():
            enrolment_id, session_type = self.wanted[key]
            weekday = self.weekdays[place.day]
            periods = self.periods[weekday][place.period : place.period + self.problem.lesson[key].duration]
            slot = Slot(weekday, periods[0].start, periods[-1].end, self.first_date, self.last_date)
            made.append(
                Planned(
                    UUID(key),
                    LessonFacts(None, enrolment_id, UUID(place.room), session_type, slot, self.facilities[key]),
                    pinned=key in self.pinned,
                )
            )
        return [*made, *self.kept]
