"""The composition root: makes every part of a hub, joins them, and starts and stops them in order."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from importlib.metadata import version

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from sqlalchemy import text

from hub import data_folder
from hub.app.background import start_jobs, start_outbox
from hub.app.services import Parts, Services, services_of
from hub.data_folder import Endpoints
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM
from hub.devices import service as devices
from hub.devices.authority import Authority
from hub.errors import HubError
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.http.server import HttpServer, TlsFiles, build_app
from hub.mail.sender import sender_of
from hub.mqtt import embedded_broker
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.mqtt.publisher import BrokerAddress, MqttPublisher
from hub.notifications.broker_access import BrokerAccess
from hub.rpc.auth import DeviceGate, Gate, OpenGate
from hub.rpc.calls import Door
from hub.rpc.permissions import check_complete
from hub.rpc.server import RpcServer, Service, methods_of
from hub.secret_files import replace_secret
from hub.settings import Settings
from hub.timetable.schedule.routes import feed_routes

_log = structlog.get_logger("hub")


class Hub:
    """A running hub. `await Hub.start(settings)`, later `await hub.stop()`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._ports: dict[str, int] = {}
        self.endpoints: Endpoints | None = None

    @classmethod
    async def start(cls, settings: Settings) -> "Hub":
        """Everything from the database to the ports.

        Raises:
            HubError: something is not as it must be; the message says what to do. Nothing is left running.
        """
        hub = cls(settings)
        try:
            await hub._start()
        except BaseException:
            await hub._stack.aclose()
            raise
        return hub

    async def stop(self) -> None:
        """Take nothing new, finish what was received, deliver what is due; then close everything, last made first."""
        _log.info("stopping")
        await self._stack.aclose()
        _log.info("stopped")

    async def _start(self) -> None:
        settings = self._settings
        self._stack.callback(data_folder.claim(settings.data_dir, settings.secrets_dir).close)
        await asyncio.to_thread(migrate, settings.effective_database_url)
        database = Database.open(settings.effective_database_url)
        self._stack.push_async_callback(database.dispose)
        authority = Authority.open(settings.secrets_dir, settings.site)
        tls = self._write_certificates(authority)
        broker, publisher = await self._start_mqtt(tls)
        access = BrokerAccess(database, broker)
        await access.refresh()

        keys = KeyRing.open(settings.secrets_dir)
        encoder = FaceEncoder(settings.face_engine)
        self._stack.callback(encoder.close)
        await start_outbox(
            self._stack,
            database,
            access=access,
            publisher=publisher,
            sender=sender_of(settings),
            console_url=self._web_url,
        )
        await start_jobs(self._stack, settings, database, keys)

        parts = Parts(
            settings, self._stack, database, authority, access, keys, encoder, self._address_of, self._web_url
        )
        await self._open_doors(database, publisher, authority, tls, services_of(parts))
        self._announce(authority, broker)

    def _write_certificates(self, authority: Authority) -> TlsFiles:
        own = authority.server_credentials([*self._settings.public_names, self._settings.host])
        files = TlsFiles(self._settings.data_dir / "server.pem", self._settings.data_dir / "server.key")
        replace_secret(files.certificate, own.certificate_chain_pem)
        replace_secret(files.key, own.private_key_pem)
        (self._settings.data_dir / "ca.pem").write_text(authority.ca_bundle_pem, encoding="ascii")
        return files

    async def _start_mqtt(self, tls: TlsFiles) -> tuple[EmbeddedBroker | None, MqttPublisher]:
        settings = self._settings
        broker = None
        if settings.mqtt_url:
            ca_file = str(settings.mqtt_ca_file) if settings.mqtt_ca_file else None
            address = BrokerAddress.from_url(settings.mqtt_url, ca_file=ca_file)
        else:
            broker = EmbeddedBroker(
                settings.data_dir / "broker",
                host=settings.host,
                port=settings.mqtt_port,
                tls=embedded_broker.TlsFiles(tls.certificate, tls.key) if settings.api_tls else None,
                public_host=self._public_host,
            )
            await broker.start()
            self._stack.push_async_callback(broker.stop)
            address = broker.address_for_hub(self._settings.data_dir / "ca.pem")
        publisher = MqttPublisher(address)
        await publisher.start()
        self._stack.push_async_callback(publisher.stop)
        return broker, publisher

    async def _open_doors(
        self,
        database: Database,
        publisher: MqttPublisher,
        authority: Authority,
        tls: TlsFiles,
        services: Services,
    ) -> None:
        settings = self._settings
        api, device, enrolment, users = services.api, services.device, services.enrolment, services.users
        state = health.aio.HealthServicer()  # type: ignore[attr-defined] # the stubs lack it
        every_port = [Service(health_pb2_grpc.add_HealthServicer_to_server, state)]
        check_complete([*methods_of([*api, *device, *enrolment, *every_port])])

        async def readiness() -> dict[str, bool]:
            return {"database": await _answers(database), "mqtt": publisher.is_connected}

        own = [(tls.key.read_bytes(), tls.certificate.read_bytes())]
        server_only = grpc.ssl_server_credentials(own)
        mutual = grpc.ssl_server_credentials(own, authority.ca_bundle_pem.encode(), require_client_auth=True)
        doors: Sequence[tuple[str, list[Service], Gate, int, grpc.ServerCredentials | None]] = (
            ("api", api, users, settings.api_port, server_only if settings.api_tls else None),
            (
                "device",
                device,
                DeviceGate(devices.DeviceRegistry(database), settings.site),
                settings.device_port,
                mutual,
            ),
            ("enrolment", enrolment, OpenGate(), settings.enrolment_port, server_only),
        )
        servers = []
        stopping = AsyncExitStack()
        self._stack.push_async_callback(stopping.aclose)
        for name, offered, gate, port, credentials in doors:
            server = await RpcServer.start(
                [*offered, *every_port], door=Door(gate), host=settings.host, port=port, credentials=credentials
            )
            stopping.push_async_callback(server.stop, 0)
            self._ports[name] = server.port
            servers.append(server)
        app = build_app(
            methods_of(api),
            door=Door(users),
            readiness=readiness,
            version=version("smart-roster"),
            routes=feed_routes(database, site=settings.site),
        )
        http = await HttpServer.start(
            app, host=settings.host, port=settings.http_port, tls=tls if settings.api_tls else None
        )
        self._ports["http"] = http.port

        async def stop_together() -> None:
            await state.enter_graceful_shutdown()
            grace = settings.stop_grace.total_seconds()
            await asyncio.gather(http.stop(), *(server.stop(grace) for server in servers))

        stopping.push_async_callback(stop_together)
        await state.set("", health_pb2.HealthCheckResponse.SERVING)

    @property
    def _public_host(self) -> str:
        settings = self._settings
        if settings.public_names:
            return settings.public_names[0]
        return socket.gethostname() if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 (a comparison)

    def _web_url(self) -> str:
        """Where the HTTP door is met from outside."""
        settings = self._settings
        scheme = "https" if settings.api_tls else "http"
        return (settings.console_url or f"{scheme}://{self._address_of('http')()}").rstrip("/")

    def _address_of(self, door: str) -> Callable[[], str]:
        return lambda: f"{self._public_host}:{self._ports[door]}"

    def _announce(self, authority: Authority, broker: EmbeddedBroker | None) -> None:
        address: dict[str, str] = {door: self._address_of(door)() for door in self._ports}
        self.endpoints = Endpoints(
            **address,
            mqtt=f"{self._public_host}:{broker.port}" if broker else self._settings.mqtt_url.rpartition("@")[2],
            pid=os.getpid(),
            ca_fingerprint=authority.fingerprint.hex(":").upper(),
        )
        file = data_folder.write_endpoints(self._settings.data_dir, self.endpoints)
        self._stack.callback(file.unlink, missing_ok=True)
        _log.info("ready", **asdict(self.endpoints), data_dir=str(self._settings.data_dir.absolute()))


async def _answers(database: Database) -> bool:
    try:
        async with asyncio.timeout(2), database.unit_of_work(SYSTEM, write=False) as uow:
            await uow.session.execute(text("SELECT 1"))
    except (HubError, TimeoutError):
        return False
    return True
