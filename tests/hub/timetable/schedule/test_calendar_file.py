"""What a real calendar program makes of the file: icalendar reads it, recurring-ical-events walks it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from hub.timetable.rules import local_instant
from hub.timetable.schedule.calendar_file import Series, render_calendar

BERLIN = ZoneInfo("Europe/Berlin")
NAIROBI = ZoneInfo("Africa/Nairobi")
MONDAYS = tuple(date(2026, 10, 12) + timedelta(weeks=n) for n in range(5))  # the clocks go back on 25 October
MODIFIED = datetime(2026, 9, 1, 12, tzinfo=UTC)


def series(**overrides: Any) -> Series:  # noqa: ANN401 (fields by name)
    fields: dict[str, Any] = {
        "uid": "line-1@college",
        "sequence": 0,
        "modified": MODIFIED,
        "cancelled": False,
        "days": MONDAYS,
        "start": time(8),
        "end": time(10),
        "summary": "ICT101 Programming",
        "location": "B12",
    }
    return Series(**fields | overrides)


def read(*lines: Series, zone: ZoneInfo = BERLIN) -> Any:  # noqa: ANN401 (icalendar has no types)
    return Calendar.from_ical(render_calendar(lines, name="Timetable", zone=zone))


def held(calendar: Any) -> list[tuple[datetime, datetime]]:  # noqa: ANN401 (icalendar has no types)
    """Start and end in UTC of everything that a program shows as going on."""
    events = recurring_ical_events.of(calendar).between(date(2025, 1, 1), date(2028, 1, 1))
    return sorted(
        (event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC))
        for event in events
        if event["STATUS"] != "CANCELLED"
    )


def test_an_eight_o_clock_lesson_is_at_eight_on_both_sides_of_the_clock_change() -> None:
    found = held(read(series()))
    assert [start.hour for start, _ in found] == [6, 6, 7, 7, 7]
    assert [start.astimezone(BERLIN).time() for start, _ in found] == [time(8)] * 5
    assert {end - start for start, end in found} == {timedelta(hours=2)}


def test_the_file_has_the_zone_s_own_rules() -> None:
    calendar = read(series())
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Berlin"
    # A program that knows no zones by name gets the same instants from the rules in the file.
    assert zone.to_tz(lookup_tzid=False).utcoffset(datetime(2026, 10, 19, 8)) == timedelta(hours=2)  # noqa: DTZ001 (local)
    assert zone.to_tz(lookup_tzid=False).utcoffset(datetime(2026, 10, 26, 8)) == timedelta(hours=1)  # noqa: DTZ001 (local)


def test_nothing_is_held_on_a_calendar_day() -> None:
    calendar = read(series(free_days=frozenset({MONDAYS[1]})))
    days = [start.astimezone(BERLIN).date() for start, _ in held(calendar)]
    assert days == [day for day in MONDAYS if day != MONDAYS[1]]
    assert b"EXDATE;TZID=Europe/Berlin:20261019T080000" in calendar.to_ical()


def test_a_moved_lesson_keeps_its_uid_and_has_a_higher_sequence() -> None:
    tuesdays = tuple(day + timedelta(days=1) for day in MONDAYS)
    before = read(series()).walk("VEVENT")[0]
    moved = read(series(days=tuesdays, start=time(14), end=time(16), sequence=1))
    after = moved.walk("VEVENT")[0]
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert [start.astimezone(BERLIN).hour for start, _ in held(moved)] == [14] * 5


def test_a_cancelled_lesson_is_told_as_such_and_not_held() -> None:
    calendar = read(series(cancelled=True, sequence=2))
    (event,) = calendar.walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert held(calendar) == []


def test_a_line_without_a_day_left_is_not_in_the_file() -> None:
    assert not read(series(free_days=frozenset(MONDAYS))).walk("VEVENT")


def test_every_second_week_is_told_as_a_rule_and_single_days_by_date() -> None:
    every_second = read(series(days=MONDAYS[::2])).walk("VEVENT")[0]
    assert every_second["RRULE"]["INTERVAL"] == [2]
    by_date = read(series(days=(MONDAYS[0], MONDAYS[1], MONDAYS[4])))
    assert "RRULE" not in by_date.walk("VEVENT")[0]
    assert [start.astimezone(BERLIN).date() for start, _ in held(by_date)] == [MONDAYS[0], MONDAYS[1], MONDAYS[4]]


def test_texts_with_commas_and_line_breaks_come_back_as_they_were() -> None:
    (event,) = read(series(summary="Maths; algebra, sets", description="Trainer: Grace\nPractical")).walk("VEVENT")
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Maths; algebra, sets", "Trainer: Grace\nPractical")


def test_the_same_lines_in_any_order_are_the_same_file() -> None:
    one, other = series(), series(uid="line-2@college", start=time(14), end=time(15))
    assert render_calendar([one, other], name="T", zone=NAIROBI) == render_calendar(
        [other, one], name="T", zone=NAIROBI
    )


@settings(max_examples=40)
@given(
    days=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=1, max_size=12, unique=True).map(sorted),
    free=st.sets(st.integers(0, 11)),
    minute=st.integers(4 * 60, 22 * 60),  # no zone here changes its clock between 04:00 and 22:00
    length=st.integers(5, 100),
    zone=st.sampled_from([BERLIN, NAIROBI, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_a_program_finds_just_the_days_that_are_held(
    days: list[date], free: set[int], minute: int, length: int, zone: ZoneInfo
) -> None:
    start, end = (time(at // 60, at % 60) for at in (minute, minute + length))
    free_days = frozenset(days[n] for n in free if n < len(days))
    found = held(read(series(days=days, free_days=free_days, start=start, end=end), zone=zone))
    assert found == [
        (local_instant(day, start, zone), local_instant(day, end, zone)) for day in days if day not in free_days
    ]
