"""The college: its departments, programmes, class groups, years and terms."""

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.hub_client import new_request_id
from smartroster.school.v1 import school_pb2 as pb


@click.group("school")
def school() -> None:
    """The college itself."""


@click.group("departments")
def departments() -> None:
    """Departments."""


@click.group("programmes")
def programmes() -> None:
    """Programmes of study."""


@click.group("groups")
def groups() -> None:
    """Class groups."""


@click.group("years")
def years() -> None:
    """Academic years."""


@click.group("terms")
def terms() -> None:
    """Terms."""


def add_to(root: click.Group) -> None:
    for group in (school, departments, programmes, groups, years, terms):
        root.add_command(group)


@command(school, "show")
def show_school(app: App) -> None:
    """Show the college."""
    app.show(
        app.hub.call(pb.GetSchoolRequest(), pb.School),
        {
            "Name": lambda one: one.name,
            "Code": lambda one: one.code,
            "Address": lambda one: one.address,
            "Time zone": lambda one: one.time_zone,
        },
    )


@command(school, "create")
@click.option("--name", required=True)
@click.option("--code", required=True)
@click.option("--time-zone", required=True, help="IANA name, such as Africa/Nairobi.")
@click.option("--address", default="")
@click.option("--locale", default="en", show_default=True)
def create_school(app: App, name: str, code: str, time_zone: str, address: str, locale: str) -> None:
    """Create the college: once."""
    made = app.hub.call(
        pb.CreateSchoolRequest(
            request_id=new_request_id(),
            school=pb.School(name=name, code=code, time_zone=time_zone, address=address, locale=locale),
        ),
        pb.School,
    )
    app.done(made, f"{made.name} keeps its time in {made.time_zone}.")


@command(departments, "list")
def list_departments(app: App) -> None:
    """List departments."""
    app.show_list(
        app.hub.items(pb.ListDepartmentsRequest(), pb.ListDepartmentsResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Head": lambda one: one.hod_user_id,
            "ID": lambda one: one.id,
        },
    )


@command(departments, "create")
@click.argument("code")
@click.argument("name")
def create_department(app: App, code: str, name: str) -> None:
    """Create a department."""
    made = app.hub.call(
        pb.CreateDepartmentRequest(request_id=new_request_id(), department=pb.Department(code=code, name=name)),
        pb.Department,
    )
    app.done(made, f"Department {made.code} is {made.id}.")


@command(programmes, "list")
def list_programmes(app: App) -> None:
    """List programmes."""
    app.show_list(
        app.hub.items(pb.ListProgrammesRequest(), pb.ListProgrammesResponse),
        {
            "Code": lambda one: one.code,
            "Name": lambda one: one.name,
            "Level": lambda one: one.level,
            "Years": lambda one: one.duration_years,
            "ID": lambda one: one.id,
        },
    )


@command(programmes, "create")
@click.argument("code")
@click.argument("name")
@click.option("--department", required=True, help="By code or id.")
@click.option("--level", required=True, help="Such as certificate or diploma.")
@click.option("--years", "duration_years", default=1, show_default=True)
@click.option("--terms-per-year", default=3, show_default=True)
def create_programme(
    app: App, code: str, name: str, department: str, level: str, duration_years: int, terms_per_year: int
) -> None:
    """Create a programme."""
    programme = pb.Programme(
        department_id=lookup.department(app.hub, department).id,
        code=code,
        name=name,
        level=level,
        duration_years=duration_years,
        terms_per_year=terms_per_year,
    )
    made = app.hub.call(pb.CreateProgrammeRequest(request_id=new_request_id(), programme=programme), pb.Programme)
    app.done(made, f"Programme {made.code} is {made.id}.")


@command(groups, "list")
def list_groups(app: App) -> None:
    """List class groups."""
    app.show_list(
        app.hub.items(pb.ListClassGroupsRequest(), pb.ListClassGroupsResponse),
        {
            "Name": lambda one: one.name,
            "Intake": lambda one: one.intake_year,
            "Stream": lambda one: one.stream,
            "Capacity": lambda one: one.capacity,
            "ID": lambda one: one.id,
        },
    )


@command(groups, "create")
@click.option("--programme", required=True, help="By code or id.")
@click.option("--intake", "intake_year", type=int, required=True)
@click.option("--stream", required=True)
@click.option("--name", default="", help="Made from the rest when left out.")
@click.option("--capacity", default=30, show_default=True)
def create_group(app: App, programme: str, intake_year: int, stream: str, name: str, capacity: int) -> None:
    """Create a class group."""
    group = pb.ClassGroup(
        programme_id=lookup.programme(app.hub, programme).id,
        intake_year=intake_year,
        stream=stream,
        name=name,
        capacity=capacity,
    )
    made = app.hub.call(pb.CreateClassGroupRequest(request_id=new_request_id(), class_group=group), pb.ClassGroup)
    app.done(made, f"Class group {made.name} is {made.id}.")


@command(years, "list")
def list_years(app: App) -> None:
    """List academic years."""
    app.show_list(
        app.hub.items(pb.ListAcademicYearsRequest(), pb.ListAcademicYearsResponse),
        {
            "Name": lambda one: one.name,
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date,
            "Active": lambda one: one.active,
            "ID": lambda one: one.id,
        },
    )


@command(years, "create")
@click.argument("name")
@click.option("--from", "start_date", required=True, help="First day, YYYY-MM-DD.")
@click.option("--to", "end_date", required=True, help="Last day, YYYY-MM-DD.")
def create_year(app: App, name: str, start_date: str, end_date: str) -> None:
    """Create an academic year and make it the active one."""
    year = pb.AcademicYear(name=name, start_date=lookup.day(start_date), end_date=lookup.day(end_date), active=True)
    made = app.hub.call(pb.CreateAcademicYearRequest(request_id=new_request_id(), academic_year=year), pb.AcademicYear)
    app.done(made, f"Academic year {made.name} is {made.id}.")


@command(terms, "list")
def list_terms(app: App) -> None:
    """List terms."""
    app.show_list(
        app.hub.items(pb.ListTermsRequest(), pb.ListTermsResponse),
        {
            "Number": lambda one: one.number,
            "From": lambda one: one.start_date,
            "To": lambda one: one.end_date,
            "Runs": lambda one: one.current,
            "ID": lambda one: one.id,
        },
    )


@command(terms, "create")
@click.argument("number", type=int)
@click.option("--year", required=True, help="Academic year, by name or id.")
@click.option("--from", "start_date", required=True, help="First day, YYYY-MM-DD.")
@click.option("--to", "end_date", required=True, help="Last day, YYYY-MM-DD.")
def create_term(app: App, number: int, year: str, start_date: str, end_date: str) -> None:
    """Create a term of an academic year."""
    term = pb.Term(
        academic_year_id=lookup.academic_year(app.hub, year).id,
        number=number,
        start_date=lookup.day(start_date),
        end_date=lookup.day(end_date),
    )
    made = app.hub.call(pb.CreateTermRequest(request_id=new_request_id(), term=term), pb.Term)
    app.done(made, f"Term {made.number} is {made.id}.")
