from typing import Any

import grpc
import pytest
from uuid6 import uuid7

from smartroster.school.v1 import school_pb2 as pb
from tests.factories.school import (
    SCHOOL,
    make_academic_year,
    make_calendar_day,
    make_class_group,
    make_department,
    make_programme,
    make_school,
    make_term,
)
from tests.factories.users import make_admin, make_dp_academics, make_hod, make_trainee, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, violations_of
from tests.hub.school.pictures import picture

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
    group.year_of_study = 1  # since a year is active
    assert [list(items) for items in listed] == [[department], [programme], [group], [year], terms[::-1]]
    got = [
        await api.school.GetDepartment(pb.GetDepartmentRequest(department_id=department.id), metadata=metadata),
        await api.school.GetProgramme(pb.GetProgrammeRequest(programme_id=programme.id), metadata=metadata),
        await api.school.GetClassGroup(pb.GetClassGroupRequest(class_group_id=group.id), metadata=metadata),
        await api.school.GetAcademicYear(pb.GetAcademicYearRequest(academic_year_id=year.id), metadata=metadata),
        await api.school.GetTerm(pb.GetTermRequest(term_id=terms[0].id), metadata=metadata),
    ]
    assert got == [department, programme, group, year, terms[0]]
    assert (year.current, year.length_days, terms[0].length_days) == (True, 365, 96)


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


