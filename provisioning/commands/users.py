"""People: accounts, roles, profiles."""

import sys
from pathlib import Path

import click
from google.protobuf.field_mask_pb2 import FieldMask

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


def _me(app: App) -> users_pb2.User:
    return app.hub.call(users_pb2.GetMeRequest(), users_pb2.User)


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
            "Teaches a week": lambda user: user.trainer.weekly_load if user.HasField("trainer") else "",
            "At most": lambda user: user.trainer.max_weekly_load if user.trainer.max_weekly_load.seconds else "",
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


@command(users, "roles")
@click.argument("person")
@click.argument("roles", type=click.Choice(_ROLES), nargs=-1, required=True)
@click.option("--department", help="The department that a head heads or a trainer is of, by code or id.")
@click.option("--staff-number", default="", help="A new trainer's.")
@click.option("--reason", default="", help="For the audit.")
def assign_roles(
    app: App, person: str, roles: tuple[str, ...], department: str | None, staff_number: str, reason: str
) -> None:
    """Set the ROLES that a PERSON holds; those left out are taken away."""
    found = lookup.user(app.hub, person)
    user = users_pb2.User(id=found.id, etag=found.etag, roles=[f"ROLE_{role.upper()}" for role in roles])
    if department:
        department_id = lookup.department(app.hub, department).id
        if "hod" in roles:
            user.hod.CopyFrom(users_pb2.HodProfile(department_id=department_id))
        if "trainer" in roles and not found.HasField("trainer"):
            user.trainer.CopyFrom(users_pb2.TrainerProfile(staff_number=staff_number, department_id=department_id))
    after = app.hub.call(users_pb2.AssignRolesRequest(user=user, reason=reason), users_pb2.User)
    app.done(after, f"{after.email} is {_roles(after)} from the next call on.")


@command(users, "update")
@click.argument("person")
@click.option("--email")
@click.option("--given", "given_name", help="Given name.")
@click.option("--family", "family_name", help="Family name.")
@click.option("--phone", help="As +254700000000.")
@click.option("--address")
@click.option("--gender")
@click.option("--id-number")
@click.option("--birth-date", help="YYYY-MM-DD.")
@click.option("--locale", help="Language of mails, such as en or sw-KE.")
def update(app: App, person: str, **wanted: str | None) -> None:
    """Change what is known of a PERSON ("me" is who is signed in)."""
    values = {field: value for field, value in wanted.items() if value is not None}
    if not values:
        raise BadInput("Nothing to change: give an option, such as --phone.")
    found = _me(app) if person == "me" else lookup.user(app.hub, person)
    request = users_pb2.UpdateUserRequest(
        user=users_pb2.User(id=found.id, etag=found.etag, **values),  # type: ignore[arg-type] # fields by name
        update_mask=FieldMask(paths=sorted(values)),
    )
    after = app.hub.call(request, users_pb2.User)
    app.done(after, f"{after.email}: {', '.join(sorted(values))} changed.")


@command(users, "move")
@click.argument("trainee")
@click.argument("group")
@click.option("--from", "start", default="today", show_default=True, help="First day there: YYYY-MM-DD.")
@click.option("--other-programme", is_flag=True, help="The class group is of another programme, and that is meant.")
def move(app: App, trainee: str, group: str, start: str, *, other_programme: bool) -> None:
    """Move a TRAINEE to the class group GROUP."""
    found, to = lookup.user(app.hub, trainee), lookup.class_group(app.hub, group)
    profile = users_pb2.TraineeProfile(
        class_group_id=to.id,
        membership_start_date=lookup.day(start),
        programme_id=to.programme_id if other_programme else "",
    )
    paths = ["trainee.class_group_id", "trainee.membership_start_date"]
    request = users_pb2.UpdateUserRequest(
        user=users_pb2.User(id=found.id, etag=found.etag, trainee=profile),
        update_mask=FieldMask(paths=[*paths, *(["trainee.programme_id"] if other_programme else [])]),
    )
    after = app.hub.call(request, users_pb2.User)
    app.done(after, f"{after.email} is in {to.name} from {lookup.day(start)} on.")


@command(users, "reset-second-factor")
@click.argument("person")
@click.option("--reason", required=True)
def reset_second_factor(app: App, person: str, reason: str) -> None:
    """Take away a second factor whose authenticator is lost; its owner is told by mail."""
    user = lookup.user(app.hub, person)
    after = app.hub.call(users_pb2.ResetSecondFactorRequest(user_id=user.id, reason=reason), users_pb2.User)
    app.done(after, f"{after.email} signs in with the password alone now.")


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


@command(users, "export-data")
@click.argument("person")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The hub's name when left out.")
def export_data(app: App, person: str, output: Path | None) -> None:
    """Save everything that the hub keeps about a PERSON, as JSON ("me" is who is signed in)."""
    found = _me(app) if person == "me" else lookup.user(app.hub, person)
    data = app.hub.call(users_pb2.ExportPersonalDataRequest(user_id=found.id), users_pb2.PersonalData)
    path = output or Path(Path(data.file_name).name)
    try:
        with path.open("xb") as file:
            file.write(data.content)
    except OSError as error:
        raise BadInput(f"Cannot write {path}: {error.strerror}.") from error
    app.done(users_pb2.PersonalData(file_name=str(path)), f"Saved {path}: keep it from others.")


@command(users, "erase")
@click.argument("person")
@click.option("--confirm", "confirm_email", help="The person's e-mail once more; asked for when left out.")
@click.option("--reason", required=True, help="For the audit, such as the date of the request; no personal data.")
def erase(app: App, person: str, confirm_email: str | None, reason: str) -> None:
    """Erase a PERSON's data for good. There is no way back."""
    user = lookup.user(app.hub, person)
    if confirm_email is None:
        confirm_email = click.prompt(f"This erases {user.given_name} {user.family_name} for good. Their e-mail")
    request = users_pb2.EraseUserRequest(user_id=user.id, confirm_email=confirm_email, reason=reason)
    after = app.hub.call(request, users_pb2.User)
    app.done(after, "Erased. Devices forget the face as soon as they are reached.")


@command(users, "audit")
@click.option("--object-type", default="")
@click.option("--object-id", default="")
@click.option("--action", default="", help="Such as users.sign_in, users.refuse_sign_in or users.assign_roles.")
@click.option("--limit", default=50, show_default=True)
def audit(app: App, object_type: str, object_id: str, action: str, limit: int) -> None:
    """Show who changed what, newest first."""
    request = users_pb2.ListAuditEntriesRequest(
        page_size=limit, object_type=object_type, object_id=object_id, action=action
    )
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
