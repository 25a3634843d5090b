import json
import sys
from pathlib import Path

import pytest

from bench import timetable
from bench.college_problem import college_problem
from bench.itc2007 import WINNER_MEAN, read_instance, read_solution
from hub.timetable.solver.generation import generate, warm_up
from hub.timetable.solver.validator import validate
from tests.fixtures.itc2007 import TOY

pytestmark = pytest.mark.timeout(600)
"""The search may have to be compiled first, on a busy machine."""


@pytest.fixture(autouse=True)
def _compiled() -> None:
    warm_up()


def test_it_writes_what_it_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "toy.ctt").write_text(TOY)
    out = tmp_path / "out"
    command = ["timetable", "--instances", str(tmp_path), "--seconds", "1", "--seeds", "3", "--cores", "1"]
    monkeypatch.setattr(sys, "argv", [*command, "--out", str(out), "--json"])
    timetable.main()
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]
    problem = read_instance(tmp_path / "toy.ctt")
    report = validate(problem, read_solution(problem, out / "toy.sol"))
    assert report.feasible
    # Two of the three lessons can sit beside each other, one is alone.
    assert report.cost == 2
    assert figures["toy"]["value"] == report.cost
    assert figures["infeasible"] == {"value": 0, "unit": "plans", "comparator": None, "ratio": None} | {
        "reach": "== 0",
        "ok": True,
    }
    assert figures["sum"]["value"] == report.cost


def test_the_sum_is_held_against_the_winners_where_that_is_known() -> None:
    winner = dict(WINNER_MEAN)
    assert timetable.sum_figure(winner).ok is True
    assert timetable.sum_figure({name: cost + 1 for name, cost in winner.items()}).ok is False
    assert timetable.sum_figure({"comp08": 900.0}).ok is None


def test_the_made_up_college_can_be_planned() -> None:
    problem = college_problem(programmes=2)
    assert (len(problem.groups), len(problem.trainers), len(problem.rooms)) == (12, 15, 10)
    assert generate(problem, moves=1_000_000).report.feasible


def test_the_made_up_college_has_the_size_that_is_claimed() -> None:
    problem = college_problem()
    assert (len(problem.groups), len(problem.trainers), len(problem.rooms)) == (120, 150, 80)
    assert problem == college_problem()
