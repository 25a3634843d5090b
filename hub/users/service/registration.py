"""Registration of many by spreadsheet: every row is checked, then all are stored with a few statements, or none."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from uuid6 import uuid7

from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Scope
from hub.spreadsheets.columns import Problem, Row, Sheet
from hub.spreadsheets.reader import MAX_ROWS, Reading
from hub.spreadsheets.wire import Outcome, Report
from hub.users import queries, workbook
from hub.users.college import College, Places
from hub.users.errors import TooManyToExport
from hub.users.events import MembershipChanged, UserInvited
from hub.users.models import Membership, TraineeProfile, TrainerProfile, User, UserRole
from hub.users.rules import Role, UserDraft, UserState, check_user, email_key
from hub.users.service import profiles
from hub.users.service.places import take_places

T = TypeVar("T")

# So many rows between two breaths of the event loop; a statement's parameters are bounded too.
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """Trainees or trainers: the sheet, what a row asks for, what an account looks like in it."""

    sheet: Sheet
    role: Role
    draft: Callable[[Row, workbook.Names], UserDraft]
    row: Callable[[User, Places], dict[str, Any]]
    number_key: str
    number_column: InstrumentedAttribute[str]
    number_owner: InstrumentedAttribute[UUID]


TRAINEES = Kind(
    workbook.TRAINEES,
    Role.TRAINEE,
    workbook.trainee_draft,
    workbook.trainee_row,
    "admission_number",
    TraineeProfile.admission_number,
    TraineeProfile.user_id,
)
TRAINERS = Kind(
    workbook.TRAINERS,
    Role.TRAINER,
    workbook.trainer_draft,
    workbook.trainer_row,
    "staff_number",
    TrainerProfile.staff_number,
    TrainerProfile.user_id,
)


async def register(uow: UnitOfWork, reading: Reading, report: Report, *, kind: Kind, college: College) -> Outcome:
    """Store the accounts of a read workbook, each PENDING_VERIFICATION and invited by mail.

    A row whose e-mail has an account is left alone: unchanged when it says the same, else with a notice.
    """
    sheet, rows = kind.sheet, reading.rows[kind.sheet.name]
    places = await college.places(uow)
    today = await college.today(uow)
    problems = [
        *reading.problems,
        *sheet.repeated(rows, "email"),
        *sheet.repeated(rows, kind.number_key),
    ]
    drafts = await _drafts(rows, kind, workbook.Names.of(places), today, report, problems)
    known = await _known(uow, [email_key(draft.email) for _, draft in drafts])
    notices = []
    unchanged = 0
    for row, draft in drafts:
        account = known.get(email_key(draft.email))
        if account is None:
            continue
        other = workbook.differences(sheet, row, kind.row(account, places))
        unchanged += not other
        if other:
            reason = f"has an account, which was left as it is; it differs in: {', '.join(other)}. Change it there"
            notices.append(sheet.problem(row, "email", reason))
    fresh = [(row, draft) for row, draft in drafts if email_key(draft.email) not in known]
    problems += await _taken_numbers(uow, fresh, kind)
    problems += await _overfull(uow, fresh, kind, places)
    if problems:
        return Outcome(problems=problems, notices=notices)
    await _store(uow, [draft for _, draft in fresh], kind, today, report)
    return Outcome(created=len(fresh), unchanged=unchanged, notices=notices)


async def export(
    uow: UnitOfWork,
    *,
    kind: Kind,
    scope: Scope,
    college: College,
    class_group_id: UUID | None,
    department_id: UUID | None,
) -> list[dict[str, Any]]:
    """The rows of the accounts with the kind's role that the caller may see, by name; a trainee who left is not listed.

    Raises:
        TooManyToExport: more than an import could take back.
    """
    query = queries.select_users(
        scope,
        college,
        today=await college.today(uow),
        query="",
        role=kind.role,
        class_group_id=class_group_id,
        department_id=department_id,
        state=None,
        include_disabled=False,
    ).order_by(User.family_name, User.given_name, User.id)
    places = await college.places(uow)
    ids = list(await uow.session.scalars(query.with_only_columns(User.id).limit(MAX_ROWS + 1)))
    if len(ids) > MAX_ROWS:
        raise TooManyToExport(f"These are more than {MAX_ROWS}: export one class group or department after another.")
    rows: list[dict[str, Any]] = []
    for _, chunk in _counted(ids):
        users = await queries.users_by_ids(uow, chunk)
        rows += [kind.row(users[user_id], places) for user_id in chunk if workbook.is_present(users[user_id])]
        await asyncio.sleep(0)
    return rows


async def _drafts(
    rows: Sequence[Row],
    kind: Kind,
    names: workbook.Names,
    today: date,
    report: Report,
    problems: list[Problem],
) -> list[tuple[Row, UserDraft]]:
    drafts = []
    for done, chunk in _counted(rows):
        for row in chunk:
            try:
                draft = kind.draft(row, names)
            except workbook.Unresolved as missing:
                problems.append(kind.sheet.problem(row, missing.key, missing.reason))
                continue
            violations = check_user(draft, today)
            problems += [kind.sheet.problem(row, workbook.column_of(one.field), one.description) for one in violations]
            if not violations:
                drafts.append((row, draft))
        report(done, len(rows), "Checking")
        await asyncio.sleep(0)
    return drafts


async def _known(uow: UnitOfWork, keys: Sequence[str]) -> dict[str, User]:
    known: dict[str, User] = {}
    for _, chunk in _counted(keys):
        for user in await uow.session.scalars(select(User).where(User.email_key.in_(chunk))):
            known[user.email_key] = user
    return known


async def _taken_numbers(uow: UnitOfWork, fresh: Sequence[tuple[Row, UserDraft]], kind: Kind) -> list[Problem]:
    problems = []
    for _, chunk in _counted(fresh):
        rows = {row.values[kind.number_key].strip(): row for row, _ in chunk}
        taken = await uow.session.execute(
            select(kind.number_column, User.email)
            .join(User, User.id == kind.number_owner)
            .where(kind.number_column.in_(rows))
        )
        problems += [
            kind.sheet.problem(rows[number], kind.number_key, f"is the number of {email}: give this person another one")
            for number, email in taken
        ]
    return problems


async def _overfull(
    uow: UnitOfWork, fresh: Sequence[tuple[Row, UserDraft]], kind: Kind, places: Places
) -> list[Problem]:
    """A problem for each row that finds its class group full."""
    coming = Counter(wanted for _, draft in fresh if (wanted := profiles.wanted_group(draft)))
    if coming:
        await take_places(uow)
    members = await queries.open_members(uow, coming) if coming else {}
    problems = []
    for row, draft in fresh:
        group_id = profiles.wanted_group(draft)
        if group_id is None:
            continue
        group = places.class_groups[group_id]
        members[group_id] = members.get(group_id, 0) + 1
        if group.archived:
            reason = "is archived: choose a class group that is in use"
            problems.append(kind.sheet.problem(row, "class_group", reason))
        elif group.capacity and members[group_id] > group.capacity:
            reason = f"has {group.capacity} places, and is full before this row: choose another, or raise its capacity"
            problems.append(kind.sheet.problem(row, "class_group", reason))
    return problems


async def _store(uow: UnitOfWork, drafts: Sequence[UserDraft], kind: Kind, today: date, report: Report) -> None:
    for done, chunk in _counted(drafts):
        ids = [uuid7() for _ in chunk]
        pairs = list(zip(ids, chunk, strict=True))
        await uow.insert_rows(User, [_user(uow, user_id, draft) for user_id, draft in pairs])
        await uow.insert_rows(UserRole, [{"user_id": user_id, "role": kind.role} for user_id in ids])
        if kind.role is Role.TRAINEE:
            await uow.insert_rows(TraineeProfile, [_trainee(user_id, draft) for user_id, draft in pairs])
            await uow.insert_rows(Membership, [_membership(user_id, draft, today) for user_id, draft in pairs])
        else:
            await uow.insert_rows(TrainerProfile, [_trainer(user_id, draft) for user_id, draft in pairs])
        for user_id, draft in pairs:
            _record(uow, user_id, draft, today)
        report(done, len(drafts), "Storing")
        await asyncio.sleep(0)


def _user(uow: UnitOfWork, user_id: UUID, draft: UserDraft) -> dict[str, Any]:
    return {
        "id": user_id,
        "email": draft.email.strip(),
        "email_key": email_key(draft.email),
        "given_name": draft.given_name.strip(),
        "family_name": draft.family_name.strip(),
        "phone": draft.phone,
        "gender": draft.gender,
        "id_number": draft.id_number,
        "address": draft.address,
        "birth_date": draft.birth_date,
        "state": UserState.PENDING_VERIFICATION,
        "search_text": profiles.searchable(
            draft,
            draft.trainee.admission_number if draft.trainee else "",
            draft.trainer.staff_number if draft.trainer else "",
        ),
        "create_time": uow.now,
        "update_time": uow.now,
    }


def _trainee(user_id: UUID, draft: UserDraft) -> dict[str, Any]:
    assert draft.trainee is not None  # noqa: S101 (check_user refused it)
    return {
        "user_id": user_id,
        "admission_number": draft.trainee.admission_number.strip(),
        "programme_id": draft.trainee.programme_id,
        "state": draft.trainee.state,
        "guardians": [asdict(guardian) for guardian in draft.trainee.guardians],
    }


def _membership(user_id: UUID, draft: UserDraft, today: date) -> dict[str, Any]:
    assert draft.trainee is not None  # noqa: S101 (check_user refused it)
    return {
        "id": uuid7(),
        "trainee_id": user_id,
        "class_group_id": draft.trainee.class_group_id,
        "start_date": draft.trainee.membership_start_date or today,
    }


def _trainer(user_id: UUID, draft: UserDraft) -> dict[str, Any]:
    assert draft.trainer is not None  # noqa: S101 (check_user refused it)
    return {
        "user_id": user_id,
        "staff_number": draft.trainer.staff_number.strip(),
        "department_id": draft.trainer.department_id,
        "qualifications": list(draft.trainer.qualifications),
        "specialisations": list(draft.trainer.specialisations),
        "employment_type": draft.trainer.employment_type,
        "max_weekly_load_minutes": int(draft.trainer.max_weekly_load.total_seconds()) // 60,
    }


def _record(uow: UnitOfWork, user_id: UUID, draft: UserDraft, today: date) -> None:
    uow.audit(
        "users.create",
        object_type="user",
        object_id=user_id,
        after=profiles.audited(draft, UserState.PENDING_VERIFICATION),
        reason="by spreadsheet",
    )
    uow.publish(UserInvited(**uow.new_event_args(), user_id=user_id))
    if draft.trainee is not None:
        uow.publish(
            MembershipChanged(
                **uow.new_event_args(),
                user_id=user_id,
                class_group_id=draft.trainee.class_group_id,
                start_date=draft.trainee.membership_start_date or today,
            )
        )


def _counted(items: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    """Chunks, each with how many items are done after it."""
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        yield start + len(chunk), chunk
