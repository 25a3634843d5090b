"""Sheets, columns and what a cell may hold."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

# What openpyxl hands out for a cell, and what it takes for one.
Cell = str | int | float | bool | datetime | date | time | timedelta | None

_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an upload: `row` as the spreadsheet counts (1 is the headers), 0 for the whole sheet."""

    sheet: str
    row: int
    column: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        key: its name in `Row.values`.
        header: what people see in row 1.
        parse: the cell's value; a ValueError's text is the reason, as in "is no date: write it as 2026-09-07".
        required: whether an empty cell is a problem; else it reads as None.
        example: shown in the template's example row.
        note: one sentence for the notes sheet.
        choices: the drop-down; what else is written is a problem. Reads as the choice, whatever its case in the cell.
    """

    key: str
    header: str
    parse: Callable[[Cell], Any]
    required: bool = False
    example: Cell = None
    note: str = ""
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell) -> Any:  # noqa: ANN401 (what the column's parser makes of it)
        """The value of a cell, None when it is blank; ValueError says what is wrong."""
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if self.required:
                raise ValueError("is empty: fill it in")
            return None
        if self.choices:
            return choice(self.choices)(cell)
        return self.parse(cell)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name and columns; `optional` ones may be missing from an upload."""

    name: str
    columns: tuple[Column, ...]
    optional: bool = False

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def problem(self, row: Row, key: str, reason: str) -> Problem:
        """A problem that a domain found in a row that reads well."""
        value = row.values.get(key)
        return Problem(self.name, row.number, self.column(key).header, reason, "" if value is None else str(value)[:80])

    def repeated(self, rows: Iterable[Row], *keys: str) -> list[Problem]:
        """A problem for each row whose values of `keys` stand in an earlier row too; texts compare case-folded."""
        first: dict[tuple[Any, ...], int] = {}
        problems = []
        for row in rows:
            values = tuple(_folded(row.values.get(key)) for key in keys)
            if None in values:
                continue
            earlier = first.setdefault(values, row.number)
            if earlier != row.number:
                problems.append(self.problem(row, keys[0], f"stands in row {earlier} already: keep one of the two"))
        return problems


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def text(cell: Cell) -> str:
    """Trimmed text; numbers as people see them (254700000001, not 254700000001.0)."""
    if isinstance(cell, bool):
        raise ValueError("is TRUE or FALSE: write text")  # noqa: TRY004 (a reason for people, like the others)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        raise ValueError("is a date or time: format the cell as text")  # noqa: TRY004 (see above)
    found = str(cell).strip()
    if len(found) > _LONGEST_TEXT:
        raise ValueError(f"is longer than {_LONGEST_TEXT} characters: shorten it")
    if not found.isprintable():
        raise ValueError("has line breaks or control characters: write it in one line")
    return found


def texts(cell: Cell) -> list[str]:
    """Several texts, parted by ";"."""
    return [part for part in map(str.strip, text(cell).split(";")) if part]


def whole_number(lowest: int, highest: int) -> Callable[[Cell], int]:
    """A whole number within bounds, both inclusive."""

    def parse(cell: Cell) -> int:
        found = _number(cell)
        if found != found.to_integral_value() or not lowest <= found <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(found)

    return parse


def hours(cell: Cell) -> timedelta:
    """Hours as a number (1.5) or as a time of the spreadsheet (1:30)."""
    if isinstance(cell, timedelta):
        found = cell
    elif isinstance(cell, time):
        found = timedelta(hours=cell.hour, minutes=cell.minute)
    else:
        number = _number(cell)
        if not 0 <= number <= 10_000:  # noqa: PLR2004 (more than a year is a slip)
            raise ValueError("must be hours from 0 to 10000, such as 1.5")
        found = timedelta(seconds=round(float(number) * 3600))
    if found < timedelta(0):
        raise ValueError("must not be negative")
    return found


def day(cell: Cell) -> date:
    """A day: a date cell, or text as YYYY-MM-DD. Other languages' forms are refused, since 03/04 means two days."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell.strip()):
        try:
            return date.fromisoformat(cell.strip())
        except ValueError:
            raise ValueError("is no day of the calendar: check month and day") from None
    raise ValueError("is no date: format the cell as a date, or write it as 2026-09-07")


def yes_no(cell: Cell) -> bool:
    """Yes or no, or a TRUE/FALSE cell."""
    if isinstance(cell, bool):
        return cell
    match str(cell).strip().casefold():
        case "yes" | "true" | "1":
            return True
        case "no" | "false" | "0":
            return False
    raise ValueError("must be yes or no")


def choice(choices: Sequence[str]) -> Callable[[Cell], str]:
    """One of the choices, in any case; answers it as it is spelled in `choices`."""
    by_fold = {one.casefold(): one for one in choices}

    def parse(cell: Cell) -> str:
        found = by_fold.get(text(cell).casefold())
        if found is None:
            shown = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")  # noqa: PLR2004 (fits a line)
            raise ValueError(f"must be one of: {shown}")
        return found

    return parse


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = Decimal(str(cell))
    else:
        try:
            found = Decimal(str(cell).strip().replace(",", "."))
        except InvalidOperation:
            raise ValueError("is no number") from None
    if not found.is_finite():
        raise ValueError("is no number")
    return found
