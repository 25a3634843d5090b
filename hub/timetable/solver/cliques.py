"""Few sets that say which lessons exclude each other."""

from collections import defaultdict
from collections.abc import Sequence


def clique_cover(lessons: int, sets: Sequence[set[int]]) -> list[set[int]]:
    """Sets of lessons such that two are in one of them together exactly when they are together in one of `sets`.

    Where class groups overlap, as curricula do, two lessons share many; in what is returned seldom more than one. A
    clash is then counted once, not so dearly that the search never passes through it.

    Greedy, after Kellerman, "Determination of keyword conflict", IBM Technical Disclosure Bulletin 16 (1973): from a
    pair not yet covered on, whoever covers most is added.
    """
    nodes, of_node = _alike(lessons, sets)
    beside = _beside(of_node, len(sets))
    uncovered = list(beside)
    cliques: list[set[int]] = []
    for node, members in enumerate(nodes):
        if not beside[node] and len(members) > 1:
            cliques.append(members)
        while uncovered[node]:
            clique = _grow(node, beside, uncovered)
            cliques.append({lesson for each in clique for lesson in nodes[each]})
            inside = sum(1 << each for each in clique)
            for each in clique:
                uncovered[each] &= ~inside
    return cliques


def _alike(lessons: int, sets: Sequence[set[int]]) -> tuple[list[set[int]], list[tuple[int, ...]]]:
    """The lessons that are in the same sets: one node each, and the sets that it is in."""
    of_lesson: list[list[int]] = [[] for _ in range(lessons)]
    for number, inside in enumerate(sets):
        for lesson in inside:
            of_lesson[lesson].append(number)
    alike: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for lesson, numbers in enumerate(of_lesson):
        if numbers:
            alike[tuple(numbers)].add(lesson)
    return list(alike.values()), list(alike)


def _beside(of_node: Sequence[tuple[int, ...]], sets: int) -> list[int]:
    """For each node those that it shares a set with, a bit each."""
    members = [0] * sets
    for node, numbers in enumerate(of_node):
        for number in numbers:
            members[number] |= 1 << node
    beside = [0] * len(of_node)
    for node, numbers in enumerate(of_node):
        for number in numbers:
            beside[node] |= members[number]
        beside[node] &= ~(1 << node)
    return beside


def _grow(node: int, beside: Sequence[int], uncovered: Sequence[int]) -> list[int]:
    clique, inside, candidates = [node], 1 << node, beside[node]
    while candidates:
        gain = [(-(uncovered[each] & inside).bit_count(), each) for each in _ones(candidates)]
        best = min(gain)[1]
        clique.append(best)
        inside |= 1 << best
        candidates &= beside[best]
    return clique


def _ones(bits: int) -> list[int]:
    ones: list[int] = []
    while bits:
        lowest = bits & -bits
        ones.append(lowest.bit_length() - 1)
        bits ^= lowest
    return ones
