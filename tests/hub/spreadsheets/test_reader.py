import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from hub.spreadsheets.columns import Cell, Column, Sheet, choice, day, hours, text, texts, whole_number, yes_no
from hub.spreadsheets.errors import NotAWorkbook
from hub.spreadsheets.reader import Reading, read_workbook
from hub.spreadsheets.writer import write_workbook

PEOPLE = Sheet(
    "People",
    (
        Column("name", "Name", text, required=True, example="Asha Mwangi", note="Family name last."),
        Column("age", "Age", whole_number(1, 120), example=19),
        Column("born", "Born", day, example=date(2007, 3, 4)),
        Column("level", "Level", text, choices=("certificate", "diploma")),
        Column("load", "Load", hours),
        Column("resident", "Resident", yes_no),
    ),
)


def read(*rows: list[Any], sheet: str = "People", headers: list[Any] | None = None, max_rows: int = 20_000) -> Reading:
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append([column.header for column in PEOPLE.columns] if headers is None else headers)
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return read_workbook(target.getvalue(), [PEOPLE], max_rows=max_rows)


def reasons(reading: Reading) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.reason) for problem in reading.problems]


def test_rows_read_as_declared() -> None:
    reading = read(["Asha", 19, date(2007, 3, 4), "Diploma", 1.5, "yes"], [None] * 6, ["Baraka", "20", "2006-01-02"])
    assert reading.problems == []
    first, second = reading.rows["People"]
    assert first.values == {
        "name": "Asha",
        "age": 19,
        "born": date(2007, 3, 4),
        "level": "diploma",
        "load": timedelta(minutes=90),
        "resident": True,
    }
    assert (second.number, second.values["age"], second.values["born"]) == (4, 20, date(2006, 1, 2))


def test_a_template_holds_no_rows_until_it_is_filled_in() -> None:
    reading = read_workbook(write_workbook([PEOPLE], title="People"), [PEOPLE])
    assert reading == Reading(rows={"People": []})


def test_an_export_reads_back_as_it_was() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "=1+1", "age": 20, "born": date(2006, 1, 2), "level": "diploma", "load": timedelta(hours=2)},
        {"name": "@home", "age": None, "born": None, "level": None, "load": None, "resident": False},
        {"name": "-5", "age": 21, "resident": True},
    ]
    reading = read_workbook(write_workbook([PEOPLE], title="People", rows={"People": rows}), [PEOPLE])
    assert reading.problems == []
    blank = dict.fromkeys(column.key for column in PEOPLE.columns)
    assert [row.values for row in reading.rows["People"]] == [blank | row for row in rows]


def test_text_that_begins_like_a_formula_goes_out_as_text() -> None:
    book = load_workbook(io.BytesIO(write_workbook([PEOPLE], title="", rows={"People": [{"name": "=HYPERLINK(1)"}]})))
    cell = book["People"]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=HYPERLINK(1)", True)


def test_choices_are_drop_downs_on_a_hidden_sheet() -> None:
    book = load_workbook(io.BytesIO(write_workbook([PEOPLE], title="People")))
    (rule,) = book["People"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("D2:D20001", "Lists!$A$1:$A$2")
    assert [cell.value for cell in book["Lists"]["A"]] == ["certificate", "diploma"]
    assert book["Lists"].sheet_state == "hidden"
    notes = [[cell.value for cell in row] for row in book["Notes"].iter_rows(min_row=5, max_row=5)]
    assert notes == [["People", "Name", "yes", "Family name last.", "Asha Mwangi"]]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ([None, 19], "Name", "is empty: fill it in"),
        (["Asha", 0], "Age", "must be a whole number from 1 to 120"),
        (["Asha", 1.5], "Age", "must be a whole number from 1 to 120"),
        (["Asha", "nineteen"], "Age", "is no number"),
        (["Asha", 19, "04.03.2007"], "Born", "is no date: format the cell as a date, or write it as 2026-09-07"),
        (["Asha", 19, "4 mars 2007"], "Born", "is no date: format the cell as a date, or write it as 2026-09-07"),
        (["Asha", 19, "2007-02-30"], "Born", "is no day of the calendar: check month and day"),
        (["Asha", 19, None, "degree"], "Level", "must be one of: certificate, diploma"),
        (["Asha", 19, None, None, -1], "Load", "must be hours from 0 to 10000, such as 1.5"),
        (["Asha", 19, None, None, None, "perhaps"], "Resident", "must be yes or no"),
        (["=1+1", 19], "Name", "is a formula: paste its value instead"),
        (["Asha", "#REF!"], "Age", "is an error of the spreadsheet: write the value"),
        (["Asha\nMwangi"], "Name", "has line breaks or control characters: write it in one line"),
        (["x" * 501], "Name", "is longer than 500 characters: shorten it"),
        ([date(2007, 3, 4)], "Name", "is a date or time: format the cell as text"),
    ],
)
def test_a_bad_cell_is_told_with_its_place(row: list[Any], column: str, reason: str) -> None:
    reading = read(["Baraka", 20], row)
    assert reasons(reading) == [(3, column, reason)]
    assert [kept.values["name"] for kept in reading.rows["People"]] == ["Baraka"]


