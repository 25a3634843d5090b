"""Sessions from the weekly plan and beside it, and what people do with them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.attendance import queries
from hub.attendance.errors import (
    FaceNotAlike,
    NotInRoom,
    NotTrainerOfSession,
    OutsideEndWindow,
    OutsideStartWindow,
    RecordLocked,
    SessionConflict,
    SessionNotFound,
    SessionStateConflict,
    TraineeNotExpected,
)
from hub.attendance.models import AttendanceRecord, AttendanceSession
from hub.attendance.rules import RecordSource, RecordState, SessionState
from hub.attendance.service import door, plan, sessions, watch
from hub.courses.events import EnrolmentMoved
from hub.courses.rules import EnrolmentState
from hub.courses.service import enrolments
from hub.db.database import Database
from hub.db.principal import SYSTEM, Principal
from hub.db.unit_of_work import UnitOfWork
from hub.errors import InvalidArgument
from hub.rpc.permissions import DP_ACADEMICS, TRAINER, Reach, Scope
from hub.school.events import CalendarDayCreated
from hub.school.rules import CalendarDayKind
from hub.timetable import service as timetable
from hub.timetable.rules import Slot
from hub.timetable.service import versions
from presence.geofence import Position
from tests.factories.attendance import END, INSIDE, START, Lesson, make_lesson
from tests.factories.school import make_calendar_day
from tests.factories.timetable import LessonBasis, make_entry, make_lesson_basis
from tests.factories.users import make_trainee
from tests.fixtures.clock import FakeClock


def trainer_of(lesson: Lesson) -> Scope:
    principal = Principal("user", lesson.trainer_id, frozenset({TRAINER}))
    return Scope(principal, frozenset({Reach.TAUGHT}))


@pytest.fixture
async def basis(database: Database) -> LessonBasis:
    async with database.unit_of_work(SYSTEM) as uow:
        return await make_lesson_basis(uow, time_zone="Europe/Berlin")


@pytest.fixture
async def lesson(database: Database, clock: FakeClock) -> Lesson:
    clock.set(START - timedelta(hours=12))
    async with database.unit_of_work(SYSTEM) as uow:
        made = await make_lesson(uow)
    clock.set(START)
    return made


async def all_sessions(database: Database) -> list[AttendanceSession]:
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        return list(await uow.session.scalars(select(AttendanceSession).order_by(AttendanceSession.planned_start_time)))


async def publish(database: Database, basis: LessonBasis, slot: Slot) -> UUID:
    async with database.unit_of_work(SYSTEM) as uow:
        entry = await make_entry(uow, basis, slot=slot)
        await timetable.publish(uow, term_id=basis.term_id)
        return entry.id


async def materialise(database: Database) -> int:
    async with database.unit_of_work(SYSTEM) as uow:
        return (await plan.materialise(uow)).created


async def test_lesson_keeps_its_local_hour_across_the_clock_change(
    database: Database, clock: FakeClock, basis: LessonBasis
) -> None:
    # Berlin goes from UTC+1 to UTC+2 on Sunday, 29 March 2026.
    clock.set(datetime(2026, 3, 23, 5, tzinfo=UTC))
    await publish(
        database,
        basis,
        Slot(1, time(8), time(10), date(2026, 1, 5), date(2026, 4, 3)),
    )
    assert await materialise(database) == 2
    assert await materialise(database) == 0
    before, after = await all_sessions(database)
    assert before.planned_start_time == datetime(2026, 3, 23, 7, tzinfo=UTC)
    assert after.planned_start_time == datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert (before.title, before.trainer_id) == ("Programming", basis.trainer_id)


async def test_sessions_follow_a_holiday_and_a_dropped_lesson(
    database: Database, clock: FakeClock, basis: LessonBasis
) -> None:
    clock.set(datetime(2026, 2, 28, tzinfo=UTC))
    first, last = date(2026, 1, 5), date(2026, 4, 3)
    await publish(database, basis, Slot(1, time(8), time(10), first, last))
    assert await materialise(database) == 2
    async with database.unit_of_work(SYSTEM) as uow:
        day = await make_calendar_day(uow, day=date(2026, 3, 2), kind=CalendarDayKind.CLOSURE)
    async with database.unit_of_work(SYSTEM) as uow:
        event = CalendarDayCreated(**uow.new_event_args(), calendar_day_id=day.id, day=day.date, class_group_id=None)
        await watch.follow_calendar(uow, event)
    assert [s.state for s in await all_sessions(database)] == [SessionState.CANCELLED, SessionState.SCHEDULED]
    async with database.unit_of_work(SYSTEM) as uow:
        await versions.open_draft(uow, term_id=basis.term_id, empty=True)
        await timetable.publish(uow, term_id=basis.term_id)
    await materialise(database)
    assert {s.state for s in await all_sessions(database)} == {SessionState.CANCELLED}


async def test_created_session_may_not_overlap(database: Database, lesson: Lesson) -> None:
    for start, end in ((START + timedelta(hours=1), END), (END - timedelta(seconds=1), END + timedelta(hours=1))):
        with pytest.raises(SessionConflict):
            async with database.unit_of_work(SYSTEM) as uow:
                await create(uow, lesson, start, end)
    async with database.unit_of_work(SYSTEM) as uow:
        await create(uow, lesson, END, END + timedelta(hours=1))
    with pytest.raises(InvalidArgument, match="after the start"):
        async with database.unit_of_work(SYSTEM) as uow:
            await create(uow, lesson, END, END)


async def test_nothing_is_scheduled_on_a_free_day(database: Database, lesson: Lesson) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        await make_calendar_day(uow, day=START.date() + timedelta(days=7), class_group_id=lesson.session.class_group_id)
    for days, free in ((7, True), (8, False)):
        async with database.unit_of_work(SYSTEM) as uow:
            start, end = START + timedelta(days=days), END + timedelta(days=days)
            if not free:
                await create(uow, lesson, start, end)
                continue
            with pytest.raises(InvalidArgument, match="free day"):
                await create(uow, lesson, start, end)


async def create(uow: UnitOfWork, lesson: Lesson, start: datetime, end: datetime) -> None:
    await plan.create_session(
        uow,
        enrolment_id=lesson.enrolment.id,
        room_id=lesson.room.id,
        planned_start_time=start,
        planned_end_time=end,
        title="",
    )


async def start(database: Database, lesson: Lesson, *, position: Position = INSIDE, similarity: float = 0.8) -> None:
    scope = trainer_of(lesson)
    async with database.unit_of_work(scope.principal) as uow:
        await sessions.start_session(
            uow, session_id=lesson.session.id, position=position, similarity=similarity, scope=scope
        )


async def test_start_names_what_is_missing(database: Database, clock: FakeClock, lesson: Lesson) -> None:
    with pytest.raises(NotInRoom, match="m from room B12"):
        await start(database, lesson, position=Position(-1.30, 36.8219, 5.0))
    with pytest.raises(NotInRoom, match="accurate to 80 m and 30 m are needed"):
        await start(database, lesson, position=Position(-1.2921, 36.8219, 80.0))
    with pytest.raises(FaceNotAlike, match=r"alike by 0\.40 and 0\.60"):
        await start(database, lesson, similarity=0.4)
    clock.set(START - timedelta(minutes=15, seconds=1))
    with pytest.raises(OutsideStartWindow, match=r"from 04:45:00 to 05:30:00 UTC"):
        await start(database, lesson)
    clock.set(START)
    await start(database, lesson)
    await start(database, lesson)
    other = Scope(Principal("user", lesson.trainee_ids[0], frozenset({TRAINER})), frozenset({Reach.TAUGHT}))
    with pytest.raises(SessionNotFound):
        async with database.unit_of_work(other.principal) as uow:
            await sessions.end_session(uow, session_id=lesson.session.id, scope=other)
    head = Scope(other.principal, frozenset({Reach.SCHOOL}))
    with pytest.raises(NotTrainerOfSession):
        async with database.unit_of_work(head.principal) as uow:
            await sessions.end_session(uow, session_id=lesson.session.id, scope=head)


async def test_end_mark_and_cancel(database: Database, clock: FakeClock, lesson: Lesson) -> None:
    scope = trainer_of(lesson)
    one, two, _ = lesson.trainee_ids

    async def mark(trainee_id: UUID, state: RecordState, reason: str = "seen in class") -> AttendanceRecord:
        async with database.unit_of_work(scope.principal) as uow:
            return await sessions.mark_attendance(
                uow, session_id=lesson.session.id, trainee_id=trainee_id, state=state, reason=reason, scope=scope
            )

    with pytest.raises(SessionStateConflict, match="SCHEDULED and cannot become COMPLETED"):
        await mark(one, RecordState.PRESENT)
    await start(database, lesson)
    record = await mark(one, RecordState.PRESENT)
    assert (record.state, record.source, record.note) == (RecordState.PRESENT, RecordSource.MANUAL, "seen in class")
    with pytest.raises(InvalidArgument, match="reason"):
        await mark(one, RecordState.PRESENT, " ")
    async with database.unit_of_work(SYSTEM) as uow:
        stranger = (await make_trainee(uow)).id
    with pytest.raises(TraineeNotExpected):
        await mark(stranger, RecordState.PRESENT)
    async with database.unit_of_work(scope.principal) as uow:
        with pytest.raises(OutsideEndWindow):
            await sessions.end_session(uow, session_id=lesson.session.id, scope=scope)
    clock.set(END)
    for _ in range(2):
        async with database.unit_of_work(scope.principal) as uow:
            session = await sessions.end_session(uow, session_id=lesson.session.id, scope=scope)
            counts = (await queries.counts_of(uow, [session]))[session.id]
        assert (session.state, counts.present, counts.absent) == (SessionState.COMPLETED, 1, 2)
    await mark(two, RecordState.EXCUSED)
    async with database.unit_of_work(scope.principal) as uow:
        with pytest.raises(SessionStateConflict, match="COMPLETED and cannot become CANCELLED"):
            await sessions.cancel_session(uow, session_id=lesson.session.id, reason="rain", scope=scope)
    clock.set(END + timedelta(days=15))
    with pytest.raises(RecordLocked):
        await mark(two, RecordState.PRESENT)
    dean = Scope(Principal("user", lesson.trainer_id, frozenset({DP_ACADEMICS})), frozenset({Reach.SCHOOL}))
    async with database.unit_of_work(dean.principal) as uow:
        late = await sessions.mark_attendance(
            uow, session_id=lesson.session.id, trainee_id=two, state=RecordState.PRESENT, reason="film", scope=dean
        )
    assert late.state is RecordState.PRESENT


async def test_cancelled_session_stays_cancelled_and_leaves_the_door(database: Database, lesson: Lesson) -> None:
    scope = trainer_of(lesson)
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        schedule = await door.door_schedule(uow, lesson.device_id)
        assert [entry.trainee_ids for entry in schedule.sessions] == [sorted(lesson.trainee_ids)]
        assert schedule.person_ids == {*lesson.trainee_ids, lesson.trainer_id}
    for _ in range(2):
        async with database.unit_of_work(scope.principal) as uow:
            session = await sessions.cancel_session(uow, session_id=lesson.session.id, reason="rain", scope=scope)
        assert (session.state, session.reason) == (SessionState.CANCELLED, "rain")
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        assert (await door.door_schedule(uow, lesson.device_id)).sessions == []


async def test_a_cancelled_enrolment_takes_its_sessions_to_come_along(
    database: Database, lesson: Lesson, clock: FakeClock
) -> None:
    clock.set(START - timedelta(hours=12))
    async with database.unit_of_work(SYSTEM) as uow:
        await enrolments.move_by_hand(
            uow, enrolment_id=lesson.enrolment.id, after=EnrolmentState.CANCELLED, etag="", reason="Too few trainees."
        )
        for after in (EnrolmentState.COMPLETED, EnrolmentState.CANCELLED):
            event = EnrolmentMoved(
                **uow.new_event_args(), enrolment_id=lesson.enrolment.id, before="IN_PROGRESS", after=after
            )
            # Events come at least once.
            for _ in range(2):
                await watch.follow_enrolment(uow, event)
            session = await uow.session.get_one(AttendanceSession, lesson.session.id)
            cancelled = after is EnrolmentState.CANCELLED
            assert session.state is (SessionState.CANCELLED if cancelled else SessionState.SCHEDULED)
        assert "does not take the course" in session.reason


async def test_lessons_of_a_cancelled_enrolment_become_no_sessions_any_more(
    database: Database, basis: LessonBasis
) -> None:
    async with database.unit_of_work(SYSTEM) as uow:
        await make_entry(uow, basis)
        await versions.publish(uow, term_id=basis.term_id)
        assert (await plan.materialise(uow)).created > 0
        moved = await enrolments.move_by_hand(
            uow, enrolment_id=basis.enrolment_id, after=EnrolmentState.CANCELLED, etag="", reason="Too few trainees."
        )
        await watch.follow_enrolment(
            uow,
            EnrolmentMoved(**uow.new_event_args(), enrolment_id=moved.id, before="IN_PROGRESS", after=moved.state),
        )
        rows = list(await uow.session.scalars(select(AttendanceSession)))
        assert {row.state for row in rows if row.planned_start_time > uow.now} == {SessionState.CANCELLED}
