"""Messages of SchoolService to drafts, and models to messages."""

from datetime import date
from uuid import UUID

from hub.errors import InvalidArgument
from hub.rpc.fields import from_date, parse_optional_uuid, parse_uuid, to_date, to_timestamp
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, SchoolLogo, Term
from hub.school.rules import (
    AcademicYearDraft,
    CalendarDayDraft,
    CalendarDayKind,
    ClassGroupDraft,
    DefaultPolicies,
    DepartmentDraft,
    Period,
    ProgrammeDraft,
    SchoolDraft,
    TermDraft,
    year_of_study,
)
from smartroster.school.v1 import school_pb2 as pb

KINDS = {pb.CalendarDay.Kind.Value(f"KIND_{kind}"): kind for kind in CalendarDayKind}
# A field that the update mask leaves out may be empty: this stands in for it and is not stored.
_ANY_DAY = date(2000, 1, 1)


def school_draft(school: pb.School) -> SchoolDraft:
    policies = school.default_policies
    return SchoolDraft(
        name=school.name.strip(),
        code=school.code.strip(),
        address=school.address,
        time_zone=school.time_zone,
        locale=school.locale,
        programme_levels=tuple(school.programme_levels),
        default_policies=DefaultPolicies(
            class_group_capacity=policies.class_group_capacity,
            programme_duration_years=policies.programme_duration_years,
            terms_per_year=policies.terms_per_year,
            holiday_country=policies.holiday_country,
            holiday_subdivision=policies.holiday_subdivision,
        ),
    )


def department_draft(department: pb.Department) -> DepartmentDraft:
    return DepartmentDraft(code=department.code, name=department.name)


def programme_draft(programme: pb.Programme, fields: frozenset[str] | None = None) -> ProgrammeDraft:
    """`fields` are those that the update names; None: all."""
    needs_department = fields is None or "department_id" in fields
    return ProgrammeDraft(
        department_id=parse_uuid(programme.department_id, "programme.department_id")
        if needs_department
        else UUID(int=0),
        code=programme.code,
        name=programme.name,
        level=programme.level,
        duration_years=programme.duration_years,
        terms_per_year=programme.terms_per_year,
    )


def class_group_draft(group: pb.ClassGroup, *, programme_id: UUID) -> ClassGroupDraft:
    return ClassGroupDraft(
        programme_id=programme_id,
        intake_year=group.intake_year,
        stream=group.stream,
        name=group.name,
        capacity=group.capacity if group.HasField("capacity") else None,
    )


def year_draft(year: pb.AcademicYear, fields: frozenset[str] | None = None) -> AcademicYearDraft:
    """`fields` are those that the update names; None: all."""
    period = _period(year.start_date, year.end_date, "academic_year", fields)
    return AcademicYearDraft(name=year.name, period=period, active=year.active)


def term_draft(term: pb.Term, *, academic_year_id: UUID, fields: frozenset[str] | None = None) -> TermDraft:
    """`fields` are those that the update names; None: all."""
    period = _period(term.start_date, term.end_date, "term", fields)
    return TermDraft(academic_year_id=academic_year_id, number=term.number, period=period)


def calendar_day_draft(day: pb.CalendarDay, fields: frozenset[str] | None = None) -> CalendarDayDraft:
    """`fields` are those that the update names; None: all."""
    kind = KINDS.get(day.kind)
    if kind is None and (fields is None or "kind" in fields):
        raise InvalidArgument.of("calendar_day.kind", f"is required: give one of {', '.join(CalendarDayKind)}")
    return CalendarDayDraft(
        day=_day(day.date, "calendar_day.date", needed=fields is None or "date" in fields),
        kind=kind or CalendarDayKind.HOLIDAY,
        name=day.name,
        class_group_id=parse_optional_uuid(day.class_group_id, "calendar_day.class_group_id"),
    )


def school_to_proto(school: School) -> pb.School:
    return pb.School(
        id=str(school.id),
        name=school.name,
        code=school.code,
        address=school.address,
        time_zone=school.time_zone,
        locale=school.locale,
        etag=str(school.etag),
        create_time=to_timestamp(school.create_time),
        logo_media_type=school.logo_media_type,
        logo_sha256=school.logo_sha256,
        programme_levels=school.programme_levels,
        default_policies=pb.DefaultPolicies(**school.default_policies),
    )


def logo_to_proto(logo: SchoolLogo) -> pb.Logo:
    return pb.Logo(content=logo.content, media_type=logo.media_type, width=logo.width, height=logo.height)


def department_to_proto(department: Department, head: UUID | None) -> pb.Department:
    return pb.Department(
        id=str(department.id),
        code=department.code,
        name=department.name,
        hod_user_id=str(head or ""),
        etag=str(department.etag),
        archived=department.archived,
    )


def programme_to_proto(programme: Programme) -> pb.Programme:
    return pb.Programme(
        id=str(programme.id),
        department_id=str(programme.department_id),
        code=programme.code,
        name=programme.name,
        level=programme.level,
        duration_years=programme.duration_years,
        terms_per_year=programme.terms_per_year,
        etag=str(programme.etag),
        archived=programme.archived,
    )


def class_group_to_proto(group: ClassGroup, active_year: AcademicYear | None) -> pb.ClassGroup:
    return pb.ClassGroup(
        id=str(group.id),
        programme_id=str(group.programme_id),
        intake_year=group.intake_year,
        stream=group.stream,
        name=group.name,
        capacity=group.capacity,
        etag=str(group.etag),
        archived=group.archived,
        year_of_study=year_of_study(group.intake_year, active_year.period) if active_year else 0,
        graduation_date=to_date(group.graduation_date),
    )


def year_to_proto(year: AcademicYear, today: date) -> pb.AcademicYear:
    return pb.AcademicYear(
        id=str(year.id),
        name=year.name,
        start_date=to_date(year.start_date),
        end_date=to_date(year.end_date),
        active=year.active,
        etag=str(year.etag),
        current=today in year.period,
        length_days=year.period.day_count,
    )


def term_to_proto(term: Term, today: date) -> pb.Term:
    return pb.Term(
        id=str(term.id),
        academic_year_id=str(term.academic_year_id),
        number=term.number,
        start_date=to_date(term.start_date),
        end_date=to_date(term.end_date),
        current=today in term.period,
        etag=str(term.etag),
        length_days=term.period.day_count,
    )


def calendar_day_to_proto(day: CalendarDay) -> pb.CalendarDay:
    """Also of a day that is not stored: then without id and etag."""
    return pb.CalendarDay(
        id=str(day.id or ""),
        date=to_date(day.date),
        kind=f"KIND_{day.kind}",
        name=day.name,
        class_group_id=str(day.class_group_id or ""),
        etag=str(day.etag or ""),
    )


def _period(start: str, end: str, part: str, fields: frozenset[str] | None) -> Period:
    first = _day(start, f"{part}.start_date", needed=fields is None or "start_date" in fields)
    return Period(first, _day(end, f"{part}.end_date", needed=fields is None or "end_date" in fields))


def _day(text: str, field: str, *, needed: bool) -> date:
    return from_date(text, field) if needed else _ANY_DAY
