from itertools import pairwise

import pytest

from hub.timetable.solver.search import (
    CLASH_WEIGHT,
    COLDEST,
    HEATINGS,
    HOTTEST,
    MOST_CLASH_WEIGHT,
    Cooling,
)

STEPS = 1_000


def cool(clashes_until: float) -> list[tuple[float, float]]:
    """Temperature and weight of a clash, step by step."""
    cooling, course = Cooling(), []
    for step in range(STEPS):
        cooling.go_on(step / STEPS, clashes=step / STEPS < clashes_until)
        course.append((cooling.temperature, cooling.clash_weight))
    return course


def test_it_cools_from_hottest_to_coldest() -> None:
    temperatures = [temperature for temperature, _ in cool(0)]
    assert temperatures == sorted(temperatures, reverse=True)
    assert temperatures[0] == HOTTEST
    assert temperatures[-1] == pytest.approx(COLDEST, rel=0.01)


def test_clashes_that_stay_make_it_hot_again_a_few_times() -> None:
    temperatures = [temperature for temperature, _ in cool(1)]
    heatings = sum(after > before for before, after in pairwise(temperatures))
    assert heatings == HEATINGS
    assert temperatures[-1] == pytest.approx(COLDEST, rel=0.02)


def test_a_clash_becomes_dearer_while_there_are_clashes_and_cheaper_afterwards() -> None:
    weights = [weight for _, weight in cool(1)]
    assert weights[0] == CLASH_WEIGHT
    assert CLASH_WEIGHT < weights[-1] <= MOST_CLASH_WEIGHT
    ends_clean = [weight for _, weight in cool(0.9)]
    assert max(ends_clean) > ends_clean[-1] >= CLASH_WEIGHT


def test_a_clean_run_keeps_the_weight() -> None:
    assert {weight for _, weight in cool(0.2)} == {CLASH_WEIGHT}
