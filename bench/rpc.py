"""`python -m bench.rpc [--json] [--rounds 7] [--in-flight 16]`: unary reads a second, against a bare gRPC echo.

A real hub in its own process answers GetRoom, one of 64 rows, and GetMe, an account with its roles and the school's
day: the access token, its account and session asked of the database, the permission table, the row or the servicer's
own transaction. What is asked of the database at the same time is asked together, as with any busy hub. In turns with
it a bare grpc.aio server in its own process echoes the hub's answers, sent with the same metadata over the same number
of connections. Both without TLS. The caller is this process; before the figures are taken it is seen that a disabled
user and a changed role count at the very next call.
"""

import argparse
import asyncio
import contextlib
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import uvloop

from bench.echo_server import UNARY_METHOD
from bench.ingest import echo_server
from bench.report import LARGEST_SPREAD, Figure, Report, spread
from bench.rig import ADMIN, PASSWORD, HubProcess, postgresql
from smartroster.timetable.v1 import timetable_pb2
from smartroster.users.v1 import users_pb2

CONNECTIONS = 2
CALLS = 1500
REACH = ">= 0.35"
WATCHED = "watched@college.example"
ROOMS = 64
Metadata = tuple[tuple[str, str], ...]
Exchange = tuple[bytes, bytes]
"""A request and the answer that is due."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One round: calls a second, and the slowest of 99 % of them in seconds."""

    calls_per_second: float
    p99_s: float


class Caller:
    """Keeps so many calls in flight over two connections, raw bytes in and out."""

    def __init__(self, address: str, in_flight: int) -> None:
        self._channels = [
            grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
            for _ in range(CONNECTIONS)
        ]
        self._in_flight = in_flight

    async def call(self, method: str, request: Any, answer: Any, metadata: Metadata = ()) -> Any:  # noqa: ANN401 (any message)
        """One call with messages; raises what the server answers."""
        rpc = self._channels[0].unary_unary(method, type(request).SerializeToString, answer.FromString)
        return await rpc(request, metadata=metadata)

    async def measure(self, method: str, asked: Sequence[Exchange], metadata: Metadata, calls: int) -> Timing:
        """So many calls as fast as they are answered, in turns about each that is `asked`, each answer compared."""
        numbers = itertools.count()
        waits: list[float] = []

        async def work(channel: grpc.aio.Channel) -> None:
            rpc = channel.unary_unary(method, None, None)
            while (number := next(numbers)) < calls:
                request, expected = asked[number % len(asked)]
                begin = time.perf_counter()
                answer = await rpc(request, metadata=metadata)
                waits.append(time.perf_counter() - begin)
                if answer != expected:
                    raise RuntimeError(f"{method} answered {answer!r} instead of {expected!r}")

        begin = time.perf_counter()
        await asyncio.gather(*(work(self._channels[i % CONNECTIONS]) for i in range(self._in_flight)))
        seconds = time.perf_counter() - begin
        return Timing(calls / seconds, statistics.quantiles(waits, n=100)[98])

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close(None)


@contextlib.asynccontextmanager
async def caller(address: str, in_flight: int) -> AsyncIterator[Caller]:
    made = Caller(address, in_flight)
    try:
        yield made
    finally:
        await made.close()


_USERS = "/smartroster.users.v1.UsersService/"
_AUTH = "/smartroster.users.v1.AuthService/"
_TIMETABLE = "/smartroster.timetable.v1.TimetableService/"


async def sign_in(hub: Caller, email: str = ADMIN, password: str = PASSWORD) -> tuple[Metadata, users_pb2.User]:
    answer = await hub.call(
        _AUTH + "SignIn", users_pb2.SignInRequest(email=email, password=password), users_pb2.SignInResponse
    )
    return (("authorization", f"Bearer {answer.access_token}"),), answer.user


async def check_next_call_counts(hub: Caller, admin: Metadata) -> None:
    """A role that was taken away, and an account that was disabled, count at the next call.

    Raises:
        RuntimeError: they don't; the figures would be those of a hub that lets the wrong people in.
    """
    own, watched = await sign_in(hub, WATCHED)
    audit = users_pb2.ListAuditEntriesRequest(page_size=1)
    for _ in range(50):
        await hub.call(_USERS + "ListAuditEntries", audit, users_pb2.ListAuditEntriesResponse, own)
    demoted = users_pb2.UpdateUserRequest(user=users_pb2.User(id=watched.id, roles=[users_pb2.ROLE_DP_ACADEMICS]))
    demoted.update_mask.paths.append("roles")
    await hub.call(_USERS + "UpdateUser", demoted, users_pb2.User, admin)
    await _must_be(
        grpc.StatusCode.PERMISSION_DENIED,
        hub.call(_USERS + "ListAuditEntries", audit, users_pb2.ListAuditEntriesResponse, own),
    )
    await hub.call(_AUTH + "GetMe", users_pb2.GetMeRequest(), users_pb2.User, own)
    disabled = users_pb2.DisableUserRequest(user_id=watched.id, reason="bench")
    await hub.call(_USERS + "DisableUser", disabled, users_pb2.User, admin)
    await _must_be(
        grpc.StatusCode.UNAUTHENTICATED, hub.call(_AUTH + "GetMe", users_pb2.GetMeRequest(), users_pb2.User, own)
    )


