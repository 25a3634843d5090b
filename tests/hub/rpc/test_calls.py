import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status

from hub.db.database import Database
from hub.rpc.auth import UserGate
from hub.rpc.calls import Door
from hub.rpc.permissions import ADMINS, PERMISSIONS, PermissionTableIncomplete, check_complete
from hub.rpc.server import PortTaken, RpcServer, Service, methods_of
from smartroster.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from smartroster.school.v1 import school_pb2, school_pb2_grpc
from tests.fixtures import front_desk
from tests.fixtures.front_desk import FAILURES, Bell, FrontDesk, SlowDown, TokenIsUserId

ADMIN_ID = UUID(int=7)


class Hub:
    def __init__(
        self, server: RpcServer, desk: FrontDesk, bell: Bell, users: TokenIsUserId, channel: grpc.aio.Channel
    ) -> None:
        self.server = server
        self.desk = desk
        self.bell = bell
        self.users = users
        self.school = school_pb2_grpc.SchoolServiceStub(channel)
        self.notifications = notifications_pb2_grpc.NotificationsServiceStub(channel)


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    desk, bell, users = FrontDesk(database), Bell(), TokenIsUserId()
    desk.failures = dict(FAILURES)
    server = await RpcServer.start(
        [
            Service(school_pb2_grpc.add_SchoolServiceServicer_to_server, desk),
            Service(notifications_pb2_grpc.add_NotificationsServiceServicer_to_server, bell),
        ],
        door=Door(UserGate(users), front_desk.PERMISSIONS),
        host="127.0.0.1",
        port=0,
        credentials=None,
    )
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield Hub(server, desk, bell, users, channel)
    await server.stop(1)


def _as(*roles: str, user_id: UUID = ADMIN_ID) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {user_id}:{'+'.join(roles)}"),)


def _create(request_id: str = "", name: str = "Physics") -> school_pb2.CreateDepartmentRequest:
    return school_pb2.CreateDepartmentRequest(request_id=request_id, department=school_pb2.Department(name=name))


Detail = TypeVar("Detail", ErrorInfo, BadRequest, RetryInfo)


def _reason(error: grpc.aio.AioRpcError) -> str:
    return str(_detail(error, ErrorInfo()).reason)


def _detail(error: grpc.aio.AioRpcError, kind: Detail) -> Detail:
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # the stubs know blocking calls only
    assert status is not None
    assert any(detail.Unpack(kind) for detail in status.details)
    return kind


@pytest.mark.parametrize(
    ("roles", "reaches"), [(["ADMIN"], "school"), (["TRAINER", "HOD"], "school"), (["TRAINEE"], "school")]
)
async def test_caller_and_scope_reach_the_servicer(hub: Hub, roles: list[str], reaches: str) -> None:
    answer = await hub.school.GetDepartment(school_pb2.GetDepartmentRequest(), metadata=_as(*roles))
    assert (answer.id, answer.name) == (str(ADMIN_ID), reaches)


