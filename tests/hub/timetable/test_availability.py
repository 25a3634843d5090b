"""When trainers can teach, on both databases."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from hub.db.database import Database
from hub.db.principal import SYSTEM, Principal
from hub.errors import HubError
from hub.rpc.fields import EtagStale
from hub.rpc.permissions import TRAINER, Reach, Scope
from hub.timetable.conflicts import conflicts_of
from hub.timetable.errors import (
    AvailabilityOverlap,
    NotOwnAvailability,
    TrainerAbsenceNotFound,
    TrainerAbsencesOverlap,
)
from hub.timetable.facts import LessonFacts, load_term
from hub.timetable.models import TrainerAvailability
from hub.timetable.policy import ConflictRule
from hub.timetable.rules import SessionType
from hub.timetable.service import availability
from hub.users.errors import UserNotFound
from tests.factories.timetable import MONDAY_EIGHT, LessonBasis, make_lesson_basis, make_trainee, make_trainer
from tests.fixtures.database import MakeUow

EVERYTHING = Scope(SYSTEM, frozenset({Reach.SCHOOL}))


def window(weekday: int, start: int, end: int, kind: str = "UNAVAILABLE") -> dict[str, object]:
    return {"weekday": weekday, "start": f"{start:02}:00:00", "end": f"{end:02}:00:00", "kind": kind}


@pytest.fixture
async def basis(make_uow: MakeUow) -> LessonBasis:
    async with make_uow() as uow:
        return await make_lesson_basis(uow)


async def replace_windows(
    database: Database,
    trainer_id: UUID,
    *windows: dict[str, object],
    term_id: UUID | None = None,
    etag: str = "",
    scope: Scope = EVERYTHING,
) -> TrainerAvailability:
    async with database.unit_of_work(scope.principal) as uow:
        return await availability.replace_windows(
            uow, trainer_id=trainer_id, term_id=term_id, windows=windows, etag=etag, scope=scope
        )


async def test_windows_of_one_trainer_never_overlap_in_any_term(database: Database, basis: LessonBasis) -> None:
    trainer_id, term_id = basis.trainer_id, basis.term_id
    stored = await replace_windows(database, trainer_id, window(1, 8, 10), window(1, 10, 12), term_id=term_id)
    with pytest.raises(AvailabilityOverlap):
        await replace_windows(database, trainer_id, window(2, 8, 10), window(2, 9, 11))
    with pytest.raises(AvailabilityOverlap, match="weekday 1 overlap"):  # what holds for all terms holds in this one
        await replace_windows(database, trainer_id, window(1, 9, 11))
    await replace_windows(database, trainer_id, window(1, 12, 13))
    await replace_windows(database, trainer_id, window(1, 8, 9), term_id=term_id, etag=str(stored.etag))
    with pytest.raises(EtagStale):
        await replace_windows(database, trainer_id, term_id=term_id, etag=str(stored.etag))


async def test_two_who_store_overlapping_windows_at_once_do_not_both_succeed(
    database: Database, basis: LessonBasis
) -> None:
    done = await asyncio.gather(
        replace_windows(database, basis.trainer_id, window(1, 8, 10)),
        replace_windows(database, basis.trainer_id, window(1, 9, 11), term_id=basis.term_id),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, HubError) for each in done) == [False, True]


async def test_a_trainer_gives_the_own_times_alone(database: Database, basis: LessonBasis) -> None:
    me = Scope(Principal("user", basis.trainer_id, frozenset({TRAINER})), frozenset({Reach.SELF}))
    async with database.unit_of_work(SYSTEM) as uow:
        other = await make_trainer(uow, basis.department_id, name="Ada")
    await replace_windows(database, basis.trainer_id, window(1, 8, 10), scope=me)
    with pytest.raises(NotOwnAvailability):
        await replace_windows(database, other.id, window(1, 8, 10), scope=me)
    async with database.unit_of_work(me.principal, write=False) as uow:
        mine = await availability.visible_availability(uow, trainer_id=basis.trainer_id, term_id=None, scope=me)
        assert mine is not None
        with pytest.raises(UserNotFound):
            await availability.visible_availability(uow, trainer_id=other.id, term_id=None, scope=me)


async def test_only_trainers_have_times(database: Database, basis: LessonBasis) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        trainee = await make_trainee(uow, basis.class_group_id)
    with pytest.raises(UserNotFound, match="only trainers"):
        await replace_windows(database, trainee.id, window(1, 8, 10))
    async with database.unit_of_work(SYSTEM) as uow:
        day = date(2026, 3, 2)
        with pytest.raises(UserNotFound, match="only trainers"):
            await availability.create_absence(
                uow, trainer_id=trainee.id, start_date=day, end_date=day, reason="", scope=EVERYTHING
            )


async def test_absences_of_one_trainer_never_overlap(database: Database, basis: LessonBasis) -> None:
    async def away(first: date, last: date) -> UUID:
        async with database.unit_of_work(SYSTEM) as uow:
            made = await availability.create_absence(
                uow, trainer_id=basis.trainer_id, start_date=first, end_date=last, reason=" Course ", scope=EVERYTHING
            )
            return made.id

    absence_id = await away(date(2026, 3, 2), date(2026, 3, 6))
    for first, last in ((date(2026, 3, 6), date(2026, 3, 9)), (date(2026, 3, 9), date(2026, 3, 8))):
        with pytest.raises(TrainerAbsencesOverlap):
            await away(first, last)
    await away(date(2026, 3, 7), date(2026, 3, 7))
    async with database.unit_of_work(SYSTEM) as uow:
        await availability.delete_absence(uow, absence_id=absence_id, scope=EVERYTHING)
    async with database.unit_of_work(SYSTEM) as uow:
        with pytest.raises(TrainerAbsenceNotFound):
            await availability.delete_absence(uow, absence_id=absence_id, scope=EVERYTHING)


async def test_conflicts_know_windows_and_absences(database: Database, basis: LessonBasis) -> None:
    await replace_windows(database, basis.trainer_id, window(1, 9, 12))
    async with database.unit_of_work(SYSTEM) as uow:
        await availability.create_absence(
            uow,
            trainer_id=basis.trainer_id,
            start_date=date(2026, 3, 2),
            end_date=date(2026, 3, 2),
            reason="",
            scope=EVERYTHING,
        )
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        term = await load_term(uow, basis.term_id)
        lesson = LessonFacts(None, basis.enrolment_id, basis.room_id, SessionType.THEORY, MONDAY_EIGHT)
        found = {conflict.rule: conflict.hard for conflict in conflicts_of(term.proposal(lesson, []))}
    assert found == {ConflictRule.TRAINER_UNAVAILABLE: True, ConflictRule.TRAINER_ABSENT: False}
