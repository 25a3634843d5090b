"""The whole structure from one workbook, through the same use cases as by hand; and as it is, for a workbook."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError, InvalidArgument
from hub.school import queries, workbook
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, Term
from hub.school.rules import (
    AcademicYearDraft,
    CalendarDayDraft,
    CalendarDayKind,
    ClassGroupDraft,
    DepartmentDraft,
    Period,
    ProgrammeDraft,
    TermDraft,
    class_group_name,
)
from hub.school.service import calendar, days, structure
from hub.spreadsheets.columns import Problem, Row, Sheet
from hub.spreadsheets.reader import Reading
from hub.spreadsheets.settling import settle
from hub.spreadsheets.wire import Outcome, Report

Part = TypeVar("Part", Department, Programme, ClassGroup, AcademicYear, Term, CalendarDay)


async def import_structure(uow: UnitOfWork, reading: Reading, report: Report) -> Outcome:
    """Make what is new in a read workbook and change what is otherwise; every problem is told with its row."""
    problems = [
        *reading.problems,
        *workbook.DEPARTMENTS.repeated(reading.rows[workbook.DEPARTMENTS.name], "code"),
        *workbook.PROGRAMMES.repeated(reading.rows[workbook.PROGRAMMES.name], "code", "department"),
        *workbook.TERMS.repeated(reading.rows[workbook.TERMS.name], "number", "year"),
    ]
    importer = _Importer(uow, reading, report, problems)
    await importer.run()
    if problems:
        return Outcome(problems=problems)
    return Outcome(created=importer.created, updated=importer.updated, unchanged=importer.unchanged)


async def export_structure(uow: UnitOfWork) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet; archived parts are left out."""

    async def of(query: Any) -> Sequence[Any]:  # noqa: ANN401 (a query of any of the tables)
        return (await uow.session.scalars(query)).all()

    departments = await of(queries.select_departments(include_archived=False).order_by(Department.code))
    in_use = {department.id for department in departments}
    programmes = [
        programme
        for programme in await of(
            queries.select_programmes(include_archived=False).order_by(Programme.code, Programme.id)
        )
        if programme.department_id in in_use
    ]
    in_use = {programme.id for programme in programmes}
    groups = await of(queries.select_class_groups(include_archived=False).order_by(ClassGroup.name))
    return workbook.rows_of(
        departments=departments,
        programmes=programmes,
        groups=[group for group in groups if group.programme_id in in_use],
        years=await of(queries.select_academic_years().order_by(AcademicYear.start_date)),
        terms=await of(queries.select_terms().order_by(Term.start_date)),
        days=await of(queries.select_calendar_days().order_by(CalendarDay.date, CalendarDay.id)),
    )


