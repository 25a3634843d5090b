"""Who is signed in looks after the own account: sessions, password, second factor."""

import sys
from pathlib import Path

import click
import segno

from provisioning.app import App, command
from provisioning.commands.account import EMPTY
from provisioning.errors import BadInput
from provisioning.hub_client import HubClient
from provisioning.profile import Profile, utc_now
from smartroster.users.v1 import account_pb2 as pb
from smartroster.users.v1 import users_pb2


@click.group("sign-ins")
def sign_ins() -> None:
    """Where you are signed in."""


@click.group("totp")
def totp() -> None:
    """Your second factor: an authenticator's code at sign-in."""


@click.group("password")
def password() -> None:
    """Your password."""


def add_to(root: click.Group) -> None:
    root.add_command(sign_ins)
    root.add_command(totp)
    root.add_command(password)


@command(sign_ins, "list")
def list_sign_ins(app: App) -> None:
    """List where you are signed in, the last used first."""
    app.show_list(
        app.hub.items(pb.ListSignInSessionsRequest(), pb.ListSignInSessionsResponse),
        {
            "Client": lambda one: one.client_name,
            "From": lambda one: one.address,
            "Since": lambda one: one.start_time,
            "Last used": lambda one: one.last_used_time,
            "This one": lambda one: one.current,
            "ID": lambda one: one.id,
        },
    )


@command(sign_ins, "end")
@click.argument("session_id", required=False)
@click.option("--others", is_flag=True, help="All but this one.")
def end_sign_in(app: App, session_id: str | None, *, others: bool) -> None:
    """End one of your sign-ins, or all others."""
    if bool(session_id) == others:
        raise BadInput("Give the session's ID, or --others.")
    if session_id:
        app.hub.call(pb.EndSignInSessionRequest(sign_in_session_id=session_id), EMPTY)
    else:
        app.hub.call(pb.EndOtherSignInSessionsRequest(), EMPTY)
    app.done(pb.SignInSession(id=session_id or ""), "Ended.")


@command(totp, "status")
def status(app: App) -> None:
    """Show whether a code is asked for at sign-in."""
    app.show(
        app.hub.call(pb.GetSecondFactorRequest(), pb.SecondFactor),
        {
            "On": lambda factor: factor.enabled,
            "Since": lambda factor: factor.enable_time,
            "Recovery codes left": lambda factor: factor.recovery_codes_left if factor.enabled else "",
        },
    )


@command(totp, "enrol")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, for scripts.")
def enrol(app: App, *, password_stdin: bool) -> None:
    """Begin a second factor: shows the secret for your authenticator. Then run `roster totp confirm`."""
    current = _secret("Password", from_stdin=password_stdin)
    made = app.hub.call(pb.EnrolSecondFactorRequest(current_password=current), pb.SecondFactorSecret)
    app.show(made, {"Secret": lambda one: one.secret, "URI": lambda one: one.otpauth_uri})
    if sys.stdout.isatty() and not app.as_json:
        segno.make(made.otpauth_uri).terminal(compact=True)


@command(totp, "confirm")
@click.argument("digits")
def confirm(app: App, digits: str) -> None:
    """Turn the second factor on with the DIGITS that the authenticator shows; prints the recovery codes once."""
    _show_codes(app, app.hub.call(pb.ConfirmSecondFactorRequest(totp_code=digits), pb.RecoveryCodes))


@command(totp, "recovery")
@click.argument("digits")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, for scripts.")
def recovery(app: App, digits: str, *, password_stdin: bool) -> None:
    """Make new recovery codes; the former ones serve no more."""
    current = _secret("Password", from_stdin=password_stdin)
    request = pb.ReplaceRecoveryCodesRequest(current_password=current, totp_code=digits)
    _show_codes(app, app.hub.call(request, pb.RecoveryCodes))


@command(totp, "disable")
@click.argument("digits")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, for scripts.")
def disable(app: App, digits: str, *, password_stdin: bool) -> None:
    """Turn the second factor off, with a code of it or a recovery code."""
    current = _secret("Password", from_stdin=password_stdin)
    app.hub.call(pb.DisableSecondFactorRequest(current_password=current, totp_code=digits), EMPTY)
    app.done(pb.SecondFactor(), "Your second factor is off.")


@command(password, "change")
@click.option("--password-stdin", is_flag=True, help="Read the present and the new one from standard input, by line.")
def change(app: App, *, password_stdin: bool) -> None:
    """Change your password; all your other sign-ins end."""
    current = _secret("Present password", from_stdin=password_stdin)
    new = _secret("New password", from_stdin=password_stdin, twice=True)
    app.hub.call(users_pb2.ChangePasswordRequest(current_password=current, new_password=new), EMPTY)
    app.done(users_pb2.GetMeRequest(), "Changed. Your other sign-ins are ended.")


@command(password, "forgot")
@click.argument("address", metavar="HOST:PORT")
@click.option("--email", required=True)
@click.option(
    "--ca", "ca_file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="The hub's CA."
)
def forgot(app: App, address: str, email: str, ca_file: Path) -> None:
    """Ask the hub at HOST:PORT for a mail with a link that sets another password."""
    profile = Profile(
        address=address,
        ca_pem=ca_file.read_text(encoding="ascii"),
        email=email,
        access_token="",
        access_token_expire_time=utc_now(),
        refresh_token="",
    )
    HubClient(profile, app.store).call(users_pb2.RequestPasswordResetRequest(email=email), EMPTY)
    app.done(users_pb2.GetMeRequest(), f"If {email} has an account, a mail is on its way; its link serves for an hour.")


def _secret(prompt: str, *, from_stdin: bool, twice: bool = False) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice)
    return typed


def _show_codes(app: App, codes: pb.RecoveryCodes) -> None:
    if app.as_json:
        app.show(codes, {})
        return
    click.echo("Keep these where the authenticator is not. Each serves once in the place of a code:")
    for code in codes.codes:
        click.echo(f"  {code}")
