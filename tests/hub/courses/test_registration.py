"""A term's enrolments by workbook: from the template, filled in as a registrar would."""
# ruff: noqa: ANN401 (sheets of openpyxl, which has no types)

import asyncio
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select

from hub.courses import workbook
from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState, ProgrammeCourseKind
from hub.courses.service import enrolments, registration
from hub.db.audit import AuditEntry
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.school.rules import Period
from hub.spreadsheets.wire import Outcome
from hub.users.models import TrainerProfile
from smartroster.courses.v1 import enrolments_pb2 as pb
from smartroster.imports.v1 import imports_pb2
from tests.factories.courses import make_course, make_line
from tests.factories.school import make_class_group, make_department, make_programme, make_term
from tests.factories.users import make_admin, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of


@dataclass(frozen=True, slots=True)
class Term:
    """Two class groups of one programme, two courses of 4 h a week each, three trainers. Everything by name."""

    id: UUID
    trainers: dict[str, UUID]
    """By staff number, in order; the last takes 8 h a week at most."""

    @property
    def staff(self) -> list[str]:
        return list(self.trainers)


async def make_term_to_register(uow: UnitOfWork) -> Term:
    department = await make_department(uow, name="Computing")
    programme = await make_programme(uow, department_id=department.id, code="DICT")
    term = await make_term(uow)
    for stream in "AB":
        await make_class_group(uow, programme_id=programme.id, stream=stream)
    await make_class_group(uow, programme_id=programme.id, intake_year=2027, stream="NOT YET")
    for code, kind in (("NET1", ProgrammeCourseKind.CORE), ("WEB1", ProgrammeCourseKind.ELECTIVE)):
        course = await make_course(uow, code=code, title=f"About {code}", department_id=department.id)
        await make_line(uow, programme_id=programme.id, course_id=course.id, kind=kind)
    later = await make_course(uow, code="LATER", department_id=department.id)
    await make_line(uow, programme_id=programme.id, course_id=later.id, place=(1, 2))
    loads = (timedelta(0), timedelta(0), timedelta(hours=8))
    trainers = [await make_trainer(uow, department_id=department.id, max_weekly_load=load) for load in loads]
    numbers = {
        row[0]: row[1] for row in await uow.session.execute(select(TrainerProfile.user_id, TrainerProfile.staff_number))
    }
    return Term(term.id, {numbers[trainer.id]: trainer.id for trainer in trainers})


