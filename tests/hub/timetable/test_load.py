from datetime import date, time, timedelta

from hub.courses.models import Enrolment
from hub.courses.rules import EnrolmentState
from hub.db.unit_of_work import UnitOfWork
from hub.timetable import service
from hub.timetable.load import LoadsOfTimetable
from hub.timetable.rules import Slot
from hub.timetable.service import versions
from tests.factories.timetable import draft_entry, make_lesson_basis

MONDAY = date(2026, 3, 2)
LAST = date(2026, 4, 3)


async def test_the_load_is_what_is_published_for_the_week(uow: UnitOfWork) -> None:
    basis = await make_lesson_basis(uow)
    published = [
        Slot(1, time(8), time(10, 30), date(2026, 1, 5), LAST),
        Slot(7, time(8), time(9), date(2026, 3, 8), date(2026, 3, 8)),  # on the week's Sunday alone
        Slot(4, time(8), time(9), date(2026, 1, 5), date(2026, 3, 1)),  # ended the day before
        Slot(5, time(8), time(9), date(2026, 3, 9), LAST),  # begins the week after
    ]
    for slot in published:
        await service.create_entry(uow, draft=draft_entry(basis, slot=slot, outside_day_pattern=True))
    version, _ = await service.publish(uow, term_id=basis.term_id, effective_date=date(2026, 3, 2))
    assert version is not None
    await versions.open_draft(uow, term_id=basis.term_id)
    later = Slot(2, time(14), time(16), date(2026, 1, 5), LAST)
    await service.create_entry(uow, draft=draft_entry(basis, slot=later))
    for day in (MONDAY, MONDAY + timedelta(days=6)):
        loads = await LoadsOfTimetable().weekly_loads(uow, [basis.trainer_id], on=day)
        assert loads == {basis.trainer_id: timedelta(hours=3, minutes=30)}
    assert await LoadsOfTimetable().weekly_loads(uow, [basis.room_id], on=MONDAY) == {}
    enrolment = await uow.session.get_one(Enrolment, basis.enrolment_id)
    enrolment.state = EnrolmentState.CANCELLED
    await uow.session.flush()
    assert await LoadsOfTimetable().weekly_loads(uow, [basis.trainer_id], on=MONDAY) == {}
