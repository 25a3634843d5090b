import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presence.faces.calibration import Calibration, CalibrationMissing, Metric, load_calibration
from presence.faces.engine import Engine

TABLE = Calibration(
    metric=Metric.COSINE,
    margin=0.05,
    scores=(0.2, 0.3, 0.4, 0.5),
    log10_rates=(-1.0, -2.0, -3.0, -4.0),
    similarity_scores=(0.0, 0.4, 0.7, 1.0),
    similarities=(0.0, 0.5, 0.9, 1.0),
)


@pytest.mark.parametrize(
    ("rate", "score"),
    [
        (0.5, 0.2),  # laxer than was measured: the laxest that was
        (0.1, 0.2),
        (0.01, 0.3),
        (10**-2.5, 0.35),  # between two of the table
        (1e-4, 0.5),
        (1e-6, 0.7),  # beyond it, as its last two go on
    ],
)
def test_score_at_a_false_match_rate(rate: float, score: float) -> None:
    assert TABLE.score_at(rate) == pytest.approx(score)


@pytest.mark.parametrize(
    ("gallery_size", "target", "threshold"),
    [
        (1, 0.001, 0.4),  # one person: the rate itself
        (1, 0.1, 0.4),  # never laxer than one person's
        (1000, 0.0951671, 0.5),  # 1 - (1 - 1e-4)^1000
        (100_000, 0.0951626, 0.7),  # 1 - (1 - 1e-6)^100000
    ],
)
def test_threshold_scales_with_the_gallery(gallery_size: int, target: float, threshold: float) -> None:
    assert TABLE.threshold(gallery_size, target) == pytest.approx(threshold, abs=1e-4)


@pytest.mark.parametrize(("gallery_size", "rate"), [(0, 0.01), (-1, 0.01), (10, 0.0), (10, 1.0), (10, float("nan"))])
def test_threshold_of_nothing_or_of_no_rate_is_an_error(gallery_size: int, rate: float) -> None:
    with pytest.raises(ValueError, match="gallery size of at least 1"):
        TABLE.threshold(gallery_size, rate)


@given(size=st.integers(1, 100_000), rate=st.floats(1e-4, 0.5))
def test_larger_galleries_and_stricter_targets_never_lower_the_threshold(size: int, rate: float) -> None:
    assert TABLE.threshold(size, rate) <= TABLE.threshold(size + 1, rate)
    assert TABLE.threshold(size, rate) <= TABLE.threshold(size, rate / 2)


@pytest.mark.parametrize(
    ("score", "similarity"),
    [(-0.3, 0.0), (0.0, 0.0), (0.2, 0.25), (0.4, 0.5), (0.55, 0.7), (0.7, 0.9), (0.85, 0.95), (1.0, 1.0), (1.001, 1.0)],
)
def test_similarity_is_a_scale_from_0_to_1(score: float, similarity: float) -> None:
    assert TABLE.similarity(score) == pytest.approx(similarity)


@given(st.floats(0, 1))
def test_score_of_similarity_is_its_inverse(similarity: float) -> None:
    assert TABLE.similarity(TABLE.score_of_similarity(similarity)) == pytest.approx(similarity)


def test_committed_tables_are_monotone_and_mean_the_same(engine: Engine) -> None:
    calibration = engine.calibration
    assert all(low < high for low, high in itertools.pairwise(calibration.scores))
    assert all(low > high for low, high in itertools.pairwise(calibration.log10_rates))
    assert all(low < high for low, high in itertools.pairwise(calibration.similarity_scores))
    assert calibration.margin > 0
    assert calibration.similarity(calibration.threshold(1, 0.001)) == pytest.approx(0.5)
    assert calibration.similarity(calibration.threshold(30)) > 0.5


def test_other_models_have_no_calibration() -> None:
    with pytest.raises(CalibrationMissing, match=r"bench\.calibrate"):
        load_calibration("sface", model_sha256="0" * 64)
