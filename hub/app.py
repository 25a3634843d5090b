"""The composition root: makes every part of a hub, joins them, and starts and stops them in order."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from importlib.metadata import version

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from sqlalchemy import text

from hub import data_folder
from hub.attendance import service as attendance
from hub.attendance.live import LiveBoard
from hub.attendance.rpc import AttendanceServicer, RoomServicer
from hub.courses import service as courses
from hub.courses.college import CollegeOfThisHub
from hub.courses.rpc import CoursesServicer
from hub.data_folder import Endpoints
from hub.db import housekeeping
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.outbox import OutboxRelay
from hub.db.principal import SYSTEM
from hub.devices import service as devices
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.rpc import DeviceServicer, DevicesServicer, EnrolmentServicer
from hub.errors import HubError
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.rpc import FacesServicer
from hub.faces.service import upkeep as faces
from hub.http.server import HttpServer, TlsFiles, build_app
from hub.jobs import service as long_jobs
from hub.jobs.rpc import JobsServicer
from hub.jobs.runner import JobRunner
from hub.jobs.running import JobKind
from hub.jobs.scheduler import Scheduler, every, sweep_ticks
from hub.mqtt import embedded_broker
from hub.mqtt.embedded_broker import EmbeddedBroker
from hub.mqtt.publisher import BrokerAddress, MqttPublisher
from hub.notifications import handlers as notifications
from hub.notifications.broker_access import BrokerAccess
from hub.notifications.courier import MqttCourier
from hub.notifications.rpc import NotificationsServicer
from hub.rpc.auth import DeviceGate, Gate, OpenGate, UserGate
from hub.rpc.calls import Door
from hub.rpc.permissions import check_complete
from hub.rpc.server import RpcServer, Service, methods_of
from hub.school.rpc import SchoolServicer
from hub.secret_files import replace_secret
from hub.settings import Settings
from hub.timetable import queries as timetable_queries
from hub.timetable.rpc import TimetableServicer
from hub.users import service as users
from hub.users.events import UserDisabled, UserEnabled
from hub.users.passwords import Passwords
from hub.users.rpc.account import AccountServicer
from hub.users.rpc.auth import AuthServicer
from hub.users.rpc.users import UsersServicer
from hub.users.sealing import SecretBox
from hub.users.service import sign_in
from hub.users.tokens import AccessTokens, TokenKeys
from smartroster.attendance.v1 import attendance_pb2_grpc, room_pb2_grpc
from smartroster.courses.v1 import courses_pb2_grpc
from smartroster.devices.v1 import devices_pb2_grpc
from smartroster.faces.v1 import faces_pb2_grpc
from smartroster.jobs.v1 import jobs_pb2_grpc
from smartroster.notifications.v1 import notifications_pb2_grpc
from smartroster.school.v1 import school_pb2_grpc
from smartroster.timetable.v1 import timetable_pb2_grpc
from smartroster.users.v1 import account_pb2_grpc, users_pb2_grpc

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
        await self._start_outbox(database, access, publisher)
        await self._start_jobs(database, keys)

        services = self._services(database, authority, access, keys, encoder)
        await self._open_doors(database, publisher, authority, tls, *services)
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

    async def _start_outbox(self, database: Database, access: BrokerAccess, publisher: MqttPublisher) -> None:
        relay = OutboxRelay(database)
        for event_type, handler in (
            *users.subscriptions(),
            *devices.subscriptions(),
            *attendance.subscriptions(),
            *notifications.subscriptions(),
        ):
            relay.subscribe(event_type, handler)
        for event_type in (UserDisabled, UserEnabled):
            relay.subscribe(event_type, access.on_user_changed, name="notifications.broker_access")
        courier = MqttCourier(database, publisher)
        carrying = asyncio.create_task(courier.run())

        async def stop_courier() -> None:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            if publisher.is_connected:
                # What the last calls caused goes out before the hub does; the rest waits in the database.
                with suppress(HubError, TimeoutError):
                    async with asyncio.timeout(2):
                        await courier.deliver_due()

        async def stop_relay() -> None:
            await relay.stop()
            with suppress(HubError, TimeoutError):
                async with asyncio.timeout(2):
                    await relay.run_once()

        self._stack.push_async_callback(stop_courier)
        await relay.start()
        self._stack.push_async_callback(stop_relay)

    async def _start_jobs(self, database: Database, keys: KeyRing) -> None:
        scheduler = Scheduler(database)
        scheduler.add("db.sweep", every(hours=1), housekeeping.sweep)
        scheduler.add("jobs.sweep_ticks", every(days=1), sweep_ticks)
        scheduler.add("jobs.sweep", every(days=1), long_jobs.sweep)
        scheduler.add("users.forget_old", every(hours=6), sign_in.forget_old)
        for name, trigger, tick in (
            *devices.jobs(),
            *faces.jobs(keys=keys, engine_id=self._settings.face_engine),
            *attendance.jobs(),
            *courses.jobs(),
        ):
            scheduler.add(name, trigger, tick)
        await scheduler.start()
        self._stack.push_async_callback(scheduler.stop)
        runner = JobRunner(database, _job_kinds())
        await runner.start()
        self._stack.push_async_callback(runner.stop)

    def _services(
        self,
        database: Database,
        authority: Authority,
        access: BrokerAccess,
        keys: KeyRing,
        encoder: FaceEncoder,
    ) -> tuple[list[Service], list[Service], list[Service], Gate]:
        """The services of the API port, the device port and the enrolment port, and who may come in at the first."""
        settings = self._settings
        college = CollegeOfThisHub()
        passwords = Passwords()
        self._stack.callback(passwords.close)
        tokens = AccessTokens(TokenKeys.load_or_create(settings.secrets_dir), audience=settings.site)
        box = SecretBox.open(settings.secrets_dir)
        board = CommandBoard(database)
        live = LiveBoard()
        device_address = self._address_of("device")
        api = [
            Service(
                users_pb2_grpc.add_AuthServiceServicer_to_server,
                AuthServicer(database, passwords=passwords, tokens=tokens, box=box, college=college),
            ),
            Service(
                account_pb2_grpc.add_AccountServiceServicer_to_server,
                AccountServicer(database, passwords=passwords, box=box, issuer=settings.site),
            ),
            Service(
                users_pb2_grpc.add_UsersServiceServicer_to_server,
                UsersServicer(database, passwords=passwords, college=college),
            ),
            Service(school_pb2_grpc.add_SchoolServiceServicer_to_server, SchoolServicer(database)),
            Service(courses_pb2_grpc.add_CoursesServiceServicer_to_server, CoursesServicer(database)),
            Service(
                timetable_pb2_grpc.add_TimetableServiceServicer_to_server,
                TimetableServicer(database, materialise=attendance.materialise),
            ),
            Service(
                faces_pb2_grpc.add_FacesServiceServicer_to_server, FacesServicer(database, keys=keys, encoder=encoder)
            ),
            Service(
                devices_pb2_grpc.add_DevicesServiceServicer_to_server,
                DevicesServicer(
                    database,
                    authority=authority,
                    board=board,
                    find_room=timetable_queries.get_room,
                    enrolment_address=self._address_of("enrolment"),
                ),
            ),
            Service(
                attendance_pb2_grpc.add_AttendanceServiceServicer_to_server,
                AttendanceServicer(database, keys=keys, encoder=encoder, live=live),
            ),
            Service(jobs_pb2_grpc.add_JobsServiceServicer_to_server, JobsServicer(database)),
            Service(
                notifications_pb2_grpc.add_NotificationsServiceServicer_to_server,
                NotificationsServicer(database, broker_access=access),
            ),
        ]
        device = [
            Service(
                devices_pb2_grpc.add_DeviceServiceServicer_to_server,
                DeviceServicer(database, authority=authority, board=board, device_address=device_address),
            ),
            Service(
                room_pb2_grpc.add_RoomServiceServicer_to_server,
                RoomServicer(database, keys=keys, engine_id=settings.face_engine, live=live),
            ),
        ]
        enrolment = [
            Service(
                devices_pb2_grpc.add_EnrolmentServiceServicer_to_server,
                EnrolmentServicer(database, authority=authority, device_address=device_address),
            )
        ]
        return api, device, enrolment, UserGate(sign_in.TokenAuthenticator(database, tokens))

    async def _open_doors(
        self,
        database: Database,
        publisher: MqttPublisher,
        authority: Authority,
        tls: TlsFiles,
        api: list[Service],
        device: list[Service],
        enrolment: list[Service],
        users: Gate,
    ) -> None:
        settings = self._settings
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
        for name, services, gate, port, credentials in doors:
            server = await RpcServer.start(
                [*services, *every_port], door=Door(gate), host=settings.host, port=port, credentials=credentials
            )
            stopping.push_async_callback(server.stop, 0)
            self._ports[name] = server.port
            servers.append(server)
        app = build_app(methods_of(api), door=Door(users), readiness=readiness, version=version("smart-roster"))
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


def _job_kinds() -> list[JobKind]:
    """The long-running jobs of every domain: what `jobs.submit` may name."""
    return []


async def _answers(database: Database) -> bool:
    try:
        async with asyncio.timeout(2), database.unit_of_work(SYSTEM, write=False) as uow:
            await uow.session.execute(text("SELECT 1"))
    except (HubError, TimeoutError):
        return False
    return True
