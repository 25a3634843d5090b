"""What an attacker tries: forged tokens, floods of guesses, and answers whose time or work tells something."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, func, select

from hub.courses.college import CollegeOfThisHub
from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.principal import Principal
from hub.rpc.auth import act_as
from hub.rpc.permissions import scope_of
from hub.timetable.load import LoadsOfTimetable
from hub.users.errors import AccessTokenRefused, SignInRefused, TooManyTries
from hub.users.models import User
from hub.users.passwords import Passwords
from hub.users.rpc.auth import AuthServicer
from hub.users.sealing import SecretBox
from hub.users.service import sign_in as sign_in_service
from hub.users.service.throttling import KnownWaits, of_sign_in
from hub.users.tokens import AccessTokens, TokenKeys
from smartroster.users.v1 import users_pb2 as pb
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PASSWORD, PeopleApi, me, reason_of, refused, sign_in

GUESSES = 10_000
SIGN_IN = "/smartroster.users.v1.AuthService/SignIn"
STRANGER = Principal("anonymous", address="198.51.100.7")


@pytest.fixture
async def servicer(database: Database, passwords: Passwords, tmp_path: Path) -> AuthServicer:
    """The servicer without the transport, so that ten thousand calls take seconds; a stranger calls it."""
    act_as(scope_of(STRANGER, SIGN_IN))
    return AuthServicer(
        database,
        passwords=passwords,
        tokens=AccessTokens(TokenKeys.load_or_create(tmp_path / "secrets"), audience="test.example"),
        box=SecretBox.open(tmp_path / "secrets"),
        college=CollegeOfThisHub(),
        loads=LoadsOfTimetable(),
    )


def _claims(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


async def test_a_token_signed_with_none_or_by_somebody_else_is_refused(api: PeopleApi, ada: User) -> None:
    real = (await sign_in(api)).access_token
    assert (await me(api, real)).id == str(ada.id)
    key_id = jwt.get_unverified_header(real)["kid"]
    forged = [
        jwt.encode(_claims(real), "", algorithm="none", headers={"kid": key_id}),
        jwt.encode(_claims(real), "x" * 64, algorithm="HS256", headers={"kid": key_id}),
        jwt.encode(_claims(real), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": key_id}),
        jwt.encode(_claims(real), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        real[:-4] + ("AAAA" if real[-4:] != "AAAA" else "BBBB"),
    ]
    for token in forged:
        error = await refused(me(api, token))
        assert (error.code(), reason_of(error)) == (grpc.StatusCode.UNAUTHENTICATED, "ACCESS_TOKEN_REFUSED")


async def test_a_token_for_another_audience_is_refused_though_the_key_is_the_same(
    api: PeopleApi, ada: User, tmp_path: Path
) -> None:
    real = _claims((await sign_in(api)).access_token)
    keys = TokenKeys.load_or_create(tmp_path / "secrets")
    changes: tuple[dict[str, object], ...] = (
        {"aud": "elsewhere.example"},
        {"iss": "elsewhere.example"},
        {"aud": []},
    )
    for change in changes:
        token = jwt.encode(real | change, keys.signing_key, algorithm="EdDSA", headers={"kid": keys.signing_id})
        assert reason_of(await refused(me(api, token))) == "ACCESS_TOKEN_REFUSED", ada.email
    right = jwt.encode(real, keys.signing_key, algorithm="EdDSA", headers={"kid": keys.signing_id})
    assert (await me(api, right)).id == str(ada.id)


async def test_a_token_of_a_key_that_was_taken_away_is_refused(
    api: PeopleApi, ada: User, tmp_path: Path, clock: FakeClock
) -> None:
    old = (await sign_in(api)).access_token
    folder = tmp_path / "secrets"
    [former] = folder.glob("token-key-*.pem")
    TokenKeys.add(folder)
    rotated = AccessTokens(TokenKeys.load_or_create(folder), audience="test.example")
    assert rotated.check(old, clock.now()).user_id == ada.id  # a new key ends no session
    former.unlink()
    without = AccessTokens(TokenKeys.load_or_create(folder), audience="test.example")
    with pytest.raises(AccessTokenRefused):
        without.check(old, clock.now())


async def test_a_thief_who_refreshes_first_loses_the_session_when_the_owner_does(api: PeopleApi, ada: User) -> None:
    owner = await sign_in(api)
    thief = await api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=owner.refresh_token))
    assert (await me(api, thief.access_token)).id == str(ada.id)
    await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=owner.refresh_token)))
    for token in (thief.access_token, owner.access_token):
        assert reason_of(await refused(me(api, token))) == "ACCESS_TOKEN_REFUSED"
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=thief.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"


async def test_of_ten_thousand_wrong_passwords_five_are_looked_at(
    servicer: AuthServicer, ada: User, make_uow: MakeUow, clock: FakeClock
) -> None:
    async def guess(number: int, email: str) -> str:
        request = pb.SignInRequest(email=email, password=f"guess {number}")
        try:
            await servicer.SignIn(request, None)  # type: ignore[arg-type] # it asks nothing of the context
        except (SignInRefused, TooManyTries) as error:
            return type(error).__name__
        return "in"

    outcomes = [await guess(number, ada.email if number % 2 else ada.email.upper()) for number in range(GUESSES)]
    assert {outcome: outcomes.count(outcome) for outcome in set(outcomes)} == {
        "SignInRefused": 5,
        "TooManyTries": GUESSES - 5,
    }
    async with make_uow(write=False) as uow:
        kept = select(func.count()).where(AuditEntry.action == "users.refuse_sign_in")
        assert await uow.session.scalar(kept) == 5
    # Patience: each further guess doubles the wait, up to a quarter of an hour.
    waits = []
    for number in range(14):
        with pytest.raises(TooManyTries) as told:  # the right password too
            await servicer.SignIn(pb.SignInRequest(email=ada.email, password=PASSWORD), None)  # type: ignore[arg-type] # see above
        assert told.value.retry_after is not None
        waits.append(told.value.retry_after)
        clock.advance(seconds=told.value.retry_after.total_seconds())
        assert await guess(number, ada.email) == "SignInRefused"
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    assert waits[-1] == timedelta(minutes=15)
    clock.advance(minutes=15)
    assert (await servicer.SignIn(pb.SignInRequest(email=ada.email, password=PASSWORD), None)).user.id  # type: ignore[arg-type] # see above


async def test_one_address_that_guesses_at_many_accounts_is_slowed_down(make_uow: MakeUow) -> None:
    async def guess(number: int, address: str) -> bool:
        try:
            async with make_uow(Principal("anonymous", address=address)) as uow:
                await sign_in_service.begin_try(uow, email=f"{number}@college.example", waits=KnownWaits())
        except TooManyTries:
            return False
        return True

    taken = [await guess(number, "198.51.100.7") for number in range(220)]
    assert taken == [True] * 200 + [False] * 20
    assert await guess(1000, "203.0.113.9")  # elsewhere nobody has to wait


async def test_a_hub_that_was_not_there_refuses_the_same(
    servicer: AuthServicer, ada: User, make_uow: MakeUow, clock: FakeClock
) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await servicer.SignIn(pb.SignInRequest(email=ada.email, password="wrong"), None)  # type: ignore[arg-type] # no context
    elsewhere = KnownWaits()
    with pytest.raises(TooManyTries):
        async with make_uow(STRANGER) as uow:
            await sign_in_service.begin_try(uow, email=ada.email, waits=elsewhere)
    keys = list(of_sign_in(None, ada.email))
    with pytest.raises(TooManyTries):
        elsewhere.refuse(keys, clock.now())
    clock.advance(seconds=1)
    elsewhere.refuse(keys, clock.now())  # over


def test_a_hub_remembers_no_more_waits_than_it_should(clock: FakeClock) -> None:
    waits = KnownWaits(limit=3)
    for number in range(5):
        waits.remember(f"{number}", clock.now() + timedelta(minutes=1))
    waits.refuse(["0", "1"], clock.now())
    with pytest.raises(TooManyTries):
        waits.refuse(["4"], clock.now())


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_an_unknown_email_takes_the_same_work_as_a_known_one(
    servicer: AuthServicer, ada: User, database: Database
) -> None:
    calls: dict[str, Callable[[str], Any]] = {
        "sign-in": lambda email: servicer.SignIn(pb.SignInRequest(email=email, password="wrong"), None),  # type: ignore[arg-type] # no context
        "reset": lambda email: servicer.RequestPasswordReset(pb.RequestPasswordResetRequest(email=email), None),  # type: ignore[arg-type] # no context
        "verification": lambda email: servicer.RequestEmailVerification(
            pb.RequestEmailVerificationRequest(email=email),
            None,  # type: ignore[arg-type] # no context
        ),
    }
    for name, call in calls.items():
        work = []
        for email in (ada.email, "nobody@college.example"):
            with _statements(database) as seen:
                try:
                    answer = await call(email)
                except SignInRefused as error:
                    answer = error.message
            work.append((seen, answer))
        assert work[0] == work[1], name
        assert len(work[0][0]) > 2


async def test_an_unknown_email_takes_the_time_of_a_known_one(servicer: AuthServicer, ada: User) -> None:
    async def seconds(email: str) -> float:
        start = time.perf_counter()
        with pytest.raises(SignInRefused):
            await servicer.SignIn(pb.SignInRequest(email=email, password="wrong"), None)  # type: ignore[arg-type] # no context
        return time.perf_counter() - start

    known, unknown = [], []
    for number in range(5):  # no more tries are free
        known.append(await seconds(ada.email))
        unknown.append(await seconds(f"nobody{number}@college.example"))
    # Without the comparison that is done for nobody an unknown one would take a tenth of the time.
    assert 0.4 < statistics.median(unknown) / statistics.median(known) < 2.5


async def test_the_loop_goes_on_while_a_password_is_compared(passwords: Passwords) -> None:
    password_hash = await passwords.accept("plum orbit lantern", [], field="password")
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    matches = await asyncio.gather(*(passwords.match(password_hash, f"guess {i}") for i in range(6)))
    ticking.cancel()
    assert matches == [False] * 6
    assert ticks >= 6
