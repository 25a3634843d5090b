from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import grpc
import pytest
from sqlalchemy import select
from uuid6 import uuid7

from hub.attendance.models import AttendanceRecord, AttendanceSession
from hub.attendance.rates import Tally, is_chronically_absent, rates_of
from hub.attendance.rules import RecordSource, RecordState, SessionKind, SessionState
from hub.attendance.statistics import Filters, Subject, figures_of, select_subjects
from hub.courses.models import Course, Enrolment
from hub.db.principal import SYSTEM
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, Scope, scope_of
from hub.users.queries import get_user
from smartroster.attendance.v1 import statistics_pb2 as pb
from tests.factories.attendance import START, Lesson, make_lesson
from tests.factories.courses import make_enrolment
from tests.factories.school import make_calendar_day
from tests.factories.users import make_admin, make_hod, make_trainee, make_trainer, principal_of
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, violations_of

EVERYTHING = Scope(SYSTEM, frozenset({Reach.SCHOOL}))
_STATES = (RecordState.PRESENT, RecordState.LATE, RecordState.ABSENT, RecordState.EXCUSED)


async def make_held(
    uow: UnitOfWork,
    enrolment: Enrolment,
    room_id: UUID,
    records: dict[UUID, RecordState],
    *,
    days_ago: int = 1,
    state: SessionState = SessionState.COMPLETED,
    substitute_id: UUID | None = None,
) -> AttendanceSession:
    """A session on an earlier day, with a record of each trainee."""
    start = START - timedelta(days=days_ago)
    session = AttendanceSession(
        id=uuid7(),
        enrolment_id=enrolment.id,
        class_group_id=enrolment.class_group_id,
        trainer_id=enrolment.trainer_id,
        substitute_trainer_id=substitute_id,
        room_id=room_id,
        session_date=start.date(),
        planned_start_time=start,
        planned_end_time=start + timedelta(hours=1),
        kind=SessionKind.REGULAR,
        state=state,
        title="Networks",
    )
    uow.session.add(session)
    await uow.session.flush()
    uow.session.add_all(
        [
            AttendanceRecord(session_id=session.id, trainee_id=trainee_id, state=one, source=RecordSource.MANUAL)
            for trainee_id, one in records.items()
        ]
    )
    await uow.session.flush()
    return session


async def _figures(uow: UnitOfWork, subject: Subject, scope: Scope = EVERYTHING, **wanted: Any) -> dict[UUID, Tally]:  # noqa: ANN401 (filters by name)
    filters = Filters(**wanted)
    rows = list(await uow.session.scalars(select_subjects(subject, scope, filters)))
    figures = await figures_of(uow, subject, [row.id for row in rows], scope=scope, filters=filters)
    assert figures.keys() == {row.id for row in rows}
    return {subject_id: one.tally for subject_id, one in figures.items()}


