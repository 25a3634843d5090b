"""`python -m bench.calibrate --data DIR [--write]`: make the calibration table of the face engines.

People are split in two by a digest of their names. The table comes from the one half alone: scores of other
people's photos against means of three photos of its enrolled people (all ten choices of three of five). The rate is
empirical down to 1 in 500; beyond it the excesses follow a generalised Pareto distribution (peaks over threshold,
Pickands 1975), which reaches galleries larger than the data. Both are as uncertain as people are few, so each score of
the table is a high percentile over bootstrap samples of people: the 90th, nine such calibrations in ten keep their
promise, for `sface`; the 60th for `dlib`, which would lose 6 % more of the known faces by the same care.
The other half then tells what the table does to people it has never seen.
"""

import argparse
import hashlib
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.face_data import ENROLLING_PHOTOS, encode_main_face, face_data
from presence.faces.calibration import Calibration, Metric, parse_calibration
from presence.faces.dlib_engine import DlibEngine
from presence.faces.engine import Engine
from presence.faces.sface import SFaceEngine
from presence.faces.types import Encodings

Scores = NDArray[np.float64]

TABLE = Path(__file__).parents[1] / "presence" / "faces" / "calibration.json"
# Not by load_engine, which refuses engines whose models the table doesn't know.
ENGINES: tuple[type[SFaceEngine | DlibEngine], ...] = (SFaceEngine, DlibEngine)
LOG10_RATES = (-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0)
TAIL_RATE = 2e-3
SHAPES = (-0.15, -0.001)
"""The shape is estimated within these: -0 is exponential; a shorter tail than -0.15 so few people can't show."""
SAMPLES = 400
PERCENTILES = {"sface": 90, "dlib": 60}
PHOTOS = 5
MARGINS = {"sface": 0.05, "dlib": 0.03}
"""`sface`: the product's rule. `dlib`: as much of a step down its tail as 0.05 is for `sface`."""
SIMILARITIES = (0.0, 0.5, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Half:
    """`enrolled` is (people, 5, 128), `strangers` (n, 128)."""

    enrolled: NDArray[np.float32]
    strangers: Encodings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"replace {TABLE}")
    parser.add_argument("--cache", type=Path, help="a folder to keep encodings in between runs")
    arguments = parser.parse_args()
    table: dict[str, Any] = {"made_by": "python -m bench.calibrate --write", "engines": {}}
    for make in ENGINES:
        engine = make()
        first, second = halves(engine, arguments.data, arguments.cache)
        table["made_from"] = (
            f"LFW: {len(first.enrolled)} people by {PHOTOS} photos and {len(first.strangers)} strangers, the half "
            f"of the people whose names' SHA-256 is even; {SAMPLES} bootstrap samples, percentiles {PERCENTILES}"
        )
        entry = calibrate(engine, first)
        table["engines"][engine.id] = entry
        show(f"{engine.id}, the other half", parse_calibration(entry), second)
        show(f"{engine.id}, halves exchanged", parse_calibration(calibrate(engine, second)), first)
    text = json.dumps(table, indent=1) + "\n"
    if arguments.write:
        TABLE.write_text(text, encoding="utf-8")
        print(f"wrote {TABLE}")
    else:
        print(text)


def halves(engine: Engine, folder: Path, cache: Path | None) -> tuple[Half, Half]:
    """Everybody's encodings, split by name."""
    people, strangers = encodings(engine, folder, cache)

    def half(parity: int) -> Half:
        return Half(
            np.stack([rows for name, rows in people.items() if side(name) == parity]),
            np.stack([row for name, row in strangers.items() if side(name) == parity]),
        )

    return half(0), half(1)


def side(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] & 1


def encodings(
    engine: Engine, folder: Path, cache: Path | None
) -> tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
    """By name: people's (5, 128) and strangers' (128,)."""
    data = face_data(folder)
    paths = [
        *itertools.chain.from_iterable(photos[:PHOTOS] for photos in data.enrolled.values()),
        *data.strangers.values(),
    ]
    kept = None if cache is None else cache / f"{engine.id}.npz"
    if kept is not None and kept.exists():
        with np.load(kept) as archive:
            by_path = dict(archive)
    else:
        by_path = dict(encoded(engine, paths))
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept, allow_pickle=False, **by_path)
    people = {
        name: np.stack([by_path[path.stem] for path in photos[:PHOTOS]])
        for name, photos in data.enrolled.items()
        if len(photos) >= PHOTOS and all(path.stem in by_path for path in photos[:PHOTOS])
    }
    return people, {name: by_path[path.stem] for name, path in data.strangers.items() if path.stem in by_path}


