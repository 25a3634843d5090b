"""Every RPC × every role, alone and with another, and the device × {own, other's}, asked of a whole hub."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
import pytest
import pytest_asyncio
from google.protobuf import text_format
from google.protobuf.message import Message

from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.devices.authority import Authority
from hub.rpc.calls import response_class
from hub.rpc.permissions import DEVICE, PERMISSIONS, is_public
from hub.settings import load
from hub.users.models import SignInSession
from hub.users.tokens import AccessClaims, AccessTokens, TokenKeys
from tests.fixtures.hub import hub_in_process
from tests.hub.rpc.permission_walk.callers import CALLERS, Nearness
from tests.hub.rpc.permission_walk.college import Aim, College, found_college
from tests.hub.rpc.permission_walk.door import AT_THE_DOOR, Door, found_door
from tests.hub.rpc.permission_walk.row import Row
from tests.hub.rpc.permission_walk.rows import ROWS

Metadata = tuple[tuple[str, str], ...]
_REFUSALS = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.PERMISSION_DENIED)
# A stream that tells nothing for so long has let the caller in and has nothing to tell.
_QUIET_SECONDS = 0.3
_PUBLIC = sorted(method for method in PERMISSIONS if is_public(method))


@dataclass(frozen=True, slots=True)
class Answer:
    code: grpc.StatusCode
    text: str


@dataclass(frozen=True, slots=True)
class Walk:
    college: College
    channel: grpc.aio.Channel
    tokens: Mapping[str, Metadata]
    door: Door
    door_channel: grpc.aio.Channel

    async def ask(
        self, method: str, request: Message | bytes, metadata: Metadata = (), *, at_the_door: bool = False
    ) -> Answer:
        """The answer, of a stream everything that comes before it is quiet."""
        data = request if isinstance(request, bytes) else request.SerializeToString()
        channel = self.door_channel if at_the_door else self.channel
        call = channel.unary_stream(method, None, response_class(method).FromString)(data, metadata=metadata)
        texts: list[str] = []
        try:
            while True:
                async with asyncio.timeout(_QUIET_SECONDS if texts or "/Watch" in method else 10):
                    message = await call.read()
                if not isinstance(message, Message):  # the end of the stream
                    break
                texts.append(text_format.MessageToString(message))
        except TimeoutError:
            call.cancel()
        except grpc.aio.AioRpcError as error:
            return Answer(error.code(), error.details() or "")
        return Answer(grpc.StatusCode.OK, "\n".join(texts))


@asynccontextmanager
async def _undone(database: Database, principal: Principal, *, write: bool) -> AsyncIterator[UnitOfWork]:
    """A transaction that is stored when the hub itself acts, and undone when someone who calls does."""
    undo = RuntimeError("undo")
    try:
        async with _transaction(database, principal, write=write) as uow:
            yield uow
            if write and principal.kind in ("user", "device"):
                await uow.store_records()
                raise undo
    except RuntimeError as error:
        if error is not undo:
            raise


_transaction = Database.transaction


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    data_dir = tmp_path_factory.mktemp("walk") / "hub"
    data_dir.mkdir()
    settings = load(data_dir=data_dir)
    await asyncio.to_thread(migrate, settings.effective_database_url)
    database = Database.open(settings.effective_database_url)
    async with database.unit_of_work(SYSTEM) as uow:
        college = await found_college(uow)
    keys = AccessTokens(TokenKeys.load_or_create(settings.secrets_dir), audience=settings.site)
    tokens = {}
    async with database.unit_of_work(SYSTEM) as uow:
        for name, user_id in college.callers.items():
            session = SignInSession(user_id=user_id, start_time=uow.now, last_used_time=uow.now)
            uow.session.add(session)
            await uow.session.flush()
            token = keys.issue(AccessClaims(user_id, session.id), uow.now).token
            tokens[name] = (("authorization", f"Bearer {token}"),)
        door = await found_door(uow, Authority.open(settings.secrets_dir, settings.site), college)
    await database.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", _undone)
        async with (
            hub_in_process(data_dir) as hub,
            hub.channel() as channel,
            grpc.aio.secure_channel(hub.endpoints["device"], door.credentials(hub.ca_pem)) as door_channel,
        ):
            yield Walk(college, channel, tokens, door, door_channel)


def test_every_rpc_of_the_api_has_a_row() -> None:
    of_users = {
        method for method, permission in PERMISSIONS.items() if not is_public(method) and DEVICE not in permission
    }
    assert sorted(ROWS) == sorted(of_users)
    assert sorted(AT_THE_DOOR) == sorted(method for method in PERMISSIONS if DEVICE in PERMISSIONS[method])


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", sorted(ROWS))
async def test_rpc_reaches_as_far_as_the_table_says(walk: Walk, method: str) -> None:
    row = ROWS[method]
    wrong = []
    for name, caller in CALLERS.items():
        for nearness in Nearness:
            aim = Aim(walk.college, name, caller.reaches(method), nearness)
            if nearness is not Nearness.OWN and (row.of_caller_alone or aim.is_all_the_same):
                continue
            answer = await walk.ask(method, row.request(aim), walk.tokens[name])
            fault = _fault(row, aim, answer)
            if fault:
                wrong.append(f"{name}, {nearness.value}: {fault}; it answered {answer.code.name} {answer.text[:200]!r}")
    assert not wrong, "\n".join(wrong)


def _fault(row: Row, aim: Aim, answer: Answer) -> str:
    """What is wrong with the answer; "" when it is as the table says."""
    if not aim.reaches:
        return "" if answer.code is grpc.StatusCode.PERMISSION_DENIED else "the role is not in the table"
    shown = row.shows is not None and str(row.shows(aim)) in answer.text
    if aim.is_seen:
        if answer.code not in row.accepts:
            return "it is within reach and was not answered"
        if answer.code is grpc.StatusCode.OK and row.shows is not None and not shown:
            return f"it is within reach and {row.shows(aim)} is not shown"
        return ""
    if answer.code in _REFUSALS:
        return ""
    if answer.code is grpc.StatusCode.OK and row.shows is not None and not shown:
        return ""
    return "it is beyond reach and was not refused"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", sorted(ROWS))
async def test_nobody_is_let_in_without_a_token(walk: Walk, method: str) -> None:
    answer = await walk.ask(method, b"", ())
    assert answer.code is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", [method for method in _PUBLIC if "EnrolmentService" not in method])
async def test_public_rpc_asks_nobody_who_they_are(walk: Walk, method: str) -> None:
    for metadata in ((), *walk.tokens.values()):
        answer = await walk.ask(method, b"", metadata)
        assert "your roles do not allow" not in answer.text.lower()
        assert "sign in first" not in answer.text.lower()
        assert answer.code is not grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", sorted(AT_THE_DOOR))
async def test_device_gets_what_is_of_its_own_room_alone(walk: Walk, method: str) -> None:
    row = AT_THE_DOOR[method]
    for room in (walk.door.own, walk.door.other):
        answer = await walk.ask(method, row.request(room), at_the_door=True)
        assert answer.code is row.code, answer.text
        assert row.shows is None or (str(row.shows(room)) in answer.text) == (room is walk.door.own)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_device_finds_nothing_of_users_and_a_user_nothing_of_devices(walk: Walk) -> None:
    for method in (*ROWS, *(method for method in _PUBLIC if "health" not in method)):
        answer = await walk.ask(method, b"", at_the_door=True)
        assert answer.code is grpc.StatusCode.UNIMPLEMENTED, method
    for method in AT_THE_DOOR:
        for metadata in ((), *walk.tokens.values()):
            assert (await walk.ask(method, b"", metadata)).code is grpc.StatusCode.UNIMPLEMENTED, method
