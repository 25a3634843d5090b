"""A week as it is read, as values. Pure: no database, no clock."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hub.timetable.rules import EntryKind, SessionType

_WEEKEND = (6, 7)
_HOUR = timedelta(hours=1)
_DEFAULT_HOURS = (time(8), time(17))


class SubjectKind(enum.StrEnum):
    CLASS_GROUP = "CLASS_GROUP"
    TRAINER = "TRAINER"
    ROOM = "ROOM"
    DEPARTMENT = "DEPARTMENT"
    PERSON = "PERSON"
    """What a person teaches or is expected at."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose week it is. `name` is what people call it: a class group's name, a trainer's, a room's code."""

    kind: SubjectKind
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One dated line of the plan, which `lesson_id` names through all versions; times are school-local."""

    entry_id: UUID
    lesson_id: UUID
    enrolment_id: UUID
    day: date
    start: time
    end: time
    session_type: SessionType
    kind: EntryKind
    course_id: UUID
    course_code: str
    course_title: str
    class_group: Named
    trainer: Named
    room: Named

    @property
    def length(self) -> timedelta:
        return length_of(self.start, self.end)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A calendar day without lessons; `class_group_id` None: for the whole school."""

    day: date
    name: str
    class_group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A time of an ISO weekday in which nothing is taught, such as lunch."""

    weekday: int
    start: time
    end: time
    name: str = "Break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday. Lessons are by day, start and class group; none is on a free day of its class group."""

    subject: Subject
    monday: date
    lessons: tuple[Lesson, ...]
    free_days: tuple[FreeDay, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def days(self) -> list[date]:
        """Monday to Friday, and a day of the weekend when something is taught on it."""
        taught = {lesson.day.isoweekday() for lesson in self.lessons}
        return [self.monday + timedelta(days=n - 1) for n in range(1, 8) if n not in _WEEKEND or n in taught]

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when a grid must reach, in whole hours: at least every lesson and break; 08:00 to 17:00 of an
        empty week.
        """
        spans = self.spans or [_DEFAULT_HOURS]
        first = time(min(start for start, _ in spans).hour)
        last = max(end for _, end in spans)
        up = last.hour + (1 if last > time(last.hour) else 0)
        return first, time(up) if up < 24 else time(23, 59)  # noqa: PLR2004 (hours of a day)

    @property
    def spans(self) -> list[tuple[time, time]]:
        """Start and end of every lesson and break."""
        lessons = [(one.start, one.end) for one in self.lessons]
        return lessons + [(one.start, one.end) for one in self.breaks]

    def lessons_on(self, day: date) -> list[Lesson]:
        return [lesson for lesson in self.lessons if lesson.day == day]

    def free_day(self, day: date) -> FreeDay | None:
        """The day's entry in the calendar when it is free for everybody this week is about."""
        group = self.subject.id if self.subject.kind is SubjectKind.CLASS_GROUP else None
        found = [one for one in self.free_days if one.day == day and one.class_group_id in (None, group)]
        return min(found, key=lambda one: one.class_group_id is not None) if found else None

    def by_class_group(self) -> list["Week"]:
        """A department's week as one week for each of its class groups, by name; any other week as it is."""
        if self.subject.kind is not SubjectKind.DEPARTMENT:
            return [self]
        groups: dict[Named, list[Lesson]] = defaultdict(list)
        for lesson in self.lessons:
            groups[lesson.class_group].append(lesson)
        return [
            replace(self, subject=Subject(SubjectKind.CLASS_GROUP, group.id, group.name), lessons=tuple(lessons))
            for group, lessons in sorted(groups.items(), key=lambda item: (item[0].name, item[0].id))
        ] or [self]


def length_of(start: time, end: time) -> timedelta:
    """From start to end of one day; negative when they are the wrong way round."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def in_order(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """By day, start and class group."""
    return tuple(sorted(lessons, key=lambda one: (one.day, one.start, one.class_group.name, one.entry_id)))


def lanes(lessons: Sequence[Lesson]) -> list[list[Lesson]]:
    """The lessons of one day in as few lanes as can be, so that none overlaps another of its lane (interval
    partitioning: each lesson takes the first lane that is free at its start).
    """
    found: list[list[Lesson]] = []
    for lesson in sorted(lessons, key=lambda one: (one.start, one.end, one.class_group.name)):
        lane = next((lane for lane in found if lane[-1].end <= lesson.start), None)
        if lane is None:
            found.append([lesson])
        else:
            lane.append(lesson)
    return found


def as_hours(length: timedelta) -> float:
    return length / _HOUR
