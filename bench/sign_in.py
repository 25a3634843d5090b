"""`python -m bench.sign_in`: how late the hub's event loop is while 20 people a second sign in, against an idle one."""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import grpc
import uvloop

from bench.report import LARGEST_SPREAD, Figure, Report, spread
from hub.app import Hub
from hub.courses.college import CollegeOfThisHub
from hub.db.database import Database
from hub.db.migrate import migrate
from hub.db.principal import SYSTEM
from hub.logs import configure_logging
from hub.settings import Settings, load
from hub.users.passwords import Passwords
from hub.users.rules import Role, UserDraft
from hub.users.service.accounts import Credential, create_users
from smartroster.users.v1 import users_pb2, users_pb2_grpc

PER_SECOND = 20
PEOPLE = 40
PASSWORD = "plum orbit lantern"  # noqa: S105 (made up)
REACH_MS = 20
# Often enough to meet every stall longer than this.
_SAMPLE_SECONDS = 0.002
# A share of the people who came; fewer, and the load was another one.
_KEPT_UP = 0.9
_EMAIL = "person{}@bench.example"


@dataclass(slots=True)
class Round:
    idle_ms: list[float]
    loaded_ms: list[float]
    sign_in_ms: list[float]
    """Of the people, as they waited."""
    per_second: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each half of a round")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    configure_logging("console", "warning")
    with tempfile.TemporaryDirectory() as folder, _people() as people:
        rounds = uvloop.run(_measure(Path(folder), people, arguments.rounds, arguments.seconds))
    _report(rounds).print(as_json=arguments.json)


async def _measure(folder: Path, people: Connection, rounds: int, seconds: float) -> list[Round]:
    settings = load(
        data_dir=folder / "hub",
        api_tls=False,
        api_port=0,
        device_port=0,
        enrolment_port=0,
        http_port=0,
        mqtt_port=0,
    )
    await _create_people(settings)
    hub = await Hub.start(settings)
    try:
        assert hub.endpoints is not None
        address = hub.endpoints.api
        await _loaded(people, address, 1.0)  # warm
        measured = []
        for _ in range(rounds):
            idle = await _lags(asyncio.sleep(seconds))
            loaded, waited, took = await _loaded(people, address, seconds)
            measured.append(Round(idle, loaded, [one * 1000 for one in waited], len(waited) / took))
        return measured
    finally:
        await hub.stop()


async def _loaded(people: Connection, address: str, seconds: float) -> tuple[list[float], list[float], float]:
    """The lags, how long each person waited, and how long all took."""
    people.send((address, seconds))
    lags = await _lags(asyncio.to_thread(people.poll, None))
    answer = people.recv()
    if isinstance(answer, str):
        raise RuntimeError(answer)  # noqa: TRY004 (the other process tells what went wrong)
    waited, took = answer
    return lags, waited, took


async def _lags(until: Coroutine[Any, Any, object]) -> list[float]:
    """By how many milliseconds the loop was late, sampled until the work is done."""
    done = asyncio.create_task(until)
    late = []
    while not done.done():
        due = time.perf_counter() + _SAMPLE_SECONDS
        await asyncio.sleep(_SAMPLE_SECONDS)
        late.append(max(0.0, time.perf_counter() - due) * 1000)
    await done
    return late


async def _create_people(settings: Settings) -> None:
    settings.data_dir.mkdir(mode=0o700)
    await asyncio.to_thread(migrate, settings.effective_database_url)
    database, passwords = Database.open(settings.effective_database_url), Passwords()
    password_hash = await passwords.accept(PASSWORD, [], field="password")
    passwords.close()
    drafts = [
        UserDraft(email=_EMAIL.format(n), given_name="Asha", family_name=f"Person {n}", roles=frozenset({Role.ADMIN}))
        for n in range(PEOPLE)
    ]
    async with database.unit_of_work(SYSTEM) as uow:
        await create_users(
            uow,
            drafts,
            college=CollegeOfThisHub(),
            credentials=[Credential(password_hash, email_verified=True)] * PEOPLE,
            paths=[f"[{n}]" for n in range(PEOPLE)],
        )
    await database.dispose()


@contextmanager
def _people() -> Iterator[Connection]:
    """People in a process of their own, so that nothing of theirs runs on the hub's loop: send (address, seconds),
    receive how long each waited and all of them, or what went wrong.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_sign_in_on_demand, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        ours.send(None)
        process.join(5)
        process.kill()


def _sign_in_on_demand(orders: Connection) -> None:
    while (order := orders.recv()) is not None:
        try:
            orders.send(asyncio.run(_sign_in_steadily(*order)))
        except (grpc.RpcError, AssertionError) as error:
            orders.send(str(error) or type(error).__name__)


async def _sign_in_steadily(address: str, seconds: float) -> tuple[list[float], float]:
    """PER_SECOND people a second, whether the former ones are in or not: how long each waited, and all of them."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = users_pb2_grpc.AuthServiceStub(channel)  # the stubs know the blocking kind only

        async def one(number: int) -> float:
            start = time.perf_counter()
            request = users_pb2.SignInRequest(email=_EMAIL.format(number % PEOPLE), password=PASSWORD)
            answer = await stub.SignIn(request)
            assert answer.access_token
            return time.perf_counter() - start

        begin = time.perf_counter()
        waiting = []
        for number in range(int(seconds * PER_SECOND)):
            await asyncio.sleep(max(0.0, begin + number / PER_SECOND - time.perf_counter()))
            waiting.append(asyncio.ensure_future(one(number)))
        waited = list(await asyncio.gather(*waiting))
        return waited, max(seconds, time.perf_counter() - begin)


def _report(rounds: list[Round]) -> Report:
    report = Report("sign_in")
    idle = [_percentile(one.idle_ms, 99) for one in rounds]
    loaded = [_percentile(one.loaded_ms, 99) for one in rounds]
    # The comparator's median lag tells how busy the machine is besides; its 99th percentile is noise of the scheduler.
    noise = spread([statistics.median(one.idle_ms) for one in rounds])
    if noise > LARGEST_SPREAD:
        report.invalid_because.append(f"the idle loop's median lag spreads by {noise:.0%} over the rounds")
    slowest = min(one.per_second for one in rounds)
    if slowest < PER_SECOND * _KEPT_UP:
        report.invalid_because.append(f"the machine let only {slowest:.1f} people a second in")
    report.figures["loop_lag_p99"] = Figure(
        statistics.median(loaded), "ms", comparator=statistics.median(idle), reach=f"< {REACH_MS}"
    )
    report.figures["loop_lag_p50"] = Figure(
        statistics.median(statistics.median(one.loaded_ms) for one in rounds),
        "ms",
        comparator=statistics.median(statistics.median(one.idle_ms) for one in rounds),
    )
    report.figures["loop_lag_max"] = Figure(
        max(max(one.loaded_ms) for one in rounds), "ms", comparator=max(max(one.idle_ms) for one in rounds)
    )
    report.figures["sign_in_p99"] = Figure(statistics.median(_percentile(one.sign_in_ms, 99) for one in rounds), "ms")
    report.figures["sign_ins_per_s"] = Figure(statistics.median(one.per_second for one in rounds), "1/s")
    report.notes.append("Lag: how late a timer of the hub's event loop rings; the comparator is the same loop, idle.")
    return report


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