def encoded(engine: Engine, paths: Iterable[Path]) -> Iterable[tuple[str, NDArray[np.float32]]]:
    for path in paths:
        encoding = encode_main_face(engine, path)
        if encoding is not None:
            yield path.stem, encoding


def calibrate(engine: Engine, half: Half) -> dict[str, Any]:
    """An engine's entry of the table."""
    other_scores, own_scores = scores(engine.metric, half)
    random = np.random.default_rng(20261124)
    curves = []
    for _ in range(SAMPLES):
        photos = random.integers(0, other_scores.shape[1], other_scores.shape[1])
        people = random.integers(0, other_scores.shape[2], other_scores.shape[2])
        sample = other_scores[:, photos][:, :, people]
        curves.append(curve(sample[~np.isnan(sample)]))
    careful = np.percentile(curves, PERCENTILES[engine.id], axis=0)
    anchors = (
        float(np.nanmedian(other_scores)),
        float(careful[LOG10_RATES.index(-3.0)]),
        float(np.median(own_scores)),
        1.0 if engine.metric is Metric.COSINE else 0.0,
    )
    return {
        "model_sha256": engine.model_sha256,
        "metric": engine.metric.value,
        "margin": MARGINS[engine.id],
        "false_match": {"scores": [round(float(score), 4) for score in careful], "log10_rates": list(LOG10_RATES)},
        "similarity": {"scores": [round(anchor, 4) for anchor in anchors], "similarities": list(SIMILARITIES)},
    }


def scores(metric: Metric, half: Half) -> tuple[Scores, Scores]:
    """Others' photos against templates, (choices, photos, people), NaN for the person's own; and own ones', (n,)."""
    others: list[Scores] = []
    own: list[Scores] = []
    for chosen in itertools.combinations(range(PHOTOS), ENROLLING_PHOTOS):
        templates = np.stack([metric.mean(photos[list(chosen)]) for photos in half.enrolled])
        first, *rest = (
            pairwise(metric, half.enrolled[:, left_out], templates) for left_out in set(range(PHOTOS)) - set(chosen)
        )
        own.extend(np.diagonal(table).copy() for table in (first, *rest))
        np.fill_diagonal(first, np.nan)
        others.append(np.concatenate([first, pairwise(metric, half.strangers, templates)]))
    return np.stack(others), np.concatenate(own)


def pairwise(metric: Metric, probes: Encodings, templates: Encodings) -> Scores:
    if metric is Metric.COSINE:
        return np.asarray(probes @ templates.T, dtype=np.float64)
    return np.asarray(-np.linalg.norm(probes[:, None] - templates[None], axis=2), dtype=np.float64)


def curve(other_scores: Scores) -> list[float]:
    """The scores at LOG10_RATES."""
    start = float(np.quantile(other_scores, 1 - TAIL_RATE))
    excesses = np.sort(other_scores[other_scores > start] - start)
    mean = float(excesses.mean())
    # Hosking and Wallis, Technometrics 29 (1987): the shape from probability-weighted moments.
    above = np.arange(len(excesses))[::-1] / (len(excesses) - 1)
    weighted = float((excesses * above).mean())
    shape = float(np.clip(2 - mean / (mean - 2 * weighted), *SHAPES))
    scale = mean * (1 - shape)

    def score(rate: float) -> float:
        if rate >= TAIL_RATE:
            return float(np.quantile(other_scores, 1 - rate))
        return start + scale * (float(np.expm1(shape * np.log(TAIL_RATE / rate))) / shape)

    return [score(10**rate) for rate in LOG10_RATES]


def show(title: str, calibration: Calibration, half: Half) -> None:
    """What a calibration does to a half that it doesn't know: its strangers and the left-out photos of its people."""
    other_scores, own_scores = scores(calibration.metric, half)
    strangers = other_scores[:, len(half.enrolled) :]
    threshold = calibration.threshold(len(half.enrolled))
    print(
        f"{title}: gallery of {len(half.enrolled)}, threshold {threshold:.3f}: "
        f"strangers named {float((strangers.max(axis=2) >= threshold).mean()):.2%}, "
        f"own photos below {float((own_scores < threshold).mean()):.2%}"
    )


if __name__ == "__main__":
    main()
