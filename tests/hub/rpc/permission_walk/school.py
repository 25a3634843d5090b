from datetime import timedelta

import grpc

from smartroster.school.v1 import school_pb2 as pb
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row

_SCHOOL = "/smartroster.school.v1.SchoolService/"


def _update_school(_: Aim) -> pb.UpdateSchoolRequest:
    request = pb.UpdateSchoolRequest(school=pb.School(address="PO Box 9"))
    request.update_mask.paths.append("address")
    return request


def _next_year(aim: Aim) -> pb.AcademicYear:
    return pb.AcademicYear(
        name="Next",
        start_date=(aim.college.term.last + timedelta(days=1)).isoformat(),
        end_date=(aim.college.term.last + timedelta(days=300)).isoformat(),
    )


ROWS = {
    _SCHOOL + "CreateSchool": Row(
        request=lambda _: pb.CreateSchoolRequest(
            school=pb.School(name="Second", code="SEC", time_zone="Africa/Nairobi", locale="en-KE")
        ),
        accepts=frozenset({grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.FAILED_PRECONDITION}),
    ),
    _SCHOOL + "GetSchool": Row(request=lambda _: pb.GetSchoolRequest()),
    _SCHOOL + "UpdateSchool": Row(request=_update_school),
    _SCHOOL + "CreateDepartment": Row(
        request=lambda _: pb.CreateDepartmentRequest(department=pb.Department(code="NEW", name="New"))
    ),
    _SCHOOL + "GetDepartment": Row(
        request=lambda aim: pb.GetDepartmentRequest(department_id=str(aim.side.department_id))
    ),
    _SCHOOL + "ListDepartments": Row(
        request=lambda _: pb.ListDepartmentsRequest(), shows=lambda aim: aim.side.department_id
    ),
    _SCHOOL + "CreateProgramme": Row(
        request=lambda aim: pb.CreateProgrammeRequest(
            programme=pb.Programme(
                department_id=str(aim.side.department_id),
                code="NEW",
                name="New",
                level="diploma",
                duration_years=2,
                terms_per_year=3,
            )
        )
    ),
    _SCHOOL + "ListProgrammes": Row(
        request=lambda _: pb.ListProgrammesRequest(), shows=lambda aim: aim.side.programme_id
    ),
    _SCHOOL + "CreateClassGroup": Row(
        request=lambda aim: pb.CreateClassGroupRequest(
            class_group=pb.ClassGroup(
                programme_id=str(aim.side.programme_id), intake_year=aim.college.today.year, stream="Z"
            )
        )
    ),
    _SCHOOL + "GetClassGroup": Row(
        request=lambda aim: pb.GetClassGroupRequest(class_group_id=str(aim.side.class_group_id))
    ),
    _SCHOOL + "ListClassGroups": Row(
        request=lambda _: pb.ListClassGroupsRequest(), shows=lambda aim: aim.side.class_group_id
    ),
    _SCHOOL + "CreateAcademicYear": Row(
        request=lambda aim: pb.CreateAcademicYearRequest(academic_year=_next_year(aim))
    ),
    _SCHOOL + "ListAcademicYears": Row(
        request=lambda _: pb.ListAcademicYearsRequest(), shows=lambda aim: aim.college.academic_year_id
    ),
    _SCHOOL + "CreateTerm": Row(
        request=lambda aim: pb.CreateTermRequest(
            term=pb.Term(
                academic_year_id=str(aim.college.academic_year_id),
                number=2,
                start_date=aim.college.term.first.isoformat(),
                end_date=aim.college.term.last.isoformat(),
            )
        ),
        # It overlaps the term that is there.
        accepts=frozenset({grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION}),
    ),
    _SCHOOL + "ListTerms": Row(request=lambda _: pb.ListTermsRequest(), shows=lambda aim: aim.college.term_id),
    _SCHOOL + "CreateCalendarDay": Row(
        request=lambda aim: pb.CreateCalendarDayRequest(
            calendar_day=pb.CalendarDay(
                date=aim.college.today.isoformat(), kind=pb.CalendarDay.KIND_HOLIDAY, name="Free day"
            )
        )
    ),
    _SCHOOL + "ListCalendarDays": Row(
        request=lambda aim: pb.ListCalendarDaysRequest(
            start_date=aim.college.term.first.isoformat(), end_date=aim.college.term.last.isoformat()
        )
    ),
}
