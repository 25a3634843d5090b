import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from hub.courses import queries
from hub.courses.errors import (
    EnrolmentEnded,
    EnrolmentExists,
    EnrolmentInUse,
    EnrolmentInvalid,
    EnrolmentMoveRefused,
    EnrolmentNotFound,
)
from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.courses.service import catalogue, curriculum, enrolments
from hub.courses.service.moves import advance_enrolments
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists
from hub.rpc.fields import EtagStale
from hub.rpc.permissions import scope_of
from hub.school.models import Term
from hub.school.rules import Period
from hub.users.models import Membership
from hub.users.queries import get_user
from hub.users.service import accounts
from tests.factories.courses import make_course, make_enrolment, make_exception, make_line, make_loan
from tests.factories.school import make_class_group, make_department, make_programme, make_term
from tests.factories.users import make_admin, make_hod, make_trainee, make_trainer, principal_of
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

NEXT_TERM = Period(date(2026, 5, 4), date(2026, 8, 7))


async def test_an_enrolment_is_made_once(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
        assert enrolment.state is EnrolmentState.IN_PROGRESS
        same = {
            "class_group_id": enrolment.class_group_id,
            "course_id": enrolment.course_id,
            "term_id": enrolment.term_id,
            "trainer_id": enrolment.trainer_id,
        }
        with pytest.raises(EnrolmentExists, match=str(enrolment.id)):
            await enrolments.create_enrolment(uow, **same)
    with pytest.raises(AlreadyExists):  # the constraint, for who races past the check
        async with make_uow() as uow:
            uow.session.add(
                Enrolment(**same, programme_course_id=enrolment.programme_course_id, state=EnrolmentState.SCHEDULED)
            )


async def test_a_cancelled_enrolment_makes_room_for_another(uow: UnitOfWork) -> None:
    first = await make_enrolment(uow)
    await enrolments.move_by_hand(
        uow, enrolment_id=first.id, after=EnrolmentState.CANCELLED, etag="", reason="Wrong group."
    )
    second = await make_enrolment(
        uow,
        class_group_id=first.class_group_id,
        course_id=first.course_id,
        term_id=first.term_id,
        trainer_id=first.trainer_id,
    )
    assert second.id != first.id


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ((1, 2), "year 1, term 1 and the curriculum map of its programme has it in year 1, term 2"),
        ((2, 1), "has it in year 2, term 1"),
        (None, "does not have it"),
    ],
)
async def test_only_what_the_map_has_for_the_group_now(
    uow: UnitOfWork, place: tuple[int, int] | None, told: str
) -> None:
    group, course, term = await make_class_group(uow), await make_course(uow), await make_term(uow)
    trainer = await make_trainer(uow, department_id=course.department_id)
    if place is not None:
        await make_line(uow, programme_id=group.programme_id, course_id=course.id, place=place)
    with pytest.raises(EnrolmentInvalid) as refused:
        await enrolments.create_enrolment(
            uow, class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=trainer.id
        )
    [violation] = refused.value.violations
    assert violation.field == "enrolment.course_id"
    assert told in violation.description


async def test_a_group_of_the_second_year_takes_courses_of_the_second_year(uow: UnitOfWork) -> None:
    group = await make_class_group(uow, intake_year=2025)
    course, term = await make_course(uow), await make_term(uow)
    line = await make_line(uow, programme_id=group.programme_id, course_id=course.id, place=(2, 1))
    enrolment = await make_enrolment(uow, class_group_id=group.id, course_id=course.id, term_id=term.id)
    assert enrolment.programme_course_id == line.id


async def test_archived_lines_and_courses_and_later_intakes_get_no_enrolment(uow: UnitOfWork) -> None:
    group, course, term = await make_class_group(uow), await make_course(uow), await make_term(uow)
    later = await make_class_group(uow, programme_id=group.programme_id, intake_year=2027)
    trainer = await make_trainer(uow, department_id=course.department_id)
    line = await make_line(uow, programme_id=group.programme_id, course_id=course.id)
    ids = {"course_id": course.id, "term_id": term.id, "trainer_id": trainer.id}
    with pytest.raises(EnrolmentInvalid, match="comes in in 2027"):
        await enrolments.create_enrolment(uow, class_group_id=later.id, **ids)
    await curriculum.archive_programme_course(uow, line_id=line.id, archived=True, etag="")
    with pytest.raises(EnrolmentInvalid, match="does not have it"):
        await enrolments.create_enrolment(uow, class_group_id=group.id, **ids)
    await curriculum.archive_programme_course(uow, line_id=line.id, archived=False, etag="")
    await catalogue.archive_course(uow, course_id=course.id, archived=True, etag="")
    with pytest.raises(EnrolmentInvalid, match="is archived"):
        await enrolments.create_enrolment(uow, class_group_id=group.id, **ids)


