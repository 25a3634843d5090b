"""The caller's own sessions and second factor."""

import asyncio
from datetime import timedelta
from pathlib import Path

import grpc
import pyotp
import pytest
from sqlalchemy import select

from hub.db.audit import AuditEntry
from hub.secret_files import SecretsUnusable
from hub.users.errors import SecondFactorUnreadable
from hub.users.models import RecoveryCode, SecondFactor, SignInTries, User
from hub.users.sealing import SecretBox
from smartroster.users.v1 import account_pb2 as pb
from smartroster.users.v1 import users_pb2
from tests.factories.users import make_admin, make_trainee
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import (
    PASSWORD,
    PeopleApi,
    bearer,
    me,
    reason_of,
    refused,
    sign_in,
    violations_of,
)

Metadata = tuple[tuple[str, str], ...]


@pytest.fixture
async def session(api: PeopleApi, ada: User) -> Metadata:
    assert ada.email_verified_time is not None
    return bearer((await sign_in(api)).access_token)


async def _turn_on(api: PeopleApi, session: Metadata, clock: FakeClock) -> tuple[pyotp.TOTP, list[str]]:
    made = await api.account.EnrolSecondFactor(pb.EnrolSecondFactorRequest(current_password=PASSWORD), metadata=session)
    totp = pyotp.TOTP(made.secret)
    codes = await api.account.ConfirmSecondFactor(
        pb.ConfirmSecondFactorRequest(totp_code=totp.at(clock.now())), metadata=session
    )
    clock.advance(seconds=30)
    return totp, list(codes.codes)


async def test_a_user_lists_and_ends_own_sessions(api: PeopleApi, ada: User) -> None:
    here, elsewhere, third = await sign_in(api), await sign_in(api), await sign_in(api)
    metadata = bearer(here.access_token)
    listed = (await api.account.ListSignInSessions(pb.ListSignInSessionsRequest(), metadata=metadata)).sign_in_sessions
    assert [one.current for one in listed] == [False, False, True], ada.email
    assert {one.client_name for one in listed} == {"desk-3"}
    assert all(one.address and one.start_time.seconds for one in listed)
    request = pb.ListSignInSessionsRequest(order_by="id")
    oldest_first = (await api.account.ListSignInSessions(request, metadata=metadata)).sign_in_sessions
    assert [one.id for one in oldest_first] == [one.id for one in reversed(listed)]
    for _ in range(2):
        await api.account.EndSignInSession(
            pb.EndSignInSessionRequest(sign_in_session_id=listed[1].id), metadata=metadata
        )
    assert reason_of(await refused(me(api, elsewhere.access_token))) == "ACCESS_TOKEN_REFUSED"
    assert (await me(api, third.access_token)).id == str(ada.id)
    await api.account.EndOtherSignInSessions(pb.EndOtherSignInSessionsRequest(), metadata=metadata)
    assert reason_of(await refused(me(api, third.access_token))) == "ACCESS_TOKEN_REFUSED"
    listed = (await api.account.ListSignInSessions(pb.ListSignInSessionsRequest(), metadata=metadata)).sign_in_sessions
    assert [one.current for one in listed] == [True]


async def test_sessions_of_others_are_neither_listed_nor_ended(
    api: PeopleApi, session: Metadata, make_uow: MakeUow
) -> None:
    async with make_uow() as uow:
        stranger = await make_admin(uow)
    theirs = await api.sign_in_as(stranger.id)
    listed = (await api.account.ListSignInSessions(pb.ListSignInSessionsRequest(), metadata=theirs)).sign_in_sessions
    assert len(listed) == 1
    request = pb.EndSignInSessionRequest(sign_in_session_id=listed[0].id)
    error = await refused(api.account.EndSignInSession(request, metadata=session))
    assert (error.code(), reason_of(error)) == (grpc.StatusCode.NOT_FOUND, "SIGN_IN_SESSION_NOT_FOUND")
    await api.auth.GetMe(users_pb2.GetMeRequest(), metadata=theirs)


