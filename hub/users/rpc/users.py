"""UsersService on the wire."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

import grpc

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.errors import InvalidArgument
from hub.rpc.auth import current_principal, current_scope
from hub.rpc.fields import check_mask, parse_optional_uuid, parse_uuid
from hub.rpc.paging import order_keys, page
from hub.users import queries
from hub.users.college import College, PersonalDataSource, TeachingLoads
from hub.users.models import User
from hub.users.passwords import Passwords
from hub.users.rpc.messages import (
    audit_entry_to_proto,
    draft_from_proto,
    drafts_from_proto,
    role_filter,
    state_filter,
)
from hub.users.rpc.views import UserViews
from hub.users.service import accounts, personal_data, second_factor
from hub.users.service.passwords import own_data
from smartroster.users.v1 import users_pb2 as pb
from smartroster.users.v1 import users_pb2_grpc

Context = grpc.aio.ServicerContext[Any, Any]

LARGEST_BATCH = 1000
_SORTED_BY = {
    "family_name": User.family_name,
    "given_name": User.given_name,
    "email": User.email_key,
    "create_time": User.create_time,
}
_USUAL_ORDER = "family_name,given_name"
_AUDIT_ORDER = {
    "occurred_time": AuditEntry.occurred_time,
    "action": AuditEntry.action,
    "object_type": AuditEntry.object_type,
    "object_id": AuditEntry.object_id,
    "id": AuditEntry.entry_id,
}
# On the wire the trainee's state is named "status".
_TRAINEE_PATHS = {f"trainee.{'status' if field == 'state' else field}": field for field in accounts.TRAINEE_FIELDS}


class UsersServicer(users_pb2_grpc.UsersServiceServicer):
    """`sources` are asked for what other domains keep about a person."""

    def __init__(
        self,
        database: Database,
        *,
        passwords: Passwords,
        college: College,
        loads: TeachingLoads,
        sources: Sequence[PersonalDataSource],
    ) -> None:
        self._db = database
        self._passwords = passwords
        self._college = college
        self._views = UserViews(college, loads)
        self._sources = sources

    async def CreateUser(self, request: pb.CreateUserRequest, context: Context) -> pb.User:
        draft = draft_from_proto(request.user, "user")
        password_hash = None
        if request.password:
            password_hash = await self._passwords.accept(request.password, own_data(draft), field="password")
        async with self._db.unit_of_work(current_principal()) as uow:
            users = await accounts.create_users(
                uow,
                [draft],
                college=self._college,
                credentials=[accounts.Credential(password_hash, request.email_verified)],
                paths=["user"],
            )
            return await self._views.one(uow, users[0])

    async def BatchCreateUsers(
        self, request: pb.BatchCreateUsersRequest, context: Context
    ) -> pb.BatchCreateUsersResponse:
        if len(request.requests) > LARGEST_BATCH:
            raise InvalidArgument.of("requests", f"has {len(request.requests)}: send at most {LARGEST_BATCH} a call")
        drafts = drafts_from_proto(list(request.requests))
        paths = [f"requests[{i}].user" for i in range(len(drafts))]
        hashes = await gather(
            *(
                self._hash(item.password, own_data(draft), f"requests[{i}].password")
                for i, (item, draft) in enumerate(zip(request.requests, drafts, strict=True))
            )
        )
        async with self._db.unit_of_work(current_principal()) as uow:
            credentials = [
                accounts.Credential(password_hash, item.email_verified)
                for item, password_hash in zip(request.requests, hashes, strict=True)
            ]
            users = await accounts.create_users(
                uow, drafts, college=self._college, credentials=credentials, paths=paths
            )
            return pb.BatchCreateUsersResponse(users=await self._views.all(uow, users))

    async def GetUser(self, request: pb.GetUserRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            user = await queries.get_visible_user(
                uow, parse_uuid(request.user_id, "user_id"), scope=current_scope(), college=self._college
            )
            return await self._views.one(uow, user)

    async def ListUsers(self, request: pb.ListUsersRequest, context: Context) -> pb.ListUsersResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            today = await self._college.today(uow)
            rows, token = await page(
                uow.session,
                queries.select_users(
                    current_scope(),
                    self._college,
                    today=today,
                    query=request.query,
                    role=role_filter(request.role),
                    class_group_id=parse_optional_uuid(request.class_group_id, "class_group_id"),
                    department_id=parse_optional_uuid(request.department_id, "department_id"),
                    state=state_filter(request.state),
                    include_disabled=request.include_disabled,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(request.order_by or _USUAL_ORDER, _SORTED_BY, unique=User.id),
            )
            return pb.ListUsersResponse(users=await self._views.all(uow, rows), next_page_token=token)

    async def UpdateUser(self, request: pb.UpdateUserRequest, context: Context) -> pb.User:
        scope = current_scope()
        allowed = {*accounts.TOP_FIELDS, *_TRAINEE_PATHS} if request.update_mask.paths else accounts.OWN_FIELDS
        if scope.everything and not request.update_mask.paths:
            allowed = set(accounts.TOP_FIELDS)
        paths = check_mask(request.update_mask, allowed)
        fields = frozenset(f"trainee.{_TRAINEE_PATHS[path]}" if path in _TRAINEE_PATHS else path for path in paths)
        async with self._db.unit_of_work(current_principal()) as uow:
            visible = await queries.get_visible_user(
                uow, parse_uuid(request.user.id, "user.id"), scope=scope, college=self._college
            )
            user = await accounts.update_user(
                uow,
                user_id=visible.id,
                wanted=draft_from_proto(request.user, "user"),
                fields=fields,
                etag=request.user.etag,
                college=self._college,
            )
            return await self._views.one(uow, user)

    async def AssignRoles(self, request: pb.AssignRolesRequest, context: Context) -> pb.User:
        given = {field for field in accounts.PROFILE_FIELDS if request.user.HasField(field)}
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await accounts.update_user(
                uow,
                user_id=parse_uuid(request.user.id, "user.id"),
                wanted=draft_from_proto(request.user, "user"),
                fields=frozenset({"roles", *given}),
                etag=request.user.etag,
                college=self._college,
                reason=request.reason,
            )
            return await self._views.one(uow, user)

    async def ResetSecondFactor(self, request: pb.ResetSecondFactorRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await queries.get_user(uow, parse_uuid(request.user_id, "user_id"))
            await second_factor.remove(uow, user_id=user.id, reason=request.reason)
            return await self._views.one(uow, user)

    async def DisableUser(self, request: pb.DisableUserRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await accounts.disable_user(
                uow, user_id=parse_uuid(request.user_id, "user_id"), reason=request.reason
            )
            return await self._views.one(uow, user)

    async def EnableUser(self, request: pb.EnableUserRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await accounts.enable_user(uow, user_id=parse_uuid(request.user_id, "user_id"))
            return await self._views.one(uow, user)

    async def ExportPersonalData(self, request: pb.ExportPersonalDataRequest, context: Context) -> pb.PersonalData:
        user_id = parse_uuid(request.user_id, "user_id")
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await queries.get_visible_user(uow, user_id, scope=current_scope(), college=self._college)
            content = await personal_data.export(uow, user=user, sources=self._sources)
        return pb.PersonalData(content=content, file_name=f"personal-data-{user_id}.json")

    async def EraseUser(self, request: pb.EraseUserRequest, context: Context) -> pb.User:
        async with self._db.unit_of_work(current_principal()) as uow:
            user = await personal_data.erase(
                uow,
                user_id=parse_uuid(request.user_id, "user_id"),
                confirm_email=request.confirm_email,
                reason=request.reason,
                college=self._college,
            )
            return await self._views.one(uow, user)

    async def ListAuditEntries(
        self, request: pb.ListAuditEntriesRequest, context: Context
    ) -> pb.ListAuditEntriesResponse:
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            rows, token = await page(
                uow.session,
                queries.select_audit_entries(
                    object_type=request.object_type,
                    object_id=request.object_id,
                    actor_id=parse_optional_uuid(request.actor_id, "actor_id"),
                    action=request.action,
                ),
                page_size=request.page_size,
                page_token=request.page_token,
                keys=order_keys(
                    request.order_by or "occurred_time desc, id desc", _AUDIT_ORDER, unique=AuditEntry.entry_id
                ),
            )
            return pb.ListAuditEntriesResponse(
                audit_entries=[audit_entry_to_proto(entry) for entry in rows], next_page_token=token
            )

    async def _hash(self, password: str, own: list[str], field: str) -> str | None:
        return await self._passwords.accept(password, own, field=field) if password else None
