from datetime import date, timedelta
from typing import Any

import grpc
import pytest
from uuid6 import uuid7

from hub.courses import queries, service
from hub.courses.errors import (
    CourseCodeTaken,
    CourseInvalid,
    EnrolmentEnded,
    EnrolmentExists,
    EnrolmentInvalid,
    ExceptionsOverlap,
)
from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState, ExceptionKind, state_on
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists
from hub.rpc.permissions import scope_of
from hub.school.rules import Period
from hub.users.queries import get_user
from hub.users.service import accounts
from smartroster.courses.v1 import courses_pb2 as pb
from tests.factories.courses import make_course, make_enrolment, make_exception
from tests.factories.school import make_class_group, make_department, make_programme, make_term
from tests.factories.users import make_admin, make_hod, make_trainee, make_trainer, principal_of
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of


async def test_course_codes_are_unique(uow: UnitOfWork) -> None:
    await make_course(uow, code="ICT101")
    with pytest.raises(CourseCodeTaken, match="ICT101"):
        await make_course(uow, code=" ICT101 ")


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"code": " "}, "code"),
        ({"title": ""}, "title"),
        ({"credit_hours": -1}, "credit_hours"),
        ({"weekly_theory": timedelta(hours=61)}, "weekly_theory"),
        ({"weekly_practical": timedelta(hours=-1)}, "weekly_practical"),
        ({"default_session_length": timedelta(hours=13)}, "default_session_length"),
    ],
)
async def test_bad_course_fields_are_named(uow: UnitOfWork, overrides: dict[str, Any], field: str) -> None:
    with pytest.raises(CourseInvalid) as refused:
        await make_course(uow, **overrides)
    assert [violation.field for violation in refused.value.violations] == [f"course.{field}"]


# The term is 5 January to 10 April, both inclusive.
@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 4), EnrolmentState.SCHEDULED),
        (date(2026, 1, 5), EnrolmentState.IN_PROGRESS),
        (date(2026, 4, 10), EnrolmentState.IN_PROGRESS),
        (date(2026, 4, 11), EnrolmentState.COMPLETED),
    ],
)
def test_an_enrolment_moves_with_its_term(day: date, state: EnrolmentState) -> None:
    assert state_on(Period(date(2026, 1, 5), date(2026, 4, 10)), day) is state


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
            await service.create_enrolment(uow, **same)
    with pytest.raises(AlreadyExists):  # the constraint, for who races past the check
        async with make_uow() as uow:
            uow.session.add(Enrolment(**same, state=EnrolmentState.SCHEDULED))


async def test_the_trainer_is_of_the_courses_department(uow: UnitOfWork) -> None:
    computing = await make_department(uow, name="Computing")
    course = await make_course(uow, department_id=computing.id)
    stranger = await make_trainer(uow)
    with pytest.raises(EnrolmentInvalid) as refused:
        await make_enrolment(uow, course_id=course.id, trainer_id=stranger.id)
    [violation] = refused.value.violations
    assert violation.field == "enrolment.trainer_id"
    assert "choose a trainer of Computing" in violation.description


async def test_only_serving_trainers_get_enrolments(uow: UnitOfWork) -> None:
    await make_admin(uow)
    course = await make_course(uow)
    trainer = await make_trainer(uow, department_id=course.department_id)
    await accounts.disable_user(uow, user_id=trainer.id, reason="left")
    for person in (trainer, await make_trainee(uow)):
        with pytest.raises(EnrolmentInvalid) as refused:
            await make_enrolment(uow, course_id=course.id, trainer_id=person.id)
        assert "no serving trainer" in refused.value.violations[0].description


async def test_the_weekly_load_must_fit(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    trainer = await make_trainer(uow, department_id=department.id, max_weekly_load=timedelta(hours=8))
    courses = [await make_course(uow, department_id=department.id) for _ in range(3)]  # 4 h a week each
    for course in courses[:2]:
        await make_enrolment(uow, course_id=course.id, trainer_id=trainer.id)
    with pytest.raises(EnrolmentInvalid) as refused:
        await make_enrolment(uow, course_id=courses[2].id, trainer_id=trainer.id)
    assert "8 h a week" in refused.value.violations[0].description


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
            await service.advance_enrolments(uow, clock.now())
    async with make_uow(write=False) as uow:
        moved = await queries.get_enrolment(uow, enrolment.id)
        assert (moved.state, moved.etag) == (EnrolmentState.COMPLETED, enrolment.etag + 1)


async def test_expected_are_the_members_of_the_day_with_exceptions(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    enrolment = await make_enrolment(uow, class_group_id=group.id)
    regular = await make_trainee(uow, class_group_id=group.id)
    exempted = await make_trainee(uow, class_group_id=group.id)
    newcomer = await make_trainee(uow, class_group_id=group.id, membership_start_date=date(2026, 3, 9))
    retaker, stranger = await make_trainee(uow), await make_trainee(uow)
    await make_exception(
        uow, enrolment_id=enrolment.id, trainee_id=exempted.id, kind=ExceptionKind.LEFT_OUT, end_date=date(2026, 3, 8)
    )
    await make_exception(uow, enrolment_id=enrolment.id, trainee_id=retaker.id, start_date=date(2026, 3, 3))
    expected = {
        date(2026, 3, 1): {regular, exempted},
        date(2026, 3, 2): {regular},
        date(2026, 3, 3): {regular, retaker},
        date(2026, 3, 8): {regular, retaker},
        date(2026, 3, 9): {regular, retaker, exempted, newcomer},
    }
    for day, people in expected.items():
        found = await queries.expected_trainees(uow, enrolment.id, day)
        assert found == sorted(person.id for person in people), day
        assert stranger.id not in found


async def test_bad_exceptions_are_refused(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
        trainee, trainer = await make_trainee(uow), await make_trainer(uow)
        for overrides, field in (
            ({"trainee_id": trainer.id}, "trainee_id"),
            ({"start_date": date(2026, 1, 4)}, "start_date"),
            ({"end_date": date(2026, 3, 1)}, "end_date"),
            ({"end_date": date(2026, 4, 11)}, "end_date"),
        ):
            values: dict[str, Any] = {"enrolment_id": enrolment.id, "trainee_id": trainee.id} | overrides
            with pytest.raises(EnrolmentInvalid) as refused:
                await make_exception(uow, **values)
            assert [violation.field for violation in refused.value.violations] == [f"enrolment_exception.{field}"]
        await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id)
        with pytest.raises(ExceptionsOverlap):
            await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id, start_date=date(2026, 3, 30))
    clock.advance(days=60)
    async with make_uow() as uow:
        await service.advance_enrolments(uow, clock.now())
        with pytest.raises(EnrolmentEnded, match="COMPLETED"):
            await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id)


