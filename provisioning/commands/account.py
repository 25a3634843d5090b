"""Signing in and out, and any RPC by name."""

import platform
import sys
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import Message

from provisioning.app import App, command
from provisioning.errors import BadInput, HubNotTrusted
from provisioning.hub_client import HubClient
from provisioning.output import as_dict, print_json
from provisioning.profile import Profile, utc_now
from provisioning.trust import fetch_authority, fingerprint, same_fingerprint, to_pem
from smartroster.users.v1 import users_pb2


def add_to(root: click.Group) -> None:
    root.add_command(login)
    root.add_command(logout)
    root.add_command(whoami)
    root.add_command(call)


_commands = click.Group()


@command(_commands, "login")
@click.argument("address", metavar="HOST:PORT")
@click.option("--email", required=True, prompt=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, for scripts.")
@click.option("--totp", default="", metavar="DIGITS", help="Code of your second factor.")
@click.option(
    "--ca",
    "ca_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The hub's CA (its data folder has it as ca.pem).",
)
@click.option(
    "--fingerprint", "expected", default="", help="SHA-256 of the hub's CA, as your administrator read it to you."
)
@click.option("--plaintext", is_flag=True, help="A hub on this computer that runs with api_tls = false.")
def login(
    app: App,
    address: str,
    email: str,
    *,
    password_stdin: bool,
    totp: str,
    ca_file: Path | None,
    expected: str,
    plaintext: bool,
) -> None:
    """Sign in to the hub at HOST:PORT.

    The hub's certificate authority is pinned: given with --ca or --fingerprint, or shown once for you to compare.
    """
    ca_pem = "" if plaintext else _pinned_authority(address, ca_file, expected)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else click.prompt("Password", hide_input=True)
    profile = Profile(
        address=address,
        ca_pem=ca_pem,
        email=email,
        access_token="",
        access_token_expire_time=utc_now(),
        refresh_token="",
    )
    hub = HubClient(profile, app.store)
    hub.sign_in(email=email, password=password, client_name=f"roster on {platform.node()}", totp_code=totp)
    me = hub.call(users_pb2.GetMeRequest(), users_pb2.User)
    app.done(me, f"Signed in to {address} as {me.given_name} {me.family_name}.")


@command(_commands, "logout")
def logout(app: App) -> None:
    """End the sign-in, here and at the hub."""
    profile = app.store.load()
    HubClient(profile, app.store).call(users_pb2.SignOutRequest(refresh_token=profile.refresh_token), EMPTY)
    app.store.forget()
    app.done(users_pb2.GetMeRequest(), f"Signed out of {profile.address}.")


@command(_commands, "whoami")
def whoami(app: App) -> None:
    """Show who is signed in, where."""
    me = app.hub.call(users_pb2.GetMeRequest(), users_pb2.User)
    app.show(
        me,
        {
            "Hub": lambda _: app.hub.profile.address,
            "Name": lambda user: f"{user.given_name} {user.family_name}",
            "E-mail": lambda user: user.email,
            "Roles": lambda user: ", ".join(
                users_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in user.roles
            ),
            "ID": lambda user: user.id,
        },
    )


@command(_commands, "call")
@click.argument("method", metavar="SERVICE/METHOD")
@click.argument("request_json", metavar="JSON", default="{}")
def call(app: App, method: str, request_json: str) -> None:
    """Call any RPC: roster call UsersService/ListUsers '{"query": "hop"}'. Prints JSON."""
    request, answer = _messages(method)
    try:
        json_format.Parse(request_json, request)
    except json_format.ParseError as error:
        raise BadInput(f"The JSON is no {request.DESCRIPTOR.name}: {error}") from error
    print_json(as_dict(app.hub.call(request, answer)))


EMPTY: Any = message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName("google.protobuf.Empty"))
_PACKAGES = ("users", "school", "courses", "timetable", "faces", "devices", "attendance", "notifications", "jobs")


def _messages(method: str) -> tuple[Message, type[Message]]:
    """An empty request of "Service/Method", and the class of its answer."""
    service_name, _, method_name = method.rpartition("/")
    pool = descriptor_pool.Default()
    for package in _PACKAGES:
        full_name = service_name if "." in service_name else f"smartroster.{package}.v1.{service_name}"
        try:
            service = pool.FindServiceByName(full_name)
        except KeyError:
            continue
        found = service.methods_by_name.get(method_name)
        if found is None:
            raise BadInput(
                f"{service.name} has no {method_name}; it has {', '.join(one.name for one in service.methods)}."
            )
        request: Message = message_factory.GetMessageClass(found.input_type)()
        return request, message_factory.GetMessageClass(found.output_type)
    raise BadInput(f'There is no service "{service_name}": give SERVICE/METHOD, such as DevicesService/ListDevices.')


def _pinned_authority(address: str, ca_file: Path | None, expected: str) -> str:
    if ca_file is not None:
        return ca_file.read_text(encoding="ascii")
    root: x509.Certificate = fetch_authority(address)
    if expected:
        if not same_fingerprint(expected, root):
            raise HubNotTrusted(f"{address} shows another authority ({fingerprint(root)}): this is not your hub.")
        return to_pem(root)
    click.echo(f"{address} shows this authority (SHA-256):\n  {fingerprint(root)}", err=True)
    if not sys.stdin.isatty():
        raise HubNotTrusted("Nobody is here to compare it: give --ca FILE or --fingerprint.")
    click.confirm("Is it your hub's? Compare it with `roster-hub check` there.", abort=True, err=True)
    return to_pem(root)
