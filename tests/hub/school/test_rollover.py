import asyncio
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from hub.courses.due import CurriculumOfThisHub
from hub.db.unit_of_work import UnitOfWork
from hub.school.errors import NameTaken, NoActiveYear, RolloverImpossible, RolloverInvalid
from hub.school.models import AcademicYear, ClassGroup, Term
from hub.school.rules import Period, a_year_later, next_year_name, shifted_terms, year_of_study
from hub.school.service.rollover import Rollover, RolloverWishes, StepKind, graduate_due, roll_over
from hub.users import queries as users_queries
from hub.users.models import Membership, TraineeProfile
from hub.users.rules import TraineeState
from smartroster.school.v1 import rollover_pb2 as pb
from tests.factories.courses import make_course, make_enrolment, make_line
from tests.factories.school import (
    YEAR,
    make_academic_year,
    make_class_group,
    make_department,
    make_programme,
    make_term,
)
from tests.factories.users import make_dp_academics, make_trainee, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, violations_of

NEXT = Period(date(2027, 1, 1), date(2027, 12, 31))
TERMS = (
    Period(date(2026, 1, 5), date(2026, 4, 10)),
    Period(date(2026, 5, 4), date(2026, 8, 7)),
    Period(date(2026, 9, 7), date(2026, 11, 27)),
)


async def make_year(uow: UnitOfWork, terms: tuple[Period, ...] = TERMS) -> AcademicYear:
    year = await make_academic_year(uow)
    for number, period in enumerate(terms, 1):
        await make_term(uow, academic_year_id=year.id, number=number, period=period)
    return year


async def turn(uow: UnitOfWork, **wishes: Any) -> Rollover:  # noqa: ANN401 (wishes by name)
    return await roll_over(uow, wishes=RolloverWishes(**wishes), curriculum=CurriculumOfThisHub())


async def spans_of(uow: UnitOfWork, trainee_id: UUID) -> list[tuple[UUID, date, date | None]]:
    rows = await uow.session.execute(
        select(Membership.class_group_id, Membership.start_date, Membership.end_date)
        .where(Membership.trainee_id == trainee_id)
        .order_by(Membership.start_date)
    )
    return [(group_id, start, end) for group_id, start, end in rows]


async def state_of(uow: UnitOfWork, trainee_id: UUID) -> TraineeState | None:
    return await uow.session.scalar(select(TraineeProfile.state).where(TraineeProfile.user_id == trainee_id))


async def test_year_and_terms_are_shifted_by_whole_weeks(uow: UnitOfWork) -> None:
    await make_year(uow)
    done = await turn(uow)
    assert (done.year.name, done.year.period, done.year.active) == ("2027", NEXT, False)
    assert [term.period for term in done.terms] == [period.shifted(timedelta(days=364)) for period in TERMS]
    assert [term.start_date.weekday() for term in done.terms] == [0, 0, 0]
    again = await turn(uow)
    assert (again.year.id, again.year_created, again.created_terms) == (done.year.id, False, 0)


async def test_a_next_year_made_by_hand_is_taken_as_it_is(uow: UnitOfWork) -> None:
    await make_year(uow)
    year = await make_academic_year(
        uow, name="By hand", period=Period(date(2027, 2, 1), date(2028, 1, 20)), active=False
    )
    term = await make_term(uow, academic_year_id=year.id, number=1, period=Period(date(2027, 2, 2), date(2027, 3, 1)))
    done = await turn(uow)
    assert (done.year.id, list(done.terms)) == (year.id, [term])


async def test_class_groups_move_up_and_memberships_close_and_open(uow: UnitOfWork) -> None:
    await make_year(uow)
    group = await make_class_group(uow)
    trainee = await make_trainee(uow, class_group_id=group.id)
    done = await turn(uow)
    assert [(step.group.id, step.kind, step.year_of_study, step.trainees) for step in done.steps] == [
        (group.id, StepKind.MOVES_UP, 1, 1)
    ]
    history = [(group.id, date(2026, 1, 5), NEXT.first), (group.id, NEXT.first, None)]
    assert await spans_of(uow, trainee.id) == history
    for day in (NEXT.first - timedelta(days=1), NEXT.first):
        assert await users_queries.class_group_of(uow, trainee.id, day) == group.id
    again = await turn(uow)
    assert (again.moved, again.steps[0].trainees) == (0, 0)
    assert await spans_of(uow, trainee.id) == history


