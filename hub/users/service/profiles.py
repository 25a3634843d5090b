"""Between a draft and its rows: profiles of roles, and the dated membership of class groups."""

from datetime import date
from typing import Any
from uuid import UUID

from hub.db.unit_of_work import UnitOfWork
from hub.users.errors import MembershipInvalid
from hub.users.events import MembershipChanged
from hub.users.models import (
    DpAcademicsProfile,
    HodProfile,
    Membership,
    TraineeProfile,
    TrainerProfile,
    User,
    UserRole,
)
from hub.users.rules import (
    DpAcademicsDraft,
    GuardianDraft,
    HodDraft,
    Role,
    Span,
    TraineeDraft,
    TraineeState,
    TrainerDraft,
    UserDraft,
    UserState,
    email_key,
    moved,
    search_text,
)

FIELDS = (
    "email", "given_name", "family_name", "phone", "gender", "id_number", "address", "birth_date", "locale", "roles",
    "trainee", "trainer", "hod", "dp_academics",
)  # fmt: skip
_PLAIN_FIELDS = ("phone", "gender", "id_number", "address", "birth_date", "locale")


def blank_user(user_id: UUID, state: UserState) -> User:
    return User(
        id=user_id,
        state=state,
        role_rows=[],
        trainee=None,
        trainer=None,
        hod=None,
        dp_academics=None,
        password_hash=None,
        email_verified_time=None,
        erase_time=None,
    )


def draft_of(user: User) -> UserDraft:
    """The account as it stands; applying it changes nothing."""
    trainee, trainer, hod, deputy = user.trainee, user.trainer, user.hod, user.dp_academics
    return UserDraft(
        email=user.email,
        given_name=user.given_name,
        family_name=user.family_name,
        roles=user.roles,
        phone=user.phone,
        gender=user.gender,
        id_number=user.id_number,
        address=user.address,
        birth_date=user.birth_date,
        locale=user.locale,
        trainee=TraineeDraft(
            admission_number=trainee.admission_number,
            class_group_id=_open_group(trainee),
            programme_id=trainee.programme_id,
            state=trainee.state,
            guardians=tuple(GuardianDraft(**guardian) for guardian in trainee.guardians),
        )
        if trainee
        else None,
        trainer=TrainerDraft(
            staff_number=trainer.staff_number,
            department_id=trainer.department_id,
            qualifications=tuple(trainer.qualifications),
            specialisations=tuple(trainer.specialisations),
            employment_type=trainer.employment_type,
            max_weekly_load=trainer.max_weekly_load,
        )
        if trainer
        else None,
        hod=HodDraft(department_id=hod.department_id, appointed_date=hod.appointed_date) if hod else None,
        dp_academics=DpAcademicsDraft(office=deputy.office, appointed_date=deputy.appointed_date) if deputy else None,
    )


def audited(draft: UserDraft, state: UserState) -> dict[str, Any]:
    """An account for the audit trail; no secret is in it."""
    values: dict[str, Any] = {field: getattr(draft, field) for field in FIELDS}
    return values | {"roles": sorted(draft.roles), "state": state}


def apply_draft(uow: UnitOfWork, user: User, draft: UserDraft, *, today: date, path: str) -> None:
    """Write a checked draft into the user's rows.

    A trainee or trainer who loses the role keeps the profile: history refers to it.

    Raises:
        MembershipInvalid: the class group would change before the trainee came into the present one.
    """
    user.email, user.email_key = draft.email.strip(), email_key(draft.email)
    user.given_name, user.family_name = draft.given_name.strip(), draft.family_name.strip()
    for field in _PLAIN_FIELDS:
        setattr(user, field, getattr(draft, field))
    if user.roles != draft.roles:
        kept = [row for row in user.role_rows if row.role in draft.roles]
        user.role_rows = kept + [UserRole(role=role) for role in sorted(draft.roles - user.roles)]
    if Role.TRAINEE in draft.roles and draft.trainee is not None:
        _apply_trainee(uow, user, draft.trainee, today=today, path=path)
    elif user.trainee is not None:
        _move(uow, user, None, today, f"{path}.roles")
    if Role.TRAINER in draft.roles and draft.trainer is not None:
        _apply_trainer(user, draft.trainer)
    _apply_offices(user, draft)
    user.search_text = searchable(
        draft,
        user.trainee.admission_number if user.trainee else "",
        user.trainer.staff_number if user.trainer else "",
    )


def searchable(draft: UserDraft, *numbers: str) -> str:
    """What a search looks at: the name from each of its words on and the other way round, the e-mail, the admission and
    the staff number.
    """
    names = f"{draft.given_name} {draft.family_name}".split()
    from_each = [" ".join(names[i:]) for i in range(len(names))]
    return search_text([*from_each, f"{draft.family_name} {draft.given_name}", draft.email, *numbers])


