from datetime import timedelta
from itertools import pairwise
from typing import Any

import grpc
import pytest
from uuid6 import uuid7

from hub.courses.models import CoursePrerequisite
from smartroster.courses.v1 import courses_pb2, curriculum_pb2, enrolments_pb2
from tests.factories.courses import make_course, make_enrolment, make_exception
from tests.factories.school import make_class_group, make_department, make_term
from tests.factories.users import make_admin, make_trainee, make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, violations_of

Metadata = tuple[tuple[str, str], ...]


@pytest.fixture
async def admin(api: PeopleApi, make_uow: MakeUow) -> Metadata:
    async with make_uow() as uow:
        user = await make_admin(uow)
    return await api.sign_in_as(user.id)


async def _refusal(call: Any) -> grpc.aio.AioRpcError:  # noqa: ANN401 (a call that is being made)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value


async def test_courses_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        department = await make_department(uow)
    create = courses_pb2.CreateCourseRequest(
        request_id=str(uuid7()),
        course=courses_pb2.Course(code="ICT101", title="Networks", department_id=str(department.id)),
    )
    create.course.weekly_theory.FromTimedelta(timedelta(hours=3))
    course = await api.courses.CreateCourse(create, metadata=admin)
    assert course.default_session_length.ToTimedelta() == timedelta(hours=1)
    assert course.weekly_theory.ToTimedelta() == timedelta(hours=3)
    assert await api.courses.CreateCourse(create, metadata=admin) == course
    get = courses_pb2.GetCourseRequest(course_id=course.id)
    assert await api.courses.GetCourse(get, metadata=admin) == course

    update = courses_pb2.UpdateCourseRequest(course=courses_pb2.Course(id=course.id, title="Networks I"))
    update.update_mask.paths.append("title")
    update.course.etag = course.etag
    changed = await api.courses.UpdateCourse(update, metadata=admin)
    assert (changed.title, changed.code) == ("Networks I", "ICT101")
    stale = await _refusal(api.courses.UpdateCourse(update, metadata=admin))
    assert (stale.code(), reason_of(stale)) == (grpc.StatusCode.ABORTED, "ETAG_STALE")

    archive = courses_pb2.ArchiveCourseRequest(course_id=course.id)
    assert (await api.courses.ArchiveCourse(archive, metadata=admin)).archived
    hidden = await api.courses.ListCourses(courses_pb2.ListCoursesRequest(), metadata=admin)
    assert list(hidden.courses) == []
    restore = courses_pb2.RestoreCourseRequest(course_id=course.id)
    assert not (await api.courses.RestoreCourse(restore, metadata=admin)).archived
    await api.courses.DeleteCourse(courses_pb2.DeleteCourseRequest(course_id=course.id), metadata=admin)
    gone = await _refusal(api.courses.GetCourse(get, metadata=admin))
    assert reason_of(gone) == "COURSE_NOT_FOUND"


