import grpc
import pytest
from uuid6 import uuid7

from smartroster.school.v1 import school_pb2 as pb
from tests.factories.school import SCHOOL, make_calendar_day, make_department
from tests.factories.users import make_admin, make_dp_academics, make_hod, make_trainee
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, violations_of

WANTED = pb.School(**SCHOOL)  # type: ignore[arg-type] # fields by name


async def test_a_college_is_built_through_the_api(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
    metadata = await api.sign_in_as(admin.id)
    school = await api.school.CreateSchool(pb.CreateSchoolRequest(school=WANTED), metadata=metadata)
    assert await api.school.GetSchool(pb.GetSchoolRequest(), metadata=metadata) == school
    request = pb.CreateDepartmentRequest(
        request_id=str(uuid7()), department=pb.Department(code="ICT", name="Computing")
    )
    department = await api.school.CreateDepartment(request, metadata=metadata)
    assert await api.school.CreateDepartment(request, metadata=metadata) == department
    programme = await api.school.CreateProgramme(
        pb.CreateProgrammeRequest(
            programme=pb.Programme(
                department_id=department.id,
                code="DICT",
                name="Diploma",
                level="diploma",
                duration_years=3,
                terms_per_year=3,
            )
        ),
        metadata=metadata,
    )
    group = await api.school.CreateClassGroup(
        pb.CreateClassGroupRequest(
            class_group=pb.ClassGroup(programme_id=programme.id, intake_year=2026, stream="A", capacity=40)
        ),
        metadata=metadata,
    )
    assert group.name == "DICT-2026-A"
    year = await api.school.CreateAcademicYear(
        pb.CreateAcademicYearRequest(
            academic_year=pb.AcademicYear(name="2026", start_date="2026-01-01", end_date="2026-12-31", active=True)
        ),
        metadata=metadata,
    )
    terms = [
        await api.school.CreateTerm(
            pb.CreateTermRequest(term=pb.Term(academic_year_id=year.id, number=number, start_date=start, end_date=end)),
            metadata=metadata,
        )
        for number, start, end in ((1, "2026-01-05", "2026-04-10"), (2, "2026-05-04", "2026-08-07"))
    ]
    assert [term.current for term in terms] == [True, False]
    listed = [
        (await api.school.ListDepartments(pb.ListDepartmentsRequest(), metadata=metadata)).departments,
        (
            await api.school.ListProgrammes(pb.ListProgrammesRequest(department_id=department.id), metadata=metadata)
        ).programmes,
        (
            await api.school.ListClassGroups(pb.ListClassGroupsRequest(programme_id=programme.id), metadata=metadata)
        ).class_groups,
        (await api.school.ListAcademicYears(pb.ListAcademicYearsRequest(), metadata=metadata)).academic_years,
        (await api.school.ListTerms(pb.ListTermsRequest(academic_year_id=year.id), metadata=metadata)).terms,
    ]
    assert [list(items) for items in listed] == [[department], [programme], [group], [year], terms[::-1]]
    assert await api.school.GetClassGroup(pb.GetClassGroupRequest(class_group_id=group.id), metadata=metadata) == group


async def test_a_term_ends_being_current_with_the_schools_day(
    api: PeopleApi, make_uow: MakeUow, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
    metadata = await api.sign_in_as(admin.id)
    await api.school.CreateSchool(pb.CreateSchoolRequest(school=WANTED), metadata=metadata)
    year = await api.school.CreateAcademicYear(
        pb.CreateAcademicYearRequest(
            academic_year=pb.AcademicYear(name="2026", start_date="2026-01-01", end_date="2026-12-31")
        ),
        metadata=metadata,
    )
    term = pb.Term(academic_year_id=year.id, number=1, start_date="2026-01-05", end_date="2026-03-02")
    await api.school.CreateTerm(pb.CreateTermRequest(term=term), metadata=metadata)
    for hour, current in ((20, True), (21, False)):  # 23:00 and 00:00 in Nairobi
        clock.set(clock.now().replace(hour=hour))
        metadata = await api.sign_in_as(admin.id)
        [listed] = (await api.school.ListTerms(pb.ListTermsRequest(), metadata=metadata)).terms
        assert listed.current is current


async def test_calendar_days_are_listed_between_dates(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        deputy, trainee = await make_dp_academics(uow), await make_trainee(uow)
    day = pb.CalendarDay(date="2026-04-03", kind=pb.CalendarDay.KIND_HOLIDAY, name="Good Friday")
    request = pb.CreateCalendarDayRequest(request_id=str(uuid7()), calendar_day=day)
    made = await api.school.CreateCalendarDay(request, metadata=await api.sign_in_as(deputy.id))
    metadata = await api.sign_in_as(trainee.id)
    for start, end, expected in (("", "", [made]), ("2026-04-03", "2026-04-03", [made]), ("2026-04-04", "", [])):
        listing = pb.ListCalendarDaysRequest(start_date=start, end_date=end)
        assert list((await api.school.ListCalendarDays(listing, metadata=metadata)).calendar_days) == expected
    request.request_id = str(uuid7())
    request.calendar_day.kind = pb.CalendarDay.KIND_UNSPECIFIED
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.CreateCalendarDay(request, metadata=await api.sign_in_as(deputy.id))
    assert set(violations_of(refused.value)) == {"calendar_day.kind"}


async def test_a_department_shows_its_head(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        department, _ = await make_department(uow, code="A"), await make_department(uow, code="B")
        head = await make_hod(uow, department_id=department.id)
        await make_calendar_day(uow, day=head.create_time.date())
    metadata = await api.sign_in_as(head.id)
    listed = await api.school.ListDepartments(pb.ListDepartmentsRequest(), metadata=metadata)
    assert [item.hod_user_id for item in listed.departments] == [str(head.id), ""]
    one = await api.school.GetDepartment(pb.GetDepartmentRequest(department_id=str(department.id)), metadata=metadata)
    assert one.hod_user_id == str(head.id)


async def test_updating_the_school_needs_a_fresh_etag(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
    metadata = await api.sign_in_as(admin.id)
    school = await api.school.CreateSchool(pb.CreateSchoolRequest(school=WANTED), metadata=metadata)
    school.address = "PO Box 8"
    request = pb.UpdateSchoolRequest(school=school, update_mask={"paths": ["address"]})
    updated = await api.school.UpdateSchool(request, metadata=metadata)
    assert (updated.address, updated.name) == ("PO Box 8", SCHOOL["name"])
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.UpdateSchool(request, metadata=metadata)
    assert reason_of(refused.value) == "ETAG_STALE"
