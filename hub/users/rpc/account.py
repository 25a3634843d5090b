"""AccountService on the wire."""

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.rpc.fields import parse_uuid, to_timestamp
from hub.rpc.paging import order_keys, page
from hub.users.models import SignInSession
from hub.users.passwords import Passwords
from hub.users.rpc.own_password import OwnPassword, caller_id
from hub.users.sealing import SecretBox
from hub.users.service import second_factor, sessions, sign_in
from hub.users.service.throttling import KnownWaits
from smartroster.users.v1 import account_pb2 as pb
from smartroster.users.v1 import account_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

_SESSION_ORDER = {
    "last_used_time": SignInSession.last_used_time,
    "start_time": SignInSession.start_time,
    "client_name": SignInSession.client_name,
    "id": SignInSession.id,
}


class AccountServicer(account_pb2_grpc.AccountServiceServicer):
    """`issuer` is the name of the site under which an authenticator shows the account."""

    def __init__(self, database: Database, *, passwords: Passwords, box: SecretBox, issuer: str) -> None:
        self._db = database
        self._own_password = OwnPassword(database, passwords, KnownWaits())
        self._box = box
        self._issuer = issuer

    async def ListSignInSessions(
        self, request: pb.ListSignInSessionsRequest, context: Context
    ) -> pb.ListSignInSessionsResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                sessions.select_open(caller_id()),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(
                    request.order_by or "last_used_time desc, id desc", _SESSION_ORDER, unique=SignInSession.id
                ),
            )
        return pb.ListSignInSessionsResponse(sign_in_sessions=map(_session_to_proto, rows), next_page_token=token)

    async def EndSignInSession(self, request: pb.EndSignInSessionRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await sessions.end_own(
                uow, user_id=caller_id(), session_id=parse_uuid(request.sign_in_session_id, "sign_in_session_id")
            )
        return Empty()

    async def EndOtherSignInSessions(self, request: pb.EndOtherSignInSessionsRequest, context: Context) -> Empty:
        async with self._db.unit_of_work(current_principal()) as uow:
            await sessions.end_others(uow, user_id=caller_id(), kept_id=uow.principal.session_id)
        return Empty()

    async def GetSecondFactor(self, request: pb.GetSecondFactorRequest, context: Context) -> pb.SecondFactor:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            standing = await second_factor.standing(uow, caller_id())
        return pb.SecondFactor(
            enabled=standing.enable_time is not None,
            enable_time=to_timestamp(standing.enable_time),
            recovery_codes_left=standing.recovery_codes_left,
        )

    async def EnrolSecondFactor(self, request: pb.EnrolSecondFactorRequest, context: Context) -> pb.SecondFactorSecret:
        user, tried = await self._own_password.confirm(request.current_password)
        async with self._db.unit_of_work(current_principal()) as uow:
            await sign_in.forgive(uow, tried)
            made = await second_factor.enrol(uow, user=user, box=self._box, issuer=self._issuer)
        return pb.SecondFactorSecret(secret=made.secret, otpauth_uri=made.otpauth_uri)

    async def ConfirmSecondFactor(self, request: pb.ConfirmSecondFactorRequest, context: Context) -> pb.RecoveryCodes:
        async with self._db.unit_of_work(current_principal()) as uow:
            codes = await second_factor.confirm(uow, user_id=caller_id(), code=request.totp_code, box=self._box)
        return pb.RecoveryCodes(codes=codes)

    async def ReplaceRecoveryCodes(self, request: pb.ReplaceRecoveryCodesRequest, context: Context) -> pb.RecoveryCodes:
        user, tried = await self._own_password.confirm(request.current_password)
        async with self._db.unit_of_work(current_principal()) as uow:
            codes = await second_factor.replace_recovery_codes(
                uow, user_id=user.id, code=request.totp_code, box=self._box
            )
            await sign_in.forgive(uow, tried)
        return pb.RecoveryCodes(codes=codes)

    async def DisableSecondFactor(self, request: pb.DisableSecondFactorRequest, context: Context) -> Empty:
        user, tried = await self._own_password.confirm(request.current_password)
        async with self._db.unit_of_work(current_principal()) as uow:
            await second_factor.disable(uow, user_id=user.id, code=request.totp_code, box=self._box)
            await sign_in.forgive(uow, tried)
        return Empty()


def _session_to_proto(session: SignInSession) -> pb.SignInSession:
    return pb.SignInSession(
        id=str(session.id),
        client_name=session.client_name,
        address=session.address or "",
        start_time=to_timestamp(session.start_time),
        last_used_time=to_timestamp(session.last_used_time),
        current=session.id == current_principal().session_id,
    )
