"""A workbook imported twice is one imported once, whatever was there before and whatever it changes."""

from collections.abc import Callable, Hashable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, Term
from hub.school.service.structure_import import export_structure, import_structure
from hub.school.workbook import CLASS_GROUPS, DEPARTMENTS, HOLIDAYS, PROGRAMMES, SHEETS, TERMS
from hub.spreadsheets.columns import Row
from hub.spreadsheets.reader import Reading
from hub.spreadsheets.wire import Outcome
from tests.fixtures.database import MakeUow

Cells = dict[str, Any]


def _cell(key: str) -> Callable[[Any], Hashable]:
    return lambda row: row[key]


_SOME_DAYS = st.integers(0, 3).map(lambda number: timedelta(days=7 * number))
_DEPARTMENTS = st.fixed_dictionaries({"code": st.sampled_from(["ICT", "BUS"]), "name": st.sampled_from(["One", "Two"])})
_PROGRAMMES = st.fixed_dictionaries(
    {
        "department": st.sampled_from(["ict", "BUS"]),
        "code": st.just("D"),
        "name": st.sampled_from(["Networks", "Accounts"]),
        "level": st.sampled_from(["diploma", "Degree"]),
        "duration_years": st.sampled_from([None, 2]),
    }
)
_GROUPS = st.fixed_dictionaries(
    {
        "programme": st.just("d"),
        "department": st.sampled_from(["ICT", "BUS"]),
        "intake_year": st.sampled_from([2025, 2026]),
        "stream": st.sampled_from([None, "A"]),
        # Also names such as are made, of another intake than the row's.
        "name": st.sampled_from([None, "Evening", "D-2025", "d-2026-a"]),
        "capacity": st.sampled_from([None, 0, 30]),
    }
)
_TERMS = st.builds(
    lambda year, shift, number, start, length, active: {
        "year": str(year),
        "year_start": date(year, 1, 1) + shift,
        "year_end": date(year, 11, 1),
        "number": number,
        "start": date(year, 1, 22) + start,
        "end": date(year, 2, 5) + start + length,
        "active": active,
    },
    st.sampled_from([2026, 2027]),
    _SOME_DAYS,
    st.sampled_from([None, 1, 2]),
    st.sampled_from([timedelta(0), timedelta(days=21), timedelta(days=42)]),
    _SOME_DAYS,
    st.sampled_from([None, True, False]),
)
_HOLIDAYS = st.fixed_dictionaries(
    {
        "date": st.sampled_from([date(2026, 5, 1), date(2026, 12, 25)]),
        "name": st.sampled_from(["Labour Day", "Christmas"]),
        "kind": st.sampled_from([None, "CLOSURE"]),
        "class_group": st.sampled_from([None, "evening"]),
    }
)
_STRUCTURE = {
    DEPARTMENTS: _DEPARTMENTS,
    PROGRAMMES: _PROGRAMMES,
    CLASS_GROUPS: _GROUPS,
    TERMS: _TERMS,
    HOLIDAYS: _HOLIDAYS,
}
# What may stand in a sheet once.
_KEYS = {
    DEPARTMENTS: ("code",),
    PROGRAMMES: ("department",),
    CLASS_GROUPS: ("name",),
    TERMS: ("year",),
    HOLIDAYS: ("date", "class_group"),
}
_WHOLE: dict[str, list[Cells]] = {
    DEPARTMENTS.name: [{"code": "ICT", "name": "Computing"}, {"code": "BUS", "name": "Business"}],
    PROGRAMMES.name: [
        {"department": code, "code": "D", "name": "Diploma", "level": "diploma"} for code in ("ICT", "BUS")
    ],
    CLASS_GROUPS.name: [
        {"programme": "D", "department": "ICT", "intake_year": 2026, "name": "Evening"},
        {"programme": "D", "department": "ICT", "intake_year": 2026, "stream": "A"},
    ],
    TERMS.name: [],
    HOLIDAYS.name: [],
}
_NOTHING: dict[str, list[Cells]] = {sheet.name: [] for sheet in SHEETS}
_PUT_RIGHT = {"programme": "D", "department": "ICT", "intake_year": 2025, "name": "D-2026-A"}
_FILES = st.fixed_dictionaries(
    {
        sheet.name: st.lists(rows, max_size=3, unique_by=tuple(map(_cell, _KEYS[sheet])))
        for sheet, rows in _STRUCTURE.items()
    }
)


class _Undo(Exception):
    pass


async def _upload(uow: UnitOfWork, rows: dict[str, list[Cells]]) -> Outcome:
    """As an upload does it: what has problems is undone."""
    reading = Reading(
        rows={
            sheet.name: [
                Row(number, {column.key: None for column in sheet.columns} | cells)
                for number, cells in enumerate(rows[sheet.name], 2)
            ]
            for sheet in SHEETS
        }
    )
    outcome = Outcome()
    try:
        async with uow.savepoint():
            outcome = await import_structure(uow, reading, lambda _done, _total, _stage: None)
            if outcome.problems:
                raise _Undo  # noqa: TRY301 (leaving a savepoint without its changes takes an exception)
    except _Undo:
        uow.session.expire_all()
    return outcome


async def _stored(uow: UnitOfWork) -> tuple[Any, ...]:
    tables = (Department, Programme, ClassGroup, AcademicYear, Term, CalendarDay)
    versions = [
        [tuple(row) for row in await uow.session.execute(select(table.id, table.etag).order_by(table.id))]
        for table in tables
    ]
    return await export_structure(uow), versions


@settings(
    max_examples=20,
    deadline=None,
    # Each example stores; shrinking one that fails would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=_FILES, wanted=_FILES)
# A class group whose name was made of an intake that the file puts right.
@example(before=_NOTHING, wanted=_NOTHING | {CLASS_GROUPS.name: [_PUT_RIGHT]})
async def test_import_twice_is_import_once(
    make_uow: MakeUow, before: dict[str, list[Cells]], wanted: dict[str, list[Cells]]
) -> None:
    with pytest.raises(_Undo):
        async with make_uow() as uow:
            assert not (await _upload(uow, _WHOLE)).problems
            await _upload(uow, before)
            first = await _upload(uow, wanted)
            once = await _stored(uow)
            second = await _upload(uow, wanted)
            assert await _stored(uow) == once
            assert [str(one) for one in second.problems] == [str(one) for one in first.problems]
            assert (second.created, second.updated) == (0, 0)
            assert second.unchanged == first.created + first.updated + first.unchanged
            raise _Undo
