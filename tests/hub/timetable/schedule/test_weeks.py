from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hub.courses.rules import ExceptionKind
from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.school.errors import ClassGroupNotFound
from hub.school.models import CalendarDay
from hub.timetable.models import Room, TimetableEntry
from hub.timetable.policy import DayPattern, Period
from hub.timetable.rules import EntryKind, Slot
from hub.timetable.schedule.errors import TrainerNotFound
from hub.timetable.schedule.week import SubjectKind, Week
from hub.timetable.schedule.weeks import WantedWeek, WeekReader
from hub.timetable.service import entries, planning_rules, publish
from tests.factories.courses import make_exception
from tests.factories.school import make_calendar_day
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.hub.timetable.schedule.conftest import BERLIN, MONDAY, Plan, add_line, statements, weekly


async def read(
    make_uow: MakeUow,
    plan: Plan,
    person: str,
    kind: SubjectKind,
    subject: str | None = None,
    *,
    day: date = MONDAY,
    reader: WeekReader | None = None,
) -> Week:
    async with make_uow(write=False) as uow:
        wanted = WantedWeek(kind, getattr(plan, subject) if subject else None, day)
        return await (reader or WeekReader()).read(uow, plan.scope(person), wanted)


def brief(week: Week) -> list[str]:
    return [f"{one.day:%a} {one.start:%H} {one.course_code}" for one in week.lessons]


READ: tuple[tuple[str, SubjectKind, str | None, list[str]], ...] = (
    # who sees everything sees whole weeks
    ("admin", SubjectKind.CLASS_GROUP, "a", ["Mon 08 MATHS", "Mon 10 NETS_A"]),
    ("admin", SubjectKind.TRAINER, "bob", ["Mon 10 NETS_A", "Tue 08 NETS_B"]),
    ("admin", SubjectKind.ROOM, "b1", ["Mon 08 MATHS", "Mon 10 NETS_A", "Tue 08 NETS_B"]),
    ("admin", SubjectKind.DEPARTMENT, "ict", ["Mon 08 MATHS", "Mon 10 NETS_A", "Tue 08 NETS_B"]),
    # a trainee: the own class group, and in other weeks nothing but its lessons
    ("trainee", SubjectKind.CLASS_GROUP, "a", ["Mon 08 MATHS", "Mon 10 NETS_A"]),
    ("trainee", SubjectKind.CLASS_GROUP, "b", []),
    ("trainee", SubjectKind.TRAINER, "bob", ["Mon 10 NETS_A"]),
    ("trainee", SubjectKind.ROOM, "b1", ["Mon 08 MATHS", "Mon 10 NETS_A"]),
    ("trainee", SubjectKind.ROOM, "b2", []),
    ("trainee", SubjectKind.DEPARTMENT, "arts", []),
    ("trainee", SubjectKind.PERSON, None, ["Mon 08 MATHS", "Mon 10 NETS_A"]),
    # a trainer: the own lessons, and those of class groups taught
    ("ann", SubjectKind.CLASS_GROUP, "a", ["Mon 08 MATHS", "Mon 10 NETS_A"]),
    ("ann", SubjectKind.CLASS_GROUP, "b", []),
    ("ann", SubjectKind.PERSON, None, ["Mon 08 MATHS"]),
    ("bob", SubjectKind.CLASS_GROUP, "b", ["Tue 08 NETS_B"]),
    # a head: class groups and trainers of the department
    ("hod", SubjectKind.CLASS_GROUP, "b", ["Tue 08 NETS_B"]),
    ("hod", SubjectKind.TRAINER, "bob", ["Mon 10 NETS_A", "Tue 08 NETS_B"]),
    ("hod", SubjectKind.CLASS_GROUP, "c", []),
    ("hod", SubjectKind.ROOM, "b2", []),
)


async def test_each_reads_what_is_theirs(make_uow: MakeUow, plan: Plan) -> None:
    found = [
        (person, kind, subject, brief(await read(make_uow, plan, person, kind, subject)))
        for person, kind, subject, _ in READ
    ]
    assert found == list(READ)


async def test_a_lesson_tells_everything_by_name(make_uow: MakeUow, plan: Plan) -> None:
    week = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a")
    lesson = week.lessons[0]
    assert (week.subject.name, week.monday) == ("Group a", MONDAY)
    assert (lesson.course_title, lesson.trainer.name, lesson.room.name) == ("Maths", "Ann T", "B1")


