import asyncio
from datetime import timedelta

import grpc
from sqlalchemy import select

from hub.db.audit import AuditEntry
from hub.users import queries
from hub.users.models import RefreshToken, SignInSession, SignInTries, User
from hub.users.rules import UserState
from hub.users.service import accounts
from hub.users.service.sign_in import forget_old
from smartroster.users.v1 import users_pb2 as pb
from tests.factories.users import make_admin
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import (
    PASSWORD,
    PeopleApi,
    bearer,
    me,
    reason_of,
    refused,
    retry_seconds_of,
    sign_in,
    violations_of,
)


async def test_sign_in_tells_who_one_is(api: PeopleApi, ada: User, clock: FakeClock) -> None:
    signed_in = await sign_in(api, email="ADA@College.example")
    assert signed_in.access_token_expire_time.ToDatetime(tzinfo=clock.now().tzinfo) == clock.now() + timedelta(
        minutes=15
    )
    assert signed_in.user.last_sign_in_time.ToDatetime(tzinfo=clock.now().tzinfo) == clock.now()
    found = await me(api, signed_in.access_token)
    assert (found.id, found.email, list(found.roles)) == (str(ada.id), "Ada@college.example", [pb.ROLE_ADMIN])
    assert found.etag == str(ada.etag)  # a sign-in is no change of the account


async def test_unknown_email_and_wrong_password_get_the_same_answer(api: PeopleApi, ada: User) -> None:
    wrong = await refused(sign_in(api, "something else"))
    unknown = await refused(sign_in(api, PASSWORD, f"not-{ada.email}"))
    assert reason_of(wrong) == reason_of(unknown) == "SIGN_IN_REFUSED"
    assert (wrong.code(), wrong.details()) == (unknown.code(), unknown.details())


async def test_the_database_holds_no_token_in_clear(api: PeopleApi, ada: User, make_uow: MakeUow) -> None:
    signed_in = await sign_in(api)
    async with make_uow(write=False) as uow:
        token = (await uow.session.scalars(select(RefreshToken))).one()
        user = await queries.get_user(uow, ada.id)
    assert len(token.token_hash) == 32
    assert signed_in.refresh_token.encode() not in token.token_hash
    assert PASSWORD not in str(user.password_hash)


async def test_a_refresh_token_serves_once_and_its_reuse_ends_the_family(
    api: PeopleApi, ada: User, make_uow: MakeUow
) -> None:
    first = await sign_in(api)
    other = await sign_in(api)
    second = await api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=first.refresh_token))
    assert (await me(api, second.access_token)).id == str(ada.id)
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=first.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"
    # The thief and the owner are both out, access tokens too.
    assert reason_of(await refused(me(api, second.access_token))) == "ACCESS_TOKEN_REFUSED"
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=second.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"
    assert (await me(api, other.access_token)).id == str(ada.id)
    async with make_uow(write=False) as uow:
        ended = select(AuditEntry).where(AuditEntry.action == "users.end_session")
        assert len((await uow.session.scalars(ended)).all()) == 1


async def test_of_two_refreshes_at_once_one_alone_is_answered(api: PeopleApi, ada: User) -> None:
    assert ada.state is UserState.ACTIVE
    first = await sign_in(api)
    request = pb.RefreshTokenRequest(refresh_token=first.refresh_token)
    answers = await asyncio.gather(*(api.auth.RefreshToken(request) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, pb.SignInResponse) for answer in answers) == 1


async def test_refresh_tokens_expire(api: PeopleApi, ada: User, clock: FakeClock, make_uow: MakeUow) -> None:
    first = await sign_in(api)
    clock.advance(days=30)
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=first.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"
    clock.advance(days=1)
    async with make_uow() as uow:
        await forget_old(uow, clock.now())
    async with make_uow(write=False) as uow:
        for table in (SignInSession, RefreshToken, SignInTries):
            assert (await uow.session.scalars(select(table))).all() == [], ada.email


