"""`roster timetable suggest`, `resolve` and `take`, against a hub that runs."""

from collections.abc import Iterator

import pytest

from tests.fixtures.terminal import Terminal, enrol_in_networks, open_terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A college with one course of two single hours a week, a day pattern, and no plan."""
    with open_terminal(tmp_path_factory.mktemp("roster"), in_process=True) as terminal:
        enrol_in_networks(terminal)
        terminal.json("timetable", "pattern", "--days", "mon-fri", "--periods", "08:00-09:00 09:00-10:00 10:00-11:00")
        yield terminal


def test_a_plan_is_mended_alternatives_are_ranked_and_a_wanted_time_is_freed(terminal: Terminal) -> None:
    draft = terminal.json("timetable", "draft", "--empty")["id"]
    mended = terminal.run("timetable", "resolve", "--version", draft, "--seconds", "2", "--take", "1")
    assert mended.returncode == 0, mended.stderr
    assert "1: 0 moves (fewer are impossible)" in mended.stdout
    assert "Draft 2 with 2 lines" in mended.stdout
    whole = mended.stdout.split("--version ")[1].strip()
    terminal.json("timetable", "publish", "--version", whole)
    lines = terminal.json("timetable", "list", "--version", whole)

    suggested = terminal.json("timetable", "suggest", lines[0]["id"], "--limit", "3")
    costs = [one.get("cost", 0) for one in suggested["alternatives"]]
    assert len(costs) == 3
    assert costs == sorted(costs)
    shown = terminal.run("timetable", "suggest", lines[0]["id"]).stdout
    assert "B12" in shown
    assert "at 1 other times: " in shown

    assert "Name a line" in terminal.refused("timetable", "suggest")
    assert "all of --day" in terminal.refused("timetable", "suggest", "--enrolment", "NET1@DSE-A", "--day", "mon")
    enrolled = terminal.json("timetable", "suggest", "--enrolment", "NET1@DSE-A", "--limit", "1")
    assert len(enrolled["alternatives"]) == 1

    other = lines[1]
    wanted = (
        "--day", ("mon", "tue", "wed", "thu", "fri")[other["weekday"] - 1],
        "--from", other["start_time_of_day"][:5], "--to", other["end_time_of_day"][:5],
    )  # fmt: skip
    freed = terminal.run("timetable", "suggest", lines[0]["id"], *wanted).stdout
    assert "The wanted time takes 2 moves (fewer are impossible)" in freed

    terminal.json("rooms", "create", "C1", "--at", "-1.2921", "36.8219")
    terminal.json("rooms", "update", "B12", "--closed")
    resolved = terminal.run("timetable", "resolve", "--seconds", "2").stdout
    assert "1: 2 moves (fewer are impossible)" in resolved
    assert "B12 → " in resolved
    job_id = resolved.split("roster timetable take ")[1].split()[0]
    taken = terminal.json("timetable", "take", job_id, "1", "--title", "Without B12")
    assert (taken["title"], taken["entry_count"]) == ("Without B12", 2)
    rooms = {one["room_id"] for one in terminal.json("timetable", "list", "--version", taken["id"])}
    assert rooms.isdisjoint({line["room_id"] for line in lines})
    assert "offers" in terminal.refused("timetable", "take", job_id, "9")
