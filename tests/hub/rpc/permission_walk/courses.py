import grpc
from google.protobuf.duration_pb2 import Duration

from smartroster.courses.v1 import courses_pb2 as courses
from smartroster.courses.v1 import curriculum_pb2 as curriculum
from smartroster.courses.v1 import enrolments_pb2 as enrolments
from smartroster.courses.v1 import one_roster_pb2 as one_roster
from smartroster.courses.v1 import progress_pb2 as progress
from tests.hub.rpc.permission_walk.callers import Nearness
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row, also

_COURSES = "/smartroster.courses.v1.CoursesService/"
_CURRICULUM = "/smartroster.courses.v1.CurriculumService/"
_ENROLMENTS = "/smartroster.courses.v1.EnrolmentsService/"
_PROGRESS = "/smartroster.courses.v1.ProgressService/"
# What the walk's college uses can't be deleted.
_OR_IN_USE = also(grpc.StatusCode.FAILED_PRECONDITION)


def _new_course(aim: Aim) -> courses.CreateCourseRequest:
    return courses.CreateCourseRequest(
        course=courses.Course(
            code="NEW101",
            title="New",
            department_id=str(aim.side.department_id),
            weekly_theory=Duration(seconds=7200),
            default_session_length=Duration(seconds=7200),
        )
    )


def _renamed(aim: Aim) -> courses.UpdateCourseRequest:
    request = courses.UpdateCourseRequest(course=courses.Course(id=str(aim.side.course_id), title="Another"))
    request.update_mask.paths.append("title")
    return request


def _renamed_topic(aim: Aim) -> courses.UpdateTopicRequest:
    request = courses.UpdateTopicRequest(topic=courses.Topic(id=str(aim.side.topic_id), title="Protocols"))
    request.update_mask.paths.append("title")
    return request


def _new_line(aim: Aim) -> curriculum.CreateProgrammeCourseRequest:
    return curriculum.CreateProgrammeCourseRequest(
        programme_course=curriculum.ProgrammeCourse(
            programme_id=str(aim.side.programme_id),
            course_id=str(aim.side.course_id),
            year_of_study=2,
            term_number=1,
            kind=curriculum.ProgrammeCourse.KIND_ELECTIVE,
        )
    )


def _elective(aim: Aim) -> curriculum.UpdateProgrammeCourseRequest:
    line = curriculum.ProgrammeCourse(id=str(aim.side.line_id), kind=curriculum.ProgrammeCourse.KIND_ELECTIVE)
    request = curriculum.UpdateProgrammeCourseRequest(programme_course=line)
    request.update_mask.paths.append("kind")
    return request


def _again(aim: Aim) -> enrolments.CreateEnrolmentRequest:
    return enrolments.CreateEnrolmentRequest(
        enrolment=enrolments.Enrolment(
            class_group_id=str(aim.side.class_group_id),
            course_id=str(aim.side.course_id),
            term_id=str(aim.college.term_id),
            trainer_id=str(aim.side.trainer_id),
        )
    )


def _another_trainer(aim: Aim) -> enrolments.UpdateEnrolmentRequest:
    beside = aim.college.sides[Nearness.BESIDE]
    return enrolments.UpdateEnrolmentRequest(
        enrolment=enrolments.Enrolment(id=str(aim.side.enrolment_id), trainer_id=str(beside.trainer_id))
    )


def _exception(aim: Aim) -> enrolments.EnrolmentException:
    return enrolments.EnrolmentException(
        enrolment_id=str(aim.side.enrolment_id),
        trainee_id=str(aim.side.trainee_id),
        kind=enrolments.EnrolmentException.KIND_LEFT_OUT,
        start_date=aim.college.today.isoformat(),
        end_date=aim.college.today.isoformat(),
    )


def _other_reason(aim: Aim) -> enrolments.UpdateEnrolmentExceptionRequest:
    request = enrolments.UpdateEnrolmentExceptionRequest(
        enrolment_exception=enrolments.EnrolmentException(id=str(aim.side.exception_id), reason="Retake.")
    )
    request.update_mask.paths.append("reason")
    return request


def _new_loan(aim: Aim) -> enrolments.CreateTrainerLoanRequest:
    far = aim.college.sides[Nearness.FAR]
    return enrolments.CreateTrainerLoanRequest(
        trainer_loan=enrolments.TrainerLoan(
            trainer_id=str(aim.side.trainer_id),
            department_id=str(far.department_id),
            start_date=aim.college.today.isoformat(),
        )
    )