@pytest.mark.parametrize(
    ("metadata", "code", "reason"),
    [
        ((), grpc.StatusCode.UNAUTHENTICATED, "SIGN_IN_REQUIRED"),
        ((("authorization", "Basic YTpi"),), grpc.StatusCode.UNAUTHENTICATED, "SIGN_IN_REQUIRED"),
        ((("authorization", "Bearer forged"),), grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED"),
        (_as("TRAINER"), grpc.StatusCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED"),
    ],
)
async def test_who_may_not_call_is_told_why(
    hub: Hub, metadata: tuple[tuple[str, str], ...], code: grpc.StatusCode, reason: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await hub.school.CreateDepartment(_create(), metadata=metadata)
    assert (refused.value.code(), _reason(refused.value)) == (code, reason)
    assert await hub.desk.departments() == 0


async def test_public_method_answers_anyone(hub: Hub) -> None:
    assert (await hub.school.GetSchool(school_pb2.GetSchoolRequest())).name == "anonymous"


async def test_errors_carry_reason_fields_and_sentence(hub: Hub) -> None:
    async def fail(how: str) -> grpc.aio.AioRpcError:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await hub.school.GetDepartment(school_pb2.GetDepartmentRequest(department_id=how), metadata=_as("ADMIN"))
        return failed.value

    fields = await fail("fields")
    assert (fields.code(), fields.details()) == (grpc.StatusCode.INVALID_ARGUMENT, "Two fields are wrong.")
    assert [violation.field for violation in _detail(fields, BadRequest()).field_violations] == ["a", "b"]
    state = await fail("state")
    assert state.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert _detail(state, ErrorInfo()).metadata["state"] == "CLOSED"
    assert _detail(state, ErrorInfo()).domain == "smartroster"


async def test_a_text_with_a_nul_character_is_refused_by_the_door_and_never_stored(hub: Hub) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await hub.school.CreateDepartment(_create(str(uuid4()), "Phys\0ics"), metadata=_as("ADMIN"))
    assert (refused.value.code(), _reason(refused.value)) == (grpc.StatusCode.INVALID_ARGUMENT, "NUL_CHARACTER")
    [violation] = _detail(refused.value, BadRequest()).field_violations
    assert (violation.field, "delete it" in violation.description) == ("department.name", True)
    assert await hub.desk.departments() == 0


async def test_unforeseen_error_shows_nothing_internal(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await hub.school.GetDepartment(school_pb2.GetDepartmentRequest(department_id="bug"), metadata=_as("ADMIN"))
    assert (failed.value.code(), failed.value.details()) == (grpc.StatusCode.INTERNAL, "internal error")
    assert "secret detail" not in repr(failed.value)
    assert "ZeroDivisionError" in capsys.readouterr().out


async def test_retry_after_is_told(hub: Hub) -> None:
    hub.desk.failures["slow"] = SlowDown("Too often: wait 3 s.", retry_after=timedelta(seconds=3))
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await hub.school.GetDepartment(school_pb2.GetDepartmentRequest(department_id="slow"), metadata=_as("ADMIN"))
    assert failed.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert _detail(failed.value, RetryInfo()).retry_delay.seconds == 3


async def test_repeated_creation_answers_the_same_and_changes_nothing(hub: Hub) -> None:
    request_id = str(uuid4())
    first = await hub.school.CreateDepartment(_create(request_id), metadata=_as("ADMIN"))
    again = await hub.school.CreateDepartment(_create(request_id), metadata=_as("ADMIN"))
    assert first == again
    assert await hub.desk.departments() == 1


async def test_simultaneous_repeats_answer_the_same(hub: Hub) -> None:
    request_id = str(uuid4())
    answers = await asyncio.gather(
        *(hub.school.CreateDepartment(_create(request_id), metadata=_as("ADMIN")) for _ in range(5))
    )
    assert len({answer.id for answer in answers}) == 1
    assert await hub.desk.departments() == 1


async def test_request_id_is_for_one_content_and_one_caller(hub: Hub) -> None:
    request_id = str(uuid4())
    await hub.school.CreateDepartment(_create(request_id), metadata=_as("ADMIN"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await hub.school.CreateDepartment(_create(request_id, "Chemistry"), metadata=_as("ADMIN"))
    assert _reason(refused.value) == "REQUEST_ID_REUSED"
    other = await hub.school.CreateDepartment(
        _create(request_id, "Biology"), metadata=_as("ADMIN", user_id=UUID(int=8))
    )
    assert other.name == "Biology"


async def test_refused_creation_is_not_remembered(hub: Hub) -> None:
    await hub.school.CreateDepartment(_create(), metadata=_as("ADMIN"))
    request_id = str(uuid4())
    for _ in range(2):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await hub.school.CreateDepartment(_create(request_id), metadata=_as("ADMIN"))
        assert _reason(refused.value) == "DEPARTMENT_NAME_TAKEN"
    with pytest.raises(grpc.aio.AioRpcError) as malformed:
        await hub.school.CreateDepartment(_create("17"), metadata=_as("ADMIN"))
    assert _detail(malformed.value, BadRequest()).field_violations[0].field == "request_id"


async def test_stream_of_a_disabled_user_ends_within_5_s(hub: Hub) -> None:
    call = hub.notifications.WatchNotifications(notifications_pb2.WatchNotificationsRequest(), metadata=_as("TRAINER"))
    answers = aiter(call)
    assert (await anext(answers)).id == "0"
    hub.users.disabled.add(ADMIN_ID)
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        async with asyncio.timeout(5):
            async for _ in answers:
                pass
    assert ended.value.code() == grpc.StatusCode.UNAUTHENTICATED


async def test_stopping_server_ends_response_streams_at_once(hub: Hub) -> None:
    call = hub.notifications.WatchNotifications(notifications_pb2.WatchNotificationsRequest(), metadata=_as("TRAINER"))
    answers = aiter(call)
    await anext(answers)
    async with asyncio.timeout(2):
        await hub.server.stop(10)
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        async for _ in answers:
            pass
    assert (ended.value.code(), _reason(ended.value)) == (grpc.StatusCode.UNAVAILABLE, "HUB_STOPPING")


async def test_stopping_server_tells_a_peer_that_is_slow_to_take_its_first_message(hub: Hub) -> None:
    hub.bell.says = "x" * 3_000_000
    call = hub.notifications.WatchNotifications(notifications_pb2.WatchNotificationsRequest(), metadata=_as("TRAINER"))
    await asyncio.wait_for(hub.bell.rung.wait(), 5)
    await asyncio.sleep(0.1)
    stopped = asyncio.create_task(hub.server.stop(10))
    await asyncio.sleep(0.1)
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        async for _ in call:
            pass
    assert (ended.value.code(), _reason(ended.value)) == (grpc.StatusCode.UNAVAILABLE, "HUB_STOPPING")
    async with asyncio.timeout(2):
        await stopped


async def test_taken_port_is_named(hub: Hub, database: Database) -> None:
    with pytest.raises(PortTaken, match="another program has the port"):
        await RpcServer.start(
            [Service(school_pb2_grpc.add_SchoolServiceServicer_to_server, FrontDesk(database))],
            door=Door(UserGate(hub.users)),
            host="127.0.0.1",
            port=hub.server.port,
            credentials=None,
        )


def test_server_refuses_an_rpc_without_permission_and_a_permission_without_rpc() -> None:
    services = [Service(notifications_pb2_grpc.add_NotificationsServiceServicer_to_server, Bell())]
    served = methods_of(services)
    table = dict.fromkeys(served, ADMINS)
    check_complete(served, table)
    some = next(iter(served))
    with pytest.raises(PermissionTableIncomplete, match=some):
        check_complete(served, {method: roles for method, roles in table.items() if method != some})
    with pytest.raises(PermissionTableIncomplete, match="/gone/Method"):
        check_complete(served, table | {"/gone/Method": ADMINS})
    with pytest.raises(PermissionTableIncomplete, match=some):
        check_complete(served, table | {some: {}})


def test_every_permission_is_for_a_known_role() -> None:
    roles = {role for permission in PERMISSIONS.values() for role in permission}
    assert roles <= {"TRAINEE", "TRAINER", "HOD", "DP_ACADEMICS", "ADMIN", "DEVICE", "ANYONE"}
