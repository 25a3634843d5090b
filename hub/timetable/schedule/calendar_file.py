"""Lines of the plan as an iCalendar file (RFC 5545), for programs that read it again and again. Pure.

Local times stay local: each event has the school's zone, whose rules stand in the file (VTIMEZONE), so that an 08:00
lesson is at 08:00 on both sides of a clock change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH_EVERY = timedelta(hours=1)
"""How often the file asks to be read again (RFC 7986); programs choose for themselves."""
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line of the plan over all its days.

    Attributes:
        uid: of the line for ever, wherever it is moved.
        sequence: never falls; raised when the line is moved, changed or cancelled.
        modified: aware instant of the last change.
        cancelled: the line was published and is no longer held.
        days: on which the pattern falls, sorted, at least one.
        free_days: those of them on which nothing is held.
        start: school-local time of day, the same on each day.
        end: of the same day.
        summary: one line.
        location: where to go.
        description: may have line breaks. No names of trainees.
        categories: such as "Practical".
    """

    uid: str
    sequence: int
    modified: datetime
    cancelled: bool
    days: Sequence[date]
    free_days: frozenset[date] = frozenset()
    start: time
    end: time
    summary: str
    location: str
    description: str = ""
    categories: Sequence[str] = ()


def render_calendar(series: Iterable[Series], *, name: str, zone: ZoneInfo) -> bytes:
    """The file. The same series give the same bytes, so that a hash of it is an ETag.

    A line that is held on none of its days, all being free, is left out.
    """
    lines = sorted((one for one in series if one.cancelled or set(one.days) - one.free_days), key=lambda one: one.uid)
    calendar = Calendar()
    calendar.add("prodid", "-//Smart Roster//Timetable//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what programs read that are older than RFC 7986
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH_EVERY)
    for one in lines:
        calendar.add_component(_event(one, zone))
    if lines:
        calendar.add_missing_timezones(
            first_date=min(one.days[0] for one in lines) - timedelta(days=366),
            last_date=max(one.days[-1] for one in lines) + timedelta(days=366),
        )
    content: bytes = calendar.to_ical()
    return content


def _event(series: Series, zone: ZoneInfo) -> Any:  # noqa: ANN401 (icalendar has no types)
    def at(day: date, of_day: time) -> datetime:
        return datetime.combine(day, of_day, tzinfo=zone)

    event = Event()
    event.add("uid", series.uid)
    event.add("sequence", series.sequence)
    event.add("dtstamp", series.modified.astimezone(UTC))
    event.add("last-modified", series.modified.astimezone(UTC))
    event.add("status", "CANCELLED" if series.cancelled else "CONFIRMED")
    event.add("summary", series.summary)
    event.add("location", series.location)
    if series.description:
        event.add("description", series.description)
    if series.categories:
        event.add("categories", list(series.categories))
    first, *others = series.days
    event.add("dtstart", at(first, series.start))
    event.add("dtend", at(first, series.end))
    interval = weeks_between(series.days)
    if interval:
        # UNTIL is an instant in UTC when DTSTART has a zone (RFC 5545, 3.3.10).
        until = at(series.days[-1], series.start).astimezone(UTC)
        event.add("rrule", {"freq": "weekly", "interval": interval, "until": until})
    elif others:
        event.add("rdate", [at(day, series.start) for day in others])
    free = sorted(series.free_days & set(series.days))
    if free and not series.cancelled:
        event.add("exdate", [at(day, series.start) for day in free])
    return event


def weeks_between(days: Sequence[date]) -> int:
    """How many weeks lie between each day and the next when they are equally many; 0 when not, or of one day alone."""
    gaps = {(later - earlier).days for earlier, later in pairwise(days)}
    if len(gaps) != 1:
        return 0
    gap = gaps.pop()
    return gap // _WEEK_DAYS if gap % _WEEK_DAYS == 0 else 0
