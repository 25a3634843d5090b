"""The structure of the school as a spreadsheet: its sheets, and what is stored as rows of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, Term
from hub.school.rules import LONGEST_PROGRAMME_YEARS, MOST_TERMS, YEARS, CalendarDayKind
from hub.spreadsheets.columns import Column, Sheet, day, text, whole_number, yes_no

# The examples are of no real college: a row that is just like one is passed over.
DEPARTMENTS = Sheet(
    "Departments",
    (
        Column("code", "Code", text, required=True, example="EXAMPLE", note="Unique; says which department it is."),
        Column("name", "Name", text, required=True, example="Department of Examples"),
    ),
)
PROGRAMMES = Sheet(
    "Programmes",
    (
        Column("department", "Department", text, required=True, example="EXAMPLE", note="Its code."),
        Column("code", "Code", text, required=True, example="EX-D", note="Unique in its department."),
        Column("name", "Name", text, required=True, example="Diploma in Examples"),
        Column("level", "Level", text, required=True, example="diploma", note="One of the school's levels."),
        Column(
            "duration_years",
            "Years",
            whole_number(1, LONGEST_PROGRAMME_YEARS),
            example=3,
            note="Blank: the school's default.",
        ),
        Column(
            "terms_per_year",
            "Terms a year",
            whole_number(1, MOST_TERMS),
            example=3,
            note="Blank: the school's default.",
        ),
    ),
)
CLASS_GROUPS = Sheet(
    "ClassGroups",
    (
        Column("programme", "Programme", text, required=True, example="EX-D", note="Its code."),
        Column(
            "department",
            "Department",
            text,
            note="Its code; needed where two departments have a programme of that code.",
        ),
        Column("intake_year", "Intake", whole_number(YEARS[0], YEARS[-1]), required=True, example=2026),
        Column("stream", "Stream", text, example="A"),
        Column(
            "name", "Name", text, note="Unique; says which class group it is. Blank: made of programme, intake, stream."
        ),
        Column("capacity", "Places", whole_number(0, 10_000), example=40, note="0: not limited. Blank: the default."),
    ),
)
TERMS = Sheet(
    "Terms",
    (
        Column("year", "Academic year", text, required=True, example="1999/2000", note="Says which year it is."),
        Column("year_start", "Year from", day, required=True, example=date(1999, 9, 1), note="The year's first day."),
        Column("year_end", "Year to", day, required=True, example=date(2000, 7, 31), note="The year's last day."),
        Column(
            "number", "Term", whole_number(1, MOST_TERMS), example=1, note="Blank: the row is about the year alone."
        ),
        Column("start", "From", day, example=date(1999, 9, 6), note="First day; needed with a term."),
        Column("end", "To", day, example=date(1999, 12, 3), note="Last day; needed with a term."),
        Column("active", "Active year", yes_no, note="yes in the one year that is worked with."),
    ),
)
HOLIDAYS = Sheet(
    "Holidays",
    (
        Column("date", "Date", day, required=True, example=date(1999, 12, 25)),
        Column("name", "Name", text, required=True, example="A holiday such as Christmas"),
        Column(
            "kind",
            "Kind",
            text,
            choices=tuple(kind.value for kind in CalendarDayKind),
            note="Blank: HOLIDAY.",
        ),
        Column("class_group", "Class group", text, note="Its name. Blank: the whole school."),
    ),
)
SHEETS = (DEPARTMENTS, PROGRAMMES, CLASS_GROUPS, TERMS, HOLIDAYS)


def template(*, levels: Sequence[str]) -> list[Sheet]:
    """The sheets with the school's levels as a drop-down."""
    columns = tuple(
        replace(column, choices=tuple(levels)) if column.key == "level" else column for column in PROGRAMMES.columns
    )
    return [replace(PROGRAMMES, columns=columns) if sheet is PROGRAMMES else sheet for sheet in SHEETS]


def rows_of(
    *,
    departments: Sequence[Department],
    programmes: Sequence[Programme],
    groups: Sequence[ClassGroup],
    years: Sequence[AcademicYear],
    terms: Iterable[Term],
    days: Iterable[CalendarDay],
) -> dict[str, list[dict[str, Any]]]:
    """What is stored, by sheet; an import of it changes nothing."""
    department_codes = {department.id: department.code for department in departments}
    programmes_by_id = {programme.id: programme for programme in programmes}
    names = {group.id: group.name for group in groups}
    return {
        DEPARTMENTS.name: [{"code": department.code, "name": department.name} for department in departments],
        PROGRAMMES.name: [
            {
                "department": department_codes[programme.department_id],
                "code": programme.code,
                "name": programme.name,
                "level": programme.level,
                "duration_years": programme.duration_years,
                "terms_per_year": programme.terms_per_year,
            }
            for programme in programmes
        ],
        CLASS_GROUPS.name: [
            {
                "programme": programmes_by_id[group.programme_id].code,
                "department": department_codes[programmes_by_id[group.programme_id].department_id],
                "intake_year": group.intake_year,
                "stream": group.stream,
                "name": group.name,
                "capacity": group.capacity,
            }
            for group in groups
        ],
        TERMS.name: _term_rows(years, terms),
        HOLIDAYS.name: [
            {
                "date": free.date,
                "name": free.name,
                "kind": free.kind.value,
                "class_group": names.get(free.class_group_id) if free.class_group_id else None,
            }
            for free in days
            if free.class_group_id is None or free.class_group_id in names
        ],
    }


def _term_rows(years: Sequence[AcademicYear], terms: Iterable[Term]) -> list[dict[str, Any]]:
    by_year: dict[UUID, list[Term]] = {}
    for term in terms:
        by_year.setdefault(term.academic_year_id, []).append(term)
    rows: list[dict[str, Any]] = []
    for year in years:
        of_year: Mapping[str, Any] = {
            "year": year.name,
            "year_start": year.start_date,
            "year_end": year.end_date,
            "active": year.active,
        }
        rows += [
            {**of_year, "number": term.number, "start": term.start_date, "end": term.end_date}
            for term in by_year.get(year.id, ())
        ] or [dict(of_year)]
    return rows
