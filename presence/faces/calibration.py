"""From an engine's scores to decisions: thresholds for a stranger-acceptance target, scaled to the gallery's size.

The committed table `calibration.json` is made by `python -m bench.calibrate`, which also says from what. It holds, for
each engine, the rate at which one stranger's photo reaches a score against one other person's template (the false match
rate). In a gallery of N people a stranger is taken for somebody with probability 1 - (1 - rate)^N (ISO/IEC 19795-1:
false-positive identification rate of independent comparisons), so the threshold of a gallery is the score with
rate = 1 - (1 - target)^(1/N). Beyond the measured rates the logarithm continues linearly.
"""

import bisect
import functools
import json
import math
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from typing import Any

import numpy as np

from presence.faces.types import Encoding, Encodings

DEFAULT_FALSE_MATCH_RATE = 0.01
"""Strangers of whom one in a hundred may be given a name."""
VERIFICATION_FALSE_MATCH_RATE = 0.001
"""One photo against one person; no gallery's threshold is laxer than this, however small it is."""


class Metric(Enum):
    """How two encodings of an engine are compared."""

    COSINE = "cosine"
    """Of unit encodings; means are renormalised."""
    EUCLIDEAN = "euclidean"
    """Distance, negated."""

    def mean(self, encodings: Encodings) -> Encoding:
        """The one encoding, (128,), that stands for several of the same face."""
        mean: Encoding = np.asarray(encodings, dtype=np.float32).reshape(-1, 128).mean(axis=0)
        if self is Metric.COSINE:
            mean = mean / np.float32(math.sqrt(float(mean @ mean)) or 1.0)
        return mean

    def score(self, first: Encoding, second: Encoding) -> float:
        """Two encodings, each one of an engine's or as `mean` gives them; higher is more alike."""
        if self is Metric.COSINE:
            return float(first @ second)
        return -float(np.linalg.norm(first - second))


class CalibrationMissing(Exception):
    """The table has no entry for these models: encodings of other weights score differently."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One engine's scores (higher is more alike) and what they mean."""

    metric: Metric
    margin: float
    """How much better than the second-best person the best one must score."""
    scores: tuple[float, ...]
    """Rising; with `log10_rates`, falling, the measured tail of the false match rate."""
    log10_rates: tuple[float, ...]
    similarity_scores: tuple[float, ...]
    """Rising; the scores whose similarities are `similarities`; linear between them."""
    similarities: tuple[float, ...]

    def threshold(self, gallery_size: int, false_match_rate: float = DEFAULT_FALSE_MATCH_RATE) -> float:
        """The lowest score that names somebody in a gallery so large, for so many strangers named.

        Raises ValueError unless gallery_size >= 1 and 0 < false_match_rate < 1.
        """
        if gallery_size < 1 or not 0.0 < false_match_rate < 1.0:
            raise ValueError("A threshold needs a gallery size of at least 1 and a rate between 0 and 1.")
        # expm1 and log1p: 1 - (1 - rate)^(1/N) without cancellation when N is large.
        one_person = -math.expm1(math.log1p(-false_match_rate) / gallery_size)
        return self.score_at(min(one_person, VERIFICATION_FALSE_MATCH_RATE))

    def score_at(self, false_match_rate: float) -> float:
        """The score that so many strangers reach against one person."""
        wanted = math.log10(false_match_rate)
        rates, scores = self.log10_rates, self.scores
        if wanted >= rates[-1]:
            return float(np.interp(-wanted, [-rate for rate in rates], scores))
        slope = (scores[-1] - scores[-2]) / (rates[-1] - rates[-2])
        return scores[-1] + slope * (wanted - rates[-1])

    def similarity(self, score: float) -> float:
        """The score on the scale that people see.

        0: as an average stranger or less; 0.5: one stranger in a thousand is so alike; 0.9: as an average photo of the
        same person; 1: the same photo.
        """
        scores, similarities = self.similarity_scores, self.similarities
        # By hand: numpy's interp costs as much for one number as matching against 300 people.
        if score <= scores[0]:
            return similarities[0]
        if score >= scores[-1]:
            return similarities[-1]
        right = bisect.bisect_right(scores, score)
        share = (score - scores[right - 1]) / (scores[right] - scores[right - 1])
        return similarities[right - 1] + share * (similarities[right] - similarities[right - 1])

    def score_of_similarity(self, similarity: float) -> float:
        """The inverse of `similarity`, for policies that state a least similarity."""
        return float(np.interp(similarity, self.similarities, self.similarity_scores))

    def mean(self, encodings: Encodings) -> Encoding:
        """`Metric.mean`."""
        return self.metric.mean(encodings)

    def score(self, first: Encoding, second: Encoding) -> float:
        """`Metric.score`."""
        return self.metric.score(first, second)


def load_calibration(engine_id: str, *, model_sha256: str) -> Calibration:
    """The committed table's entry. Raises CalibrationMissing when it was made with other models."""
    entry = _table()["engines"].get(engine_id)
    if entry is None or entry["model_sha256"] != model_sha256:
        raise CalibrationMissing(
            f"calibration.json has no entry for engine {engine_id} with models {model_sha256[:12]}: "
            "run `python -m bench.calibrate --data <face folders>`."
        )
    return parse_calibration(entry)


def parse_calibration(entry: dict[str, Any]) -> Calibration:
    """An engine's entry of the table."""
    return Calibration(
        metric=Metric(entry["metric"]),
        margin=entry["margin"],
        scores=tuple(entry["false_match"]["scores"]),
        log10_rates=tuple(entry["false_match"]["log10_rates"]),
        similarity_scores=tuple(entry["similarity"]["scores"]),
        similarities=tuple(entry["similarity"]["similarities"]),
    )


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("presence.faces").joinpath("calibration.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
