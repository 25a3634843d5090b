"""Trainees and trainers as spreadsheets: the sheets, a row as a draft, and an account as a row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hub.spreadsheets.columns import Column, Row, Sheet, day, hours, text, texts
from hub.users.college import Places
from hub.users.models import User
from hub.users.rules import EmploymentType, GuardianDraft, Role, TraineeDraft, TraineeState, TrainerDraft, UserDraft

TRAINEES = Sheet(
    "Trainees",
    (
        Column("email", "E-mail", text, required=True, example="ada@college.example"),
        Column("given_name", "Given name", text, required=True, example="Ada"),
        Column("family_name", "Family name", text, required=True, example="Lovelace"),
        Column("admission_number", "Admission number", text, required=True, example="ADM/2026/001"),
        Column("class_group", "Class group", text, required=True, example="DICT-2026-A", note="Its name."),
        Column(
            "programme", "Programme", text, note="Its code; the class group must be of it. Blank: that of the group."
        ),
        Column("member_since", "Member since", day, note="First day in the class group. Blank: the day of the import."),
        Column("phone", "Phone", text, example="+254712345678", note="Country code and number, without spaces."),
        Column("gender", "Gender", text),
        Column("id_number", "ID number", text),
        Column("birth_date", "Birth date", day, example=date(2006, 5, 17), note="Who is a minor needs a guardian."),
        Column("address", "Address", text),
        Column("guardian_name", "Guardian", text, note="Whom to tell about the trainee."),
        Column("guardian_relation", "Guardian relation", text, example="mother"),
        Column("guardian_phone", "Guardian phone", text, example="+254712345679"),
        Column("guardian_email", "Guardian e-mail", text),
    ),
)
TRAINERS = Sheet(
    "Trainers",
    (
        Column("email", "E-mail", text, required=True, example="grace@college.example"),
        Column("given_name", "Given name", text, required=True, example="Grace"),
        Column("family_name", "Family name", text, required=True, example="Hopper"),
        Column("staff_number", "Staff number", text, required=True, example="S/0042"),
        Column("department", "Department", text, required=True, example="ICT", note="Its code."),
        Column(
            "employment_type",
            "Employment",
            text,
            example=EmploymentType.FULL_TIME.value,
            choices=tuple(one.value for one in EmploymentType),
            note="Blank: FULL_TIME.",
        ),
        Column("max_weekly_load", "Most hours a week", hours, example=24, note="Teaching load. Blank: not limited."),
        Column("qualifications", "Qualifications", texts, example="MSc Computing; PGDE", note='Parted by ";".'),
        Column("specialisations", "Specialisations", texts, note='Parted by ";".'),
        Column("phone", "Phone", text, example="+254712345678", note="Country code and number, without spaces."),
        Column("gender", "Gender", text),
        Column("id_number", "ID number", text),
        Column("birth_date", "Birth date", day),
        Column("address", "Address", text),
    ),
)

_PLAIN = ("email", "given_name", "family_name", "phone", "gender", "id_number", "birth_date", "address")
# Where the rules' paths stand in a sheet.
_COLUMNS = {
    "trainee.admission_number": "admission_number",
    "trainee.class_group_id": "class_group",
    "trainee.guardians[0].name": "guardian_name",
    "trainee.guardians[0].relation": "guardian_relation",
    "trainee.guardians[0].phone": "guardian_phone",
    "trainee.guardians[0].email": "guardian_email",
    "trainer.staff_number": "staff_number",
    "trainer.department_id": "department",
    "trainer.max_weekly_load": "max_weekly_load",
    "trainer.qualifications": "qualifications",
    "trainer.specialisations": "specialisations",
}


class Unresolved(Exception):
    """A row names a place that is none; `reason` says what to do."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Names:
    """What people write for places, case-folded, to ids."""

    places: Places
    class_groups: Mapping[str, UUID]
    programmes: Mapping[str, frozenset[UUID]]
    departments: Mapping[str, UUID]

    @classmethod
    def of(cls, places: Places) -> "Names":
        programmes: dict[str, set[UUID]] = {}
        for programme in places.programmes.values():
            programmes.setdefault(programme.code.casefold(), set()).add(programme.id)
        return cls(
            places,
            {group.name.casefold(): group_id for group_id, group in places.class_groups.items()},
            {code: frozenset(ids) for code, ids in programmes.items()},
            {code.casefold(): department_id for department_id, code in places.departments.items()},
        )


def trainees_template(places: Places) -> Sheet:
    """The sheet with the college's class groups and programmes as drop-downs, where there are any."""
    return _with_choices(
        TRAINEES,
        class_group=[group.name for group in places.class_groups.values() if not group.archived],
        programme=sorted({programme.code for programme in places.programmes.values()}),
    )


def trainers_template(places: Places) -> Sheet:
    """The sheet with the college's departments as a drop-down, where there are any."""
    return _with_choices(TRAINERS, department=list(places.departments.values()))


