"""Workbooks on the way in: opened within bounds, read whole, every problem told at once."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES

from hub.spreadsheets.columns import Cell, Column, Problem, Row, Sheet
from hub.spreadsheets.errors import NotAWorkbook
from hub.spreadsheets.writer import NOTES, example_row

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_PROBLEMS = 1_000
_MAX_UNPACKED_BYTES = 200 * 1024 * 1024
_MAX_PARTS = 500
_MAX_COLUMNS = 100
_CHUNK = 1024 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # the container of .xls, and of .xlsx files with a password
# What reading a part of a damaged zip raises, by its compression; RuntimeError is for a password, or for a compression
# that Python has not.
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z]+[0-9]+:[A-Z]+[0-9]+)\"")


@dataclass(slots=True)
class Reading:
    """What an upload holds. `rows` has a list for each declared sheet; rows with a problem are not among them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_workbook(data: bytes, sheets: Sequence[Sheet], *, max_rows: int = MAX_ROWS) -> Reading:
    """Every row of the declared sheets, and everything that is wrong with the file.

    Takes about a second for 10,000 rows, without awaiting: call it with `asyncio.to_thread`.

    Raises:
        NotAWorkbook: it cannot be opened at all, or only at a danger to the hub (a zip bomb).
    """
    _check_container(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        return _read_book(book, sheets, max_rows)
    except NotAWorkbook:
        raise
    except Exception as error:
        # Anything can be inside of a zip file, and openpyxl takes the parts on trust: what it raises then varies.
        raise NotAWorkbook.of(
            "workbook", "is damaged: open it in a spreadsheet program, save it as .xlsx and upload that"
        ) from error


def _read_book(book: Any, sheets: Sequence[Sheet], max_rows: int) -> Reading:  # noqa: ANN401 (openpyxl has no types)
    reading = Reading()
    pages = {name.strip().casefold(): book[name] for name in book.sheetnames}
    for sheet in sheets:
        page = pages.get(sheet.name.casefold())
        if page is not None and hasattr(page, "iter_rows"):
            _SheetReader(page, sheet, reading, max_rows).read()
            continue
        reading.rows[sheet.name] = []
        if not sheet.optional:
            found = ", ".join(name for name in book.sheetnames if name != NOTES) or "none"
            reading.problems.append(
                Problem(sheet.name, 0, "", f"this sheet is missing (found: {found}): begin from the template")
            )
    if len(reading.problems) > MAX_PROBLEMS:
        more = len(reading.problems) - MAX_PROBLEMS
        reading.problems[MAX_PROBLEMS:] = [Problem("", 0, "", f"and {more} more problems: mend these first")]
    return reading


class _SheetReader:
    def __init__(self, page: Any, sheet: Sheet, reading: Reading, max_rows: int) -> None:  # noqa: ANN401 (see _read_book)
        # The file's own word on its size is not to be trusted: a wrong one makes rows vanish or a million columns.
        page.reset_dimensions()
        self._page = page
        self._sheet = sheet
        self._reading = reading
        self._max_rows = max_rows

    def read(self) -> None:
        kept = self._reading.rows.setdefault(self._sheet.name, [])
        for cells in self._merged_ranges():
            row = int(re.sub(r"\D+", "", cells.partition(":")[0]))
            self._report(row, "", f"cells {cells} are merged: split them and fill in each")
        headers = next(self._page.iter_rows(max_row=1, max_col=_MAX_COLUMNS, values_only=True), ())
        columns = self._columns(headers)
        if not columns:
            return
        last = max(i for i, _ in columns) + 1
        lines = self._page.iter_rows(min_row=2, max_row=self._max_rows + 2, max_col=last, values_only=True)
        formulas = None
        example = example_row(self._sheet)
        for number, cells in enumerate(lines, 2):
            if number > self._max_rows + 1:
                end = "delete what is below, blank rows too, or part the file in two"
                self._report(number, "", f"the sheet goes on after {self._max_rows} rows: {end}")
                break
            if all(cell is None for cell in cells):
                continue
            if any(_may_be_formula(cell) for cell in cells):
                formulas = self._formulas() if formulas is None else formulas
            values = self._values(number, cells, columns, (formulas or {}).get(number, frozenset()))
            if values is not None and not self._is_example(cells, columns, example):
                kept.append(Row(number, values))

    def _columns(self, headers: Sequence[Cell]) -> list[tuple[int, Column]] | None:
        known = {column.header.casefold(): column for column in self._sheet.columns}
        found: dict[str, int] = {}
        complete = True
        for i, header in enumerate(headers):
            name = str(header or "").strip().removesuffix("*").strip()
            if not name:
                continue
            column = known.get(name.casefold())
            if column is None:
                self._report(1, name[:80], "is no column of this sheet: delete it, or take the name from the template")
                complete = False
            elif column.key in found:
                self._report(1, column.header, "stands twice: delete one of the two columns")
                complete = False
            else:
                found[column.key] = i
        for column in self._sheet.columns:
            if column.required and column.key not in found:
                self._report(1, column.header, "this column is missing: take the headers from the template")
                complete = False
        # Without the right columns each row would be wrong for the same reason: told once is enough.
        return [(found[c.key], c) for c in self._sheet.columns if c.key in found] if complete else None

    def _values(
        self, number: int, cells: Sequence[Cell], columns: list[tuple[int, Column]], formulas: frozenset[int]
    ) -> dict[str, Any] | None:
        values: dict[str, Any] = {column.key: None for column in self._sheet.columns}
        good = True
        for i, column in columns:
            cell = cells[i] if i < len(cells) else None
            try:
                if i in formulas:
                    raise ValueError("is a formula: paste its value instead")  # noqa: TRY301 (one way to report)
                if isinstance(cell, str) and cell in ERROR_CODES:
                    raise ValueError("is an error of the spreadsheet: write the value")  # noqa: TRY301 (see above)
                values[column.key] = column.read(cell)
            except ValueError as error:
                self._report(number, column.header, str(error), cell)
                good = False
        return values if good else None

    def _is_example(self, cells: Sequence[Cell], columns: list[tuple[int, Column]], example: tuple[Cell, ...]) -> bool:
        if all(cell is None for cell in example):
            return False
        shown = dict(zip(self._sheet.columns, example, strict=True))
        return all(_plain(cells[i] if i < len(cells) else None) == _plain(shown[column]) for i, column in columns)

    def _formulas(self) -> dict[int, frozenset[int]]:
        """Row number to the indexes of its formula cells. Text that begins with "=" is none."""
        found = {}
        for row in islice(self._page.iter_rows(max_row=self._max_rows + 1, max_col=_MAX_COLUMNS), self._max_rows + 1):
            places = frozenset(i for i, cell in enumerate(row) if getattr(cell, "data_type", None) == "f")
            if places:
                found[row[min(places)].row] = places
        return found

    def _merged_ranges(self) -> Iterator[str]:
        # A read-only sheet does not tell them; they stand after the rows, which may be many megabytes.
        with self._page._get_source() as source:  # noqa: SLF001 (openpyxl has no other way to the part)
            tail = b""
            while chunk := source.read(_CHUNK):
                text = tail + chunk
                # Only whole elements are matched, and those that end in the new chunk: none twice.
                for match in _MERGED.finditer(text):
                    if match.end() > len(tail):
                        yield match.group(1).decode("ascii")
                tail = text[-200:]

    def _report(self, row: int, column: str, reason: str, value: Cell = None) -> None:
        shown = "" if value is None else str(value)[:80]
        self._reading.problems.append(Problem(self._sheet.name, row, column, reason, shown))


def _may_be_formula(cell: object) -> bool:
    # Array formulas and data tables come as objects of openpyxl's own.
    return cell is not None and (cell.startswith("=") if isinstance(cell, str) else not isinstance(cell, Cell))


def _plain(cell: object) -> str:
    return "" if cell is None else str(cell).strip().removesuffix(" 00:00:00")


def _check_container(data: bytes) -> None:
    if not data:
        raise NotAWorkbook.of("workbook", "is empty: choose the .xlsx file")
    if len(data) > MAX_BYTES:
        raise NotAWorkbook.of("workbook", f"is larger than {MAX_BYTES // 2**20} MiB: part it into several files")
    if data.startswith(_OLD_EXCEL):
        raise NotAWorkbook.of("workbook", "is an old .xls file or has a password: save it as .xlsx without a password")
    if not data.startswith(b"PK"):
        raise NotAWorkbook.of("workbook", "is no .xlsx file (perhaps CSV or text by another name): save it as .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            too_large = len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED_BYTES
            too_long = not too_large and any(
                _rows_in(container, part) > MAX_ROWS + 1 for part in parts if part.filename.startswith("xl/worksheets/")
            )
    except ZIP_FAULTS as error:
        raise NotAWorkbook.of("workbook", "is damaged: save it again as .xlsx") from error
    if too_large:
        raise NotAWorkbook.of("workbook", "unpacks to more than the hub reads: keep only the template's sheets in it")
    if too_long:
        raise NotAWorkbook.of(
            "workbook",
            f"has a sheet of more than {MAX_ROWS} rows: delete what is below the last one, blank rows too, "
            "or part it into several files",
        )


def _rows_in(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many rows a sheet has; openpyxl would walk all of them in Python only to learn the sheet's size."""
    count = 0
    with container.open(part) as source:
        tail = b""
        while count <= MAX_ROWS + 1 and (chunk := source.read(_CHUNK)):
            text = tail + chunk
            count += text.count(b"<row") + text.count(b":row ")
            tail = text[-4:] if not text.endswith((b"<row", b":row ")) else b""
    return count
