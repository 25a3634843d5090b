import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from hub.courses.college import CollegeOfThisHub
from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists
from hub.rpc.fields import EtagStale
from hub.rpc.permissions import scope_of
from hub.users import queries
from hub.users.errors import (
    AdmissionNumberTaken,
    ClassGroupFull,
    DepartmentHasHod,
    EmailTaken,
    FieldReserved,
    LastAdmin,
    MembershipInvalid,
    StaffNumberTaken,
    UserInvalid,
    UserNotFound,
)
from hub.users.models import HodProfile, Membership, User
from hub.users.rules import Role, TraineeDraft, TraineeState, TrainerDraft, UserDraft, UserState
from hub.users.service import accounts
from hub.users.service.profiles import draft_of
from tests.factories.courses import make_course, make_enrolment, make_exception
from tests.factories.school import make_class_group, make_department, make_programme, make_school, make_term
from tests.factories.users import (
    draft_user,
    make_admin,
    make_dp_academics,
    make_hod,
    make_trainee,
    make_trainer,
    make_user,
    principal_of,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

COLLEGE = CollegeOfThisHub()
TODAY = date(2026, 3, 2)


async def _update(uow: UnitOfWork, user: User, wanted: UserDraft, *fields: str, etag: str = "") -> User:
    return await accounts.update_user(
        uow, user_id=user.id, wanted=wanted, fields=frozenset(fields), etag=etag, college=COLLEGE
    )


async def _move(uow: UnitOfWork, user: User, group: UUID | None, start: date | None = None, **changes: object) -> User:
    assert user.trainee is not None
    trainee = TraineeDraft(admission_number=user.trainee.admission_number, class_group_id=group)
    trainee = replace(trainee, membership_start_date=start, **changes)  # type: ignore[arg-type] # fields by name
    return await _update(uow, user, replace(draft_of(user), trainee=trainee), "trainee")


def _spans(user: User) -> list[tuple[UUID, date, date | None]]:
    assert user.trainee is not None
    return [(row.class_group_id, row.start_date, row.end_date) for row in user.trainee.memberships]


async def test_created_user_is_audited_without_secrets_and_invited_without_password(uow: UnitOfWork) -> None:
    user = await make_user(uow, draft_user(Role.ADMIN), password_hash=None)
    assert user.state is UserState.PENDING_VERIFICATION
    with_password = await make_admin(uow, password_hash="$argon2id$secret")
    assert with_password.state is UserState.ACTIVE
    await uow.store_records()
    entries = list(await uow.session.scalars(select(AuditEntry).order_by(AuditEntry.entry_id)))
    assert [(entry.action, entry.object_id) for entry in entries] == [
        ("users.create", str(user.id)),
        ("users.create", str(with_password.id)),
    ]
    assert "secret" not in str(entries[1].after)
    events = list(await uow.session.scalars(select(OutboxEvent)))
    assert [(event.name, event.payload["user_id"]) for event in events] == [("users.user_invited", str(user.id))]


async def test_emails_that_differ_in_case_alone_are_the_same(uow: UnitOfWork) -> None:
    await make_admin(uow, email="Ada@College.example")
    with pytest.raises(EmailTaken, match=r"ada@college\.example"):
        await make_admin(uow, email="ada@college.EXAMPLE")


async def test_the_constraint_refuses_a_racing_email(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        ada = await make_admin(uow)
    with pytest.raises(AlreadyExists):
        async with make_uow() as uow:
            twin = User(
                email=ada.email, email_key=ada.email_key, given_name="A", family_name="B", search_text="",
                state=UserState.ACTIVE,
            )  # fmt: skip
            uow.session.add(twin)


@pytest.mark.parametrize("number", ["ADM/7", " ADM/7 "])
async def test_taken_admission_number_is_refused(uow: UnitOfWork, number: str) -> None:
    await make_trainee(uow, admission_number="ADM/7")
    with pytest.raises(AdmissionNumberTaken, match="ADM/7"):
        await make_trainee(uow, admission_number=number)


@pytest.mark.parametrize("number", ["S/7", " S/7 "])
async def test_taken_staff_number_is_refused(uow: UnitOfWork, number: str) -> None:
    department_id = (await make_department(uow)).id
    await make_trainer(uow, trainer=TrainerDraft(staff_number="S/7", department_id=department_id))
    with pytest.raises(StaffNumberTaken, match="S/7"):
        await make_trainer(uow, trainer=TrainerDraft(staff_number=number, department_id=department_id))


async def test_a_batch_names_every_problem_and_stores_nothing(make_uow: MakeUow) -> None:
    drafts = [
        draft_user(Role.ADMIN, phone="12"),
        draft_user(Role.ADMIN),
        draft_user(Role.TRAINEE, trainee=TraineeDraft(admission_number="A", class_group_id=uuid4())),
    ]
    paths = [f"requests[{i}].user" for i in range(3)]
    with pytest.raises(UserInvalid, match=r"Nothing was stored: requests\[0\]\.user\.phone is no E\.164") as refused:
        async with make_uow() as uow:
            await accounts.create_users(uow, drafts, college=COLLEGE, credentials=[accounts.INVITED] * 3, paths=paths)
    assert {violation.field for violation in refused.value.violations} == {
        "requests[0].user.phone",
        "requests[2].user.trainee.class_group_id",
    }
    async with make_uow() as uow:
        assert (await uow.session.scalars(select(User))).all() == []


async def test_the_same_email_twice_in_a_batch_is_refused(uow: UnitOfWork) -> None:
    drafts = [draft_user(Role.ADMIN, email="a@b.example"), draft_user(Role.ADMIN, email="A@b.example")]
    with pytest.raises(UserInvalid) as refused:
        await accounts.create_users(
            uow, drafts, college=COLLEGE, credentials=[accounts.INVITED] * 2, paths=["first", "second"]
        )
    assert [violation.field for violation in refused.value.violations] == ["second.email"]


async def test_a_thousand_trainees_take_a_fixed_number_of_statements(make_uow: MakeUow, database: Database) -> None:
    statements = {10: 0, 1000: 0}
    counted = 0
    async with make_uow() as uow:
        group = await make_class_group(uow, capacity=0)

    def count(*_args: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    for size in statements:
        drafts = [
            draft_user(
                Role.TRAINEE,
                trainee=TraineeDraft(admission_number=f"{size}/{i}", class_group_id=group.id),
            )
            for i in range(size)
        ]
        counted = 0
        async with make_uow() as uow:
            users = await accounts.create_users(
                uow,
                drafts,
                college=COLLEGE,
                credentials=[accounts.INVITED] * size,
                paths=[f"[{i}]" for i in range(size)],
            )
        statements[size] = counted
        assert len(users) == size
    # More only because a statement has a largest number of parameters.
    assert statements[1000] < statements[10] + 60
    async with make_uow() as uow:
        assert len(await queries.members_of(uow, group.id, TODAY)) == 1010


async def test_a_stale_etag_is_refused_also_after_a_change_in_a_profile(uow: UnitOfWork) -> None:
    trainee = await make_trainee(uow)
    etag = str(trainee.etag)
    assert trainee.trainee is not None
    other_group = await make_class_group(uow, programme_id=trainee.trainee.programme_id, stream="B")
    await _move(uow, trainee, other_group.id)
    with pytest.raises(EtagStale):
        await _update(uow, trainee, replace(draft_of(trainee), phone="+254712345678"), "phone", etag=etag)


async def test_update_changes_the_named_fields_only(uow: UnitOfWork) -> None:
    admin = await make_admin(uow)
    wanted = replace(draft_of(admin), given_name="Grace", phone="+254712345678")
    await _update(uow, admin, wanted, "phone")
    assert (admin.given_name, admin.phone) == ("Admin", "+254712345678")


async def test_oneself_changes_contact_data_but_neither_roles_nor_name(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainer = await make_trainer(uow)
    wanted = replace(draft_of(trainer), address="Box 1", roles=frozenset({Role.ADMIN}))
    async with make_uow(principal_of(trainer)) as uow:
        assert (await _update(uow, trainer, wanted, "address")).address == "Box 1"
        with pytest.raises(FieldReserved, match="roles"):
            await _update(uow, trainer, wanted, "address", "roles")


async def test_a_department_has_one_serving_head(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        first = await make_hod(uow)
        assert first.hod is not None
        department_id = first.hod.department_id
        with pytest.raises(DepartmentHasHod, match="serving head"):
            await make_hod(uow, department_id=department_id)
        successor = await make_trainer(uow, department_id=department_id)
    with pytest.raises(AlreadyExists):  # the constraint, for who races past the check
        async with make_uow() as uow:
            uow.session.add(HodProfile(user_id=successor.id, department_id=department_id))
    async with make_uow() as uow:
        first = await queries.get_user(uow, first.id)
        await _update(uow, first, replace(draft_of(first), roles=frozenset({Role.TRAINER})), "roles")
        assert await queries.heads_of(uow, [department_id]) == {}
        second = await make_hod(uow, department_id=department_id)
        assert await queries.heads_of(uow, [department_id]) == {department_id: second.id}


async def test_the_last_active_admin_stays(uow: UnitOfWork) -> None:
    first, second = await make_admin(uow), await make_admin(uow)
    await accounts.disable_user(uow, user_id=second.id, reason="left")
    with pytest.raises(LastAdmin):
        await accounts.disable_user(uow, user_id=first.id, reason="")
    with pytest.raises(LastAdmin):
        await _update(uow, first, replace(draft_of(first), roles=frozenset({Role.DP_ACADEMICS})), "roles")
    await accounts.enable_user(uow, user_id=second.id)
    await accounts.disable_user(uow, user_id=first.id, reason="")
    assert first.state is UserState.DISABLED


async def test_two_admins_who_disable_each_other_at_once_leave_one(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        admins = [await make_admin(uow) for _ in range(2)]

    async def disable(user: User) -> None:
        async with make_uow() as uow:
            await accounts.disable_user(uow, user_id=user.id, reason="")

    results = await asyncio.gather(*map(disable, admins), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["LastAdmin", "NoneType"]


async def test_disabling_twice_is_audited_once(uow: UnitOfWork) -> None:
    trainer = await make_trainer(uow)
    for _ in range(2):
        await accounts.disable_user(uow, user_id=trainer.id, reason="left")
    await uow.store_records()
    disabled = select(AuditEntry).where(AuditEntry.action == "users.disable")
    assert [entry.reason for entry in await uow.session.scalars(disabled)] == ["left"]


async def test_a_move_closes_the_old_membership_and_opens_the_new_one(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        old = await make_class_group(uow)
        new = await make_class_group(uow, programme_id=old.programme_id, stream="B")
        trainee = await make_trainee(uow, class_group_id=old.id)
        await _move(uow, trainee, new.id)
    async with make_uow(write=False) as uow:
        trainee = await queries.get_user(uow, trainee.id)
        assert _spans(trainee) == [(old.id, date(2026, 1, 5), TODAY), (new.id, TODAY, None)]
        assert await queries.members_of(uow, old.id, date(2026, 3, 1)) == [trainee.id]
        assert await queries.members_of(uow, old.id, TODAY) == []
        assert await queries.members_of(uow, new.id, TODAY) == [trainee.id]
        assert await queries.members_of(uow, old.id, date(2026, 1, 4)) == []
        assert await queries.class_group_of(uow, trainee.id, TODAY) == new.id


async def test_a_move_on_the_first_day_corrects_the_membership(uow: UnitOfWork) -> None:
    old = await make_class_group(uow)
    new = await make_class_group(uow, programme_id=old.programme_id, stream="B")
    trainee = await make_trainee(uow, class_group_id=old.id, membership_start_date=None)
    await _move(uow, trainee, new.id)
    assert _spans(trainee) == [(new.id, TODAY, None)]


async def test_a_move_before_the_present_membership_is_refused(uow: UnitOfWork) -> None:
    old = await make_class_group(uow)
    trainee = await make_trainee(uow, class_group_id=old.id)
    group = await make_class_group(uow, programme_id=old.programme_id, stream="B")
    with pytest.raises(MembershipInvalid, match="2026-01-05"):
        await _move(uow, trainee, group.id, date(2026, 1, 4))


async def test_who_defers_leaves_the_class_group_and_may_come_back(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    trainee = await make_trainee(uow, class_group_id=group.id)
    await _move(uow, trainee, None, state=TraineeState.DEFERRED)
    assert _spans(trainee) == [(group.id, date(2026, 1, 5), TODAY)]
    await _move(uow, trainee, group.id, date(2026, 9, 1))
    assert _spans(trainee)[1] == (group.id, date(2026, 9, 1), None)


async def test_two_open_memberships_cannot_be_stored(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        trainee, group = await make_trainee(uow), await make_class_group(uow)
    with pytest.raises(AlreadyExists):
        async with make_uow() as uow:
            uow.session.add(Membership(trainee_id=trainee.id, class_group_id=group.id, start_date=TODAY))


async def test_a_full_class_group_takes_nobody_more(uow: UnitOfWork) -> None:
    group = await make_class_group(uow, capacity=1)
    first = await make_trainee(uow, class_group_id=group.id)
    with pytest.raises(ClassGroupFull, match="full"):
        await make_trainee(uow, class_group_id=group.id)
    # Who is in it already can be changed all the same.
    await _update(uow, first, replace(draft_of(first), phone="+254712345678"), "phone")


async def test_who_lost_the_role_is_no_trainer_of_the_department_any_more(uow: UnitOfWork) -> None:
    department = await make_department(uow)
    stays = await make_trainer(uow, department_id=department.id)
    leaves = await make_trainer(uow, department_id=department.id)
    await _update(uow, leaves, replace(draft_of(leaves), roles=frozenset({Role.DP_ACADEMICS})), "roles")
    await uow.session.flush()
    scope = scope_of(principal_of(await make_admin(uow)), "/smartroster.users.v1.UsersService/ListUsers")
    query = queries.select_users(
        scope, COLLEGE, today=TODAY, query="", role=None, class_group_id=None, department_id=department.id,
        state=None, include_disabled=False,
    )  # fmt: skip
    assert [user.id for user in await uow.session.scalars(query)] == [stays.id]


async def test_today_is_the_schools_day(make_uow: MakeUow, clock: FakeClock) -> None:
    clock.set(clock.now().replace(hour=22))  # 01:00 of the next day in Nairobi
    async with make_uow() as uow:
        assert await COLLEGE.today(uow) == date(2026, 3, 2)  # no school yet: UTC
        await make_school(uow)
        assert await COLLEGE.today(uow) == date(2026, 3, 3)


async def test_everyone_sees_just_who_the_scope_allows(make_uow: MakeUow) -> None:
    async with make_uow() as uow:
        term = await make_term(uow)
        department, elsewhere = await make_department(uow), await make_department(uow)
        programme = await make_programme(uow, department_id=department.id)
        group = await make_class_group(uow, programme_id=programme.id)
        foreign_group = await make_class_group(uow)
        trainer = await make_trainer(uow, department_id=department.id)
        colleague = await make_trainer(uow, department_id=elsewhere.id)
        head = await make_hod(uow, department_id=department.id)
        course = await make_course(uow, department_id=department.id)
        enrolment = await make_enrolment(
            uow, class_group_id=group.id, course_id=course.id, term_id=term.id, trainer_id=trainer.id
        )
        taught = await make_trainee(uow, class_group_id=group.id)
        retaker = await make_trainee(uow, class_group_id=foreign_group.id)
        stranger = await make_trainee(uow, class_group_id=foreign_group.id)
        await make_exception(uow, enrolment_id=enrolment.id, trainee_id=retaker.id)
        admin, deputy = await make_admin(uow), await make_dp_academics(uow)
    everyone = {trainer, colleague, head, taught, retaker, stranger, admin, deputy}
    expected = {
        taught: {taught},
        stranger: {stranger},
        trainer: {trainer, taught, retaker},
        colleague: {colleague},
        head: {head, trainer, taught},
        deputy: everyone,
        admin: everyone,
    }
    async with make_uow(write=False) as uow:
        for caller, visible in expected.items():
            scope = scope_of(principal_of(caller), "/smartroster.users.v1.UsersService/ListUsers")
            query = queries.select_users(
                scope, COLLEGE, today=TODAY, query="", role=None, class_group_id=None, department_id=None,
                state=None,
                include_disabled=False,
            )  # fmt: skip
            seen = {user.id for user in await uow.session.scalars(query)}
            assert seen == {user.id for user in visible}, caller.display_name
            for user in everyone:
                if user in visible:
                    await queries.get_visible_user(uow, user.id, scope=scope, college=COLLEGE)
                else:
                    with pytest.raises(UserNotFound):
                        await queries.get_visible_user(uow, user.id, scope=scope, college=COLLEGE)