class _Importer:
    """One import. The use cases refuse before they store, so a row that fails leaves nothing behind."""

    def __init__(self, uow: UnitOfWork, reading: Reading, report: Report, problems: list[Problem]) -> None:
        self._uow = uow
        self._reading = reading
        self._report = report
        self._problems = problems
        self._done = 0
        self._departments: dict[str, Department] = {}
        self._programmes: dict[str, list[Programme]] = {}
        self._groups: dict[str, ClassGroup] = {}
        self._years: dict[str, AcademicYear] = {}
        self._terms: dict[tuple[UUID, int], Term] = {}
        self._days: dict[tuple[Any, UUID | None], CalendarDay] = {}
        # Where each class group and free day stands in the file: (sheet, what makes it the same one) to the row.
        self._told: dict[tuple[str, object], int] = {}
        self.created = self.updated = self.unchanged = 0

    async def run(self) -> None:
        await self._load()
        for sheet, take in (
            (workbook.DEPARTMENTS, self._department),
            (workbook.PROGRAMMES, self._programme),
            (workbook.CLASS_GROUPS, self._class_group),
        ):
            for row in self._reading.rows[sheet.name]:
                await take(row)
                self._step(sheet)
        await self._calendar(self._reading.rows[workbook.TERMS.name])
        for row in self._reading.rows[workbook.HOLIDAYS.name]:
            await self._holiday(row)
            self._step(workbook.HOLIDAYS)

    async def _load(self) -> None:
        async def every(kind: type[Part]) -> Sequence[Part]:
            return (await self._uow.session.scalars(select(kind))).all()

        self._departments = {one.code.casefold(): one for one in await every(Department)}
        for programme in await every(Programme):
            self._programmes.setdefault(programme.code.casefold(), []).append(programme)
        self._groups = {one.name.casefold(): one for one in await every(ClassGroup)}
        self._years = {one.name.casefold(): one for one in await every(AcademicYear)}
        self._terms = {(one.academic_year_id, one.number): one for one in await every(Term)}
        self._days = {(one.date, one.class_group_id): one for one in await every(CalendarDay)}

    def _step(self, sheet: Sheet) -> None:
        self._done += 1
        self._report(self._done, sum(map(len, self._reading.rows.values())), f"Checking {sheet.name}")

    async def _department(self, row: Row) -> None:
        sheet, values = workbook.DEPARTMENTS, row.values
        draft = DepartmentDraft(code=values["code"], name=values["name"])
        present = self._departments.get(draft.code.casefold())
        if present is None:
            made = await self._made(sheet, row, structure.create_department(self._uow, draft=draft))
            if made is not None:
                self._departments[made.code.casefold()] = made
        elif self._in_use(sheet, row, present):
            change = structure.update_department(
                self._uow, department_id=present.id, wanted=draft, fields=frozenset({"name"}), etag=""
            )
            await self._changed(sheet, row, present, change)

    async def _programme(self, row: Row) -> None:
        sheet, values = workbook.PROGRAMMES, row.values
        department = self._departments.get(values["department"].casefold())
        if department is None:
            self._tell(sheet, row, "department", "there is no department of this code: add it to Departments")
            return
        draft = ProgrammeDraft(
            department_id=department.id,
            code=values["code"],
            name=values["name"],
            level=values["level"],
            duration_years=values["duration_years"] or 0,
            terms_per_year=values["terms_per_year"] or 0,
        )
        of_code = self._programmes.setdefault(draft.code.casefold(), [])
        present = next((one for one in of_code if one.department_id == department.id), None)
        if present is None:
            made = await self._made(sheet, row, structure.create_programme(self._uow, draft=draft))
            if made is not None:
                of_code.append(made)
        elif self._in_use(sheet, row, present):
            given = _given(values, "name", "level", "duration_years", "terms_per_year")
            change = structure.update_programme(self._uow, programme_id=present.id, wanted=draft, fields=given, etag="")
            await self._changed(sheet, row, present, change)

    async def _class_group(self, row: Row) -> None:
        sheet, values = workbook.CLASS_GROUPS, row.values
        programme = self._programme_of(row)
        if programme is None:
            return
        stream = values["stream"] or ""
        name = values["name"] or class_group_name(programme.code, values["intake_year"], stream)
        draft = ClassGroupDraft(
            programme_id=programme.id,
            intake_year=values["intake_year"],
            stream=stream,
            name=name,
            capacity=values["capacity"],
        )
        present = self._groups.get(name.casefold())
        if self._stands_twice(sheet, row, "name", name.casefold()):
            return
        if present is None:
            made = await self._made(sheet, row, structure.create_class_group(self._uow, draft=draft))
            if made is not None:
                self._groups[made.name.casefold()] = made
        elif present.programme_id != programme.id:
            self._tell(sheet, row, "name", "is a class group of another programme: give another name")
        elif self._in_use(sheet, row, present):
            # Its intake and stream may be put right. The name by which the file knows it stays, also one that was made
            # of them: the same file would not find it again.
            given = _given(values, "intake_year", "stream", "capacity") | {"name"}
            change = structure.update_class_group(
                self._uow, class_group_id=present.id, wanted=replace(draft, name=present.name), fields=given, etag=""
            )
            await self._changed(sheet, row, present, change)

    def _programme_of(self, row: Row) -> Programme | None:
        sheet, values = workbook.CLASS_GROUPS, row.values
        found = self._programmes.get(values["programme"].casefold(), [])
        if values["department"] is not None:
            department = self._departments.get(values["department"].casefold())
            found = [one for one in found if department is not None and one.department_id == department.id]
        if len(found) == 1:
            return found[0]
        reason = "there is no programme of this code: add it to Programmes"
        if found:
            reason = "programmes of several departments have this code: name the department too"
        self._tell(sheet, row, "programme", reason)
        return None

    async def _calendar(self, rows: Sequence[Row]) -> None:
        """Years and terms: some make way for others, whichever stands first."""
        sheet = workbook.TERMS
        told: dict[str, Row] = {}
        years: list[Callable[[], Awaitable[bool]]] = []
        terms: list[Callable[[], Awaitable[bool]]] = []
        for row in rows:
            first = told.setdefault(row.values["year"].casefold(), row)
            if any(first.values[key] != row.values[key] for key in ("year_start", "year_end", "active")):
                self._tell(sheet, row, "year", f"is told otherwise in row {first.number}: write the same days in both")
                continue
            if row is first:
                years.append(partial(self._year, row))
            if row.values["number"] is not None:
                terms.append(partial(self._term, row))
        await settle([*years, *terms], self._problems)
        for _ in rows:
            self._step(sheet)

    async def _year(self, row: Row) -> bool:
        sheet, values = workbook.TERMS, row.values
        draft = AcademicYearDraft(
            name=values["year"],
            period=Period(values["year_start"], values["year_end"]),
            active=bool(values["active"]),
        )
        present = self._years.get(draft.name.casefold())
        if present is None:
            made = await self._made(sheet, row, calendar.create_academic_year(self._uow, draft=draft))
            if made is not None:
                self._years[made.name.casefold()] = made
            return made is not None
        fields = frozenset({"start_date", "end_date"}) | ({"active"} if values["active"] is not None else frozenset())
        change = calendar.update_academic_year(
            self._uow, academic_year_id=present.id, wanted=draft, fields=fields, etag=""
        )
        return await self._changed(sheet, row, present, change)

    async def _term(self, row: Row) -> bool:
        sheet, values = workbook.TERMS, row.values
        year = self._years.get(values["year"].casefold())
        missing = [key for key in ("start", "end") if values[key] is None]
        for key in missing:
            self._tell(sheet, row, key, "is empty: a term needs its first and last day")
        if missing or year is None:
            return bool(missing)
        draft = TermDraft(
            academic_year_id=year.id, number=values["number"], period=Period(values["start"], values["end"])
        )
        present = self._terms.get((year.id, draft.number))
        if present is None:
            made = await self._made(sheet, row, calendar.create_term(self._uow, draft=draft))
            if made is not None:
                self._terms[year.id, made.number] = made
            return made is not None
        fields = frozenset({"start_date", "end_date"})
        change = calendar.update_term(self._uow, term_id=present.id, wanted=draft, fields=fields, etag="")
        return await self._changed(sheet, row, present, change)

    async def _holiday(self, row: Row) -> None:
        sheet, values = workbook.HOLIDAYS, row.values
        group = None
        if values["class_group"] is not None:
            group = self._groups.get(values["class_group"].casefold())
            if group is None:
                self._tell(sheet, row, "class_group", "there is no class group of this name: add it to ClassGroups")
                return
        draft = CalendarDayDraft(
            day=values["date"],
            kind=CalendarDayKind(values["kind"] or CalendarDayKind.HOLIDAY),
            name=values["name"],
            class_group_id=group.id if group else None,
        )
        present = self._days.get((draft.day, draft.class_group_id))
        if self._stands_twice(sheet, row, "date", (draft.day, draft.class_group_id)):
            return
        if present is None:
            made = await self._made(sheet, row, days.create_calendar_day(self._uow, draft=draft))
            if made is not None:
                self._days[made.date, made.class_group_id] = made
            return
        change = days.update_calendar_day(
            self._uow, calendar_day_id=present.id, wanted=draft, fields=_given(values, "name", "kind"), etag=""
        )
        await self._changed(sheet, row, present, change)

    async def _made(self, sheet: Sheet, row: Row, making: Awaitable[Part]) -> Part | None:
        try:
            made = await making
        except HubError as error:
            self._explain(sheet, row, error)
            return None
        self.created += 1
        return made

    async def _changed(self, sheet: Sheet, row: Row, part: Part, changing: Awaitable[Part]) -> bool:
        before = part.etag
        try:
            await changing
        except HubError as error:
            self._explain(sheet, row, error)
            return False
        self._count(before, part)
        return True

    def _count(self, etag_before: int, part: Part) -> None:
        self.updated += part.etag != etag_before
        self.unchanged += part.etag == etag_before

    def _stands_twice(self, sheet: Sheet, row: Row, key: str, identity: object) -> bool:
        earlier = self._told.setdefault((sheet.name, identity), row.number)
        if earlier != row.number:
            self._tell(sheet, row, key, f"stands in row {earlier} already: keep one of the two")
        return earlier != row.number

    def _in_use(self, sheet: Sheet, row: Row, part: Department | Programme | ClassGroup) -> bool:
        if part.archived:
            self._tell(sheet, row, "name", "is archived: restore it first, or leave the row out")
        return not part.archived

    def _explain(self, sheet: Sheet, row: Row, error: HubError) -> None:
        violations = error.violations if isinstance(error, InvalidArgument) else ()
        for violation in violations:
            key = _key_of(sheet, violation.field)
            self._tell(sheet, row, key, violation.description)
        if not violations:
            self._tell(sheet, row, sheet.columns[0].key, error.message)

    def _tell(self, sheet: Sheet, row: Row, key: str, reason: str) -> None:
        self._problems.append(sheet.problem(row, key, reason))


def _given(values: Mapping[str, Any], *keys: str) -> frozenset[str]:
    return frozenset(key for key in keys if values[key] is not None)


def _key_of(sheet: Sheet, path: str) -> str:
    """The column that a violation's path ("academic_year.start_date") is about; the first one where none is."""
    part, _, field = path.partition(".")
    renamed = {"start_date": "start", "end_date": "end"}.get(field, field)
    key = f"year_{renamed}" if part == "academic_year" else renamed
    known = {column.key for column in sheet.columns}
    return key if key in known else sheet.columns[0].key
