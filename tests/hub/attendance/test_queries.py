from datetime import date

from hub.attendance import queries
from hub.courses.rules import ExceptionKind
from hub.db.database import Database
from hub.db.principal import SYSTEM
from tests.factories.attendance import make_lesson
from tests.factories.courses import make_exception
from tests.factories.users import make_trainee


async def test_a_coming_session_counts_members_and_those_added_less_those_left_out(database: Database) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        lesson = await make_lesson(uow)
        member, other_member = lesson.trainee_ids[:2]
        guest, undecided = (await make_trainee(uow)).id, (await make_trainee(uow)).id
        for trainee_id, kind in (
            (guest, ExceptionKind.ADDED),
            (member, ExceptionKind.LEFT_OUT),
            (undecided, ExceptionKind.LEFT_OUT),  # is none of them anyway
            (other_member, ExceptionKind.ADDED),  # is one of them anyway
        ):
            await make_exception(
                uow, enrolment_id=lesson.session.enrolment_id, trainee_id=trainee_id, kind=kind,
                start_date=date(2026, 1, 5), end_date=None,
            )  # fmt: skip
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        counted = (await queries.counts_of(uow, [lesson.session]))[lesson.session.id]
        assert counted.expected == len(await queries.expected_in(uow, lesson.session)) == len(lesson.trainee_ids)
