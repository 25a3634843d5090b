import asyncio
from datetime import datetime
from uuid import UUID, uuid4

import numpy as np
import pytest

from hub.db.unit_of_work import UnitOfWork
from hub.faces import errors, queries, service
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.service import consent
from tests.factories.faces import DEVICE, make_person, names, photos_of, register, sync
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_a_device_gets_its_room_and_then_differences(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder
) -> None:
    a, b, c, outsider = [await make_person(uow) for _ in range(4)]
    for number, person_id in enumerate((a, b, c, outsider)):
        await register(uow, keys, encoder, person_id, photos_of(number))
    first = await sync(uow, keys, [a, b], 0)
    assert (first.full, names(first), first.removals) == (True, {a, b}, [])
    encodings = dict(first.upserts)[a]
    assert encodings.shape == (3, 128)
    assert np.array_equal(encodings, photos_of(0).encodings)

    same = await sync(uow, keys, [a, b], first.version)
    assert (same.version, same.full, same.upserts, same.removals) == (first.version, False, [], [])

    second = await sync(uow, keys, [b, c], first.version)
    assert second.version > first.version
    assert (second.full, names(second), second.removals) == (False, {c}, [a])

    # The answer was lost: the device asks again from where it is.
    repeated = await sync(uow, keys, [b, c], first.version)
    assert (repeated.version, names(repeated), repeated.removals) == (second.version, {c}, [a])


async def test_a_removal_is_repeated_until_acknowledged(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    a, b = [await make_person(uow) for _ in range(2)]
    for number, person_id in enumerate((a, b)):
        await register(uow, keys, encoder, person_id, photos_of(number))
    first = await sync(uow, keys, [a, b], 0)
    second = await sync(uow, keys, [b], first.version)
    again = await sync(uow, keys, [b], second.version)
    assert second.removals == again.removals == [a]
    await service.acknowledge_gallery(uow, device_id=DEVICE, version=second.version, erased_person_ids=[a])
    assert (await sync(uow, keys, [b], second.version)).removals == []


async def test_new_photos_reach_the_devices(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    person_id = await make_person(uow)
    await register(uow, keys, encoder, person_id, photos_of(1))
    first = await sync(uow, keys, [person_id], 0)
    await register(uow, keys, encoder, person_id, photos_of(1, count=4))
    second = await sync(uow, keys, [person_id], first.version)
    assert second.version > first.version
    assert dict(second.upserts)[person_id].shape == (4, 128)


@pytest.mark.parametrize("known", [0, 99, -3])
async def test_an_unknown_version_gets_the_whole_gallery(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder, known: int
) -> None:
    person_id = await make_person(uow)
    await register(uow, keys, encoder, person_id, photos_of(1))
    await sync(uow, keys, [person_id], 0)
    changes = await sync(uow, keys, [person_id], known)
    assert (changes.full, names(changes)) == (True, {person_id})


async def test_another_engine_starts_over(uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder) -> None:
    old, new = [await make_person(uow) for _ in range(2)]
    await register(uow, keys, encoder, old, photos_of(1))
    await register(uow, keys, encoder, new, photos_of(2, engine="dlib"))
    first = await sync(uow, keys, [old, new], 0)
    assert names(first) == {old}
    second = await sync(uow, keys, [old, new], first.version, engine="dlib")
    assert (second.full, names(second), second.removals) == (True, {new}, [old])


async def test_devices_prove_that_withdrawn_templates_are_erased(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder, clock: FakeClock
) -> None:
    other_device = uuid4()
    async with make_uow() as uow:
        person_id = await make_person(uow)
        await register(uow, keys, encoder, person_id, photos_of(1))
        versions = {
            device: (await sync(uow, keys, [person_id], 0, device_id=device)).version
            for device in (DEVICE, other_device)
        }
        await consent.withdraw_consent(uow, person_id=person_id, reason="")
    withdrawn_time = clock.now()
    clock.advance(minutes=1)
    async with make_uow() as uow:
        # An acknowledgement of the version before proves nothing.
        await service.acknowledge_gallery(uow, device_id=DEVICE, version=versions[DEVICE])
        assert await acknowledged(uow, person_id) == {DEVICE: None, other_device: None}
        changes = await sync(uow, keys, [person_id], versions[DEVICE])
        assert (changes.upserts, changes.removals) == ([], [person_id])
        assert await acknowledged(uow, person_id) == {DEVICE: None, other_device: None}
        for _ in range(2):
            await service.acknowledge_gallery(
                uow, device_id=DEVICE, version=changes.version, erased_person_ids=[person_id]
            )
    async with make_uow() as uow:
        assert await acknowledged(uow, person_id) == {DEVICE: clock.now(), other_device: None}
        assert {proof.withdrawn_time for proof in await queries.erasure_proofs(uow, person_id)} == {withdrawn_time}


async def acknowledged(uow: UnitOfWork, person_id: UUID) -> dict[UUID, datetime | None]:
    await uow.session.flush()
    return {proof.device_id: proof.acknowledged_time for proof in await queries.erasure_proofs(uow, person_id)}


async def test_new_templates_in_place_of_withdrawn_ones_prove_it_too(
    uow: UnitOfWork, keys: KeyRing, encoder: FaceEncoder
) -> None:
    person_id = await make_person(uow)
    await register(uow, keys, encoder, person_id, photos_of(1))
    first = await sync(uow, keys, [person_id], 0)
    await consent.withdraw_consent(uow, person_id=person_id, reason="")
    await register(uow, keys, encoder, person_id, photos_of(1))
    second = await sync(uow, keys, [person_id], first.version)
    assert names(second) == {person_id}
    assert await acknowledged(uow, person_id) == {DEVICE: None}
    await service.acknowledge_gallery(uow, device_id=DEVICE, version=second.version)
    assert list((await acknowledged(uow, person_id)).values()) != [None]


async def test_a_version_that_was_never_sent_cannot_be_acknowledged(uow: UnitOfWork, keys: KeyRing) -> None:
    with pytest.raises(errors.GalleryVersionUnknown):
        await service.acknowledge_gallery(uow, device_id=DEVICE, version=1)
    changes = await sync(uow, keys, [], 0)
    with pytest.raises(errors.GalleryVersionUnknown):
        await service.acknowledge_gallery(uow, device_id=DEVICE, version=changes.version + 1)


async def test_a_withdrawal_during_a_sync_sees_who_was_sent_the_templates(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder
) -> None:
    async with make_uow() as uow:
        person_id = await make_person(uow)
        await register(uow, keys, encoder, person_id, photos_of(1))

    async def withdraw() -> None:
        async with make_uow() as uow:
            await consent.withdraw_consent(uow, person_id=person_id, reason="")

    async with make_uow() as uow:
        assert names(await sync(uow, keys, [person_id], 0)) == {person_id}
        withdrawal = asyncio.create_task(withdraw())
        await asyncio.sleep(0.2)
        assert not withdrawal.done()
    await withdrawal
    async with make_uow() as uow:
        assert await acknowledged(uow, person_id) == {DEVICE: None}
