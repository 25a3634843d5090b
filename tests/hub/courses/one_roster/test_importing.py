import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import grpc
import pytest
from sqlalchemy import func, select

from hub.courses.models import Course, Enrolment, EnrolmentException, ProgrammeCourse, SourcedId
from hub.courses.service.erasure import on_user_erased, personal_data
from hub.school.models import AcademicYear, ClassGroup, Department, Programme, Term
from hub.users.events import UserErased
from hub.users.models import Membership, User
from hub.users.rules import Role
from smartroster.courses.v1 import one_roster_pb2 as pb
from smartroster.imports.v1 import imports_pb2
from tests.factories.school import make_department, make_school
from tests.factories.users import make_admin, make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of
from tests.hub.courses.one_roster.archives import Rows, pack, roster

# Objects of `roster()`: department, year, terms, programme, course, class group, three people, an enrolment a term.
ALL = 12


class Desk:
    def __init__(self, api: PeopleApi, metadata: Any) -> None:  # noqa: ANN401 (call metadata)
        self.api = api
        self.metadata = metadata

    async def upload(self, rows: Rows | bytes, *, dry: bool = False, department: UUID | None = None) -> Any:  # noqa: ANN401 (an outcome)
        request = pb.ImportOneRosterRequest(
            archive=rows if isinstance(rows, bytes) else pack(rows),
            validate_only=dry,
            department_id=str(department or ""),
        )
        updates = [update async for update in self.api.one_roster.ImportOneRoster(request, metadata=self.metadata)]
        assert updates[-1].WhichOneof("update") == "outcome"
        return updates[-1].outcome

    async def counts(self, rows: Rows, **how: Any) -> tuple[int, int, int]:  # noqa: ANN401 (see upload)
        outcome: imports_pb2.ImportOutcome = await self.upload(rows, **how)
        assert list(outcome.problems) == []
        return outcome.created, outcome.updated, outcome.unchanged

    async def problems(self, rows: Rows) -> set[tuple[str, int, str, str]]:
        outcome: imports_pb2.ImportOutcome = await self.upload(rows)
        assert not outcome.committed
        return {(one.sheet, one.row, one.column, one.reason.split(":")[0]) for one in outcome.problems}


@pytest.fixture
async def desk(api: PeopleApi, make_uow: MakeUow) -> Desk:
    async with make_uow() as uow:
        await make_school(uow)
        admin = await make_admin(uow)
    return Desk(api, await api.sign_in_as(admin.id))


async def count_all(make_uow: MakeUow) -> int:
    tables = (Department, AcademicYear, Term, Programme, Course, ClassGroup, Enrolment, User)
    async with make_uow(write=False) as uow:
        counts = [await uow.session.scalar(select(func.count()).select_from(table)) for table in tables]
    return sum(filter(None, counts))


async def test_a_roster_becomes_a_college_and_the_second_time_changes_nothing(desk: Desk, make_uow: MakeUow) -> None:
    before = await count_all(make_uow)
    dry = await desk.upload(roster(), dry=True)
    assert (dry.committed, dry.created, list(dry.problems)) == (False, ALL, [])
    assert await count_all(make_uow) == before
    done = await desk.upload(roster())
    assert (done.committed, done.created) == (True, ALL)
    assert [(one.sheet, one.row, one.reason.split(":")[0]) for one in done.notices] == [("users.csv", 5, "is parent")]
    async with make_uow(write=False) as uow:
        year = (await uow.session.scalars(select(AcademicYear))).one()
        assert (year.name, year.end_date, year.active) == ("2026", date(2026, 12, 31), True)
        terms = list(await uow.session.scalars(select(Term).order_by(Term.number)))
        assert [(term.number, term.start_date, term.end_date) for term in terms] == [
            (1, date(2026, 1, 5), date(2026, 5, 3)),
            (2, date(2026, 5, 4), date(2026, 8, 7)),
        ]
        programme = (await uow.session.scalars(select(Programme))).one()
        assert (programme.code, programme.level, programme.duration_years) == ("DICT", "certificate", 2)
        group = (await uow.session.scalars(select(ClassGroup))).one()
        assert (group.name, group.intake_year, group.programme_id) == ("DICT 2A", 2025, programme.id)
        people = {user.given_name: user for user in await uow.session.scalars(select(User))}
        trainees = {name: people[name].trainee for name in ("Ada", "Ben")}
        assert [one.admission_number for one in trainees.values() if one] == ["ADM/1", "ben-name"]
        members = (await uow.session.scalars(select(Membership).order_by(Membership.start_date))).all()
        assert [(one.trainee_id, one.start_date) for one in members] == [
            (people["Ada"].id, date(2026, 1, 1)),
            (people["Ben"].id, date(2026, 2, 1)),
        ]
        assert people["Tom"].roles == {Role.TRAINER}
        enrolments = (await uow.session.scalars(select(Enrolment))).all()
        assert {(one.class_group_id, one.trainer_id) for one in enrolments} == {(group.id, people["Tom"].id)}
        assert {one.term_id for one in enrolments} == {term.id for term in terms}
        lines = (await uow.session.scalars(select(ProgrammeCourse))).all()
        assert {(one.year_of_study, one.term_number) for one in lines} == {(2, 1), (2, 2)}
        left_out = (await uow.session.scalars(select(EnrolmentException))).all()
        assert [one.trainee_id for one in left_out] == [people["Ben"].id] * 2
    after = await count_all(make_uow)
    again = await desk.upload(roster())
    assert (again.committed, again.created, again.updated, again.unchanged) == (True, 0, 0, ALL)
    assert await count_all(make_uow) == after


