from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from presence.faces.calibration import Calibration, Metric
from presence.faces.match import Gallery, NoMatch, verify
from presence.faces.types import Encoding, Encodings

Directions = Callable[[int], Encodings]

TABLES = {
    metric: Calibration(
        metric=metric,
        margin=0.05,
        scores=scores,
        log10_rates=(-3.0, -4.0),
        similarity_scores=similarity_scores,
        similarities=(0.0, 1.0),
    )
    for metric, scores, similarity_scores in (
        (Metric.COSINE, (0.4, 0.45), (0.0, 1.0)),
        (Metric.EUCLIDEAN, (-0.9, -0.85), (-2.0, 0.0)),
    )
}
COSINE = TABLES[Metric.COSINE]


def mixed(first: Encoding, second: Encoding, share: float) -> Encoding:
    """A unit encoding so far on the way from the first to the second."""
    blend = (1 - share) * first + share * second
    return np.asarray(blend / np.linalg.norm(blend), dtype=np.float32)


def numbered(rows: Encodings) -> dict[int, Encodings]:
    return {number: rows[number : number + 1] for number in range(len(rows))}


@pytest.fixture(params=list(Metric), ids=lambda metric: metric.value)
def table(request: pytest.FixtureRequest) -> Calibration:
    return TABLES[request.param]


def test_nobody_is_named_in_an_empty_gallery(table: Calibration, directions: Directions) -> None:
    match = Gallery[int](table, {}).match(directions(1)[0])
    assert (match.person_id, match.nearest_id, match.similarity) == (None, None, 0.0)
    assert match.reason is NoMatch.EMPTY_GALLERY


def test_everybody_is_named_by_their_own_encoding(table: Calibration, directions: Directions) -> None:
    rows = directions(50)
    gallery = Gallery(table, numbered(rows))
    matches = [gallery.match(row) for row in rows]
    assert [match.person_id for match in matches] == list(range(50))
    assert all(match.reason is None and match.margin > 0.05 for match in matches)
    assert all(match.similarity == pytest.approx(1, abs=1e-3) for match in matches)


def test_stranger_is_not_named(table: Calibration, directions: Directions) -> None:
    rows = directions(51)
    match = Gallery(table, numbered(rows[:50])).match(rows[50])
    assert (match.person_id, match.reason) == (None, NoMatch.BELOW_THRESHOLD)
    assert match.nearest_id is not None


def test_between_two_people_nobody_is_named(table: Calibration, directions: Directions) -> None:
    rows = directions(2)
    match = Gallery(table, numbered(rows)).match(mixed(rows[0], rows[1], 0.49))
    assert (match.person_id, match.nearest_id, match.reason) == (None, 0, NoMatch.BELOW_MARGIN)


def test_gallery_of_one_has_no_second_best(table: Calibration, directions: Directions) -> None:
    rows = directions(1)
    match = Gallery(table, {"me": rows}).match(rows[0])
    assert (match.person_id, match.margin) == ("me", np.inf)


def test_person_is_matched_by_the_mean_of_their_encodings(directions: Directions) -> None:
    rows = directions(2)
    gallery = Gallery(COSINE, {"me": rows})
    assert gallery.match(mixed(rows[0], rows[1], 0.5)).score == pytest.approx(1, abs=1e-5)
    assert gallery.match(rows[0]).score == pytest.approx(float(rows[0] @ mixed(rows[0], rows[1], 0.5)), abs=1e-5)


def test_several_probes_of_a_track_are_matched_by_their_mean(table: Calibration, directions: Directions) -> None:
    rows = directions(3)
    gallery = Gallery(table, numbered(rows[:2]))
    track = np.stack([mixed(rows[0], rows[2], share) for share in (0.1, 0.2, 0.3)])
    assert gallery.match(track) == gallery.match(table.mean(track))


def test_euclidean_score_is_the_negative_distance(directions: Directions) -> None:
    rows = directions(3) * np.float32(1.3)
    match = Gallery(TABLES[Metric.EUCLIDEAN], numbered(rows[:2])).match(rows[2])
    assert match.score == pytest.approx(-min(np.linalg.norm(rows[:2] - rows[2], axis=1)), abs=1e-5)


