"""Accounts and audit entries as messages, and messages as drafts."""

import json
from datetime import date, timedelta

from hub.db.audit import AuditEntry
from hub.errors import FieldViolation, InvalidArgument
from hub.rpc.fields import (
    from_duration,
    from_optional_date,
    parse_optional_uuid,
    to_date,
    to_duration,
    to_timestamp,
)
from hub.users.errors import UserInvalid
from hub.users.models import DpAcademicsProfile, HodProfile, TraineeProfile, TrainerProfile, User
from hub.users.rules import (
    DpAcademicsDraft,
    EmploymentType,
    GuardianDraft,
    HodDraft,
    Role,
    TraineeDraft,
    TraineeState,
    TrainerDraft,
    UserDraft,
    UserState,
)
from hub.users.service.profiles import membership_now
from smartroster.users.v1 import users_pb2 as pb

_ROLES = {pb.Role.Value(f"ROLE_{role}"): role for role in Role}
_STATES = {pb.User.State.Value(f"STATE_{state}"): state for state in UserState}
_TRAINEE_STATES = {pb.TraineeProfile.Status.Value(f"STATUS_{state}"): state for state in TraineeState}


def user_to_proto(user: User, today: date, weekly_load: timedelta | None) -> pb.User:
    """`today` tells which class group is the present one, `weekly_load` how much a trainer teaches; profiles of roles
    not held are left out.
    """
    roles = user.roles
    return pb.User(
        id=str(user.id),
        email=user.email,
        given_name=user.given_name,
        family_name=user.family_name,
        phone=user.phone,
        roles=[f"ROLE_{role}" for role in Role if role in roles],
        state=f"STATE_{user.state}",
        trainee=_trainee_to_proto(user.trainee, today) if user.trainee and Role.TRAINEE in roles else None,
        trainer=_trainer_to_proto(user.trainer, weekly_load) if user.trainer and Role.TRAINER in roles else None,
        locale=user.locale,
        create_time=to_timestamp(user.create_time),
        last_sign_in_time=to_timestamp(user.last_sign_in_time),
        etag=str(user.etag),
        id_number=user.id_number,
        address=user.address,
        gender=user.gender,
        hod=_hod_to_proto(user.hod) if user.hod else None,
        dp_academics=_deputy_to_proto(user.dp_academics) if user.dp_academics else None,
        birth_date=to_date(user.birth_date),
        erase_time=to_timestamp(user.erase_time),
    )


def draft_from_proto(user: pb.User, path: str) -> UserDraft:
    """The draft that a message asks for.

    Raises:
        InvalidArgument: a role, status, id, date or duration is none; `path` begins the field's name.
    """
    return UserDraft(
        email=user.email,
        given_name=user.given_name,
        family_name=user.family_name,
        roles=frozenset(_role(role, f"{path}.roles[{i}]") for i, role in enumerate(user.roles)),
        phone=user.phone,
        gender=user.gender,
        id_number=user.id_number,
        address=user.address,
        birth_date=from_optional_date(user.birth_date, f"{path}.birth_date"),
        locale=user.locale,
        trainee=_trainee(user.trainee, f"{path}.trainee") if user.HasField("trainee") else None,
        trainer=_trainer(user.trainer, f"{path}.trainer") if user.HasField("trainer") else None,
        hod=HodDraft(
            department_id=parse_optional_uuid(user.hod.department_id, f"{path}.hod.department_id"),
            appointed_date=from_optional_date(user.hod.appointed_date, f"{path}.hod.appointed_date"),
        )
        if user.HasField("hod")
        else None,
        dp_academics=DpAcademicsDraft(
            office=user.dp_academics.office,
            appointed_date=from_optional_date(user.dp_academics.appointed_date, f"{path}.dp_academics.appointed_date"),
        )
        if user.HasField("dp_academics")
        else None,
    )


def drafts_from_proto(requests: list[pb.CreateUserRequest]) -> list[UserDraft]:
    """The drafts of a batch.

    Raises:
        UserInvalid: names every request that can't be read.
    """
    drafts, violations = [], list[FieldViolation]()
    for i, request in enumerate(requests):
        try:
            drafts.append(draft_from_proto(request.user, f"requests[{i}].user"))
        except InvalidArgument as error:
            violations += error.violations
    if violations:
        raise UserInvalid.of_all(violations)
    return drafts


def role_filter(role: pb.Role) -> Role | None:
    """The role to filter by; None for ROLE_UNSPECIFIED."""
    return None if role == pb.ROLE_UNSPECIFIED else _role(role, "role")


