"""A week as an .xlsx file: a grid for each class group, and all lessons as a list to filter and sort."""

import io
import itertools
from datetime import date, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from hub.timetable.rules import SessionType
from hub.timetable.schedule.page import parts_of, week_text
from hub.timetable.schedule.week import Lesson, Week, as_hours, lanes

_HEADER = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F4E78")}
_EDGE = Side(style="thin", color="BFC8D1")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_LESSON = {
    "fill": PatternFill("solid", fgColor="E3EEF9"),
    "border": _BOX,
    "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
}
_BAND = {
    "fill": PatternFill("solid", fgColor="EEF1F4"),
    "font": Font(italic=True, color="5B6B7B"),
    "alignment": Alignment(vertical="center", horizontal="center"),
}
_FORMULA_STARTS = ("=", "+", "-", "@")
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys(r"[]:*?/\'", "-"))
_COLUMNS = (
    ("Date", 12), ("Day", 8), ("From", 8), ("To", 8), ("Hours", 8), ("Course", 12), ("Title", 36), ("Type", 12),
    ("Class group", 18), ("Trainer", 24), ("Room", 12),
)  # fmt: skip


def render_xlsx(week: Week, *, school: str) -> bytes:
    """The file. Texts stay texts: one that begins like a formula never becomes one."""
    book = Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for one in week.by_class_group():
        _write_grid(book.create_sheet(_sheet_name(one.subject.name, taken)), one, school)
    _write_list(book.create_sheet(_sheet_name("Lessons", taken)), week)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_grid(sheet: Any, week: Week, school: str) -> None:  # noqa: ANN401 (openpyxl has no types)
    _write(sheet, 1, 1, week.subject.name, font=Font(bold=True, size=16, color="1F4E78"))
    _write(sheet, 2, 1, f"{school}, {week_text(week.monday)}", font=Font(color="5B6B7B"))
    edges = _edges(week)
    columns = {edge: i for i, edge in enumerate(edges, 2)}
    _write(sheet, 4, 1, "", **_HEADER)
    for start, end in itertools.pairwise(edges):
        _write(sheet, 4, columns[start], f"{start:%H:%M}–{end:%H:%M}", **_HEADER, alignment=Alignment("center"))
        minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
        sheet.column_dimensions[get_column_letter(columns[start])].width = max(7, minutes / 5)
    sheet.column_dimensions["A"].width = 12
    row = 5
    for day in week.days:
        row += _write_day(sheet, week, day, row, columns)
    sheet.freeze_panes = "B5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    sheet.oddFooter.center.text = "Page &P of &N"


def _write_day(sheet: Any, week: Week, day: date, row: int, columns: dict[time, int]) -> int:  # noqa: ANN401 (openpyxl has no types)
    """Writes the day from `row` on; answers how many rows it takes."""
    lessons = week.lessons_on(day)
    rows = lanes(lessons) or [[]]
    last = row + len(rows) - 1
    _write_over(sheet, (row, 1), (last, 1), f"{day:%A}"[:3] + f" {day.day} {day:%b}", font=Font(bold=True), border=_BOX)
    free = week.free_day(day)
    if free and not lessons:
        _write_over(sheet, (row, 2), (last, max(columns.values()) - 1), free.name, **_BAND)
        sheet.row_dimensions[row].height = 30
        return len(rows)
    for n, lane in enumerate(rows, row):
        sheet.row_dimensions[n].height = 62
        for lesson in lane:
            start, end = columns[lesson.start], columns[lesson.end] - 1
            text = "\n".join([_title(lesson), lesson.course_title, *parts_of(lesson, week.subject.kind)])
            _write_over(sheet, (n, start), (n, end), text, **_LESSON)
    taken = {column for one in lessons for column in range(columns[one.start], columns[one.end])}
    for pause in week.breaks:
        span = range(columns[pause.start], columns[pause.end])
        if pause.weekday == day.isoweekday() and not taken & set(span):
            _write_over(sheet, (row, span[0]), (last, span[-1]), pause.name, **_BAND)
    return len(rows)


def _write_list(sheet: Any, week: Week) -> None:  # noqa: ANN401 (openpyxl has no types)
    for column, (name, width) in enumerate(_COLUMNS, 1):
        _write(sheet, 1, column, name, **_HEADER)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, lesson in enumerate(week.lessons, 2):
        cells: tuple[str | float | date | time, ...] = (
            lesson.day,
            f"{lesson.day:%A}"[:3],
            lesson.start,
            lesson.end,
            as_hours(lesson.length),
            lesson.course_code,
            lesson.course_title,
            lesson.session_type.value.title(),
            lesson.class_group.name,
            lesson.trainer.name,
            lesson.room.name,
        )
        for column, cell in enumerate(cells, 1):
            _write(sheet, row, column, cell)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(week.lessons) + 1}"


def _edges(week: Week) -> list[time]:
    """Every time at which something begins or ends, and the ends of the grid."""
    return sorted({edge for span in week.spans or [week.hours] for edge in span})


def _title(lesson: Lesson) -> str:
    return lesson.course_code + (" (practical)" if lesson.session_type is SessionType.PRACTICAL else "")


def _write_over(sheet: Any, first: tuple[int, int], last: tuple[int, int], value: str, **style: Any) -> None:  # noqa: ANN401 (openpyxl has no types)
    _write(sheet, *first, value, **style)
    if first != last:
        sheet.merge_cells(start_row=first[0], start_column=first[1], end_row=last[0], end_column=last[1])


def _write(sheet: Any, row: int, column: int, value: str | float | date | time, **style: Any) -> None:  # noqa: ANN401 (openpyxl has no types)
    cell: Cell = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA_STARTS)
    elif isinstance(value, time):
        cell.number_format = "hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    for name, wanted in style.items():
        setattr(cell, name, wanted)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes (31 characters, none of its own signs) and no other sheet of the book has."""
    plain = wanted.translate(_NOT_IN_SHEET_NAMES).strip() or "Week"
    name, n = plain[:_LONGEST_SHEET_NAME], 2
    while name.casefold() in taken:
        suffix = f" {n}"
        name, n = plain[: _LONGEST_SHEET_NAME - len(suffix)] + suffix, n + 1
    taken.add(name.casefold())
    return name