async def filled(uow: UnitOfWork, term: Term, fill: Callable[[Any], None]) -> bytes:
    """The term's template after `fill` has worked on its sheet (openpyxl)."""
    content, _ = await registration.template(uow, term_id=term.id, department_id=None)
    book = load_workbook(io.BytesIO(content))
    fill(book["Enrolments"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def choose(*trainers: str | None) -> Callable[[Any], None]:
    """Write these into the trainer column, row by row."""

    def fill(page: Any) -> None:
        for number, trainer in enumerate(trainers, 2):
            page.cell(number, 7).value = trainer

    return fill


async def upload(uow: UnitOfWork, term: Term, data: bytes) -> Outcome:
    return await registration.register(
        uow, workbook.read(data), term_id=term.id, report=lambda _done, _total, _stage: None
    )


def numbers_of(outcome: Outcome) -> tuple[int, int, int]:
    assert not outcome.problems, outcome.problems
    return outcome.created, outcome.updated, outcome.unchanged


async def test_the_template_has_every_group_with_its_due_courses_and_all_trainers_to_choose_from(
    make_uow: MakeUow,
) -> None:
    async with make_uow() as uow:
        term = await make_term_to_register(uow)
        content, file_name = await registration.template(uow, term_id=term.id, department_id=None)
        foreign = await registration.template(uow, term_id=term.id, department_id=(await make_department(uow)).id)
    assert file_name == "enrolments-2026-term-1.xlsx"
    book = load_workbook(io.BytesIO(content))
    rows = [row[1:] for row in book["Enrolments"].iter_rows(min_row=2, values_only=True)]
    assert rows == [
        (group, code, f"About {code}", kind, "Computing", None)
        for group in ("DICT-2026-A", "DICT-2026-B")
        for code, kind in (("NET1", "core"), ("WEB1", "elective"))
    ]
    [rule] = book["Enrolments"].data_validations.dataValidation
    assert rule.formula1.startswith("Lists!")
    listed = [cell for (cell,) in book["Lists"].iter_rows(values_only=True)]
    assert [workbook.staff_number_of(label) for label in listed] == sorted(term.staff)
    assert all("Trainer Number" in label for label in listed)
    assert load_workbook(io.BytesIO(foreign[0]))["Enrolments"].max_row == 1


async def test_rows_with_a_trainer_become_enrolments_and_others_are_passed_over(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    one, two, _ = term.staff
    data = await filled(uow, term, choose(f"{one} · who cares", two, None, two.lower()))
    assert numbers_of(await upload(uow, term, data)) == (3, 0, 0)
    made = list(await uow.session.scalars(select(Enrolment)))
    assert {row.state for row in made} == {EnrolmentState.IN_PROGRESS}
    assert sorted(row.trainer_id for row in made) == sorted([term.trainers[one], *2 * [term.trainers[two]]])
    await uow.store_records()
    events = await uow.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "courses.enrolment_created"))
    assert {event.payload["enrolment_id"] for event in events} == {str(row.id) for row in made}
    audited = select(func.count()).where(AuditEntry.action == "courses.create_enrolment")
    assert await uow.session.scalar(audited) == 3


async def test_the_same_file_twice_changes_nothing_the_second_time(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    one, two, three = term.staff
    data = await filled(uow, term, choose(one, two, three, three))
    assert numbers_of(await upload(uow, term, data)) == (4, 0, 0)
    assert numbers_of(await upload(uow, term, data)) == (0, 0, 4)
    # The template now shows them, so it is the term's export too.
    again = await filled(uow, term, lambda _: None)
    assert numbers_of(await upload(uow, term, again)) == (0, 0, 4)


async def test_another_trainer_replaces_the_present_one_also_in_a_swap_at_full_load(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    one, _, full = term.staff
    await upload(uow, term, await filled(uow, term, choose(full, full, one, one)))
    assert numbers_of(await upload(uow, term, await filled(uow, term, choose(one, full, full, one)))) == (0, 2, 2)
    trainers = await uow.session.scalars(select(Enrolment.trainer_id).order_by(Enrolment.id))
    assert sorted(trainers) == sorted(2 * [term.trainers[one], term.trainers[full]])


async def test_every_problem_is_told_at_once_with_its_cell(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    one, _, full = term.staff
    stranger = await make_trainer(uow)
    stranger_number = await uow.session.scalar(
        select(TrainerProfile.staff_number).where(TrainerProfile.user_id == stranger.id)
    )

    def spoil(page: Any) -> None:
        choose(full, full, full, one)(page)
        term_name = page.cell(2, 1).value
        for row in (
            (term_name, "DICT-1999-A", "NET1", "", "", "", one),
            (term_name, "DICT-2026-A", "NOPE", "", "", "", one),
            (term_name, "DICT-2026-A", "LATER", "", "", "", one),
            (term_name, "dict-2026-a", "net1", "", "", "", one),
            ("2025, term 3", "DICT-2026-B", "WEB1", "", "", "", "Nobody"),
            (term_name, "DICT-2027-NOT YET", "NET1", "", "", "", one),
            (None, "DICT-2026-B", "NET1", "", "", "", one),
        ):
            page.append(row)
        page.cell(5, 7).value = stranger_number

    outcome = await upload(uow, term, await filled(uow, term, spoil))
    told = {(problem.row, problem.column): problem.reason for problem in outcome.problems}
    for cell, part in {
        (4, "Trainer"): "teaches 8 h a week",
        (5, "Trainer"): "not lent to Computing",
        (6, "Class group"): "is no class group in use",
        (7, "Course code"): "is no course",
        (8, "Course code"): "has it in year 1, term 2",
        (9, "Class group"): "stands in row 2 already",
        (10, "Term"): "uploaded for 2026, term 1",
        (10, "Class group"): "stands in row 5 already",
        (10, "Trainer"): "is no serving trainer",
        (11, "Course code"): "comes in in 2027",
        (12, "Term"): "is empty",
    }.items():
        assert part in told.pop(cell), cell
    assert set(told) <= {(9, "Trainer")}  # the row that stands twice weighs on the load too
    assert await uow.session.scalar(select(func.count()).select_from(Enrolment)) == 0


async def test_a_completed_enrolment_keeps_its_trainer(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    one, two, _ = term.staff
    await upload(uow, term, await filled(uow, term, choose(one)))
    enrolment = (await uow.session.scalars(select(Enrolment))).one()
    await enrolments.move_by_hand(uow, enrolment_id=enrolment.id, after=EnrolmentState.COMPLETED, etag="")
    assert numbers_of(await upload(uow, term, await filled(uow, term, choose(one)))) == (0, 0, 1)
    outcome = await upload(uow, term, await filled(uow, term, choose(two)))
    assert [problem.reason for problem in outcome.problems] == ["the enrolment is COMPLETED: it keeps its trainer"]


async def test_a_term_that_is_over_takes_no_registration(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        term = await make_term_to_register(uow)
        data = await filled(uow, term, choose(term.staff[0]))
    clock.advance(days=60)
    async with make_uow() as uow:
        outcome = await upload(uow, term, data)
    assert [problem.reason for problem in outcome.problems] == ["2026, term 1 is over: choose a later term"]


async def test_next_terms_enrolments_wait_for_it(uow: UnitOfWork) -> None:
    term = await make_term_to_register(uow)
    current = await make_term(uow)
    later = await make_term(
        uow, academic_year_id=current.academic_year_id, number=2, period=Period(date(2026, 5, 4), date(2026, 8, 7))
    )
    next_term = Term(later.id, term.trainers)
    data = await filled(uow, next_term, choose(term.staff[0], term.staff[1]))
    assert numbers_of(await upload(uow, next_term, data)) == (2, 0, 0)
    states = set(await uow.session.scalars(select(Enrolment.state)))
    assert states == {EnrolmentState.SCHEDULED}


class _Undo(Exception):
    pass


@given(st.lists(st.sampled_from([0, 1, 2, None]), min_size=4, max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_import_twice_is_import_once(make_uow: MakeUow, choices: list[int | None]) -> None:
    with pytest.raises(_Undo):
        async with make_uow() as uow:
            term = await make_term_to_register(uow)
            data = await filled(uow, term, choose(*(None if i is None else term.staff[i] for i in choices)))
            first = await upload(uow, term, data)
            once = await _stored(uow)
            second = await upload(uow, term, data)
            assert await _stored(uow) == once
            if not first.problems:
                assert len(once) == len([i for i in choices if i is not None])
                assert numbers_of(second) == (0, 0, len(once))
            raise _Undo


async def _stored(uow: UnitOfWork) -> set[tuple[UUID, UUID, int]]:
    rows = await uow.session.execute(select(Enrolment.id, Enrolment.trainer_id, Enrolment.etag))
    return {(row[0], row[1], row[2]) for row in rows}


async def _import(api: PeopleApi, request: pb.ImportEnrolmentsRequest, metadata: Any) -> imports_pb2.ImportOutcome:
    updates = [update async for update in api.enrolments.ImportEnrolments(request, metadata=metadata)]
    assert all(update.HasField("progress") for update in updates[:-1])
    outcome: imports_pb2.ImportOutcome = updates[-1].outcome
    return outcome


async def test_registration_over_the_api(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        term, admin = await make_term_to_register(uow), await make_admin(uow)
        data = await filled(uow, term, choose(*term.staff, term.staff[0]))
    metadata = await api.sign_in_as(admin.id)
    request = pb.ImportEnrolmentsRequest(term_id=str(term.id), workbook=data, validate_only=True)
    dry = await _import(api, request, metadata)
    assert (dry.committed, dry.created) == (False, 4)
    listing = pb.ListEnrolmentsRequest(term_id=str(term.id))
    assert list((await api.enrolments.ListEnrolments(listing, metadata=metadata)).enrolments) == []
    request.validate_only = False
    # Two registrars at once: one makes them, the other finds them made.
    both = await asyncio.gather(_import(api, request, metadata), _import(api, request, metadata))
    assert sorted((one.committed, one.created, one.unchanged) for one in both) == [(True, 0, 4), (True, 4, 0)]
    assert len((await api.enrolments.ListEnrolments(listing, metadata=metadata)).enrolments) == 4
    template = await api.enrolments.GetEnrolmentsTemplate(
        pb.GetEnrolmentsTemplateRequest(term_id=str(term.id)), metadata=metadata
    )
    request.workbook = template.content
    assert (await _import(api, request, metadata)).unchanged == 4
    request.workbook = b"Class group,Course code"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await _import(api, request, metadata)
    assert reason_of(refused.value) == "NOT_A_WORKBOOK"


async def test_the_number_of_statements_does_not_grow_with_the_rows(
    make_uow: MakeUow, statements_of: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for rows in (1, 4):
        with pytest.raises(_Undo):
            async with make_uow() as uow:
                term = await make_term_to_register(uow)
                data = await filled(uow, term, choose(*rows * [term.staff[0]]))
                with statements_of() as statements:
                    assert numbers_of(await upload(uow, term, data)) == (rows, 0, 0)
                counts.append(len(statements))
                raise _Undo
    assert counts[0] == counts[1]
