"""The parts of the school and the courses of a roster: departments, years, terms, programmes, class groups, courses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select

from hub.courses.models import Course
from hub.courses.one_roster.files import CLASSES, COURSES, ORGS, SESSIONS
from hub.courses.one_roster.ledger import Ledger
from hub.courses.one_roster.roster import Roster, ids_in, period_of, year_of_study_of
from hub.courses.service import catalogue
from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import AcademicYear, ClassGroup, Department, Programme, Term
from hub.school.rules import AcademicYearDraft, ClassGroupDraft, DepartmentDraft, ProgrammeDraft, TermDraft
from hub.school.service import calendar, structure
from hub.spreadsheets.columns import Row
from hub.spreadsheets.settling import settle

_DATES = {"start_date": "startDate", "end_date": "endDate", "name": "title", "number": "startDate"}
_COURSE = {"code": "courseCode", "title": "title", "name": "title", "level": "title"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the archive can't say: the department of what is the school's own, and the level of programmes."""

    department_id: UUID | None = None
    programme_level: str = ""


class Places:
    """Stores them in the order in which they need each other."""

    def __init__(self, uow: UnitOfWork, roster: Roster, ledger: Ledger, wishes: Wishes) -> None:
        self._uow = uow
        self._roster = roster
        self._ledger = ledger
        self._wishes = wishes
        self.departments: dict[str, UUID] = {}
        self.years: dict[str, AcademicYear] = {}
        self.terms: dict[str, Term] = {}
        self.programmes: dict[str, Programme] = {}
        self.courses: dict[str, Course] = {}
        self.groups: dict[str, ClassGroup] = {}

    async def store(self) -> None:
        await self._orgs()
        await self._sessions()
        homeroom_courses = {row.values["courseSourcedId"] for row in self._roster.homerooms()}
        for sourced_id, row in self._roster.courses.items():
            await (self._programme(row) if sourced_id in homeroom_courses else self._course(row))
        for row in self._roster.homerooms():
            await self._group(row)

    def department_id(self, org_id: str | None) -> UUID | None:
        """The hub's department for an org: its own or the nearest above, or else the one that was wished for."""
        department = self._roster.department_of(org_id)
        if department is not None:
            return self.departments.get(department)
        return self._wishes.department_id

    async def _orgs(self) -> None:
        schools = [row for row in self._roster.orgs.values() if row.values["type"] == "school"]
        for row in schools[1:]:
            self._roster.tell(ORGS, row, "type", "is a second school, and a hub serves one: export one school alone")
        for row in self._roster.orgs.values():
            if row.values["type"] == "department":
                await self._department(row)

    async def _department(self, row: Row) -> None:
        values = row.values
        draft = DepartmentDraft(code=values["identifier"] or values["sourcedId"], name=values["name"])
        present = await self._ledger.find("org", values["sourcedId"], Department)
        if present is None:
            present = await self._uow.session.scalar(select(Department).where(Department.code == draft.code))
        keys = {"code": "identifier", "name": "name"}
        if isinstance(present, Department):
            department_id = present.id
            stored = await self._ledger.change(
                ORGS,
                row,
                "org",
                present,
                lambda: structure.update_department(
                    self._uow, department_id=department_id, wanted=draft, fields=frozenset({"code", "name"}), etag=""
                ),
                keys,
            )
        else:
            making = structure.create_department(self._uow, draft=draft)
            stored = await self._ledger.make(ORGS, row, "org", making, keys)
        if stored is not None:
            self.departments[values["sourcedId"]] = stored.id

    async def _sessions(self) -> None:
        today = await school_queries.today(self._uow)
        good = set()
        for sourced_id, row in self._roster.sessions.items():
            if row.values["startDate"] < row.values["endDate"]:
                good.add(sourced_id)
            else:
                self._roster.tell(SESSIONS, row, "endDate", "must be after startDate")
        years = [
            row for one, row in self._roster.sessions.items() if one in good and row.values["type"] == "schoolYear"
        ]
        steps: list[Callable[[], Awaitable[bool]]] = [partial(self._year, row, today) for row in years]
        for year in years:
            taken: set[int] = set()
            terms = enumerate(self._roster.terms_of(year.values["sourcedId"]), 1)
            steps += [
                partial(self._term, row, year.values["sourcedId"], number, taken)
                for number, row in terms
                if row.values["sourcedId"] in good
            ]
        await settle(steps, self._roster.problems)

    async def _year(self, row: Row, today: date) -> bool:
        values = row.values
        active = await school_queries.active_year(self._uow) is None and today in period_of(row)
        draft = AcademicYearDraft(name=values["title"], period=period_of(row), active=active)
        present = await self._ledger.find("session", values["sourcedId"], AcademicYear)
        if present is None:
            present = await self._uow.session.scalar(select(AcademicYear).where(AcademicYear.name == draft.name))
        if isinstance(present, AcademicYear):
            year_id = present.id
            # Its terms may have to move before its own days can.
            self.years[values["sourcedId"]] = present
            stored = await self._ledger.change(
                SESSIONS,
                row,
                "session",
                present,
                lambda: calendar.update_academic_year(
                    self._uow,
                    academic_year_id=year_id,
                    wanted=draft,
                    fields=frozenset({"name", "start_date", "end_date"}),
                    etag="",
                ),
                _DATES,
            )
        else:
            making = calendar.create_academic_year(self._uow, draft=draft)
            stored = await self._ledger.make(SESSIONS, row, "session", making, _DATES)
        if stored is not None:
            self.years[values["sourcedId"]] = stored
        return stored is not None

    async def _term(self, row: Row, year_sourced_id: str, number: int, taken: set[int]) -> bool:
        year = self.years.get(year_sourced_id)
        if year is None:
            return False
        sourced_id = row.values["sourcedId"]
        draft = TermDraft(academic_year_id=year.id, number=number, period=period_of(row))
        present = await self._ledger.find("session", sourced_id, Term)
        if present is None:
            of_number = (Term.academic_year_id == year.id) & (Term.number == number)
            present = await self._uow.session.scalar(select(Term).where(of_number))
        if isinstance(present, Term) and present.number not in taken:
            term_id = present.id
            stored = await self._ledger.change(
                SESSIONS,
                row,
                "session",
                present,
                lambda: calendar.update_term(
                    self._uow, term_id=term_id, wanted=draft, fields=frozenset({"start_date", "end_date"}), etag=""
                ),
                _DATES,
            )
        else:
            making = calendar.create_term(self._uow, draft=draft)
            stored = await self._ledger.make(SESSIONS, row, "session", making, _DATES)
        if stored is not None:
            taken.add(stored.number)
            self.terms[sourced_id] = stored
        return stored is not None

    def _department_for(self, row: Row) -> UUID | None:
        found = self.department_id(row.values["orgSourcedId"])
        if found is None and self._roster.department_of(row.values["orgSourcedId"]) is None:
            reason = "is no department, and no department was named for what is the school's own: name one"
            self._roster.tell(COURSES, row, "orgSourcedId", reason)
        return found

    async def _programme(self, row: Row) -> None:
        values, department_id = row.values, self._department_for(row)
        if department_id is None:
            return
        levels = await school_queries.programme_levels(self._uow)
        defaults = await school_queries.default_policies(self._uow)
        studied = [
            year_of_study_of(one)
            for one in self._roster.homerooms()
            if one.values["courseSourcedId"] == values["sourcedId"]
        ]
        draft = ProgrammeDraft(
            department_id=department_id,
            code=values["courseCode"] or values["sourcedId"],
            name=values["title"],
            level=self._wishes.programme_level or levels[0],
            duration_years=max([defaults.programme_duration_years, *studied]),
            terms_per_year=max([defaults.terms_per_year or 3, *self._numbers_of_terms()]),
        )
        present = await self._ledger.find("programme", values["sourcedId"], Programme)
        if present is None:
            of_code = (Programme.department_id == department_id) & (Programme.code == draft.code)
            present = await self._uow.session.scalar(select(Programme).where(of_code))
        if isinstance(present, Programme):
            programme_id = present.id
            stored = await self._ledger.change(
                COURSES,
                row,
                "programme",
                present,
                lambda: structure.update_programme(
                    self._uow, programme_id=programme_id, wanted=draft, fields=frozenset({"code", "name"}), etag=""
                ),
                _COURSE,
            )
        else:
            making = structure.create_programme(self._uow, draft=draft)
            stored = await self._ledger.make(COURSES, row, "programme", making, _COURSE)
        if stored is not None:
            self.programmes[values["sourcedId"]] = stored

    def _numbers_of_terms(self) -> list[int]:
        return [term.number for term in self.terms.values()]

    async def _course(self, row: Row) -> None:
        values, department_id = row.values, self._department_for(row)
        if department_id is None:
            return
        draft = catalogue.CourseDraft(
            code=values["courseCode"] or values["sourcedId"], title=values["title"], department_id=department_id
        )
        present = await self._ledger.find("course", values["sourcedId"], Course)
        if present is None:
            present = await self._uow.session.scalar(select(Course).where(Course.code == draft.code))
        if isinstance(present, Course):
            course_id = present.id
            stored = await self._ledger.change(
                COURSES,
                row,
                "course",
                present,
                lambda: catalogue.update_course(
                    self._uow, course_id=course_id, draft=draft, fields=frozenset({"code", "title"}), etag=""
                ),
                _COURSE,
            )
        else:
            making = catalogue.create_course(self._uow, draft=draft)
            stored = await self._ledger.make(COURSES, row, "course", making, _COURSE)
        if stored is not None:
            self.courses[values["sourcedId"]] = stored

    async def _group(self, row: Row) -> None:
        values = row.values
        programme = self.programmes.get(values["courseSourcedId"])
        years = {self._roster.year_of(session_id) for session_id in ids_in(values["termSourcedIds"])}
        year = next((self.years[one] for one in sorted(filter(None, years)) if one in self.years), None)
        if year is None and not any(years):
            self._roster.tell(CLASSES, row, "termSourcedIds", "is in no session of type schoolYear: export that too")
        if programme is None or year is None:
            return
        draft = ClassGroupDraft(
            programme_id=programme.id,
            intake_year=year.start_date.year - year_of_study_of(row) + 1,
            name=values["title"],
        )
        present = await self._ledger.find("class", values["sourcedId"], ClassGroup)
        if present is None:
            present = await self._uow.session.scalar(select(ClassGroup).where(ClassGroup.name == draft.name))
        keys = {"name": "title", "intake_year": "grades"}
        if isinstance(present, ClassGroup) and present.programme_id != programme.id:
            self._roster.tell(CLASSES, row, "courseSourcedId", f"{present.name} is a class group of another programme")
            return
        if isinstance(present, ClassGroup):
            group_id = present.id
            stored = await self._ledger.change(
                CLASSES,
                row,
                "class",
                present,
                lambda: structure.update_class_group(
                    self._uow,
                    class_group_id=group_id,
                    wanted=draft,
                    fields=frozenset({"name", "intake_year"}),
                    etag="",
                ),
                keys,
            )
        else:
            making = structure.create_class_group(self._uow, draft=draft)
            stored = await self._ledger.make(CLASSES, row, "class", making, keys)
        if stored is not None:
            self.groups[values["sourcedId"]] = stored
