# ruff: noqa: N802, ARG002 (gRPC names methods and arguments)
"""The hub's side of the wire, as an agent meets it: a real server with mTLS that keeps what it is told in lists."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import grpc
from cryptography import x509
from google.protobuf.any_pb2 import Any
from google.protobuf.empty_pb2 import Empty
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from edge_agent.uplink.identity import Identity, IdentityStore
from hub.devices.authority import Authority
from hub.devices.rules import claim_code
from smartroster.attendance.v1 import room_pb2 as room
from smartroster.attendance.v1 import room_pb2_grpc as room_grpc
from smartroster.devices.v1 import devices_pb2 as devices
from smartroster.devices.v1 import devices_pb2_grpc as devices_grpc


@dataclass
class WireHub(room_grpc.RoomServiceServicer, devices_grpc.DeviceServiceServicer, devices_grpc.EnrolmentServiceServicer):
    authority: Authority
    device_id: UUID = field(default_factory=uuid4)
    secret: bytes = b"s" * 20
    events: dict[str, room.DeviceEvent] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    duplicates: int = 0
    watermarks: list[datetime] = field(default_factory=list)
    heartbeats: list[devices.HeartbeatRequest] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    poison: set[str] = field(default_factory=set)
    retry_later: int = 0
    drop_answers: int = 0
    config: room.RoomConfig = field(default_factory=lambda: room.RoomConfig(version=1, engine="sface"))
    schedule: room.RoomSchedule = field(default_factory=lambda: room.RoomSchedule(version=1))
    gallery: list[room.SyncGalleryResponse] = field(default_factory=list)
    asked_versions: list[int] = field(default_factory=list)
    acknowledged: list[tuple[int, list[str]]] = field(default_factory=list)
    key: bytes = b"k" * 32
    key_id: str = "key-1"
    commands: list[devices.DeviceCommand] = field(default_factory=list)
    logs: list[devices.UploadLogRequest] = field(default_factory=list)
    enrolments: list[devices.EnrolRequest] = field(default_factory=list)
    renewals: int = 0
    revoked: bool = False
    certificate_age: timedelta = timedelta()
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.config.room.id = self.config.room.id or str(uuid4())
        self._servers: list[grpc.aio.Server] = []

    @property
    def code(self) -> str:
        return claim_code(self.secret, self.authority.fingerprint)

    async def start(self) -> None:
        made = self.authority.server_credentials()
        pair = [(made.private_key_pem, made.certificate_chain_pem)]
        mutual = grpc.ssl_server_credentials(
            pair, root_certificates=self.authority.ca_bundle_pem.encode(), require_client_auth=True
        )
        for name, credentials in {"enrolment": grpc.ssl_server_credentials(pair), "device": mutual}.items():
            server = grpc.aio.server()
            if name == "device":
                room_grpc.add_RoomServiceServicer_to_server(self, server)
                devices_grpc.add_DeviceServiceServicer_to_server(self, server)
            else:
                devices_grpc.add_EnrolmentServiceServicer_to_server(self, server)
            self.ports[name] = server.add_secure_port(f"127.0.0.1:{self.ports.get(name, 0)}", credentials)
            await server.start()
            self._servers.append(server)

    async def stop(self) -> None:
        for server in self._servers:
            await server.stop(None)
        self._servers.clear()

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def identity(self, store: IdentityStore) -> Identity:
        """An enrolled device's identity, put into the store."""
        answer = self._issue(store.csr_pem())
        identity = Identity(
            device_id=answer.device_id,
            certificate_pem=answer.certificate_pem,
            chain_pem=answer.chain_pem,
            ca_bundle_pem=answer.ca_bundle_pem,
            device_address=self.address("device"),
            enrolment_address=self.address("enrolment"),
        )
        store.take(identity, now=datetime.now(UTC) - self.certificate_age)
        return identity

    def _issue(self, csr_pem: str) -> devices.EnrolResponse:
        key = x509.load_pem_x509_csr(csr_pem.encode()).public_key()
        issued = self.authority.issue_device_certificate(
            key,  # type: ignore[arg-type]  # the agent's keys are P-256
            self.device_id,
            now=datetime.now(UTC) - self.certificate_age,
        )
        return devices.EnrolResponse(
            device_id=str(self.device_id),
            certificate_pem=issued.pem,
            chain_pem=issued.chain_pem,
            ca_bundle_pem=self.authority.ca_bundle_pem,
            device_address=f"localhost:{self.ports['device']}",
        )

    async def Enrol(self, request: devices.EnrolRequest, context: grpc.aio.ServicerContext) -> devices.EnrolResponse:  # type: ignore[type-arg]  # generic in stubs alone
        self.enrolments.append(request)
        if request.claim_secret != self.code.split(".")[1]:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "This claim code is not known: make a new one.")
        return self._issue(request.csr_pem)

    async def RenewExpired(self, request: devices.RenewExpiredRequest, context: object) -> devices.EnrolResponse:
        self.renewals += 1
        self.certificate_age = timedelta()
        return self._issue(request.csr_pem)

    async def RenewCertificate(
        self, request: devices.RenewCertificateRequest, context: object
    ) -> devices.EnrolResponse:
        self.renewals += 1
        self.certificate_age = timedelta()
        return self._issue(request.csr_pem)

    async def Heartbeat(
        self,
        request: devices.HeartbeatRequest,
        context: grpc.aio.ServicerContext,  # type: ignore[type-arg]  # generic in stubs alone
    ) -> devices.HeartbeatResponse:
        if self.revoked:
            info = Any()
            info.Pack(error_details_pb2.ErrorInfo(reason="DEVICE_REVOKED", domain="smartroster"))
            status = status_pb2.Status(
                code=grpc.StatusCode.PERMISSION_DENIED.value[0], message="The device was revoked.", details=[info]
            )
            refusal = rpc_status.to_status(status)
            await context.abort(refusal.code, refusal.details, refusal.trailing_metadata)
        self.heartbeats.append(request)
        answer = devices.HeartbeatResponse()
        answer.hub_time.FromDatetime(datetime.now(UTC))
        answer.next_heartbeat_in.FromTimedelta(timedelta(seconds=0.2))
        return answer

    async def WatchCommands(
        self,
        request: devices.WatchCommandsRequest,
        context: grpc.aio.ServicerContext,  # type: ignore[type-arg]  # generic in stubs alone
    ) -> AsyncIterator[devices.DeviceCommand]:
        ids = [command.id for command in self.commands]
        after = ids.index(request.after_command_id) + 1 if request.after_command_id in ids else 0
        for command in self.commands[after:]:
            yield command
        await context.abort(grpc.StatusCode.UNAVAILABLE, "no more commands in this test")

    async def UploadLog(self, request: devices.UploadLogRequest, context: object) -> object:
        self.logs.append(request)
        return Empty()

    async def StreamCheckIns(
        self,
        requests: AsyncIterator[room.StreamCheckInsRequest],
        context: grpc.aio.ServicerContext,  # type: ignore[type-arg]  # generic in stubs alone
    ) -> AsyncIterator[room.StreamCheckInsResponse]:
        async for request in requests:
            assert len(request.events) <= 100
            if request.HasField("complete_until_time"):
                self.watermarks.append(request.complete_until_time.ToDatetime(UTC))
            if self.retry_later:
                self.retry_later -= 1
                later = room.StreamCheckInsResponse(batch_number=request.batch_number)
                later.retry_after.FromTimedelta(timedelta(seconds=0.1))
                yield later
                continue
            if self.poison & {event.event_id for event in request.events}:
                await context.abort(grpc.StatusCode.INTERNAL, "internal error")
            results = [self._store(event) for event in request.events]
            if request.events and self.drop_answers:
                self.drop_answers -= 1
                await context.abort(grpc.StatusCode.UNAVAILABLE, "the network was cut after storing")
            yield room.StreamCheckInsResponse(batch_number=request.batch_number, results=results)

    def _store(self, event: room.DeviceEvent) -> room.EventResult:
        if event.event_id in self.refuse:
            return room.EventResult(
                event_id=event.event_id,
                outcome=room.EventResult.OUTCOME_REFUSED,
                message=self.refuse[event.event_id],
            )
        if event.event_id in self.events:
            self.duplicates += 1
            assert self.events[event.event_id] == event
            return room.EventResult(event_id=event.event_id, outcome=room.EventResult.OUTCOME_DUPLICATE)
        self.events[event.event_id] = event
        self.order.append(event.event_id)
        return room.EventResult(event_id=event.event_id, outcome=room.EventResult.OUTCOME_STORED)

    async def GetRoomConfig(self, request: object, context: object) -> room.RoomConfig:
        return self.config

    async def GetRoomSchedule(self, request: object, context: object) -> room.RoomSchedule:
        return self.schedule

    async def SyncGallery(self, request: room.SyncGalleryRequest, context: object) -> room.SyncGalleryResponse:
        self.asked_versions.append(request.known_version)
        for answer in self.gallery:
            if answer.version > request.known_version and (answer.full or request.known_version):
                return answer
        return room.SyncGalleryResponse(version=request.known_version)

    async def AcknowledgeGallery(
        self, request: room.AcknowledgeGalleryRequest, context: object
    ) -> room.AcknowledgeGalleryResponse:
        self.acknowledged.append((request.version, list(request.erased_person_ids)))
        return room.AcknowledgeGalleryResponse()

    async def GetGalleryKey(self, request: object, context: object) -> room.GetGalleryKeyResponse:
        return room.GetGalleryKeyResponse(key=self.key, key_id=self.key_id)


def make_hub(folder: Path) -> WireHub:
    return WireHub(Authority.open(folder / "hub-secrets", "college.test"))
