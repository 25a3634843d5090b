"""Departments, programmes and class groups."""

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.commands.lifecycle import add_lifecycle
from provisioning.hub_client import new_request_id
from smartroster.school.v1 import school_pb2 as pb


@click.group("departments")
def departments() -> None:
    """Departments."""


@click.group("programmes")
def programmes() -> None:
    """Programmes of study."""


@click.group("groups")
def groups() -> None:
    """Class groups."""


def add_to(root: click.Group) -> None:
    for group in (departments, programmes, groups):
        root.add_command(group)


_DEPARTMENT = {
    "Code": lambda one: one.code,
    "Name": lambda one: one.name,
    "Head": lambda one: one.hod_user_id,
    "Archived": lambda one: one.archived,
    "ID": lambda one: one.id,
}
_PROGRAMME = {
    "Code": lambda one: one.code,
    "Name": lambda one: one.name,
    "Level": lambda one: one.level,
    "Years": lambda one: one.duration_years,
    "Terms a year": lambda one: one.terms_per_year,
    "Archived": lambda one: one.archived,
    "ID": lambda one: one.id,
}
_GROUP = {
    "Name": lambda one: one.name,
    "Intake": lambda one: one.intake_year,
    "Stream": lambda one: one.stream,
    "Year of study": lambda one: one.year_of_study or "",
    "Places": lambda one: one.capacity or "not limited",
    "Archived": lambda one: one.archived,
    "ID": lambda one: one.id,
}
_search = click.argument("query", default="")
_archived = click.option("--archived", is_flag=True, help="Archived ones too.")
_sort = click.option("--sort", "order_by", default="", help='A field, or "FIELD desc".')


@command(departments, "list")
@_search
@_archived
@_sort
def list_departments(app: App, query: str, order_by: str, *, archived: bool) -> None:
    """List departments; QUERY is part of a code or name."""
    request = pb.ListDepartmentsRequest(query=query, include_archived=archived, order_by=order_by)
    app.show_list(app.hub.items(request, pb.ListDepartmentsResponse), _DEPARTMENT)


@command(departments, "show")
@click.argument("department")
def show_department(app: App, department: str) -> None:
    """Show one DEPARTMENT (code or id)."""
    app.show(lookup.department(app.hub, department), _DEPARTMENT)


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


@command(departments, "update")
@click.argument("department")
@click.option("--code")
@click.option("--name")
def update_department(app: App, department: str, code: str | None, name: str | None) -> None:
    """Change a DEPARTMENT (code or id)."""
    found = lookup.department(app.hub, department)
    mask = lookup.mask(lookup.put(found, code=code, name=name))
    after = app.hub.call(pb.UpdateDepartmentRequest(department=found, update_mask=mask), pb.Department)
    app.done(after, f"Department {after.code} is {after.name}.")


@command(departments, "head")
@click.argument("department")
@click.argument("person", default="")
@click.option("--since", help="YYYY-MM-DD; today when left out.")
def appoint_head(app: App, department: str, person: str, since: str | None) -> None:
    """Make PERSON, a trainer of it, the head of a DEPARTMENT; without a person nobody heads it."""
    request = pb.AppointHeadRequest(
        department_id=lookup.department(app.hub, department).id,
        user_id=lookup.user(app.hub, person).id if person else "",
        appointed_date=lookup.day(since) if since else "",
    )
    after = app.hub.call(request, pb.Department)
    app.done(after, f"{after.name} is headed by {person or 'nobody'}.")


@command(programmes, "list")
@_search
@click.option("--department", help="Of this one alone, by code or id.")
@click.option("--level", default="")
@_archived
@_sort
def list_programmes(app: App, query: str, department: str | None, level: str, order_by: str, *, archived: bool) -> None:
    """List programmes; QUERY is part of a code or name."""
    request = pb.ListProgrammesRequest(
        query=query,
        department_id=lookup.department(app.hub, department).id if department else "",
        level=level,
        include_archived=archived,
        order_by=order_by,
    )
    app.show_list(app.hub.items(request, pb.ListProgrammesResponse), _PROGRAMME)


@command(programmes, "show")
@click.argument("programme")
def show_programme(app: App, programme: str) -> None:
    """Show one PROGRAMME (code or id)."""
    app.show(lookup.programme(app.hub, programme), _PROGRAMME)


