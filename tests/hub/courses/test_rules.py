from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.courses.rules import (
    EnrolmentState,
    Place,
    changed_days,
    length_of_course,
    may_move,
    out_of_order,
    path_between,
    state_on,
    steps_to,
)
from hub.school.rules import Period

_DAY_ONE = date(2026, 1, 1)


# The term is 5 January to 10 April, both inclusive.
@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 4), EnrolmentState.SCHEDULED),
        (date(2026, 1, 5), EnrolmentState.IN_PROGRESS),
        (date(2026, 4, 10), EnrolmentState.IN_PROGRESS),
        (date(2026, 4, 11), EnrolmentState.COMPLETED),
    ],
)
def test_an_enrolment_moves_with_its_term(day: date, state: EnrolmentState) -> None:
    assert state_on(Period(date(2026, 1, 5), date(2026, 4, 10)), day) is state


def test_just_these_moves_are_legal() -> None:
    legal = {(before, after) for before in EnrolmentState for after in EnrolmentState if may_move(before, after)}
    assert legal == {
        (EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS),
        (EnrolmentState.SCHEDULED, EnrolmentState.CANCELLED),
        (EnrolmentState.IN_PROGRESS, EnrolmentState.COMPLETED),
        (EnrolmentState.IN_PROGRESS, EnrolmentState.CANCELLED),
    }


@pytest.mark.parametrize("before", EnrolmentState)
@pytest.mark.parametrize("due", EnrolmentState)
def test_dates_move_an_enrolment_by_legal_moves_and_only_on(before: EnrolmentState, due: EnrolmentState) -> None:
    at = before
    for state in steps_to(before, due):
        assert may_move(at, state)
        at = state
    forward = [EnrolmentState.SCHEDULED, EnrolmentState.IN_PROGRESS, EnrolmentState.COMPLETED]
    if before in forward and due in forward and forward.index(before) <= forward.index(due):
        assert at is due
    else:
        assert at is before


def test_a_course_without_hours_of_its_own_lasts_a_usual_term() -> None:
    assert length_of_course(timedelta(0), timedelta(hours=4)) == timedelta(hours=56)
    assert length_of_course(timedelta(hours=60), timedelta(hours=4)) == timedelta(hours=60)


_periods = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(
    lambda pair: Period(_DAY_ONE + timedelta(days=pair[0]), _DAY_ONE + timedelta(days=sum(pair)))
)


@given(_periods, _periods)
def test_changed_days_span_what_one_period_has_and_the_other_has_not(before: Period, after: Period) -> None:
    days = [_DAY_ONE + timedelta(days=number) for number in range(45)]
    differing = [day for day in days if (day in before) is not (day in after)]
    expected = Period(differing[0], differing[-1]) if differing else None
    assert changed_days(before, after) == expected


def test_a_shortest_path_is_found_with_both_ends() -> None:
    edges = {"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": ["E"]}
    assert path_between(edges, "A", "E") in (["A", "B", "D", "E"], ["A", "C", "D", "E"])
    assert path_between(edges, "A", "A") == ["A"]
    assert path_between(edges, "E", "A") is None


def test_a_course_may_come_with_its_prerequisite_and_not_before_it() -> None:
    places = {"A": Place(1, 2), "B": Place(1, 2), "C": Place(2, 1)}
    assert out_of_order(places, [("A", "B"), ("C", "A"), ("A", "not in the map")]) == []
    assert out_of_order(places, [("A", "C"), ("B", "C")]) == [("A", "C"), ("B", "C")]
