"""Workbooks on the way out: templates to fill in, and exports in the same form."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hub.spreadsheets.columns import Cell, Column, Sheet

NOTES = "Notes"
_LISTS = "Lists"
_HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
_EXAMPLE_FONT = Font(italic=True, color="7F7F7F")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_ROWS_WITH_CHOICES = 20_001
_HOUR = timedelta(hours=1)


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None
) -> bytes:
    """An .xlsx file with these sheets: headers, drop-downs, and a sheet of notes that explains each column.

    Args:
        sheets: in order.
        title: first line of the notes.
        rows: by sheet name, each row by column key. A sheet without rows gets the example row of its columns, which
            `read_workbook` passes over.
    """
    book = Workbook(write_only=True)
    lists = _Lists()
    for sheet in sheets:
        _write_sheet(book, sheet, (rows or {}).get(sheet.name), lists)
    _write_notes(book, sheets, title)
    lists.write(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def example_row(sheet: Sheet) -> tuple[Cell, ...]:
    """The cells of the template's example row."""
    return tuple(column.example for column in sheet.columns)


class _Lists:
    """The choices of all drop-downs, on a hidden sheet: inside the rule itself a list is at most 255 characters."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], int] = {}

    def range_of(self, choices: tuple[str, ...]) -> str:
        letter = get_column_letter(self._columns.setdefault(choices, len(self._columns) + 1))
        return f"{_LISTS}!${letter}$1:${letter}${len(choices)}"

    def write(self, book: Any) -> None:  # noqa: ANN401 (openpyxl has no types)
        if not self._columns:
            return
        sheet = book.create_sheet(_LISTS)
        sheet.sheet_state = "hidden"
        for i in range(max(map(len, self._columns))):
            sheet.append([_cell(sheet, choices[i]) if i < len(choices) else None for choices in self._columns])


def _write_sheet(book: Any, sheet: Sheet, rows: Iterable[Mapping[str, Any]] | None, lists: _Lists) -> None:  # noqa: ANN401 (see _Lists)
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for i, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(i)
        page.column_dimensions[letter].width = max(14, min(40, len(column.header) + 4, 60))
        if column.choices:
            rule = DataValidation(
                type="list",
                formula1=lists.range_of(column.choices),
                allow_blank=not column.required,
                showErrorMessage=True,
                errorTitle=column.header,
                error="Choose from the list.",
            )
            rule.add(f"{letter}2:{letter}{_ROWS_WITH_CHOICES}")
            page.data_validations.append(rule)
    page.append([_header(page, column) for column in sheet.columns])
    if rows is None:
        page.append([_cell(page, cell, font=_EXAMPLE_FONT) for cell in example_row(sheet)])
        return
    for row in rows:
        page.append([_cell(page, _as_cell(row.get(column.key))) for column in sheet.columns])


def _write_notes(book: Any, sheets: Sequence[Sheet], title: str) -> None:  # noqa: ANN401 (see _Lists)
    page = book.create_sheet(NOTES)
    for letter, width in zip("ABCDE", (18, 24, 12, 70, 28), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_cell(page, title, font=Font(bold=True, size=13))])
    page.append([_cell(page, "Fill in one row a line. The grey example row is passed over; delete it or leave it.")])
    page.append([])
    page.append(
        [_header(page, Column("", name, str)) for name in ("Sheet", "Column", "Needed", "What to write", "Example")]
    )
    wrapped = Alignment(wrap_text=True, vertical="top")
    for sheet in sheets:
        for column in sheet.columns:
            note = column.note
            if column.choices:
                note = f"{note} Choose from the list.".strip()
            page.append(
                [
                    _cell(page, cell, alignment=wrapped)
                    for cell in (sheet.name, column.header, "yes" if column.required else "", note, column.example)
                ]
            )


def _header(page: Any, column: Column) -> WriteOnlyCell:  # noqa: ANN401 (see _Lists)
    return _cell(page, column.header + (" *" if column.required else ""), font=_HEADER_FONT, fill=_HEADER_FILL)


def _as_cell(value: Any) -> Cell:  # noqa: ANN401 (what a column holds)
    if isinstance(value, timedelta):
        return value / _HOUR
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, datetime):
        # A spreadsheet knows no zones: whoever exports an instant has turned it into the school's time.
        return value.replace(tzinfo=None)
    return value  # type: ignore[no-any-return] # texts, numbers and days are what they are


def _cell(page: Any, value: Cell, **style: Any) -> WriteOnlyCell:  # noqa: ANN401 (see _Lists)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        # Text stays text: no cell becomes a formula, neither here nor when somebody edits it (quotePrefix).
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        cell.number_format = "@"
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    for name, wanted in style.items():
        setattr(cell, name, wanted)
    return cell
