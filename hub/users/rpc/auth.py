"""AuthService on the wire."""

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.rpc.fields import to_timestamp
from hub.users import queries
from hub.users.college import College, TeachingLoads
from hub.users.errors import (
    AccountDisabled,
    AccountNotVerified,
    MailTokenRefused,
    RefreshTokenRefused,
    SecondFactorRefused,
    SecondFactorRequired,
    SignInRefused,
)
from hub.users.passwords import Passwords
from hub.users.rpc.own_password import OwnPassword, caller_id
from hub.users.rpc.views import UserViews
from hub.users.rules import MailPurpose
from hub.users.sealing import SecretBox
from hub.users.service import mail_tokens, sessions, sign_in, throttling
from hub.users.service import passwords as password_service
from hub.users.tokens import AccessClaims, AccessTokens
from smartroster.users.v1 import users_pb2 as pb
from smartroster.users.v1 import users_pb2_grpc

_REFUSALS = {
    SecondFactorRefused: "second factor",
    AccountDisabled: "account disabled",
    AccountNotVerified: "e-mail not verified",
}

Context = grpc.aio.ServicerContext[Any, Any]


class AuthServicer(users_pb2_grpc.AuthServiceServicer):
    def __init__(
        self,
        database: Database,
        *,
        passwords: Passwords,
        tokens: AccessTokens,
        box: SecretBox,
        college: College,
        loads: TeachingLoads,
    ) -> None:
        self._db = database
        self._passwords = passwords
        self._waits = throttling.KnownWaits()
        self._own_password = OwnPassword(database, passwords, self._waits)
        self._tokens = tokens
        self._box = box
        self._views = UserViews(college, loads)

    async def SignIn(self, request: pb.SignInRequest, context: Context) -> pb.SignInResponse:
        throttles = throttling.of_sign_in(current_principal().address, request.email)
        self._waits.refuse(throttles, self._db.clock())
        async with self._db.unit_of_work(current_principal()) as uow:
            tried = await sign_in.begin_try(uow, email=request.email, waits=self._waits)
        if not await self._passwords.match(tried.password_hash, request.password):
            await self._keep_refusal(tried, "password")
            raise SignInRefused("E-mail and password don't fit: check both, or ask for a new password.")
        try:
            async with self._db.unit_of_work(current_principal()) as uow:
                issued = await sign_in.complete(
                    uow, tried, client_name=request.client_name, code=request.totp_code, box=self._box
                )
                view = await self._views.one(uow, issued.user)
        except SecondFactorRequired:
            async with self._db.unit_of_work(current_principal()) as uow:
                await sign_in.ask_for_code(uow, tried)
            raise
        except (SecondFactorRefused, AccountDisabled, AccountNotVerified) as error:
            await self._keep_refusal(tried, _REFUSALS[type(error)])
            raise
        return self._response(issued, pb.SignInResponse(user=view))

    async def RefreshToken(self, request: pb.RefreshTokenRequest, context: Context) -> pb.SignInResponse:
        async with self._db.unit_of_work(current_principal()) as uow:
            # A refusal may end the session, so it is raised after the commit.
            issued = await sign_in.rotate(uow, refresh_token=request.refresh_token)
            view = await self._views.one(uow, issued.user) if issued else pb.User()
        if issued is None:
            raise RefreshTokenRefused("This refresh token serves no more: sign in again.")
        return self._response(issued, pb.SignInResponse(user=view))

    async def SignOut(self, request: pb.SignOutRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            session = await sessions.session_of(uow, refresh_token=request.refresh_token)
            if session is not None:
                await sessions.sign_out(uow, session)
        return Empty()

    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Context) -> Empty:
        user, tried = await self._own_password.confirm(request.current_password)
        # Before the new one is looked at: who is told that it is too weak has not failed to know the present one.
        async with self._db.unit_of_work(current_principal()) as uow:
            await sign_in.forgive(uow, tried)
        password_hash = await self._passwords.accept(
            request.new_password, password_service.own_data_of_user(user), field="new_password"
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            kept = await sessions.session_of(uow, refresh_token=request.refresh_token)
            own = kept is not None and kept.user_id == user.id
            await password_service.change(
                uow,
                user_id=user.id,
                password_hash=password_hash,
                keep_session_id=kept.id if kept is not None and own else uow.principal.session_id,
            )
        return Empty()

    async def SetPassword(self, request: pb.SetPasswordRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            user = await mail_tokens.user_of(uow, token=request.token, purposes=password_service.SETS_PASSWORD)
        if user is None:
            raise _link_refused()
        password_hash = await self._passwords.accept(
            request.new_password, password_service.own_data_of_user(user), field="new_password"
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            if not await password_service.set_by_token(uow, token=request.token, password_hash=password_hash):
                raise _link_refused()
        return Empty()

    async def RequestPasswordReset(self, request: pb.RequestPasswordResetRequest, context: Context) -> Empty:
        return await self._ask_for_mail(request.email, MailPurpose.PASSWORD_RESET)

    async def RequestEmailVerification(self, request: pb.RequestEmailVerificationRequest, context: Context) -> Empty:
        return await self._ask_for_mail(request.email, MailPurpose.EMAIL_VERIFICATION)

    async def VerifyEmail(self, request: pb.VerifyEmailRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            if not await password_service.verify_email(uow, token=request.token):
                raise _link_refused()
        return Empty()

    async def GetMe(self, request: pb.GetMeRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            return await self._views.one(uow, await queries.get_user(uow, caller_id()))

    async def _ask_for_mail(self, email: str, purpose: MailPurpose) -> Empty:
        self._waits.refuse(throttling.of_mails(current_principal().address, email), self._db.clock())
        async with self._db.unit_of_work(current_principal()) as uow:
            await password_service.ask_for_mail(uow, email=email, purpose=purpose, waits=self._waits)
        return Empty()

    async def _keep_refusal(self, tried: sign_in.SignInTry, reason: str) -> None:
        async with self._db.unit_of_work(current_principal()) as uow:
            await sign_in.refuse(uow, tried, reason=reason)

    def _response(self, issued: sign_in.Issued, response: pb.SignInResponse) -> pb.SignInResponse:
        access = self._tokens.issue(AccessClaims(issued.user.id, issued.session_id), self._db.clock())
        response.access_token = access.token
        expire_time = to_timestamp(access.expire_time)
        assert expire_time is not None  # noqa: S101 (of an instant that is there)
        response.access_token_expire_time.CopyFrom(expire_time)
        response.refresh_token = issued.refresh_token
        return response


def _link_refused() -> MailTokenRefused:
    return MailTokenRefused("This link was used, has expired or is wrong: ask for a new one.")
