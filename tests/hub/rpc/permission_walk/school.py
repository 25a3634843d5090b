from datetime import timedelta

import grpc

from hub.school import workbook
from hub.spreadsheets.writer import write_workbook
from smartroster.school.v1 import rollover_pb2, statistics_pb2, structure_pb2
from smartroster.school.v1 import school_pb2 as pb
from tests.hub.rpc.permission_walk.callers import Nearness
from tests.hub.rpc.permission_walk.college import Aim
from tests.hub.rpc.permission_walk.row import Row
from tests.hub.school.pictures import picture

# Things that others refer to are archived or deleted later, or never.
_IN_USE = frozenset({grpc.StatusCode.FAILED_PRECONDITION})
_STRUCTURE = "/smartroster.school.v1.StructureService/"
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
    _SCHOOL + "SetLogo": Row(request=lambda _: pb.SetLogoRequest(content=picture())),
    _SCHOOL + "GetLogo": Row(request=lambda _: pb.GetLogoRequest(), accepts=frozenset({grpc.StatusCode.NOT_FOUND})),
    _SCHOOL + "DeleteLogo": Row(request=lambda _: pb.DeleteLogoRequest()),
    _SCHOOL + "UpdateDepartment": Row(
        request=lambda aim: pb.UpdateDepartmentRequest(
            department=pb.Department(id=str(aim.side.department_id), name="Renamed"), update_mask={"paths": ["name"]}
        )
    ),
    _SCHOOL + "ArchiveDepartment": Row(
        request=lambda aim: pb.ArchiveDepartmentRequest(department_id=str(aim.side.department_id)), accepts=_IN_USE
    ),
    _SCHOOL + "RestoreDepartment": Row(
        request=lambda aim: pb.RestoreDepartmentRequest(department_id=str(aim.side.department_id))
    ),
    _SCHOOL + "DeleteDepartment": Row(
        request=lambda aim: pb.DeleteDepartmentRequest(department_id=str(aim.side.department_id)), accepts=_IN_USE
    ),
    _SCHOOL + "GetProgramme": Row(request=lambda aim: pb.GetProgrammeRequest(programme_id=str(aim.side.programme_id))),
    _SCHOOL + "UpdateProgramme": Row(
        request=lambda aim: pb.UpdateProgrammeRequest(
            programme=pb.Programme(id=str(aim.side.programme_id), name="Renamed"), update_mask={"paths": ["name"]}
        )
    ),
    _SCHOOL + "ArchiveProgramme": Row(
        request=lambda aim: pb.ArchiveProgrammeRequest(programme_id=str(aim.side.programme_id)), accepts=_IN_USE
    ),
    _SCHOOL + "RestoreProgramme": Row(
        request=lambda aim: pb.RestoreProgrammeRequest(programme_id=str(aim.side.programme_id))
    ),
    _SCHOOL + "DeleteProgramme": Row(
        request=lambda aim: pb.DeleteProgrammeRequest(programme_id=str(aim.side.programme_id)), accepts=_IN_USE
    ),
    _SCHOOL + "UpdateClassGroup": Row(
        request=lambda aim: pb.UpdateClassGroupRequest(
            class_group=pb.ClassGroup(id=str(aim.side.class_group_id), name="Renamed"), update_mask={"paths": ["name"]}
        )
    ),
    _SCHOOL + "ArchiveClassGroup": Row(
        request=lambda aim: pb.ArchiveClassGroupRequest(class_group_id=str(aim.side.class_group_id)), accepts=_IN_USE
    ),
    _SCHOOL + "RestoreClassGroup": Row(
        request=lambda aim: pb.RestoreClassGroupRequest(class_group_id=str(aim.side.class_group_id))
    ),
    _SCHOOL + "DeleteClassGroup": Row(
        request=lambda aim: pb.DeleteClassGroupRequest(class_group_id=str(aim.side.class_group_id)), accepts=_IN_USE
    ),
    _SCHOOL + "GetAcademicYear": Row(
        request=lambda aim: pb.GetAcademicYearRequest(academic_year_id=str(aim.college.academic_year_id))
    ),
    _SCHOOL + "UpdateAcademicYear": Row(
        request=lambda aim: pb.UpdateAcademicYearRequest(
            academic_year=pb.AcademicYear(id=str(aim.college.academic_year_id), name="Renamed"),
            update_mask={"paths": ["name"]},
        )
    ),
    _SCHOOL + "ActivateAcademicYear": Row(
        request=lambda aim: pb.ActivateAcademicYearRequest(academic_year_id=str(aim.college.academic_year_id))
    ),
    _SCHOOL + "DeleteAcademicYear": Row(
        request=lambda aim: pb.DeleteAcademicYearRequest(academic_year_id=str(aim.college.academic_year_id)),
        accepts=_IN_USE,
    ),
    _SCHOOL + "GetTerm": Row(request=lambda aim: pb.GetTermRequest(term_id=str(aim.college.term_id))),
    _SCHOOL + "UpdateTerm": Row(
        request=lambda aim: pb.UpdateTermRequest(
            term=pb.Term(id=str(aim.college.term_id), number=5), update_mask={"paths": ["number"]}
        )
    ),
    _SCHOOL + "DeleteTerm": Row(
        request=lambda aim: pb.DeleteTermRequest(term_id=str(aim.college.term_id)), accepts=_IN_USE
    ),
    _SCHOOL + "GetCalendarDay": Row(
        request=lambda aim: pb.GetCalendarDayRequest(calendar_day_id=str(aim.college.calendar_day_id))
    ),
    _SCHOOL + "UpdateCalendarDay": Row(
        request=lambda aim: pb.UpdateCalendarDayRequest(
            calendar_day=pb.CalendarDay(id=str(aim.college.calendar_day_id), name="Renamed"),
            update_mask={"paths": ["name"]},
        )
    ),
    _SCHOOL + "DeleteCalendarDay": Row(
        request=lambda aim: pb.DeleteCalendarDayRequest(calendar_day_id=str(aim.college.calendar_day_id))
    ),
    _SCHOOL + "ListHolidayCountries": Row(request=lambda _: pb.ListHolidayCountriesRequest()),
    _SCHOOL + "ImportHolidays": Row(
        request=lambda _: pb.ImportHolidaysRequest(country="KE", start_date="2026-01-01", end_date="2026-12-31")
    ),
    _SCHOOL + "AppointHead": Row(
        # Of the far department: that of the HOD who calls has a head with no other role.
        request=lambda aim: pb.AppointHeadRequest(
            department_id=str(aim.college.sides[Nearness.FAR].department_id),
            user_id=str(aim.college.sides[Nearness.FAR].trainer_id),
        )
    ),
    "/smartroster.school.v1.SchoolStatisticsService/ListStatistics": Row(
        request=lambda _: statistics_pb2.ListStatisticsRequest(level=statistics_pb2.LEVEL_CLASS_GROUP),
        shows=lambda aim: aim.side.class_group_id,
    ),
    "/smartroster.school.v1.RolloverService/RollOver": Row(request=lambda _: rollover_pb2.RollOverRequest(name="Next")),
    _STRUCTURE + "GetStructureTemplate": Row(request=lambda _: structure_pb2.GetStructureTemplateRequest()),
    _STRUCTURE + "ExportStructure": Row(request=lambda _: structure_pb2.ExportStructureRequest()),
    _STRUCTURE + "ImportStructure": Row(
        request=lambda _: structure_pb2.ImportStructureRequest(
            workbook=write_workbook(workbook.SHEETS, title="Structure")
        )
    ),
}
