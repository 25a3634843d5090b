"""Invitations, e-mail verification and password resets: links that serve once."""

import asyncio
from dataclasses import replace

import grpc
import pytest
from sqlalchemy import select

from hub.courses.college import CollegeOfThisHub
from hub.db.database import Database
from hub.db.outbox import OutboxRelay
from hub.db.outbox_tables import OutboxEvent
from hub.users.models import MailToken, User
from hub.users.rules import MailPurpose, Role, UserState
from hub.users.service import accounts, mail_tokens, subscriptions
from hub.users.service.profiles import draft_of
from smartroster.users.v1 import users_pb2 as pb
from tests.factories.users import draft_user, make_admin, make_user
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import (
    PASSWORD,
    PeopleApi,
    me,
    reason_of,
    refused,
    retry_seconds_of,
    sign_in,
    violations_of,
)

NEW_PASSWORD = "cedar quartz violin"


@pytest.fixture
def relay(database: Database) -> OutboxRelay:
    relay = OutboxRelay(database)
    for event_type, handler in subscriptions():
        relay.subscribe(event_type, handler)
    return relay


@pytest.fixture
async def newcomer(make_uow: MakeUow) -> User:
    async with make_uow() as uow:
        return await make_user(uow, draft_user(Role.ADMIN, email="new@college.example"), password_hash=None)


async def _mint(make_uow: MakeUow, user: User, purpose: MailPurpose) -> str:
    async with make_uow() as uow:
        minted = await mail_tokens.mint(uow, user_id=user.id, purpose=purpose)
    assert minted is not None
    assert minted.email == user.email
    return minted.token


async def _wanted(make_uow: MakeUow, relay: OutboxRelay) -> list[str]:
    """The mails that were asked for, after the hub looked whose they are."""
    await relay.run_once()
    async with make_uow(write=False) as uow:
        events = list(await uow.session.scalars(select(OutboxEvent).order_by(OutboxEvent.event_id)))
    return [event.name.removeprefix("users.") for event in events if event.name != "users.mail_asked_for"]


def _set(token: str, password: str = NEW_PASSWORD) -> pb.SetPasswordRequest:
    return pb.SetPasswordRequest(token=token, new_password=password)


async def test_an_invitation_sets_the_first_password_once(
    api: PeopleApi, newcomer: User, make_uow: MakeUow, clock: FakeClock
) -> None:
    stale = await _mint(make_uow, newcomer, MailPurpose.INVITATION)
    token = await _mint(make_uow, newcomer, MailPurpose.INVITATION)
    async with make_uow(write=False) as uow:
        stored = (await uow.session.scalars(select(MailToken))).all()
    assert all(token.encode() not in row.token_hash for row in stored)
    assert reason_of(await refused(sign_in(api, PASSWORD, newcomer.email))) == "SIGN_IN_REFUSED"
    assert reason_of(await refused(api.auth.SetPassword(_set(stale)))) == "MAIL_TOKEN_REFUSED"
    clock.advance(hours=23, minutes=59)
    await api.auth.SetPassword(_set(token))
    assert (await sign_in(api, NEW_PASSWORD, newcomer.email)).user.state == pb.User.STATE_ACTIVE
    assert reason_of(await refused(api.auth.SetPassword(_set(token)))) == "MAIL_TOKEN_REFUSED"


async def test_of_two_who_use_a_link_at_once_one_alone_sets_the_password(
    api: PeopleApi, newcomer: User, make_uow: MakeUow
) -> None:
    token = await _mint(make_uow, newcomer, MailPurpose.INVITATION)
    passwords = (NEW_PASSWORD, PASSWORD)
    answers = await asyncio.gather(
        *(api.auth.SetPassword(_set(token, password)) for password in passwords), return_exceptions=True
    )
    [failed] = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
    assert reason_of(failed) == "MAIL_TOKEN_REFUSED"
    winner = passwords[0] if answers[1] is failed else passwords[1]
    await sign_in(api, winner, newcomer.email)


@pytest.mark.parametrize(("purpose", "hours"), [(MailPurpose.INVITATION, 24), (MailPurpose.PASSWORD_RESET, 1)])
async def test_a_link_expires(
    api: PeopleApi, newcomer: User, make_uow: MakeUow, clock: FakeClock, purpose: MailPurpose, hours: int
) -> None:
    token = await _mint(make_uow, newcomer, purpose)
    clock.advance(hours=hours)
    assert reason_of(await refused(api.auth.SetPassword(_set(token)))) == "MAIL_TOKEN_REFUSED"


async def test_a_verification_expires_after_a_day(
    api: PeopleApi, newcomer: User, make_uow: MakeUow, clock: FakeClock
) -> None:
    token = await _mint(make_uow, newcomer, MailPurpose.EMAIL_VERIFICATION)
    clock.advance(hours=24)
    error = await refused(api.auth.VerifyEmail(pb.VerifyEmailRequest(token=token)))
    assert (error.code(), reason_of(error)) == (grpc.StatusCode.UNAUTHENTICATED, "MAIL_TOKEN_REFUSED")


async def test_who_got_a_password_verifies_the_email_before_the_first_sign_in(
    api: PeopleApi, make_uow: MakeUow, ada: User
) -> None:
    async with make_uow() as uow:
        credential = accounts.Credential(ada.password_hash, email_verified=False)
        [user] = await accounts.create_users(
            uow,
            [draft_user(Role.ADMIN, email="late@college.example")],
            college=CollegeOfThisHub(),
            credentials=[credential],
            paths=["user"],
        )
        await uow.store_records()
        names = list(await uow.session.scalars(select(OutboxEvent.name)))
    assert names == ["users.email_verification_requested"]
    assert reason_of(await refused(sign_in(api, PASSWORD, user.email))) == "ACCOUNT_NOT_VERIFIED"
    token = await _mint(make_uow, user, MailPurpose.EMAIL_VERIFICATION)
    # A link that verifies does not set a password, nor the other way round.
    assert reason_of(await refused(api.auth.SetPassword(_set(token)))) == "MAIL_TOKEN_REFUSED"
    await api.auth.VerifyEmail(pb.VerifyEmailRequest(token=token))
    await sign_in(api, PASSWORD, user.email)
    error = await refused(api.auth.VerifyEmail(pb.VerifyEmailRequest(token=token)))
    assert reason_of(error) == "MAIL_TOKEN_REFUSED"


