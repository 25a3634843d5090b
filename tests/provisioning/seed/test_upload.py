"""`roster seed` against a hub that runs as a process of its own."""

from collections.abc import Iterator

import pytest

from tests.fixtures.terminal import Terminal, open_terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("seed"), empty=True) as terminal:
        yield terminal


def test_a_seeded_college_is_there_and_a_second_seed_adds_nothing(terminal: Terminal) -> None:
    wanted = {
        "departments": 2,
        "programmes": 1,
        "class_groups": 2,
        "trainers": 5,
        "trainees": 60,
        "courses": 21,
        "rooms": 6,
        "enrolments": 30,
    }
    for _ in range(2):
        assert terminal.json("seed", "--year", "2026") == wanted
        there = {
            "departments": len(terminal.json("departments", "list")),
            "programmes": len(terminal.json("programmes", "list")),
            "class_groups": len(terminal.json("groups", "list")),
            "trainers": len(terminal.json("users", "list", "--role", "trainer")),
            "trainees": len(terminal.json("users", "list", "--role", "trainee")),
            "courses": len(terminal.json("courses", "list")),
            "rooms": len(terminal.json("rooms", "list")),
            "enrolments": len(terminal.json("enrolments", "list")),
        }
        assert there == wanted


def test_another_college_is_not_mixed_into_it(terminal: Terminal) -> None:
    assert "serves Karen Training Centre already" in terminal.refused("seed", "--size", "university")