def trainee_draft(row: Row, names: Names) -> UserDraft:
    """The account that a row of TRAINEES asks for; Unresolved when it names a place that is none."""
    values = row.values
    group_id = names.class_groups.get(values["class_group"].casefold())
    if group_id is None:
        raise Unresolved("class_group", "there is no such class group: create it first, or choose from the list")
    group = names.places.class_groups[group_id]
    if values["programme"] is not None:
        meant = names.programmes.get(values["programme"].casefold())
        if meant is None:
            raise Unresolved("programme", "there is no such programme: create it first, or choose from the list")
        if group.programme_id not in meant:
            other = names.places.programmes[group.programme_id]
            raise Unresolved(
                "class_group", f"is of the programme {other.code} ({other.name}): choose a class group of the row's one"
            )
    guardian = GuardianDraft(
        name=values["guardian_name"] or "",
        relation=values["guardian_relation"] or "",
        phone=values["guardian_phone"] or "",
        email=values["guardian_email"] or "",
    )
    return UserDraft(
        **_plain(values),
        roles=frozenset({Role.TRAINEE}),
        trainee=TraineeDraft(
            admission_number=values["admission_number"],
            class_group_id=group_id,
            programme_id=group.programme_id,
            guardians=(guardian,) if guardian.name or guardian.phone or guardian.email else (),
            membership_start_date=values["member_since"],
        ),
    )


def trainer_draft(row: Row, names: Names) -> UserDraft:
    """The account that a row of TRAINERS asks for; Unresolved when it names a place that is none."""
    values = row.values
    department_id = names.departments.get(values["department"].casefold())
    if department_id is None:
        raise Unresolved("department", "there is no such department: create it first, or choose from the list")
    return UserDraft(
        **_plain(values),
        roles=frozenset({Role.TRAINER}),
        trainer=TrainerDraft(
            staff_number=values["staff_number"],
            department_id=department_id,
            qualifications=tuple(values["qualifications"] or ()),
            specialisations=tuple(values["specialisations"] or ()),
            employment_type=EmploymentType(values["employment_type"] or EmploymentType.FULL_TIME),
            max_weekly_load=values["max_weekly_load"] or timedelta(0),
        ),
    )


def column_of(field: str) -> str:
    """The key of the column in which a field of the rules stands ("trainee.guardians[0].phone", or one of a list such
    as "trainer.qualifications[1]").
    """
    of_list = field.partition("[")[0]
    return _COLUMNS.get(field) or _COLUMNS.get(of_list) or (field if field in _PLAIN else "email")


def trainee_row(user: User, places: Places) -> dict[str, Any]:
    """The account as a row of TRAINEES; empty cells for what it has not."""
    trainee = user.trainee
    row: dict[str, Any] = _plain_row(user)
    if trainee is None:
        return row
    present = next((one for one in reversed(trainee.memberships) if one.end_date is None), None)
    programme = places.programmes.get(trainee.programme_id) if trainee.programme_id else None
    guardian = trainee.guardians[0] if trainee.guardians else {}
    return row | {
        "admission_number": trainee.admission_number,
        "class_group": places.class_groups[present.class_group_id].name if present else None,
        "programme": programme.code if programme else None,
        "member_since": present.start_date if present else None,
        **{f"guardian_{key}": guardian.get(key) or None for key in ("name", "relation", "phone", "email")},
    }


def trainer_row(user: User, places: Places) -> dict[str, Any]:
    """The account as a row of TRAINERS; empty cells for what it has not."""
    trainer = user.trainer
    row = _plain_row(user)
    if trainer is None:
        return row
    return row | {
        "staff_number": trainer.staff_number,
        "department": places.departments[trainer.department_id],
        "employment_type": trainer.employment_type.value,
        "max_weekly_load": trainer.max_weekly_load or None,
        "qualifications": list(trainer.qualifications) or None,
        "specialisations": list(trainer.specialisations) or None,
    }


def differences(sheet: Sheet, row: Row, stored: Mapping[str, Any]) -> list[str]:
    """The headers of the columns in which a row says something else than the account; a blank cell says nothing."""
    return [
        column.header
        for column in sheet.columns
        if (said := row.values[column.key]) is not None and _same_form(said) != _same_form(stored.get(column.key))
    ]


def is_present(user: User) -> bool:
    """Whether an export lists the trainee: who left the college has no class group to name."""
    return user.trainee is None or user.trainee.state is TraineeState.ACTIVE


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] if key == "birth_date" else values[key] or "" for key in _PLAIN}


def _plain_row(user: User) -> dict[str, Any]:
    return {key: getattr(user, key) or None for key in _PLAIN}


def _same_form(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _with_choices(sheet: Sheet, **choices: list[str]) -> Sheet:
    return replace(
        sheet,
        columns=tuple(
            replace(column, choices=tuple(choices.get(column.key, column.choices))) for column in sheet.columns
        ),
    )
