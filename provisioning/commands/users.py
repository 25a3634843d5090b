"""People: accounts, roles, profiles."""

import sys

import click

from provisioning import lookup
from provisioning.app import App, command
from provisioning.errors import BadInput
from provisioning.hub_client import new_request_id
from provisioning.output import enum_text
from smartroster.users.v1 import users_pb2

_ROLES = [name.removeprefix("ROLE_").lower() for name, number in users_pb2.Role.items() if number]


@click.group("users")
def users() -> None:
    """People: accounts, roles, profiles."""


def add_to(root: click.Group) -> None:
    root.add_command(users)


def _roles(user: users_pb2.User) -> str:
    return ", ".join(users_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in user.roles)


_COLUMNS = {
    "Name": lambda user: f"{user.given_name} {user.family_name}",
    "E-mail": lambda user: user.email,
    "Number": lambda user: user.trainee.admission_number or user.trainer.staff_number,
    "Roles": _roles,
    "State": lambda user: enum_text(user, "state"),
    "ID": lambda user: user.id,
}


@command(users, "list")
@click.argument("query", default="")
@click.option("--role", type=click.Choice(_ROLES))
@click.option("--group", help="Class group, by name or id.")
@click.option("--disabled", is_flag=True, help="Disabled accounts too.")
def list_users(app: App, query: str, role: str | None, group: str | None, *, disabled: bool) -> None:
    """List people; QUERY is the beginning of a name, e-mail, admission or staff number."""
    request = users_pb2.ListUsersRequest(
        query=query,
        role=f"ROLE_{role.upper()}" if role else users_pb2.ROLE_UNSPECIFIED,
        class_group_id=lookup.class_group(app.hub, group).id if group else "",
        include_disabled=disabled,
    )
    app.show_list(app.hub.items(request, users_pb2.ListUsersResponse), _COLUMNS)


@command(users, "show")
@click.argument("person")
def show(app: App, person: str) -> None:
    """Show one PERSON (e-mail, number, or id)."""
    app.show(
        lookup.user(app.hub, person),
        _COLUMNS
        | {
            "Phone": lambda user: user.phone,
            "Birth date": lambda user: user.birth_date,
            "Class group": lambda user: user.trainee.class_group_id,
            "Department": lambda user: user.trainer.department_id or user.hod.department_id,
            "Last sign-in": lambda user: user.last_sign_in_time,
            "Since": lambda user: user.create_time,
        },
    )


@command(users, "create")
@click.option("--email", required=True)
@click.option("--given", "given_name", required=True, help="Given name.")
@click.option("--family", "family_name", required=True, help="Family name.")
@click.option("--role", "roles", type=click.Choice(_ROLES), multiple=True, required=True)
@click.option("--admission", default="", help="A trainee's admission number.")
@click.option("--group", help="A trainee's class group, by name or id.")
@click.option("--member-since", default="", help="A trainee's first day in the class group; today when left out.")
@click.option("--staff-number", default="", help="A trainer's.")
@click.option("--department", help="A trainer's or a head's, by code or id.")
@click.option("--phone", default="", help="As +254700000000.")
@click.option("--birth-date", default="", help="YYYY-MM-DD; who is a minor needs a guardian's consent.")
@click.option(
    "--password-stdin", is_flag=True, help="Read a first password from standard input; else a mail asks for one."
)
@click.option("--verified", is_flag=True, help="You know that the e-mail is this person's: no mail asks to verify it.")
def create(
    app: App,
    email: str,
    given_name: str,
    family_name: str,
    roles: tuple[str, ...],
    admission: str,
    group: str | None,
    member_since: str,
    staff_number: str,
    department: str | None,
    phone: str,
    birth_date: str,
    *,
    password_stdin: bool,
    verified: bool,
) -> None:
    """Create a person's account."""
    department_id = lookup.department(app.hub, department).id if department else ""
    user = users_pb2.User(
        email=email,
        given_name=given_name,
        family_name=family_name,
        roles=[f"ROLE_{role.upper()}" for role in roles],
        phone=phone,
        birth_date=birth_date,
    )
    if "trainee" in roles:
        if not group:
            raise BadInput("A trainee is in a class group: give --group.")
        user.trainee.CopyFrom(
            users_pb2.TraineeProfile(
                admission_number=admission,
                class_group_id=lookup.class_group(app.hub, group).id,
                membership_start_date=lookup.day(member_since) if member_since else "",
            )
        )
    if "trainer" in roles:
        user.trainer.CopyFrom(users_pb2.TrainerProfile(staff_number=staff_number, department_id=department_id))
    if "hod" in roles:
        user.hod.CopyFrom(users_pb2.HodProfile(department_id=department_id))
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    made = app.hub.call(
        users_pb2.CreateUserRequest(request_id=new_request_id(), user=user, password=password, email_verified=verified),
        users_pb2.User,
    )
    pending = made.state == users_pb2.User.STATE_PENDING_VERIFICATION
    wanted = "to verify the address" if password else "for a password"
    mail = f" A mail to {made.email} asks {wanted}." if pending else ""
    app.done(made, f"{made.given_name} {made.family_name} is {made.id}.{mail}")


@command(users, "disable")
@click.argument("person")
@click.option("--reason", required=True)
def disable(app: App, person: str, reason: str) -> None:
    """Disable an account at once, its tokens and alerts with it."""
    user = lookup.user(app.hub, person)
    after = app.hub.call(users_pb2.DisableUserRequest(user_id=user.id, reason=reason), users_pb2.User)
    app.done(after, f"{after.email} is disabled.")


@command(users, "enable")
@click.argument("person")
def enable(app: App, person: str) -> None:
    """Enable a disabled account again."""
    user = lookup.user(app.hub, person)
    after = app.hub.call(users_pb2.EnableUserRequest(user_id=user.id), users_pb2.User)
    app.done(after, f"{after.email} is enabled.")


@command(users, "audit")
@click.option("--object-type", default="")
@click.option("--object-id", default="")
@click.option("--limit", default=50, show_default=True)
def audit(app: App, object_type: str, object_id: str, limit: int) -> None:
    """Show who changed what, newest first."""
    request = users_pb2.ListAuditEntriesRequest(page_size=limit, object_type=object_type, object_id=object_id)
    app.show_list(
        app.hub.call(request, users_pb2.ListAuditEntriesResponse).audit_entries,
        {
            "When": lambda entry: entry.occurred_time,
            "Who": lambda entry: f"{entry.actor_kind} {entry.actor_id}",
            "What": lambda entry: entry.action,
            "Object": lambda entry: f"{entry.object_type} {entry.object_id}",
            "After": lambda entry: entry.after,
            "Reason": lambda entry: entry.reason,
        },
    )
