"""Eight writers on one room, as the benchmark has them, for a few seconds."""

from uuid import UUID

from bench.booking import WRITERS, Arena, contend, overlaps
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.timetable.service import versions
from tests.factories.timetable import TERM, make_enrolment, make_lesson_basis
from tests.fixtures.clock import FakeClock

ATTEMPTS = 5


async def test_eight_writers_on_one_room_store_no_overlap_and_meet_no_deadlock(
    database_url: str, clock: FakeClock
) -> None:
    # On PostgreSQL each writer is a hub of its own; SQLite has one.
    hubs = WRITERS if database_url.startswith("postgresql") else 1
    databases = [Database.open(database_url, clock=clock.now, pool_size=2) for _ in range(hubs)]
    enrolments: list[UUID] = []
    async with databases[0].unit_of_work(SYSTEM) as uow:
        basis = await make_lesson_basis(uow)
        draft = await versions.open_draft(uow, term_id=basis.term_id, empty=True)
        for _ in range(WRITERS):
            enrolment = await make_enrolment(
                uow, class_group_id=basis.class_group_id, term_id=basis.term_id, department_id=basis.department_id
            )
            enrolments.append(enrolment.id)
    outcome = await contend(
        (databases * WRITERS)[:WRITERS], Arena(draft.id, basis.room_id, enrolments, *TERM), attempts=ATTEMPTS
    )
    found, stored = await overlaps(databases[0], draft.id)
    for database in databases:
        await database.dispose()
    assert outcome.failures == {}
    assert outcome.made + outcome.moved + outcome.deleted + outcome.refused == WRITERS * ATTEMPTS
    assert stored == outcome.made - outcome.deleted > 0
    assert found == 0
