"""The workbook by which a term's enrolments are registered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.spreadsheets.columns import Column, Sheet, text
from hub.spreadsheets.reader import Reading, read_workbook
from hub.spreadsheets.writer import write_workbook

_PART = " · "


@dataclass(frozen=True, slots=True)
class DueRow:
    """A class group and a course that it takes in the term; `trainer` is empty until one is chosen."""

    term: str
    class_group: str
    course_code: str
    course_title: str
    kind: str
    department: str
    trainer: str


def enrolments_sheet(trainers: Sequence[str] = ()) -> Sheet:
    """The one sheet; with `trainers` as the drop-down of a template, without for reading."""
    return Sheet(
        "Enrolments",
        (
            Column("term", "Term", text, required=True, example="2026, term 1", note="Leave it as it is."),
            Column("class_group", "Class group", text, required=True, example="DICT-2026-A", note="By its name."),
            Column("course_code", "Course code", text, required=True, example="ICT101", note="As in the course list."),
            Column("course_title", "Course title", text, example="Computer Networks", note="To read; not looked at."),
            Column("kind", "Core or elective", text, example="core", note="To read; not looked at."),
            Column("department", "Department", text, example="Computing", note="To read: whose trainers may take it."),
            Column(
                "trainer",
                "Trainer",
                text,
                example=f"STAFF/12{_PART}Grace Wanjiru",
                note="Staff number and name. A row without a trainer is passed over.",
                choices=tuple(trainers),
            ),
        ),
    )


def trainer_label(staff_number: str, name: str) -> str:
    """What the drop-down shows; the staff number alone says who it is."""
    return f"{staff_number}{_PART}{name}"


def staff_number_of(label: str) -> str:
    """The staff number of a drop-down's choice, or of what was typed instead."""
    return label.partition(_PART.strip())[0].strip()


def template(rows: Iterable[DueRow], *, trainers: Sequence[str], term: str) -> bytes:
    """The workbook for a term, filled in but for the trainers."""
    sheet = enrolments_sheet(trainers)
    filled = [{column.key: getattr(row, column.key) or None for column in sheet.columns} for row in rows]
    return write_workbook([sheet], title=f"Enrolments of {term}", rows={sheet.name: filled})


def read(data: bytes) -> Reading:
    """The rows of an upload; NotAWorkbook when it is none."""
    return read_workbook(data, [enrolments_sheet()])
