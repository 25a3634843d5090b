from pathlib import Path

import pytest

from bench.itc2007 import MalformedInstance, read_instance, read_solution, write_solution
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Placement, Plan, Slot
from hub.timetable.solver.validator import validate
from tests.fixtures.itc2007 import TOY


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.ctt"
    path.write_text(TOY)
    return path


def test_an_instance_is_read_whole(toy: Path) -> None:
    problem = read_instance(toy)
    assert (problem.grid.days, problem.grid.periods_per_day) == (2, 3)
    assert [(room.key, room.capacity) for room in problem.rooms] == [("A", 20), ("B", 40)]
    assert [lesson.key for lesson in problem.lessons] == ["math#0", "math#1", "art#0"]
    art = problem.lesson["art#0"]
    assert (art.trainer, art.groups, art.students) == ("bob", ("first",), 10)
    assert art.unavailable == {Slot(1, 2)}
    assert problem.course["math"].min_days == 2


def test_cost_is_that_of_the_competition(toy: Path) -> None:
    """Ten stand in A (10), both math lessons on one day (5), all three alone (3 × 2), math in two rooms (1)."""
    problem = read_instance(toy)
    plan = Plan({"math#0": Placement(0, 0, "A"), "math#1": Placement(0, 2, "B"), "art#0": Placement(1, 0, "A")})
    report = validate(problem, plan)
    assert report.feasible
    assert report.costs == {
        Rule.ROOM_CAPACITY: 10,
        Rule.MIN_WORKING_DAYS: 5,
        Rule.GROUP_LONE_PERIOD: 6,
        Rule.ROOM_STABILITY: 1,
    }


def test_a_solution_survives_its_file(toy: Path, tmp_path: Path) -> None:
    problem = read_instance(toy)
    plan = Plan({"math#0": Placement(0, 0, "A"), "math#1": Placement(0, 2, "B"), "art#0": Placement(1, 0, "A")})
    write_solution(problem, plan, tmp_path / "toy.sol")
    assert (tmp_path / "toy.sol").read_text() == "math A 0 0\nmath B 0 2\nart A 1 0\n"
    assert read_solution(problem, tmp_path / "toy.sol") == plan


def test_a_lecture_too_many_is_refused(toy: Path, tmp_path: Path) -> None:
    (tmp_path / "toy.sol").write_text("art A 0 0\nart A 0 1\n")
    with pytest.raises(MalformedInstance, match="art A 0 1"):
        read_solution(read_instance(toy), tmp_path / "toy.sol")


def test_a_file_that_announces_more_than_it_has_is_refused(toy: Path) -> None:
    toy.write_text(TOY.replace("Rooms: 2", "Rooms: 3"))
    with pytest.raises(MalformedInstance, match="3 announced, 2 there"):
        read_instance(toy)