async def test_any_day_of_the_week_means_the_week(make_uow: MakeUow, plan: Plan) -> None:
    sunday = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=MONDAY + timedelta(days=6))
    assert sunday.monday == MONDAY


async def test_nothing_is_held_outside_of_the_term_or_on_a_calendar_day(make_uow: MakeUow, plan: Plan) -> None:
    before = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=date(2026, 2, 23))
    assert before.lessons == ()
    async with make_uow() as uow:
        await make_calendar_day(uow, day=MONDAY)
        await make_calendar_day(uow, day=MONDAY + timedelta(days=1), class_group_id=plan.a)
    assert brief(await read(make_uow, plan, "admin", SubjectKind.ROOM, "b1")) == ["Tue 08 NETS_B"]


async def test_a_trainee_added_to_an_enrolment_reads_its_lessons_and_one_left_out_does_not(
    make_uow: MakeUow, plan: Plan
) -> None:
    async with make_uow() as uow:
        await make_exception(uow, enrolment_id=plan.nets_b, trainee_id=plan.trainee)
        await make_exception(
            uow, enrolment_id=plan.maths, trainee_id=plan.trainee, kind=ExceptionKind.LEFT_OUT, start_date=MONDAY
        )
    assert brief(await read(make_uow, plan, "trainee", SubjectKind.PERSON)) == ["Mon 10 NETS_A", "Tue 08 NETS_B"]
    assert brief(await read(make_uow, plan, "trainee", SubjectKind.CLASS_GROUP, "b")) == ["Tue 08 NETS_B"]


async def test_breaks_are_those_of_the_day_pattern_and_the_gaps_between_its_periods(
    make_uow: MakeUow, plan: Plan
) -> None:
    periods = [
        Period(time(8), time(10)),
        Period(time(10, 30), time(12)),
        Period(time(12), time(13), is_break=True, is_lunch=True),
    ]
    async with make_uow() as uow:
        await planning_rules.replace_day_pattern(uow, pattern=DayPattern({1: periods}), etag="")
    week = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a")
    assert [(one.weekday, f"{one.start:%H:%M}", one.name) for one in week.breaks] == [
        (1, "10:00", "Break"),
        (1, "12:00", "Lunch"),
    ]


async def test_who_is_not_there_or_not_to_be_read_is_not_found(make_uow: MakeUow, plan: Plan) -> None:
    async with make_uow(write=False) as uow:
        with pytest.raises(ClassGroupNotFound):
            await WeekReader().read(uow, plan.scope("admin"), WantedWeek(SubjectKind.CLASS_GROUP, uuid4(), MONDAY))
    for person in ("trainee", "ann", "hod"):
        with pytest.raises(TrainerNotFound):
            await read(make_uow, plan, person, SubjectKind.TRAINER, "cyd")


async def test_reading_a_kept_class_group_s_week_costs_one_query(
    database: Database, make_uow: MakeUow, plan: Plan
) -> None:
    reader = WeekReader()
    first = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", reader=reader)
    for person in ("admin", "trainee", "ann", "hod"):
        with statements(database) as sent:
            again = await read(make_uow, plan, person, SubjectKind.CLASS_GROUP, "a", reader=reader)
        assert (person, len(sent)) == (person, 1)
        assert again == first


async def test_a_kept_week_is_not_told_to_whoever_may_not_read_it(make_uow: MakeUow, plan: Plan) -> None:
    reader = WeekReader()
    assert (await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "c", reader=reader)).lessons
    assert not (await read(make_uow, plan, "trainee", SubjectKind.CLASS_GROUP, "c", reader=reader)).lessons


async def test_the_number_of_queries_does_not_grow_with_the_week(
    database: Database, make_uow: MakeUow, plan: Plan
) -> None:
    subjects = (
        (SubjectKind.ROOM, "b1"),
        (SubjectKind.TRAINER, "bob"),
        (SubjectKind.DEPARTMENT, "ict"),
        (SubjectKind.PERSON, None),
    )

    async def measured(day: date) -> list[tuple[int, int]]:
        """Statements and lessons of each subject's week."""
        found = []
        for kind, subject in subjects:
            with statements(database) as sent:
                week = await read(make_uow, plan, "admin" if subject else "bob", kind, subject, day=day)
            found.append((len(sent), len(week.lessons)))
        return found

    before = await measured(MONDAY)
    async with make_uow() as uow:
        for weekday in (3, 4, 5):
            await add_line(uow, plan.nets_a, plan.b1, weekly(weekday, "14:00", "16:00"))
        await publish(uow, term_id=plan.term_id)
    after = await measured(MONDAY + timedelta(weeks=1))
    assert after == [(sent, lessons + 3) for sent, lessons in before]
    assert max(sent for sent, _ in after) <= 6