def state_filter(state: pb.User.State) -> UserState | None:
    """The state to filter by; None for STATE_UNSPECIFIED."""
    if state == pb.User.STATE_UNSPECIFIED:
        return None
    if state not in _STATES:
        raise InvalidArgument.of(
            "state", f"is no state: give one of {', '.join(f'STATE_{state}' for state in UserState)}"
        )
    return _STATES[state]


def audit_entry_to_proto(entry: AuditEntry) -> pb.AuditEntry:
    return pb.AuditEntry(
        id=str(entry.entry_id),
        occurred_time=to_timestamp(entry.occurred_time),
        actor_kind=entry.principal_kind,
        actor_id=str(entry.principal_id or ""),
        address=entry.address or "",
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        before="" if entry.before is None else json.dumps(entry.before),
        after="" if entry.after is None else json.dumps(entry.after),
        reason=entry.reason or "",
    )


def _trainee_to_proto(trainee: TraineeProfile, today: date) -> pb.TraineeProfile:
    present = membership_now(trainee, today)
    return pb.TraineeProfile(
        admission_number=trainee.admission_number,
        class_group_id=str(present.class_group_id) if present else "",
        status=f"STATUS_{trainee.state}",
        memberships=[
            pb.Membership(
                class_group_id=str(row.class_group_id),
                start_date=to_date(row.start_date),
                end_date=to_date(row.end_date),
            )
            for row in trainee.memberships
        ],
        guardians=[pb.Guardian(**guardian) for guardian in trainee.guardians],
        programme_id=str(trainee.programme_id or ""),
    )


def _trainer_to_proto(trainer: TrainerProfile, weekly_load: timedelta | None) -> pb.TrainerProfile:
    return pb.TrainerProfile(
        staff_number=trainer.staff_number,
        department_id=str(trainer.department_id),
        qualifications=trainer.qualifications,
        specialisations=trainer.specialisations,
        employment_type=trainer.employment_type,
        max_weekly_load=to_duration(trainer.max_weekly_load),
        weekly_load=to_duration(weekly_load or timedelta(0)),
    )


def _hod_to_proto(hod: HodProfile) -> pb.HodProfile:
    return pb.HodProfile(department_id=str(hod.department_id), appointed_date=to_date(hod.appointed_date))


def _deputy_to_proto(deputy: DpAcademicsProfile) -> pb.DpAcademicsProfile:
    return pb.DpAcademicsProfile(office=deputy.office, appointed_date=to_date(deputy.appointed_date))


def _role(value: pb.Role, field: str) -> Role:
    role = _ROLES.get(value)
    if role is None:
        raise InvalidArgument.of(field, f"is no role: give one of {', '.join(f'ROLE_{role}' for role in Role)}")
    return role


def _trainee(trainee: pb.TraineeProfile, path: str) -> TraineeDraft:
    status = trainee.status or pb.TraineeProfile.STATUS_ACTIVE
    if status not in _TRAINEE_STATES:
        raise InvalidArgument.of(f"{path}.status", f"is no status: give one of {', '.join(TraineeState)}")
    return TraineeDraft(
        admission_number=trainee.admission_number,
        class_group_id=parse_optional_uuid(trainee.class_group_id, f"{path}.class_group_id"),
        programme_id=parse_optional_uuid(trainee.programme_id, f"{path}.programme_id"),
        state=_TRAINEE_STATES[status],
        guardians=tuple(
            GuardianDraft(name=guardian.name, relation=guardian.relation, phone=guardian.phone, email=guardian.email)
            for guardian in trainee.guardians
        ),
        membership_start_date=from_optional_date(trainee.membership_start_date, f"{path}.membership_start_date"),
    )


def _trainer(trainer: pb.TrainerProfile, path: str) -> TrainerDraft:
    employment = trainer.employment_type or EmploymentType.FULL_TIME
    if employment not in list(EmploymentType):
        raise InvalidArgument.of(f"{path}.employment_type", f"is none: give one of {', '.join(EmploymentType)}")
    return TrainerDraft(
        staff_number=trainer.staff_number,
        department_id=parse_optional_uuid(trainer.department_id, f"{path}.department_id"),
        qualifications=tuple(trainer.qualifications),
        specialisations=tuple(trainer.specialisations),
        employment_type=EmploymentType(employment),
        max_weekly_load=from_duration(trainer.max_weekly_load, f"{path}.max_weekly_load"),
    )
