"""The whole structure in one workbook."""

import asyncio
import io
from datetime import date
from typing import Any

import grpc
import pytest
from openpyxl import load_workbook

from hub.db.unit_of_work import UnitOfWork
from hub.school.models import ClassGroup
from hub.school.rules import Period
from hub.school.service.structure_import import export_structure
from hub.school.workbook import CLASS_GROUPS, DEPARTMENTS, HOLIDAYS, PROGRAMMES, SHEETS, TERMS
from hub.spreadsheets.reader import read_workbook
from hub.spreadsheets.writer import write_workbook
from smartroster.imports.v1 import imports_pb2
from smartroster.school.v1 import structure_pb2 as pb
from tests.factories.school import (
    make_academic_year,
    make_calendar_day,
    make_class_group,
    make_department,
    make_programme,
    make_school,
    make_term,
)
from tests.factories.users import make_dp_academics
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of

Rows = dict[str, list[dict[str, Any]]]
YEAR = {"year": "2026/2027", "year_start": date(2026, 9, 1), "year_end": date(2027, 7, 31)}
COLLEGE: Rows = {
    DEPARTMENTS.name: [{"code": "ICT", "name": "Computing"}, {"code": "BUS", "name": "Business"}],
    PROGRAMMES.name: [
        {"department": "ict", "code": "D", "name": "Networks", "level": "Diploma", "duration_years": 2},
        {"department": "BUS", "code": "D", "name": "Accounts", "level": "diploma"},
    ],
    CLASS_GROUPS.name: [
        {"programme": "D", "department": "ICT", "intake_year": 2026, "stream": "A", "capacity": 30},
        {"programme": "d", "department": "BUS", "intake_year": 2026, "name": "=Evening"},
    ],
    TERMS.name: [
        {**YEAR, "number": 1, "start": date(2026, 9, 7), "end": date(2026, 12, 4), "active": True},
        {**YEAR, "number": 2, "start": date(2027, 1, 4), "end": date(2027, 3, 26), "active": True},
        {"year": "2027/2028", "year_start": date(2027, 9, 1), "year_end": date(2028, 7, 31)},
    ],
    HOLIDAYS.name: [
        {"date": date(2026, 12, 25), "name": "Christmas Day"},
        {"date": date(2026, 10, 1), "name": "Trip", "kind": "OFF_TIMETABLE", "class_group": "D-2026-A"},
    ],
}


class Desk:
    """Where a deputy principal uploads."""

    def __init__(self, api: PeopleApi, metadata: Any) -> None:  # noqa: ANN401 (call metadata)
        self.api = api
        self.metadata = metadata

    async def upload(self, rows: Rows | bytes, *, dry: bool = False) -> imports_pb2.ImportOutcome:
        data = rows if isinstance(rows, bytes) else write_workbook(SHEETS, title="x", rows=rows)
        request = pb.ImportStructureRequest(workbook=data, validate_only=dry)
        updates = [update async for update in self.api.structure.ImportStructure(request, metadata=self.metadata)]
        assert [update.WhichOneof("update") for update in updates][-1] == "outcome"
        outcome: imports_pb2.ImportOutcome = updates[-1].outcome
        return outcome

    async def problems(self, rows: Rows) -> set[tuple[str, int, str, str]]:
        outcome = await self.upload(rows)
        assert not outcome.committed
        return {(one.sheet, one.row, one.column, one.reason.split(":")[0]) for one in outcome.problems}


@pytest.fixture
async def desk(api: PeopleApi, make_uow: MakeUow) -> Desk:
    async with make_uow() as uow:
        await make_school(uow)
        deputy = await make_dp_academics(uow)
    return Desk(api, await api.sign_in_as(deputy.id))


def _with(**changes: list[dict[str, Any]]) -> Rows:
    return COLLEGE | changes


def counts(outcome: imports_pb2.ImportOutcome) -> tuple[int, int, int]:
    assert list(outcome.problems) == []
    return outcome.created, outcome.updated, outcome.unchanged


