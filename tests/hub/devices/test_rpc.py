"""The three services over real TLS: claim on the API port, enrolment, and a device's calls with its certificate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from sqlalchemy import select
from uuid6 import uuid7

from hub.db.database import Database
from hub.db.held_answer import RequestLogEntry
from hub.devices.authority import Authority
from hub.devices.command_board import CommandBoard
from hub.devices.rpc import DeviceServicer, DevicesServicer, EnrolmentServicer
from hub.devices.service.registry import DeviceRegistry
from hub.rpc.auth import DeviceGate, OpenGate, UserGate
from hub.rpc.server import Service
from hub.timetable.errors import RoomNotFound
from hub.timetable.models import Room
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc as rpc
from tests.factories.devices import EnrolledDevice, Key, make_claim, make_device, make_device_room, secret_of
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.doors import TokenTable, bearer, refusal_of, serving
from tests.hub.devices.conftest import SITE

ADMIN = bearer("ADMIN")


async def _find_room(uow: object, room_id: UUID) -> Room:
    room: Room | None = await uow.session.get(Room, room_id)  # type: ignore[attr-defined] # a unit of work
    if room is None:
        raise RoomNotFound("There is no such room.")
    return room


@dataclass(frozen=True, slots=True)
class Ports:
    authority: Authority
    api: rpc.DevicesServiceStub
    enrolment: rpc.EnrolmentServiceStub
    device_address: str
    stack: AsyncExitStack

    async def channel(self, key: bytes | None, chain: bytes | None) -> grpc.aio.Channel:
        credentials = grpc.ssl_channel_credentials(self.authority.ca_bundle_pem.encode(), key, chain)
        return await self.stack.enter_async_context(grpc.aio.secure_channel(self.device_address, credentials))

    async def device(self, device: EnrolledDevice) -> rpc.DeviceServiceStub:
        chain = device.enrolment.certificate_pem + device.enrolment.chain_pem
        return rpc.DeviceServiceStub(await self.channel(device.key.pem, chain.encode()))


@pytest.fixture
async def ports(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Ports]:
    clock.set(datetime.now(UTC))  # TLS looks at the machine's clock
    authority = Authority.open(tmp_path / "secrets", SITE)
    server = authority.server_credentials()
    pair = [(server.private_key_pem, server.certificate_chain_pem)]
    mutual = grpc.ssl_server_credentials(pair, authority.ca_bundle_pem.encode(), require_client_auth=True)
    board = CommandBoard(database)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(
            serving(
                DeviceGate(DeviceRegistry(database), SITE),
                [
                    Service(
                        rpc.add_DeviceServiceServicer_to_server,
                        DeviceServicer(database, authority=authority, board=board, device_address=lambda: "hub:50052"),
                    )
                ],
                mutual,
            )
        )
        enrolment_address = await stack.enter_async_context(
            serving(
                OpenGate(),
                [
                    Service(
                        rpc.add_EnrolmentServiceServicer_to_server,
                        EnrolmentServicer(database, authority=authority, device_address=lambda: address),
                    )
                ],
                grpc.ssl_server_credentials(pair),
            )
        )
        api_address = await stack.enter_async_context(
            serving(
                UserGate(TokenTable()),
                [
                    Service(
                        rpc.add_DevicesServiceServicer_to_server,
                        DevicesServicer(
                            database,
                            authority=authority,
                            board=board,
                            find_room=_find_room,
                            enrolment_address=lambda: enrolment_address,
                        ),
                    )
                ],
            )
        )
        trust = grpc.ssl_channel_credentials(authority.ca_bundle_pem.encode())
        api = await stack.enter_async_context(grpc.aio.insecure_channel(api_address))
        enrolment = await stack.enter_async_context(grpc.aio.secure_channel(enrolment_address, trust))
        yield Ports(authority, rpc.DevicesServiceStub(api), rpc.EnrolmentServiceStub(enrolment), address, stack)


async def enrolled(ports: Ports, make_uow: MakeUow) -> EnrolledDevice:
    async with make_uow() as uow:
        return await make_device(uow, ports.authority)


async def test_from_claim_to_heartbeat(ports: Ports, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room_id = await make_device_room(uow)
    request = pb.ClaimDeviceRequest(request_id=str(uuid7()), room_id=str(room_id), name="B12 door")
    claim = await ports.api.ClaimDevice(request, metadata=ADMIN)
    assert claim.device.state == pb.Device.STATE_CLAIMED_PENDING
    assert claim.device.reach == pb.Device.REACH_NEVER_SEEN
    again = await ports.api.ClaimDevice(request, metadata=ADMIN)
    assert (again.device.id, again.claim_code) == (claim.device.id, claim.claim_code)

    key = Key()
    answer = await ports.enrolment.Enrol(
        pb.EnrolRequest(claim_secret=secret_of(claim.claim_code), csr_pem=key.csr_pem(), hardware_serial="1000abcd")
    )
    channel = await ports.channel(key.pem, (answer.certificate_pem + answer.chain_pem).encode())
    device = rpc.DeviceServiceStub(channel)
    beat = await device.Heartbeat(pb.HeartbeatRequest(agent_version="1.0.0", queue_depth=2))
    assert beat.next_heartbeat_in.ToTimedelta() == timedelta(seconds=30)

    seen = await ports.api.GetDevice(pb.GetDeviceRequest(device_id=claim.device.id), metadata=ADMIN)
    assert (seen.state, seen.reach) == (pb.Device.STATE_ACTIVE, pb.Device.REACH_ONLINE)
    assert (seen.name, seen.queue_depth, seen.hardware_serial) == ("B12 door", 2, "1000abcd")
    assert seen.certificate_days_left in (89, 90)
    assert answer.device_address == ports.device_address


async def test_enrolment_is_closed_to_unknown_codes(ports: Ports) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await ports.enrolment.Enrol(pb.EnrolRequest(claim_secret="A" * 32, csr_pem=Key().csr_pem()))
    refusal = refusal_of(error.value)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.PERMISSION_DENIED, "CLAIM_CODE_UNKNOWN")


async def test_failed_enrolments_are_counted_though_they_are_rolled_back(ports: Ports) -> None:
    reasons = []
    for _ in range(31):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await ports.enrolment.Enrol(pb.EnrolRequest(claim_secret="A" * 32, csr_pem=Key().csr_pem()))
        reasons.append(refusal_of(error.value).reason)
    assert reasons[:30] == ["CLAIM_CODE_UNKNOWN"] * 30
    assert reasons[30] == "TOO_MANY_ENROLMENTS"


@pytest.mark.parametrize("role", ["TRAINEE", "TRAINER", "HOD", "DP_ACADEMICS"])
async def test_claiming_is_for_admins(ports: Ports, role: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await ports.api.ClaimDevice(pb.ClaimDeviceRequest(room_id=str(uuid4())), metadata=bearer(role))
    assert refusal_of(error.value).reason == "ROLE_NOT_ALLOWED"


async def test_a_claim_needs_a_room_that_exists(ports: Ports) -> None:
    for room_id, reason in ((str(uuid4()), "ROOM_NOT_FOUND"), ("B12", "INVALID_ARGUMENT")):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await ports.api.ClaimDevice(pb.ClaimDeviceRequest(room_id=room_id), metadata=ADMIN)
        assert refusal_of(error.value).reason == reason


async def heartbeat_refusal(channel: grpc.aio.Channel) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await rpc.DeviceServiceStub(channel).Heartbeat(pb.HeartbeatRequest(), timeout=5)
    refusal = refusal_of(error.value)
    return refusal.code, refusal.reason


async def test_without_a_certificate_no_device_gets_in(ports: Ports) -> None:
    assert await heartbeat_refusal(await ports.channel(None, None)) == (grpc.StatusCode.UNAVAILABLE, "")


async def test_another_ca_s_certificate_does_not_get_in(ports: Ports, make_uow: MakeUow, tmp_path: Path) -> None:
    device = await enrolled(ports, make_uow)
    other = Authority.open(tmp_path / "other", SITE)
    issued = other.issue_device_certificate(device.key.private.public_key(), device.id, now=datetime.now(UTC))
    channel = await ports.channel(device.key.pem, (issued.pem + issued.chain_pem).encode())
    assert await heartbeat_refusal(channel) == (grpc.StatusCode.UNAVAILABLE, "")


async def test_an_expired_certificate_does_not_get_in(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    long_ago = datetime.now(UTC) - timedelta(days=120)
    issued = ports.authority.issue_device_certificate(device.key.private.public_key(), device.id, now=long_ago)
    channel = await ports.channel(device.key.pem, (issued.pem + issued.chain_pem).encode())
    assert await heartbeat_refusal(channel) == (grpc.StatusCode.UNAVAILABLE, "")


async def test_a_certificate_with_a_common_name_alone_is_no_device(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    generation = ports.authority._generations[0]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"device {device.id}")]))
        .issuer_name(generation.issuing.subject)
        .public_key(device.key.private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(generation.issuing_key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + device.enrolment.chain_pem.encode()
    channel = await ports.channel(device.key.pem, pem)
    assert await heartbeat_refusal(channel) == (grpc.StatusCode.UNAUTHENTICATED, "CERTIFICATE_REFUSED")


async def test_a_revoked_device_is_refused_and_its_stream_ends_within_5_s(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    stub = await ports.device(device)
    stream = stub.WatchCommands(pb.WatchCommandsRequest())
    await ports.api.CommandDevices(
        pb.CommandDevicesRequest(
            device_ids=[str(device.id)], command=pb.DeviceCommand(restart_agent=pb.DeviceCommand.RestartAgent())
        ),
        metadata=ADMIN,
    )
    command = await asyncio.wait_for(stream.read(), 5)
    assert command.WhichOneof("command") == "restart_agent"
    revoked = await ports.api.RevokeDevice(
        pb.RevokeDeviceRequest(device_id=str(device.id), reason="stolen"), metadata=ADMIN
    )
    assert revoked.state == pb.Device.STATE_REVOKED
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await asyncio.wait_for(stream.read(), 5)
    assert refusal_of(error.value).reason == "DEVICE_REVOKED"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stub.Heartbeat(pb.HeartbeatRequest())
    assert refusal_of(error.value).code == grpc.StatusCode.PERMISSION_DENIED


async def test_commands_go_on_after_the_last_one_carried_out(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    stub = await ports.device(device)

    async def send(command: pb.DeviceCommand) -> None:
        await ports.api.CommandDevices(
            pb.CommandDevicesRequest(device_ids=[str(device.id)], command=command), metadata=ADMIN
        )

    await send(pb.DeviceCommand(send_log=pb.DeviceCommand.SendLog(max_bytes=1000)))
    first = await asyncio.wait_for(stub.WatchCommands(pb.WatchCommandsRequest()).read(), 5)
    assert first.send_log.max_bytes == 1000
    stream = stub.WatchCommands(pb.WatchCommandsRequest(after_command_id=first.id))
    await send(pb.DeviceCommand(take_version=pb.DeviceCommand.TakeVersion(version="2.0.1")))
    second = await asyncio.wait_for(stream.read(), 5)
    assert second.take_version.version == "2.0.1"
    stream.cancel()
    await stub.UploadLog(pb.UploadLogRequest(command_id=first.id, text="all is well"))
    logs = await ports.api.ListDeviceLogs(pb.ListDeviceLogsRequest(device_id=str(device.id)), metadata=ADMIN)
    assert [log.text for log in logs.device_logs] == ["all is well"]


async def test_the_fleet_is_listed_in_pages_by_room_and_state(ports: Ports, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room_id = await make_device_room(uow)
        mine = [await make_device(uow, ports.authority, room_id=room_id, name=f"Door {n}") for n in range(3)]
        await make_device(uow, ports.authority)
    ids = [str(device.id) for device in mine]
    await ports.api.SuspendDevices(pb.SuspendDevicesRequest(device_ids=ids[:1]), metadata=ADMIN)
    listed: list[str] = []
    token = ""
    while True:
        answer = await ports.api.ListDevices(
            pb.ListDevicesRequest(room_id=str(room_id), page_size=2, page_token=token), metadata=bearer("DP_ACADEMICS")
        )
        listed += [device.id for device in answer.devices]
        token = answer.next_page_token
        if not token:
            break
    assert listed == ids
    active = await ports.api.ListDevices(
        pb.ListDevicesRequest(room_id=str(room_id), state=pb.Device.STATE_ACTIVE), metadata=ADMIN
    )
    assert [device.id for device in active.devices] == ids[1:]


async def test_alarms_are_listed(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    stub = await ports.device(device)
    await stub.Heartbeat(pb.HeartbeatRequest(alarms=[pb.ActiveAlarm(reason="DISK_FULL", detail="0.1 % free")]))
    await stub.Heartbeat(pb.HeartbeatRequest())
    answer = await ports.api.ListDeviceAlarms(pb.ListDeviceAlarmsRequest(device_id=str(device.id)), metadata=ADMIN)
    (alarm,) = answer.device_alarms
    assert (alarm.reason, alarm.detail) == ("DISK_FULL", "0.1 % free")
    assert alarm.HasField("cleared_time")


async def test_renewal_over_the_device_port(ports: Ports, make_uow: MakeUow) -> None:
    device = await enrolled(ports, make_uow)
    former = await ports.device(device)
    key = Key()
    answer = await former.RenewCertificate(pb.RenewCertificateRequest(csr_pem=key.csr_pem()))
    await former.Heartbeat(pb.HeartbeatRequest())
    newer = rpc.DeviceServiceStub(await ports.channel(key.pem, (answer.certificate_pem + answer.chain_pem).encode()))
    await newer.Heartbeat(pb.HeartbeatRequest())
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await former.Heartbeat(pb.HeartbeatRequest())
    assert refusal_of(error.value).reason == "CERTIFICATE_REPLACED"


async def test_one_code_at_once_from_many_cards_enrols_one(ports: Ports, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        claim = await make_claim(uow, ports.authority)

    async def try_to_enrol() -> str:
        try:
            await ports.enrolment.Enrol(
                pb.EnrolRequest(claim_secret=secret_of(claim.code), csr_pem=Key().csr_pem()), timeout=20
            )
        except grpc.aio.AioRpcError as error:
            return refusal_of(error).reason
        return "ENROLLED"

    outcomes = await asyncio.gather(*(try_to_enrol() for _ in range(6)))
    assert sorted(outcomes) == ["CLAIM_CODE_USED"] * 5 + ["ENROLLED"]


async def test_the_same_claim_twice_at_once_makes_one_device(ports: Ports, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room_id = await make_device_room(uow)
    request = pb.ClaimDeviceRequest(request_id=str(uuid7()), room_id=str(room_id), name="Door")
    answers = await asyncio.gather(*(ports.api.ClaimDevice(request, metadata=ADMIN) for _ in range(4)))
    assert len({(answer.device.id, answer.claim_code) for answer in answers}) == 1
    listed = await ports.api.ListDevices(pb.ListDevicesRequest(room_id=str(room_id)), metadata=ADMIN)
    assert len(listed.devices) == 1


async def test_a_claim_s_secret_is_not_in_the_database(ports: Ports, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        room_id = await make_device_room(uow)
    request = pb.ClaimDeviceRequest(request_id=str(uuid7()), room_id=str(room_id), name="Door")
    claim = await ports.api.ClaimDevice(request, metadata=ADMIN)
    secret = secret_of(claim.claim_code).encode()
    async with make_uow() as uow:
        rows = (await uow.session.scalars(select(RequestLogEntry))).all()
        assert len(rows) == 1
        assert secret not in rows[0].sealed_response
