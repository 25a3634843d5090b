from datetime import time

import pytest

from hub.timetable.policy import ALWAYS_HARD, ConflictRule, DayPattern, Period, TimetablePolicy


def period(start: int, end: int, *, is_break: bool = False, is_lunch: bool = False) -> Period:
    return Period(time(start), time(end), is_break, is_lunch)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (TimetablePolicy(hard=frozenset({ConflictRule.HOLIDAY})), "hard_rules"),  # the always hard ones are missing
        (TimetablePolicy(hard=ALWAYS_HARD | {ConflictRule.NOT_PREFERRED}), "hard_rules"),
        (TimetablePolicy(weights={"weather": 1}), "weights"),
        (TimetablePolicy(weights={"lunch": 1001}), "weights"),
        (TimetablePolicy(max_daily_group_minutes=-1), "max_daily_group_load"),
        (TimetablePolicy(max_daily_trainer_minutes=24 * 60 + 1), "max_daily_trainer_load"),
        (TimetablePolicy(max_consecutive_minutes=-1), "max_consecutive"),
    ],
)
def test_a_policy_that_cannot_be_names_the_field(policy: TimetablePolicy, field: str) -> None:
    assert list(policy.problems()) == [field]


def test_a_policy_is_stored_and_read_back_with_the_usual_for_what_is_new() -> None:
    policy = TimetablePolicy(hard=ALWAYS_HARD, weights={"lunch": 9}, max_consecutive_minutes=0)
    assert policy.problems() == {}
    read = TimetablePolicy.from_json(policy.to_json())
    assert (read.hard, read.weights["lunch"], read.max_consecutive_minutes) == (ALWAYS_HARD, 9, 0)
    assert read.weights["spread"] == TimetablePolicy().weights["spread"]
    assert TimetablePolicy.from_json({}) == TimetablePolicy()


def test_a_day_pattern_is_stored_and_read_back() -> None:
    pattern = DayPattern({1: [period(8, 10), period(10, 11, is_break=True), period(11, 12, is_lunch=True)]})
    assert pattern.problems() == []
    assert DayPattern.from_json(pattern.to_json()) == pattern
    assert [one.start.hour for one in pattern.teaching(1)] == [8, 11]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({8: [period(8, 9)]}, "no ISO weekday"),
        ({1: [period(9, 9)]}, "not after its start"),
        ({1: [period(8, 10), period(9, 11)]}, "overlap"),
        ({1: [period(9, 11), period(8, 10)]}, "overlap"),
    ],
)
def test_a_day_pattern_that_cannot_be_says_why(days: dict[int, list[Period]], text: str) -> None:
    assert text in "; ".join(DayPattern(days).problems())


@pytest.mark.parametrize(
    ("start", "end", "objects"),
    [
        (8, 9, False),
        (8, 10, False),  # two periods
        (10, 11, True),  # a break
        (9, 12, True),  # across it
        (11, 13, False),
        (7, 9, True),
        (12, 14, True),
    ],
)
def test_a_lesson_takes_whole_periods_and_no_break(start: int, end: int, *, objects: bool) -> None:
    pattern = DayPattern(
        {1: [period(8, 9), period(9, 10), period(10, 11, is_break=True), period(11, 12), period(12, 13)]}
    )
    assert bool(pattern.objection(1, time(start), time(end))) is objects


def test_without_a_pattern_every_time_is_right() -> None:
    assert DayPattern().objection(7, time(3), time(4)) == ""
