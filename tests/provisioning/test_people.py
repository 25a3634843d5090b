"""`roster users import` and its like, against a hub that runs as a process of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from openpyxl import Workbook, load_workbook

from tests.fixtures.hub import ADMIN_PASSWORD
from tests.fixtures.terminal import Terminal, open_terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with open_terminal(tmp_path_factory.mktemp("roster")) as terminal:
        yield terminal


def _fill(template: Path, *rows: dict[str, Any]) -> Path:
    """The template with these rows by header in place of the example."""
    headers = [str(cell.value).removesuffix(" *") for cell in load_workbook(template)["Trainees"][1]]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Trainees"
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) for header in headers])
    path = template.with_name(f"filled-{len(rows)}.xlsx")
    book.save(path)
    return path


def _row(number: int, **overrides: object) -> dict[str, Any]:
    return {
        "E-mail": f"t{number}@college.example",
        "Given name": "Tia",
        "Family name": f"Wanjiru {number}",
        "Admission number": f"IMP/{number}",
        "Class group": "DSE-A",
    } | overrides


def test_a_filled_in_template_registers_people_once(terminal: Terminal, tmp_path: Path) -> None:
    template = tmp_path / "template.xlsx"
    terminal.json("users", "template", "trainees", "--output", str(template))
    assert "is there already" in terminal.refused("users", "template", "trainees", "--output", str(template))
    filled = _fill(template, _row(1), _row(2))
    assert (
        "Dry run, nothing stored; it would be: 2 new"
        in terminal.run("users", "import", str(filled), "--dry-run").stdout
    )
    assert terminal.json("users", "list", "IMP/") == []
    assert terminal.run("users", "import", str(filled)).stdout.strip() == "Stored: 2 new, 0 changed, 0 as they were."
    again = terminal.json("users", "import", str(filled))
    assert (again["committed"], again["created"], again["unchanged"]) == (True, 0, 2)
    changed = _fill(template, _row(1, Phone="+254712345678"))
    said = terminal.run("users", "import", str(changed)).stdout
    assert "it differs in: Phone" in said
    assert "1 left alone" in said
    exported = tmp_path / "exported.xlsx"
    terminal.json("users", "export", "trainees", "--group", "DSE-A", "--output", str(exported))
    assert {"IMP/1", "IMP/2"} <= {row[3] for row in load_workbook(exported)["Trainees"].values}


def test_what_is_wrong_with_a_file_is_shown_as_a_table(terminal: Terminal, tmp_path: Path) -> None:
    template = tmp_path / "template.xlsx"
    terminal.json("users", "template", "trainees", "--output", str(template))
    filled = _fill(template, _row(7, Phone="0712"), _row(8, **{"Class group": "NO-SUCH"}), _row(9))
    done = terminal.run("users", "import", str(filled))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].split()[:4] == ["Sheet", "Row", "Column", "Value"]
    assert any("Trainees" in line and " 2 " in line and "Phone" in line and "0712" in line for line in lines)
    assert any(" 3 " in line and "NO-SUCH" in line and "create it first" in line for line in lines)
    assert "Nothing was stored: 2 problems" in done.stderr
    assert terminal.json("users", "list", "IMP/9") == []


def test_a_person_is_updated_moved_and_given_roles(terminal: Terminal) -> None:
    terminal.json(
        "users", "create", "--email", "rose@college.example", "--given", "Rose", "--family", "Achieng",
        "--role", "trainer", "--staff-number", "S-77", "--department", "ICT",
    )  # fmt: skip
    assert terminal.json("users", "update", "S-77", "--phone", "+254712345678")["phone"] == "+254712345678"
    head = terminal.json("users", "roles", "S-77", "trainer", "hod", "--department", "ICT", "--reason", "elected")
    assert head["roles"] == ["ROLE_TRAINER", "ROLE_HOD"]
    [entry] = terminal.json("users", "audit", "--action", "users.assign_roles")
    assert entry["reason"] == "elected"
    assert "birth_date" in terminal.refused("users", "update", "S-77", "--birth-date", "2999-01-01")


def test_a_person_is_told_everything_and_erased(terminal: Terminal, tmp_path: Path) -> None:
    terminal.json(
        "users", "create", "--email", "gone@college.example", "--given", "Gone", "--family", "Soon",
        "--role", "trainer", "--staff-number", "S-88", "--department", "ICT",
    )  # fmt: skip
    exported = tmp_path / "data.json"
    terminal.json("users", "export-data", "S-88", "--output", str(exported))
    assert json.loads(exported.read_text(encoding="utf-8"))["rows"]["users"][0]["email"] == "gone@college.example"
    erase = ("users", "erase", "S-88", "--reason", "asked on paper", "--confirm")
    assert "confirm_email" in terminal.refused(*erase, "other@college.example")
    assert terminal.json(*erase, "gone@college.example")["family_name"] == "person"
    assert terminal.json("users", "list", "gone@") == []


def test_an_administrator_looks_after_the_own_sign_in(terminal: Terminal) -> None:
    [here] = [one for one in terminal.json("sign-ins", "list") if one["current"]]
    assert here["client_name"].startswith("roster on ")
    made = terminal.json("totp", "enrol", "--password-stdin", text=f"{ADMIN_PASSWORD}\n")
    codes = terminal.json("totp", "confirm", pyotp.TOTP(made["secret"]).now())["codes"]
    assert len(codes) == 10
    assert terminal.json("totp", "status")["enabled"] is True
    login = ("login", terminal.hub.endpoints["api"], "--email", "admin@college.example", "--password-stdin",
             "--fingerprint", terminal.hub.endpoints["ca_fingerprint"])  # fmt: skip
    assert "second factor" in terminal.refused(*login, text=f"{ADMIN_PASSWORD}\n")
    assert terminal.run(*login, "--totp", codes[0], text=f"{ADMIN_PASSWORD}\n").returncode == 0
    terminal.json("sign-ins", "end", "--others")
    assert [one["current"] for one in terminal.json("sign-ins", "list")] == [True]
    terminal.json("totp", "disable", codes[1], "--password-stdin", text=f"{ADMIN_PASSWORD}\n")
    assert terminal.json("totp", "status")["enabled"] is False
    changed = "cedar quartz violin 7"
    terminal.json("password", "change", "--password-stdin", text=f"{ADMIN_PASSWORD}\n{changed}\n")
    assert terminal.run(*login, text=f"{changed}\n").returncode == 0
