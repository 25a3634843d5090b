"""What a calendar program is told of each lesson: a series that is moved, changed or cancelled, and its past. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import dropwhile, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.school.rules import Period
from hub.timetable.rules import SessionType
from hub.timetable.schedule.calendar_file import Series
from hub.timetable.schedule.lines import FreeDays, Holds, PublishedLine, always


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A published version of a term; `last` before `first`: another one took its place before its first day."""

    id: UUID
    term_id: UUID
    term: Period
    number: int
    first: date
    last: date | None
    publish_time: datetime

    @property
    def is_ever_in_force(self) -> bool:
        return self.last is None or self.first <= self.last


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day became free or is so no more; `class_group_id` None: for the whole school."""

    day: date
    class_group_id: UUID | None
    time: datetime


@dataclass(slots=True)
class _Segment:
    """Days on which a lesson is the same, whatever the number of versions that say so."""

    number: int
    line: PublishedLine
    days: list[date]
    modified: datetime
    is_cancelled: bool = False


def series_of(
    lines: Iterable[PublishedLine],
    versions: Iterable[PublishedVersion],
    *,
    free_days: FreeDays,
    day_changes: Iterable[DayChange] = (),
    zone: ZoneInfo,
    site: str,
    holds: Holds = always,
) -> list[Series]:
    """The series of each lesson: as it is in the newest version, and one more for each way it was before.

    The newest keeps the UID of the lesson for ever, so that a program moves what it knows; what was held before a
    change stays where it was, under a UID of its own. A lesson that a later version has no more is told as cancelled
    from that version's first day on, and one that was withdrawn as cancelled altogether.

    Args:
        lines: the history of whatever the calendar is about; of whole terms, so that sequences never fall.
        versions: every published version of these terms.
        free_days: calendar days.
        day_changes: all changes of calendar days in these terms.
        zone: the school's.
        site: makes the UIDs those of this college.
        holds: which of the days are told; all of them, unless it is about a person who is not always there.
    """
    by_term: dict[UUID, list[PublishedVersion]] = defaultdict(list)
    for version in versions:
        by_term[version.term_id].append(version)
    histories: dict[UUID, dict[UUID, PublishedLine]] = defaultdict(dict)
    for line in lines:
        histories[line.lesson_id][line.version_id] = line
    free: dict[date, set[UUID | None]] = defaultdict(set)
    for one in free_days:
        free[one.day].add(one.class_group_id)
    changes = list(day_changes)
    found: list[Series] = []
    for lesson_id, history in histories.items():
        of_term = by_term[next(iter(history.values())).term_id]
        story = _story(history, of_term, zone, holds)
        if not story:
            continue
        *past, current = story
        of_days = _changes_of_days(history, of_term, changes)
        sequence = _changes(history, of_term)
        modified = max((change.time for change in of_days), default=current.modified)
        found += [
            _series(replace(one, modified=max(one.modified, modified)), uid, raised + len(of_days), free)
            for one, uid, raised in (
                *((one, f"{lesson_id}-{one.number}@{site}", 0) for one in past),
                (current, f"{lesson_id}@{site}", sequence),
            )
        ]
    return found


def _story(
    history: Mapping[UUID, PublishedLine], versions: Sequence[PublishedVersion], zone: ZoneInfo, holds: Holds
) -> list[_Segment]:
    """What a lesson was like from time to time, without what has no days. When it is cancelled, the last segment has
    the days on which it would be held if it was not.
    """
    segments: list[_Segment] = []
    cancelled: _Segment | None = None
    promised: _Segment | None = None
    for version in sorted(versions, key=lambda one: (one.first, one.number)):
        line = history.get(version.id)
        if not version.is_ever_in_force:
            if line is not None:
                promised = _rest(line, version.number, version.first, version.publish_time, holds)
            continue
        if line is None:
            before = segments[-1] if segments else None
            if before is not None and cancelled is None:
                cancelled = _rest(before.line, before.number, version.first, version.publish_time, holds)
            continue
        days = [day for day in line.days if holds(line, day)]
        end = None if line.ended is None else line.ended.astimezone(zone).date()
        held = [day for day in days if end is None or day < end]
        if held or end is None:
            _hold(segments, _Segment(version.number, line, held, line.update_time))
        cancelled = None
        if end is not None and line.ended is not None:
            cancelled = _rest(line, version.number, max(version.first, end), line.ended, holds)
    if not segments and cancelled is None:
        # It was told of, in a version that another one replaced before its first day.
        cancelled = promised
    return [one for one in (*segments, *([cancelled] if cancelled else [])) if one.days]


def _hold(segments: list[_Segment], segment: _Segment) -> None:
    last = segments[-1] if segments else None
    if last is None or _content(last.line) != _content(segment.line):
        segments.append(segment)
        return
    last.days += segment.days
    if segment.line.edits:
        last.modified = max(last.modified, segment.modified)


def _rest(line: PublishedLine, number: int, first: date, modified: datetime, holds: Holds) -> _Segment:
    """The days that a lesson would have from a day on if it was still held."""
    slot = line.slot.within(first, None)
    days = [day for day in slot.days() if holds(line, day)] if slot else []
    return _Segment(number, line, days, modified, is_cancelled=True)


def _changes(history: Mapping[UUID, PublishedLine], versions: Sequence[PublishedVersion]) -> int:
    """How often something else was told of a lesson, in the order of publication. It never falls: versions are only
    ever added, and what was in a published one stays known.
    """
    told = [history.get(version.id) for version in sorted(versions, key=lambda one: (one.publish_time, one.number))]
    contents = list(dropwhile(lambda content: content is None, (line and _content(line) for line in told)))
    ended = any(line.ended is not None for line in history.values())
    return sum(a != b for a, b in pairwise(contents)) + sum(line.edits for line in history.values()) + ended


def _changes_of_days(
    history: Mapping[UUID, PublishedLine], versions: Sequence[PublishedVersion], changes: Iterable[DayChange]
) -> list[DayChange]:
    """Those that concern a lesson: of its class group and its days or, when it was moved in place, of its whole term,
    because its former days are not known.
    """
    line = next(iter(history.values()))
    term = versions[0].term
    is_edited = any(one.edits for one in history.values())
    days = {day for one in history.values() for day in one.slot.days()}
    return [
        change
        for change in changes
        if change.class_group_id in (None, line.class_group.id)
        and (change.day in days or (is_edited and change.day in term))
    ]


def _series(segment: _Segment, uid: str, sequence: int, free: Mapping[date, set[UUID | None]]) -> Series:
    line = segment.line
    kind = "Practical" if line.session_type is SessionType.PRACTICAL else "Theory"
    return Series(
        uid=uid,
        sequence=sequence,
        modified=segment.modified,
        cancelled=segment.is_cancelled,
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


def feed_window(today: date) -> tuple[date, date]:
    """From when to when a term must reach into what a calendar shows: half a year back, and two years on."""
    return today - timedelta(days=183), today + timedelta(days=731)
