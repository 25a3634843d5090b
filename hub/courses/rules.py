"""What the curriculum and enrolments must look like. Pure: days and facts are passed in."""

import enum
from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from hub.school.rules import Period

# A course that names no hours of its own lasts for the weeks of a usual term.
WEEKS_OF_A_TERM = 14

Node = TypeVar("Node", bound=Hashable)


class EnrolmentState(enum.StrEnum):
    SCHEDULED = "SCHEDULED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


LIVE = (EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS)

_MOVES = {
    EnrolmentState.SCHEDULED: {EnrolmentState.IN_PROGRESS, EnrolmentState.CANCELLED},
    EnrolmentState.IN_PROGRESS: {EnrolmentState.COMPLETED, EnrolmentState.CANCELLED},
    EnrolmentState.COMPLETED: set(),
    EnrolmentState.CANCELLED: set(),
}


class ExceptionKind(enum.StrEnum):
    ADDED = "ADDED"
    LEFT_OUT = "LEFT_OUT"


class ProgrammeCourseKind(enum.StrEnum):
    CORE = "CORE"
    ELECTIVE = "ELECTIVE"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a course stands in a programme's map; places sort by time."""

    year_of_study: int
    term_number: int

    def __str__(self) -> str:
        return f"year {self.year_of_study}, term {self.term_number}"


def may_move(before: EnrolmentState, after: EnrolmentState) -> bool:
    """Whether an enrolment may go from one state to the other in one step."""
    return after in _MOVES[before]


def state_on(term: Period, day: date) -> EnrolmentState:
    """Where an enrolment of this term stands on the day, unless it was moved by hand."""
    if day < term.first:
        return EnrolmentState.SCHEDULED
    return EnrolmentState.IN_PROGRESS if day in term else EnrolmentState.COMPLETED


def steps_to(before: EnrolmentState, due: EnrolmentState) -> list[EnrolmentState]:
    """The states that an enrolment goes through to be where its term is; none when it is there or further."""
    order = (EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS, EnrolmentState.COMPLETED)
    if before not in order or due not in order:
        return []
    return list(order[order.index(before) + 1 : order.index(due) + 1])


def length_of_course(total: timedelta, weekly: timedelta) -> timedelta:
    """The course's hours: its own figure or, without one, those of a usual term's weeks."""
    return total or weekly * WEEKS_OF_A_TERM


def changed_days(before: Period, after: Period) -> Period | None:
    """From the first to the last day that is in one of the periods and not in the other; None when they are alike."""
    if before == after:
        return None
    if not before.overlaps(after):
        return Period(min(before.first, after.first), max(before.last, after.last))
    day = timedelta(days=1)
    starts, ends = sorted((before.first, after.first)), sorted((before.last, after.last))
    return Period(
        starts[0] if starts[0] != starts[1] else ends[0] + day,
        ends[1] if ends[0] != ends[1] else starts[1] - day,
    )


@dataclass(frozen=True, slots=True)
class PlannedTopic:
    """A topic, or with a parent a subtopic, and how long it is planned to take."""

    topic_id: UUID
    parent_id: UUID | None
    planned: timedelta


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a course's plan is covered; `topic_ids` has the covered topics and subtopics."""

    planned: timedelta
    covered: timedelta
    topic_ids: frozenset[UUID]

    @property
    def share(self) -> float:
        """From 0 to 1; 0 without a plan."""
        return self.covered / self.planned if self.planned else 0.0


def coverage_of(topics: Sequence[PlannedTopic], marked: Collection[UUID]) -> Coverage:
    """What is covered when these topics and subtopics have been marked.

    A marked topic covers its subtopics; a topic of which all subtopics are marked is covered; of any other topic the
    marked subtopics count.
    """
    subtopics: dict[UUID, list[PlannedTopic]] = {}
    for topic in topics:
        if topic.parent_id is not None:
            subtopics.setdefault(topic.parent_id, []).append(topic)
    covered_ids: set[UUID] = set()
    planned = covered = timedelta(0)
    for topic in topics:
        if topic.parent_id is not None:
            continue
        planned += topic.planned
        parts = subtopics.get(topic.topic_id, [])
        done = [part for part in parts if part.topic_id in marked]
        if topic.topic_id in marked or (parts and len(done) == len(parts)):
            covered += topic.planned
            covered_ids |= {topic.topic_id, *(part.topic_id for part in parts)}
        else:
            covered += sum((part.planned for part in done), timedelta(0))
            covered_ids |= {part.topic_id for part in done}
    return Coverage(planned, covered, frozenset(covered_ids))


def elapsed_share(term: Period, day: date) -> float:
    """How much of the term's days is over at the end of the day, from 0 to 1."""
    days = (term.last - term.first).days + 1
    return min(max(((day - term.first).days + 1) / days, 0.0), 1.0)


def path_between(edges: Mapping[Node, Iterable[Node]], start: Node, goal: Node) -> list[Node] | None:
    """A shortest way along the edges from start to goal, both included; None when there is none."""
    came_from: dict[Node, Node | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node == goal:
            path = [node]
            while (before := came_from[path[-1]]) is not None:
                path.append(before)
            return path[::-1]
        for following in edges.get(node, ()):
            if following not in came_from:
                came_from[following] = node
                waiting.append(following)
    return None


def inserted(order: Sequence[Node], item: Node, position: int) -> list[Node]:
    """The order with the item at a position from 1; 0 and what lies beyond are the end. It stands nowhere else then."""
    rest = [one for one in order if one != item]
    at = len(rest) if position == 0 else min(position - 1, len(rest))
    return [*rest[:at], item, *rest[at:]]


def out_of_order(places: Mapping[Node, Place], prerequisites: Iterable[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """The (course, prerequisite) pairs of which the course's place comes before the prerequisite's.

    `places` has the first place of each course of one map; a prerequisite outside of the map holds nothing up, and one
    in the same term may be taken together with the course.
    """
    return [
        (course, prerequisite)
        for course, prerequisite in prerequisites
        if course in places and prerequisite in places and places[course] < places[prerequisite]
    ]
