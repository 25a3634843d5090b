from google.protobuf.duration_pb2 import Duration

from smartroster.courses.v1 import courses_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim, Nearness
from tests.hub.rpc.permission_walk.row import Row

_COURSES = "/smartroster.courses.v1.CoursesService/"


def _new_course(aim: Aim) -> pb.CreateCourseRequest:
    return pb.CreateCourseRequest(
        course=pb.Course(
            code="NEW101",
            title="New",
            department_id=str(aim.side.department_id),
            weekly_theory=Duration(seconds=7200),
            default_session_length=Duration(seconds=7200),
        )
    )


def _another_groups_enrolment(aim: Aim) -> pb.CreateEnrolmentRequest:
    beside = aim.college.sides[Nearness.BESIDE]
    return pb.CreateEnrolmentRequest(
        enrolment=pb.Enrolment(
            class_group_id=str(beside.class_group_id),
            course_id=str(aim.side.course_id),
            term_id=str(aim.college.term_id),
            trainer_id=str(aim.side.trainer_id),
        )
    )


ROWS = {
    _COURSES + "CreateCourse": Row(request=_new_course),
    _COURSES + "GetCourse": Row(request=lambda aim: pb.GetCourseRequest(course_id=str(aim.side.course_id))),
    _COURSES + "ListCourses": Row(request=lambda _: pb.ListCoursesRequest(), shows=lambda aim: aim.side.course_id),
    _COURSES + "CreateEnrolment": Row(request=_another_groups_enrolment),
    _COURSES + "GetEnrolment": Row(
        request=lambda aim: pb.GetEnrolmentRequest(enrolment_id=str(aim.side.enrolment_id)),
        shows=lambda aim: aim.side.enrolment_id,
    ),
    _COURSES + "ListEnrolments": Row(
        request=lambda _: pb.ListEnrolmentsRequest(), shows=lambda aim: aim.side.enrolment_id
    ),
    _COURSES + "CreateEnrolmentException": Row(
        request=lambda aim: pb.CreateEnrolmentExceptionRequest(
            enrolment_exception=pb.EnrolmentException(
                enrolment_id=str(aim.side.enrolment_id),
                trainee_id=str(aim.side.trainee_id),
                kind=pb.EnrolmentException.KIND_LEFT_OUT,
                start_date=aim.college.today.isoformat(),
            )
        )
    ),
}
