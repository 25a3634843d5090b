import asyncio
import os
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from hub.data_folder import DataFolderInUse, DataFolderUnusable
from hub.db.failures import DatabaseUnavailable
from hub.mqtt.publisher import MqttUrlInvalid
from hub.rpc.server import PortTaken
from smartroster.school.v1 import school_pb2, school_pb2_grpc
from tests.fixtures.database import PostgresqlServer
from tests.fixtures.hub import (
    ADMIN_EMAIL,
    ADMIN_PASSWORD,
    RunningHub,
    hub_in_process,
    hub_process,
    run_roster_hub,
    wait_until_ready,
)


def _department(name: str) -> dict[str, Any]:
    return {"requestId": str(uuid4()), "department": {"code": name[:3].upper(), "name": name}}


async def _create_school(hub: RunningHub, token: str) -> None:
    school = {"name": "College", "code": "COL", "timeZone": "Africa/Nairobi"}
    await hub.call("school.v1.SchoolService/CreateSchool", {"requestId": str(uuid4()), "school": school}, token)


async def test_every_door_answers_and_asks_for_what_it_must(grpc_hub: RunningHub) -> None:
    async with grpc_hub.channel() as api, grpc_hub.channel("enrolment") as enrolment:
        for channel in (api, enrolment):
            answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await school_pb2_grpc.SchoolServiceStub(api).GetSchool(school_pb2.GetSchoolRequest())
        assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED
        with pytest.raises(grpc.aio.AioRpcError) as elsewhere:
            await school_pb2_grpc.SchoolServiceStub(enrolment).GetSchool(school_pb2.GetSchoolRequest())
        assert elsewhere.value.code() == grpc.StatusCode.UNIMPLEMENTED
    async with grpc_hub.channel("device") as device:
        with pytest.raises(grpc.aio.AioRpcError) as no_certificate:
            await health_pb2_grpc.HealthStub(device).Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert no_certificate.value.code() == grpc.StatusCode.UNAVAILABLE
    async with grpc_hub.http() as client:
        assert (await client.get("/readyz")).json() == {"database": True, "mqtt": True}
        assert len((await client.get("/api/openapi.json")).json()["paths"]) > 50


async def test_administrator_signs_in_and_works(grpc_hub: RunningHub) -> None:
    token = await grpc_hub.sign_in()
    await _create_school(grpc_hub, token)
    made = await grpc_hub.call("school.v1.SchoolService/CreateDepartment", _department("Physics"), token)
    found = await grpc_hub.call("school.v1.SchoolService/GetDepartment", {"departmentId": made["id"]}, token)
    assert found["name"] == "Physics"
    entries = await grpc_hub.call("users.v1.UsersService/ListAuditEntries", {}, token)
    assert entries["auditEntries"][0]["objectId"] == made["id"]


@pytest.mark.e2e
async def test_sigterm_finishes_what_was_begun_and_the_data_is_there_again(tmp_path: Path) -> None:
    data_dir = tmp_path / "hub"
    run_roster_hub(data_dir, "create-admin", "--email", ADMIN_EMAIL, "--password-stdin", text=ADMIN_PASSWORD)
    with hub_process(data_dir) as process:
        hub = await wait_until_ready(process, data_dir)
        token = await hub.sign_in()
        await _create_school(hub, token)
        calls = [
            asyncio.create_task(hub.call("school.v1.SchoolService/CreateDepartment", _department(name), token))
            for name in ("Alpha", "Beta", "Gamma", "Delta")
        ]
        await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert await asyncio.to_thread(process.wait, 20) == 0
    assert not (data_dir / "endpoints.json").exists()
    answered = {outcome["name"] for outcome in outcomes if isinstance(outcome, dict)}
    refused = [outcome for outcome in outcomes if not isinstance(outcome, dict)]
    assert all(isinstance(outcome, httpx.TransportError | httpx.HTTPStatusError) for outcome in refused)
    async with hub_in_process(data_dir) as again:
        listed = await again.call("school.v1.SchoolService/ListDepartments", {}, await again.sign_in())
        assert answered <= {department["name"] for department in listed.get("departments", [])}