async def test_a_final_year_graduates_when_its_year_is_over(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        await make_year(uow)
        programme = await make_programme(uow, duration_years=2)
        final = await make_class_group(uow, programme_id=programme.id, intake_year=2025)
        trainee = await make_trainee(uow, class_group_id=final.id)
        left = await make_trainee(uow, class_group_id=final.id)
        await uow.session.execute(
            Membership.__table__.update().where(Membership.trainee_id == left.id).values(end_date=date(2026, 2, 1))  # type: ignore[attr-defined] # a table
        )
    for times in (1, 0):
        async with make_uow() as uow:
            done = await turn(uow)
            [step] = done.steps
            assert (step.kind, step.on, done.graduating) == (StepKind.GRADUATES, date(2027, 1, 1), times)
            assert await spans_of(uow, trainee.id) == [(final.id, date(2026, 1, 5), date(2027, 1, 1))]
            assert await state_of(uow, trainee.id) is TraineeState.ACTIVE
    clock.set(clock.now().replace(year=2026, month=12, day=31, hour=12))
    async with make_uow() as uow:
        await graduate_due(uow)
        assert await state_of(uow, trainee.id) is TraineeState.ACTIVE
    clock.set(clock.now() + timedelta(days=1))
    for _ in range(2):
        async with make_uow() as uow:
            await graduate_due(uow)
            assert await state_of(uow, trainee.id) is TraineeState.GRADUATED
            assert await state_of(uow, left.id) is TraineeState.ACTIVE  # was not there at the end
            group = await uow.session.get_one(ClassGroup, final.id)
            assert (group.archived, group.graduation_date) == (True, date(2027, 1, 1))


async def test_a_rollover_after_the_year_graduates_at_once(make_uow: MakeUow, clock: FakeClock) -> None:
    clock.set(clock.now().replace(year=2027, month=2))
    async with make_uow() as uow:
        await make_year(uow)
        programme = await make_programme(uow, duration_years=1)
        group = await make_class_group(uow, programme_id=programme.id)
        trainee = await make_trainee(uow, class_group_id=group.id)
        await turn(uow)
        assert await state_of(uow, trainee.id) is TraineeState.GRADUATED
        assert (await turn(uow)).steps == []


async def test_streams_merge_and_who_repeats_stays_behind(uow: UnitOfWork) -> None:
    await make_year(uow)
    programme = await make_programme(uow, duration_years=2)
    first, second = [await make_class_group(uow, programme_id=programme.id, stream=stream) for stream in "AB"]
    final = await make_class_group(uow, programme_id=programme.id, intake_year=2025)
    mover, repeater = (
        await make_trainee(uow, class_group_id=second.id),
        await make_trainee(uow, class_group_id=final.id),
    )
    wishes = {"moves": {second.id: first.id}, "trainee_moves": {repeater.id: first.id}}
    for times in (2, 0):
        done = await turn(uow, **wishes)
        assert done.moved == times
        assert {step.group.id: step.kind for step in done.steps} == {
            first.id: StepKind.MOVES_UP,
            second.id: StepKind.MERGES,
            final.id: StepKind.GRADUATES,
        }
        assert await spans_of(uow, mover.id) == [
            (second.id, date(2026, 1, 5), NEXT.first),
            (first.id, NEXT.first, None),
        ]
        assert await spans_of(uow, repeater.id) == [
            (final.id, date(2026, 1, 5), NEXT.first),
            (first.id, NEXT.first, None),
        ]


async def test_wishes_that_cannot_be_followed_are_named(uow: UnitOfWork) -> None:
    with pytest.raises(NoActiveYear):
        await turn(uow)
    year = await make_academic_year(uow)
    with pytest.raises(RolloverImpossible, match="no terms"):
        await turn(uow)
    await make_term(uow, academic_year_id=year.id)
    programme = await make_programme(uow, duration_years=2)
    small = await make_class_group(uow, programme_id=programme.id, capacity=1)
    full = await make_class_group(uow, programme_id=programme.id, stream="B")
    final = await make_class_group(uow, programme_id=programme.id, intake_year=2025)
    elsewhere = await make_class_group(uow)
    trainee = await make_trainee(uow, class_group_id=small.id)
    await make_trainee(uow, class_group_id=full.id)
    trainer = await make_trainer(uow)
    for wishes, field in (
        ({"moves": {full.id: small.id}}, "moves"),  # two in one place
        ({"moves": {full.id: final.id}}, "moves[0].target_class_group_id"),
        ({"moves": {full.id: elsewhere.id}}, "moves[0].target_class_group_id"),
        ({"moves": {full.id: full.id}}, "moves[0].target_class_group_id"),
        ({"moves": {trainee.id: full.id}}, "moves[0].class_group_id"),
        ({"trainee_moves": {trainee.id: final.id}}, "trainee_moves[0].target_class_group_id"),
        ({"trainee_moves": {trainer.id: full.id}}, "trainee_moves[0].trainee_id"),
        ({"start_date": date(2026, 12, 31)}, "start_date"),
    ):
        with pytest.raises(RolloverInvalid) as refused:
            async with uow.savepoint():
                await turn(uow, **wishes)
        assert [violation.field for violation in refused.value.violations] == [field]
    year.name = "First"
    with pytest.raises(RolloverInvalid, match="no name follows"):
        await turn(uow)
    assert (await turn(uow, name="Second")).year.name == "Second"


async def test_the_next_intake_gets_its_first_year_groups(uow: UnitOfWork) -> None:
    await make_year(uow)
    programme = await make_programme(uow, code="DICT", duration_years=2)
    for intake, stream in ((2026, "A"), (2026, "B"), (2025, "C")):
        await make_class_group(uow, programme_id=programme.id, intake_year=intake, stream=stream, capacity=12)
    done = await turn(uow, add_intake=True)
    assert [(group.name, group.capacity) for group in done.created_groups] == [("DICT-2027-A", 12), ("DICT-2027-B", 12)]
    assert list((await turn(uow, add_intake=True)).created_groups) == []


async def test_what_the_curriculum_has_is_proposed_with_the_last_trainer(uow: UnitOfWork) -> None:
    year = await make_year(uow)
    [term, *_] = await uow.session.scalars(select(Term).where(Term.academic_year_id == year.id).order_by(Term.number))
    department = await make_department(uow)
    programme = await make_programme(uow, department_id=department.id, code="P")
    older = await make_class_group(uow, programme_id=programme.id, intake_year=2025, name="older")
    younger = await make_class_group(uow, programme_id=programme.id, intake_year=2026, name="younger")
    networks, databases = [await make_course(uow, department_id=department.id, code=code) for code in ("NET", "DB")]
    await make_line(uow, programme_id=programme.id, course_id=networks.id, place=(2, 1))
    await make_line(uow, programme_id=programme.id, course_id=databases.id, place=(3, 2))
    taught = await make_enrolment(uow, class_group_id=older.id, course_id=networks.id, term_id=term.id)

    done = await turn(uow)
    due = [(item.class_group_id, item.course_code, item.term_number, item.trainer_id) for item in done.due]
    assert due == [(older.id, "DB", 2, None), (younger.id, "NET", 1, taught.trainer_id)]
    await make_enrolment(uow, class_group_id=younger.id, course_id=networks.id, term_id=done.terms[0].id)
    assert [item.course_code for item in (await turn(uow)).due] == ["DB"]


async def test_two_rollovers_at_once_make_one_year(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_year(uow)
        trainee = await make_trainee(uow)

    async def once() -> int:
        async with make_uow() as uow:
            done = await turn(uow, add_intake=True)
            await asyncio.sleep(0.05)
            return done.moved

    assert sorted(await asyncio.gather(once(), once())) == [0, 1]
    async with make_uow() as uow:
        assert len(await spans_of(uow, trainee.id)) == 2
        assert len(list(await uow.session.scalars(select(AcademicYear)))) == 2


async def test_a_dry_run_answers_the_same_and_stores_nothing(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_year(uow)
        trainee = await make_trainee(uow)
        deputy = await make_dp_academics(uow)
    metadata = await api.sign_in_as(deputy.id)
    request = pb.RollOverRequest(validate_only=True, add_intake=True)
    dry = await api.rollover.RollOver(request, metadata=metadata)
    assert (dry.committed, dry.academic_year.name, dry.created_terms, dry.moved_trainees) == (False, "2027", 3, 1)
    async with make_uow() as uow:
        assert len(list(await uow.session.scalars(select(AcademicYear)))) == 1
        assert len(await spans_of(uow, trainee.id)) == 1
    request.validate_only = False
    done = await api.rollover.RollOver(request, metadata=metadata)
    assert done.committed
    assert [(step.name, step.kind, step.target_name) for step in done.steps] == [
        (step.name, step.kind, step.target_name) for step in dry.steps
    ]
    assert [group.name for group in done.created_class_groups] == [group.name for group in dry.created_class_groups]
    again = await api.rollover.RollOver(request, metadata=metadata)
    assert (again.academic_year_created, again.created_terms, again.moved_trainees) == (False, 0, 0)
    assert (again.academic_year, list(again.created_class_groups)) == (done.academic_year, [])
    request.start_date = "2026-06-01"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.rollover.RollOver(request, metadata=metadata)
    assert (set(violations_of(refused.value)), reason_of(refused.value)) == ({"start_date"}, "ROLLOVER_INVALID")


async def test_a_name_that_another_year_has_is_told_and_nothing_is_stored(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_year(uow)
        trainee = await make_trainee(uow)
    with pytest.raises(NameTaken, match="2026"):
        async with make_uow() as uow:
            await turn(uow, name="2026")
    async with make_uow() as uow:
        assert len(await spans_of(uow, trainee.id)) == 1


@pytest.mark.parametrize(
    ("name", "following"),
    [("2026/2027", "2027/2028"), ("2026", "2027"), ("2026/27", "2027/28"), ("Year 1999/00", "Year 2000/01"), ("A", "")],
)
def test_the_next_years_name_follows(name: str, following: str) -> None:
    assert next_year_name(name) == following


def test_a_leap_day_is_the_28th_a_year_later() -> None:
    assert a_year_later(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_later(date(2026, 3, 1)) == date(2027, 3, 1)


@pytest.mark.parametrize(("intake", "studied"), [(2028, 0), (2027, 1), (2026, 1), (2025, 2), (2020, 7)])
def test_the_year_of_study_follows_from_the_intake(intake: int, studied: int) -> None:
    assert year_of_study(intake, Period(date(2026, 9, 1), date(2027, 7, 31))) == studied


_LENGTHS = st.lists(st.tuples(st.integers(1, 40), st.integers(2, 60)), min_size=1, max_size=4)


@given(lengths=_LENGTHS, first=st.dates(date(2000, 1, 1), date(2090, 1, 1)), gap=st.integers(0, 40))
def test_shifted_terms_stay_in_order_inside_of_their_year(
    lengths: list[tuple[int, int]], first: date, gap: int
) -> None:
    terms, day = [], first
    for pause, length in lengths:
        day += timedelta(days=pause)
        terms.append(Period(day, day + timedelta(days=length)))
        day = terms[-1].last
    year = Period(first, day + timedelta(days=gap))
    following = Period(a_year_later(year.first), a_year_later(year.last))
    moved = shifted_terms(terms, year, following)
    assert all(following.holds(term) for term in moved)
    assert all(one.last < other.first for one, other in pairwise(moved))
    if len(moved) == len(terms) and moved[-1].last < following.last:
        assert [term.day_count for term in moved] == [term.day_count for term in terms]


_JOINS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 360)), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(joins=_JOINS, years=st.integers(1, 3), merge=st.booleans())
async def test_histories_have_no_gap_and_no_overlap_through_rollovers(
    make_uow: MakeUow, joins: list[tuple[int, int]], years: int, *, merge: bool
) -> None:
    async with make_uow() as uow:
        for table in (Term, AcademicYear):
            await uow.session.execute(delete(table))
        year = await make_year(uow)
        programme = await make_programme(uow, duration_years=3)
        groups = [
            await make_class_group(uow, programme_id=programme.id, intake_year=intake, stream=stream)
            for intake, stream in ((2026, "A"), (2026, "B"), (2025, "A"), (2024, "A"))
        ]
        trainees = [
            await make_trainee(
                uow,
                class_group_id=groups[number].id,
                membership_start_date=YEAR.first + timedelta(days=day),
            )
            for number, day in joins
        ]
        ends: dict[UUID, date] = {}
        for number in range(years):
            wishes = {"moves": {groups[1].id: groups[0].id}} if merge and number == 0 else {}
            done = await turn(uow, academic_year_id=year.id, **wishes)
            ends |= {step.group.id: step.on for step in done.steps if step.kind is StepKind.GRADUATES}
            year = done.year
        for trainee, (number, day) in zip(trainees, joins, strict=True):
            spans = await spans_of(uow, trainee.id)
            assert spans[0][:2] == (groups[number].id, YEAR.first + timedelta(days=day))
            assert all(one[2] == other[1] for one, other in pairwise(spans))
            assert all(end is None or start < end for _, start, end in spans)
            last_group, _, last_end = spans[-1]
            assert last_end == ends.get(last_group)
        await uow.session.execute(delete(Membership))
        for group in await uow.session.scalars(select(ClassGroup)):
            group.archived = True
