import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hub.db.principal import Principal
from hub.devices.authority import Authority
from hub.errors import PermissionDenied
from hub.rpc.auth import CertificateRefused, DeviceGate, certificate_identity
from hub.rpc.calls import Door
from hub.rpc.server import RpcServer, Service
from smartroster.attendance.v1 import room_pb2, room_pb2_grpc
from tests.fixtures import front_desk
from tests.fixtures.front_desk import Doorway

SITE = "college.example"


class DeviceRevoked(PermissionDenied):
    pass


class Registry:
    def __init__(self) -> None:
        self.revoked = False
        self.asked: list[tuple[UUID, str]] = []

    async def check(self, device_id: UUID, certificate_serial: str) -> Principal:
        self.asked.append((device_id, certificate_serial))
        if self.revoked:
            raise DeviceRevoked("This device was revoked.")
        return Principal("device", device_id)


class Port:
    def __init__(self, server: RpcServer, doorway: Doorway, registry: Registry, authority: Authority) -> None:
        self.server = server
        self.doorway = doorway
        self.registry = registry
        self.authority = authority

    def channel(self, device_id: UUID, authority: Authority | None = None) -> grpc.aio.Channel:
        key = ec.generate_private_key(ec.SECP256R1())
        issued = (authority or self.authority).issue_device_certificate(
            key.public_key(), device_id, now=datetime.now(UTC)
        )
        return grpc.aio.secure_channel(
            f"localhost:{self.server.port}",
            grpc.ssl_channel_credentials(
                root_certificates=self.authority.ca_bundle_pem.encode(),
                private_key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
                certificate_chain=(issued.pem + issued.chain_pem).encode(),
            ),
        )


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[Port]:
    authority = Authority.open(tmp_path / "secrets", SITE)
    own = authority.server_credentials()
    doorway, registry = Doorway(), Registry()
    server = await RpcServer.start(
        [Service(room_pb2_grpc.add_RoomServiceServicer_to_server, doorway)],
        door=Door(DeviceGate(registry, SITE), front_desk.PERMISSIONS),
        host="127.0.0.1",
        port=0,
        credentials=grpc.ssl_server_credentials(
            [(own.private_key_pem, own.certificate_chain_pem)],
            root_certificates=authority.ca_bundle_pem.encode(),
            require_client_auth=True,
        ),
    )
    yield Port(server, doorway, registry, authority)
    await server.stop(1)


def _batch(number: int) -> room_pb2.StreamCheckInsRequest:
    return room_pb2.StreamCheckInsRequest(batch_number=number)


async def test_registry_is_asked_on_every_call_with_the_certificates_identity(port: Port) -> None:
    device_id = uuid4()
    async with port.channel(device_id) as channel:
        room = room_pb2_grpc.RoomServiceStub(channel)
        for _ in range(3):
            assert (await room.GetRoomConfig(room_pb2.GetRoomConfigRequest())).room.id == str(device_id)
    assert [asked for asked, _ in port.registry.asked] == [device_id] * 3
    assert all(serial == serial.lower() and int(serial, 16) for _, serial in port.registry.asked)


async def test_other_authority_and_no_certificate_are_refused_by_tls(port: Port, tmp_path: Path) -> None:
    other = Authority.open(tmp_path / "other", SITE)
    bare = grpc.aio.secure_channel(
        f"localhost:{port.server.port}", grpc.ssl_channel_credentials(port.authority.ca_bundle_pem.encode())
    )
    for channel in (port.channel(uuid4(), other), bare):
        async with channel:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await room_pb2_grpc.RoomServiceStub(channel).GetRoomConfig(room_pb2.GetRoomConfigRequest(), timeout=5)
            assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
    assert port.registry.asked == []


async def test_device_of_another_site_is_refused(port: Port) -> None:
    port.authority.site = "elsewhere.example"
    async with port.channel(uuid4()) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await room_pb2_grpc.RoomServiceStub(channel).GetRoomConfig(room_pb2.GetRoomConfigRequest())
    assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED
    assert refused.value.details() == "This certificate names no device of this site: enrol the device at this hub."


async def test_revoked_device_loses_its_open_stream_within_5_s(port: Port) -> None:
    async with port.channel(uuid4()) as channel:
        stream = room_pb2_grpc.RoomServiceStub(channel).StreamCheckIns()
        await stream.write(_batch(1))
        assert (await stream.read()).batch_number == 1
        port.registry.revoked = True
        async with asyncio.timeout(5):
            with pytest.raises(grpc.aio.AioRpcError, match="This device was revoked"):
                await stream.read()
        assert await stream.code() == grpc.StatusCode.PERMISSION_DENIED


async def test_stopping_server_answers_the_batch_it_has_and_takes_no_other(port: Port) -> None:
    async with port.channel(uuid4()) as channel:
        stream = room_pb2_grpc.RoomServiceStub(channel).StreamCheckIns()
        await stream.write(_batch(1))
        await port.doorway.begun.wait()
        stopping = asyncio.create_task(port.server.stop(10))
        assert (await stream.read()).batch_number == 1
        async with asyncio.timeout(2):
            await stopping
        assert await stream.read() is grpc.aio.EOF  # type: ignore[attr-defined] # the stubs lack it
        assert await stream.code() == grpc.StatusCode.OK
    assert port.doorway.finished == [1]


@pytest.mark.parametrize(
    "uris",
    [
        [],
        [f"spiffe://{SITE}/device/{uuid4()}", f"spiffe://{SITE}/device/{uuid4()}"],
        [f"spiffe://{SITE}/device/not-a-uuid"],
        [f"spiffe://{SITE}/user/{uuid4()}"],
        [f"spiffe://{SITE}.evil.example/device/{uuid4()}"],
        [f"spiffe://{SITE.replace('.', 'x')}/device/{uuid4()}"],
    ],
)
def test_certificate_without_exactly_one_right_uri_names_no_device(uris: list[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"device {uuid4()}")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    if uris:
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris])
        builder = builder.add_extension(names, critical=False)
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    with pytest.raises(CertificateRefused):
        certificate_identity(pem, SITE)