@command(programmes, "create")
@click.argument("code")
@click.argument("name")
@click.option("--department", required=True, help="By code or id.")
@click.option("--level", required=True, help="One of the school's, such as certificate or diploma.")
@click.option("--years", "duration_years", default=0, help="The school's usual number when left out.")
@click.option("--terms-per-year", default=0, help="The school's usual number when left out.")
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


@command(programmes, "update")
@click.argument("programme")
@click.option("--department", help="Move it to this one, by code or id.")
@click.option("--code")
@click.option("--name")
@click.option("--level")
@click.option("--years", "duration_years", type=int)
@click.option("--terms-per-year", type=int)
def update_programme(
    app: App,
    programme: str,
    department: str | None,
    code: str | None,
    name: str | None,
    level: str | None,
    duration_years: int | None,
    terms_per_year: int | None,
) -> None:
    """Change a PROGRAMME (code or id)."""
    found = lookup.programme(app.hub, programme)
    changed = lookup.put(
        found,
        department_id=lookup.department(app.hub, department).id if department else None,
        code=code,
        name=name,
        level=level,
        duration_years=duration_years,
        terms_per_year=terms_per_year,
    )
    after = app.hub.call(pb.UpdateProgrammeRequest(programme=found, update_mask=lookup.mask(changed)), pb.Programme)
    app.done(after, f"Programme {after.code} is {after.name}.")


@command(groups, "list")
@_search
@click.option("--programme", help="Of this one alone, by code or id.")
@click.option("--department", help="Of this one alone, by code or id.")
@click.option("--intake", "intake_year", default=0, help="Of this year alone.")
@_archived
@_sort
def list_groups(
    app: App,
    query: str,
    programme: str | None,
    department: str | None,
    intake_year: int,
    order_by: str,
    *,
    archived: bool,
) -> None:
    """List class groups; QUERY is part of a name."""
    request = pb.ListClassGroupsRequest(
        query=query,
        programme_id=lookup.programme(app.hub, programme).id if programme else "",
        department_id=lookup.department(app.hub, department).id if department else "",
        intake_year=intake_year,
        include_archived=archived,
        order_by=order_by,
    )
    app.show_list(app.hub.items(request, pb.ListClassGroupsResponse), _GROUP)


@command(groups, "show")
@click.argument("group")
def show_group(app: App, group: str) -> None:
    """Show one class GROUP (name or id)."""
    app.show(lookup.class_group(app.hub, group), _GROUP | {"Graduates on": lambda one: one.graduation_date})


@command(groups, "create")
@click.option("--programme", required=True, help="By code or id.")
@click.option("--intake", "intake_year", type=int, required=True)
@click.option("--stream", default="")
@click.option("--name", default="", help="Made from the rest when left out.")
@click.option("--capacity", type=int, help="Places; 0: not limited; the school's usual number when left out.")
def create_group(app: App, programme: str, intake_year: int, stream: str, name: str, capacity: int | None) -> None:
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


@command(groups, "update")
@click.argument("group")
@click.option("--intake", "intake_year", type=int)
@click.option("--stream")
@click.option("--name", help='"" makes it from the rest.')
@click.option("--capacity", type=int, help="Places; 0: not limited.")
def update_group(
    app: App, group: str, intake_year: int | None, stream: str | None, name: str | None, capacity: int | None
) -> None:
    """Change a class GROUP (name or id)."""
    found = lookup.class_group(app.hub, group)
    changed = lookup.put(found, intake_year=intake_year, stream=stream, name=name, capacity=capacity)
    after = app.hub.call(pb.UpdateClassGroupRequest(class_group=found, update_mask=lookup.mask(changed)), pb.ClassGroup)
    app.done(after, f"Class group {after.name} has changed.")


add_lifecycle(
    departments,
    "department",
    lookup.department,
    id_field="department_id",
    archive=pb.ArchiveDepartmentRequest,
    restore=pb.RestoreDepartmentRequest,
    delete=pb.DeleteDepartmentRequest,
)
add_lifecycle(
    programmes,
    "programme",
    lookup.programme,
    id_field="programme_id",
    archive=pb.ArchiveProgrammeRequest,
    restore=pb.RestoreProgrammeRequest,
    delete=pb.DeleteProgrammeRequest,
)
add_lifecycle(
    groups,
    "group",
    lookup.class_group,
    id_field="class_group_id",
    archive=pb.ArchiveClassGroupRequest,
    restore=pb.RestoreClassGroupRequest,
    delete=pb.DeleteClassGroupRequest,
)
