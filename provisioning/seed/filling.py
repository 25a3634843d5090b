"""Fills in the hub's own templates, as a person would in a spreadsheet program."""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from openpyxl import load_workbook

Value = str | int | float | date | None


def fill_template(template: bytes, rows: Mapping[str, Iterable[Mapping[str, Value]]]) -> bytes:
    """The template with these rows, by sheet and header, instead of its example rows.

    Raises:
        KeyError: the template has no such sheet or column.
    """
    book = load_workbook(io.BytesIO(template))
    for sheet, wanted in rows.items():
        page = book[sheet]
        places = _places(page)
        page.delete_rows(2, page.max_row)
        for number, row in enumerate(wanted, 2):
            for header, value in row.items():
                page.cell(number, places[header], value)
    return _saved(book)


def fill_column(template: bytes, sheet: str, header: str, value_of: Callable[[Mapping[str, Value]], Value]) -> bytes:
    """The template with one column filled in where it is blank, from the other cells of each row."""
    book = load_workbook(io.BytesIO(template))
    page = book[sheet]
    places = _places(page)
    for cells in page.iter_rows(min_row=2):
        row = {name: cells[place - 1].value for name, place in places.items()}
        if any(row.values()) and row[header] is None:
            cells[places[header] - 1].value = value_of(row)
    return _saved(book)


def _places(page: Any) -> dict[str, int]:  # noqa: ANN401 (openpyxl has no types)
    """Header to column, from 1."""
    return {str(cell.value).removesuffix("*").strip(): cell.column for cell in page[1] if cell.value}


def _saved(book: Any) -> bytes:  # noqa: ANN401 (see _places)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
