from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from hub.db.database import Database
from hub.http.server import HttpServer, build_app
from hub.rpc.auth import UserGate
from hub.rpc.calls import Door
from hub.rpc.server import PortTaken, Service, methods_of
from smartroster.notifications.v1 import notifications_pb2_grpc
from smartroster.school.v1 import school_pb2_grpc
from tests.fixtures import front_desk
from tests.fixtures.front_desk import FAILURES, Bell, FrontDesk, TokenIsUserId

API = "/api/smartroster.school.v1.SchoolService/"
ADMIN = {"Authorization": f"Bearer {UUID(int=7)}:ADMIN"}


class DoorToTest:
    def __init__(self, client: httpx.AsyncClient, desk: FrontDesk, parts: dict[str, bool], port: int) -> None:
        self.client = client
        self.desk = desk
        self.parts = parts
        self.port = port


@pytest.fixture
async def door(database: Database) -> AsyncIterator[DoorToTest]:
    desk = FrontDesk(database)
    desk.failures = dict(FAILURES)
    parts = {"database": True}

    async def readiness() -> dict[str, bool]:
        return parts

    methods = methods_of(
        [
            Service(school_pb2_grpc.add_SchoolServiceServicer_to_server, desk),
            Service(notifications_pb2_grpc.add_NotificationsServiceServicer_to_server, Bell()),
        ]
    )
    app = build_app(
        methods, door=Door(UserGate(TokenIsUserId()), front_desk.PERMISSIONS), readiness=readiness, version="1.2.3"
    )
    server = await HttpServer.start(app, host="127.0.0.1", port=0, tls=None)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        yield DoorToTest(client, desk, parts, server.port)
    await server.stop()


async def test_json_call_meets_the_same_servicer_and_rules(door: DoorToTest) -> None:
    body = {"requestId": str(uuid4()), "department": {"name": "Physics"}}
    first = await door.client.post(API + "CreateDepartment", json=body, headers=ADMIN)
    again = await door.client.post(API + "CreateDepartment", json=body, headers=ADMIN)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["name"] == "Physics"
    assert await door.desk.departments() == 1


@pytest.mark.parametrize(
    ("headers", "body", "http_status", "code", "says"),
    [
        ({}, {}, 401, "unauthenticated", "Sign in first"),
        ({"Authorization": f"Bearer {UUID(int=7)}:TRAINEE"}, {}, 403, "permission_denied", "Your roles do not"),
        (ADMIN, {"departmnt": {}}, 400, "invalid_argument", "departmnt"),
    ],
)
async def test_refusals_are_told(
    door: DoorToTest, headers: dict[str, str], body: dict[str, object], http_status: int, code: str, says: str
) -> None:
    answer = await door.client.post(API + "CreateDepartment", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (http_status, code)
    assert says in answer.json()["message"]


async def test_error_details_are_the_same_as_on_grpc(door: DoorToTest) -> None:
    answer = await door.client.post(API + "GetDepartment", json={"departmentId": "fields"}, headers=ADMIN)
    assert [detail["type"] for detail in answer.json()["details"]] == ["google.rpc.ErrorInfo", "google.rpc.BadRequest"]
    bug = await door.client.post(API + "GetDepartment", json={"departmentId": "bug"}, headers=ADMIN)
    assert (bug.status_code, bug.json()["message"]) == (500, "internal error")
    assert "secret" not in bug.text


async def test_health_readiness_and_metrics(door: DoorToTest) -> None:
    assert (await door.client.get("/healthz")).status_code == 200
    assert (await door.client.get("/readyz")).status_code == 200
    door.parts["broker"] = False
    ready = await door.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "broker": False})
    await door.client.post(API + "GetSchool", json={})
    metrics = (await door.client.get("/metrics")).text
    assert 'roster_hub_rpc_total{code="OK",method="/smartroster.school.v1.SchoolService/GetSchool"}' in metrics


async def test_openapi_describes_what_is_served(door: DoorToTest) -> None:
    described = (await door.client.get("/api/openapi.json")).json()
    create = described["paths"][API + "CreateDepartment"]["post"]
    assert create["security"] == [{"token": []}]
    reference = create["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = described["components"]["schemas"][reference.rpartition("/")[2]]
    assert set(schema["properties"]) == {"requestId", "department"}
    assert not any("Watch" in path for path in described["paths"])
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(_references(described)) <= known


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in _references(part)]
    return [found for part in value for found in _references(part)] if isinstance(value, list) else []


async def test_unknown_method_and_wrong_kind_are_refused(door: DoorToTest) -> None:
    assert (await door.client.post(API + "Destroy", json={})).status_code == 404
    assert (
        await door.client.post(API + "GetSchool", content=b"{", headers={"Content-Type": "text/plain"})
    ).status_code == 415
    torn = await door.client.post(API + "GetSchool", content=b"{", headers={"Content-Type": "application/json"})
    assert (torn.status_code, torn.json()["code"]) == (400, "invalid_argument")


async def test_taken_port_is_named(door: DoorToTest) -> None:
    async def readiness() -> dict[str, bool]:
        return {}

    app = build_app({}, door=Door(UserGate(TokenIsUserId())), readiness=readiness, version="1")
    with pytest.raises(PortTaken):
        await HttpServer.start(app, host="127.0.0.1", port=door.port, tls=None)
