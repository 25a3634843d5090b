"""Another trainer of an enrolment, as the plan follows it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select

from hub.courses.events import EnrolmentTrainerChanged
from hub.courses.models import Enrolment
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.school.models import ClassGroup
from hub.timetable import queries, service
from hub.timetable.models import Booking
from hub.timetable.service import trainers, versions
from tests.factories.timetable import (
    MONDAY_EIGHT,
    draft_entry,
    make_enrolment,
    make_entry,
    make_lesson_basis,
    make_room,
    make_trainer,
)
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


async def change(uow: UnitOfWork, enrolment_id: UUID, trainer_id: UUID) -> None:
    """As courses do it, and the relay delivers it: twice."""
    enrolment = await uow.session.get_one(Enrolment, enrolment_id)
    before, enrolment.trainer_id = enrolment.trainer_id, trainer_id
    for _ in range(2):
        event = EnrolmentTrainerChanged(
            **uow.new_event_args(), enrolment_id=enrolment_id, before_trainer_id=before, trainer_id=trainer_id
        )
        await trainers.follow_trainer(uow, event)


async def test_the_plan_follows_from_today_on_and_the_past_stays(make_uow: MakeUow, clock: FakeClock) -> None:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        await make_entry(uow, basis)
        await service.publish(uow, term_id=basis.term_id)
        draft = await versions.open_draft(uow, term_id=basis.term_id)
        other = await make_trainer(uow, basis.department_id, name="Ada")
    clock.set(datetime(2026, 3, 16, 6, tzinfo=UTC))
    async with make_uow() as uow:
        await change(uow, basis.enrolment_id, other.id)
    async with make_uow(write=False) as uow:
        for day, trainer_id in ((date(2026, 3, 9), basis.trainer_id), (date(2026, 3, 16), other.id)):
            version = await queries.version_in_force(uow, basis.term_id, day)
            assert version is not None
            assert {e.trainer_id for e in await queries.entries_of_version(uow, version.id)} == {trainer_id}
        assert {e.trainer_id for e in await queries.entries_of_version(uow, draft.id)} == {other.id}
        lessons = await queries.occurrences(
            uow, start=datetime(2026, 3, 9, tzinfo=UTC), end=datetime(2026, 3, 24, tzinfo=UTC)
        )
        assert [lesson.trainer_id for lesson in lessons] == [basis.trainer_id, other.id, other.id]
        assert len({lesson.lesson_id for lesson in lessons}) == 1


async def test_a_line_that_the_new_trainer_cannot_take_stays_and_is_told(make_uow: MakeUow, clock: FakeClock) -> None:
    clock.set(datetime(2026, 3, 2, 6, tzinfo=UTC))
    async with make_uow() as uow:
        basis = await make_lesson_basis(uow)
        monday = await make_entry(uow, basis)
        tuesday = await make_entry(uow, basis, slot=replace(MONDAY_EIGHT, weekday=2))
        busy = await make_enrolment(
            uow, class_group_id=basis.class_group_id, term_id=basis.term_id, department_id=basis.department_id
        )
        busy.class_group_id = (await _another_group(uow, basis.class_group_id)).id
        room = await make_room(uow, code="B13")
        await service.create_entry(uow, draft=draft_entry(basis, enrolment_id=busy.id, room_id=room.id))
    async with make_uow() as uow:
        await change(uow, basis.enrolment_id, busy.trainer_id)
        await uow.store_records()
        query = select(OutboxEvent).where(OutboxEvent.name == "timetable.trainer_not_booked")
        assert {tuple(event.payload["entry_ids"]) for event in await uow.session.scalars(query)} == {(str(monday.id),)}
        assert (await queries.get_entry(uow, monday.id)).trainer_id == basis.trainer_id
        assert (await queries.get_entry(uow, tuesday.id)).trainer_id == busy.trainer_id
        booked = await uow.session.scalars(select(Booking.trainer_id).where(Booking.entry_id == tuesday.id))
        assert booked.all() == [busy.trainer_id]


async def _another_group(uow: UnitOfWork, class_group_id: UUID) -> ClassGroup:
    group = await uow.session.get_one(ClassGroup, class_group_id)
    other = ClassGroup(programme_id=group.programme_id, intake_year=2025, name="DIT-2025-A")
    uow.session.add(other)
    await uow.session.flush()
    return other
