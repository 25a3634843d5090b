"""An archive imported twice is one imported once, whatever was there before and whatever it changes."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.courses.college import CollegeOfThisHub
from hub.courses.models import Course, Enrolment, EnrolmentException, ProgrammeCourse, SourcedId
from hub.courses.one_roster.archive import read_archive
from hub.courses.one_roster.importing import import_roster
from hub.courses.one_roster.places import Wishes
from hub.db.unit_of_work import UnitOfWork
from hub.school.models import AcademicYear, ClassGroup, Department, Programme, Term
from hub.spreadsheets.wire import Outcome
from hub.users.models import Membership, User
from tests.factories.school import make_school
from tests.fixtures.database import MakeUow
from tests.hub.courses.one_roster.archives import Rows, pack, roster


def _set(file: str, number: int, **cells: str) -> Callable[[Rows], None]:
    return lambda rows: rows[file][number].update(cells)


def _the_break_moves(rows: Rows) -> None:
    """The first term takes days that were the second one's."""
    rows["academicSessions"][1]["startDate"] = "2026-05-18"
    rows["academicSessions"][2]["endDate"] = "2026-05-18"


def _the_year_moves(rows: Rows) -> None:
    """It has to wait for the first term, and the second one for it."""
    year, later, earlier = rows["academicSessions"]
    year.update(startDate="2026-01-19", endDate="2027-01-18")
    earlier["startDate"] = "2026-01-19"
    later["endDate"] = "2027-01-18"


def _ben_changes_homeroom(rows: Rows) -> None:
    rows["classes"].append(rows["classes"][0] | {"sourcedId": "home2", "title": "DICT 2B"})
    moved = rows["enrollments"][1] | {"sourcedId": "new", "classSourcedId": "home2", "beginDate": "2026-03-01"}
    rows["enrollments"][1]["endDate"] = "2026-03-01"
    rows["enrollments"].append(moved)


def _another_teacher(rows: Rows) -> None:
    rows["users"].append(rows["users"][2] | {"sourcedId": "sue", "email": "sue@college.example", "identifier": "S/2"})
    rows["roles"].append(rows["roles"][2] | {"sourcedId": "r-sue", "userSourcedId": "sue"})
    rows["enrollments"][3]["userSourcedId"] = "sue"


def _ben_joins_the_class(rows: Rows) -> None:
    rows["enrollments"].append(rows["enrollments"][2] | {"sourcedId": "e-net-ben", "userSourcedId": "ben"})


def _one_term_alone(rows: Rows) -> None:
    rows["classes"][1]["termSourcedIds"] = "t2"


_CHANGES: Sequence[Callable[[Rows], None]] = (
    _set("orgs", 1, name="Informatics", identifier="INF"),
    _set("academicSessions", 0, title="2026/27", endDate="2027-02-01"),
    _set("academicSessions", 1, endDate="2026-08-15"),
    _set("courses", 0, courseCode="", title="Diploma"),
    _set("courses", 1, courseCode="NET102", title="Computer Networks"),
    _set("classes", 0, title="Two A", grades="01"),
    _set("users", 0, familyName="Otieno", email="ada.new@college.example"),
    _set("users", 1, identifier="ADM/9"),
    _the_break_moves,
    _the_year_moves,
    _ben_changes_homeroom,
    _another_teacher,
    _ben_joins_the_class,
    _one_term_alone,
)
_ARCHIVES = st.sets(st.integers(0, len(_CHANGES) - 1), max_size=5)


class _Undo(Exception):
    pass


def _changed(numbers: set[int]) -> bytes:
    rows = roster()
    for number in sorted(numbers):
        _CHANGES[number](rows)
    return pack(rows)


async def _upload(uow: UnitOfWork, archive: bytes) -> Outcome:
    """As an upload does it: what has problems is undone."""
    outcome = Outcome()
    try:
        async with uow.savepoint():
            outcome = await import_roster(
                uow,
                read_archive(archive),
                lambda _done, _total, _stage: None,
                wishes=Wishes(),
                college=CollegeOfThisHub(),
            )
            if outcome.problems:
                raise _Undo  # noqa: TRY301 (leaving a savepoint without its changes takes an exception)
    except _Undo:
        uow.session.expire_all()
    return outcome


async def _stored(uow: UnitOfWork) -> list[Any]:
    await uow.session.flush()
    versioned = (Department, AcademicYear, Term, Programme, Course, ClassGroup, ProgrammeCourse, Enrolment, User)
    queries: list[Any] = [select(table.id, table.etag).order_by(table.id) for table in (*versioned, EnrolmentException)]
    queries.append(select(Membership.trainee_id, Membership.class_group_id, Membership.start_date, Membership.end_date))
    queries.append(select(SourcedId.kind, SourcedId.sourced_id, SourcedId.object_id))
    return [sorted(map(repr, await uow.session.execute(query))) for query in queries]


@settings(
    max_examples=12,
    deadline=None,
    # Each example stores; shrinking one that fails would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=_ARCHIVES, wanted=_ARCHIVES)
async def test_import_twice_is_import_once(make_uow: MakeUow, before: set[int], wanted: set[int]) -> None:
    with pytest.raises(_Undo):
        async with make_uow() as uow:
            await make_school(uow)
            await _upload(uow, _changed(before))
            first = await _upload(uow, _changed(wanted))
            once = await _stored(uow)
            second = await _upload(uow, _changed(wanted))
            assert await _stored(uow) == once
            assert second.problems == first.problems
            assert (second.created, second.updated) == (0, 0)
            assert second.unchanged == first.created + first.updated + first.unchanged
            raise _Undo