def _shorter_loan(aim: Aim) -> enrolments.UpdateTrainerLoanRequest:
    request = enrolments.UpdateTrainerLoanRequest(
        trainer_loan=enrolments.TrainerLoan(id=str(aim.side.loan_id), end_date=aim.college.term.last.isoformat())
    )
    request.update_mask.paths.append("end_date")
    return request


ROWS = {
    _COURSES + "CreateCourse": Row(request=_new_course),
    _COURSES + "GetCourse": Row(request=lambda aim: courses.GetCourseRequest(course_id=str(aim.side.course_id))),
    _COURSES + "ListCourses": Row(request=lambda _: courses.ListCoursesRequest(), shows=lambda aim: aim.side.course_id),
    _COURSES + "UpdateCourse": Row(request=_renamed),
    _COURSES + "ArchiveCourse": Row(
        request=lambda aim: courses.ArchiveCourseRequest(course_id=str(aim.side.course_id))
    ),
    _COURSES + "RestoreCourse": Row(
        request=lambda aim: courses.RestoreCourseRequest(course_id=str(aim.side.course_id))
    ),
    _COURSES + "DeleteCourse": Row(
        request=lambda aim: courses.DeleteCourseRequest(course_id=str(aim.side.course_id)), accepts=_OR_IN_USE
    ),
    _COURSES + "AddPrerequisite": Row(
        request=lambda aim: courses.AddPrerequisiteRequest(
            course_id=str(aim.side.course_id), prerequisite_id=str(aim.side.prerequisite_id)
        )
    ),
    _COURSES + "RemovePrerequisite": Row(
        request=lambda aim: courses.RemovePrerequisiteRequest(
            course_id=str(aim.side.course_id), prerequisite_id=str(aim.side.prerequisite_id)
        )
    ),
    _COURSES + "GetPrerequisiteTree": Row(
        request=lambda aim: courses.GetPrerequisiteTreeRequest(course_id=str(aim.side.course_id))
    ),
    _COURSES + "CreateTopic": Row(
        request=lambda aim: courses.CreateTopicRequest(
            topic=courses.Topic(course_id=str(aim.side.course_id), title="Layers")
        )
    ),
    _COURSES + "ListTopics": Row(request=lambda aim: courses.ListTopicsRequest(course_id=str(aim.side.course_id))),
    _COURSES + "GetCourseOutline": Row(
        request=lambda aim: courses.GetCourseOutlineRequest(course_id=str(aim.side.course_id))
    ),
    _COURSES + "UpdateTopic": Row(request=_renamed_topic),
    _COURSES + "MoveTopic": Row(
        request=lambda aim: courses.MoveTopicRequest(topic_id=str(aim.side.topic_id), position=1)
    ),
    _COURSES + "ReorderTopics": Row(
        request=lambda aim: courses.ReorderTopicsRequest(
            course_id=str(aim.side.course_id), topic_ids=[str(aim.side.topic_id)]
        )
    ),
    _COURSES + "DeleteTopic": Row(
        request=lambda aim: courses.DeleteTopicRequest(topic_id=str(aim.side.topic_id)), accepts=_OR_IN_USE
    ),
    _CURRICULUM + "CreateProgrammeCourse": Row(request=_new_line),
    _CURRICULUM + "GetProgrammeCourse": Row(
        request=lambda aim: curriculum.GetProgrammeCourseRequest(programme_course_id=str(aim.side.line_id))
    ),
    _CURRICULUM + "ListProgrammeCourses": Row(
        request=lambda _: curriculum.ListProgrammeCoursesRequest(), shows=lambda aim: aim.side.line_id
    ),
    _CURRICULUM + "UpdateProgrammeCourse": Row(request=_elective),
    _CURRICULUM + "ArchiveProgrammeCourse": Row(
        request=lambda aim: curriculum.ArchiveProgrammeCourseRequest(programme_course_id=str(aim.side.line_id))
    ),
    _CURRICULUM + "RestoreProgrammeCourse": Row(
        request=lambda aim: curriculum.RestoreProgrammeCourseRequest(programme_course_id=str(aim.side.line_id))
    ),
    _CURRICULUM + "DeleteProgrammeCourse": Row(
        request=lambda aim: curriculum.DeleteProgrammeCourseRequest(programme_course_id=str(aim.side.line_id)),
        accepts=_OR_IN_USE,
    ),
    # The class group takes the course already.
    _ENROLMENTS + "CreateEnrolment": Row(request=_again, accepts=frozenset({grpc.StatusCode.ALREADY_EXISTS})),
    _ENROLMENTS + "GetEnrolment": Row(
        request=lambda aim: enrolments.GetEnrolmentRequest(enrolment_id=str(aim.side.enrolment_id)),
        shows=lambda aim: aim.side.enrolment_id,
    ),
    _ENROLMENTS + "ListEnrolments": Row(
        request=lambda _: enrolments.ListEnrolmentsRequest(), shows=lambda aim: aim.side.enrolment_id
    ),
    _ENROLMENTS + "UpdateEnrolment": Row(request=_another_trainer),
    # It has begun with its term.
    _ENROLMENTS + "StartEnrolment": Row(
        request=lambda aim: enrolments.StartEnrolmentRequest(enrolment_id=str(aim.side.enrolment_id)),
        accepts=frozenset({grpc.StatusCode.FAILED_PRECONDITION}),
    ),
    _ENROLMENTS + "CompleteEnrolment": Row(
        request=lambda aim: enrolments.CompleteEnrolmentRequest(enrolment_id=str(aim.side.enrolment_id))
    ),
    _ENROLMENTS + "CancelEnrolment": Row(
        request=lambda aim: enrolments.CancelEnrolmentRequest(
            enrolment_id=str(aim.side.enrolment_id), reason="Too few trainees."
        )
    ),
    _ENROLMENTS + "DeleteEnrolment": Row(
        request=lambda aim: enrolments.DeleteEnrolmentRequest(enrolment_id=str(aim.side.enrolment_id)),
        accepts=_OR_IN_USE,
    ),
    _ENROLMENTS + "CreateEnrolmentException": Row(
        request=lambda aim: enrolments.CreateEnrolmentExceptionRequest(enrolment_exception=_exception(aim))
    ),
    _ENROLMENTS + "ListEnrolmentExceptions": Row(
        request=lambda _: enrolments.ListEnrolmentExceptionsRequest(), shows=lambda aim: aim.side.exception_id
    ),
    _ENROLMENTS + "UpdateEnrolmentException": Row(request=_other_reason),
    _ENROLMENTS + "DeleteEnrolmentException": Row(
        request=lambda aim: enrolments.DeleteEnrolmentExceptionRequest(
            enrolment_exception_id=str(aim.side.exception_id)
        )
    ),
    _ENROLMENTS + "CreateTrainerLoan": Row(request=_new_loan),
    _ENROLMENTS + "ListTrainerLoans": Row(
        request=lambda _: enrolments.ListTrainerLoansRequest(), shows=lambda aim: aim.side.loan_id
    ),
    _ENROLMENTS + "UpdateTrainerLoan": Row(request=_shorter_loan),
    _ENROLMENTS + "DeleteTrainerLoan": Row(
        request=lambda aim: enrolments.DeleteTrainerLoanRequest(trainer_loan_id=str(aim.side.loan_id))
    ),
    _ENROLMENTS + "GetEnrolmentsTemplate": Row(
        request=lambda aim: enrolments.GetEnrolmentsTemplateRequest(term_id=str(aim.college.term_id))
    ),
    # No workbook at all.
    _ENROLMENTS + "ImportEnrolments": Row(
        request=lambda aim: enrolments.ImportEnrolmentsRequest(term_id=str(aim.college.term_id), workbook=b"x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
    ),
    _PROGRESS + "SetCoveredTopics": Row(
        request=lambda aim: progress.SetCoveredTopicsRequest(
            session_id=str(aim.side.active_session_id), topic_ids=[str(aim.side.topic_id)]
        ),
        shows=lambda aim: aim.side.topic_id,
    ),
    _PROGRESS + "GetCoveredTopics": Row(
        request=lambda aim: progress.GetCoveredTopicsRequest(session_id=str(aim.side.active_session_id)),
        shows=lambda aim: aim.side.enrolment_id,
    ),
    _PROGRESS + "GetEnrolmentProgress": Row(
        request=lambda aim: progress.GetEnrolmentProgressRequest(enrolment_id=str(aim.side.enrolment_id)),
        shows=lambda aim: aim.side.enrolment_id,
    ),
    _PROGRESS + "ListEnrolmentProgress": Row(
        request=lambda _: progress.ListEnrolmentProgressRequest(), shows=lambda aim: aim.side.enrolment_id
    ),
    # No archive at all.
    "/smartroster.courses.v1.OneRosterService/ImportOneRoster": Row(
        request=lambda _: one_roster.ImportOneRosterRequest(archive=b"x"),
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT}),
    ),
}
