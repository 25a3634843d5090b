"""An archive on the way in: opened within bounds, its manifest heeded, every bad cell told."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Final

from hub.courses.errors import NotAnArchive
from hub.courses.one_roster.files import FILES, MANIFEST
from hub.errors import InvalidArgument
from hub.spreadsheets.columns import Column, Problem, Row, Sheet
from hub.spreadsheets.reader import ZIP_FAULTS, Reading

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_ROWS: Final = 200_000
_MAX_FILE_BYTES: Final = 64 * 1024 * 1024
_MAX_PARTS: Final = 100
_VERSION: Final = "1.2"


def read_archive(data: bytes) -> Reading:
    """Every row of the files, and everything that is wrong with them by themselves.

    Blocking: call it in a thread. A file that the manifest says is absent has no rows.

    Raises:
        NotAnArchive: it cannot be opened, or only at a danger to the hub (a zip bomb).
    """
    if len(data) > MAX_BYTES:
        raise NotAnArchive.of("archive", f"is larger than {MAX_BYTES // 2**20} MiB: leave out the files of results")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            if len(container.infolist()) > _MAX_PARTS:
                raise NotAnArchive.of("archive", f"has more than {_MAX_PARTS} files: keep only OneRoster's in it")
            return _read(container)
    except zipfile.BadZipFile as error:
        raise _unreadable() from error


def _unreadable() -> InvalidArgument:
    return NotAnArchive.of("archive", "is no zip file, damaged, or has a password: export it again")


def _read(container: zipfile.ZipFile) -> Reading:
    reading = Reading(rows={sheet.name: [] for sheet in FILES})
    there = set(container.namelist())
    if MANIFEST.name not in there:
        reason = "this file is missing: it stands at the top of the zip, in no folder"
        reading.problems.append(Problem(MANIFEST.name, 0, "", reason))
        return reading
    manifest = Reading()
    _read_file(container, MANIFEST, manifest)
    reading.problems += manifest.problems
    told = {row.values["propertyName"]: row for row in manifest.rows[MANIFEST.name]}
    version = told.get("oneroster.version")
    if version is None or version.values["value"] != _VERSION:
        reading.problems.append(
            MANIFEST.problem(
                version or Row(0, {}), "value", f"oneroster.version must be {_VERSION}: export in that form"
            )
        )
        return reading
    for sheet in FILES:
        mode = told.get(f"file.{sheet.name.removesuffix('.csv')}")
        if mode is None or mode.values["value"] == "absent":
            continue
        if mode.values["value"] != "bulk":
            reason = "only bulk files are read: export everything in bulk"
            reading.problems.append(MANIFEST.problem(mode, "value", reason))
        elif sheet.name not in there:
            reading.problems.append(Problem(sheet.name, 0, "", "the manifest tells of this file and it is missing"))
        else:
            _read_file(container, sheet, reading)
    return reading


def _read_file(container: zipfile.ZipFile, sheet: Sheet, reading: Reading) -> None:
    kept = reading.rows.setdefault(sheet.name, [])
    problems = reading.problems
    try:
        with container.open(sheet.name) as source:
            # The zip's own word on the size is not to be trusted.
            raw = source.read(_MAX_FILE_BYTES + 1)
    except ZIP_FAULTS as error:
        raise _unreadable() from error
    if len(raw) > _MAX_FILE_BYTES:
        raise NotAnArchive.of("archive", f"{sheet.name} unpacks to more than {_MAX_FILE_BYTES // 2**20} MiB")
    try:
        lines = _lines(raw.decode("utf-8-sig"))
        columns = _columns(sheet, next(lines, (1, []))[1], problems)
        if columns is None:
            return
        for number, cells in lines:
            if number > MAX_ROWS + 1:
                problems.append(Problem(sheet.name, number, "", f"the file goes on after {MAX_ROWS} rows: part it"))
                break
            values = _values(sheet, number, cells, columns, problems)
            if values is not None:
                kept.append(Row(number, values))
    except UnicodeDecodeError:
        problems.append(Problem(sheet.name, 0, "", "is not in UTF-8: export it so"))
    except csv.Error as error:
        problems.append(Problem(sheet.name, 0, "", f"is no CSV file ({error}): export it again"))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, numbered from 1."""
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
        if any(cells):
            yield number, cells


def _columns(sheet: Sheet, headers: list[str], problems: list[Problem]) -> list[tuple[int, Column]] | None:
    """Where each known column stands; others, as extensions have them, are passed over."""
    places = {header.strip(): i for i, header in enumerate(headers)}
    missing = [column for column in sheet.columns if column.required and column.header not in places]
    problems += [Problem(sheet.name, 1, column.header, "this column is missing") for column in missing]
    return None if missing else [(places[one.header], one) for one in sheet.columns if one.header in places]


def _values(
    sheet: Sheet, number: int, cells: list[str], columns: list[tuple[int, Column]], problems: list[Problem]
) -> dict[str, object] | None:
    values: dict[str, object] = {column.key: None for column in sheet.columns}
    good = True
    for i, column in columns:
        cell = cells[i] if i < len(cells) else ""
        try:
            values[column.key] = column.read(cell)
        except ValueError as error:
            problems.append(Problem(sheet.name, number, column.header, str(error), cell[:80]))
            good = False
    return values if good else None