async def _must_be(code: grpc.StatusCode, call: Any) -> None:  # noqa: ANN401 (an awaitable answer)
    try:
        await call
    except grpc.aio.AioRpcError as error:
        if error.code() is code:
            return
        raise
    raise RuntimeError(f"the call was answered, and {code.name} was due")


async def measure(
    report: Report, kind: str, hub_address: str, echo_address: str, *, rounds: int, in_flight: int
) -> None:
    async with caller(hub_address, in_flight) as hub, caller(echo_address, in_flight) as echo:
        admin, _ = await sign_in(hub)
        await check_next_call_counts(hub, admin)
        fence = timetable_pb2.Geofence(
            circle=timetable_pb2.Geofence.Circle(
                centre=timetable_pb2.LatLng(latitude=-1.2921, longitude=36.8219), radius_m=50
            )
        )
        rooms = [
            await hub.call(
                _TIMETABLE + "CreateRoom",
                timetable_pb2.CreateRoomRequest(
                    request_id=str(uuid4()),
                    room=timetable_pb2.Room(code=f"B{number}", name=f"B{number}", capacity=40, geofence=fence),
                ),
                timetable_pb2.Room,
                admin,
            )
            for number in range(ROOMS)
        ]
        me = await hub.call(_AUTH + "GetMe", users_pb2.GetMeRequest(), users_pb2.User, admin)
        reads: tuple[tuple[str, str, list[Exchange], str | None], ...] = (
            (
                "get_room",
                _TIMETABLE + "GetRoom",
                [
                    (timetable_pb2.GetRoomRequest(room_id=room.id).SerializeToString(), room.SerializeToString())
                    for room in rooms
                ],
                REACH,
            ),
            ("get_me", _AUTH + "GetMe", [(users_pb2.GetMeRequest().SerializeToString(), me.SerializeToString())], None),
        )
        for name, method, asked, reach in reads:
            mirrored = [(answer, answer) for _, answer in asked]
            ours: list[Timing] = []
            echoes: list[Timing] = []
            for turn in range(rounds + 1):
                bare = await echo.measure(UNARY_METHOD, mirrored, admin, CALLS)
                mine = await hub.measure(method, asked, admin, CALLS)
                if turn:  # the first one warms up
                    echoes.append(bare)
                    ours.append(mine)
            add_figures(report, f"{kind}_{name}", ours, echoes, reach)


def add_figures(report: Report, name: str, ours: Sequence[Timing], echoes: Sequence[Timing], reach: str | None) -> None:
    rates = [timing.calls_per_second for timing in echoes]
    if spread(rates) > LARGEST_SPREAD:
        report.invalid_because.append(f"{name}: the echo's rounds spread by {spread(rates):.0%}")
    report.figures[f"{name}_per_second"] = Figure(
        statistics.median(timing.calls_per_second for timing in ours),
        "1/s",
        comparator=statistics.median(rates),
        ratio=statistics.median(
            mine.calls_per_second / bare.calls_per_second for mine, bare in zip(ours, echoes, strict=True)
        ),
        reach=reach,
    )
    report.figures[f"{name}_p99"] = Figure(
        statistics.median(timing.p99_s for timing in ours) * 1000,
        "ms",
        comparator=statistics.median(timing.p99_s for timing in echoes) * 1000,
    )


def run(report: Report, kind: str, *, rounds: int, in_flight: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-rpc-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        url = stack.enter_context(postgresql(folder)) if kind == "postgresql" else ""
        hub = HubProcess(folder, database_url=url, settings={"API_TLS": "false"})
        stack.callback(hub.kill)
        hub.start()
        hub.create_admin()
        hub.create_admin(WATCHED)
        echo_address = stack.enter_context(echo_server())
        uvloop.run(measure(report, kind, hub.address("api"), echo_address, rounds=rounds, in_flight=in_flight))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each; one more warms up")
    parser.add_argument("--in-flight", type=int, default=16, help="calls at a time")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="only this one")
    arguments = parser.parse_args()
    report = Report("rpc")
    for kind in [arguments.database] if arguments.database else ["sqlite", "postgresql"]:
        run(report, kind, rounds=arguments.rounds, in_flight=arguments.in_flight)
    report.notes.append(
        f"{arguments.in_flight} calls in flight over {CONNECTIONS} connections; p99 as the caller sees it."
    )
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