async def test_lists_are_filtered_and_sorted(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
        ict = await make_department(uow, code="ICT", name="Computing")
        old = await make_department(uow, code="OLD", name="Typewriting")
        old.archived = True
        await make_department(uow, code="BUS", name="Accounts")
        diploma = await make_programme(uow, department_id=ict.id, code="D", name="Networks")
        await make_programme(uow, department_id=ict.id, code="C", name="Repair", level="certificate")
        for intake, stream in ((2025, "A"), (2026, "B"), (2026, "A")):
            await make_class_group(uow, programme_id=diploma.id, intake_year=intake, stream=stream)
        await make_class_group(uow, name="Elsewhere")
    metadata = await api.sign_in_as(admin.id)

    async def departments(**fields: Any) -> list[str]:  # noqa: ANN401 (fields by name)
        answer = await api.school.ListDepartments(pb.ListDepartmentsRequest(**fields), metadata=metadata)
        return [item.code for item in answer.departments if item.code in ("ICT", "OLD", "BUS")]

    assert await departments() == ["BUS", "ICT"]
    assert await departments(order_by="name desc") == ["ICT", "BUS"]
    assert await departments(include_archived=True) == ["BUS", "ICT", "OLD"]
    assert await departments(query="omPut") == ["ICT"]
    assert await departments(query="%") == []
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await departments(order_by="etag")
    assert set(violations_of(refused.value)) == {"order_by"}

    async def programmes(**fields: Any) -> list[str]:  # noqa: ANN401 (fields by name)
        answer = await api.school.ListProgrammes(pb.ListProgrammesRequest(**fields), metadata=metadata)
        return [item.code for item in answer.programmes]

    assert await programmes(department_id=str(ict.id)) == ["C", "D"]
    assert await programmes(level="certificate") == ["C"]
    assert await programmes(query="net") == ["D"]

    async def groups(**fields: Any) -> list[str]:  # noqa: ANN401 (fields by name)
        answer = await api.school.ListClassGroups(pb.ListClassGroupsRequest(**fields), metadata=metadata)
        return [item.name for item in answer.class_groups]

    assert await groups(department_id=str(ict.id)) == ["D-2025-A", "D-2026-A", "D-2026-B"]
    assert await groups(programme_id=str(diploma.id), intake_year=2026, order_by="stream desc") == [
        "D-2026-B",
        "D-2026-A",
    ]
    assert await groups(query="else") == ["Elsewhere"]


async def test_years_terms_and_days_are_filtered_and_sorted(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
        term = await make_term(uow)
        group, other = await make_class_group(uow), await make_class_group(uow)
        days = [
            await make_calendar_day(uow, day=term.start_date),
            await make_calendar_day(uow, day=term.end_date, class_group_id=group.id),
            await make_calendar_day(uow, day=term.end_date, class_group_id=other.id),
        ]
    metadata = await api.sign_in_as(admin.id)
    for day, expected in ((term.start_date, 1), (term.end_date, 1), (term.end_date.replace(month=12), 0)):
        request = pb.ListTermsRequest(date=day.isoformat())
        assert len((await api.school.ListTerms(request, metadata=metadata)).terms) == expected
        years = pb.ListAcademicYearsRequest(date=day.isoformat(), query="2026", order_by="name")
        assert len((await api.school.ListAcademicYears(years, metadata=metadata)).academic_years) == 1
    listing = pb.ListCalendarDaysRequest(class_group_id=str(group.id), order_by="date desc")
    found = (await api.school.ListCalendarDays(listing, metadata=metadata)).calendar_days
    assert [day.id for day in found] == [str(days[1].id), str(days[0].id)]
    closures = pb.ListCalendarDaysRequest(kind=pb.CalendarDay.KIND_CLOSURE)
    assert not (await api.school.ListCalendarDays(closures, metadata=metadata)).calendar_days


async def test_parts_are_updated_archived_restored_and_deleted(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin = await make_admin(uow)
        group = await make_class_group(uow)
        programme_id, group_id = str(group.programme_id), str(group.id)
        term = await make_term(uow)
        day = await make_calendar_day(uow, day=term.start_date)
    metadata = await api.sign_in_as(admin.id)
    updated = await api.school.UpdateClassGroup(
        pb.UpdateClassGroupRequest(class_group=pb.ClassGroup(id=group_id, stream="Z", intake_year=2025, etag="1")),
        metadata=metadata,
    )
    assert (updated.stream, updated.intake_year, updated.capacity, updated.etag) == ("Z", 2025, 40, "2")
    masked = pb.UpdateProgrammeRequest(
        programme=pb.Programme(id=programme_id, name="Renamed"), update_mask={"paths": ["name"]}
    )
    assert (await api.school.UpdateProgramme(masked, metadata=metadata)).name == "Renamed"
    archived = await api.school.ArchiveClassGroup(
        pb.ArchiveClassGroupRequest(class_group_id=group_id, etag="2"), metadata=metadata
    )
    assert archived.archived
    archive = pb.ArchiveProgrammeRequest(programme_id=programme_id)
    assert (await api.school.ArchiveProgramme(archive, metadata=metadata)).archived
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.RestoreClassGroup(pb.RestoreClassGroupRequest(class_group_id=group_id), metadata=metadata)
    assert (refused.value.code(), reason_of(refused.value)) == (grpc.StatusCode.FAILED_PRECONDITION, "PART_ARCHIVED")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.DeleteProgramme(pb.DeleteProgrammeRequest(programme_id=programme_id), metadata=metadata)
    assert (refused.value.code(), reason_of(refused.value)) == (grpc.StatusCode.FAILED_PRECONDITION, "PART_IN_USE")
    await api.school.DeleteClassGroup(pb.DeleteClassGroupRequest(class_group_id=group_id), metadata=metadata)
    await api.school.DeleteProgramme(pb.DeleteProgrammeRequest(programme_id=programme_id), metadata=metadata)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.GetProgramme(pb.GetProgrammeRequest(programme_id=programme_id), metadata=metadata)
    assert reason_of(refused.value) == "PROGRAMME_NOT_FOUND"
    shorter = pb.UpdateTermRequest(
        term=pb.Term(id=str(term.id), end_date="2026-03-31"), update_mask={"paths": ["end_date"]}
    )
    assert (await api.school.UpdateTerm(shorter, metadata=metadata)).length_days == 86
    inactive = pb.UpdateAcademicYearRequest(
        academic_year=pb.AcademicYear(id=str(term.academic_year_id)), update_mask={"paths": ["active"]}
    )
    year = await api.school.UpdateAcademicYear(inactive, metadata=metadata)
    assert not year.active
    again = pb.ActivateAcademicYearRequest(academic_year_id=year.id, etag=year.etag)
    assert (await api.school.ActivateAcademicYear(again, metadata=metadata)).active
    renamed = pb.UpdateCalendarDayRequest(
        calendar_day=pb.CalendarDay(id=str(day.id), name="Open day"), update_mask={"paths": ["name"]}
    )
    assert (await api.school.UpdateCalendarDay(renamed, metadata=metadata)).name == "Open day"
    got = await api.school.GetCalendarDay(pb.GetCalendarDayRequest(calendar_day_id=str(day.id)), metadata=metadata)
    assert (got.name, got.kind) == ("Open day", pb.CalendarDay.KIND_HOLIDAY)
    await api.school.DeleteCalendarDay(pb.DeleteCalendarDayRequest(calendar_day_id=str(day.id)), metadata=metadata)
    await api.school.DeleteTerm(pb.DeleteTermRequest(term_id=str(term.id)), metadata=metadata)
    year_id = str(term.academic_year_id)
    await api.school.DeleteAcademicYear(pb.DeleteAcademicYearRequest(academic_year_id=year_id), metadata=metadata)


async def test_a_class_group_without_capacity_gets_the_schools(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin, programme = await make_admin(uow), await make_programme(uow)
    metadata = await api.sign_in_as(admin.id)
    school = pb.School()
    school.CopyFrom(WANTED)
    school.default_policies.class_group_capacity = 25
    made = await api.school.CreateSchool(pb.CreateSchoolRequest(school=school), metadata=metadata)
    assert (made.default_policies, made.programme_levels[0]) == (school.default_policies, "certificate")
    for group, capacity in (
        (pb.ClassGroup(stream="A"), 25),
        (pb.ClassGroup(stream="B", capacity=0), 0),
        (pb.ClassGroup(stream="C", capacity=7), 7),
    ):
        group.programme_id, group.intake_year = str(programme.id), 2026
        request = pb.CreateClassGroupRequest(class_group=group)
        assert (await api.school.CreateClassGroup(request, metadata=metadata)).capacity == capacity


async def test_the_logo_is_set_shown_and_removed(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin, trainee = await make_admin(uow), await make_trainee(uow)
        await make_school(uow)
    metadata = await api.sign_in_as(admin.id)
    school = await api.school.SetLogo(pb.SetLogoRequest(content=picture()), metadata=metadata)
    logo = await api.school.GetLogo(pb.GetLogoRequest(), metadata=await api.sign_in_as(trainee.id))
    assert (logo.content, logo.media_type, school.logo_media_type) == (picture(), "image/png", "image/png")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.SetLogo(pb.SetLogoRequest(content=b"nothing"), metadata=metadata)
    assert (set(violations_of(refused.value)), reason_of(refused.value)) == ({"content"}, "LOGO_INVALID")
    school = await api.school.DeleteLogo(pb.DeleteLogoRequest(etag=school.etag), metadata=metadata)
    assert school.logo_sha256 == ""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.GetLogo(pb.GetLogoRequest(), metadata=metadata)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_head_is_appointed_and_shown(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admin, department = await make_admin(uow), await make_department(uow)
        trainer, stranger = await make_trainer(uow, department_id=department.id), await make_trainer(uow)
    metadata = await api.sign_in_as(admin.id)
    request = pb.AppointHeadRequest(department_id=str(department.id), user_id=str(stranger.id))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.school.AppointHead(request, metadata=metadata)
    assert (set(violations_of(refused.value)), reason_of(refused.value)) == ({"user_id"}, "NOT_OF_DEPARTMENT")
    request.user_id = str(trainer.id)
    assert (await api.school.AppointHead(request, metadata=metadata)).hod_user_id == str(trainer.id)
    request.user_id = ""
    assert (await api.school.AppointHead(request, metadata=metadata)).hod_user_id == ""


async def test_holidays_are_imported_after_a_dry_run(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        deputy = await make_dp_academics(uow)
        await make_school(uow)
        await make_academic_year(uow)
    metadata = await api.sign_in_as(deputy.id)
    request = pb.ImportHolidaysRequest(country="KE", start_date="2026-01-01", end_date="2026-12-31", validate_only=True)
    dry = await api.school.ImportHolidays(request, metadata=metadata)
    assert (len(dry.created), dry.created[0].id, dry.committed) == (11, "", False)
    assert not (await api.school.ListCalendarDays(pb.ListCalendarDaysRequest(), metadata=metadata)).calendar_days
    request.validate_only = False
    done = await api.school.ImportHolidays(request, metadata=metadata)
    listed = (await api.school.ListCalendarDays(pb.ListCalendarDaysRequest(), metadata=metadata)).calendar_days
    assert (list(done.created), done.committed) == (list(listed), True)
    again = await api.school.ImportHolidays(request, metadata=metadata)
    assert (list(again.created), list(again.unchanged)) == ([], list(listed))


async def test_countries_come_in_pages(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainee = await make_trainee(uow)
    metadata = await api.sign_in_as(trainee.id)
    whole = (await api.school.ListHolidayCountries(pb.ListHolidayCountriesRequest(), metadata=metadata)).countries
    paged: list[pb.HolidayCountry] = []
    request = pb.ListHolidayCountriesRequest(page_size=100)
    while True:
        answer = await api.school.ListHolidayCountries(request, metadata=metadata)
        paged += answer.countries
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert paged == list(whole)
    assert len(whole) > 200
