"""`roster-hub`: run and look after a hub on this machine."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from hub.app import Hub
from hub.courses.college import CollegeOfThisHub
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM
from hub.devices.authority import Authority
from hub.errors import HubError
from hub.logs import configure_logging
from hub.mail.sender import sender_of
from hub.notifications.queries import waiting_mails
from hub.secret_files import SecretsUnusable
from hub.settings import Settings, SettingsInvalid, load
from hub.users.passwords import Passwords
from hub.users.rules import Role, UserDraft
from hub.users.service.accounts import Credential, create_users
from presence.faces.engine import load_engine
from presence.faces.models import ModelError

T = TypeVar("T")


class _Refusing(click.Group):
    """Says an expected failure in one sentence and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's)
        try:
            return super().invoke(ctx)
        except (HubError, SecretsUnusable, SettingsInvalid) as error:
            click.echo(f"roster-hub: {getattr(error, 'message', None) or error}", err=True)
            ctx.exit(1)


@click.group(cls=_Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), help="TOML file with settings.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder of everything the hub keeps."
)
@click.pass_context
def main(ctx: click.Context, config: Path | None, data_dir: Path | None) -> None:
    """Run and look after a Smart Roster hub.

    Every setting can also be given as an environment variable: ROSTER_HUB_API_PORT=50051.
    """
    ctx.obj = load(config, **({"data_dir": data_dir} if data_dir else {}))
    configure_logging(ctx.obj.log_format, ctx.obj.log_level)


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Start the hub; SIGTERM or Ctrl-C stops it without losing anything."""
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    hub = await Hub.start(settings)
    await stop.wait()
    await hub.stop()


@main.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Bring the database to this version's schema (`serve` does so too)."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(settings.effective_database_url)
    click.echo("The database has this version's schema.")


@main.command("create-admin")
@click.option("--email", required=True)
@click.option("--given-name", default="Admin", show_default=True)
@click.option("--family-name", default="Admin", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.pass_obj
def create_admin(settings: Settings, email: str, given_name: str, family_name: str, *, password_stdin: bool) -> None:
    """Create an administrator, the first one above all. Works whether the hub runs or not."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password (at least 10 characters)", hide_input=True, confirmation_prompt=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(settings.effective_database_url)
    draft = UserDraft(email=email, given_name=given_name, family_name=family_name, roles=frozenset({Role.ADMIN}))

    async def create(database: Database) -> None:
        passwords = Passwords()
        try:
            own_words = (email, given_name, family_name)
            password_hash = await passwords.accept(password, own_words, field="password")
            await database.run(
                SYSTEM,
                lambda uow: create_users(
                    uow,
                    [draft],
                    college=CollegeOfThisHub(),
                    credentials=[Credential(password_hash, email_verified=True)],
                    paths=["user"],
                ),
            )
        finally:
            passwords.close()

    _with_database(settings, create)
    click.echo(f"{email} is an administrator now: sign in with `roster login`.")


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Tell whether this hub could start: folder, database, keys, face models; shows the CA's fingerprint."""
    ok = all(
        [
            _tell("data folder", lambda: _writable(settings.data_dir)),
            _tell("database", lambda: _migrated(settings)),
            _tell("site keys", lambda: _fingerprint(settings)),
            _tell("face models", lambda: _face_models(settings)),
            _tell("e-mail", lambda: _mail_server(settings)),
        ]
    )
    if not ok:
        raise click.exceptions.Exit(1)


@main.command("add-ca")
@click.pass_obj
def add_ca(settings: Settings) -> None:
    """Add a certificate authority that is to replace the one in use.

    Restart the hub afterwards: both are trusted from then on, and devices get the new one's certificates as they renew.
    When all have, move the former one's folder (secrets/ca/0001) away and restart again.
    """
    authority = Authority.open(settings.secrets_dir, settings.site).with_next_generation()
    count = authority.ca_bundle_pem.count("BEGIN CERTIFICATE")
    click.echo(f"{count} certificate authorities are trusted from the next start of the hub on.")


def _tell(what: str, look: Callable[[], str]) -> bool:
    try:
        click.echo(f"{click.style('ok  ', fg='green')} {what}: {look()}")
    except (HubError, SecretsUnusable, ModelError, OSError) as error:
        click.echo(f"{click.style('FAIL', fg='red')} {what}: {getattr(error, 'message', None) or error}")
        return False
    return True


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = folder / ".check"
    probe.write_bytes(b"")
    probe.unlink()
    return str(folder.absolute())


def _fingerprint(settings: Settings) -> str:
    authority = Authority.open(settings.secrets_dir, settings.site)
    return "CA fingerprint " + authority.fingerprint.hex(":").upper()


def _migrated(settings: Settings) -> str:
    migrate(settings.effective_database_url)
    return "PostgreSQL" if settings.database_url.startswith("postgresql") else "SQLite"


def _face_models(settings: Settings) -> str:
    return f"{settings.face_engine}, {load_engine(settings.face_engine).model_sha256[:12]}…"


def _mail_server(settings: Settings) -> str:
    sender = sender_of(settings)
    if sender is None:
        waiting = _with_database(settings, _waiting_mails)
        return f"none is sent: {waiting} wait in the database until smtp_url is set"

    async def connect() -> None:
        async with sender.line():
            pass

    asyncio.run(connect())
    return f"{sender.address} takes mails from {settings.mail_sender}"


async def _waiting_mails(database: Database) -> int:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return await waiting_mails(uow)


def _with_database(settings: Settings, use: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        database = Database.open(settings.effective_database_url)
        try:
            return await use(database)
        finally:
            await database.dispose()

    return asyncio.run(run())
