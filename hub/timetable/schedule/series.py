"""What a calendar program is told of each lesson: a series that is moved, changed or cancelled, and its past. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.timetable.rules import EntryKind, SessionType
from hub.timetable.schedule.calendar_file import Series
from hub.timetable.schedule.lines import FreeDays, Holds, PublishedLine, always


@dataclass(frozen=True, slots=True)
class VersionInForce:
    """A published version that was, is or will be in force; `number` counts in its term."""

    id: UUID
    term_id: UUID
    number: int
    first: date
    last: date | None
    publish_time: datetime


@dataclass(slots=True)
class _Segment:
    """Days on which a lesson is the same, whatever the number of versions that say so."""

    number: int
    line: PublishedLine
    days: list[date]
    modified: datetime

    def continues(self, line: PublishedLine) -> bool:
        return _content(self.line) == _content(line)


def series_of(
    lines: Iterable[PublishedLine],
    versions: Iterable[VersionInForce],
    *,
    free_days: FreeDays,
    zone: ZoneInfo,
    site: str,
    holds: Holds = always,
) -> list[Series]:
    """The series of each lesson: as it is in the newest version, and one more for each way it was before.

    The newest keeps the UID of the lesson for ever, so that a program moves what it knows; what was held before a
    change stays where it was, under a UID of its own. A lesson that a later version has no more is told as cancelled
    from that version's first day on.

    Args:
        lines: the history of whatever the calendar is about; of whole terms, so that sequences never fall.
        versions: every version of these terms.
        free_days: calendar days.
        zone: the school's.
        site: makes the UIDs those of this college.
        holds: which of the days are told; all of them, unless it is about a person who is not always there.
    """
    by_term: dict[UUID, list[VersionInForce]] = defaultdict(list)
    for version in sorted(versions, key=lambda one: one.first):
        by_term[version.term_id].append(version)
    histories: dict[UUID, dict[UUID, PublishedLine]] = defaultdict(dict)
    for line in lines:
        histories[line.lesson_id][line.version_id] = line
    free: dict[date, set[UUID | None]] = defaultdict(set)
    for one in free_days:
        free[one.day].add(one.class_group_id)
    found: list[Series] = []
    for lesson_id, history in histories.items():
        term_id = next(iter(history.values())).term_id
        found += _series_of_lesson(lesson_id, history, by_term[term_id], free, zone, site, holds)
    return found


def _series_of_lesson(
    lesson_id: UUID,
    history: Mapping[UUID, PublishedLine],
    versions: Sequence[VersionInForce],
    free: Mapping[date, set[UUID | None]],
    zone: ZoneInfo,
    site: str,
    holds: Holds,
) -> list[Series]:
    story = _story(history, versions, zone, holds)
    held = [segment for segment in story.segments if segment.days]
    current = story.cancelled or (held.pop() if held else None)
    found = [_series(segment, f"{lesson_id}-{segment.number}@{site}", 0, free) for segment in held]
    if current is not None and current.days:
        edits = sum(line.sequence for line in history.values() if _is_edited_in_place(line))
        is_cancelled = story.cancelled is not None
        found.append(_series(current, f"{lesson_id}@{site}", story.changes + edits, free, cancelled=is_cancelled))
    return found


@dataclass(slots=True)
class _Story:
    """What a lesson was like from time to time. `cancelled` has the days on which it would be held if it still was;
    `changes` counts how often it was changed, cancelled or held again.
    """

    segments: list[_Segment]
    cancelled: _Segment | None = None
    changes: int = 0

    def cancel(self, segment: _Segment) -> None:
        if not segment.days:
            return
        self.changes += self.cancelled is None
        self.cancelled = segment

    def hold(self, segment: _Segment) -> None:
        last = self.segments[-1] if self.segments else None
        is_same = last is not None and last.continues(segment.line)
        self.changes += (last is not None and not is_same) + (self.cancelled is not None)
        self.cancelled = None
        if last is None or not is_same:
            self.segments.append(segment)
            return
        last.days += segment.days
        if _is_edited_in_place(segment.line):
            last.modified = max(last.modified, segment.modified)


def _story(
    history: Mapping[UUID, PublishedLine],
    versions: Sequence[VersionInForce],
    zone: ZoneInfo,
    holds: Holds,
) -> _Story:
    story = _Story([])
    for version in versions:
        line = history.get(version.id)
        if line is None:
            if story.segments and story.cancelled is None:
                story.cancel(_rest(story.segments[-1], version, holds))
            continue
        days = [day for day in line.days if holds(line, day)]
        if line.ended is None:
            story.hold(_Segment(version.number, line, days, line.update_time))
            continue
        end = line.ended.astimezone(zone).date()
        if before := [day for day in days if day < end]:
            story.hold(_Segment(version.number, line, before, line.update_time))
        story.cancel(_Segment(version.number, line, [day for day in days if day >= end], line.ended))
    return story


def _rest(segment: _Segment, version: VersionInForce, holds: Holds) -> _Segment:
    """The days that a lesson would have had in a version that has it no more."""
    line = segment.line
    slot = line.slot.within(version.first, None)
    days = [day for day in slot.days() if holds(line, day)] if slot else []
    return _Segment(segment.number, line, days, version.publish_time)


def _series(
    segment: _Segment, uid: str, sequence: int, free: Mapping[date, set[UUID | None]], *, cancelled: bool = False
) -> Series:
    line = segment.line
    kind = "Practical" if line.session_type is SessionType.PRACTICAL else "Theory"
    return Series(
        uid=uid,
        sequence=sequence,
        modified=segment.modified,
        cancelled=cancelled,
        days=tuple(segment.days),
        free_days=frozenset(day for day in segment.days if free.get(day, set()) & {None, line.class_group.id}),
        start=line.slot.start,
        end=line.slot.end,
        summary=f"{line.course.name} {line.course_title}",
        location=line.place,
        description=f"{kind}, {line.class_group.name}\nTrainer: {line.trainer.name}\nRoom: {line.room.name}",
        categories=(kind,),
    )


def _content(line: PublishedLine) -> tuple[object, ...]:
    """What people must hear of when it changes; the days alone do not count, they are told anyway."""
    slot = line.slot
    return (
        slot.weekday, slot.start, slot.end, slot.pattern, slot.anchor_date, slot.dates, line.enrolment_id,
        line.session_type, line.trainer.id, line.room.id,
    )  # fmt: skip


def _is_edited_in_place(line: PublishedLine) -> bool:
    # A RECURRING line is changed in drafts, whose changes nobody has seen; the others in the published plan itself.
    return line.kind is not EntryKind.RECURRING


def feed_window(today: date) -> tuple[date, date]:
    """From when to when a term must reach into what a calendar shows: half a year back, and two years on."""
    return today - timedelta(days=183), today + timedelta(days=731)
