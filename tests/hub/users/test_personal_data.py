"""Subject access and erasure."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import grpc
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from hub.attendance.models import AttendanceRecord
from hub.attendance.service.personal_data import on_user_erased as forget_attendance
from hub.courses.college import CollegeOfThisHub
from hub.db.audit import AuditEntry
from hub.db.outbox_tables import OutboxEvent
from hub.db.personal_rows import tables_about
from hub.db.schema import import_all_models
from hub.faces.models import ErasureProof, FaceConsent, FaceRegistration
from hub.faces.rules import ConsentState, RegistrationState
from hub.faces.service.consent import give_consent
from hub.faces.service.erasure import on_user_erased as forget_face
from hub.notifications.erasure import on_user_erased as forget_notifications
from hub.notifications.models import Notification
from hub.notifications.rules import NotificationType, Priority
from hub.users import queries
from hub.users.events import UserErased
from hub.users.models import SignInSession, User
from hub.users.rules import GuardianDraft, TraineeDraft, UserState
from hub.users.service import personal_data
from smartroster.users.v1 import users_pb2 as pb
from tests.factories.school import make_class_group
from tests.factories.users import make_admin, make_hod, make_trainee
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, reason_of, refused, violations_of

Metadata = tuple[tuple[str, str], ...]
SECRETS = ("Wanjiku", "wanjiku@college.example", "+254712345678", "Mama", "ADM/SECRET", "Box 99", "ID-4711")


@pytest.fixture
async def admin(api: PeopleApi, make_uow: MakeUow) -> Metadata:
    async with make_uow() as uow:
        user = await make_admin(uow)
    return await api.sign_in_as(user.id)


async def _make_person(make_uow: MakeUow) -> UUID:
    async with make_uow() as uow:
        group = await make_class_group(uow)
        user = await make_trainee(
            uow,
            email="wanjiku@college.example",
            given_name="Wanjiku",
            family_name="Wanjiku",
            phone="+254712345678",
            address="Box 99",
            id_number="ID-4711",
            birth_date=date(2004, 2, 29),
            trainee=TraineeDraft(
                admission_number="ADM/SECRET",
                class_group_id=group.id,
                membership_start_date=date(2026, 1, 5),
                guardians=(GuardianDraft(name="Mama Wanjiku", phone="+254712345679"),),
            ),
        )
    async with make_uow() as uow:
        await give_consent(uow, person_id=user.id, guardian_name="Mama Wanjiku")
        uow.session.add(
            FaceRegistration(
                person_id=user.id,
                engine="sface",
                model_sha256="0" * 64,
                template_count=1,
                registered_time=uow.now,
                state=RegistrationState.IN_USE,
                new_photos_wanted=False,
            )
        )
        uow.session.add(
            Notification(
                event_id=user.id,
                recipient_id=user.id,
                type=NotificationType.SYSTEM,
                priority=Priority.LOW,
                title="Hello Wanjiku",
                body="",
                object_type="user",
                object_id=user.id,
                create_time=uow.now,
            )
        )
    return user.id


async def _everything(make_uow: MakeUow) -> str:
    """All rows of all tables as one text, what waits in the outbox apart."""
    texts = []
    async with make_uow(write=False) as uow:
        for table in import_all_models().sorted_tables:
            if not table.name.startswith("outbox"):
                texts += [str(tuple(row)) for row in await uow.session.execute(select(table))]
    return "\n".join(texts)


async def _erase(api: PeopleApi, admin: Metadata, user_id: UUID, email: str = "Wanjiku@college.example") -> pb.User:
    request = pb.EraseUserRequest(user_id=str(user_id), confirm_email=email, reason="asked on paper, 2026-03-02")
    erased: pb.User = await api.users.EraseUser(request, metadata=admin)
    return erased


async def test_a_person_gets_everything_that_is_kept_about_them(
    api: PeopleApi, make_uow: MakeUow, clock: FakeClock
) -> None:
    user_id = await _make_person(make_uow)
    metadata = await api.sign_in_as(user_id)
    answer = await api.users.ExportPersonalData(pb.ExportPersonalDataRequest(user_id=str(user_id)), metadata=metadata)
    assert answer.file_name == f"personal-data-{user_id}.json"
    told: dict[str, Any] = json.loads(answer.content)
    assert (told["user_id"], told["export_time"]) == (str(user_id), clock.now().isoformat())
    rows = told["rows"]
    assert all(text in answer.content.decode() for text in SECRETS)
    assert rows["users"][0]["birth_date"] == "2004-02-29"
    assert rows["memberships"][0]["start_date"] == "2026-01-05"
    assert rows["face_consents"][0]["guardian_name"] == "Mama Wanjiku"
    assert rows["face_registrations"][0]["template_count"] == 1
    assert rows["sign_in_sessions"][0]["user_id"] == str(user_id)
    assert rows["notifications"][0]["title"] == "Hello Wanjiku"
    assert "users.create" in {entry["action"] for entry in rows["audit_entries"]}
    assert "attendance_record_changes" in rows
    assert "password_hash" not in answer.content.decode()
    assert "argon2id" not in answer.content.decode()


async def test_nobody_but_an_administrator_exports_another_person(
    api: PeopleApi, make_uow: MakeUow, admin: Metadata
) -> None:
    user_id = await _make_person(make_uow)
    async with make_uow() as uow:
        other = await make_trainee(uow)
        head = await make_hod(uow)
    request = pb.ExportPersonalDataRequest(user_id=str(user_id))
    for stranger in (other, head):
        error = await refused(api.users.ExportPersonalData(request, metadata=await api.sign_in_as(stranger.id)))
        assert error.code() is grpc.StatusCode.NOT_FOUND
    assert (await api.users.ExportPersonalData(request, metadata=admin)).content
    audit = pb.ListAuditEntriesRequest(action="users.export_personal_data")
    assert len((await api.users.ListAuditEntries(audit, metadata=admin)).audit_entries) == 1


def test_the_export_reaches_every_table_that_names_a_person() -> None:
    tables = import_all_models().sorted_tables
    people = ("user_id", "person_id", "trainee_id", "trainer_id", "recipient_id", "owner_id")
    naming = {table.name for table in tables if any(column.name.endswith(people) for column in table.columns)}
    assert {"door_facts", "attendance_records", "face_templates", "memberships", "timetable_entries"} <= naming
    assert naming - tables_about(User) == set()


async def test_an_erased_person_is_nowhere_to_be_found(api: PeopleApi, make_uow: MakeUow, admin: Metadata) -> None:
    user_id = await _make_person(make_uow)
    theirs = await api.sign_in_as(user_id)
    before = await _everything(make_uow)
    assert [text for text in SECRETS if text not in before] == []
    erased = await _erase(api, admin, user_id)
    async with make_uow() as uow:
        for forget in (forget_face, forget_attendance, forget_notifications):
            await forget(uow, UserErased(**uow.new_event_args(), user_id=user_id))
    left = await _everything(make_uow)
    assert [text for text in (*SECRETS, "2004") if text in left] == []
    assert (erased.given_name, erased.family_name, erased.state) == ("Erased", "person", pb.User.STATE_DISABLED)
    assert erased.erase_time.seconds > 0
    assert list(erased.roles) == []
    assert (await refused(api.auth.GetMe(pb.GetMeRequest(), metadata=theirs))).code() is grpc.StatusCode.UNAUTHENTICATED
    found = await api.users.ListUsers(pb.ListUsersRequest(query="Wanj", include_disabled=True), metadata=admin)
    assert list(found.users) == []


async def test_erasing_keeps_what_is_counted_and_who_did_what(
    api: PeopleApi, make_uow: MakeUow, admin: Metadata
) -> None:
    user_id = await _make_person(make_uow)
    async with make_uow(write=False) as uow:
        before = await uow.session.scalar(select(func.count()).select_from(AuditEntry))
    await _erase(api, admin, user_id)
    async with make_uow() as uow:
        await forget_face(uow, UserErased(**uow.new_event_args(), user_id=user_id))
    async with make_uow(write=False) as uow:
        user = await queries.get_user(uow, user_id)
        assert user.trainee is not None
        assert [(row.start_date, row.end_date) for row in user.trainee.memberships] == [
            (date(2026, 1, 5), date(2026, 3, 2))
        ]
        entries = list(await uow.session.scalars(select(AuditEntry).order_by(AuditEntry.entry_id)))
        assert len(entries) > (before or 0)
        [made] = [entry for entry in entries if entry.action == "users.create" and entry.object_id == str(user_id)]
        assert (made.before, made.after, made.principal_kind) == (None, None, "system")
        [erasure] = [entry for entry in entries if entry.action == "users.erase"]
        assert (erasure.object_id, erasure.reason) == (str(user_id), "asked on paper, 2026-03-02")
        assert await uow.session.scalar(select(FaceRegistration).where(FaceRegistration.person_id == user_id)) is None
        states = await uow.session.scalars(
            select(FaceConsent.state).where(FaceConsent.person_id == user_id).order_by(FaceConsent.id)
        )
        assert list(states) == [ConsentState.GIVEN, ConsentState.WITHDRAWN]
        assert list(await uow.session.scalars(select(ErasureProof))) == []  # no device had the templates
        names = set(await uow.session.scalars(select(OutboxEvent.name)))
        assert {"users.user_erased", "users.user_disabled", "faces.consent_withdrawn"} <= names
        assert list(await uow.session.scalars(select(SignInSession).where(SignInSession.user_id == user_id))) == []
        assert list(await uow.session.scalars(select(AttendanceRecord))) == []


async def test_an_erasure_is_confirmed_by_the_email_and_happens_once(
    api: PeopleApi, make_uow: MakeUow, admin: Metadata
) -> None:
    user_id = await _make_person(make_uow)
    error = await refused(_erase(api, admin, user_id, email="somebody@else.example"))
    assert set(violations_of(error)) == {"confirm_email"}
    first = await _erase(api, admin, user_id)
    assert await _erase(api, admin, user_id) == first
    for call in (
        api.users.EnableUser(pb.EnableUserRequest(user_id=str(user_id)), metadata=admin),
        api.users.UpdateUser(
            pb.UpdateUserRequest(
                user=pb.User(id=str(user_id), phone="+254712345678"), update_mask={"paths": ["phone"]}
            ),
            metadata=admin,
        ),
    ):
        assert reason_of(await refused(call)) == "USER_ERASED_ALREADY"


async def test_the_last_administrator_is_not_erased(api: PeopleApi, admin: Metadata) -> None:
    me = await api.auth.GetMe(pb.GetMeRequest(), metadata=admin)
    assert reason_of(await refused(_erase(api, admin, UUID(me.id), email=me.email))) == "LAST_ADMIN"


async def test_the_admission_number_of_who_is_erased_is_free_again(
    api: PeopleApi, make_uow: MakeUow, admin: Metadata
) -> None:
    await _erase(api, admin, await _make_person(make_uow))
    assert await _make_person(make_uow) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "users.other"},
        {"principal_kind": "device"},
        {"after": {"email": "another"}},
        {"reason": "another"},
    ],
)
async def test_an_audit_entry_is_redacted_but_never_rewritten(make_uow: MakeUow, change: dict[str, Any]) -> None:
    user_id = await _make_person(make_uow)
    of_user = AuditEntry.object_id == str(user_id)
    with pytest.raises(DBAPIError, match="append-only"):
        async with make_uow() as uow:
            await uow.session.execute(update(AuditEntry).where(of_user).values(**change))
    async with make_uow() as uow:
        user = await personal_data.erase(
            uow, user_id=user_id, confirm_email="wanjiku@college.example", reason="", college=CollegeOfThisHub()
        )
        assert user.state is UserState.DISABLED