async def test_records_of_sessions_held_count_for_each_subject(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    one, two, three = made.trainee_ids
    other = await make_enrolment(uow)
    substitute = await make_trainer(uow)
    held = {one: RecordState.PRESENT, two: RecordState.LATE, three: RecordState.ABSENT}
    await make_held(uow, made.enrolment, made.room.id, held, days_ago=2)
    await make_held(
        uow, made.enrolment, made.room.id, {one: RecordState.EXCUSED}, days_ago=1, substitute_id=substitute.id
    )
    await make_held(uow, other, made.room.id, {one: RecordState.PRESENT})
    for state in (SessionState.CANCELLED, SessionState.ACTIVE):
        await make_held(uow, other, made.room.id, {one: RecordState.ABSENT}, state=state)
    whole = Tally(present=1, late=1, absent=1, excused=1)
    single = Tally(present=1)
    course = await uow.session.get_one(Course, made.enrolment.course_id)
    other_course = await uow.session.get_one(Course, other.course_id)
    for subject, expected in (
        (Subject.ENROLMENT, {made.enrolment.id: whole, other.id: single}),
        (Subject.COURSE, {course.id: whole, other_course.id: single}),
        (Subject.CLASS_GROUP, {made.enrolment.class_group_id: whole, other.class_group_id: single}),
        (Subject.DEPARTMENT, {course.department_id: whole, other_course.department_id: single}),
        (
            Subject.TRAINER,
            {
                made.trainer_id: Tally(present=1, late=1, absent=1),
                substitute.id: Tally(excused=1),
                other.trainer_id: single,
            },
        ),
        (Subject.TRAINEE, {one: Tally(present=2, excused=1), two: Tally(late=1), three: Tally(absent=1)}),
    ):
        assert await _figures(uow, subject) == expected, subject


async def test_a_day_that_was_marked_free_afterwards_counts_no_more(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    one, *_ = made.trainee_ids
    other = await make_enrolment(uow)
    for days_ago in (1, 2, 3):
        for enrolment in (made.enrolment, other):
            await make_held(uow, enrolment, made.room.id, {one: RecordState.ABSENT}, days_ago=days_ago)
    await make_calendar_day(uow, day=START.date() - timedelta(days=1))
    await make_calendar_day(uow, day=START.date() - timedelta(days=2), class_group_id=other.class_group_id)
    assert await _figures(uow, Subject.ENROLMENT) == {made.enrolment.id: Tally(absent=2), other.id: Tally(absent=1)}


async def test_filters_narrow_what_counts(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    one, two, _ = made.trainee_ids
    other = await make_enrolment(uow, term_id=made.enrolment.term_id)
    await make_held(uow, made.enrolment, made.room.id, {one: RecordState.PRESENT, two: RecordState.LATE}, days_ago=7)
    await make_held(uow, made.enrolment, made.room.id, {one: RecordState.ABSENT}, days_ago=1)
    await make_held(uow, other, made.room.id, {one: RecordState.PRESENT}, days_ago=1)
    own, rest = made.enrolment.id, other.id
    for wanted, expected in (
        ({"enrolment_id": own}, {own: Tally(present=1, late=1, absent=1)}),
        ({"course_id": other.course_id}, {rest: Tally(present=1)}),
        ({"class_group_id": other.class_group_id}, {rest: Tally(present=1)}),
        ({"trainee_id": two}, {own: Tally(late=1)}),
        ({"start_date": date(2026, 3, 1)}, {own: Tally(absent=1), rest: Tally(present=1)}),
        ({"end_date": date(2026, 2, 28)}, {own: Tally(present=1, late=1)}),
        ({"term_id": uuid7()}, {}),
    ):
        assert await _figures(uow, Subject.ENROLMENT, **wanted) == expected, wanted


async def test_sql_and_the_pure_rules_agree(uow: UnitOfWork) -> None:
    """Random registers of 12 sessions: every figure is what plain counting of the records gives."""
    made = await make_lesson(uow, trainees=6)
    random = Random(7)  # noqa: S311 (reproducible registers)
    for days_ago in range(1, 13):
        who = random.sample(made.trainee_ids, 5)
        weights = (12, 2, 1, 1)
        records = {one: random.choices(_STATES, weights)[0] for one in who}
        await make_held(uow, made.enrolment, made.room.id, records, days_ago=days_ago)
    tallies = dict.fromkeys(made.trainee_ids, Tally())
    for record in await uow.session.scalars(select(AttendanceRecord)):
        tallies[record.trainee_id] += Tally(**{record.state.value.lower(): 1})
    assert await _figures(uow, Subject.TRAINEE) == tallies
    chronic = {one for one, tally in tallies.items() if is_chronically_absent(tally)}
    assert 0 < len(chronic) < 6
    filters = Filters()
    found = await figures_of(uow, Subject.ENROLMENT, [made.enrolment.id], scope=EVERYTHING, filters=filters)
    figures = found[made.enrolment.id]
    assert figures.tally == sum(tallies.values(), Tally())
    assert (figures.sessions, figures.trainees, figures.chronically_absent) == (12, 6, len(chronic))


async def test_everyone_sees_figures_of_the_records_in_scope_alone(uow: UnitOfWork) -> None:
    made = await make_lesson(uow)
    one, two, _ = made.trainee_ids
    other = await make_enrolment(uow)
    await make_held(uow, made.enrolment, made.room.id, {one: RecordState.PRESENT, two: RecordState.ABSENT})
    await make_held(uow, other, made.room.id, {two: RecordState.LATE})
    own, rest = made.enrolment.id, other.id
    for caller, expected in (
        (await get_user(uow, one), {own: Tally(present=1)}),
        (await get_user(uow, two), {own: Tally(absent=1), rest: Tally(late=1)}),
        (await make_trainee(uow), {}),
        (await get_user(uow, made.trainer_id), {own: Tally(present=1, absent=1)}),
        (await make_hod(uow), {}),
        (await make_admin(uow), {own: Tally(present=1, absent=1), rest: Tally(late=1)}),
    ):
        scope = scope_of(principal_of(caller), "/smartroster.attendance.v1.StatisticsService/ListAttendanceRates")
        assert await _figures(uow, Subject.ENROLMENT, scope) == expected, caller.display_name


async def test_figures_of_many_take_as_many_statements_as_of_one(
    make_uow: MakeUow, statements_of: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    async with make_uow() as uow:
        made = await make_lesson(uow)
        enrolments = [made.enrolment, *[await make_enrolment(uow) for _ in range(3)]]
        for enrolment, days_ago in product(enrolments, (1, 2)):
            await make_held(
                uow, enrolment, made.room.id, dict.fromkeys(made.trainee_ids, RecordState.LATE), days_ago=days_ago
            )
    counts = []
    for some in (enrolments[:1], enrolments):
        async with make_uow(write=False) as uow:
            with statements_of() as statements:
                found = await figures_of(
                    uow,
                    Subject.ENROLMENT,
                    [one.id for one in some],
                    scope=EVERYTHING,
                    filters=Filters(),
                    with_remaining=True,
                )
            assert len(found) == len(some)
            counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_what_is_still_planned_makes_the_best_possible(uow: UnitOfWork) -> None:
    made: Lesson = await make_lesson(uow)  # one session today, still to come
    one, two, _ = made.trainee_ids
    await make_held(uow, made.enrolment, made.room.id, {one: RecordState.PRESENT, two: RecordState.ABSENT})
    found = await figures_of(uow, Subject.TRAINEE, [one, two], scope=EVERYTHING, filters=Filters(), with_remaining=True)
    assert {one: found[one].remaining, two: found[two].remaining} == {one: 1, two: 1}
    assert rates_of(found[two].tally, remaining=found[two].remaining).best_possible == 1 / 2


async def test_rates_over_the_api_come_with_their_definitions(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        made = await make_lesson(uow)
        one, two, three = made.trainee_ids
        records = {one: RecordState.PRESENT, two: RecordState.LATE, three: RecordState.EXCUSED}
        await make_held(uow, made.enrolment, made.room.id, records)
        admin = await make_admin(uow)
    metadata = await api.sign_in_as(admin.id)
    request = pb.ListAttendanceRatesRequest(subject=pb.ListAttendanceRatesRequest.SUBJECT_COURSE)
    answer = await api.rates.ListAttendanceRates(request, metadata=metadata)
    [rates] = answer.rates
    assert (rates.subject_id, rates.session_count, rates.trainee_count) == (str(made.enrolment.course_id), 1, 3)
    assert (rates.attendance, rates.punctuality) == (1, 0.5)
    assert rates.attendance_excused_as_absent == pytest.approx(2 / 3)
    assert not rates.HasField("best_possible")
    assert rates.chronically_absent_count == 1
    assert "EXCUSED" in answer.definitions.attendance
    request.with_best_possible = True
    [rates] = (await api.rates.ListAttendanceRates(request, metadata=metadata)).rates
    assert rates.best_possible == 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.rates.ListAttendanceRates(pb.ListAttendanceRatesRequest(), metadata=metadata)
    assert "ENROLMENT, COURSE" in violations_of(refused.value)["subject"]