async def test_the_trainer_is_of_the_courses_department_or_lent_to_it(uow: UnitOfWork) -> None:
    computing = await make_department(uow, name="Computing")
    course = await make_course(uow, department_id=computing.id)
    group, stranger = await make_class_group(uow), await make_trainer(uow)
    with pytest.raises(EnrolmentInvalid) as refused:
        await make_enrolment(uow, class_group_id=group.id, course_id=course.id, trainer_id=stranger.id)
    [violation] = refused.value.violations
    assert violation.field == "enrolment.trainer_id"
    assert "choose a trainer of Computing" in violation.description
    await make_loan(uow, trainer_id=stranger.id, department_id=computing.id)
    enrolment = await make_enrolment(uow, class_group_id=group.id, course_id=course.id, trainer_id=stranger.id)
    assert enrolment.trainer_id == stranger.id


# Today is 2 March, the term ends on 10 April.
@pytest.mark.parametrize(
    ("start", "end", "is_enough"),
    [
        (date(2026, 3, 2), date(2026, 4, 10), True),
        (date(2026, 3, 3), None, False),
        (date(2026, 1, 5), date(2026, 4, 9), False),
    ],
)
async def test_a_loan_must_cover_what_is_left_of_the_term(
    uow: UnitOfWork, start: date, end: date | None, *, is_enough: bool
) -> None:
    course, stranger = await make_course(uow), await make_trainer(uow)
    await make_loan(uow, trainer_id=stranger.id, department_id=course.department_id, start_date=start, end_date=end)
    if is_enough:
        await make_enrolment(uow, course_id=course.id, trainer_id=stranger.id)
        return
    with pytest.raises(EnrolmentInvalid, match="not lent"):
        await make_enrolment(uow, course_id=course.id, trainer_id=stranger.id)


async def test_only_serving_trainers_get_enrolments(uow: UnitOfWork) -> None:
    await make_admin(uow)
    course = await make_course(uow)
    trainer = await make_trainer(uow, department_id=course.department_id)
    await accounts.disable_user(uow, user_id=trainer.id, reason="left")
    for person_id, told in (
        (trainer.id, "no serving trainer"),
        ((await make_trainee(uow)).id, "no serving trainer"),
        (uuid4(), "there is no user"),
    ):
        with pytest.raises(EnrolmentInvalid) as refused:
            await make_enrolment(uow, course_id=course.id, trainer_id=person_id)
        assert told in refused.value.violations[0].description


