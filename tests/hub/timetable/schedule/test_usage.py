from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.timetable.conflicts import Maintenance, RoomFacts, Window
from hub.timetable.policy import DayPattern, Period
from hub.timetable.rules import RoomState, SessionType
from hub.timetable.schedule.usage import RoomUse, room_use, trainer_load
from hub.timetable.schedule.week import Lesson
from tests.factories.lessons import GROUP, MONDAY, lesson, named

NAIROBI = ZoneInfo("Africa/Nairobi")
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
ROOM = RoomFacts(UUID(int=5), "B12", RoomState.IN_USE, "classroom", 40, frozenset())
PATTERN = DayPattern(
    {
        day: [Period(time(8), time(10)), Period(time(10), time(11), is_break=True), Period(time(11), time(13))]
        for day in (1, 2)
    }
)


def use(
    *lessons: Lesson, room: RoomFacts = ROOM, pattern: DayPattern = PATTERN, free: frozenset[date] = frozenset()
) -> RoomUse:
    return room_use(room, lessons, days=WEEK, free=free, pattern=pattern, zone=NAIROBI, group_sizes={GROUP.id: 20})


def hours(duration: timedelta) -> float:
    return duration / timedelta(hours=1)


@pytest.mark.parametrize(
    ("room", "pattern", "free", "bookable"),
    [
        (ROOM, PATTERN, frozenset[date](), 8),  # two days of four teaching hours
        (ROOM, PATTERN, frozenset({MONDAY}), 4),  # one of them free
        (ROOM, DayPattern(), frozenset[date](), 45),  # nothing known: 08:00 to 17:00 on five days
        (replace(ROOM, bookable_hours=[Window(1, time(9), time(12))]), PATTERN, frozenset[date](), 2),  # both hold
        (replace(ROOM, bookable_hours=[Window(6, time(9), time(12))]), DayPattern(), frozenset[date](), 3),
        (
            replace(
                ROOM,
                maintenance=[
                    # 09:00 to 12:00 on Monday in Nairobi
                    Maintenance(datetime(2026, 10, 19, 6, tzinfo=UTC), datetime(2026, 10, 19, 9, tzinfo=UTC), "paint")
                ],
            ),
            PATTERN,
            frozenset[date](),
            6,
        ),
    ],
)
def test_a_room_can_be_booked_when_all_that_closes_it_is_away(
    room: RoomFacts, pattern: DayPattern, free: frozenset[date], bookable: float
) -> None:
    assert hours(use(room=room, pattern=pattern, free=free).bookable) == bookable


def test_use_is_the_booked_share_and_how_full_the_seats_are() -> None:
    found = use(lesson(1, "08:00", "10:00"), lesson(2, "11:00", "13:00"))
    assert (found.lessons, hours(found.booked), found.share, found.seats_filled) == (2, 4, 0.5, 0.5)
    assert use().seats_filled is None
    assert use(pattern=DayPattern({}), free=frozenset(WEEK)).share is None


def test_lessons_at_once_book_the_room_once() -> None:
    found = use(lesson(1, "08:00", "10:00"), lesson(1, "09:00", "11:00", class_group=named("B")))
    assert (found.lessons, hours(found.booked)) == (2, 3)


def test_a_load_tells_kinds_mean_and_the_busiest_week() -> None:
    next_week = MONDAY + timedelta(weeks=1)
    found = trainer_load(
        [
            lesson(1, "08:00", "10:00"),
            lesson(2, "08:00", "11:00", session_type=SessionType.PRACTICAL),
            lesson(1, "08:00", "09:00", day=next_week),
        ],
        first=MONDAY,
        last=next_week + timedelta(days=2),
    )
    assert (found.lessons, hours(found.theory), hours(found.practical)) == (3, 3, 3)
    assert (found.weeks, hours(found.weekly)) == (2, 3)
    assert (found.busiest_monday, hours(found.busiest)) == (MONDAY, 5)
    idle = trainer_load([], first=MONDAY, last=MONDAY)
    assert (idle.lessons, idle.weekly, idle.busiest_monday) == (0, timedelta(0), None)


spans = st.tuples(st.integers(0, 1380), st.integers(1, 59)).map(lambda span: (span[0], span[0] + span[1]))


@given(booked=st.lists(spans, max_size=6), closed=st.lists(spans, max_size=4))
def test_use_is_what_counting_minutes_finds(booked: list[tuple[int, int]], closed: list[tuple[int, int]]) -> None:
    def at(minute: int) -> time:
        return time(minute // 60, minute % 60)

    midnight = datetime(2026, 10, 18, 21, tzinfo=UTC)  # of the Monday in Nairobi
    room = replace(
        ROOM,
        maintenance=[
            Maintenance(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end), "")
            for start, end in closed
        ],
    )
    found = use(*(lesson(1, f"{at(start):%H:%M}", f"{at(end):%H:%M}") for start, end in booked), room=room)
    minutes = {minute for start, end in booked for minute in range(start, end)}
    shut = {minute for start, end in closed for minute in range(start, end)}
    teaching = set(range(8 * 60, 10 * 60)) | set(range(11 * 60, 13 * 60))
    assert found.booked == timedelta(minutes=len(minutes))
    # Tuesday is never closed here.
    assert found.bookable == timedelta(minutes=len(teaching - shut) + len(teaching))
