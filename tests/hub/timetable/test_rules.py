from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.timetable.rules import Slot, WeekPattern, days_of, local_instant

NAIROBI = ZoneInfo("Africa/Nairobi")
BERLIN = ZoneInfo("Europe/Berlin")
TERM = (date(2026, 9, 7), date(2026, 11, 27))


def slot(weekday: int, start: str, end: str, first: date = TERM[0], last: date = TERM[1]) -> Slot:
    return Slot(weekday, time.fromisoformat(start), time.fromisoformat(end), first, last)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (slot(1, "08:00", "10:00"), True),  # the same
        (slot(1, "10:00", "12:00"), False),  # back to back
        (slot(1, "09:59", "12:00"), True),  # one minute shared
        (slot(2, "08:00", "10:00"), False),  # another weekday
        (slot(1, "08:00", "10:00", date(2026, 11, 28), date(2026, 12, 31)), False),  # after the last day
        (slot(1, "08:00", "10:00", date(2026, 11, 23), date(2026, 12, 31)), True),  # the last Monday shared
        (slot(1, "08:00", "10:00", date(2026, 11, 24), date(2026, 12, 31)), False),  # days shared, no Monday among them
    ],
)
def test_slots_overlap_when_they_share_a_moment(other: Slot, *, overlaps: bool) -> None:
    monday = slot(1, "08:00", "10:00")
    assert monday.overlaps(other) is overlaps
    assert other.overlaps(monday) is overlaps


dates = st.dates(date(2026, 1, 1), date(2026, 3, 1))
weekly_slots = st.builds(
    lambda weekday, hour, length, first, days, pattern, anchor: Slot(
        weekday,
        time(hour),
        time(hour + length),
        first,
        first + timedelta(days=days),
        pattern,
        None if pattern is WeekPattern.EVERY else anchor,
    ),
    st.integers(1, 7),
    st.integers(8, 12),
    st.integers(1, 3),
    dates,
    st.integers(0, 30),
    st.sampled_from([WeekPattern.EVERY, WeekPattern.A, WeekPattern.B]),
    dates,
)
dated_slots = st.builds(
    lambda days, hour: Slot.on_dates(days, time(hour), time(hour + 2)),
    st.lists(dates, min_size=1, max_size=5),
    st.integers(8, 12),
)
slots = weekly_slots | dated_slots


def held(slot: Slot) -> set[tuple[date, int]]:
    """Every day and hour of the slot, by walking through the calendar; weeks are counted from the anchor's Monday."""

    def is_held(day: date) -> bool:
        if slot.pattern is WeekPattern.DATES:
            return day in slot.dates
        if day.isoweekday() != slot.weekday or slot.anchor_date is None:
            return day.isoweekday() == slot.weekday
        monday = slot.anchor_date - timedelta(days=slot.anchor_date.weekday())
        is_a_week = (day - monday).days // 7 % 2 == 0
        return is_a_week is (slot.pattern is WeekPattern.A)

    days = (slot.first_date + timedelta(days=n) for n in range((slot.last_date - slot.first_date).days + 1))
    return {(day, hour) for day in days if is_held(day) for hour in range(slot.start.hour, slot.end.hour)}


@given(slots, slots)
def test_overlap_is_what_walking_through_every_day_finds(one: Slot, other: Slot) -> None:
    assert one.overlaps(other) is bool(held(one) & held(other))


@given(slots, dates, st.integers(0, 40))
def test_a_slot_s_days_are_those_of_its_parts(slot: Slot, first: date, length: int) -> None:
    days = list(slot.days())
    assert days == sorted({day for day, _ in held(slot)})
    assert [day for day in days if slot.holds_on(day)] == days
    last = first + timedelta(days=length)
    part = slot.within(first, last)
    assert (list(part.days()) if part else []) == [day for day in days if first <= day <= last]


def test_a_lesson_moved_within_its_week_keeps_its_key_and_explicit_dates_are_their_own() -> None:
    monday, thursday = slot(1, "08:00", "10:00"), slot(4, "08:00", "10:00")
    assert monday.key_of(date(2026, 9, 14)) == thursday.key_of(date(2026, 9, 17)) == date(2026, 9, 14)
    once = Slot.on_dates([date(2026, 9, 17)], time(8), time(10))
    assert once.key_of(date(2026, 9, 17)) == date(2026, 9, 17)


def test_an_eight_o_clock_lesson_stays_at_eight_across_the_clock_change() -> None:
    lesson = slot(1, "08:00", "10:00", date(2026, 10, 19), date(2026, 10, 26))
    found = list(
        days_of(
            lesson,
            zone=BERLIN,
            start=datetime(2026, 10, 1, tzinfo=UTC),
            end=datetime(2026, 12, 1, tzinfo=UTC),
            is_free=lambda _day: False,
        )
    )
    assert [(day, start.hour) for day, start, _ in found] == [(date(2026, 10, 19), 6), (date(2026, 10, 26), 7)]


def test_a_skipped_local_time_moves_on_by_the_gap_and_a_repeated_one_is_the_first() -> None:
    assert local_instant(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert local_instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_free_days_and_days_outside_the_window_are_left_out() -> None:
    lesson = slot(1, "08:00", "10:00")
    found = days_of(
        lesson,
        zone=NAIROBI,
        start=datetime(2026, 9, 14, 6, 0, tzinfo=UTC),  # 09:00 in Nairobi: the lesson runs already
        end=datetime(2026, 10, 5, 5, 0, tzinfo=UTC),  # 08:00 in Nairobi: the next one has not begun
        is_free=lambda day: day == date(2026, 9, 21),
    )
    assert [day for day, _, _ in found] == [date(2026, 9, 14), date(2026, 9, 28)]