async def test_the_second_factor_is_asked_for_once_it_was_confirmed(
    api: PeopleApi, session: Metadata, clock: FakeClock, ada: User
) -> None:
    await api.account.EnrolSecondFactor(pb.EnrolSecondFactorRequest(current_password=PASSWORD), metadata=session)
    await sign_in(api)  # not confirmed yet
    totp, codes = await _turn_on(api, session, clock)
    standing = await api.account.GetSecondFactor(pb.GetSecondFactorRequest(), metadata=session)
    assert (standing.enabled, standing.recovery_codes_left, len(set(codes))) == (True, 10, 10)
    error = await refused(sign_in(api))
    assert (error.code(), reason_of(error)) == (grpc.StatusCode.UNAUTHENTICATED, "SECOND_FACTOR_REQUIRED")
    # Who does not know the password is not told of it.
    assert reason_of(await refused(sign_in(api, "wrong", code=totp.at(clock.now())))) == "SIGN_IN_REFUSED"
    assert (await sign_in(api, code=totp.at(clock.now()))).user.id == str(ada.id)


async def test_a_code_serves_once_and_only_near_its_time(api: PeopleApi, session: Metadata, clock: FakeClock) -> None:
    totp, _ = await _turn_on(api, session, clock)
    code = totp.at(clock.now())
    answers = await asyncio.gather(*(sign_in(api, code=code) for _ in range(3)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["AioRpcError", "AioRpcError", "SignInResponse"]
    assert reason_of(await refused(sign_in(api, code=code))) == "SECOND_FACTOR_REFUSED"
    clock.advance(seconds=300)
    await sign_in(api, code=totp.at(clock.now() - timedelta(seconds=30)))  # typed slowly
    clock.advance(seconds=300)
    for stale in (totp.at(clock.now() - timedelta(minutes=1)), totp.at(clock.now() + timedelta(minutes=1)), "", "abc"):
        error = await refused(sign_in(api, code=stale))
        assert reason_of(error) in {"SECOND_FACTOR_REFUSED", "SECOND_FACTOR_REQUIRED"}


async def test_wrong_codes_are_throttled_like_passwords(api: PeopleApi, session: Metadata, clock: FakeClock) -> None:
    totp, _ = await _turn_on(api, session, clock)
    reasons = [reason_of(await refused(sign_in(api, code="000000"))) for _ in range(7)]
    assert reasons == ["SECOND_FACTOR_REFUSED"] * 5 + ["TOO_MANY_TRIES"] * 2
    assert reason_of(await refused(sign_in(api, code=totp.at(clock.now())))) == "TOO_MANY_TRIES"


async def test_asking_for_the_code_is_no_failure_of_the_address(
    api: PeopleApi, session: Metadata, clock: FakeClock, make_uow: MakeUow
) -> None:
    async def failures() -> list[tuple[str, int]]:
        async with make_uow(write=False) as uow:
            rows = await uow.session.execute(select(SignInTries.key, SignInTries.failures))
        return sorted((key.partition(":")[0], count) for key, count in rows)

    totp, _ = await _turn_on(api, session, clock)
    assert reason_of(await refused(sign_in(api))) == "SECOND_FACTOR_REQUIRED"
    assert await failures() == [("account", 1), ("address", 0)]
    await sign_in(api, code=totp.at(clock.now()))
    assert await failures() == [("address", 0)]


async def test_a_recovery_code_serves_once_however_it_is_typed(
    api: PeopleApi, session: Metadata, clock: FakeClock, make_uow: MakeUow
) -> None:
    _, codes = await _turn_on(api, session, clock)
    await sign_in(api, code=f" {codes[0].lower().replace('-', ' ')} ")
    assert reason_of(await refused(sign_in(api, code=codes[0]))) == "SECOND_FACTOR_REFUSED"
    standing = await api.account.GetSecondFactor(pb.GetSecondFactorRequest(), metadata=session)
    assert standing.recovery_codes_left == 9
    async with make_uow(write=False) as uow:
        stored = (await uow.session.scalars(select(RecoveryCode))).all()
    assert not {code.replace("-", "").encode() for code in codes} & {row.code_hash for row in stored}


async def test_new_recovery_codes_end_the_former_ones(api: PeopleApi, session: Metadata, clock: FakeClock) -> None:
    totp, former = await _turn_on(api, session, clock)
    request = pb.ReplaceRecoveryCodesRequest(current_password=PASSWORD, totp_code=totp.at(clock.now()))
    codes = list((await api.account.ReplaceRecoveryCodes(request, metadata=session)).codes)
    assert reason_of(await refused(sign_in(api, code=former[0]))) == "SECOND_FACTOR_REFUSED"
    await sign_in(api, code=codes[0])


async def test_the_secret_is_not_in_the_database_in_clear(
    api: PeopleApi, session: Metadata, make_uow: MakeUow, tmp_path: Path
) -> None:
    made = await api.account.EnrolSecondFactor(pb.EnrolSecondFactorRequest(current_password=PASSWORD), metadata=session)
    assert made.otpauth_uri.startswith("otpauth://totp/test.example:Ada%40college.example?secret=")
    async with make_uow(write=False) as uow:
        sealed = (await uow.session.scalars(select(SecondFactor))).one().sealed_secret
    assert made.secret.encode() not in sealed
    with pytest.raises(SecondFactorUnreadable):  # moved to another person's row
        SecretBox.open(tmp_path / "secrets").unseal(sealed, b"second factor of somebody else")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    SecretBox.open(tmp_path)
    key = tmp_path / "second-factor.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    with pytest.raises(SecretsUnusable, match=r"second-factor\.key"):
        SecretBox.open(tmp_path)


async def test_turning_it_on_or_off_takes_the_password_and_a_code_and_ends_other_sessions(
    api: PeopleApi, session: Metadata, clock: FakeClock, make_uow: MakeUow
) -> None:
    elsewhere = await sign_in(api)
    wrong = pb.EnrolSecondFactorRequest(current_password="wrong")
    error = await refused(api.account.EnrolSecondFactor(wrong, metadata=session))
    assert reason_of(error) == "CURRENT_PASSWORD_WRONG"
    totp, _ = await _turn_on(api, session, clock)
    assert reason_of(await refused(me(api, elsewhere.access_token))) == "ACCESS_TOKEN_REFUSED"
    again = pb.EnrolSecondFactorRequest(current_password=PASSWORD)
    assert reason_of(await refused(api.account.EnrolSecondFactor(again, metadata=session))) == "SECOND_FACTOR_ON"
    request = pb.DisableSecondFactorRequest(current_password=PASSWORD, totp_code="000000")
    error = await refused(api.account.DisableSecondFactor(request, metadata=session))
    assert (reason_of(error), set(violations_of(error))) == ("SECOND_FACTOR_WRONG", {"totp_code"})
    request.totp_code = totp.at(clock.now())
    for _ in range(2):
        await api.account.DisableSecondFactor(request, metadata=session)
    await sign_in(api)
    async with make_uow(write=False) as uow:
        actions = list(await uow.session.scalars(select(AuditEntry.action).order_by(AuditEntry.entry_id)))
    assert actions.count("users.enable_second_factor") == actions.count("users.disable_second_factor") == 1


async def test_confirming_without_a_secret_says_what_to_do(api: PeopleApi, session: Metadata) -> None:
    request = pb.ConfirmSecondFactorRequest(totp_code="123456")
    error = await refused(api.account.ConfirmSecondFactor(request, metadata=session))
    assert reason_of(error) == "SECOND_FACTOR_NOT_BEGUN"
    await api.account.EnrolSecondFactor(pb.EnrolSecondFactorRequest(current_password=PASSWORD), metadata=session)
    error = await refused(api.account.ConfirmSecondFactor(request, metadata=session))
    assert set(violations_of(error)) == {"totp_code"}


async def test_the_second_factor_is_for_staff(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainee = await make_trainee(uow)
    metadata = await api.sign_in_as(trainee.id)
    error = await refused(
        api.account.EnrolSecondFactor(pb.EnrolSecondFactorRequest(current_password=PASSWORD), metadata=metadata)
    )
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