@pytest.mark.e2e
async def test_killed_hub_takes_its_broker_along_and_starts_again(tmp_path: Path) -> None:
    data_dir = tmp_path / "hub"
    with hub_process(data_dir) as process:
        first = await wait_until_ready(process, data_dir)
        (broker,) = _children(process.pid)
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait, 10)
    async with asyncio.timeout(5):
        while _is_alive(broker):  # noqa: ASYNC110 (other processes set no event)
            await asyncio.sleep(0.05)
    mqtt_port = int(first.endpoints["mqtt"].rpartition(":")[2])
    async with hub_in_process(data_dir, mqtt_port=mqtt_port) as again:
        async with again.http() as client:
            assert (await client.get("/readyz")).status_code == 200
        assert again.ca_pem == first.ca_pem


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(") ")[1][0] != "Z"


async def test_two_hubs_share_a_postgresql_database(tmp_path: Path, postgresql_server: PostgresqlServer) -> None:
    url = postgresql_server.create_database("template0")
    shared = {"database_url": url, "secrets_folder": tmp_path / "secrets"}
    run_roster_hub(
        tmp_path / "one",
        "create-admin",
        "--email",
        ADMIN_EMAIL,
        "--password-stdin",
        text=ADMIN_PASSWORD,
        database_url=url,
    )
    async with (
        hub_in_process(tmp_path / "one", **shared) as one,
        hub_in_process(tmp_path / "two", **shared) as two,
    ):
        token = await one.sign_in()
        await _create_school(one, token)
        await two.call("school.v1.SchoolService/CreateDepartment", _department("Physics"), token)
        listed = await one.call("school.v1.SchoolService/ListDepartments", {}, token)
        assert [department["name"] for department in listed["departments"]] == ["Physics"]
        assert one.ca_pem == two.ca_pem
    postgresql_server.drop_database(url)


async def test_bad_surroundings_are_refused_with_what_to_do(grpc_hub: RunningHub, tmp_path: Path) -> None:
    with pytest.raises(DataFolderInUse, match="give this one its own data_dir"):
        async with hub_in_process(grpc_hub.data_dir):
            pass
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(DataFolderUnusable, match="give the hub's user write access"):
        async with hub_in_process(tmp_path / "file" / "hub"):
            pass
    with pytest.raises(PortTaken, match="another program has the port"):
        async with hub_in_process(tmp_path / "b", device_port=int(grpc_hub.endpoints["device"].rpartition(":")[2])):
            pass
    with pytest.raises(PortTaken, match="another program has the port"):
        async with hub_in_process(tmp_path / "b", http_port=int(grpc_hub.endpoints["http"].rpartition(":")[2])):
            pass
    with pytest.raises(DatabaseUnavailable, match="check that it runs"):
        async with hub_in_process(tmp_path / "c", database_url="postgresql://nobody@127.0.0.1:9/none"):
            pass
    with pytest.raises(MqttUrlInvalid):
        async with hub_in_process(tmp_path / "d", mqtt_url="broker.example:1883"):
            pass


def test_commands_say_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("api_prot = 1\n", encoding="ascii")
    misspelt = run_roster_hub(tmp_path, "--config", str(tmp_path / "hub.toml"), "check", expected=1)
    assert 'did you mean "api_port"?' in misspelt.stderr
    assert "Traceback" not in misspelt.stderr
    weak = run_roster_hub(
        tmp_path / "hub", "create-admin", "--email", ADMIN_EMAIL, "--password-stdin", text="short\n", expected=1
    )
    assert "10" in weak.stderr
    run_roster_hub(tmp_path / "hub", "create-admin", "--email", ADMIN_EMAIL, "--password-stdin", text=ADMIN_PASSWORD)
    twice = run_roster_hub(
        tmp_path / "hub", "create-admin", "--email", ADMIN_EMAIL, "--password-stdin", text=ADMIN_PASSWORD, expected=1
    )
    assert ADMIN_EMAIL in twice.stderr


def test_check_tells_of_each_part(tmp_path: Path) -> None:
    said = run_roster_hub(tmp_path / "hub", "check").stdout
    assert [line[:4] for line in said.splitlines()] == ["ok  "] * 5
    assert "CA fingerprint" in said
    (tmp_path / "hub" / "hub.db").write_bytes(b"not a database " * 1000)
    damaged = run_roster_hub(tmp_path / "hub", "check", expected=1).stdout
    assert "FAIL database: " in damaged
    assert "restore the last backup" in damaged
