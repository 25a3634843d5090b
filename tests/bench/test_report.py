import json
from itertools import count

import pytest

from bench.report import Comparison, Figure, Report, compare, share, spread, wilson_interval


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (Figure(0.97, reach=">= 0.97"), True),
        (Figure(0.969, reach=">= 0.97"), False),
        (Figure(3.0, comparator=2.0, ratio=1.5, reach="<= 1.5"), True),  # about the ratio, where there is one
        (Figure(1.0, comparator=0.5, ratio=2.0, reach="<= 1.5"), False),
        (Figure(1.0), None),
    ],
)
def test_reach(figure: Figure, ok: bool | None) -> None:  # noqa: FBT001 (rows of a table)
    assert figure.ok is ok


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 400, 0.0, 0.00951),
        (4, 400, 0.00390, 0.02541),
        (199, 200, 0.97224, 0.99912),
        (200, 200, 0.98115, 1.0),
    ],
)
def test_wilson_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson_interval(hits, of) == pytest.approx((low, high), abs=1e-4)


def test_spread_is_the_middle_half_over_the_median() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 3)
    assert spread([3.0] * 5) == 0


def test_comparison_takes_turns_and_counts_calls() -> None:
    turns = count()
    mine: list[int] = []
    theirs: list[int] = []
    timing = compare(lambda: mine.append(next(turns)), lambda: theirs.append(next(turns)), calls=2, rounds=5)
    assert theirs[:4] == [0, 1, 4, 5]
    assert mine[:4] == [2, 3, 6, 7]
    assert len(mine) == len(theirs) == 12  # five rounds and one to warm up
    assert timing.ours_s > 0


def test_too_few_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 5 rounds"):
        compare(lambda: None, lambda: None, rounds=4)


def test_noisy_comparator_makes_a_comparison_invalid() -> None:
    assert Comparison(1, 1, 1, comparator_spread=0.25).valid
    assert not Comparison(1, 1, 1, comparator_spread=0.26).valid


def test_json_is_the_last_line_and_has_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("faces", {"tpir": share(199, 200, reach=">= 0.97")}, invalid_because=["noise"])
    report.print(as_json=True)
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(printed) >= {"bench", "valid", "machine", "figures"}
    assert printed["valid"] is False
    tpir = printed["figures"]["tpir"]
    assert {key: tpir[key] for key in ("value", "unit", "comparator", "ratio", "reach", "ok")} == {
        "value": 0.995,
        "unit": "",
        "comparator": None,
        "ratio": None,
        "reach": ">= 0.97",
        "ok": True,
    }


def test_table_for_people_says_what_falls_short(capsys: pytest.CaptureFixture[str]) -> None:
    Report("faces", {"tpir": share(1, 2, reach=">= 0.97")}, invalid_because=["noise"]).print(as_json=False)
    printed = capsys.readouterr().out
    assert "FALLS SHORT" in printed
    assert "INVALID: noise" in printed
