from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.users.rules import (
    DpAcademicsDraft,
    GuardianDraft,
    HodDraft,
    Role,
    Throttle,
    TraineeDraft,
    TraineeState,
    TrainerDraft,
    UserDraft,
    check_user,
    email_key,
    search_text,
)

TODAY = date(2026, 3, 2)
DEPARTMENT = uuid4()
ADMIN = UserDraft(email="ada@college.example", given_name="Ada", family_name="Odhiambo", roles=frozenset({Role.ADMIN}))
TRAINEE = replace(
    ADMIN,
    roles=frozenset({Role.TRAINEE}),
    trainee=TraineeDraft(admission_number="ADM/1", class_group_id=uuid4()),
)
TRAINER = replace(
    ADMIN,
    roles=frozenset({Role.TRAINER}),
    trainer=TrainerDraft(staff_number="S/1", department_id=DEPARTMENT),
)
HOD = replace(TRAINER, roles=frozenset({Role.TRAINER, Role.HOD}), hod=HodDraft(department_id=DEPARTMENT))


@pytest.mark.parametrize("draft", [ADMIN, TRAINEE, TRAINER, HOD], ids=["admin", "trainee", "trainer", "hod"])
def test_good_users_have_no_violations(draft: UserDraft) -> None:
    assert check_user(draft, TODAY) == []


def _trainee(**changes: object) -> UserDraft:
    assert TRAINEE.trainee is not None
    return replace(TRAINEE, trainee=replace(TRAINEE.trainee, **changes))  # type: ignore[arg-type] # fields by name


def _trainer(**changes: object) -> UserDraft:
    assert TRAINER.trainer is not None
    return replace(TRAINER, trainer=replace(TRAINER.trainer, **changes))  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(ADMIN, email="ada"), "email"),
        (replace(ADMIN, email="ada@"), "email"),
        (replace(ADMIN, email="ada odhiambo@college.example"), "email"),
        (replace(ADMIN, email="ada@college..example"), "email"),
        (replace(ADMIN, email="a" * 250 + "@x.yz"), "email"),
        (replace(ADMIN, given_name="  "), "given_name"),
        (replace(ADMIN, family_name="x" * 201), "family_name"),
        (replace(ADMIN, phone="0712345678"), "phone"),
        (replace(ADMIN, gender="x" * 201), "gender"),
        (replace(ADMIN, id_number="x" * 201), "id_number"),
        (replace(ADMIN, address="x" * 501), "address"),
        (replace(ADMIN, locale="en" + "-abcdefgh" * 30), "locale"),
        (replace(ADMIN, phone="+254 712 345 678"), "phone"),
        (replace(ADMIN, phone="+2547123456789012"), "phone"),
        (replace(ADMIN, locale="english please"), "locale"),
        (replace(ADMIN, birth_date=TODAY), "birth_date"),  # born today
        (replace(ADMIN, birth_date=TODAY + timedelta(days=1)), "birth_date"),
        (replace(ADMIN, roles=frozenset()), "roles"),
        (replace(TRAINEE, trainee=None), "trainee"),
        (_trainee(class_group_id=None), "trainee.class_group_id"),
        (_trainee(admission_number=" "), "trainee.admission_number"),
        (_trainee(admission_number="x" * 201), "trainee.admission_number"),
        (_trainee(guardians=(GuardianDraft(name="Ma"),) * 51), "trainee.guardians"),
        (_trainee(guardians=(GuardianDraft(name="M" * 201),)), "trainee.guardians[0].name"),
        (_trainee(guardians=(GuardianDraft(name="Ma", relation="x" * 201),)), "trainee.guardians[0].relation"),
        (_trainee(guardians=(GuardianDraft(name="Ma", email="a" * 250 + "@x.yz"),)), "trainee.guardians[0].email"),
        (_trainee(guardians=(GuardianDraft(name="Ma", phone="call me"),)), "trainee.guardians[0].phone"),
        (replace(TRAINER, trainer=None), "trainer"),
        (_trainer(staff_number="x" * 201), "trainer.staff_number"),
        (_trainer(qualifications=("MSc", "x" * 201)), "trainer.qualifications[1]"),
        (_trainer(specialisations=("x",) * 51), "trainer.specialisations"),
        (replace(TRAINER, trainer=TrainerDraft(staff_number="S/1", department_id=None)), "trainer.department_id"),
        (
            replace(
                TRAINER,
                trainer=TrainerDraft(
                    staff_number="S/1", department_id=DEPARTMENT, max_weekly_load=timedelta(hours=169)
                ),
            ),
            "trainer.max_weekly_load",
        ),
        (replace(HOD, hod=None), "hod.department_id"),
        (
            replace(ADMIN, roles=frozenset({Role.DP_ACADEMICS}), dp_academics=DpAcademicsDraft(office="x" * 201)),
            "dp_academics.office",
        ),
    ],
)
def test_each_bad_field_is_named_with_its_fix(draft: UserDraft, field: str) -> None:
    violations = check_user(draft, TODAY)
    assert [violation.field for violation in violations] == [field]
    assert len(violations[0].description) > 10


def test_a_trainee_who_left_needs_no_class_group() -> None:
    assert check_user(_trainee(class_group_id=None, state=TraineeState.GRADUATED), TODAY) == []


def test_emails_are_compared_without_case() -> None:
    assert email_key(" Strasse@College.Example") == email_key("straße@college.example")


def test_search_finds_beginnings_of_words_whatever_the_case() -> None:
    stored = search_text(["Åsa Öberg", "ADM/7"])
    assert search_text(["åsa ö"]) in stored
    assert search_text(["adm/"]) in stored
    assert search_text([" ÅSA  ÖB"]) in stored
    assert search_text(["sa"]) not in stored


# Failures and the wait after them: five are free, then it doubles, up to a quarter of an hour.
@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (10_000, 900)]
)
def test_delay_grows_with_failures(failures: int, seconds: int) -> None:
    assert Throttle(free_tries=5).delay(failures) == timedelta(seconds=seconds)


@given(st.integers(0, 200))
def test_delay_never_shrinks(failures: int) -> None:
    throttle = Throttle(free_tries=5)
    assert throttle.delay(failures) <= throttle.delay(failures + 1) <= throttle.longest_delay