async def test_the_weekly_load_must_fit(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    trainer = await make_trainer(uow, department_id=department.id, max_weekly_load=timedelta(hours=8))
    courses = [await make_course(uow, department_id=department.id) for _ in range(3)]  # 4 h a week each
    made = [await make_enrolment(uow, course_id=course.id, trainer_id=trainer.id) for course in courses[:2]]
    with pytest.raises(EnrolmentInvalid) as refused:
        await make_enrolment(uow, course_id=courses[2].id, trainer_id=trainer.id)
    assert "8 h a week" in refused.value.violations[0].description
    await enrolments.move_by_hand(
        uow, enrolment_id=made[0].id, after=EnrolmentState.CANCELLED, etag="", reason="Too few trainees."
    )
    await make_enrolment(uow, course_id=courses[2].id, trainer_id=trainer.id)


async def test_two_enrolments_at_once_do_not_overload_a_trainer(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        department, term = await make_department(uow), await make_term(uow)
        trainer = await make_trainer(uow, department_id=department.id, max_weekly_load=timedelta(hours=4))
        wanted = []
        for _ in range(3):
            group, course = await make_class_group(uow), await make_course(uow, department_id=department.id)
            await make_line(uow, programme_id=group.programme_id, course_id=course.id)
            wanted.append((group.id, course.id))

    async def enrol(ids: tuple[UUID, UUID]) -> None:
        async with make_uow() as uow:
            await enrolments.create_enrolment(
                uow,
                class_group_id=ids[0],
                course_id=ids[1],
                term_id=term.id,
                trainer_id=trainer.id,
            )

    results = await asyncio.gather(*map(enrol, wanted), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == 2 * ["EnrolmentInvalid"] + ["NoneType"]


async def test_no_enrolment_in_a_term_that_is_over(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        term = await make_term(uow)
    clock.advance(days=60)
    with pytest.raises(EnrolmentInvalid) as refused:
        async with make_uow() as uow:
            await make_enrolment(uow, term_id=term.id)
    assert [violation.field for violation in refused.value.violations] == ["enrolment.term_id"]


async def test_enrolments_advance_with_the_days(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
    clock.advance(days=60)
    for _ in range(2):
        async with make_uow() as uow:
            await advance_enrolments(uow, clock.now())
    async with make_uow(write=False) as uow:
        moved = await queries.get_enrolment(uow, enrolment.id)
        assert (moved.state, moved.etag) == (EnrolmentState.COMPLETED, enrolment.etag + 1)


async def test_what_was_moved_by_hand_stays_where_it_is(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        current = await make_term(uow)
        later = await make_term(uow, academic_year_id=current.academic_year_id, number=2, period=NEXT_TERM)
        early, ended = await make_enrolment(uow, term_id=later.id), await make_enrolment(uow)
        assert early.state is EnrolmentState.SCHEDULED
        await enrolments.move_by_hand(uow, enrolment_id=early.id, after=EnrolmentState.IN_PROGRESS, etag="")
        await enrolments.move_by_hand(uow, enrolment_id=ended.id, after=EnrolmentState.COMPLETED, etag="")
    async with make_uow() as uow:
        await advance_enrolments(uow, clock.now())
        assert (await queries.get_enrolment(uow, early.id)).state is EnrolmentState.IN_PROGRESS
        assert (await queries.get_enrolment(uow, ended.id)).state is EnrolmentState.COMPLETED


@pytest.mark.parametrize("after", EnrolmentState)
async def test_an_illegal_move_is_refused_with_both_states_named(uow: UnitOfWork, after: EnrolmentState) -> None:
    enrolment = await make_enrolment(uow)
    await enrolments.move_by_hand(uow, enrolment_id=enrolment.id, after=EnrolmentState.COMPLETED, etag="")
    with pytest.raises(EnrolmentMoveRefused) as refused:
        await enrolments.move_by_hand(uow, enrolment_id=enrolment.id, after=after, etag="", reason="Because.")
    assert f"is COMPLETED and can't become {after}" in refused.value.message


async def test_a_cancellation_needs_a_reason_and_is_told(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    with pytest.raises(EnrolmentInvalid, match="reason"):
        await enrolments.move_by_hand(
            uow, enrolment_id=enrolment.id, after=EnrolmentState.CANCELLED, etag="", reason=" "
        )
    await enrolments.move_by_hand(
        uow, enrolment_id=enrolment.id, after=EnrolmentState.CANCELLED, etag="", reason=" Too few trainees. "
    )
    assert enrolment.cancel_reason == "Too few trainees."
    await uow.store_records()
    events = await uow.session.scalars(select(OutboxEvent).where(OutboxEvent.name == "courses.enrolment_moved"))
    assert [(event.payload["before"], event.payload["after"]) for event in events] == [("IN_PROGRESS", "CANCELLED")]


async def test_another_trainer_must_fit_and_is_told(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    course = await queries.get_course(uow, enrolment.course_id)
    busy = await make_trainer(uow, department_id=course.department_id, max_weekly_load=timedelta(hours=3))
    free = await make_trainer(uow, department_id=course.department_id, max_weekly_load=timedelta(hours=4))
    with pytest.raises(EnrolmentInvalid, match="more than 3 h"):
        await enrolments.change_trainer(uow, enrolment_id=enrolment.id, trainer_id=busy.id, etag="")
    with pytest.raises(EtagStale):
        await enrolments.change_trainer(uow, enrolment_id=enrolment.id, trainer_id=free.id, etag="8")
    for _ in range(2):
        await enrolments.change_trainer(uow, enrolment_id=enrolment.id, trainer_id=free.id, etag="")
    assert enrolment.trainer_id == free.id
    await uow.store_records()
    events = await uow.session.scalars(
        select(OutboxEvent).where(OutboxEvent.name == "courses.enrolment_trainer_changed")
    )
    assert [event.payload["trainer_id"] for event in events] == [str(free.id)]
    await enrolments.move_by_hand(uow, enrolment_id=enrolment.id, after=EnrolmentState.COMPLETED, etag="")
    with pytest.raises(EnrolmentEnded, match="COMPLETED"):
        await enrolments.change_trainer(uow, enrolment_id=enrolment.id, trainer_id=busy.id, etag="")


async def test_only_an_enrolment_that_has_not_begun_and_nobody_needs_is_deleted(uow: UnitOfWork) -> None:
    running = await make_enrolment(uow)
    current = await make_term(uow)
    later = await make_term(uow, academic_year_id=current.academic_year_id, number=2, period=NEXT_TERM)
    used, unused = await make_enrolment(uow, term_id=later.id), await make_enrolment(uow, term_id=later.id)
    await make_exception(uow, enrolment_id=used.id, trainee_id=(await make_trainee(uow)).id, start_date=NEXT_TERM.first)
    with pytest.raises(EnrolmentInUse, match="IN_PROGRESS"):
        await enrolments.delete_enrolment(uow, enrolment_id=running.id, etag="")
    with pytest.raises(EnrolmentInUse, match="1 enrolment exceptions"):
        await enrolments.delete_enrolment(uow, enrolment_id=used.id, etag="")
    await enrolments.delete_enrolment(uow, enrolment_id=unused.id, etag=str(unused.etag))
    with pytest.raises(EnrolmentNotFound):
        await queries.get_enrolment(uow, unused.id)


async def test_everyone_sees_just_the_enrolments_the_scope_allows(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        department = await make_department(uow)
        programme = await make_programme(uow, department_id=department.id)
        group = await make_class_group(uow, programme_id=programme.id)
        own = await make_enrolment(uow, class_group_id=group.id)
        other = await make_enrolment(uow)
        member = await make_trainee(uow, class_group_id=group.id)
        retaker = await make_trainee(uow)
        exception = await make_exception(uow, enrolment_id=other.id, trainee_id=retaker.id)
        head = await make_hod(uow, department_id=department.id)
        admin = await make_admin(uow)
        trainer, colleague = await get_user(uow, own.trainer_id), await get_user(uow, other.trainer_id)
    async with make_uow(write=False) as uow:
        for caller, visible, exceptions in (
            (member, {own.id}, set()),
            (retaker, {other.id}, {exception.id}),
            (trainer, {own.id}, set()),
            (colleague, {other.id}, {exception.id}),
            (head, {own.id}, set()),
            (admin, {own.id, other.id}, {exception.id}),
        ):
            scope = scope_of(principal_of(caller), "/smartroster.courses.v1.EnrolmentsService/ListEnrolments")
            seen = {row.id for row in await uow.session.scalars(queries.select_enrolments(scope))}
            assert seen == visible, caller.display_name
            query = queries.select_exceptions(scope, enrolment_id=None, trainee_id=None)
            assert {row.id for row in await uow.session.scalars(query)} == exceptions, caller.display_name


async def test_who_left_the_class_group_sees_no_later_enrolment_of_it(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        group = await make_class_group(uow)
        enrolment = await make_enrolment(uow, class_group_id=group.id)
        begin = (await uow.session.get_one(Term, enrolment.term_id)).start_date
        seen = {}
        for name, start, end in (
            ("left on the eve", begin - timedelta(days=90), begin),
            ("left on the first evening", begin - timedelta(days=90), begin + timedelta(days=1)),
        ):
            trainee = await make_trainee(uow)
            await uow.session.execute(delete(Membership).where(Membership.trainee_id == trainee.id))
            uow.session.add(Membership(trainee_id=trainee.id, class_group_id=group.id, start_date=start, end_date=end))
            seen[name] = trainee
    async with make_uow(write=False) as uow:
        for name, count in (("left on the eve", 0), ("left on the first evening", 1)):
            scope = scope_of(principal_of(seen[name]), "/smartroster.courses.v1.EnrolmentsService/ListEnrolments")
            assert len((await uow.session.scalars(queries.select_enrolments(scope))).all()) == count, name


async def test_enrolments_are_filtered(uow: UnitOfWork) -> None:
    one, other = await make_enrolment(uow), await make_enrolment(uow)
    scope = scope_of(principal_of(await make_admin(uow)), "/smartroster.courses.v1.EnrolmentsService/ListEnrolments")
    await enrolments.move_by_hand(uow, enrolment_id=other.id, after=EnrolmentState.COMPLETED, etag="")
    group = await uow.session.get_one(type(await make_class_group(uow)), one.class_group_id)
    term = await make_term(uow)
    for filters, expected in (
        ({"course_id": one.course_id}, {one.id}),
        ({"trainer_id": one.trainer_id}, {one.id}),
        ({"class_group_id": one.class_group_id}, {one.id}),
        ({"programme_id": group.programme_id}, {one.id}),
        ({"state": EnrolmentState.COMPLETED}, {other.id}),
        ({"academic_year_id": term.academic_year_id}, {one.id, other.id}),
        ({"academic_year_id": uuid4()}, set()),
    ):
        query = queries.select_enrolments(scope, **filters)
        assert {row.id for row in await uow.session.scalars(query)} == expected, filters