async def test_what_is_otherwise_is_changed_by_its_sourced_id(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(roster())
    before = await count_all(make_uow)
    rows = roster()
    rows["orgs"][1] |= {"name": "Informatics", "identifier": "INF"}
    rows["academicSessions"][0]["title"] = "2026/27"
    rows["academicSessions"][1]["endDate"] = "2026-08-15"
    rows["courses"][1]["title"] = "Computer Networks"
    rows["classes"][0]["title"] = "DICT Two A"
    rows["users"][0] |= {"familyName": "Otieno", "email": "ada.new@college.example"}
    assert await desk.counts(rows) == (0, 6, ALL - 6)
    assert await count_all(make_uow) == before
    async with make_uow(write=False) as uow:
        assert await uow.session.scalar(select(Department.code)) == "INF"
        ada = (await uow.session.scalars(select(User).where(User.given_name == "Ada"))).one()
        assert (ada.family_name, ada.email) == ("Otieno", "ada.new@college.example")


async def test_a_student_moves_to_another_homeroom(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(roster())
    rows = roster()
    rows["classes"].append(rows["classes"][0] | {"sourcedId": "home2", "title": "DICT 2B"})
    rows["enrollments"][1] |= {"endDate": "2026-03-01"}
    rows["enrollments"].append(
        rows["enrollments"][1]
        | {"sourcedId": "new", "classSourcedId": "home2", "beginDate": "2026-03-01", "endDate": ""}
    )
    assert await desk.counts(rows) == (1, 1, ALL - 1)
    async with make_uow(write=False) as uow:
        ben = (await uow.session.scalars(select(User).where(User.given_name == "Ben"))).one()
        assert ben.trainee is not None
        assert [(one.start_date, one.end_date) for one in ben.trainee.memberships] == [
            (date(2026, 2, 1), date(2026, 3, 1)),
            (date(2026, 3, 1), None),
        ]


async def test_what_is_there_by_code_or_e_mail_is_taken_over(desk: Desk, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        department = await make_department(uow, code="ICT", name="Old name")
        tom = await make_trainer(uow, department_id=department.id, email="TOM@college.example")
    assert await desk.counts(roster()) == (ALL - 2, 2, 0)
    async with make_uow(write=False) as uow:
        assert await uow.session.scalar(select(Department.name)) == "Computing"
        assert (await uow.session.get_one(User, tom.id)).given_name == "Tom"


async def test_what_is_the_schools_own_needs_a_department_by_name(desk: Desk, make_uow: MakeUow) -> None:
    rows = roster()
    rows["courses"][1]["orgSourcedId"] = "s"
    rows["users"][2]["primaryOrgSourcedId"] = "s"
    rows["roles"][2]["orgSourcedId"] = "s"
    assert await desk.problems(rows) == {
        (
            "courses.csv",
            3,
            "orgSourcedId",
            "is no department, and no department was named for what is the school's own",
        ),
        ("users.csv", 4, "primaryOrgSourcedId", "is of no department, and none was named for what is the school's own"),
    }
    async with make_uow() as uow:
        department = await make_department(uow)
    assert (await desk.counts(rows, department=department.id))[0] == ALL
    async with make_uow(write=False) as uow:
        course = (await uow.session.scalars(select(Course))).one()
        assert course.department_id == department.id


def _second_homeroom(rows: Rows) -> None:
    rows["classes"].append(rows["classes"][0] | {"sourcedId": "home2", "title": "Other"})
    rows["enrollments"].append(rows["enrollments"][0] | {"sourcedId": "e9", "classSourcedId": "home2"})


def _set(file: str, number: int, **cells: str) -> Callable[[Rows], None]:
    return lambda rows: rows[file][number].update(cells)


def _drop(file: str, number: int) -> Callable[[Rows], None]:
    def drop(rows: Rows) -> None:
        del rows[file][number]

    return drop


YEAR_2026 = "2026-01-01 to 2026-12-31"
TERM_1 = "term 1 (2026-01-05 to 2026-05-03)"


# What is changed in the roster, and the problem that is told: file, row, column, begin of the reason.
WRONG: tuple[tuple[Callable[[Rows], None], tuple[str, int, str], str], ...] = (
    (_set("orgs", 1, parentSourcedId="x"), ("orgs.csv", 3, "parentSourcedId"), "there is no x in orgs.csv"),
    (
        _set("classes", 1, termSourcedIds="t1,t9"),
        ("classes.csv", 3, "termSourcedIds"),
        "there is no t9 in academicSessions.csv",
    ),
    (_set("orgs", 1, type="school"), ("orgs.csv", 3, "type"), "is a second school, and a hub serves one"),
    (_set("orgs", 1, sourcedId="s"), ("orgs.csv", 3, "sourcedId"), "stands in row 2 already"),
    (
        _set("academicSessions", 1, endDate="2027-02-01"),
        ("academicSessions.csv", 3, "startDate"),
        f"2026-05-04 to 2027-01-31 is not inside of its year 2026, {YEAR_2026}",
    ),
    (
        _set("academicSessions", 1, startDate="2026-04-01"),
        ("academicSessions.csv", 3, "startDate"),
        f"2026-04-01 to 2026-08-07 overlaps {TERM_1}",
    ),
    (
        _set("academicSessions", 1, endDate="2026-05-04"),
        ("academicSessions.csv", 3, "endDate"),
        "must be after startDate",
    ),
    (_set("users", 0, email=""), ("users.csv", 2, "email"), "is no e-mail address"),
    (_set("users", 1, email="ADA@college.example"), ("users.csv", 3, "email"), "stands in row 2 already"),
    (_set("users", 1, identifier="ADM/1"), ("users.csv", 3, "identifier"), "stands in row 2 already"),
    (_drop("enrollments", 1), ("users.csv", 3, "sourcedId"), "is a student in no homeroom class today"),
    (_drop("enrollments", 3), ("classes.csv", 3, "sourcedId"), "has no teacher"),
    (_second_homeroom, ("enrollments.csv", 6, "userSourcedId"), "is in the homeroom home already"),
    (
        _set("classes", 1, courseSourcedId="c-prog"),
        ("classes.csv", 3, "courseSourcedId"),
        "is the course of a homeroom, which is a programme",
    ),
)


async def test_each_problem_is_told_with_its_place_and_nothing_is_stored(desk: Desk, make_uow: MakeUow) -> None:
    before = await count_all(make_uow)
    for change, place, reason in WRONG:
        rows = roster()
        change(rows)
        assert (*place, reason) in await desk.problems(rows)
    assert await count_all(make_uow) == before


async def test_a_teacher_of_another_department_is_told_at_the_class(desk: Desk, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        elsewhere = await make_department(uow, code="BUS")
        await make_trainer(uow, department_id=elsewhere.id, email="tom@college.example")
    told = await desk.problems(roster())
    assert {(file, row) for file, row, _, _ in told} == {("classes.csv", 3)}
    assert all("not lent to Computing" in reason for *_, reason in told)


async def test_who_is_erased_is_nobody_of_the_other_system(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(roster())
    async with make_uow() as uow:
        ada = (await uow.session.scalars(select(User).where(User.given_name == "Ada"))).one()
        [kept] = (await personal_data(uow, ada.id))["one_roster_ids"]
        assert kept["sourced_id"] == "ada"
        await on_user_erased(uow, UserErased(**uow.new_event_args(), user_id=ada.id))
        assert await personal_data(uow, ada.id) == {"one_roster_ids": []}
        assert await uow.session.scalar(select(func.count()).select_from(SourcedId)) == 9


async def test_a_hub_without_a_school_says_so(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
    desk = Desk(api, await api.sign_in_as(admin.id))
    assert ("orgs.csv", 0, "", "the hub has no school yet") in await desk.problems(roster())


async def test_two_who_import_the_same_at_once_make_it_once(desk: Desk) -> None:
    counts = await asyncio.gather(desk.counts(roster()), desk.counts(roster()))
    assert sorted(counts) == [(0, 0, ALL), (ALL, 0, 0)]


async def test_what_is_no_archive_is_refused(desk: Desk) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.upload(b"sourcedId,name")
    assert (refused.value.code(), reason_of(refused.value)) == (grpc.StatusCode.INVALID_ARGUMENT, "NOT_AN_ARCHIVE")


async def test_a_calendar_that_moves_is_followed_whichever_term_stands_first(desk: Desk, make_uow: MakeUow) -> None:
    await desk.upload(roster())
    rows = roster()
    year, later, earlier = rows["academicSessions"]
    # The first term takes days of the second.
    earlier["endDate"] = later["startDate"] = "2026-05-18"
    assert await desk.counts(rows) == (0, 2, ALL - 2)
    # The year begins later and ends later: it has to wait for the first term, and the second one for it.
    earlier["startDate"] = year["startDate"] = "2026-01-19"
    later["endDate"] = year["endDate"] = "2027-01-18"
    assert await desk.counts(rows) == (0, 3, ALL - 3)
    async with make_uow(write=False) as uow:
        terms = await uow.session.scalars(select(Term).order_by(Term.number))
        assert [(term.start_date, term.end_date) for term in terms] == [
            (date(2026, 1, 19), date(2026, 5, 17)),
            (date(2026, 5, 18), date(2027, 1, 17)),
        ]
