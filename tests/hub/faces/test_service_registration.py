import asyncio
from datetime import date
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from hub.db.audit import AuditEntry
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.faces import errors, queries, rules, service
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.models import FaceTemplate
from hub.faces.rules import ClashResolution, ConsentState, RegistrationState
from hub.faces.service import consent, registration
from tests.factories.faces import make_person, photos_of, register
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("birth_date", "minor"),
    [
        (None, False),
        (date(2008, 3, 2), False),  # 18 today
        (date(2008, 3, 3), True),  # 18 tomorrow
        (date(2000, 1, 1), False),
        (date(2026, 3, 2), True),
    ],
)
def test_minors_are_under_18(birth_date: date | None, minor: bool) -> None:  # noqa: FBT001 (a table's column)
    assert rules.is_minor(birth_date, TODAY) is minor


def test_who_was_born_on_29_february_comes_of_age_on_1_march() -> None:
    born = date(2008, 2, 29)
    assert rules.is_minor(born, date(2026, 2, 28))
    assert not rules.is_minor(born, date(2026, 3, 1))


# Consent


async def test_without_consent_there_is_no_template(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id = await make_person(uow)
    with pytest.raises(errors.ConsentMissing):
        await registration.register(uow, keys=keys, encoder=encoder, person_id=person_id, encoded=photos_of(1))
    assert (await uow.session.scalars(select(FaceTemplate))).all() == []


async def test_a_minor_needs_a_guardian(uow: UnitOfWork) -> None:
    person_id = await make_person(uow, birth_date=date(2010, 1, 1))
    with pytest.raises(errors.GuardianNeeded):
        await consent.give_consent(uow, person_id=person_id, guardian_name="  ")
    given = await consent.give_consent(uow, person_id=person_id, guardian_name=" Mary  Otieno ")
    assert given.guardian_name == "Mary Otieno"


async def test_giving_consent_again_changes_nothing(uow: UnitOfWork) -> None:
    person_id = await make_person(uow)
    first = await consent.give_consent(uow, person_id=person_id, guardian_name="")
    assert (await consent.give_consent(uow, person_id=person_id, guardian_name="")).id == first.id


async def test_withdrawing_erases_at_once_and_for_good(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        person_id, other_id = await make_person(uow), await make_person(uow)
        await register(uow, keys, encoder, person_id, photos_of(1))
        await register(uow, keys, encoder, other_id, photos_of(2))
    clock.advance(hours=1)
    async with make_uow() as uow:
        first = await consent.withdraw_consent(uow, person_id=person_id, reason="moved away")
        again = await consent.withdraw_consent(uow, person_id=person_id, reason="")
        assert (first.state, again.id) == (ConsentState.WITHDRAWN, first.id)
    async with make_uow() as uow:
        assert {t.person_id for t in await uow.session.scalars(select(FaceTemplate))} == {other_id}
        assert await service.consent_withdrawn_before(uow, [person_id, other_id]) == {person_id: clock.now()}
        await consent.give_consent(uow, person_id=person_id, guardian_name="")
        assert await service.consent_withdrawn_before(uow, [person_id]) == {}


# Registration


async def test_registration_replaces_the_former_templates(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id = await make_person(uow)
    first = await register(uow, keys, encoder, person_id, photos_of(1, count=5))
    first_set = first.set_id
    second = await register(uow, keys, encoder, person_id, photos_of(1, count=3))
    assert second.state is RegistrationState.IN_USE
    rows = (await uow.session.scalars(select(FaceTemplate))).all()
    assert {row.set_id for row in rows} == {second.set_id} != {first_set}
    assert len(rows) == second.template_count == 3


async def test_templates_are_encrypted_in_the_database(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id = await make_person(uow)
    encoded = photos_of(1)
    await register(uow, keys, encoder, person_id, encoded)
    stored = b"".join(row.ciphertext for row in await uow.session.scalars(select(FaceTemplate)))
    assert encoded.encodings[0].tobytes()[:16] not in stored
    assert np.frombuffer(stored[:512], "<f4").tolist() != encoded.encodings[0].tolist()


async def test_nothing_biometric_is_in_audit_or_events(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id, double_id = await make_person(uow), await make_person(uow)
    await register(uow, keys, encoder, person_id, photos_of(1))
    await register(uow, keys, encoder, double_id, photos_of(1))
    await consent.withdraw_consent(uow, person_id=person_id, reason="")
    await uow.store_records()
    told = [entry.after for entry in await uow.session.scalars(select(AuditEntry))]
    told += [event.payload for event in await uow.session.scalars(select(OutboxEvent))]
    assert len(told) >= 8
    for values in told:
        assert not {"encoding", "encodings", "template", "similarity", "photo"} & set(values or {})
        assert not any(isinstance(value, float) for value in (values or {}).values())


async def test_the_same_face_under_two_accounts_waits_for_staff(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder
) -> None:
    first_id, second_id = await make_person(uow), await make_person(uow)
    await register(uow, keys, encoder, first_id, photos_of(1))
    held = await register(uow, keys, encoder, second_id, photos_of(1))
    assert held.state is RegistrationState.HELD
    clash = await queries.open_clash_of(uow, second_id)
    assert clash is not None
    assert clash.other_person_id == first_id
    assert 0.9 < clash.similarity <= 1
    assert set(await queries.people_in_use(uow, [first_id, second_id], "sface")) == {first_id}

    await registration.resolve_clash(uow, clash_id=clash.id, resolution=ClashResolution.KEPT, reason="twins")
    assert set(await queries.people_in_use(uow, [first_id, second_id], "sface")) == {first_id, second_id}
    await registration.resolve_clash(uow, clash_id=clash.id, resolution=ClashResolution.KEPT, reason="twins")
    with pytest.raises(errors.FaceClashResolved):
        await registration.resolve_clash(uow, clash_id=clash.id, resolution=ClashResolution.ERASED, reason="")
    # Staff have said that they are two people: new photos of one don't wait again.
    assert (await register(uow, keys, encoder, first_id, photos_of(1))).state is RegistrationState.IN_USE


async def test_an_erased_clash_leaves_no_template(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    first_id, second_id = await make_person(uow), await make_person(uow)
    await register(uow, keys, encoder, first_id, photos_of(1))
    await register(uow, keys, encoder, second_id, photos_of(1))
    clash = await queries.open_clash_of(uow, second_id)
    assert clash is not None
    await registration.resolve_clash(uow, clash_id=clash.id, resolution=ClashResolution.ERASED, reason="one person")
    assert {row.person_id for row in await uow.session.scalars(select(FaceTemplate))} == {first_id}


async def test_templates_of_two_engines_are_never_compared(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder
) -> None:
    first_id, second_id = await make_person(uow), await make_person(uow)
    await register(uow, keys, encoder, first_id, photos_of(1, engine="dlib"))
    other = await register(uow, keys, encoder, second_id, photos_of(1))
    assert other.state is RegistrationState.IN_USE
    assert await registration.compare(uow, keys=keys, encoder=encoder, person_id=first_id, encoded=photos_of(1)) is None


async def test_one_photo_is_compared_with_one_person(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id = await make_person(uow)
    await register(uow, keys, encoder, person_id, photos_of(1))
    same = await registration.compare(
        uow, keys=keys, encoder=encoder, person_id=person_id, encoded=photos_of(1, count=1)
    )
    other = await registration.compare(
        uow, keys=keys, encoder=encoder, person_id=person_id, encoded=photos_of(2, count=1)
    )
    assert same is not None
    assert other is not None
    assert (same.same_person, other.same_person) == (True, False)
    assert same.similarity > 0.9
    assert other.similarity < 0.5


async def test_the_same_face_registered_twice_at_once_clashes_once(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder
) -> None:
    async with make_uow() as uow:
        people = [await make_person(uow) for _ in range(3)]

    async def register_one(person_id: UUID) -> RegistrationState:
        async with make_uow() as uow:
            return (await register(uow, keys, encoder, person_id, photos_of(1))).state

    states = await asyncio.gather(*map(register_one, people))
    assert sorted(state.value for state in states) == ["HELD", "HELD", "IN_USE"]
