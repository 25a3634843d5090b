"""`roster courses`, `topics`, `curriculum`, `enrolments`, `loans` and `rates`, against a hub that runs."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.fixtures.terminal import Terminal, open_terminal

_TODAY = date.today()  # noqa: DTZ011 (a hub as a process lives by the real clock)
FIRST, LAST = _TODAY - timedelta(days=30), _TODAY + timedelta(days=60)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("courses"), in_process=True) as terminal:
        days = ("--from", FIRST.isoformat(), "--to", LAST.isoformat())
        terminal.json("years", "create", "Now", *days)
        terminal.json("terms", "create", "1", "--year", "Now", *days)
        group = ("--programme", "DSE", "--intake", str(FIRST.year), "--stream", "B", "--name", "DSE-B")
        terminal.json("groups", "create", *group)
        terminal.json("departments", "create", "ENG", "Engineering")
        for name, number, department in (("Grace", "S-1", "ICT"), ("Linus", "S-2", "ENG")):
            terminal.json(
                "users", "create", "--email", f"{name}@college.example", "--given", name, "--family", "Otieno",
                "--role", "trainer", "--staff-number", number, "--department", department,
            )  # fmt: skip
        for code in ("NET1", "NET2"):
            terminal.json("courses", "create", code, f"Networks {code[-1]}", "--department", "ICT")
        yield terminal


def test_prerequisites_are_said_shown_as_a_tree_and_never_a_cycle(terminal: Terminal) -> None:
    terminal.json("courses", "needs", "NET2", "NET1")
    assert terminal.run("courses", "tree", "NET2").stdout.splitlines() == ["NET2  Networks 2", "   NET1  Networks 1"]
    assert "NET1 → NET2 → NET1" in terminal.refused("courses", "needs", "NET1", "NET2")
    assert "NET1" in terminal.run("courses", "show", "NET2").stdout
    terminal.json("courses", "needs-not", "NET2", "NET1")
    assert len(terminal.json("courses", "tree", "NET2")["nodes"]) == 1


def test_a_course_is_changed_archived_and_deleted(terminal: Terminal) -> None:
    terminal.json("courses", "create", "OLD", "Old", "--department", "ICT", "--needs", "NET1")
    assert terminal.json("courses", "update", "OLD", "--title", "Older", "--total-hours", "20")["title"] == "Older"
    assert "Say what is to change" in terminal.refused("courses", "update", "OLD")
    lesson = terminal.json("courses", "update", "OLD", "--session-minutes", "90")["default_session_length"]
    assert lesson == "5400s"
    terminal.json("courses", "archive", "OLD")
    assert "OLD" not in terminal.run("courses", "list").stdout
    terminal.json("courses", "restore", "OLD")
    assert [one["code"] for one in terminal.json("courses", "list", "olde")] == ["OLD"]
    terminal.json("courses", "delete", "OLD")
    assert terminal.json("courses", "list", "olde", "--archived") == []


def test_topics_are_put_in_order(terminal: Terminal) -> None:
    layers, routing = [terminal.json("topics", "add", "NET1", title, "--hours", "4") for title in ("Layers", "Routing")]
    link = terminal.json("topics", "add", "NET1", "Link layer", "--under", layers["id"], "--hours", "2")
    terminal.json("topics", "move", routing["id"], "1")
    terminal.json("topics", "update", link["id"], "--title", "Ethernet")
    shown = terminal.run("topics", "list", "NET1").stdout
    assert shown.index("Routing") < shown.index("Layers") < shown.index("Ethernet")
    assert "Planned 8 h of 1 d 4 h." in shown
    terminal.json("topics", "reorder", "NET1", layers["id"], routing["id"])
    assert "has 1 subtopics" in terminal.refused("topics", "delete", layers["id"])
    terminal.json("topics", "delete", layers["id"], "--force")
    assert [one["position"] for one in terminal.json("topics", "list", "NET1")["topics"]] == [1]


def test_a_term_is_registered_by_map_and_workbook(terminal: Terminal, tmp_path: Path) -> None:
    terminal.json("curriculum", "add", "DSE", "NET1", "--year", "1", "--term", "1", "--practical-room", "lab")
    other = terminal.json("curriculum", "add", "DSE", "NET2", "--year", "1", "--term", "1", "--kind", "elective")
    assert "NET1  Networks 1" in terminal.run("curriculum", "list", "DSE").stdout
    target = tmp_path / "term.xlsx"
    terminal.json("enrolments", "template", "--output", str(target))
    book = load_workbook(target)
    page = book["Enrolments"]
    rows = {(row[1].value, row[2].value): row for row in page.iter_rows(min_row=2)}
    wanted = rows["DSE-B", "NET1"]
    wanted[6].value = "S-9"
    book.save(target)
    said = terminal.run("enrolments", "import", str(target))
    assert said.returncode == 1
    assert "is no serving trainer" in " ".join(said.stdout.split())
    wanted[6].value = "S-1"
    book.save(target)
    assert "1 new" in terminal.run("enrolments", "import", str(target), "--dry-run").stdout
    assert terminal.json("enrolments", "import", str(target))["created"] == 1
    assert terminal.json("enrolments", "import", str(target))["unchanged"] == 1
    assert "Grace Otieno" in terminal.run("enrolments", "list", "--group", "DSE-B").stdout
    assert terminal.json("enrolments", "show", "NET1@DSE-B")["state"] == "STATE_IN_PROGRESS"
    terminal.json("curriculum", "archive", other["id"])
    terminal.json("curriculum", "delete", other["id"])


def test_another_departments_trainer_takes_it_once_lent(terminal: Terminal) -> None:
    assert "not lent to Computing" in terminal.refused("enrolments", "trainer", "NET1@DSE-B", "S-2")
    loan = terminal.json("loans", "create", "S-2", "ICT", "--from", FIRST.isoformat())
    terminal.json("enrolments", "trainer", "NET1@DSE-B", "S-2")
    assert "rest on this loan" in terminal.refused("loans", "end", loan["id"], _TODAY.isoformat())
    assert [one["id"] for one in terminal.json("loans", "list", "--department", "ICT", "--on", "today")] == [loan["id"]]
    terminal.json("enrolments", "trainer", "NET1@DSE-B", "S-1")
    terminal.json("loans", "delete", loan["id"])


def test_single_trainees_are_left_out_for_some_days(terminal: Terminal) -> None:
    terminal.json(
        "users", "create", "--email", "ada@college.example", "--given", "Ada", "--family", "Lovelace",
        "--role", "trainee", "--admission", "T-1", "--group", "DSE-B",
    )  # fmt: skip
    tomorrow = (_TODAY + timedelta(days=2)).isoformat()
    made = terminal.json("enrolments", "except", "NET1@DSE-B", "T-1", "left-out", "--from", tomorrow)
    ended = terminal.json("enrolments", "end-exception", made["id"], (LAST - timedelta(days=1)).isoformat())
    assert terminal.json("enrolments", "exceptions", "NET1@DSE-B") == [ended]
    terminal.json("enrolments", "delete-exception", made["id"])


def test_progress_and_rates_are_shown_with_what_they_mean(terminal: Terminal) -> None:
    shown = terminal.run("enrolments", "progress", "NET1@DSE-B").stdout
    assert "Covered 0 s of 4 h (0%); at an even pace it would be" in shown
    assert "0 of 1" in terminal.run("enrolments", "progress").stdout
    assert terminal.json("rates", "list", "course") == []
    assert "Punctuality: PRESENT / (PRESENT + LATE)" in terminal.run("rates", "list", "enrolment").stdout


def test_an_enrolment_is_completed_and_moves_no_more(terminal: Terminal) -> None:
    found = terminal.json("enrolments", "complete", "NET1@DSE-B")
    said = terminal.refused("enrolments", "cancel", found["id"], "--reason", "late")
    assert "is COMPLETED and can't become CANCELLED" in said
