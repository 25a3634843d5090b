# ruff: noqa: ANN401 (fields by name)
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from hub.courses import queries
from hub.courses.errors import EnrolmentEnded, EnrolmentInvalid, ExceptionBegun, ExceptionsOverlap
from hub.courses.models import EnrolmentException
from hub.courses.rules import ExceptionKind
from hub.courses.service import exceptions
from hub.courses.service.moves import advance_enrolments
from hub.db.outbox_tables import OutboxEvent
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.fields import EtagStale
from tests.factories.courses import make_enrolment, make_exception
from tests.factories.school import make_class_group
from tests.factories.users import make_trainee, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


def _draft_of(exception: EnrolmentException) -> exceptions.ExceptionDraft:
    return exceptions.ExceptionDraft(
        enrolment_id=exception.enrolment_id,
        trainee_id=exception.trainee_id,
        kind=exception.kind,
        start_date=exception.start_date,
        end_date=exception.end_date,
        reason=exception.reason,
    )


async def _update(uow: UnitOfWork, exception: EnrolmentException, **change: Any) -> EnrolmentException:
    return await exceptions.update_exception(
        uow,
        exception_id=exception.id,
        wanted=replace(_draft_of(exception), **change),
        fields=frozenset(change),
        etag="",
    )


async def test_expected_are_the_members_of_the_day_with_exceptions(uow: UnitOfWork) -> None:
    group = await make_class_group(uow)
    enrolment = await make_enrolment(uow, class_group_id=group.id)
    regular = await make_trainee(uow, class_group_id=group.id)
    exempted = await make_trainee(uow, class_group_id=group.id)
    newcomer = await make_trainee(uow, class_group_id=group.id, membership_start_date=date(2026, 3, 9))
    retaker, stranger = await make_trainee(uow), await make_trainee(uow)
    await make_exception(
        uow, enrolment_id=enrolment.id, trainee_id=exempted.id, kind=ExceptionKind.LEFT_OUT, end_date=date(2026, 3, 8)
    )
    await make_exception(uow, enrolment_id=enrolment.id, trainee_id=retaker.id, start_date=date(2026, 3, 3))
    expected = {
        date(2026, 3, 1): {regular, exempted},
        date(2026, 3, 2): {regular},
        date(2026, 3, 3): {regular, retaker},
        date(2026, 3, 8): {regular, retaker},
        date(2026, 3, 9): {regular, retaker, exempted, newcomer},
    }
    for day, people in expected.items():
        found = await queries.expected_trainees(uow, enrolment.id, day)
        assert found == sorted(person.id for person in people), day
        assert stranger.id not in found


async def test_bad_exceptions_are_refused(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
        trainee, trainer = await make_trainee(uow), await make_trainer(uow)
        for overrides, field in (
            ({"trainee_id": trainer.id}, "trainee_id"),
            ({"start_date": date(2026, 1, 4)}, "start_date"),
            ({"end_date": date(2026, 3, 1)}, "end_date"),
            ({"end_date": date(2026, 4, 11)}, "end_date"),
        ):
            values: dict[str, Any] = {"enrolment_id": enrolment.id, "trainee_id": trainee.id} | overrides
            with pytest.raises(EnrolmentInvalid) as refused:
                await make_exception(uow, **values)
            assert [violation.field for violation in refused.value.violations] == [f"enrolment_exception.{field}"]
        await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id)
        with pytest.raises(ExceptionsOverlap):
            await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id, start_date=date(2026, 3, 30))
    clock.advance(days=60)
    async with make_uow() as uow:
        await advance_enrolments(uow, clock.now())
        with pytest.raises(EnrolmentEnded, match="COMPLETED"):
            await make_exception(uow, enrolment_id=enrolment.id, trainee_id=trainee.id)


async def test_an_exception_is_ended_from_today_on_and_never_before(make_uow: MakeUow, clock: FakeClock) -> None:
    async with make_uow() as uow:
        enrolment = await make_enrolment(uow)
        exception = await make_exception(uow, enrolment_id=enrolment.id, trainee_id=(await make_trainee(uow)).id)
    clock.advance(days=10)  # 12 March
    async with make_uow() as uow:
        with pytest.raises(ExceptionBegun, match="2026-03-11 is over"):
            await _update(uow, exception, end_date=date(2026, 3, 10))
        with pytest.raises(ExceptionBegun, match="2026-03-02 is over"):
            await _update(uow, exception, start_date=date(2026, 3, 20))
        with pytest.raises(EnrolmentInvalid):
            await _update(uow, exception, end_date=date(2026, 4, 11))
        ended = await _update(uow, exception, end_date=date(2026, 3, 11), reason="passed the retake")
        assert (ended.end_date, ended.reason) == (date(2026, 3, 11), "passed the retake")
        await uow.store_records()
        events = await uow.session.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.name == "courses.expected_trainees_changed")
            .order_by(OutboxEvent.occurred_time)
        )
        # Other trainees than before are expected from today to the term's last day.
        told = [(event.payload["start_date"], event.payload["end_date"]) for event in events]
        assert told == [("2026-03-02", None), ("2026-03-12", "2026-04-10")]


async def test_an_exception_does_not_grow_into_another(uow: UnitOfWork) -> None:
    enrolment, trainee = await make_enrolment(uow), await make_trainee(uow)
    ids: dict[str, Any] = {"enrolment_id": enrolment.id, "trainee_id": trainee.id}
    first = await make_exception(uow, **ids, start_date=date(2026, 3, 9), end_date=date(2026, 3, 13))
    await make_exception(uow, **ids, start_date=date(2026, 3, 16))
    with pytest.raises(ExceptionsOverlap):
        await _update(uow, first, end_date=date(2026, 3, 16))
    await _update(uow, first, end_date=date(2026, 3, 15))


async def test_only_an_exception_that_has_not_begun_is_deleted(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    begun = await make_exception(uow, enrolment_id=enrolment.id, trainee_id=(await make_trainee(uow)).id)
    ahead = await make_exception(
        uow, enrolment_id=enrolment.id, trainee_id=(await make_trainee(uow)).id, start_date=date(2026, 3, 3)
    )
    with pytest.raises(ExceptionBegun, match="end date"):
        await exceptions.delete_exception(uow, exception_id=begun.id, etag="")
    with pytest.raises(EtagStale):
        await exceptions.delete_exception(uow, exception_id=ahead.id, etag="7")
    await exceptions.delete_exception(uow, exception_id=ahead.id, etag=str(ahead.etag))
    assert list(await uow.session.scalars(select(EnrolmentException))) == [begun]