async def stored(make_uow: MakeUow) -> Rows:
    async with make_uow(write=False) as uow:
        return await export_structure(uow)


async def test_a_college_comes_whole_and_the_second_time_changes_nothing(desk: Desk, make_uow: MakeUow) -> None:
    dry = await desk.upload(COLLEGE, dry=True)
    assert (dry.committed, counts(dry)) == (False, (12, 0, 0))
    assert await stored(make_uow) == {sheet.name: [] for sheet in SHEETS}
    done = await desk.upload(COLLEGE)
    assert (done.committed, counts(done)) == (True, (12, 0, 0))
    rows = await stored(make_uow)
    assert [(row["name"], row["capacity"]) for row in rows[CLASS_GROUPS.name]] == [("=Evening", 0), ("D-2026-A", 30)]
    assert [(row["department"], row["level"], row["duration_years"]) for row in rows[PROGRAMMES.name]] == [
        ("ICT", "diploma", 2),
        ("BUS", "diploma", 1),
    ]
    again = await desk.upload(COLLEGE)
    assert (again.committed, counts(again)) == (True, (0, 0, 12))
    assert await stored(make_uow) == rows


async def test_what_is_exported_imports_without_a_change(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(COLLEGE)
    async with make_uow() as uow:
        gone = await make_class_group(uow, name="Gone")
        gone.archived = True
        await make_calendar_day(uow, day=date(2026, 11, 2), class_group_id=gone.id)
    answer = await desk.api.structure.ExportStructure(pb.ExportStructureRequest(), metadata=desk.metadata)
    assert answer.file_name == "structure.xlsx"
    reading = read_workbook(answer.content, SHEETS)
    assert reading.problems == []
    assert "Gone" not in [row.values["name"] for row in reading.rows[CLASS_GROUPS.name]]
    outcome = await desk.upload(answer.content)
    created, updated, _ = counts(outcome)
    assert (created, updated) == (0, 0)


async def test_the_template_has_the_schools_levels_and_imports_as_nothing(desk: Desk) -> None:
    answer = await desk.api.structure.GetStructureTemplate(pb.GetStructureTemplateRequest(), metadata=desk.metadata)
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:6] == [*(sheet.name for sheet in SHEETS), "Notes"]
    assert [cell.value for cell in book["Lists"]["A"]][:2] == ["certificate", "diploma"]
    assert counts(await desk.upload(answer.content)) == (0, 0, 0)


