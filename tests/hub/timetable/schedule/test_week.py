import itertools
from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from hub.timetable.schedule.week import FreeDay, Subject, SubjectKind, lanes
from tests.factories.lessons import GROUP, MONDAY, lesson, named, week


def test_the_weekend_is_shown_when_something_is_taught_on_it() -> None:
    assert [day.isoweekday() for day in week(lesson(1)).days] == [1, 2, 3, 4, 5]
    assert [day.isoweekday() for day in week(lesson(6)).days] == [1, 2, 3, 4, 5, 6]


def test_a_grid_reaches_over_every_lesson_and_break_in_whole_hours() -> None:
    assert week(lesson(1, "08:40", "11:20")).hours == (time(8), time(12))
    assert week(lesson(1, "08:00", "17:00"), breaks=()).hours == (time(8), time(17))
    assert week(lesson(1, "22:00", "23:30"), breaks=()).hours == (time(22), time(23, 59))
    assert week(breaks=()).hours == (time(8), time(17))


def test_a_free_day_of_another_class_group_is_not_this_one_s() -> None:
    everyone = FreeDay(MONDAY, "Mashujaa Day")
    own, other = FreeDay(MONDAY, "Trip", GROUP.id), FreeDay(MONDAY, "Trip", named("other").id)
    assert week(free_days=(other,)).free_day(MONDAY) is None
    assert week(free_days=(own,)).free_day(MONDAY) == own
    assert week(free_days=(own, everyone)).free_day(MONDAY) == everyone


def test_a_department_s_week_falls_into_those_of_its_class_groups() -> None:
    other = named("DIT-2025-B")
    department = week(
        lesson(1), lesson(2), lesson(1, class_group=other), subject=Subject(SubjectKind.DEPARTMENT, GROUP.id, "ICT")
    )
    parts = department.by_class_group()
    assert [(part.subject.name, len(part.lessons)) for part in parts] == [("DIT-2025-B", 1), ("DIT-2026-A", 2)]


@given(st.lists(st.tuples(st.integers(8, 16), st.integers(1, 3)), max_size=12))
def test_no_lane_has_an_overlap_and_there_are_as_few_as_lessons_at_once(spans: list[tuple[int, int]]) -> None:
    lessons = [
        lesson(1, f"{start:02}:00", f"{start + length:02}:00", class_group=named(f"G{n}"))
        for n, (start, length) in enumerate(spans)
    ]
    found = lanes(lessons)
    assert sorted(one.entry_id for lane in found for one in lane) == sorted(one.entry_id for one in lessons)
    for lane in found:
        assert all(earlier.end <= later.start for earlier, later in itertools.pairwise(lane))
    at_once = [sum(one.start <= time(hour) < one.end for one in lessons) for hour in range(8, 20)]
    assert len(found) == max(at_once)
