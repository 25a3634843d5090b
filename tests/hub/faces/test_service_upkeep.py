import numpy as np
from sqlalchemy import select, text

from hub.faces import service
from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder
from hub.faces.models import FaceTemplate
from hub.faces.service import upkeep
from tests.factories.faces import DEVICE, make_person, photos_of, register, sync
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def test_rotation_encrypts_everything_again(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder, clock: FakeClock
) -> None:
    former = keys.current_id
    async with make_uow() as uow:
        person_id = await make_person(uow)
        await register(uow, keys, encoder, person_id, photos_of(1))
        disk_key = await service.device_gallery_key(uow, keys=keys, device_id=DEVICE)
    async with make_uow() as uow:
        key_id, count = await upkeep.rotate_key(uow, keys=keys)
        assert (key_id, count) == (keys.current_id, 3)
        assert key_id != former
    clock.set(keys.made_time(key_id))
    async with make_uow() as uow:
        await upkeep.retire_keys(uow, clock.now(), keys=keys)
        assert keys.others() == [former]  # another hub may still use it
    clock.advance(days=1, seconds=1)
    async with make_uow() as uow:
        await upkeep.retire_keys(uow, clock.now(), keys=keys)
    assert keys.others() == []
    async with make_uow() as uow:
        assert {row.key_id for row in await uow.session.scalars(select(FaceTemplate))} == {key_id}
        assert await service.device_gallery_key(uow, keys=keys, device_id=DEVICE) == disk_key
        changes = await sync(uow, keys, [person_id], 0)
        assert np.array_equal(dict(changes.upserts)[person_id], photos_of(1).encodings)


async def test_a_key_is_rotated_after_90_days(make_uow: MakeUow, keys: KeyRing, clock: FakeClock) -> None:
    former = keys.current_id
    clock.set(keys.made_time(former))
    clock.advance(days=89)
    async with make_uow() as uow:
        await upkeep.rotate_old_key(uow, clock.now(), keys=keys)
        assert keys.current_id == former
    clock.advance(days=1)
    async with make_uow() as uow:
        await upkeep.rotate_old_key(uow, clock.now(), keys=keys)
        assert keys.current_id != former


async def test_people_of_another_engine_are_asked_for_photos_once(
    make_uow: MakeUow, keys: KeyRing, encoder: FaceEncoder, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        await register(uow, keys, encoder, await make_person(uow), photos_of(1, engine="dlib"))
        await register(uow, keys, encoder, await make_person(uow), photos_of(2))
    for _ in range(2):
        async with make_uow() as uow:
            await upkeep.ask_for_new_photos(uow, clock.now(), engine_id="sface")
    async with make_uow() as uow:
        count = await uow.session.scalar(
            text("SELECT count(*) FROM outbox_events WHERE name = 'faces.new_photos_wanted'")
        )
        assert count == 1
