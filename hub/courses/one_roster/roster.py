"""What the rows of an archive say together: who refers to whom, and what refers to nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hub.courses.one_roster.files import CLASSES, COURSES, ENROLLMENTS, FILES, ORGS, ROLES, SESSIONS, USERS
from hub.school.rules import Period
from hub.spreadsheets.columns import Problem, Row, Sheet
from hub.spreadsheets.reader import Reading

STUDENT, TEACHER = "student", "teacher"
_HOMEROOM, _SCHEDULED = "homeroom", "scheduled"
_MOST_YEARS_OF_STUDY = 10
_REFERENCES: tuple[tuple[Sheet, str, Sheet], ...] = (
    (ORGS, "parentSourcedId", ORGS),
    (SESSIONS, "parentSourcedId", SESSIONS),
    (COURSES, "orgSourcedId", ORGS),
    (CLASSES, "courseSourcedId", COURSES),
    (CLASSES, "termSourcedIds", SESSIONS),
    (USERS, "primaryOrgSourcedId", ORGS),
    (ROLES, "userSourcedId", USERS),
    (ROLES, "orgSourcedId", ORGS),
    (ENROLLMENTS, "classSourcedId", CLASSES),
    (ENROLLMENTS, "userSourcedId", USERS),
)


@dataclass(slots=True)
class Roster:
    """The rows by sourcedId; `problems` and `notices` grow while they are looked at."""

    orgs: dict[str, Row]
    sessions: dict[str, Row]
    courses: dict[str, Row]
    classes: dict[str, Row]
    users: dict[str, Row]
    roles: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """User to (role, org)."""
    enrollments: dict[str, list[Row]] = field(default_factory=dict)
    """By class."""
    _roles_in_classes: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, reading: Reading) -> "Roster":
        """Check every reference, and drop rows that refer to nothing: each is a problem already."""
        problems = list(reading.problems)
        by_id: dict[str, dict[str, Row]] = {}
        for sheet in FILES:
            rows = reading.rows[sheet.name]
            problems += sheet.repeated(rows, "sourcedId")
            by_id[sheet.name] = {}
            for row in rows:
                by_id[sheet.name].setdefault(row.values["sourcedId"], row)
        for key in ("email", "identifier"):
            problems += USERS.repeated(reading.rows[USERS.name], key)
        for sheet, key, target in _REFERENCES:
            for sourced_id, row in list(by_id[sheet.name].items()):
                missing = [one for one in ids_in(row.values[key]) if one not in by_id[target.name]]
                if missing:
                    reason = f"there is no {missing[0]} in {target.name}: export both files together"
                    problems.append(sheet.problem(row, key, reason))
                    del by_id[sheet.name][sourced_id]
        roster = cls(
            orgs=by_id[ORGS.name],
            sessions=by_id[SESSIONS.name],
            courses=by_id[COURSES.name],
            classes=by_id[CLASSES.name],
            users=by_id[USERS.name],
            problems=problems,
        )
        for row in by_id[ROLES.name].values():
            values = row.values
            roster.roles.setdefault(values["userSourcedId"], set()).add((values["role"], values["orgSourcedId"]))
        for row in by_id[ENROLLMENTS.name].values():
            roster.enrollments.setdefault(row.values["classSourcedId"], []).append(row)
            roster._roles_in_classes.setdefault(row.values["userSourcedId"], set()).add(row.values["role"])
        return roster

    def tell(self, sheet: Sheet, row: Row, key: str, reason: str) -> None:
        self.problems.append(sheet.problem(row, key, reason))

    def note(self, sheet: Sheet, row: Row, key: str, reason: str) -> None:
        self.notices.append(sheet.problem(row, key, reason))

    def department_of(self, org_id: str | None) -> str | None:
        """The org itself, or the nearest one above, that is a department."""
        for row in self._upwards(self.orgs, org_id):
            if row.values["type"] == "department":
                sourced_id: str = row.values["sourcedId"]
                return sourced_id
        return None

    def year_of(self, session_id: str) -> str | None:
        """The session itself, or the nearest one above, that is a school year."""
        for row in self._upwards(self.sessions, session_id):
            if row.values["type"] == "schoolYear":
                sourced_id: str = row.values["sourcedId"]
                return sourced_id
        return None

    def terms_of(self, year_id: str) -> list[Row]:
        """The sessions that are the year's terms, by their days: those of type term, or else its semesters."""
        of_year = [row for row in self.sessions.values() if self.year_of(row.values["sourcedId"]) == year_id]
        for kind in ("term", "semester"):
            found = [row for row in of_year if row.values["type"] == kind]
            if found:
                return sorted(found, key=lambda row: (row.values["startDate"], row.number))
        return []

    def terms_meant(self, row: Row) -> list[str]:
        """The terms in which a class is held: each one named, or under one named, or above one named."""
        meant = []
        for session_id in ids_in(row.values["termSourcedIds"]):
            year_id = self.year_of(session_id)
            terms = {term.values["sourcedId"] for term in self.terms_of(year_id)} if year_id else set()
            above = [one.values["sourcedId"] for one in self._upwards(self.sessions, session_id)]
            named = [one for one in above if one in terms][:1]
            below = [one for one in terms if session_id in self._ids_above(one)]
            meant += named or sorted(below)
        return list(dict.fromkeys(meant))

    def homerooms(self) -> Iterator[Row]:
        return (row for row in self.classes.values() if row.values["classType"] == _HOMEROOM)

    def scheduled(self) -> Iterator[Row]:
        return (row for row in self.classes.values() if row.values["classType"] == _SCHEDULED)

    def people_in(self, class_id: str, role: str) -> list[Row]:
        """The enrolments of the role in a class, the primary ones first."""
        rows = [row for row in self.enrollments.get(class_id, ()) if row.values["role"] == role]
        return sorted(rows, key=lambda row: not row.values["primary"])

    def roles_of(self, user_id: str) -> set[str]:
        """By roles.csv; where that says nothing of the user, by the enrolments."""
        told = {role for role, _ in self.roles.get(user_id, ())}
        return told or self._roles_in_classes.get(user_id, set())

    def _upwards(self, rows: dict[str, Row], sourced_id: str | None) -> Iterator[Row]:
        seen: set[str] = set()
        while sourced_id is not None and sourced_id in rows and sourced_id not in seen:
            seen.add(sourced_id)
            yield rows[sourced_id]
            sourced_id = rows[sourced_id].values["parentSourcedId"]

    def _ids_above(self, session_id: str) -> list[str]:
        return [row.values["sourcedId"] for row in self._upwards(self.sessions, session_id)]


def ids_in(value: Any) -> list[str]:  # noqa: ANN401 (a cell: text or None)
    """The sourcedIds of a cell; several are parted by commas."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def period_of(session: Row) -> Period:
    """The session's days; OneRoster's end date is the first day after it."""
    return Period(session.values["startDate"], session.values["endDate"] - timedelta(days=1))


def year_of_study_of(homeroom: Row) -> int:
    """The homeroom's grade as a year of study ("01" is 1); 1 where it tells none."""
    found = re.search(r"\d+", homeroom.values["grades"] or "")
    return int(found[0]) if found and 1 <= int(found[0]) <= _MOST_YEARS_OF_STUDY else 1