@pytest.mark.parametrize("parse", [text, texts, choice(["Asha"])])
def test_no_text_of_a_cell_has_a_nul_character(parse: Callable[[Cell], object]) -> None:
    with pytest.raises(ValueError, match="control characters"):
        parse("Asha\0")


def test_every_problem_of_a_file_is_told_at_once() -> None:
    reading = read(*[[None, 500, "x"]] * 40)
    assert len(reading.problems) == 120
    assert {problem.row for problem in reading.problems} == set(range(2, 42))


def test_a_missing_sheet_names_those_that_are_there() -> None:
    (problem,) = read(sheet="Sheet1").problems
    assert (problem.sheet, problem.row) == ("People", 0)
    assert "found: Sheet1" in problem.reason


def test_missing_unknown_and_repeated_columns_are_told_once() -> None:
    reading = read(["Asha"] * 4, headers=["Ages", "Age", "AGE *", "Born"])
    assert [(row, column) for row, column, _ in reasons(reading)] == [(1, "Ages"), (1, "Age"), (1, "Name")]
    assert reading.rows["People"] == []


def test_merged_cells_are_told_by_their_range() -> None:
    book = Workbook()
    page = book.active
    page.title = "People"
    page.append([column.header for column in PEOPLE.columns])
    for i in range(3):
        page.append([f"Person {i}"])
    page.merge_cells("A3:A4")
    target = io.BytesIO()
    book.save(target)
    assert reasons(read_workbook(target.getvalue(), [PEOPLE]))[0] == (
        3,
        "",
        "cells A3:A4 are merged: split them and fill in each",
    )


def test_rows_beyond_the_limit_are_told_and_not_read() -> None:
    reading = read(*[[f"Person {i}"] for i in range(12)], max_rows=10)
    assert len(reading.rows["People"]) == 10
    assert [(row, "after 10 rows" in reason) for row, _, reason in reasons(reading)] == [(12, True)]


def test_a_sheet_of_a_million_rows_is_refused_without_reading_it() -> None:
    lines = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (i, i) for i in range(2, 1_000_001))
    with pytest.raises(NotAWorkbook, match="more than 20000 rows"):
        read_workbook(with_sheet_xml(b"<sheetData>" + HEADER_ROW + lines + b"</sheetData>"), [PEOPLE])


def test_a_false_dimension_hides_no_rows() -> None:
    data = with_sheet_xml(b'<dimension ref="A1:A1"/><sheetData>' + HEADER_ROW + b'<row r="2"><c r="A2" t="inlineStr"><is><t>Asha</t></is></c></row></sheetData>')  # fmt: skip # noqa: E501
    assert [row.values["name"] for row in read_workbook(data, [PEOPLE]).rows["People"]] == ["Asha"]


HEADER_ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'


def with_sheet_xml(content: bytes) -> bytes:
    """A workbook whose only sheet has this content."""
    source, target = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.title = "People"
    book.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != "xl/worksheets/sheet1.xml":
                new.writestr(part, old.read(part))
        namespace = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        new.writestr("xl/worksheets/sheet1.xml", b"<worksheet " + namespace + b">" + content + b"</worksheet>")
    return target.getvalue()


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        zeros = bytes(50 * 1024 * 1024)
        for i in range(5):
            container.writestr(f"xl/worksheets/sheet{i}.xml", zeros)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old .xls file or has a password"),
        (b"Name,Age\nAsha,19\n", "perhaps CSV"),
        (zip_bomb(), "unpacks to more than the hub reads"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MiB"),
        (with_sheet_xml(b"<sheetData><row")[:-40], "is damaged"),
        (with_sheet_xml(b"<sheetData><row"), "is damaged"),
        (with_sheet_xml(b"<sheetData>" + HEADER_ROW.replace(b"Name", b"&#0;") + b"</sheetData>"), "is damaged"),
    ],
    ids=["empty", "xls", "csv", "bomb", "large", "cut", "broken-xml", "nul"],
)
def test_what_is_no_workbook_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(NotAWorkbook) as refused:
        read_workbook(data, [PEOPLE])
    (violation,) = refused.value.violations
    assert violation.field == "workbook"
    assert told in violation.description


def test_entities_do_not_expand() -> None:
    data = with_sheet_xml(b"<sheetData>&lol;</sheetData>")
    with pytest.raises(NotAWorkbook):
        read_workbook(data, [PEOPLE])


def test_repeated_keys_name_the_first_row() -> None:
    reading = read(["Asha"], ["Baraka"], ["ASHA"])
    (problem,) = PEOPLE.repeated(reading.rows["People"], "name")
    assert (problem.row, problem.column, problem.reason) == (4, "Name", "stands in row 2 already: keep one of the two")
