from uuid import uuid4

import grpc
import pytest
from uuid6 import uuid7

from smartroster.users.v1 import users_pb2 as pb
from tests.factories.school import make_class_group
from tests.factories.users import (
    make_admin,
    make_dp_academics,
    make_hod,
    make_trainee,
    make_trainer,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, violations_of

Metadata = tuple[tuple[str, str], ...]


@pytest.fixture
async def admin(api: PeopleApi, make_uow: MakeUow) -> Metadata:
    async with make_uow() as uow:
        user = await make_admin(uow, given_name="Zawadi", family_name="Admin")
    return await api.sign_in_as(user.id)


def _trainee(class_group_id: object, number: int = 1, **overrides: object) -> pb.User:
    fields = {
        "email": f"t{number}@college.example",
        "given_name": "Tia",
        "family_name": f"Wanjiru {number:04}",
        "roles": [pb.ROLE_TRAINEE],
        "trainee": pb.TraineeProfile(
            admission_number=f"ADM/{number}",
            class_group_id=str(class_group_id),
            guardians=[pb.Guardian(name="Ma", relation="mother", phone="+254712345678")],
        ),
    }
    return pb.User(**fields | overrides)  # type: ignore[arg-type] # fields by name


async def test_create_get_and_find_a_trainee(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        group = await make_class_group(uow)
    request = pb.CreateUserRequest(
        request_id=str(uuid7()),
        user=_trainee(group.id, given_name="Tia Ñandú", locale="sw-KE", birth_date="2004-02-29"),
        password="plum orbit lantern",
        email_verified=True,
    )
    made = await api.users.CreateUser(request, metadata=admin)
    assert made.state == pb.User.STATE_ACTIVE
    assert made.trainee.status == pb.TraineeProfile.STATUS_ACTIVE
    assert [row.start_date for row in made.trainee.memberships] == ["2026-03-02"]
    assert made.birth_date == "2004-02-29"
    assert await api.users.CreateUser(request, metadata=admin) == made  # the same request again
    assert await api.users.GetUser(pb.GetUserRequest(user_id=made.id), metadata=admin) == made
    for query in ("tia", "ñANDÚ", "ñandú wanj", "WANJ", "wanjiru  0001 t", "t1@coll", "adm/1"):
        found = await api.users.ListUsers(pb.ListUsersRequest(query=query), metadata=admin)
        assert [user.id for user in found.users] == [made.id], query
    for query in ("ia", "%", "_", "nobody"):
        found = await api.users.ListUsers(pb.ListUsersRequest(query=query), metadata=admin)
        assert list(found.users) == [], query


async def test_lists_page_and_filter(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        group, other = await make_class_group(uow), await make_class_group(uow)
        trainer = await make_trainer(uow)
    batch = pb.BatchCreateUsersRequest(
        request_id=str(uuid7()),
        requests=[pb.CreateUserRequest(user=_trainee(group.id, n)) for n in range(7)]
        + [pb.CreateUserRequest(user=_trainee(other.id, 99))],
    )
    made = (await api.users.BatchCreateUsers(batch, metadata=admin)).users
    assert {user.state for user in made} == {pb.User.STATE_PENDING_VERIFICATION}
    assert (await api.users.BatchCreateUsers(batch, metadata=admin)).users == made
    names, token = [], ""
    while True:
        page = await api.users.ListUsers(
            pb.ListUsersRequest(page_size=3, page_token=token, class_group_id=str(group.id)), metadata=admin
        )
        names += [user.family_name for user in page.users]
        token = page.next_page_token
        if not token:
            break
    assert names == [f"Wanjiru {n:04}" for n in range(7)]
    trainers = await api.users.ListUsers(pb.ListUsersRequest(role=pb.ROLE_TRAINER), metadata=admin)
    assert [user.id for user in trainers.users] == [str(trainer.id)]
    assert trainer.trainer is not None
    request = pb.ListUsersRequest(department_id=str(trainer.trainer.department_id))
    assert len((await api.users.ListUsers(request, metadata=admin)).users) == 1
    await api.users.DisableUser(pb.DisableUserRequest(user_id=str(trainer.id)), metadata=admin)
    assert len((await api.users.ListUsers(request, metadata=admin)).users) == 0
    request.include_disabled = True
    assert len((await api.users.ListUsers(request, metadata=admin)).users) == 1


async def test_bad_users_are_answered_field_by_field(api: PeopleApi, admin: Metadata) -> None:
    unknown_role = pb.User(email="a@b.example", given_name="A", family_name="B")
    unknown_role.roles.append(77)  # type: ignore[arg-type] # from a newer client
    batch = pb.BatchCreateUsersRequest(
        request_id=str(uuid7()),
        requests=[
            pb.CreateUserRequest(user=unknown_role),
            pb.CreateUserRequest(user=_trainee("not-a-uuid")),
            pb.CreateUserRequest(user=pb.User(birth_date="29.2.2004")),
        ],
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.BatchCreateUsers(batch, metadata=admin)
    assert set(violations_of(refused.value)) == {
        "requests[0].user.roles[0]",
        "requests[1].user.trainee.class_group_id",
        "requests[2].user.birth_date",
    }
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.CreateUser(
            pb.CreateUserRequest(request_id=str(uuid7()), user=_trainee(uuid4(), phone="0712")), metadata=admin
        )
    assert reason_of(refused.value) == "USER_INVALID"
    assert set(violations_of(refused.value)) == {"user.phone", "user.trainee.class_group_id"}


async def test_a_text_that_no_search_takes_is_refused_or_finds_nobody(api: PeopleApi, admin: Metadata) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.ListUsers(pb.ListUsersRequest(query="a\0"), metadata=admin)
    assert set(violations_of(refused.value)) == {"query"}
    try:
        found = (await api.users.ListUsers(pb.ListUsersRequest(query="a" * 60_000), metadata=admin)).users
    except grpc.aio.AioRpcError as error:
        assert (error.code(), reason_of(error)) == (grpc.StatusCode.INVALID_ARGUMENT, "SEARCH_TOO_LONG")  # noqa: PT017 (PostgreSQL takes what SQLite refuses)
    else:
        assert list(found) == []


async def test_a_batch_of_1001_is_refused(api: PeopleApi, admin: Metadata) -> None:
    batch = pb.BatchCreateUsersRequest(requests=[pb.CreateUserRequest()] * 1001)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.BatchCreateUsers(batch, metadata=admin)
    assert "1000" in violations_of(refused.value)["requests"]


async def test_moving_a_trainee_by_mask(api: PeopleApi, make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        admin_id = (await make_admin(uow)).id
        old = await make_class_group(uow)
        new = await make_class_group(uow, programme_id=old.programme_id, stream="B")
    metadata = await api.sign_in_as(admin_id)
    made = await api.users.CreateUser(
        pb.CreateUserRequest(request_id=str(uuid7()), user=_trainee(old.id)), metadata=metadata
    )
    clock.advance(days=7)
    metadata = await api.sign_in_as(admin_id)
    request = pb.UpdateUserRequest(
        user=pb.User(id=made.id, etag=made.etag, trainee=pb.TraineeProfile(class_group_id=str(new.id))),
        update_mask={"paths": ["trainee.class_group_id"]},
    )
    moved = await api.users.UpdateUser(request, metadata=metadata)
    assert moved.trainee.class_group_id == str(new.id)
    assert [(row.start_date, row.end_date) for row in moved.trainee.memberships] == [
        ("2026-03-02", "2026-03-09"),
        ("2026-03-09", ""),
    ]
    assert (moved.trainee.admission_number, list(moved.trainee.guardians)) == (
        made.trainee.admission_number,
        list(made.trainee.guardians),
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:  # the etag is stale now
        await api.users.UpdateUser(request, metadata=metadata)
    assert refused.value.code() is grpc.StatusCode.ABORTED


async def test_a_trainee_edits_contact_data_of_nobody_else(api: PeopleApi, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        me, other = await make_trainee(uow), await make_trainee(uow)
    metadata = await api.sign_in_as(me.id)
    update = pb.UpdateUserRequest(user=pb.User(id=str(me.id), phone="+254711000000"), update_mask={"paths": ["phone"]})
    assert (await api.users.UpdateUser(update, metadata=metadata)).phone == "+254711000000"
    update.user.id = str(other.id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.UpdateUser(update, metadata=metadata)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    grab = pb.UpdateUserRequest(user=pb.User(id=str(me.id), roles=[pb.ROLE_ADMIN]), update_mask={"paths": ["roles"]})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.UpdateUser(grab, metadata=metadata)
    assert reason_of(refused.value) == "FIELD_RESERVED"


async def test_the_audit_tells_who_did_what(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainer = await make_trainer(uow)
    await api.users.DisableUser(pb.DisableUserRequest(user_id=str(trainer.id), reason="left us"), metadata=admin)
    me = await api.auth.GetMe(pb.GetMeRequest(), metadata=admin)
    entries = await api.users.ListAuditEntries(pb.ListAuditEntriesRequest(actor_id=me.id), metadata=admin)
    [entry] = entries.audit_entries
    assert (entry.action, entry.object_id, entry.actor_kind) == ("users.disable", str(trainer.id), "user")
    assert (entry.before, entry.after, entry.reason) == ('{"state": "ACTIVE"}', '{"state": "DISABLED"}', "left us")
    assert entry.address
    by_object = pb.ListAuditEntriesRequest(object_type="user", object_id=str(trainer.id))
    found = await api.users.ListAuditEntries(by_object, metadata=admin)
    assert [item.action for item in found.audit_entries] == ["users.disable", "users.create"]  # newest first


async def test_roles_are_assigned_with_their_profiles_and_audited_as_such(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    async with make_uow() as uow:
        trainer = await make_trainer(uow)
    assert trainer.trainer is not None
    department_id = str(trainer.trainer.department_id)
    request = pb.AssignRolesRequest(
        user=pb.User(
            id=str(trainer.id),
            roles=[pb.ROLE_TRAINER, pb.ROLE_HOD],
            hod=pb.HodProfile(department_id=department_id, appointed_date="2026-03-01"),
            etag=str(trainer.etag),
        ),
        reason="elected",
    )
    head = await api.users.AssignRoles(request, metadata=admin)
    assert list(head.roles) == [pb.ROLE_TRAINER, pb.ROLE_HOD]
    assert (head.hod.department_id, head.trainer.staff_number) == (department_id, trainer.trainer.staff_number)
    with pytest.raises(grpc.aio.AioRpcError) as refused:  # made from an old reading
        await api.users.AssignRoles(request, metadata=admin)
    assert refused.value.code() is grpc.StatusCode.ABORTED
    audit = pb.ListAuditEntriesRequest(action="users.assign_roles")
    [entry] = (await api.users.ListAuditEntries(audit, metadata=admin)).audit_entries
    assert (entry.object_id, entry.reason) == (str(trainer.id), "elected")
    assert '"roles": ["TRAINER"]' in entry.before
    assert '"roles": ["HOD", "TRAINER"]' in entry.after


async def test_a_deputy_has_an_office_while_in_office(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainer = await make_trainer(uow)
    roles = [pb.ROLE_TRAINER, pb.ROLE_DP_ACADEMICS]
    profile = pb.DpAcademicsProfile(office="Block A, 12", appointed_date="2026-03-01")
    request = pb.AssignRolesRequest(user=pb.User(id=str(trainer.id), roles=roles, dp_academics=profile))
    assert (await api.users.AssignRoles(request, metadata=admin)).dp_academics == profile
    found = await api.users.GetUser(pb.GetUserRequest(user_id=str(trainer.id)), metadata=admin)
    assert (list(found.roles), found.dp_academics) == (roles, profile)
    request = pb.AssignRolesRequest(user=pb.User(id=str(trainer.id), roles=[pb.ROLE_TRAINER]))
    assert not (await api.users.AssignRoles(request, metadata=admin)).HasField("dp_academics")


async def test_a_second_head_and_a_hub_without_administrator_are_named_by_field(
    api: PeopleApi, admin: Metadata, make_uow: MakeUow
) -> None:
    async with make_uow() as uow:
        head = await make_hod(uow)
        assert head.hod is not None
        deputy = await make_dp_academics(uow)
    me = await api.auth.GetMe(pb.GetMeRequest(), metadata=admin)
    for request, reason, field, fix in (
        (
            pb.User(
                id=str(deputy.id),
                roles=[pb.ROLE_DP_ACADEMICS, pb.ROLE_HOD],
                hod=pb.HodProfile(department_id=str(head.hod.department_id)),
            ),
            "DEPARTMENT_HAS_HOD",
            "user.hod.department_id",
            f"{head.display_name} heads this department: take the role HOD from that user first",
        ),
        (
            pb.User(id=me.id, roles=[pb.ROLE_DP_ACADEMICS]),
            "LAST_ADMIN",
            "user.roles",
            "is the last active administrator: make another user an administrator first",
        ),
        (pb.User(id=me.id, roles=[77]), "INVALID_ARGUMENT", "user.roles[0]", None),  # type: ignore[list-item] # newer
        (pb.User(id=str(deputy.id), roles=[pb.ROLE_HOD]), "USER_INVALID", "user.hod.department_id", None),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await api.users.AssignRoles(pb.AssignRolesRequest(user=request), metadata=admin)
        assert reason_of(refused.value) == reason
        assert set(violations_of(refused.value)) == {field}
        assert fix is None or violations_of(refused.value)[field] == fix


async def test_the_list_sorts_and_filters_by_state(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        invited = await make_trainee(uow, password_hash=None)
        gone = await make_trainee(uow)
    await api.users.DisableUser(pb.DisableUserRequest(user_id=str(gone.id)), metadata=admin)
    for state, expected in (
        (pb.User.STATE_PENDING_VERIFICATION, [invited.id]),
        (pb.User.STATE_DISABLED, [gone.id]),
    ):
        found = await api.users.ListUsers(pb.ListUsersRequest(state=state), metadata=admin)
        assert [user.id for user in found.users] == [str(user_id) for user_id in expected]
    request = pb.ListUsersRequest(order_by="email desc", include_disabled=True)
    emails = [user.email for user in (await api.users.ListUsers(request, metadata=admin)).users]
    assert emails == sorted(emails, reverse=True)
    assert len(emails) == 3
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await api.users.ListUsers(pb.ListUsersRequest(order_by="password_hash"), metadata=admin)
    assert set(violations_of(refused.value)) == {"order_by"}


async def test_the_audit_trail_is_sorted_as_asked(api: PeopleApi, admin: Metadata, make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        await make_trainee(uow)
        await make_trainer(uow)

    async def times(order_by: str) -> list[str]:
        request = pb.ListAuditEntriesRequest(order_by=order_by)
        return [entry.id for entry in (await api.users.ListAuditEntries(request, metadata=admin)).audit_entries]

    newest_first = await times("")
    assert len(newest_first) > 2
    assert await times("occurred_time,id") == newest_first[::-1]
    assert await times("id desc") == newest_first