def test_threshold_is_inclusive_and_of_the_gallery_s_size(directions: Directions) -> None:
    rows = directions(2)
    one, two = Gallery(COSINE, numbered(rows[:1])), Gallery(COSINE, numbered(rows), false_match_rate=0.001)
    assert one.threshold == COSINE.threshold(1)
    assert two.threshold == COSINE.threshold(2, 0.001)
    one.threshold = one.match(rows[1]).score
    assert one.match(rows[1]).person_id == 0


def test_changes_make_a_new_gallery_and_leave_the_old_one(table: Calibration, directions: Directions) -> None:
    rows = directions(5)
    old = Gallery(table, numbered(rows[:3]), false_match_rate=0.002)
    new = old.with_changes({1: rows[3:4], 9: rows[4:5]}, removals=[0, 77])
    assert sorted(old.people) == [0, 1, 2]
    assert sorted(new.people) == [1, 2, 9]
    assert [new.match(rows[row]).person_id for row in (0, 1, 2, 3, 4)] == [None, None, 2, 1, 9]
    assert [old.match(rows[row]).person_id for row in range(4)] == [0, 1, 2, None]
    assert new.threshold == table.threshold(3, 0.002)


def test_upsert_wins_over_removal_of_the_same_person(directions: Directions) -> None:
    rows = directions(2)
    gallery = Gallery(COSINE, {0: rows[:1]}).with_changes({0: rows[1:]}, removals=[0])
    assert gallery.match(rows[1]).person_id == 0


def test_gallery_can_be_emptied_and_filled_again(table: Calibration, directions: Directions) -> None:
    rows = directions(2)
    emptied = Gallery(table, numbered(rows)).with_changes({}, [0, 1])
    assert len(emptied) == 0
    assert emptied.match(rows[0]).reason is NoMatch.EMPTY_GALLERY
    assert emptied.with_changes({5: rows[:1]}).match(rows[0]).person_id == 5


@pytest.mark.parametrize(
    "encodings",
    [np.empty((0, 128)), np.ones((1, 127)), np.full((1, 128), np.nan), np.full((1, 128), np.inf)],
    ids=["none", "wrong length", "NaN", "infinite"],
)
def test_impossible_encodings_are_refused(encodings: Encodings) -> None:
    with pytest.raises(ValueError, match="at least one finite encoding of 128"):
        Gallery(COSINE, {0: encodings})


def _unit(rows: Encodings) -> Encodings:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


unit_rows = (
    hnp.arrays(np.float32, st.tuples(st.integers(1, 12), st.just(128)), elements=st.floats(-1, 1, width=16))
    .filter(lambda rows: bool((np.linalg.norm(rows, axis=1) > 0.1).all()))
    .map(_unit)
)


@settings(deadline=None, max_examples=50)
@given(rows=unit_rows, data=st.data())
def test_nearest_person_is_what_a_plain_search_finds(rows: Encodings, data: st.DataObject) -> None:
    table = TABLES[data.draw(st.sampled_from(list(Metric)))]
    probe = table.mean(data.draw(unit_rows)[:1])
    templates = [table.mean(row) for row in rows]
    match = Gallery(table, numbered(rows)).match(probe)
    scores = sorted((table.score(probe, template) for template in templates), reverse=True)
    assert match.score == pytest.approx(scores[0], abs=2e-3)
    if len(scores) > 1:
        assert match.margin == pytest.approx(scores[0] - scores[1], abs=4e-3)
    assert (match.person_id is None) == (match.reason is not None)


@settings(deadline=None, max_examples=30)
@given(rows=unit_rows, order=st.randoms(use_true_random=False))
def test_order_of_the_people_does_not_matter(rows: Encodings, order: "np.random.Generator") -> None:
    people = list(numbered(rows).items())
    before = Gallery(COSINE, dict(people)).match(rows[0])
    order.shuffle(people)
    after = Gallery(COSINE, dict(people)).match(rows[0])
    assert (after.person_id, after.reason) == (before.person_id, before.reason)
    assert after.score == pytest.approx(before.score, abs=1e-5)


def test_verification_accepts_the_person_and_nobody_else(table: Calibration, directions: Directions) -> None:
    rows = directions(3)
    mine = np.stack([rows[0], mixed(rows[0], rows[1], 0.2)])
    assert verify(table, rows[0], mine).same_person
    assert not verify(table, rows[2], mine).same_person
    assert verify(table, rows[0], mine).similarity > verify(table, rows[2], mine).similarity
    assert verify(table, rows[0], mine, false_match_rate=1e-4).threshold == table.threshold(1, 1e-4)
