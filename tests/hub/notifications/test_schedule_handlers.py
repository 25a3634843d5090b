from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from uuid6 import uuid7

from hub.attendance.events import ScheduleChanged
from hub.notifications import handlers
from hub.notifications.models import Notification
from hub.notifications.rules import Priority
from hub.timetable.events import TrainerNotBooked
from tests.factories.school import make_class_group, make_school
from tests.factories.users import make_admin, make_trainee, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


def change(kind: str, start: datetime) -> dict[str, str]:
    return {
        "session_id": str(uuid7()),
        "title": "Networks",
        "kind": kind,
        "before_start_time": start.isoformat(),
        "before_room_code": "B12",
        "start_time": (start + timedelta(hours=2)).isoformat(),
        "room_code": "B13",
    }


async def tell(make_uow: MakeUow, event: ScheduleChanged | TrainerNotBooked) -> list[Notification]:
    """What is written when the relay delivers the event, twice as it may."""
    ((_, handler),) = [line for line in handlers.subscriptions() if line[0] is type(event)]
    for _ in range(2):
        async with make_uow() as uow:
            await handler(uow, event)
    async with make_uow(write=False) as uow:
        return list(await uow.session.scalars(select(Notification).where(Notification.event_id == event.event_id)))


async def test_the_class_group_and_the_trainers_hear_once_what_changed(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        await make_school(uow)
        group, other = await make_class_group(uow), await make_class_group(uow, stream="Z")
        member = await make_trainee(uow, class_group_id=group.id, membership_start_date=date(2026, 1, 1))
        await make_trainee(uow, class_group_id=other.id, membership_start_date=date(2026, 1, 1))
        trainer = await make_trainer(uow)

    def event(*kinds: str) -> ScheduleChanged:
        return ScheduleChanged(
            event_id=uuid7(),
            occurred_time=clock.now(),
            class_group_id=group.id,
            class_group_name=group.name,
            trainer_ids=[trainer.id],
            changes=[change(kind, datetime.fromisoformat("2026-03-02T05:00:00+00:00")) for kind in kinds],
        )

    texts = {
        "moved": "Networks of Mon 02 March, 08:00 in B12 is on Mon 02 March, 10:00 in B13 now.",
        "room_changed": "Networks of Mon 02 March, 08:00 in B12 is in B13 now.",
        "trainer_changed": "Networks of Mon 02 March, 08:00 in B12 has another trainer now.",
        "cancelled": "Networks of Mon 02 March, 08:00 in B12 is cancelled.",
    }
    for kind, text in texts.items():
        told = await tell(make_uow, sent := event(kind))
        assert {each.recipient_id for each in told} == {member.id, trainer.id}
        assert {each.body for each in told} == {text}
        assert (told[0].priority, told[0].object_type) == (Priority.HIGH, "session")
        assert told[0].object_id == UUID(sent.changes[0]["session_id"])
    told = await tell(make_uow, event(*["moved"] * 7))
    assert told[0].title == f"Timetable changed: 7 sessions of {group.name}"
    assert told[0].body.endswith("And 2 more.")


async def test_administrators_hear_of_lessons_that_a_new_trainer_cannot_take(
    make_uow: MakeUow, clock: FakeClock
) -> None:
    async with make_uow() as uow:
        admin, trainer = await make_admin(uow), await make_trainer(uow)
    event = TrainerNotBooked(
        event_id=uuid7(),
        occurred_time=clock.now(),
        enrolment_id=uuid7(),
        trainer_id=trainer.id,
        entry_ids=[uuid7(), uuid7()],
    )
    (told,) = await tell(make_uow, event)
    assert (told.recipient_id, told.object_type, told.object_id) == (admin.id, "enrolment", event.enrolment_id)
    assert told.body.startswith("2 lines of the timetable stay with the former trainer")
