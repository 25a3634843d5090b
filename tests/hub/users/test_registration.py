"""Trainees and trainers by spreadsheet."""

import asyncio
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import grpc
import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from hub.courses.college import CollegeOfThisHub
from hub.db.audit import AuditEntry
from hub.db.outbox_tables import OutboxEvent
from hub.spreadsheets.reader import read_workbook
from hub.spreadsheets.writer import write_workbook
from hub.users.workbook import TRAINEES, TRAINERS
from smartroster.imports.v1 import imports_pb2
from smartroster.users.v1 import registration_pb2 as pb
from smartroster.users.v1 import users_pb2
from tests.factories.school import make_class_group, make_department, make_programme
from tests.factories.users import make_admin, make_dp_academics, make_trainee, make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, refused, violations_of

Metadata = tuple[tuple[str, str], ...]
TODAY = date(2026, 3, 2)


@pytest.fixture
async def admin(api: PeopleApi, make_uow: MakeUow) -> Metadata:
    """An administrator of a college with two programmes, three class groups and a department."""
    async with make_uow() as uow:
        networks = await make_programme(uow, code="NET", name="Networks")
        welding = await make_programme(uow, code="WELD", name="Welding")
        for name, programme in (("NET-A", networks), ("NET-B", networks), ("WELD-A", welding)):
            await make_class_group(uow, programme_id=programme.id, name=name, capacity=3)
        await make_department(uow, code="ICT", name="Computing")
        user = await make_admin(uow)
    return await api.sign_in_as(user.id)


def _trainee(number: int, **overrides: object) -> dict[str, Any]:
    return {
        "email": f"t{number}@college.example",
        "given_name": "Tia",
        "family_name": f"Wanjiru {number}",
        "admission_number": f"ADM/{number}",
        "class_group": "NET-A",
        **overrides,
    }


def _trainer(number: int, **overrides: object) -> dict[str, Any]:
    return {
        "email": f"s{number}@college.example",
        "given_name": "Sam",
        "family_name": f"Otieno {number}",
        "staff_number": f"S/{number}",
        "department": "ict",
        **overrides,
    }


def _trainees(*rows: Mapping[str, Any]) -> bytes:
    return write_workbook([TRAINEES], title="Trainees", rows={"Trainees": rows})


async def _updates(
    api: PeopleApi, admin: Metadata, workbook: bytes, *, validate_only: bool = False, trainers: bool = False
) -> list[imports_pb2.ImportUpdate]:
    if trainers:
        call = api.registration.ImportTrainers(
            pb.ImportTrainersRequest(workbook=workbook, validate_only=validate_only), metadata=admin
        )
    else:
        call = api.registration.ImportTrainees(
            pb.ImportTraineesRequest(workbook=workbook, validate_only=validate_only), metadata=admin
        )
    return [update async for update in call]


async def _import(
    api: PeopleApi, admin: Metadata, workbook: bytes, *, validate_only: bool = False, trainers: bool = False
) -> imports_pb2.ImportOutcome:
    updates = await _updates(api, admin, workbook, validate_only=validate_only, trainers=trainers)
    return updates[-1].outcome


def _counts(outcome: imports_pb2.ImportOutcome) -> tuple[bool, int, int, int, int]:
    return (
        outcome.committed,
        outcome.created,
        outcome.unchanged,
        len(outcome.problems),
        len(outcome.notices),
    )


async def _events(make_uow: MakeUow, name: str) -> int:
    async with make_uow(write=False) as uow:
        return await uow.session.scalar(select(func.count()).where(OutboxEvent.name == name)) or 0


