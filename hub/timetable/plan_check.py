"""A whole plan against every rule: each line beside all others. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from hub.timetable.conflicts import Conflict, Line, conflicts_of
from hub.timetable.facts import LessonFacts, TermFacts

Key = TypeVar("Key", bound=Hashable)


class _Beside:
    """Lines by what they share."""

    def __init__(self) -> None:
        self._by_resource: dict[tuple[str, UUID], list[Line]] = defaultdict(list)

    def add(self, line: Line) -> None:
        for resource in _resources(line):
            self._by_resource[resource].append(line)

    def of(self, line: Line) -> list[Line]:
        found: dict[int, Line] = {}
        for resource in _resources(line):
            found |= {id(other): other for other in self._by_resource[resource] if other is not line}
        return list(found.values())


def check_plan(
    term: TermFacts, lessons: Mapping[Key, LessonFacts], others: Iterable[Line] = ()
) -> dict[Key, list[Conflict]]:
    """What speaks against each of the lessons, beside all the others; without those against which nothing does."""
    beside = _Beside()
    lines = {key: term.proposal(lesson, ()).line for key, lesson in lessons.items()}
    for line in (*lines.values(), *others):
        beside.add(line)
    found = {key: conflicts_of(term.proposal_of(line, lessons[key], beside.of(line))) for key, line in lines.items()}
    return {key: conflicts for key, conflicts in found.items() if conflicts}


def acceptable(
    term: TermFacts, lessons: Mapping[Key, LessonFacts], others: Sequence[Line]
) -> tuple[list[Key], dict[Key, list[Conflict]]]:
    """Those of the lessons that can be stored beside the others and each other, the first ones first, and the hard
    conflicts of those that can't.
    """
    beside = _Beside()
    for line in others:
        beside.add(line)
    taken: list[Key] = []
    refused: dict[Key, list[Conflict]] = {}
    for key, lesson in lessons.items():
        line = term.proposal(lesson, ()).line
        hard = [one for one in conflicts_of(term.proposal_of(line, lesson, beside.of(line))) if one.hard]
        if hard:
            refused[key] = hard
        else:
            taken.append(key)
            beside.add(line)
    return taken, refused


def _resources(line: Line) -> tuple[tuple[str, UUID], ...]:
    return ("room", line.room_id), ("trainer", line.trainer_id), ("group", line.class_group_id)
