"""Feeds as calendar programs meet them: over HTTP, by their address alone."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import recurring_ical_events
from icalendar import Calendar
from sqlalchemy import select
from starlette.applications import Starlette

from hub.db.audit import AuditEntry
from hub.db.database import Database
from hub.school.events import CalendarDayCreated, CalendarDayDeleted
from hub.school.service import days
from hub.timetable import queries
from hub.timetable.errors import TimetableEntryNotFound
from hub.timetable.load import LoadsOfTimetable
from hub.timetable.models import TimetableEntry, TimetableFeed
from hub.timetable.queries import EntryFilter
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.schedule import feeds, weeks
from hub.timetable.schedule.erasure import on_user_erased
from hub.timetable.schedule.errors import FeedNotFound, FeedSubjectNotFound, TooManyFeeds
from hub.timetable.schedule.feeds import FeedSubject
from hub.timetable.schedule.routes import feed_path, feed_routes
from hub.timetable.schedule.week import SubjectKind
from hub.timetable.service import EntryDraft, calendar, entries, publish, versions
from hub.timetable.teaching import TeachingOfThisHub
from hub.users.events import UserErased
from hub.users.models import Membership, User
from hub.users.rules import UserState
from tests.factories.school import make_calendar_day
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow
from tests.hub.timetable.schedule.conftest import BERLIN, MONDAY, Plan, add_line, statements

KINDS = {
    "a": SubjectKind.CLASS_GROUP,
    "b": SubjectKind.CLASS_GROUP,
    "c": SubjectKind.CLASS_GROUP,
    "b1": SubjectKind.ROOM,
}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=feed_routes(database, site="kisima.example"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub") as client:
        yield client


async def make_feed(make_uow: MakeUow, plan: Plan, person: str, subject: str) -> tuple[TimetableFeed, str]:
    """A feed and the path of its address."""
    async with make_uow() as uow:
        wanted = FeedSubject(KINDS.get(subject, SubjectKind.PERSON), getattr(plan, subject))
        feed, token = await feeds.create_feed(uow, scope=plan.scope(person), subject=wanted)
    return feed, feed_path(token)


def shown(content: bytes, first: date, last: date) -> list[tuple[str, datetime]]:
    """What a program shows as going on: the course and the school-local start."""
    events = recurring_ical_events.of(Calendar.from_ical(content)).between(first, last)
    return sorted(
        (str(event["SUMMARY"]).split()[0], event["DTSTART"].dt.astimezone(BERLIN))
        for event in events
        if event["STATUS"] != "CANCELLED"
    )


def events_of(content: bytes) -> dict[str, Any]:
    return {str(event["UID"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


async def test_a_trainer_s_program_follows_clock_change_holiday_move_and_cancellation(
    make_uow: MakeUow, plan: Plan, clock: FakeClock, client: httpx.AsyncClient
) -> None:
    _, path = await make_feed(make_uow, plan, "bob", "bob")
    async with make_uow() as uow:
        await make_calendar_day(uow, day=date(2026, 4, 6))
    before = await client.get(path)
    assert before.status_code == 200
    assert before.headers["content-type"] == "text/calendar; charset=utf-8"
    # The clocks go forward on 29 March, and 6 April is free.
    assert shown(before.content, date(2026, 3, 23), date(2026, 4, 8)) == [
        ("NETS_A", datetime(2026, 3, 23, 10, tzinfo=BERLIN)),
        ("NETS_A", datetime(2026, 3, 30, 10, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 3, 24, 8, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 3, 31, 8, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 4, 7, 8, tzinfo=BERLIN)),
    ]
    clock.set(datetime(2026, 4, 9, 12, tzinfo=BERLIN))
    async with make_uow() as uow:
        draft = await versions.draft_of(uow, plan.term_id)
        lines = {
            one.enrolment_id: one
            for one in await uow.session.scalars(select(TimetableEntry).where(TimetableEntry.version_id == draft.id))
        }
        moved = {"weekday": 4, "start_time_of_day": time(14), "end_time_of_day": time(16)}
        await entries.update_entry(uow, entry_id=lines[plan.nets_a].id, changes=moved, etag="")
        await entries.delete_entry(uow, entry_id=lines[plan.nets_b].id, etag="")
        await publish(uow, term_id=plan.term_id, effective_date=date(2026, 4, 13))
    after = await client.get(path)
    assert shown(after.content, date(2026, 3, 30), date(2026, 4, 24)) == [
        ("NETS_A", datetime(2026, 3, 30, 10, tzinfo=BERLIN)),  # what was held stays where it was
        ("NETS_A", datetime(2026, 4, 16, 14, tzinfo=BERLIN)),
        ("NETS_A", datetime(2026, 4, 23, 14, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 3, 31, 8, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 4, 7, 8, tzinfo=BERLIN)),
    ]
    old, new = events_of(before.content), events_of(after.content)
    assert set(old) < set(new)
    states = {uid: (str(new[uid]["STATUS"]), old[uid]["SEQUENCE"] < new[uid]["SEQUENCE"]) for uid in old}
    assert sorted(states.values()) == [("CANCELLED", True), ("CONFIRMED", True)]
    assert len(Calendar.from_ical(after.content).walk("VTIMEZONE")) == 1


async def test_a_temporary_lesson_that_is_deleted_is_cancelled_in_programs_and_gone_everywhere_else(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, path = await make_feed(make_uow, plan, "bob", "bob")
    day = date(2026, 3, 27)
    once = Slot.on_dates([day], time(8), time(10))
    async with make_uow() as uow:
        made = await add_line(uow, plan.nets_b, plan.b2, once, kind=EntryKind.MAKEUP)
    before = events_of((await client.get(path)).content)
    async with make_uow() as uow:
        await entries.delete_entry(uow, entry_id=made.id, etag="")
    after = events_of((await client.get(path)).content)
    (uid,) = (uid for uid in before if uid.startswith(str(made.lesson_id)))
    assert [events[uid]["STATUS"] for events in (before, after)] == ["CONFIRMED", "CANCELLED"]
    assert before[uid]["SEQUENCE"] < after[uid]["SEQUENCE"]
    async with make_uow() as uow:
        with pytest.raises(TimetableEntryNotFound):
            await queries.get_entry(uow, made.id)
        with pytest.raises(TimetableEntryNotFound):
            await queries.get_visible_entry(uow, made.id, plan.scope("admin"), today=MONDAY)
        listed = queries.select_entries(plan.scope("admin"), EntryFilter(), today=MONDAY)
        assert made.id not in {one.id for one in await uow.session.scalars(listed)}
        assert made.id not in {one.id for one in await queries.entries_of_version(uow, made.version_id)}
        assert (await queries.entry_counts(uow, [made.version_id])) == {made.version_id: 4}
        local = datetime(2026, 3, 27, tzinfo=BERLIN)
        assert await queries.occurrences(uow, start=local, end=local + timedelta(days=1)) == []
        week = await weeks.WeekReader().read(uow, plan.scope("bob"), weeks.WantedWeek(SubjectKind.PERSON, None, day))
        assert [one.day.isoweekday() for one in week.lessons] == [1, 2]
        assert await LoadsOfTimetable().weekly_loads(uow, [plan.bob], on=day) == {plan.bob: timedelta(hours=4)}
        rooms = await uow.session.execute(TeachingOfThisHub().rooms_of_groups(day))
        assert (plan.b, plan.b2) not in {tuple(row) for row in rooms}
    async with make_uow() as uow:  # its time is free again, and the next version does not take it over
        assert await entries.check(uow, draft=_makeup(plan, once), entry_id=None) == []
        following, _ = await publish(
            uow, term_id=plan.term_id, version_id=(await versions.draft_of(uow, plan.term_id)).id
        )
        assert following is not None
        assert {one.kind for one in await queries.entries_of_version(uow, following.id)} == {EntryKind.RECURRING}
    assert events_of((await client.get(path)).content)[uid]["STATUS"] == "CANCELLED"


def _makeup(plan: Plan, slot: Slot) -> EntryDraft:
    return EntryDraft(plan.nets_b, plan.b2, SessionType.THEORY, EntryKind.MAKEUP, slot)


async def test_a_holiday_raises_the_sequence_and_so_does_its_end(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, path = await make_feed(make_uow, plan, "ann", "ann")
    monday = date(2026, 4, 6)
    seen = [(await client.get(path)).content]
    handlers = dict(calendar.subscriptions())
    async with make_uow() as uow:
        day = await make_calendar_day(uow, day=monday)
        marked = CalendarDayCreated(**uow.new_event_args(), calendar_day_id=day.id, day=monday, class_group_id=None)
        for _ in range(2):  # the relay delivers at least once
            await handlers[CalendarDayCreated](uow, marked)
    seen.append((await client.get(path)).content)
    async with make_uow() as uow:
        await days.delete_calendar_day(uow, calendar_day_id=day.id, etag="")
        ended = CalendarDayDeleted(**uow.new_event_args(), calendar_day_id=day.id, day=monday, class_group_id=None)
        await handlers[CalendarDayDeleted](uow, ended)
    seen.append((await client.get(path)).content)
    (maths,) = {uid for content in seen for uid in events_of(content)}
    assert [int(events_of(content)[maths]["SEQUENCE"]) for content in seen] == [0, 1, 2]
    assert ["EXDATE" in events_of(content)[maths] for content in seen] == [False, True, False]


async def test_a_program_that_has_the_file_is_not_sent_it_again(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, path = await make_feed(make_uow, plan, "ann", "a")
    first = await client.get(path)
    etag = first.headers["etag"]
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).content == first.content
    async with make_uow() as uow:
        await make_calendar_day(uow, day=MONDAY)
    assert (await client.get(path, headers={"If-None-Match": etag})).status_code == 200
    head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert first.headers["cache-control"] == "private, no-cache"


async def test_a_feed_names_no_trainee(make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient) -> None:
    for person, subject in (("trainee", "trainee"), ("trainee", "a"), ("admin", "b1")):
        _, path = await make_feed(make_uow, plan, person, subject)
        answer = await client.get(path)
        assert b"MATHS" in answer.content
        assert b"Ann T" in answer.content
        for secret in (b"Zuhura", b"Secret", str(plan.trainee).encode()):
            assert secret not in answer.content + repr(answer.headers).encode()


async def test_a_feed_shows_only_the_days_on_which_the_trainee_is_in_the_class_group(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, path = await make_feed(make_uow, plan, "trainee", "trainee")
    async with make_uow() as uow:
        membership = (await uow.session.scalars(select(Membership))).one()
        membership.end_date = date(2026, 3, 23)
        await uow.session.flush()
        uow.session.add(
            Membership(trainee_id=plan.trainee, class_group_id=plan.b, start_date=date(2026, 3, 23), end_date=None)
        )
    content = (await client.get(path)).content
    assert shown(content, MONDAY, MONDAY + timedelta(days=13)) == [
        ("MATHS", datetime(2026, 3, 16, 8, tzinfo=BERLIN)),
        ("NETS_A", datetime(2026, 3, 16, 10, tzinfo=BERLIN)),
        ("NETS_B", datetime(2026, 3, 24, 8, tzinfo=BERLIN)),
    ]


async def test_only_what_one_may_read_whole_can_be_a_feed(make_uow: MakeUow, plan: Plan) -> None:
    subjects = ("a", "b", "c", "b1", "ann", "bob", "cyd", "trainee")
    may: dict[str, list[str]] = {}
    for person in ("admin", "hod", "ann", "trainee"):
        for subject in subjects:
            try:
                await make_feed(make_uow, plan, person, subject)
            except FeedSubjectNotFound:
                continue
            may.setdefault(person, []).append(subject)
    assert may == {
        "admin": list(subjects),
        "hod": ["a", "b", "ann", "bob"],
        "ann": ["a", "ann"],
        "trainee": ["a", "trainee"],
    }
    async with make_uow() as uow:
        with pytest.raises(FeedSubjectNotFound):
            await feeds.create_feed(uow, scope=plan.scope("admin"), subject=FeedSubject(SubjectKind.ROOM, uuid4()))


async def test_the_address_is_kept_as_a_hash_alone_and_told_to_nobody_else(make_uow: MakeUow, plan: Plan) -> None:
    feed, path = await make_feed(make_uow, plan, "ann", "a")
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    async with make_uow(write=False) as uow:
        stored = await uow.session.get_one(TimetableFeed, feed.id)
        columns = {column.name: getattr(stored, column.name) for column in TimetableFeed.__table__.columns}
        assert token not in repr(columns)
        assert token.encode() not in stored.token_hash
        audit = (
            await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "timetable.create_feed"))
        ).one()
        assert audit.object_id == str(feed.id)
        assert token not in repr((audit.before, audit.after))


async def test_a_rotated_or_revoked_address_answers_no_more(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    feed, first = await make_feed(make_uow, plan, "ann", "a")
    for thief in ("bob", "trainee"):
        async with make_uow() as uow:
            with pytest.raises(FeedNotFound):
                await feeds.rotate_feed(uow, scope=plan.scope(thief), feed_id=feed.id)
            with pytest.raises(FeedNotFound):
                await feeds.revoke_feed(uow, scope=plan.scope(thief), feed_id=feed.id)
    async with make_uow() as uow:
        _, token = await feeds.rotate_feed(uow, scope=plan.scope("ann"), feed_id=feed.id)
    second = feed_path(token)
    assert [(await client.get(path)).status_code for path in (first, second)] == [404, 200]
    async with make_uow() as uow:
        await feeds.revoke_feed(uow, scope=plan.scope("admin"), feed_id=feed.id)
    gone = await client.get(second)
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "private, no-cache")
    assert "no such calendar" in gone.text


async def test_a_feed_ends_with_its_owner_s_right_and_account(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, of_group = await make_feed(make_uow, plan, "trainee", "a")
    _, of_trainer = await make_feed(make_uow, plan, "ann", "ann")
    async with make_uow() as uow:
        (await uow.session.scalars(select(Membership))).one().end_date = date(2026, 3, 10)
        (await uow.session.get_one(User, plan.ann)).state = UserState.DISABLED
    assert [(await client.get(path)).status_code for path in (of_group, of_trainer)] == [404, 404]


async def test_there_are_as_many_feeds_as_may_be(
    make_uow: MakeUow, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_FEEDS", 2)
    for _ in range(2):
        await make_feed(make_uow, plan, "ann", "a")
    with pytest.raises(TooManyFeeds):
        await make_feed(make_uow, plan, "ann", "ann")
    await make_feed(make_uow, plan, "bob", "a")


async def test_reading_a_feed_takes_as_many_queries_whatever_it_shows(
    database: Database, make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    counts: set[int] = set()
    for person, subject in (("ann", "ann"), ("bob", "bob")):
        _, path = await make_feed(make_uow, plan, person, subject)
        with statements(database) as sent:
            assert (await client.get(path)).status_code == 200
        counts.add(len(sent))
    assert len(counts) == 1
    assert counts.pop() <= 10


def ids_of(rows: list[TimetableFeed]) -> set[UUID]:
    return {row.id for row in rows}


async def test_one_lists_one_s_own_feeds_and_planners_everybody_s(make_uow: MakeUow, plan: Plan) -> None:
    mine, _ = await make_feed(make_uow, plan, "ann", "a")
    other, _ = await make_feed(make_uow, plan, "bob", "b")
    async with make_uow(write=False) as uow:
        own = list(await uow.session.scalars(feeds.select_feeds(plan.scope("ann"))))
        everybody = list(await uow.session.scalars(feeds.select_feeds(plan.scope("admin"))))
        assert (ids_of(own), ids_of(everybody)) == ({mine.id}, {mine.id, other.id})
        assert await feeds.subject_names(uow, everybody) == {plan.a: "Group a", plan.b: "Group b"}


async def test_feeds_of_and_about_an_erased_person_are_gone(
    make_uow: MakeUow, plan: Plan, client: httpx.AsyncClient
) -> None:
    _, own = await make_feed(make_uow, plan, "ann", "a")
    _, about = await make_feed(make_uow, plan, "admin", "ann")
    _, other = await make_feed(make_uow, plan, "bob", "b")
    async with make_uow() as uow:
        await on_user_erased(uow, UserErased(**uow.new_event_args(), user_id=plan.ann))
    assert [(await client.get(path)).status_code for path in (own, about, other)] == [404, 404, 200]
    async with make_uow(write=False) as uow:
        assert len(list(await uow.session.scalars(select(TimetableFeed)))) == 1