async def test_changed_cells_change_the_parts_and_blank_ones_do_not(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(COLLEGE)
    changed: Rows = {
        DEPARTMENTS.name: [{"code": "ICT", "name": "Informatics"}],
        PROGRAMMES.name: [{"department": "ICT", "code": "D", "name": "Networks", "level": "degree"}],
        CLASS_GROUPS.name: [{"programme": "D", "department": "ICT", "intake_year": 2026, "stream": "A"}],
        # Term 2 goes where term 1 was: that one makes way first, wherever it stands in the file.
        TERMS.name: [
            {**YEAR, "number": 2, "start": date(2026, 11, 2), "end": date(2027, 3, 26)},
            {**YEAR, "number": 1, "start": date(2026, 9, 1), "end": date(2026, 10, 30)},
        ],
        HOLIDAYS.name: [{"date": date(2026, 12, 25), "name": "Christmas"}],
    }
    outcome = await desk.upload(changed)
    assert counts(outcome) == (0, 5, 2)
    rows = await stored(make_uow)
    assert {row["name"] for row in rows[DEPARTMENTS.name]} == {"Informatics", "Business"}
    [programme, _] = rows[PROGRAMMES.name]
    assert (programme["level"], programme["duration_years"]) == ("degree", 2)
    assert rows[TERMS.name][0]["active"]
    assert [(row["number"], row["start"]) for row in rows[TERMS.name] if "start" in row] == [
        (1, date(2026, 9, 1)),
        (2, date(2026, 11, 2)),
    ]


async def test_the_active_year_changes_wherever_the_years_stand(desk: Desk, make_uow: MakeUow) -> None:
    next_year = {"year": "2027/2028", "year_start": date(2027, 9, 1), "year_end": date(2028, 7, 31)}
    for this, other in ((True, False), (False, True), (True, False)):
        rows = _with(Terms=[{**next_year, "active": other}, {**YEAR, "active": this}])
        assert list((await desk.upload(rows)).problems) == []
        active = {row["year"]: row["active"] for row in (await stored(make_uow))[TERMS.name]}
        assert active == {YEAR["year"]: this, next_year["year"]: other}


async def test_a_year_moves_with_its_terms(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(COLLEGE)
    moved = {**YEAR, "year_start": date(2026, 10, 1), "year_end": date(2027, 8, 31)}
    # The year has to wait for the first term, and the second one for the year.
    terms = [
        {**moved, "number": 2, "start": date(2027, 1, 11), "end": date(2027, 8, 20)},
        {**moved, "number": 1, "start": date(2026, 10, 5), "end": date(2026, 12, 18)},
    ]
    assert counts(await desk.upload(_with(Terms=terms)))[1] == 3
    first = (await stored(make_uow))[TERMS.name][0]
    assert (first["year_start"], first["start"]) == (date(2026, 10, 1), date(2026, 10, 5))


async def test_every_problem_is_told_with_its_place_and_nothing_is_stored(desk: Desk, make_uow: MakeUow) -> None:
    rows: Rows = {
        DEPARTMENTS.name: [{"code": "ICT", "name": "Computing"}, {"code": "ict", "name": "Again"}],
        PROGRAMMES.name: [
            {"department": "XXX", "code": "D", "name": "Networks", "level": "diploma"},
            {"department": "ICT", "code": "E", "name": "Repair", "level": "wizard"},
            {"department": "ICT", "code": "F", "name": "Welding", "level": "diploma", "duration_years": 99},
            {"department": "ICT", "code": "G", "name": "Good", "level": "diploma"},
        ],
        CLASS_GROUPS.name: [
            {"programme": "none", "intake_year": 2026},
            {"programme": "G", "intake_year": "soon"},
            {"programme": "G", "intake_year": 2026, "stream": "A"},
            {"programme": "G", "intake_year": 2026, "stream": "A", "capacity": 3},
        ],
        TERMS.name: [
            {**YEAR, "number": 1, "start": date(2026, 9, 7), "end": date(2026, 12, 4)},
            {**YEAR, "number": 2, "start": date(2026, 12, 4), "end": date(2027, 3, 26)},
            {**YEAR, "number": 3, "start": date(2027, 5, 1), "end": date(2027, 8, 26)},
            {**YEAR, "number": 4, "start": date(2027, 5, 1)},
            {**YEAR, "year_end": date(2027, 8, 1), "number": 5},
            {"year": "Backwards", "year_start": date(2030, 2, 1), "year_end": date(2030, 1, 1)},
        ],
        HOLIDAYS.name: [
            {"date": "25/12/2026", "name": "Christmas Day"},
            {"date": date(2026, 12, 26), "name": "Boxing Day", "kind": "PARTY"},
            {"date": date(2026, 12, 27), "name": "Trip", "class_group": "nobody"},
            {"date": date(2026, 12, 28), "name": "One"},
            {"date": date(2026, 12, 28), "name": "Two"},
        ],
    }
    assert await desk.problems(rows) == {
        ("Departments", 3, "Code", "stands in row 2 already"),
        ("Programmes", 2, "Department", "there is no department of this code"),
        ("Programmes", 3, "Level", "is no level of the school"),
        ("Programmes", 4, "Years", "must be a whole number from 1 to 10"),
        ("ClassGroups", 2, "Programme", "there is no programme of this code"),
        ("ClassGroups", 3, "Intake", "is no number"),
        ("ClassGroups", 5, "Name", "stands in row 4 already"),
        ("Terms", 3, "From", "2026-12-04 to 2027-03-26 overlaps term 1 (2026-09-07 to 2026-12-04)"),
        ("Terms", 4, "From", "2027-05-01 to 2027-08-26 is not inside of its year 2026/2027, 2026-09-01 to 2027-07-31"),
        ("Terms", 5, "To", "is empty"),
        ("Terms", 6, "Academic year", "is told otherwise in row 2"),
        ("Terms", 7, "Year to", "must be after the start date"),
        ("Holidays", 2, "Date", "is no date"),
        ("Holidays", 3, "Kind", "must be one of"),
        ("Holidays", 4, "Class group", "there is no class group of this name"),
        ("Holidays", 6, "Date", "stands in row 5 already"),
    }
    assert await stored(make_uow) == {sheet.name: [] for sheet in SHEETS}


async def test_what_clashes_with_the_hub_is_told(desk: Desk, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await _clashing(uow)
    rows = _with(
        Departments=[{"code": "NEW", "name": "Typing"}, {"code": "OLD", "name": "Typewriting"}],
        Programmes=[],
        ClassGroups=[{"programme": "P", "intake_year": 2026, "name": "Taken"}],
        Terms=[{**YEAR, "active": True}],
        Holidays=[],
    )
    assert await desk.problems(rows) == {
        ("Departments", 2, "Code", "There is a department Typing already"),
        ("Departments", 3, "Name", "is archived"),
        ("ClassGroups", 2, "Programme", "programmes of several departments have this code"),
        ("Terms", 2, "Year from", "2026-09-01 to 2027-07-31 overlaps Odd (2026-08-01 to 2026-10-01)"),
    }
    rows[CLASS_GROUPS.name] = [{"programme": "P", "department": "A", "intake_year": 2026, "name": "Taken"}]
    assert ("ClassGroups", 2, "Name", "is a class group of another programme") in await desk.problems(rows)


async def _clashing(uow: UnitOfWork) -> None:
    await make_department(uow, code="TYP", name="Typing")
    old = await make_department(uow, code="OLD", name="Typewriting")
    old.archived = True
    for code in ("A", "B"):
        department = await make_department(uow, code=code)
        programme = await make_programme(uow, department_id=department.id, code="P")
    await make_class_group(uow, programme_id=programme.id, name="Taken")
    year = await make_academic_year(uow, name="Odd", period=Period(date(2026, 8, 1), date(2026, 10, 1)))
    await make_term(uow, academic_year_id=year.id, period=Period(date(2026, 8, 2), date(2026, 8, 20)))


async def test_two_who_import_the_same_at_once_make_it_once(desk: Desk, make_uow: MakeUow) -> None:
    outcomes = await asyncio.gather(desk.upload(COLLEGE), desk.upload(COLLEGE), desk.upload(COLLEGE))
    assert sorted(map(counts, outcomes)) == [(0, 0, 12), (0, 0, 12), (12, 0, 0)]
    assert all(outcome.committed for outcome in outcomes)
    async with make_uow(write=False) as uow:
        assert len((await uow.session.scalars(ClassGroup.__table__.select())).all()) == 2


async def test_a_file_that_is_no_workbook_is_refused(desk: Desk) -> None:
    for data in (b"", b"Code;Name\nICT;Computing"):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await desk.upload(data)
        assert (refused.value.code(), reason_of(refused.value)) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "NOT_A_WORKBOOK",
        )


async def test_a_missing_sheet_is_a_problem(desk: Desk) -> None:
    outcome = await desk.upload(write_workbook([DEPARTMENTS], title="x", rows={}))
    assert {one.sheet for one in outcome.problems} == {"Programmes", "ClassGroups", "Terms", "Holidays"}