async def test_everyone_sees_just_the_enrolments_the_scope_allows(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        department = await make_department(uow)
        programme = await make_programme(uow, department_id=department.id)
        group = await make_class_group(uow, programme_id=programme.id)
        own = await make_enrolment(uow, class_group_id=group.id)
        other = await make_enrolment(uow)
        member = await make_trainee(uow, class_group_id=group.id)
        retaker = await make_trainee(uow)
        await make_exception(uow, enrolment_id=other.id, trainee_id=retaker.id)
        head = await make_hod(uow, department_id=department.id)
        admin = await make_admin(uow)
        trainer = await get_user(uow, own.trainer_id)
    async with make_uow(write=False) as uow:
        for caller, visible in (
            (member, {own.id}),
            (retaker, {other.id}),
            (trainer, {own.id}),
            (head, {own.id}),
            (admin, {own.id, other.id}),
        ):
            scope = scope_of(principal_of(caller), "/smartroster.courses.v1.CoursesService/ListEnrolments")
            query = queries.select_enrolments(scope, term_id=None, class_group_id=None, trainer_id=None)
            seen = {row.id for row in await uow.session.scalars(query)}
            assert seen == visible, caller.display_name


async def test_courses_and_enrolments_over_the_api(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
        department, group, term = await make_department(uow), await make_class_group(uow), await make_term(uow)
        trainer = await make_trainer(uow, department_id=department.id)
        trainee = await make_trainee(uow, class_group_id=group.id)
        stranger = await make_trainee(uow)
    metadata = await api.sign_in_as(admin.id)
    create = pb.CreateCourseRequest(
        request_id=str(uuid7()), course=pb.Course(code="ICT101", title="Networks", department_id=str(department.id))
    )
    create.course.weekly_theory.FromTimedelta(timedelta(hours=3))
    course = await api.courses.CreateCourse(create, metadata=metadata)
    assert course.default_session_length.ToTimedelta() == timedelta(hours=1)
    assert course.weekly_theory.ToTimedelta() == timedelta(hours=3)
    assert await api.courses.CreateCourse(create, metadata=metadata) == course
    assert await api.courses.GetCourse(pb.GetCourseRequest(course_id=course.id), metadata=metadata) == course
    listing = pb.ListCoursesRequest(department_id=str(department.id))
    assert list((await api.courses.ListCourses(listing, metadata=metadata)).courses) == [course]
    enrol = pb.CreateEnrolmentRequest(
        request_id=str(uuid7()),
        enrolment=pb.Enrolment(
            class_group_id=str(group.id), course_id=course.id, term_id=str(term.id), trainer_id=str(trainer.id)
        ),
    )
    enrolment = await api.courses.CreateEnrolment(enrol, metadata=metadata)
    assert enrolment.state == pb.Enrolment.STATE_IN_PROGRESS
    leave_out = pb.EnrolmentException(
        enrolment_id=enrolment.id,
        trainee_id=str(trainee.id),
        kind=pb.EnrolmentException.KIND_LEFT_OUT,
        start_date="2026-03-03",
    )
    made = await api.courses.CreateEnrolmentException(
        pb.CreateEnrolmentExceptionRequest(enrolment_exception=leave_out), metadata=metadata
    )
    assert (made.kind, made.end_date) == (pb.EnrolmentException.KIND_LEFT_OUT, "")
    request = pb.GetEnrolmentRequest(enrolment_id=enrolment.id)
    for person in (trainer, trainee):
        assert await api.courses.GetEnrolment(request, metadata=await api.sign_in_as(person.id)) == enrolment
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.courses.GetEnrolment(request, metadata=await api.sign_in_as(stranger.id))
    assert reason_of(refused.value) == "ENROLMENT_NOT_FOUND"
