"""`python -m bench.match [--json]`: naming a face among 1,000 to 100,000 people against one matrix-vector product."""

import argparse

import numpy as np

from bench.report import Figure, Report, compare
from presence.faces.engine import ENGINE_IDS, load_engine
from presence.faces.match import Gallery
from presence.faces.types import Encoding, Encodings

SIZES = (1_000, 10_000, 100_000)
CALLS = {1_000: 3_000, 10_000: 400, 100_000: 40}
REACH = "<= 1.5"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINE_IDS, default="sface")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    calibration = load_engine(arguments.engine).calibration
    report = Report("match")
    for size in SIZES:
        templates = unit_rows(size)
        gallery: Gallery[int] = Gallery(calibration, {row: templates[row : row + 1] for row in range(size)})
        probe = templates[size // 2].copy()
        assert gallery.match(probe).person_id == size // 2
        assert gallery.match(-probe).person_id is None

        def ours(gallery: Gallery[int] = gallery, probe: Encoding = probe) -> object:
            return gallery.match(probe)

        def product(templates: Encodings = templates, probe: Encoding = probe) -> object:
            return templates @ probe

        timing = compare(ours, product, calls=CALLS[size], rounds=arguments.rounds)
        name = f"match_{size // 1_000}k_us"
        report.figures[name] = Figure(timing.ours_s * 1e6, "us", timing.comparator_s * 1e6, timing.ratio, REACH)
        if not timing.valid:
            report.invalid_because.append(f"{name}: the product's rounds spread by {timing.comparator_spread:.0%}")
    report.print(as_json=arguments.json)


def unit_rows(count: int) -> Encodings:
    """Random directions, the same ones each time: far apart, as different people's faces are."""
    rows = np.random.default_rng(20261124).standard_normal((count, 128), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


if __name__ == "__main__":
    main()
