"""What an account must look like, whoever stores it."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from hub.errors import FieldViolation

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@.<>()\[\],;:\\\"]+(\.[^\s@.<>()\[\],;:\\\"]+)*")
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LONGEST_TEXT = 200
_LONGEST_ADDRESS = 500
_MOST_OF_A_LIST = 50
_HOURS_OF_A_WEEK = timedelta(hours=168)


class Role(enum.StrEnum):
    TRAINEE = "TRAINEE"
    TRAINER = "TRAINER"
    HOD = "HOD"
    DP_ACADEMICS = "DP_ACADEMICS"
    ADMIN = "ADMIN"


class UserState(enum.StrEnum):
    PENDING_VERIFICATION = "PENDING_VERIFICATION"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class MailPurpose(enum.StrEnum):
    """What a mailed token lets its holder do, once."""

    INVITATION = "INVITATION"
    """Set the first password, which verifies the e-mail."""
    EMAIL_VERIFICATION = "EMAIL_VERIFICATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 (a purpose, no password)
    """Set another password, which verifies the e-mail and ends all sessions."""

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=1) if self is MailPurpose.PASSWORD_RESET else timedelta(hours=24)


class TraineeState(enum.StrEnum):
    """Only an ACTIVE trainee is in a class group; leaving the state closes the membership."""

    ACTIVE = "ACTIVE"
    DEFERRED = "DEFERRED"
    SUSPENDED = "SUSPENDED"
    GRADUATED = "GRADUATED"
    DISCONTINUED = "DISCONTINUED"


class EmploymentType(enum.StrEnum):
    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACT = "CONTRACT"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianDraft:
    name: str
    relation: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraineeDraft:
    """`membership_start_date`: the day from which the class group holds; None is today. `programme_id`: None is the
    present one, or else the class group's.
    """

    admission_number: str
    class_group_id: UUID | None
    programme_id: UUID | None = None
    state: TraineeState = TraineeState.ACTIVE
    guardians: tuple[GuardianDraft, ...] = ()
    membership_start_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerDraft:
    """`max_weekly_load` zero: not limited."""

    staff_number: str
    department_id: UUID | None
    qualifications: tuple[str, ...] = ()
    specialisations: tuple[str, ...] = ()
    employment_type: EmploymentType = EmploymentType.FULL_TIME
    max_weekly_load: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HodDraft:
    department_id: UUID | None
    appointed_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DpAcademicsDraft:
    office: str = ""
    appointed_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDraft:
    """An account as someone wants it; the profiles of roles that are not held are ignored."""

    email: str
    given_name: str
    family_name: str
    roles: frozenset[Role]
    phone: str = ""
    gender: str = ""
    id_number: str = ""
    address: str = ""
    birth_date: date | None = None
    locale: str = ""
    trainee: TraineeDraft | None = None
    trainer: TrainerDraft | None = None
    hod: HodDraft | None = None
    dp_academics: DpAcademicsDraft | None = None


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many failed tries are free before each further one must wait."""

    free_tries: int
    longest_delay: timedelta = timedelta(minutes=15)
    forgotten_after: timedelta = timedelta(hours=1)

    def delay(self, failures: int) -> timedelta:
        """How long to wait after so many failures: nothing at first, then 1 s, 2 s, 4 s … up to the longest."""
        beyond = failures - self.free_tries
        if beyond < 0:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(beyond, 20)), self.longest_delay)


@dataclass(frozen=True, slots=True)
class Span:
    """A membership: in the class group on each day of [start, end); no end: it lasts."""

    class_group_id: UUID
    start: date
    end: date | None = None


def moved(spans: Sequence[Span], class_group_id: UUID | None, start: date) -> tuple[Span, ...]:
    """A trainee's history, oldest first, when from `start` on the trainee is in another class group, or in none.

    Moving into the present class group changes nothing. The spans never overlap, and there is a gap only where the
    trainee was moved into none.

    Raises:
        ValueError: `start` lies before the latest change; its argument is the first day that is right.
    """
    last = spans[-1] if spans else None
    present = last.class_group_id if last is not None and last.end is None else None
    if class_group_id == present:
        return tuple(spans)
    kept = tuple(spans)
    if last is not None:
        first_right = last.end or last.start
        if start < first_right:
            raise ValueError(first_right)
        if last.end is None:
            # Moved on the very day: the class group was a mistake that held for no day.
            ended = (replace(last, end=start),) if start > last.start else ()
            kept = (*spans[:-1], *ended)
    if class_group_id is None:
        return kept
    before = kept[-1] if kept else None
    if before is not None and (before.class_group_id, before.end) == (class_group_id, start):
        # Back on the very day on which it ended: it never did.
        return (*kept[:-1], replace(before, end=None))
    return (*kept, Span(class_group_id, start))


def email_key(email: str) -> str:
    """What makes two e-mail addresses the same."""
    return email.strip().casefold()


def search_text(words: Iterable[str]) -> str:
    """Text in which "|<beginning>" is found when one of the words begins so, whatever its case and spaces."""
    return "".join(f"|{' '.join(word.split()).casefold()}" for word in words if word.strip())


