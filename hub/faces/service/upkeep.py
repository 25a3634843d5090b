"""Keys are rotated and retired; people whose templates are of another engine are asked for new photos."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import exists, select

from hub.db.unit_of_work import UnitOfWork
from hub.faces.custody import KeyRing, Sealed, disk_key_context, template_context
from hub.faces.events import NewPhotosWanted
from hub.faces.models import DeviceGallery, FaceRegistration, FaceTemplate
from hub.faces.rules import KEY_LIFETIME, KEY_RETIREMENT
from hub.faces.service.templates import unseal

Job = tuple[str, Any, Callable[[UnitOfWork, datetime], Awaitable[None]]]


def jobs(*, keys: KeyRing, engine_id: str) -> list[Job]:
    """Every night, in this order; `engine_id` is the engine that the hub uses."""
    return [
        ("faces.rotate_old_key", CronTrigger(hour=1, timezone="UTC"), partial(rotate_old_key, keys=keys)),
        ("faces.retire_keys", CronTrigger(hour=3, timezone="UTC"), partial(retire_keys, keys=keys)),
        (
            "faces.ask_for_new_photos",
            CronTrigger(hour=4, timezone="UTC"),
            partial(ask_for_new_photos, engine_id=engine_id),
        ),
    ]


async def rotate_key(uow: UnitOfWork, *, keys: KeyRing) -> tuple[str, int]:
    """Encrypt everything again under a new key; answers its id and how many templates.

    The former keys stay until `retire_keys` finds that nothing needs them.
    """
    key_id = keys.add_key()
    count = await reencrypt(uow, keys=keys)
    uow.audit("faces.rotate_key", object_type="template_key", object_id=key_id, after={"reencrypted_templates": count})
    return key_id, count


async def reencrypt(uow: UnitOfWork, *, keys: KeyRing) -> int:
    """Encrypt under the newest key whatever is not; answers how many templates."""
    templates = list(await uow.session.scalars(select(FaceTemplate).where(FaceTemplate.key_id != keys.current_id)))
    for template in templates:
        context = template_context(template.person_id, template.set_id, template.position)
        _store(template, keys.seal(unseal(keys, template), context))
    for gallery in await uow.session.scalars(select(DeviceGallery).where(DeviceGallery.key_id != keys.current_id)):
        context = disk_key_context(gallery.device_id, gallery.disk_key_id)
        plain = keys.unseal(Sealed(gallery.key_id, gallery.nonce, gallery.ciphertext), context)
        _store(gallery, keys.seal(plain, context))
    await uow.session.flush()
    return len(templates)


async def rotate_old_key(uow: UnitOfWork, scheduled_for: datetime, *, keys: KeyRing) -> None:  # noqa: ARG001 (a job's signature)
    """A key encrypts for 90 days."""
    if uow.now - keys.made_time(keys.current_id) >= KEY_LIFETIME:
        await rotate_key(uow, keys=keys)


async def retire_keys(uow: UnitOfWork, scheduled_for: datetime, *, keys: KeyRing) -> None:  # noqa: ARG001 (a job's signature)
    """Destroy keys that nothing is encrypted with any more, a day after they were replaced."""
    former = keys.others()
    if not former or uow.now - keys.made_time(keys.current_id) < KEY_RETIREMENT:
        return
    await reencrypt(uow, keys=keys)
    for key_id in former:
        uow.audit("faces.destroy_key", object_type="template_key", object_id=key_id)
    await _refuse_needed(uow, former)
    for key_id in former:
        keys.destroy(key_id)


async def ask_for_new_photos(uow: UnitOfWork, scheduled_for: datetime, *, engine_id: str) -> None:  # noqa: ARG001 (a job's signature)
    """Tell once of each person whose templates are of an engine that is no longer used."""
    outdated = await uow.session.scalars(
        select(FaceRegistration).where(
            FaceRegistration.engine != engine_id, FaceRegistration.new_photos_wanted.is_(False)
        )
    )
    for registration in outdated:
        registration.new_photos_wanted = True
        uow.publish(NewPhotosWanted(**uow.new_event_args(), person_id=registration.person_id))


def _store(row: FaceTemplate | DeviceGallery, sealed: Sealed) -> None:
    row.key_id, row.nonce, row.ciphertext = sealed.key_id, sealed.nonce, sealed.ciphertext


async def _refuse_needed(uow: UnitOfWork, key_ids: list[str]) -> None:
    for table in (FaceTemplate, DeviceGallery):
        if await uow.session.scalar(select(exists().where(table.key_id.in_(key_ids)))):
            raise RuntimeError("a key that is to be destroyed still encrypts something")
