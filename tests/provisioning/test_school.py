"""`roster school` and its like, against a hub that runs as a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.fixtures.terminal import Terminal, open_terminal
from tests.hub.courses.one_roster.archives import pack, roster
from tests.hub.school.pictures import picture


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("roster")) as terminal:
        yield terminal


def test_a_department_lives_and_goes(terminal: Terminal) -> None:
    terminal.json("departments", "create", "BUS", "Business")
    assert "BUS" in terminal.run("departments", "list", "usines").stdout
    terminal.json("departments", "update", "BUS", "--name", "Commerce")
    terminal.json("departments", "archive", "BUS")
    assert terminal.json("departments", "list", "Comm") == []
    shown = terminal.json("departments", "show", "BUS")
    assert (shown["name"], shown["archived"]) == ("Commerce", True)
    terminal.json("departments", "restore", "BUS")
    terminal.json(
        "users", "create", "--email", "head@college.example", "--given", "Hea", "--family", "Dofit",
        "--role", "trainer", "--staff-number", "S-9", "--department", "BUS",
    )  # fmt: skip
    assert terminal.json("departments", "head", "BUS", "head@college.example")["hod_user_id"]
    assert "trainer_profiles" in terminal.refused("departments", "delete", "BUS").replace(" ", "_")
    assert "is not a trainer of Computing" in terminal.refused("departments", "head", "ICT", "head@college.example")


def test_a_programme_and_a_group_live_and_go(terminal: Terminal) -> None:
    terminal.json("programmes", "create", "NET", "Networks", "--department", "ICT", "--level", "certificate")
    assert terminal.json("programmes", "update", "NET", "--years", "2")["duration_years"] == 2
    made = terminal.json("groups", "create", "--programme", "NET", "--intake", "2026", "--stream", "Q")
    assert made["name"] == "NET-2026-Q"
    assert terminal.json("groups", "update", "NET-2026-Q", "--stream", "R", "--capacity", "5")["name"] == "NET-2026-R"
    assert [one["name"] for one in terminal.json("groups", "list", "--programme", "NET")] == ["NET-2026-R"]
    assert "archive them first" in terminal.refused("programmes", "archive", "NET")
    assert "Say what is to change" in terminal.refused("groups", "update", "NET-2026-R")
    terminal.json("groups", "delete", "NET-2026-R")
    terminal.json("programmes", "delete", "NET")
    assert "roster programmes list" in terminal.refused("programmes", "show", "NET")


def test_the_college_is_changed_and_has_a_logo(terminal: Terminal, tmp_path: Path) -> None:
    after = terminal.json("school", "update", "--address", "PO Box 1", "--country", "KE", "--level", "diploma")
    assert (after["address"], after["programme_levels"]) == ("PO Box 1", ["diploma"])
    assert after["default_policies"]["holiday_country"] == "KE"
    (tmp_path / "logo.png").write_bytes(picture())
    terminal.json("school", "logo", "set", str(tmp_path / "logo.png"))
    terminal.json("school", "logo", "save", str(tmp_path / "saved.png"))
    assert (tmp_path / "saved.png").read_bytes() == picture()
    assert "image/png" in terminal.run("school", "show").stdout
    terminal.json("school", "logo", "delete")


def test_the_calendar_is_kept_and_the_year_turns(terminal: Terminal) -> None:
    terminal.json("years", "create", "2026", "--from", "2026-01-01", "--to", "2026-12-31")
    terminal.json("terms", "create", "1", "--year", "2026", "--from", "2026-01-05", "--to", "2026-04-10")
    terminal.json("terms", "update", "2026-01-05", "--to", "2026-04-03")
    dates = ("--from", "2026-01-01", "--to", "2026-12-31")
    said = terminal.run("calendar", "holidays", *dates, "--country", "KE", "--dry-run").stdout
    assert "Mashujaa Day" in said
    assert "11 days marked" in said
    assert terminal.json("calendar", "list", *dates) == []
    assert len(terminal.json("calendar", "holidays", *dates, "--country", "KE")["created"]) == 11
    terminal.json("calendar", "update", "2026-10-20", "--name", "Heroes")
    terminal.json("calendar", "delete", "2026-12-26")
    terminal.json("calendar", "create", "2026-05-04", "Trip", "--kind", "off-timetable", "--group", "DSE-A")
    listed = terminal.json("calendar", "list", *dates, "--group", "DSE-A")
    assert {"Heroes", "Trip"} < {one["name"] for one in listed}
    assert len(listed) == 11
    assert "KE" in terminal.run("calendar", "countries").stdout

    dry = terminal.run("school", "rollover", "--dry-run").stdout
    assert "Dry run, nothing stored; it would be: 2027 from 2027-01-01 to 2027-12-31: 1 new terms" in dry
    assert [year["name"] for year in terminal.json("years", "list")] == ["2026"]
    assert "--yes" in terminal.refused("school", "rollover")
    assert terminal.json("school", "rollover", "--add-intake")["committed"]
    assert terminal.json("years", "activate", "2027")["active"]
    assert [year["active"] for year in terminal.json("years", "list")] == [True, False]
    assert "2027 is the active year" in terminal.refused("years", "update", "2026", "--active")
    assert "1 terms" in terminal.refused("years", "delete", "2026")


def test_figures_are_shown_for_each_level(terminal: Terminal) -> None:
    [school] = terminal.json("school", "statistics", "school")
    assert school["rooms"] == 1
    assert "Computing" in terminal.run("school", "statistics").stdout
    groups = terminal.json("school", "statistics", "class-group", "--department", "ICT")
    assert "DSE-A" in {one["name"] for one in groups}


def test_the_structure_goes_out_and_comes_in(terminal: Terminal, tmp_path: Path) -> None:
    exported = tmp_path / "structure.xlsx"
    terminal.json("school", "export", "--output", str(exported))
    assert terminal.json("school", "import", str(exported))["unchanged"] > 2
    book = load_workbook(exported)
    book["Departments"].append(["NEW", "Newest"])
    book["Programmes"].append(["NEW", "X", "X", "wizard"])
    book.save(tmp_path / "changed.xlsx")
    done = terminal.run("school", "import", str(tmp_path / "changed.xlsx"))
    assert done.returncode == 1
    assert "is no level of the school" in done.stdout
    assert "Nothing was stored: 1 problem in the file" in done.stderr
    del book["Programmes"]
    book.create_sheet("Programmes").append(["Department", "Code", "Name", "Level"])
    book.save(tmp_path / "good.xlsx")
    assert "it would be: 1 new" in terminal.run("school", "import", str(tmp_path / "good.xlsx"), "--dry-run").stdout
    terminal.json("school", "import", str(tmp_path / "good.xlsx"))
    assert terminal.json("departments", "show", "NEW")["name"] == "Newest"
    terminal.json("school", "template", "--output", str(tmp_path / "template.xlsx"))
    assert load_workbook(tmp_path / "template.xlsx").sheetnames[0] == "Departments"


def test_a_roster_of_another_system_is_taken_over(terminal: Terminal, tmp_path: Path) -> None:
    archive = tmp_path / "roster.zip"
    rows = roster()
    for of_file in (rows["users"], rows["roles"], rows["enrollments"]):
        of_file.clear()
    rows["classes"].pop()
    archive.write_bytes(pack(rows))
    said = terminal.run("school", "oneroster", str(archive), "--dry-run", "--level", "diploma")
    assert "it would be" in said.stdout, said.stderr
    rows["courses"][0]["orgSourcedId"] = "nobody"
    archive.write_bytes(pack(rows))
    done = terminal.run("school", "oneroster", str(archive))
    assert done.returncode == 1
    assert "there is no nobody in orgs.csv" in done.stdout