def check_user(draft: UserDraft, today: date) -> list[FieldViolation]:
    """Everything that is wrong with the draft by itself, each with the fix; paths are relative to the user."""
    found = _Violations()
    found.unless(
        _is_email(draft.email),
        "email",
        "is no e-mail address: give one such as ada@college.example",
    )
    for field in ("given_name", "family_name"):
        value: str = getattr(draft, field)
        found.unless(bool(value.strip()), field, "is required")
        found.text(field, value)
    found.phone("phone", draft.phone)
    found.text("gender", draft.gender)
    found.text("id_number", draft.id_number)
    found.text("address", draft.address, _LONGEST_ADDRESS)
    found.unless(
        not draft.locale or (len(draft.locale) <= _LONGEST_TEXT and _LOCALE.fullmatch(draft.locale) is not None),
        "locale",
        "is no BCP-47 language tag: give one such as en or sw-KE",
    )
    found.unless(
        draft.birth_date is None or draft.birth_date < today,
        "birth_date",
        "is not in the past: give the day of birth as YYYY-MM-DD",
    )
    found.unless(bool(draft.roles), "roles", "needs at least one role: " + ", ".join(Role))
    if Role.TRAINEE in draft.roles:
        _check_trainee(found, draft.trainee)
    if Role.TRAINER in draft.roles:
        _check_trainer(found, draft.trainer)
    if Role.HOD in draft.roles:
        _check_hod(found, draft)
    if Role.DP_ACADEMICS in draft.roles and draft.dp_academics is not None:
        found.text("dp_academics.office", draft.dp_academics.office)
    return found.all


def _is_email(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


class _Violations:
    def __init__(self) -> None:
        self.all: list[FieldViolation] = []

    def unless(self, holds: bool, field: str, description: str) -> None:  # noqa: FBT001 (the condition itself)
        if not holds:
            self.all.append(FieldViolation(field, description))

    def text(self, field: str, value: str, longest: int = _LONGEST_TEXT) -> None:
        self.unless(len(value) <= longest, field, f"is longer than {longest} characters: shorten it")

    def few(self, field: str, values: Sequence[object]) -> None:
        self.unless(len(values) <= _MOST_OF_A_LIST, field, f"are more than {_MOST_OF_A_LIST}: keep the important ones")

    def phone(self, field: str, value: str) -> None:
        self.unless(
            not value or _E164.fullmatch(value) is not None,
            field,
            "is no E.164 number: give country code and number without spaces, such as +254712345678",
        )


def _check_trainee(found: _Violations, trainee: TraineeDraft | None) -> None:
    if trainee is None:
        found.unless(False, "trainee", "is required for the role TRAINEE")
        return
    found.unless(bool(trainee.admission_number.strip()), "trainee.admission_number", "is required")
    found.text("trainee.admission_number", trainee.admission_number)
    found.few("trainee.guardians", trainee.guardians)
    found.unless(
        trainee.class_group_id is not None or trainee.state is not TraineeState.ACTIVE,
        "trainee.class_group_id",
        "is required: an active trainee is in a class group",
    )
    for i, guardian in enumerate(trainee.guardians):
        field = f"trainee.guardians[{i}]"
        found.unless(bool(guardian.name.strip()), f"{field}.name", "is required")
        found.text(f"{field}.name", guardian.name)
        found.text(f"{field}.relation", guardian.relation)
        found.phone(f"{field}.phone", guardian.phone)
        found.unless(
            not guardian.email or _is_email(guardian.email),
            f"{field}.email",
            "is no e-mail address",
        )


def _check_trainer(found: _Violations, trainer: TrainerDraft | None) -> None:
    if trainer is None:
        found.unless(False, "trainer", "is required for the role TRAINER")
        return
    found.unless(bool(trainer.staff_number.strip()), "trainer.staff_number", "is required")
    found.text("trainer.staff_number", trainer.staff_number)
    for name in ("qualifications", "specialisations"):
        values: tuple[str, ...] = getattr(trainer, name)
        found.few(f"trainer.{name}", values)
        for i, value in enumerate(values):
            found.text(f"trainer.{name}[{i}]", value)
    found.unless(trainer.department_id is not None, "trainer.department_id", "is required")
    found.unless(
        timedelta(0) <= trainer.max_weekly_load <= _HOURS_OF_A_WEEK,
        "trainer.max_weekly_load",
        "must be between 0 (not limited) and the 168 hours of a week",
    )


def _check_hod(found: _Violations, draft: UserDraft) -> None:
    found.unless(
        draft.hod is not None and draft.hod.department_id is not None,
        "hod.department_id",
        "is required for the role HOD",
    )


def repeated(values: Sequence[str]) -> dict[str, list[int]]:
    """The values that come more than once, with their places."""
    places: dict[str, list[int]] = {}
    for i, value in enumerate(values):
        places.setdefault(value, []).append(i)
    return {value: found for value, found in places.items() if len(found) > 1}
