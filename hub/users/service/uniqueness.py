"""Refusing what another account has already; the database's constraints catch whoever races."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.unit_of_work import UnitOfWork
from hub.errors import AlreadyExists, FieldViolation
from hub.users.errors import AdmissionNumberTaken, DepartmentHasHod, EmailTaken, StaffNumberTaken, UserInvalid
from hub.users.models import HodProfile, TraineeProfile, TrainerProfile, User
from hub.users.rules import Role, UserDraft, email_key, repeated

_NOBODY = UUID(int=0)


async def refuse_taken(
    uow: UnitOfWork, drafts: Sequence[UserDraft], *, paths: Sequence[str], own_id: UUID = _NOBODY
) -> None:
    """Refuse drafts that share what must be unique, with each other or with accounts other than `own_id`.

    Raises:
        UserInvalid: two of the drafts have the same e-mail, admission number, staff number or headed department.
        EmailTaken, AdmissionNumberTaken, StaffNumberTaken: other accounts have them; the message names all.
        DepartmentHasHod: another user heads the department.
    """
    rules: tuple[
        tuple[str, type[AlreadyExists], str, InstrumentedAttribute[str], _Pick, InstrumentedAttribute[UUID]], ...
    ] = (
        ("email", EmailTaken, "e-mail", User.email_key, _email, User.id),
        (
            "trainee.admission_number",
            AdmissionNumberTaken,
            "admission number",
            TraineeProfile.admission_number,
            _admission_number,
            TraineeProfile.user_id,
        ),
        (
            "trainer.staff_number",
            StaffNumberTaken,
            "staff number",
            TrainerProfile.staff_number,
            _staff_number,
            TrainerProfile.user_id,
        ),
    )
    for field, error, name, column, pick, owner in rules:
        values = [pick(draft) for draft in drafts]
        _refuse_repeated(values, field, paths)
        wanted = {value for value in values if value}
        taken = sorted(await uow.session.scalars(select(column).where(column.in_(wanted), owner != own_id)))
        if taken:
            raise error(
                f"Another account has the {name} {', '.join(taken)}: find it with a search, or give another one.",
                metadata={"field": field, "values": ",".join(taken)},
            )
    await _refuse_second_head(uow, drafts, paths=paths, own_id=own_id)


_Pick = Callable[[UserDraft], str]


def _email(draft: UserDraft) -> str:
    return email_key(draft.email)


def _admission_number(draft: UserDraft) -> str:
    return draft.trainee.admission_number.strip() if draft.trainee and Role.TRAINEE in draft.roles else ""


def _staff_number(draft: UserDraft) -> str:
    return draft.trainer.staff_number.strip() if draft.trainer and Role.TRAINER in draft.roles else ""


def _headed(draft: UserDraft) -> UUID | None:
    return draft.hod.department_id if draft.hod and Role.HOD in draft.roles else None


def _refuse_repeated(values: Sequence[str], field: str, paths: Sequence[str]) -> None:
    violations = [
        FieldViolation(f"{paths[place]}.{field}", f'"{value}" is in {paths[places[0]]} already')
        for value, places in repeated(values).items()
        if value
        for place in places[1:]
    ]
    if violations:
        raise UserInvalid.of_all(violations)


async def _refuse_second_head(
    uow: UnitOfWork, drafts: Sequence[UserDraft], *, paths: Sequence[str], own_id: UUID
) -> None:
    headed = [_headed(draft) for draft in drafts]
    _refuse_repeated([str(department or "") for department in headed], "hod.department_id", paths)
    rows = await uow.session.execute(
        select(HodProfile.department_id, User.given_name, User.family_name)
        .join(User, User.id == HodProfile.user_id)
        .where(HodProfile.department_id.in_({department for department in headed if department}), User.id != own_id)
    )
    serving = {department: f"{given} {family}" for department, given, family in rows}
    violations = [
        FieldViolation(
            f"{path}.hod.department_id",
            f"{serving[department]} heads this department: take the role HOD from that user first",
        )
        for path, department in zip(paths, headed, strict=True)
        if department in serving
    ]
    if violations:
        raise DepartmentHasHod("A department has one serving head; nothing was stored.", violations=violations)