def leave_class_group(uow: UnitOfWork, user: User, today: date) -> None:
    """End the present membership, or take back one that has not begun."""
    if user.trainee is None:
        return
    last = user.trainee.memberships[-1] if user.trainee.memberships else None
    _move(uow, user, None, max(today, last.start_date) if last else today, "user_id")


def moves_group(user: User, draft: UserDraft) -> bool:
    """Whether the draft brings the trainee into a class group where there is no open membership yet."""
    wanted = wanted_group(draft)
    return wanted is not None and (user.trainee is None or _open_group(user.trainee) != wanted)


def membership_now(trainee: TraineeProfile, today: date) -> Membership | None:
    """The membership that holds today, or else the next one."""
    for membership in trainee.memberships:
        if membership.end_date is None or membership.end_date > today:
            return membership
    return None


def wanted_group(draft: UserDraft) -> UUID | None:
    """The class group that the draft puts the trainee in, if any."""
    trainee = draft.trainee if Role.TRAINEE in draft.roles else None
    return trainee.class_group_id if trainee and trainee.state is TraineeState.ACTIVE else None


def _open_group(trainee: TraineeProfile) -> UUID | None:
    return next((row.class_group_id for row in trainee.memberships if row.end_date is None), None)


def _apply_trainee(uow: UnitOfWork, user: User, draft: TraineeDraft, *, today: date, path: str) -> None:
    if user.trainee is None:
        user.trainee = TraineeProfile(memberships=[])
    trainee = user.trainee
    trainee.admission_number = draft.admission_number.strip()
    trainee.programme_id = draft.programme_id
    trainee.state = draft.state
    trainee.guardians = [
        {"name": guardian.name, "relation": guardian.relation, "phone": guardian.phone, "email": guardian.email}
        for guardian in draft.guardians
    ]
    group = draft.class_group_id if draft.state is TraineeState.ACTIVE else None
    _move(uow, user, group, draft.membership_start_date or today, f"{path}.trainee.membership_start_date")


def _move(uow: UnitOfWork, user: User, class_group_id: UUID | None, start: date, field: str) -> None:
    assert user.trainee is not None  # noqa: S101 (callers see to it)
    rows = user.trainee.memberships
    before = [Span(row.class_group_id, row.start_date, row.end_date) for row in rows]
    try:
        after = moved(before, class_group_id, start)
    except ValueError as error:
        raise MembershipInvalid.of(
            field, f"is before the latest membership's {error}: give that day or a later one"
        ) from None
    if after == tuple(before):
        return
    if len(after) < len(before) and after and after[-1].end is None:
        # The row that is open stays the open one: updates are stored before deletions, and two are never open.
        del rows[len(after) - 1 : -1]
    del rows[len(after) :]
    for row, span in zip(rows, after, strict=False):
        row.class_group_id, row.start_date, row.end_date = span.class_group_id, span.start, span.end
    rows += [
        Membership(class_group_id=span.class_group_id, start_date=span.start, end_date=span.end)
        for span in after[len(before) :]
    ]
    uow.publish(
        MembershipChanged(**uow.new_event_args(), user_id=user.id, class_group_id=class_group_id, start_date=start)
    )


def _apply_trainer(user: User, draft: TrainerDraft) -> None:
    if user.trainer is None:
        user.trainer = TrainerProfile()
    trainer = user.trainer
    assert draft.department_id is not None  # noqa: S101 (check_user refused it)
    trainer.staff_number = draft.staff_number.strip()
    trainer.department_id = draft.department_id
    trainer.qualifications = list(draft.qualifications)
    trainer.specialisations = list(draft.specialisations)
    trainer.employment_type = draft.employment_type
    trainer.max_weekly_load_minutes = int(draft.max_weekly_load.total_seconds()) // 60


def _apply_offices(user: User, draft: UserDraft) -> None:
    if Role.HOD in draft.roles and draft.hod is not None:
        if user.hod is None:
            user.hod = HodProfile()
        assert draft.hod.department_id is not None  # noqa: S101 (check_user refused it)
        user.hod.department_id = draft.hod.department_id
        user.hod.appointed_date = draft.hod.appointed_date
    else:
        user.hod = None
    if Role.DP_ACADEMICS in draft.roles:
        deputy = draft.dp_academics or DpAcademicsDraft()
        if user.dp_academics is None:
            user.dp_academics = DpAcademicsProfile()
        user.dp_academics.office = deputy.office
        user.dp_academics.appointed_date = deputy.appointed_date
    else:
        user.dp_academics = None