async def test_a_publication_is_seen_by_every_hub_at_once(
    database: Database, make_uow: MakeUow, plan: Plan, clock: FakeClock
) -> None:
    here, there = WeekReader(), WeekReader()  # one a process
    next_week = MONDAY + timedelta(weeks=1)
    for reader in (here, there):
        await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=next_week, reader=reader)
    async with make_uow() as uow:
        await add_line(uow, plan.maths, plan.b1, weekly(3, "14:00", "16:00"))
    for reader in (here, there):  # a draft is nobody's business
        with statements(database) as sent:
            week = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=next_week, reader=reader)
        assert (len(sent), len(week.lessons)) == (1, 2)
    clock.advance(minutes=1)
    async with make_uow() as uow:
        await publish(uow, term_id=plan.term_id)
    for reader in (here, there):
        week = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=next_week, reader=reader)
        assert brief(week) == ["Mon 08 MATHS", "Mon 10 NETS_A", "Wed 14 MATHS"]


async def test_whatever_the_week_shows_makes_it_anew(make_uow: MakeUow, plan: Plan, clock: FakeClock) -> None:
    reader = WeekReader()

    async def rename_room(uow: UnitOfWork) -> None:
        (await uow.session.get_one(Room, plan.b1)).code = "C9"

    async def free_day(uow: UnitOfWork) -> None:
        await make_calendar_day(uow, day=MONDAY)

    async def take_back_free_day(uow: UnitOfWork) -> None:
        await uow.session.delete((await uow.session.scalars(select(CalendarDay))).one())

    async def hold_temporary_lesson(uow: UnitOfWork) -> None:
        friday = Slot.on_dates([MONDAY + timedelta(days=4)], time(8), time(9))
        await add_line(uow, plan.maths, plan.b2, friday, kind=EntryKind.TEMPORARY)

    before = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", reader=reader)
    for change in (rename_room, free_day, take_back_free_day, hold_temporary_lesson):
        clock.advance(minutes=1)
        async with make_uow() as uow:
            await change(uow)
        after = await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", reader=reader)
        assert after != before, change.__name__
        assert after == await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a")
        before = after


async def test_a_past_week_is_answered_by_the_plan_of_its_days(make_uow: MakeUow, plan: Plan, clock: FakeClock) -> None:
    clock.set(datetime(2026, 3, 18, 12, tzinfo=BERLIN))  # a Wednesday
    async with make_uow() as uow:
        await add_line(uow, plan.nets_a, plan.b2, weekly(4, "08:00", "10:00"))
        moved = (
            await uow.session.scalars(
                select(TimetableEntry).where(
                    TimetableEntry.enrolment_id == plan.maths, TimetableEntry.version.has(effective_date=None)
                )
            )
        ).one()
        await entries.update_entry(uow, entry_id=moved.id, changes={"weekday": 5}, etag="")
        await publish(uow, term_id=plan.term_id)
    weeks = {
        n: brief(await read(make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=MONDAY + timedelta(weeks=n)))
        for n in (-1, 0, 1)
    }
    assert weeks == {
        -1: ["Mon 08 MATHS", "Mon 10 NETS_A"],
        0: ["Mon 08 MATHS", "Mon 10 NETS_A", "Thu 08 NETS_A", "Fri 08 MATHS"],
        1: ["Mon 10 NETS_A", "Thu 08 NETS_A", "Fri 08 MATHS"],
    }


async def test_weeks_of_many_class_groups_are_kept_up_to_a_bound(
    make_uow: MakeUow, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.timetable.schedule.weeks._MOST_WEEKS", 2)
    reader = WeekReader()
    for n in range(4):
        await read(
            make_uow, plan, "admin", SubjectKind.CLASS_GROUP, "a", day=MONDAY + timedelta(weeks=n), reader=reader
        )
    kept: list[tuple[UUID, date]] = list(reader._weeks)
    assert [monday for _, monday in kept] == [MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=3)]