async def test_courses_are_listed_as_asked(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        department = await make_department(uow)
        for code, title in (("B1", "Zoology"), ("A1", "Networks"), ("C1", "Algèbre")):
            await make_course(uow, code=code, title=title, department_id=department.id)

    async def codes(**wanted: Any) -> list[str]:  # noqa: ANN401 (fields of the request)
        request = courses_pb2.ListCoursesRequest(department_id=str(department.id), **wanted)
        return [one.code for one in (await api.courses.ListCourses(request, metadata=admin)).courses]

    assert await codes() == ["A1", "B1", "C1"]
    assert await codes(order_by="title desc") == ["B1", "A1", "C1"]
    assert await codes(query="netw") == ["A1"]
    assert await codes(query="LGÈB") == ["C1"]
    assert await codes(query="_") == []
    refused = await _refusal(api.courses.ListCourses(courses_pb2.ListCoursesRequest(order_by="etag"), metadata=admin))
    assert "order_by" in violations_of(refused)


async def test_the_curriculum_map_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        group, course = await make_class_group(uow), await make_course(uow)
    create = curriculum_pb2.CreateProgrammeCourseRequest(
        request_id=str(uuid7()),
        programme_course=curriculum_pb2.ProgrammeCourse(
            programme_id=str(group.programme_id),
            course_id=str(course.id),
            year_of_study=1,
            term_number=2,
            kind=curriculum_pb2.ProgrammeCourse.KIND_CORE,
            practical_room_type="lab",
        ),
    )
    line = await api.curriculum.CreateProgrammeCourse(create, metadata=admin)
    assert await api.curriculum.CreateProgrammeCourse(create, metadata=admin) == line
    update = curriculum_pb2.UpdateProgrammeCourseRequest(
        programme_course=curriculum_pb2.ProgrammeCourse(id=line.id, term_number=1, etag=line.etag)
    )
    update.update_mask.paths.append("term_number")
    moved = await api.curriculum.UpdateProgrammeCourse(update, metadata=admin)
    assert (moved.term_number, moved.practical_room_type) == (1, "lab")
    for wanted, expected in (
        ({"programme_id": line.programme_id}, [moved]),
        ({"term_number": 2}, []),
        ({"kind": curriculum_pb2.ProgrammeCourse.KIND_ELECTIVE}, []),
    ):
        listing = curriculum_pb2.ListProgrammeCoursesRequest(**wanted)
        found = await api.curriculum.ListProgrammeCourses(listing, metadata=admin)
        assert list(found.programme_courses) == expected
    get = curriculum_pb2.GetProgrammeCourseRequest(programme_course_id=line.id)
    assert await api.curriculum.GetProgrammeCourse(get, metadata=admin) == moved
    without_kind = curriculum_pb2.CreateProgrammeCourseRequest(programme_course=create.programme_course)
    without_kind.programme_course.kind = curriculum_pb2.ProgrammeCourse.KIND_UNSPECIFIED
    refused = await _refusal(api.curriculum.CreateProgrammeCourse(without_kind, metadata=admin))
    assert "CORE, ELECTIVE" in violations_of(refused)["programme_course.kind"]
    archive = curriculum_pb2.ArchiveProgrammeCourseRequest(programme_course_id=line.id)
    assert (await api.curriculum.ArchiveProgrammeCourse(archive, metadata=admin)).archived
    restore = curriculum_pb2.RestoreProgrammeCourseRequest(programme_course_id=line.id)
    assert not (await api.curriculum.RestoreProgrammeCourse(restore, metadata=admin)).archived
    delete = curriculum_pb2.DeleteProgrammeCourseRequest(programme_course_id=line.id)
    await api.curriculum.DeleteProgrammeCourse(delete, metadata=admin)
    assert reason_of(await _refusal(api.curriculum.GetProgrammeCourse(get, metadata=admin))) == (
        "PROGRAMME_COURSE_NOT_FOUND"
    )


async def test_enrolments_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        made = await make_enrolment(uow)
        trainee = await make_trainee(uow, class_group_id=made.class_group_id)
        stranger, course = await make_trainee(uow), await make_course(uow)
        term = await make_term(uow)
    get = enrolments_pb2.GetEnrolmentRequest(enrolment_id=str(made.id))
    enrolment = await api.enrolments.GetEnrolment(get, metadata=admin)
    assert enrolment.state == enrolments_pb2.Enrolment.STATE_IN_PROGRESS
    assert (enrolment.programme_course_id, enrolment.academic_year_id) == (
        str(made.programme_course_id),
        str(term.academic_year_id),
    )
    for person_id in (made.trainer_id, trainee.id):
        assert await api.enrolments.GetEnrolment(get, metadata=await api.sign_in_as(person_id)) == enrolment
    unseen = await _refusal(api.enrolments.GetEnrolment(get, metadata=await api.sign_in_as(stranger.id)))
    assert reason_of(unseen) == "ENROLMENT_NOT_FOUND"

    wrong = enrolments_pb2.CreateEnrolmentRequest(request_id=str(uuid7()), enrolment=enrolment)
    wrong.enrolment.course_id = str(course.id)
    assert set(violations_of(await _refusal(api.enrolments.CreateEnrolment(wrong, metadata=admin)))) == {
        "enrolment.course_id",
        "enrolment.trainer_id",
    }
    cancel = enrolments_pb2.CancelEnrolmentRequest(
        enrolment_id=enrolment.id, reason="Too few trainees.", etag=enrolment.etag
    )
    cancelled = await api.enrolments.CancelEnrolment(cancel, metadata=admin)
    assert (cancelled.state, cancelled.cancel_reason) == (
        enrolments_pb2.Enrolment.STATE_CANCELLED,
        "Too few trainees.",
    )
    again = enrolments_pb2.CreateEnrolmentRequest(request_id=str(uuid7()), enrolment=enrolment)
    second = await api.enrolments.CreateEnrolment(again, metadata=admin)
    assert await api.enrolments.CreateEnrolment(again, metadata=admin) == second
    start = enrolments_pb2.StartEnrolmentRequest(enrolment_id=second.id)
    refused = await _refusal(api.enrolments.StartEnrolment(start, metadata=admin))
    assert (refused.code(), reason_of(refused)) == (grpc.StatusCode.FAILED_PRECONDITION, "ENROLMENT_MOVE_REFUSED")
    listing = enrolments_pb2.ListEnrolmentsRequest(order_by="create_time desc")
    found = await api.enrolments.ListEnrolments(listing, metadata=admin)
    assert {one.id for one in found.enrolments} == {enrolment.id, second.id}
    listing.state = enrolments_pb2.Enrolment.STATE_CANCELLED
    assert list((await api.enrolments.ListEnrolments(listing, metadata=admin)).enrolments) == [cancelled]
    complete = enrolments_pb2.CompleteEnrolmentRequest(enrolment_id=second.id)
    done = await api.enrolments.CompleteEnrolment(complete, metadata=admin)
    assert done.state == enrolments_pb2.Enrolment.STATE_COMPLETED


async def test_exceptions_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
        trainee, other = await make_trainee(uow, class_group_id=enrolment.class_group_id), await make_trainee(uow)
        await make_exception(uow, enrolment_id=enrolment.id, trainee_id=other.id)
    leave_out = enrolments_pb2.EnrolmentException(
        enrolment_id=str(enrolment.id),
        trainee_id=str(trainee.id),
        kind=enrolments_pb2.EnrolmentException.KIND_LEFT_OUT,
        start_date="2026-03-03",
    )
    made = await api.enrolments.CreateEnrolmentException(
        enrolments_pb2.CreateEnrolmentExceptionRequest(enrolment_exception=leave_out), metadata=admin
    )
    assert (made.kind, made.end_date) == (enrolments_pb2.EnrolmentException.KIND_LEFT_OUT, "")
    update = enrolments_pb2.UpdateEnrolmentExceptionRequest(
        enrolment_exception=enrolments_pb2.EnrolmentException(id=made.id, end_date="2026-03-20", etag=made.etag)
    )
    update.update_mask.paths.append("end_date")
    changed = await api.enrolments.UpdateEnrolmentException(update, metadata=admin)
    assert (changed.start_date, changed.end_date) == ("2026-03-03", "2026-03-20")
    listing = enrolments_pb2.ListEnrolmentExceptionsRequest(enrolment_id=str(enrolment.id))
    everyone = await api.enrolments.ListEnrolmentExceptions(listing, metadata=admin)
    assert len(everyone.enrolment_exceptions) == 2
    listing.order_by = "start_date desc"
    other_way = await api.enrolments.ListEnrolmentExceptions(listing, metadata=admin)
    assert list(other_way.enrolment_exceptions) == list(everyone.enrolment_exceptions)[::-1]
    own = await api.enrolments.ListEnrolmentExceptions(listing, metadata=await api.sign_in_as(trainee.id))
    assert list(own.enrolment_exceptions) == [changed]
    delete = enrolments_pb2.DeleteEnrolmentExceptionRequest(enrolment_exception_id=made.id, etag=changed.etag)
    await api.enrolments.DeleteEnrolmentException(delete, metadata=admin)
    assert len((await api.enrolments.ListEnrolmentExceptions(listing, metadata=admin)).enrolment_exceptions) == 1


async def test_loans_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        trainer, department = await make_trainer(uow), await make_department(uow)
    wanted = enrolments_pb2.TrainerLoan(
        trainer_id=str(trainer.id), department_id=str(department.id), start_date="2026-03-02", reason="Sick colleague"
    )
    create = enrolments_pb2.CreateTrainerLoanRequest(request_id=str(uuid7()), trainer_loan=wanted)
    loan = await api.enrolments.CreateTrainerLoan(create, metadata=admin)
    assert (loan.end_date, loan.reason) == ("", "Sick colleague")
    update = enrolments_pb2.UpdateTrainerLoanRequest(
        trainer_loan=enrolments_pb2.TrainerLoan(id=loan.id, end_date="2026-04-10", etag=loan.etag)
    )
    update.update_mask.paths.append("end_date")
    changed = await api.enrolments.UpdateTrainerLoan(update, metadata=admin)
    assert (changed.start_date, changed.end_date) == ("2026-03-02", "2026-04-10")
    listing = enrolments_pb2.ListTrainerLoansRequest(department_id=str(department.id), on_date="2026-04-10")
    assert list((await api.enrolments.ListTrainerLoans(listing, metadata=admin)).trainer_loans) == [changed]
    listing.order_by = "reason"
    assert set(violations_of(await _refusal(api.enrolments.ListTrainerLoans(listing, metadata=admin)))) == {"order_by"}
    listing.order_by = "update_time desc"
    delete = enrolments_pb2.DeleteTrainerLoanRequest(trainer_loan_id=loan.id)
    await api.enrolments.DeleteTrainerLoan(delete, metadata=admin)
    assert list((await api.enrolments.ListTrainerLoans(listing, metadata=admin)).trainer_loans) == []


async def test_prerequisites_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        a, b = await make_course(uow, code="A"), await make_course(uow, code="B")
    create = courses_pb2.CreateCourseRequest(
        request_id=str(uuid7()),
        course=courses_pb2.Course(
            code="C", title="Networks", department_id=str(a.department_id), prerequisite_ids=[str(b.id)]
        ),
    )
    c = await api.courses.CreateCourse(create, metadata=admin)
    assert list(c.prerequisite_ids) == [str(b.id)]
    tree = await api.courses.AddPrerequisite(
        courses_pb2.AddPrerequisiteRequest(course_id=str(b.id), prerequisite_id=str(a.id)), metadata=admin
    )
    assert [(node.course.code, node.depth) for node in tree.nodes] == [("B", 0), ("A", 1)]
    whole = await api.courses.GetPrerequisiteTree(
        courses_pb2.GetPrerequisiteTreeRequest(course_id=c.id), metadata=admin
    )
    assert [
        (node.course.code, node.depth, list(node.required_by_ids), list(node.course.prerequisite_ids))
        for node in whole.nodes
    ] == [("C", 0, [], [str(b.id)]), ("B", 1, [c.id], [str(a.id)]), ("A", 2, [str(b.id)], [])]
    closing = courses_pb2.AddPrerequisiteRequest(course_id=str(a.id), prerequisite_id=c.id)
    refused = await _refusal(api.courses.AddPrerequisite(closing, metadata=admin))
    assert (refused.code(), reason_of(refused)) == (grpc.StatusCode.FAILED_PRECONDITION, "PREREQUISITE_CYCLE")
    assert "A → C → B → A" in str(refused.details())
    removed = await api.courses.RemovePrerequisite(
        courses_pb2.RemovePrerequisiteRequest(course_id=c.id, prerequisite_id=str(b.id)), metadata=admin
    )
    assert [node.course.code for node in removed.nodes] == ["C"]


async def test_topics_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        course = await make_course(uow)

    async def create(title: str, parent_id: str = "") -> courses_pb2.Topic:
        topic = courses_pb2.Topic(course_id=str(course.id), parent_topic_id=parent_id, title=title)
        topic.planned_duration.FromTimedelta(timedelta(hours=1))
        request = courses_pb2.CreateTopicRequest(request_id=str(uuid7()), topic=topic)
        made: courses_pb2.Topic = await api.courses.CreateTopic(request, metadata=admin)
        assert await api.courses.CreateTopic(request, metadata=admin) == made
        return made

    layers, routing = await create("Layers"), await create("Routing")
    link = await create("Link layer", layers.id)
    outline = await api.courses.GetCourseOutline(
        courses_pb2.GetCourseOutlineRequest(course_id=str(course.id)), metadata=admin
    )
    assert [topic.id for topic in outline.topics] == [layers.id, link.id, routing.id]
    assert outline.planned_duration.ToTimedelta() == timedelta(hours=2)
    assert outline.course_length.ToTimedelta() == timedelta(hours=56)
    listing = courses_pb2.ListTopicsRequest(course_id=str(course.id))
    assert [one.position for one in (await api.courses.ListTopics(listing, metadata=admin)).topics] == [1, 2]
    listing.parent_topic_id = layers.id
    assert list((await api.courses.ListTopics(listing, metadata=admin)).topics) == [link]
    update = courses_pb2.UpdateTopicRequest(topic=courses_pb2.Topic(id=link.id, title="Ethernet", etag=link.etag))
    update.update_mask.paths.append("title")
    renamed = await api.courses.UpdateTopic(update, metadata=admin)
    assert (renamed.title, renamed.planned_duration) == ("Ethernet", link.planned_duration)
    move = courses_pb2.MoveTopicRequest(topic_id=link.id, parent_topic_id=routing.id)
    assert (await api.courses.MoveTopic(move, metadata=admin)).parent_topic_id == routing.id
    reorder = courses_pb2.ReorderTopicsRequest(course_id=str(course.id), topic_ids=[routing.id, layers.id])
    reordered = await api.courses.ReorderTopics(reorder, metadata=admin)
    assert [topic.title for topic in reordered.topics] == ["Routing", "Ethernet", "Layers"]
    delete = courses_pb2.DeleteTopicRequest(topic_id=routing.id)
    refused = await _refusal(api.courses.DeleteTopic(delete, metadata=admin))
    assert (refused.code(), reason_of(refused)) == (grpc.StatusCode.FAILED_PRECONDITION, "TOPIC_IN_USE")
    delete.force = True
    await api.courses.DeleteTopic(delete, metadata=admin)
    listing.parent_topic_id = ""
    assert [one.position for one in (await api.courses.ListTopics(listing, metadata=admin)).topics] == [1]


async def test_a_cycle_of_fifty_is_told_over_the_api(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    async with make_uow() as uow:
        department = await make_department(uow)
        courses = [await make_course(uow, code=f"{number:030}", department_id=department.id) for number in range(50)]
        for needing, needed in pairwise(courses):
            uow.session.add(CoursePrerequisite(course_id=needing.id, prerequisite_id=needed.id))
    closing = courses_pb2.AddPrerequisiteRequest(course_id=str(courses[-1].id), prerequisite_id=str(courses[0].id))
    refused = await _refusal(api.courses.AddPrerequisite(closing, metadata=admin))
    assert reason_of(refused) == "PREREQUISITE_CYCLE"
    assert " → ".join(course.code for course in courses) in str(refused.details())