async def test_a_reset_sets_another_password_and_ends_all_sessions(
    api: PeopleApi, ada: User, make_uow: MakeUow, relay: OutboxRelay
) -> None:
    signed_in = await sign_in(api)
    await api.auth.RequestPasswordReset(pb.RequestPasswordResetRequest(email="ADA@college.example"))
    assert await _wanted(make_uow, relay) == ["password_reset_requested"]
    await api.auth.SetPassword(_set(await _mint(make_uow, ada, MailPurpose.PASSWORD_RESET)))
    assert reason_of(await refused(me(api, signed_in.access_token))) == "ACCESS_TOKEN_REFUSED"
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=signed_in.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"
    assert reason_of(await refused(sign_in(api))) == "SIGN_IN_REFUSED"
    await sign_in(api, NEW_PASSWORD)
    assert await _wanted(make_uow, relay) == ["password_reset_requested", "account_secured"]


async def test_no_answer_tells_whether_an_email_is_known(
    api: PeopleApi, ada: User, newcomer: User, make_uow: MakeUow, relay: OutboxRelay
) -> None:
    async with make_uow() as uow:
        disabled = await make_admin(uow)
        await accounts.disable_user(uow, user_id=disabled.id, reason="left")
    before = await _wanted(make_uow, relay)
    answers = []
    for email in (ada.email, newcomer.email, disabled.email, "nobody@college.example", ""):
        answers.append(await api.auth.RequestPasswordReset(pb.RequestPasswordResetRequest(email=email)))
        answers.append(await api.auth.RequestEmailVerification(pb.RequestEmailVerificationRequest(email=email)))
    assert all(answer.ByteSize() == 0 for answer in answers)
    # One mail for Ada, who has verified hers; for who was invited the invitation again, whatever was asked for.
    assert (await _wanted(make_uow, relay))[len(before) :] == [
        "password_reset_requested",
        "user_invited",
        "user_invited",
    ]


async def test_mails_that_strangers_ask_for_are_throttled_alike(api: PeopleApi, ada: User, clock: FakeClock) -> None:
    for email in (ada.email, "nobody@college.example"):
        request = pb.RequestPasswordResetRequest(email=email)
        for _ in range(3):
            await api.auth.RequestPasswordReset(request)
        error = await refused(api.auth.RequestPasswordReset(request))
        assert (reason_of(error), retry_seconds_of(error)) == ("TOO_MANY_TRIES", 1)
    clock.advance(hours=1)
    await api.auth.RequestPasswordReset(request)


async def test_a_text_that_is_longer_than_any_email_is_not_kept(api: PeopleApi, make_uow: MakeUow) -> None:
    request = pb.RequestPasswordResetRequest(email="a" * 239 + "@college.example")
    error = await refused(api.auth.RequestPasswordReset(request))
    assert (error.code(), set(violations_of(error))) == (grpc.StatusCode.INVALID_ARGUMENT, {"email"})
    async with make_uow(write=False) as uow:
        assert list(await uow.session.scalars(select(OutboxEvent))) == []
    request.email = request.email[1:]
    await api.auth.RequestPasswordReset(request)


async def test_a_link_to_a_former_address_serves_no_more(api: PeopleApi, newcomer: User, make_uow: MakeUow) -> None:
    token = await _mint(make_uow, newcomer, MailPurpose.INVITATION)
    async with make_uow() as uow:
        await accounts.update_user(
            uow,
            user_id=newcomer.id,
            wanted=replace(draft_of(newcomer), email="newer@college.example"),
            fields=frozenset({"email"}),
            etag="",
            college=CollegeOfThisHub(),
        )
        await uow.store_records()
        names = list(await uow.session.scalars(select(OutboxEvent.name)))
    assert names == ["users.user_invited"] * 2  # again, to the new address
    assert reason_of(await refused(api.auth.SetPassword(_set(token)))) == "MAIL_TOKEN_REFUSED"


@pytest.mark.parametrize("purpose", list(MailPurpose))
async def test_no_mail_goes_to_who_was_disabled_meanwhile(
    newcomer: User, make_uow: MakeUow, api: PeopleApi, purpose: MailPurpose
) -> None:
    token = await _mint(make_uow, newcomer, purpose)
    async with make_uow() as uow:
        await make_admin(uow)
        user = await accounts.disable_user(uow, user_id=newcomer.id, reason="left")
        assert user.state is UserState.DISABLED
        assert await mail_tokens.mint(uow, user_id=user.id, purpose=purpose) is None
    for call in (
        api.auth.SetPassword(_set(token)),
        api.auth.VerifyEmail(pb.VerifyEmailRequest(token=token)),
    ):
        assert reason_of(await refused(call)) == "MAIL_TOKEN_REFUSED"


async def test_a_weak_password_does_not_spend_the_link(api: PeopleApi, newcomer: User, make_uow: MakeUow) -> None:
    token = await _mint(make_uow, newcomer, MailPurpose.INVITATION)
    assert reason_of(await refused(api.auth.SetPassword(_set(token, "password1234")))) == "PASSWORD_TOO_WEAK"
    await api.auth.SetPassword(_set(token))