async def test_signing_out_ends_the_session_at_once_and_twice_is_fine(api: PeopleApi, ada: User) -> None:
    signed_in, other = await sign_in(api), await sign_in(api)
    for _ in range(2):
        await api.auth.SignOut(pb.SignOutRequest(refresh_token=signed_in.refresh_token))
    assert reason_of(await refused(me(api, signed_in.access_token))) == "ACCESS_TOKEN_REFUSED"
    assert (await me(api, other.access_token)).id == str(ada.id)
    await api.auth.SignOut(pb.SignOutRequest(refresh_token="never was one"))


async def test_wrong_tries_are_slowed_down_more_and_more(api: PeopleApi, ada: User, clock: FakeClock) -> None:
    for _ in range(5):
        assert reason_of(await refused(sign_in(api, "wrong"))) == "SIGN_IN_REFUSED"
    error = await refused(sign_in(api))  # the right password must wait too
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert (reason_of(error), retry_seconds_of(error)) == ("TOO_MANY_TRIES", 1)
    clock.advance(seconds=1)
    assert reason_of(await refused(sign_in(api, "wrong"))) == "SIGN_IN_REFUSED"
    assert retry_seconds_of(await refused(sign_in(api))) == 2
    clock.advance(seconds=2)
    await sign_in(api)
    assert reason_of(await refused(sign_in(api, "wrong"))) == "SIGN_IN_REFUSED"  # begins anew after a success
    await sign_in(api)
    assert ada.state is UserState.ACTIVE


async def test_tries_at_the_same_time_are_all_counted(api: PeopleApi, ada: User) -> None:
    tries = await asyncio.gather(*(refused(sign_in(api, f"wrong {i}")) for i in range(12)))
    reasons = [reason_of(error) for error in tries]
    assert reasons.count("SIGN_IN_REFUSED") <= 6, ada.email
    assert "TOO_MANY_TRIES" in reasons


async def test_old_tries_are_forgotten(api: PeopleApi, ada: User, clock: FakeClock) -> None:
    for _ in range(5):
        await refused(sign_in(api, "wrong"))
    clock.advance(hours=1)
    for _ in range(5):
        assert reason_of(await refused(sign_in(api, "wrong"))) == "SIGN_IN_REFUSED", ada.email


async def test_disabling_holds_from_the_next_call_on(api: PeopleApi, ada: User, make_uow: MakeUow) -> None:
    signed_in = await sign_in(api)
    async with make_uow() as uow:
        admin = await make_admin(uow)
    metadata = await api.sign_in_as(admin.id)
    await api.users.DisableUser(pb.DisableUserRequest(user_id=str(ada.id)), metadata=metadata)
    assert reason_of(await refused(me(api, signed_in.access_token))) == "ACCOUNT_DISABLED"
    error = await refused(api.auth.RefreshToken(pb.RefreshTokenRequest(refresh_token=signed_in.refresh_token)))
    assert reason_of(error) == "REFRESH_TOKEN_REFUSED"
    assert reason_of(await refused(sign_in(api))) == "ACCOUNT_DISABLED"  # told to who knows the password
    assert reason_of(await refused(sign_in(api, "wrong"))) == "SIGN_IN_REFUSED"
    await api.users.EnableUser(pb.EnableUserRequest(user_id=str(ada.id)), metadata=metadata)
    assert reason_of(await refused(me(api, signed_in.access_token))) == "ACCESS_TOKEN_REFUSED"
    await sign_in(api)


