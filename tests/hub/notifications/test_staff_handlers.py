from dataclasses import replace

import pytest
from sqlalchemy import select
from uuid6 import uuid7

from hub.devices.events import DeviceAlarmCleared, DeviceAlarmRaised
from hub.events import Event
from hub.faces.events import FaceClashFound, NewPhotosWanted
from hub.jobs.events import JobFinished
from hub.notifications import handlers, staff_handlers
from hub.notifications.models import Notification
from hub.notifications.rules import Priority
from tests.factories.users import make_admin, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


def alarm(clock: FakeClock) -> DeviceAlarmRaised:
    return DeviceAlarmRaised(
        event_id=uuid7(),
        occurred_time=clock.now(),
        alarm_id=uuid7(),
        device_id=uuid7(),
        room_id=uuid7(),
        device_name="B12 door",
        reason="CAMERA_FAILED",
        detail="No frames for 10 s.",
    )


async def tell(make_uow: MakeUow, event: Event) -> list[Notification]:
    """What is written when the relay delivers the event, twice as it may."""
    ((_, handler),) = [line for line in handlers.subscriptions() if line[0] is type(event)]
    for _ in range(2):
        async with make_uow() as uow:
            await handler(uow, event)
    async with make_uow(write=False) as uow:
        return list(await uow.session.scalars(select(Notification)))


async def test_admins_hear_of_a_device_alarm_once(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        admins = {(await make_admin(uow)).id for _ in range(2)}
        await make_trainer(uow)
    told = await tell(make_uow, event := alarm(clock))
    assert {notification.recipient_id for notification in told} == admins
    assert len(told) == 2
    assert told[0].title == "Device alarm: B12 door"
    assert told[0].body == "Camera failed. No frames for 10 s."
    assert (told[0].object_type, told[0].object_id, told[0].priority) == ("device", event.device_id, Priority.HIGH)


async def test_admins_decide_a_clash_and_no_name_is_told(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        admin, other = await make_admin(uow), await make_trainer(uow)
    event = FaceClashFound(
        event_id=uuid7(), occurred_time=clock.now(), clash_id=uuid7(), person_id=admin.id, other_person_id=other.id
    )
    (notification,) = await tell(make_uow, event)
    assert (notification.recipient_id, notification.object_id) == (admin.id, event.clash_id)
    assert other.family_name not in notification.title + notification.body


async def test_a_person_is_asked_for_new_photos(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        await make_admin(uow)
        person = await make_trainer(uow)
    event = NewPhotosWanted(event_id=uuid7(), occurred_time=clock.now(), person_id=person.id)
    (notification,) = await tell(make_uow, event)
    assert notification.recipient_id == person.id


async def test_who_began_a_job_hears_how_it_ended(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        await make_admin(uow)
        owner = await make_trainer(uow)
    event = JobFinished(
        event_id=uuid7(),
        occurred_time=clock.now(),
        job_id=uuid7(),
        kind="timetable.generate",
        title="Timetable of term 1",
        owner_id=owner.id,
        state="FAILED",
        failure="There are no rooms: create some first.",
    )
    (notification,) = await tell(make_uow, event)
    assert (notification.recipient_id, notification.object_id) == (owner.id, event.job_id)
    assert (notification.title, notification.body) == ("Failed: Timetable of term 1", event.failure)
    assert len(await tell(make_uow, replace(event, event_id=uuid7(), owner_id=None))) == 1


async def test_another_event_is_a_mistake(make_uow: MakeUow, clock: FakeClock) -> None:
    raised = alarm(clock)
    cleared = DeviceAlarmCleared(
        event_id=uuid7(),
        occurred_time=clock.now(),
        alarm_id=raised.alarm_id,
        device_id=raised.device_id,
        room_id=raised.room_id,
        device_name=raised.device_name,
        reason=raised.reason,
    )
    async with make_uow() as uow:
        with pytest.raises(TypeError, match="alarm_cleared"):
            await staff_handlers.tell_staff(uow, cleared)
