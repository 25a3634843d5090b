from hypothesis import given
from hypothesis import strategies as st

from hub.attendance.rates import Tally, is_chronically_absent, rates_of

_counts = st.integers(0, 500)
_tallies = st.builds(Tally, present=_counts, late=_counts, absent=_counts, excused=_counts)


def test_rates_by_hand() -> None:
    rates = rates_of(Tally(present=6, late=2, absent=2, excused=10), remaining=10)
    assert rates.attendance == 8 / 10
    assert rates.attendance_excused_as_absent == 8 / 20
    assert rates.punctuality == 6 / 8
    assert rates.best_possible == 18 / 20


def test_a_rate_of_nothing_is_no_rate() -> None:
    nothing = rates_of(Tally())
    assert (nothing.attendance, nothing.attendance_excused_as_absent, nothing.punctuality) == (None, None, None)
    assert rates_of(Tally(excused=3)).attendance is None
    assert rates_of(Tally(absent=3)).punctuality is None
    assert rates_of(Tally(), remaining=1).best_possible == 1


def test_chronic_is_absent_for_any_reason_in_a_tenth_of_the_sessions() -> None:
    for tally, expected in (
        (Tally(), False),
        (Tally(present=9, absent=1), True),
        (Tally(present=10, absent=1), False),
        (Tally(present=9, excused=1), True),
        (Tally(present=18, late=1, absent=1, excused=1), False),
        (Tally(present=17, late=1, absent=1, excused=1), True),
    ):
        assert is_chronically_absent(tally) is expected, tally


@given(_tallies, st.integers(0, 500))
def test_rates_are_shares_and_the_best_possible_is_no_worse(tally: Tally, remaining: int) -> None:
    rates = rates_of(tally, remaining=remaining)
    for rate in (rates.attendance, rates.attendance_excused_as_absent, rates.punctuality, rates.best_possible):
        assert rate is None or 0 <= rate <= 1
    if rates.attendance is not None and rates.best_possible is not None:
        assert rates.best_possible >= rates.attendance
    if rates.attendance is not None and rates.attendance_excused_as_absent is not None:
        assert rates.attendance_excused_as_absent <= rates.attendance


@given(_tallies, _tallies)
def test_tallies_add_up(one: Tally, other: Tally) -> None:
    both = one + other
    assert both.expected == one.expected + other.expected
    assert both.attended == one.attended + other.attended
