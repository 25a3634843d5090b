import io
from datetime import date, time
from typing import Any

from openpyxl import load_workbook

from hub.timetable.rules import SessionType
from hub.timetable.schedule.sheet import render_xlsx
from hub.timetable.schedule.week import FreeDay, Subject, SubjectKind, Week
from tests.factories.lessons import GROUP, MONDAY, lesson, named, week


def book_of(one: Week) -> Any:  # noqa: ANN401 (openpyxl has no types)
    return load_workbook(io.BytesIO(render_xlsx(one, school="Karen Technical")))


def test_a_lesson_stands_over_its_hours_on_its_day() -> None:
    sheet = book_of(week(lesson(1, "08:00", "10:30", session_type=SessionType.PRACTICAL), lesson(2, "08:00", "10:00")))[
        "DIT-2026-A"
    ]
    assert [cell.value for cell in sheet[4]][1:] == ["08:00–10:00", "10:00–10:30"]
    assert sheet["A5"].value == "Mon 19 Oct"
    assert sheet["B5"].value == "ICT101 (practical)\nProgramming\nB12\nGrace Wanjiru"
    assert "B5:C5" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["C6"].value == "Tea"  # and none where a lesson goes through it
    assert sheet["C5"].value is None


def test_a_free_day_is_named_and_lessons_at_once_have_a_row_each() -> None:
    sheet = book_of(
        week(
            lesson(2),
            lesson(2, class_group=named("B")),
            free_days=(FreeDay(MONDAY, "Mashujaa Day"),),
            subject=Subject(SubjectKind.ROOM, GROUP.id, "B12"),
        )
    )["B12"]
    assert sheet["B5"].value == "Mashujaa Day"
    assert sheet["B6"].value.splitlines()[2] == "B"
    assert sheet["B7"].value.splitlines()[2] == "DIT-2026-A"


def test_the_list_has_every_lesson_with_dates_and_times_as_such() -> None:
    sheet = book_of(week(lesson(3, "08:00", "09:30")))["Lessons"]
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert header[:5] == ["Date", "Day", "From", "To", "Hours"]
    assert row[0].date() == date(2026, 10, 21)
    assert row[1:5] == ["Wed", time(8), time(9, 30), 1.5]


def test_no_name_becomes_a_formula() -> None:
    title = '=HYPERLINK("http://elsewhere.example")'
    sheet = book_of(week(lesson(1, course_title=title, room=named("+1"), trainer=named("@x"))))["Lessons"]
    found = {cell.value: (cell.data_type, cell.quotePrefix) for cell in sheet[2] if isinstance(cell.value, str)}
    assert found[title] == found["+1"] == found["@x"] == ("s", True)
    assert found["ICT101"] == ("s", False)


def test_sheets_of_groups_whose_names_a_spreadsheet_would_not_take() -> None:
    long = "A" * 40
    groups = [named(name) for name in (f"{long}1", f"{long}2", "X/Y:[Z]", "Lessons")]
    department = week(
        *(lesson(1, class_group=group) for group in groups),
        subject=Subject(SubjectKind.DEPARTMENT, GROUP.id, "ICT"),
    )
    assert book_of(department).sheetnames == ["A" * 31, "A" * 29 + " 2", "Lessons", "X-Y--Z-", "Lessons 2"]