async def test_a_role_change_holds_from_the_next_call_on(api: PeopleApi, ada: User, make_uow: MakeUow) -> None:
    signed_in = await sign_in(api)
    request = pb.ListAuditEntriesRequest()
    await api.users.ListAuditEntries(request, metadata=bearer(signed_in.access_token))
    async with make_uow() as uow:
        admin = await make_admin(uow)
    await api.users.UpdateUser(
        pb.UpdateUserRequest(
            user=pb.User(id=str(ada.id), roles=[pb.ROLE_DP_ACADEMICS]), update_mask={"paths": ["roles"]}
        ),
        metadata=await api.sign_in_as(admin.id),
    )
    error = await refused(api.users.ListAuditEntries(request, metadata=bearer(signed_in.access_token)))
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_changing_the_password_ends_the_other_sessions(api: PeopleApi, ada: User) -> None:
    here, elsewhere = await sign_in(api), await sign_in(api)
    request = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="cedar quartz violin")
    await api.auth.ChangePassword(request, metadata=bearer(here.access_token))
    assert (await me(api, here.access_token)).id == str(ada.id)
    assert reason_of(await refused(me(api, elsewhere.access_token))) == "ACCESS_TOKEN_REFUSED"
    assert reason_of(await refused(sign_in(api))) == "SIGN_IN_REFUSED"
    await sign_in(api, "cedar quartz violin")


async def test_changing_the_password_needs_the_present_one_and_a_strong_one(api: PeopleApi, ada: User) -> None:
    metadata = bearer((await sign_in(api)).access_token)
    wrong = pb.ChangePasswordRequest(current_password="wrong", new_password="cedar quartz violin")
    error = await refused(api.auth.ChangePassword(wrong, metadata=metadata))
    assert (reason_of(error), set(violations_of(error))) == ("CURRENT_PASSWORD_WRONG", {"current_password"}), ada.email
    weak = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="password1234")
    error = await refused(api.auth.ChangePassword(weak, metadata=metadata))
    assert (reason_of(error), set(violations_of(error))) == ("PASSWORD_TOO_WEAK", {"new_password"})


async def test_a_new_password_may_be_too_weak_as_often_as_it_takes(api: PeopleApi, ada: User) -> None:
    metadata = bearer((await sign_in(api)).access_token)
    for _ in range(6):
        weak = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="password1234")
        assert reason_of(await refused(api.auth.ChangePassword(weak, metadata=metadata))) == "PASSWORD_TOO_WEAK"
    strong = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="cedar quartz violin")
    await api.auth.ChangePassword(strong, metadata=metadata)
    await sign_in(api, "cedar quartz violin", ada.email)


async def test_a_wrong_present_password_is_throttled(api: PeopleApi, ada: User) -> None:
    metadata = bearer((await sign_in(api)).access_token)
    wrong = pb.ChangePasswordRequest(current_password="wrong", new_password="cedar quartz violin")
    reasons = [reason_of(await refused(api.auth.ChangePassword(wrong, metadata=metadata))) for _ in range(6)]
    assert reasons == ["CURRENT_PASSWORD_WRONG"] * 5 + ["TOO_MANY_TRIES"], ada.email


async def test_sign_ins_refusals_and_sign_outs_are_audited_with_their_address(
    api: PeopleApi, ada: User, make_uow: MakeUow
) -> None:
    signed_in = await sign_in(api)
    await refused(sign_in(api, "wrong"))
    await refused(sign_in(api, email="nobody@college.example"))
    for _ in range(2):
        await api.auth.SignOut(pb.SignOutRequest(refresh_token=signed_in.refresh_token))
    async with make_uow() as uow:
        await accounts.disable_user(uow, user_id=ada.id, reason="left")
    assert reason_of(await refused(sign_in(api))) == "ACCOUNT_DISABLED"
    async with make_uow(write=False) as uow:
        entries = await uow.session.scalars(
            select(AuditEntry).where(AuditEntry.action.like("users.%sign%")).order_by(AuditEntry.entry_id)
        )
        kept = [(entry.action, entry.object_id, entry.reason, bool(entry.address)) for entry in entries]
    assert kept == [
        ("users.sign_in", str(ada.id), None, True),
        ("users.refuse_sign_in", str(ada.id), "password", True),
        ("users.refuse_sign_in", "unknown", "password", True),
        ("users.sign_out", str(ada.id), None, True),
        ("users.refuse_sign_in", str(ada.id), "account disabled", True),
    ]
