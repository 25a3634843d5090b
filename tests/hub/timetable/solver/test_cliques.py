from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from hub.timetable.solver.cliques import clique_cover


def pairs(sets: list[set[int]]) -> set[tuple[int, int]]:
    return {pair for inside in sets for pair in combinations(sorted(inside), 2)}


@given(st.lists(st.sets(st.integers(0, 11), max_size=6), max_size=8))
def test_the_same_pairs_exclude_each_other(sets: list[set[int]]) -> None:
    assert pairs(clique_cover(12, sets)) == pairs(sets)


def test_curricula_that_share_courses_become_one_set() -> None:
    triangle = [{0, 1}, {1, 2}, {0, 2}]
    assert clique_cover(3, triangle) == [{0, 1, 2}]


def test_lessons_of_one_course_alone_are_a_set() -> None:
    assert clique_cover(4, [{0, 1}, {3}]) == [{0, 1}]


def test_nothing_excludes_nothing() -> None:
    assert clique_cover(3, []) == []
