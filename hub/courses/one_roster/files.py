"""The files of an archive: OneRoster 1.2 CSV binding, the columns that the hub reads of each."""

from hub.spreadsheets.columns import Cell, Column, Sheet, choice, day, text

_ID = Column("sourcedId", "sourcedId", text, required=True)


def _true_false(cell: Cell) -> bool:
    found: bool = choice(("true", "false"))(cell) == "true"
    return found


def _bulk_status(cell: Cell) -> str:
    if text(cell).casefold() != "active":
        raise ValueError("is for delta files: export in bulk, where status is empty")
    return "active"


_STATUS = Column("status", "status", _bulk_status)


def _need(name: str) -> Column:
    return Column(name, name, text, required=True)


def _may(name: str) -> Column:
    return Column(name, name, text)


ORGS = Sheet(
    "orgs.csv",
    (_ID, _STATUS, _need("name"), _need("type"), _may("identifier"), _may("parentSourcedId")),
)
SESSIONS = Sheet(
    "academicSessions.csv",
    (
        _ID,
        _STATUS,
        _need("title"),
        Column("type", "type", choice(("gradingPeriod", "semester", "schoolYear", "term")), required=True),
        Column("startDate", "startDate", day, required=True),
        Column("endDate", "endDate", day, required=True),
        _may("parentSourcedId"),
    ),
)
COURSES = Sheet("courses.csv", (_ID, _STATUS, _need("title"), _may("courseCode"), _need("orgSourcedId")))
CLASSES = Sheet(
    "classes.csv",
    (
        _ID,
        _STATUS,
        _need("title"),
        _may("grades"),
        _need("courseSourcedId"),
        Column("classType", "classType", choice(("homeroom", "scheduled")), required=True),
        _need("termSourcedIds"),
    ),
)
USERS = Sheet(
    "users.csv",
    (
        _ID,
        _STATUS,
        Column("enabledUser", "enabledUser", _true_false, required=True),
        _need("username"),
        _need("givenName"),
        _need("familyName"),
        _may("identifier"),
        _may("email"),
        _may("primaryOrgSourcedId"),
    ),
)
ROLES = Sheet("roles.csv", (_ID, _STATUS, _need("userSourcedId"), _need("role"), _need("orgSourcedId")))
ENROLLMENTS = Sheet(
    "enrollments.csv",
    (
        _ID,
        _STATUS,
        _need("classSourcedId"),
        _need("userSourcedId"),
        _need("role"),
        Column("primary", "primary", _true_false),
        Column("beginDate", "beginDate", day),
        Column("endDate", "endDate", day),
    ),
)
FILES = (ORGS, SESSIONS, COURSES, CLASSES, USERS, ROLES, ENROLLMENTS)
MANIFEST = Sheet("manifest.csv", (_need("propertyName"), _need("value")))
