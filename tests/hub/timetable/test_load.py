from datetime import date, time, timedelta

from hub.db.unit_of_work import UnitOfWork
from hub.timetable.load import LoadsOfTimetable
from hub.timetable.models import TimetableEntry
from hub.timetable.rules import EntryKind, EntryState, SessionType
from tests.factories.courses import make_enrolment
from tests.factories.timetable import make_room

MONDAY = date(2026, 3, 2)


async def test_the_load_is_what_is_published_for_the_week(uow: UnitOfWork) -> None:
    enrolment = await make_enrolment(uow)
    room = await make_room(uow)
    weeks = {
        EntryState.PUBLISHED: [
            (1, time(8), time(10, 30), date(2026, 1, 5), date(2026, 4, 10)),
            (3, time(8), time(9), date(2026, 3, 8), date(2026, 3, 8)),  # begins on the week's Sunday
            (4, time(8), time(9), date(2026, 1, 5), date(2026, 3, 1)),  # ended the day before
            (5, time(8), time(9), date(2026, 3, 9), date(2026, 4, 10)),  # begins the week after
        ],
        EntryState.DRAFT: [(2, time(14), time(16), date(2026, 1, 5), date(2026, 4, 10))],
    }
    for state, entries in weeks.items():
        for weekday, start, end, first, last in entries:
            uow.session.add(
                TimetableEntry(
                    enrolment_id=enrolment.id,
                    term_id=enrolment.term_id,
                    trainer_id=enrolment.trainer_id,
                    class_group_id=enrolment.class_group_id,
                    room_id=room.id,
                    weekday=weekday,
                    start_time_of_day=start,
                    end_time_of_day=end,
                    session_type=SessionType.THEORY,
                    kind=EntryKind.RECURRING,
                    start_date=first,
                    end_date=last,
                    state=state,
                )
            )
    await uow.session.flush()
    for day in (MONDAY, MONDAY + timedelta(days=6)):
        loads = await LoadsOfTimetable().weekly_loads(uow, [enrolment.trainer_id], on=day)
        assert loads == {enrolment.trainer_id: timedelta(hours=3, minutes=30)}
    assert await LoadsOfTimetable().weekly_loads(uow, [room.id], on=MONDAY) == {}