async def test_trainees_are_registered_invited_and_audited(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    full = _trainee(
        1,
        programme="net",
        class_group="net-a",
        member_since=date(2026, 1, 5),
        phone="+254712345678",
        gender="female",
        id_number="12345678",
        birth_date=date(2008, 2, 29),
        address="Box 7",
        guardian_name="Ma",
        guardian_relation="mother",
        guardian_phone="+254712345679",
        guardian_email="ma@home.example",
    )
    outcome = await _import(api, admin, _trainees(full, _trainee(2)))
    assert _counts(outcome) == (True, 2, 0, 0, 0)
    found = await api.users.ListUsers(users_pb2.ListUsersRequest(query="adm/"), metadata=admin)
    first, second = found.users
    assert first.state == users_pb2.User.STATE_PENDING_VERIFICATION
    assert (first.phone, first.gender, first.id_number, first.birth_date, first.address) == (
        "+254712345678", "female", "12345678", "2008-02-29", "Box 7",
    )  # fmt: skip
    assert [(one.name, one.relation, one.phone, one.email) for one in first.trainee.guardians] == [
        ("Ma", "mother", "+254712345679", "ma@home.example")
    ]
    assert [one.start_date for one in first.trainee.memberships] == ["2026-01-05"]
    assert [one.start_date for one in second.trainee.memberships] == ["2026-03-02"]
    assert first.trainee.programme_id == second.trainee.programme_id != ""
    assert await _events(make_uow, "users.user_invited") == 2
    assert await _events(make_uow, "users.membership_changed") == 2
    async with make_uow(write=False) as uow:
        entries = await uow.session.scalars(select(AuditEntry).where(AuditEntry.reason == "by spreadsheet"))
        assert {entry.object_id for entry in entries} == {first.id, second.id}


async def test_trainers_are_registered(api: PeopleApi, admin: Metadata) -> None:
    full = _trainer(
        1,
        employment_type="part_time",
        max_weekly_load=timedelta(hours=18, minutes=30),
        qualifications=["MSc", "PGDE"],
        specialisations=["Compilers"],
    )
    workbook = write_workbook([TRAINERS], title="Trainers", rows={"Trainers": [full, _trainer(2)]})
    assert _counts(await _import(api, admin, workbook, trainers=True)) == (True, 2, 0, 0, 0)
    assert _counts(await _import(api, admin, workbook, trainers=True)) == (True, 0, 2, 0, 0)
    first, second = (await api.users.ListUsers(users_pb2.ListUsersRequest(query="s/"), metadata=admin)).users
    assert (first.trainer.employment_type, first.trainer.max_weekly_load.seconds) == ("PART_TIME", 66_600)
    assert list(first.trainer.qualifications) == ["MSc", "PGDE"]
    assert (second.trainer.employment_type, second.trainer.max_weekly_load.seconds) == ("FULL_TIME", 0)


async def test_a_dry_run_answers_the_same_and_stores_nothing(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    outcome = await _import(api, admin, _trainees(_trainee(1)), validate_only=True)
    assert _counts(outcome) == (False, 1, 0, 0, 0)
    assert await _events(make_uow, "users.user_invited") == 0
    assert list((await api.users.ListUsers(users_pb2.ListUsersRequest(query="adm/"), metadata=admin)).users) == []


async def test_an_existing_email_is_reported_and_left_as_it_is(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    await _import(api, admin, _trainees(_trainee(1, phone="+254712345678"), _trainee(2)))
    again = _trainees(
        _trainee(1, email="T1@College.example", phone="+254700000000", class_group="NET-B"),
        _trainee(2),
        _trainee(3),
    )
    outcome = await _import(api, admin, again)
    assert _counts(outcome) == (True, 1, 1, 0, 1)
    [notice] = outcome.notices
    assert (notice.sheet, notice.row, notice.column) == ("Trainees", 2, "E-mail")
    assert "differs in: Class group, Phone" in notice.reason
    [user] = (await api.users.ListUsers(users_pb2.ListUsersRequest(query="t1@"), metadata=admin)).users
    assert user.phone == "+254712345678"
    assert await _events(make_uow, "users.user_invited") == 3


async def test_an_email_of_somebody_with_another_role_is_reported(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    async with make_uow() as uow:
        trainer = await make_trainer(uow)
    outcome = await _import(api, admin, _trainees(_trainee(1, email=trainer.email)))
    assert _counts(outcome) == (True, 0, 0, 0, 1)


# What is wrong, in which column it is told, and a word of the reason.
_BAD: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"email": "no address"}, "E-mail", "no e-mail address"),
    ({"email": ""}, "E-mail", "fill it in"),
    ({"given_name": ""}, "Given name", "fill it in"),
    ({"admission_number": ""}, "Admission number", "fill it in"),
    ({"class_group": "NET-Z"}, "Class group", "create it first"),
    ({"class_group": "WELD-A", "programme": "NET"}, "Class group", "of the programme WELD (Welding)"),
    ({"programme": "XYZ"}, "Programme", "create it first"),
    ({"phone": "0712 345 678"}, "Phone", "country code"),
    ({"gender": "x" * 201}, "Gender", "shorten it"),
    ({"birth_date": date(2030, 1, 1)}, "Birth date", "not in the past"),
    ({"birth_date": "17.5.2006"}, "Birth date", "2026-09-07"),
    ({"birth_date": "17 mai 2006"}, "Birth date", "2026-09-07"),
    ({"birth_date": "2006-05-32"}, "Birth date", "check month and day"),
    ({"guardian_phone": "12"}, "Guardian", "is required"),
    ({"guardian_name": "Ma", "guardian_phone": "12"}, "Guardian phone", "country code"),
    ({"guardian_name": "Ma", "guardian_email": "x"}, "Guardian e-mail", "no e-mail address"),
)


async def test_every_problem_is_told_with_its_row_and_column_and_nothing_is_stored(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    kinds = [*_BAD] * 4
    rows = [_trainee(number, **bad) for number, (bad, _, _) in enumerate(kinds)]
    outcome = await _import(api, admin, _trainees(_trainee(99), *rows))
    assert not outcome.committed
    assert outcome.created == 0
    told = {(one.row, one.column): one.reason for one in outcome.problems}
    assert len({row for row, _ in told}) == len(kinds)
    for number, (_, column, word) in enumerate(kinds):
        assert word in told.get((number + 3, column), ""), (number, column, told)
    assert await _events(make_uow, "users.user_invited") == 0


async def test_a_trainers_problem_is_told_in_its_column(api: PeopleApi, admin: Metadata) -> None:
    bad: tuple[tuple[dict[str, object], str], ...] = (
        ({"qualifications": ["MSc", "x" * 201]}, "Qualifications"),
        ({"specialisations": ["a"] * 51}, "Specialisations"),
        ({"max_weekly_load": timedelta(hours=169)}, "Most hours a week"),
        ({"department": "HTTP"}, "Department"),
        ({"employment_type": "SOMETIMES"}, "Employment"),
        ({"staff_number": ""}, "Staff number"),
    )
    rows = [_trainer(number, **wrong) for number, (wrong, _) in enumerate(bad)]
    workbook = write_workbook([TRAINERS], title="Trainers", rows={"Trainers": rows})
    outcome = await _import(api, admin, workbook, trainers=True)
    assert [(one.row, one.column) for one in sorted(outcome.problems, key=lambda one: one.row)] == [
        (number, column) for number, (_, column) in enumerate(bad, 2)
    ]
    assert not outcome.committed


def _edited(change: Callable[[Any], None]) -> bytes:
    """The workbook of two trainees, after somebody changed its sheet in a spreadsheet program."""
    book = load_workbook(io.BytesIO(_trainees(_trainee(1), _trainee(2))))
    change(book["Trainees"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "row", "column", "word"),
    [
        (lambda page: page.delete_cols(1), 1, "E-mail", "missing"),
        (lambda page: setattr(page["B3"], "value", "=HYPERLINK(A2)"), 3, "Given name", "is a formula"),
        (lambda page: page.merge_cells("B2:B3"), 2, "", "B2:B3 are merged"),
    ],
    ids=["column", "formula", "merged"],
)
async def test_what_a_spreadsheet_program_made_of_the_file_is_told(
    api: PeopleApi,
    admin: Metadata,
    make_uow: MakeUow,
    change: Callable[[Any], None],
    row: int,
    column: str,
    word: str,
) -> None:
    outcome = await _import(api, admin, _edited(change))
    first = outcome.problems[0]
    assert (outcome.committed, first.sheet, first.row, first.column) == (False, "Trainees", row, column)
    assert word in first.reason
    assert await _events(make_uow, "users.user_invited") == 0


async def test_repeated_and_taken_values_are_told(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_trainee(uow, admission_number="ADM/7", email="owner@college.example")
    outcome = await _import(
        api,
        admin,
        _trainees(
            _trainee(1),
            _trainee(2, email="T1@college.example"),
            _trainee(3, admission_number="ADM/1", class_group="NET-B"),
            _trainee(7),
        ),
    )
    assert [(one.row, one.column) for one in outcome.problems] == [
        (3, "E-mail"),
        (4, "Admission number"),
        (5, "Admission number"),
    ]
    assert "stands in row 2 already" in outcome.problems[0].reason
    assert "is the number of owner@college.example" in outcome.problems[2].reason


async def test_rows_beyond_the_places_of_a_class_group_are_told(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    await _import(api, admin, _trainees(_trainee(1), _trainee(2)))
    outcome = await _import(api, admin, _trainees(*map(_trainee, range(1, 6))))
    assert [(one.row, one.column) for one in outcome.problems] == [(5, "Class group"), (6, "Class group")]
    assert await _events(make_uow, "users.user_invited") == 2


async def test_two_who_import_the_same_file_at_once_add_everybody_once(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    workbook = _trainees(_trainee(1), _trainee(2))
    outcomes = await asyncio.gather(*(_import(api, admin, workbook) for _ in range(2)))
    assert sorted(map(_counts, outcomes)) == [(True, 0, 2, 0, 0), (True, 2, 0, 0, 0)]
    assert await _events(make_uow, "users.user_invited") == 2


async def test_the_stream_tells_how_far_it_is(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_class_group(uow, name="BIG", capacity=0)
    rows = [_trainee(number, class_group="BIG") for number in range(1200)]
    updates = await _updates(api, admin, _trainees(*rows))
    seen = [(one.progress.stage, one.progress.done_rows, one.progress.total_rows) for one in updates[:-1]]
    assert seen[0] == ("Reading the file", 0, 0)
    # Those that nobody waited for yet are passed over; the last of a stage never is.
    assert ("Checking", 1200, 1200) in seen
    assert seen[-1] == ("Storing", 1200, 1200)
    assert seen == sorted(seen, key=lambda one: (["Reading the file", "Checking", "Storing"].index(one[0]), one[1]))
    assert updates[-1].outcome.created == 1200


async def test_what_is_no_workbook_is_refused(api: PeopleApi, admin: Metadata) -> None:
    for data, word in (
        (b"", "is empty"),
        (b"email,name\nada@college.example,Ada\n", "perhaps CSV"),
        (b"\xd0\xcf\x11\xe0 old", "old .xls"),
        (_container(b"<row" * 1_000_000), "more than 20000 rows"),
        (_container(bytes(201 * 2**20)), "unpacks to more"),
    ):
        error = await refused(_updates(api, admin, data))
        assert (error.code(), set(violations_of(error))) == (grpc.StatusCode.INVALID_ARGUMENT, {"workbook"})
        assert word in violations_of(error)["workbook"]


def _container(sheet: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        container.writestr("xl/worksheets/sheet1.xml", sheet)
    return target.getvalue()


async def test_the_wrong_template_is_told(api: PeopleApi, admin: Metadata) -> None:
    workbook = write_workbook([TRAINERS], title="Trainers", rows={"Trainers": [_trainer(1)]})
    outcome = await _import(api, admin, workbook)
    assert "sheet is missing (found: Trainers" in outcome.problems[0].reason


async def test_a_template_names_the_college_and_adds_nobody(api: PeopleApi, admin: Metadata) -> None:
    template = await api.registration.GetTraineesTemplate(pb.GetTraineesTemplateRequest(), metadata=admin)
    assert template.file_name == "trainees-template.xlsx"
    book = load_workbook(io.BytesIO(template.content))
    listed = [[cell.value for cell in column] for column in book["Lists"].iter_cols()]
    assert ["NET-A", "NET-B", "WELD-A"] in [[value for value in column if value] for column in listed]
    assert _counts(await _import(api, admin, template.content)) == (True, 0, 0, 0, 0)  # the example row is passed over
    trainers = await api.registration.GetTrainersTemplate(pb.GetTrainersTemplateRequest(), metadata=admin)
    assert _counts(await _import(api, admin, trainers.content, trainers=True)) == (True, 0, 0, 0, 0)


async def test_importing_an_export_changes_nothing(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    formula = _trainee(1, given_name="=1+1", address="@home", guardian_name="Ma", member_since=date(2026, 1, 5))
    await _import(api, admin, _trainees(formula, _trainee(2, class_group="NET-B")))
    async with make_uow() as uow:
        deputy = await make_dp_academics(uow)
        await make_trainer(uow, max_weekly_load=timedelta(hours=20))
    metadata = await api.sign_in_as(deputy.id)
    exported = await api.registration.ExportTrainees(pb.ExportTraineesRequest(), metadata=metadata)
    rows = read_workbook(exported.content, [TRAINEES]).rows["Trainees"]
    assert [row.values["given_name"] for row in rows] == ["=1+1", "Tia"]
    assert _counts(await _import(api, admin, exported.content)) == (True, 0, 2, 0, 0)
    trainers = await api.registration.ExportTrainers(pb.ExportTrainersRequest(), metadata=metadata)
    assert _counts(await _import(api, admin, trainers.content, trainers=True)) == (True, 0, 1, 0, 0)
    async with make_uow(write=False) as uow:
        group = next(iter((await CollegeOfThisHub().places(uow)).class_groups))
    one = await api.registration.ExportTrainees(pb.ExportTraineesRequest(class_group_id=str(group)), metadata=metadata)
    assert len(read_workbook(one.content, [TRAINEES]).rows["Trainees"]) == 1
