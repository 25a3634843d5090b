"""Lessons and weeks as values, for what is rendered from them."""
# ruff: noqa: ANN401 (overrides are fields by name)

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from hub.timetable.rules import EntryKind, SessionType
from hub.timetable.schedule.week import Break, Lesson, Named, Subject, SubjectKind, Week, in_order

MONDAY = date(2026, 10, 19)
GROUP = Named(UUID(int=1), "DIT-2026-A")
_SPACE = UUID(int=99)


def named(name: str) -> Named:
    return Named(uuid5(_SPACE, name), name)


def lesson(weekday: int = 1, start: str = "08:00", end: str = "10:00", **overrides: Any) -> Lesson:
    """A lesson of the week of `MONDAY`, by ISO weekday."""
    fields: dict[str, Any] = {
        "enrolment_id": UUID(int=2),
        "day": MONDAY + timedelta(days=weekday - 1),
        "start": time.fromisoformat(start),
        "end": time.fromisoformat(end),
        "session_type": SessionType.THEORY,
        "kind": EntryKind.RECURRING,
        "course_id": UUID(int=3),
        "course_code": "ICT101",
        "course_title": "Programming",
        "class_group": GROUP,
        "trainer": named("Grace Wanjiru"),
        "room": named("B12"),
    } | overrides
    entry_id = uuid5(_SPACE, f"{weekday} {start} {end} {fields['class_group'].name}")
    return Lesson(**{"entry_id": entry_id, "lesson_id": entry_id} | fields)


def week(*lessons: Lesson, **overrides: Any) -> Week:
    """The class group's week of `MONDAY`, with tea at ten."""
    fields: dict[str, Any] = {
        "subject": Subject(SubjectKind.CLASS_GROUP, GROUP.id, GROUP.name),
        "monday": MONDAY,
        "lessons": in_order(lessons),
        "breaks": tuple(Break(day, time(10), time(10, 30), "Tea") for day in range(1, 6)),
    }
    return Week(**fields | overrides)
