"""What a subscriber's calendar program shows after publications, on series made of lines as the database holds them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.school.rules import Period
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.schedule.calendar_file import Series
from hub.timetable.schedule.lines import PublishedLine
from hub.timetable.schedule.series import DayChange, PublishedVersion, series_of
from hub.timetable.schedule.week import FreeDay
from tests.factories.lessons import GROUP, named

ZONE = ZoneInfo("Europe/Berlin")
TERM = UUID(int=50)
FIRST, LAST = date(2026, 3, 2), date(2026, 5, 29)
MONDAYS = 13  # from 2 March to 25 May
PUBLISHED = datetime(2026, 2, 20, tzinfo=UTC)
LESSON = UUID(int=60)


def version(number: int, first: date, last: date | None = None) -> PublishedVersion:
    published = datetime(2026, 2, 20 + number, tzinfo=UTC)
    return PublishedVersion(UUID(int=number), TERM, Period(FIRST, LAST), number, first, last, published)


def line(of: PublishedVersion, *, weekday: int = 1, start: int = 8, lesson_id: UUID = LESSON) -> PublishedLine:
    return PublishedLine(
        entry_id=UUID(int=100 + of.number),
        lesson_id=lesson_id,
        version_id=of.id,
        term_id=TERM,
        enrolment_id=UUID(int=70),
        session_type=SessionType.PRACTICAL,
        kind=EntryKind.RECURRING,
        slot=Slot(weekday, time(start), time(start + 2), FIRST, LAST),
        course=named("ICT101"),
        course_title="Programming",
        class_group=GROUP,
        trainer=named("Grace Wanjiru"),
        room=named("B12"),
        place="B12, Main, 1",
        edits=0,
        update_time=of.publish_time,
        force=(of.first, of.last),
        ended=None,
    )


def told(
    lines: Sequence[PublishedLine],
    versions: Sequence[PublishedVersion],
    *free: FreeDay,
    day_changes: Sequence[DayChange] = (),
) -> list[Series]:
    found = series_of(lines, versions, free_days=free, day_changes=day_changes, zone=ZONE, site="kisima")
    return sorted(found, key=lambda one: one.days[0])


ONLY = version(1, FIRST)
BEFORE, AFTER = version(1, FIRST, date(2026, 4, 5)), version(2, date(2026, 4, 6))


def test_a_lesson_says_what_where_and_with_whom() -> None:
    (one,) = told([line(ONLY)], [ONLY])
    assert (one.uid, one.sequence, one.cancelled) == (f"{LESSON}@kisima", 0, False)
    assert (one.summary, one.location, one.categories) == ("ICT101 Programming", "B12, Main, 1", ("Practical",))
    assert "Grace Wanjiru" in one.description
    assert len(one.days) == MONDAYS


def test_a_version_that_changes_nothing_of_a_lesson_changes_nothing_of_its_series() -> None:
    (one,) = told([line(BEFORE), line(AFTER)], [BEFORE, AFTER])
    (before,) = told([line(ONLY)], [ONLY])
    assert one == replace(before, modified=one.modified)


def test_a_moved_lesson_keeps_its_uid_and_its_past_stays_where_it_was() -> None:
    past, current = told([line(BEFORE), line(AFTER, weekday=2, start=14)], [BEFORE, AFTER])
    assert (current.uid, current.sequence) == (f"{LESSON}@kisima", 1)
    assert (current.start, current.days[0]) == (time(14), date(2026, 4, 7))
    assert (past.uid, past.start, past.days[-1]) == (f"{LESSON}-1@kisima", time(8), date(2026, 3, 30))


def test_a_lesson_that_a_version_has_no_more_is_cancelled_from_that_day_on() -> None:
    past, cancelled = told([line(BEFORE)], [BEFORE, AFTER])
    assert (past.uid, past.cancelled, past.days[-1]) == (f"{LESSON}-1@kisima", False, date(2026, 3, 30))
    assert (cancelled.uid, cancelled.cancelled, cancelled.sequence) == (f"{LESSON}@kisima", True, 1)
    assert cancelled.days[0] == date(2026, 4, 6)


def test_the_sequence_never_falls_whatever_happens() -> None:
    one, two, three = (
        version(1, FIRST, date(2026, 3, 22)),
        version(2, date(2026, 3, 23), date(2026, 4, 5)),
        version(3, date(2026, 4, 6)),
    )
    sequences = []
    for versions, lines in (
        ([replace(one, last=None)], [line(replace(one, last=None))]),
        ([one, replace(two, last=None)], [line(one)]),  # cancelled
        ([one, two, three], [line(one), line(three)]),  # and held again
    ):
        (current,) = (found for found in told(lines, versions) if found.uid == f"{LESSON}@kisima")
        sequences.append((current.sequence, current.cancelled))
    assert sequences == [(0, False), (1, True), (2, False)]


def test_a_lesson_whose_days_were_over_before_a_version_left_it_out_is_not_cancelled() -> None:
    short = replace(line(BEFORE), slot=Slot(1, time(8), time(10), FIRST, date(2026, 3, 16)))
    (one,) = told([short], [BEFORE, AFTER])
    assert (one.uid, one.cancelled, len(one.days)) == (f"{LESSON}@kisima", False, 3)


def test_a_cancelled_enrolment_cancels_what_is_left_of_its_lessons() -> None:
    ended = replace(line(ONLY), ended=datetime(2026, 4, 1, 12, tzinfo=UTC))
    past, cancelled = told([ended], [ONLY])
    assert (past.days[-1], past.cancelled) == (date(2026, 3, 30), False)
    assert (cancelled.uid, cancelled.days[0], cancelled.cancelled) == (f"{LESSON}@kisima", date(2026, 4, 6), True)


def test_a_temporary_lesson_that_was_changed_in_place_has_a_higher_sequence() -> None:
    temporary = replace(line(ONLY), kind=EntryKind.TEMPORARY)
    assert [told([replace(temporary, edits=n)], [ONLY])[0].sequence for n in (0, 2)] == [0, 2]


def test_a_withdrawn_lesson_is_cancelled_with_all_its_days_whatever_is_published_after() -> None:
    temporary = replace(line(BEFORE), kind=EntryKind.MAKEUP, edits=1, ended=datetime(2026, 2, 25, tzinfo=UTC))
    for versions in ([replace(BEFORE, last=None)], [BEFORE, AFTER]):
        (one,) = told([temporary], versions)
        assert (one.uid, one.cancelled, one.days[0]) == (f"{LESSON}@kisima", True, FIRST)
        assert one.sequence >= 2


def test_a_lesson_that_is_moved_again_before_its_version_s_first_day_has_a_higher_sequence() -> None:
    """The first version was told to programs, and never was in force."""
    replaced, following = version(1, FIRST, date(2026, 3, 1)), version(2, FIRST)
    (before,) = told([line(replace(replaced, last=None))], [replace(replaced, last=None)])
    (after,) = told([line(replaced), line(following, weekday=3)], [replaced, following])
    assert (before.uid, after.uid) == (f"{LESSON}@kisima", f"{LESSON}@kisima")
    assert (after.days[0].isoweekday(), before.sequence < after.sequence) == (3, True)


def test_a_lesson_that_is_left_out_before_its_version_s_first_day_is_cancelled() -> None:
    replaced, following = version(1, FIRST, date(2026, 3, 1)), version(2, FIRST)
    (one,) = told([line(replaced)], [replaced, following])
    assert (one.uid, one.cancelled, one.sequence, len(one.days)) == (f"{LESSON}@kisima", True, 1, MONDAYS)


def test_a_changed_calendar_day_raises_the_sequence_of_the_lessons_of_that_day() -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    monday, group = date(2026, 3, 9), GROUP.id
    concerned = [DayChange(monday, None, at), DayChange(monday, None, at), DayChange(monday, group, at)]
    others = [DayChange(monday, named("another").id, at), DayChange(date(2026, 3, 10), None, at)]
    (one,) = told([line(ONLY)], [ONLY], day_changes=[*concerned, *others])
    assert (one.sequence, one.modified) == (3, at)
    past, current = told(
        [line(BEFORE), line(AFTER, weekday=2)], [BEFORE, AFTER], day_changes=[DayChange(monday, None, at)]
    )
    assert (past.sequence, current.sequence) == (1, 2)


def test_a_lesson_moved_in_place_away_from_a_changed_day_keeps_the_sequence_it_had() -> None:
    changes = [DayChange(date(2026, 3, 9), None, datetime(2026, 3, 5, tzinfo=UTC))]
    temporary = replace(line(ONLY), kind=EntryKind.TEMPORARY)
    (before,) = told([temporary], [ONLY], day_changes=changes)
    moved = replace(temporary, slot=replace(temporary.slot, weekday=2), edits=1)
    (after,) = told([moved], [ONLY], day_changes=changes)
    assert before.sequence < after.sequence


def test_calendar_days_of_the_school_and_of_the_class_group_are_free() -> None:
    days = (
        FreeDay(date(2026, 3, 9), "School"),
        FreeDay(date(2026, 3, 16), "Trip", GROUP.id),
        FreeDay(date(2026, 3, 23), "Trip", named("another").id),
        FreeDay(date(2026, 3, 10), "A Tuesday"),
    )
    (one,) = told([line(ONLY)], [ONLY], *days)
    assert one.free_days == {date(2026, 3, 9), date(2026, 3, 16)}


def test_only_the_days_of_the_person_are_told() -> None:
    joined = date(2026, 5, 1)
    found = series_of(
        [line(ONLY)], [ONLY], free_days=(), zone=ZONE, site="kisima", holds=lambda _line, day: day >= joined
    )
    assert [len(one.days) for one in found] == [4]
