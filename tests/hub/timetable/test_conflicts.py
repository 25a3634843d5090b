"""Each rule that can speak against a lesson, alone; and how hard the policy holds it."""
# ruff: noqa: ANN401 (overrides are fields by name)

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from hub.timetable.conflicts import (
    Conflict,
    GroupFacts,
    Line,
    Maintenance,
    Proposal,
    RoomFacts,
    TrainerFacts,
    Window,
    conflicts_of,
    covered,
)
from hub.timetable.policy import ALWAYS_HARD, ConflictRule, DayPattern, Period, TimetablePolicy
from hub.timetable.rules import AvailabilityKind, RoomState, Slot, WeekPattern

ZONE = ZoneInfo("Africa/Nairobi")
TERM = (date(2026, 3, 2), date(2026, 3, 29))  # four Mondays
MONDAYS = [date(2026, 3, day) for day in (2, 9, 16, 23)]
ROOM, TRAINER, GROUP = uuid4(), uuid4(), uuid4()
EIGHT = Slot(1, time(8), time(10), *TERM)
HOURS = DayPattern({1: [Period(time(hour), time(hour + 1)) for hour in (8, 9, 11, 12)]})


def line(slot: Slot = EIGHT, **others: Any) -> Line:
    values: dict[str, Any] = {"room_id": ROOM, "trainer_id": TRAINER, "class_group_id": GROUP}
    return Line(slot=slot, **({"entry_id": None} | values | others))


def other(slot: Slot, *shared: str) -> Line:
    """Another line that shares only what is named."""
    ids = {"room_id": uuid4(), "trainer_id": uuid4(), "class_group_id": uuid4()}
    own = {"room_id": ROOM, "trainer_id": TRAINER, "class_group_id": GROUP}
    return Line(uuid4(), slot=slot, title="NET2", **ids | {name: own[name] for name in shared})


def room(**changes: Any) -> RoomFacts:
    values: dict[str, Any] = {
        "id": ROOM, "code": "B12", "state": RoomState.IN_USE, "room_type": "classroom", "capacity": 40,
        "facilities": frozenset({"projector"}),
    }  # fmt: skip
    return RoomFacts(**values | changes)


def trainer(*windows: tuple[int, int, int, AvailabilityKind], **changes: Any) -> TrainerFacts:
    return TrainerFacts(
        TRAINER,
        "Grace Hopper",
        [(Window(day, time(start), time(end)), kind) for day, start, end, kind in windows],
        **changes,
    )


def proposal(**changes: Any) -> Proposal:
    usual = Proposal(
        line=line(), room=room(), trainer=trainer(), group=GroupFacts(GROUP, "DIT-A", 30), zone=ZONE,
    )  # fmt: skip
    return replace(usual, **changes)


def found(**changes: Any) -> list[Conflict]:
    return conflicts_of(proposal(**changes))


def test_nothing_speaks_against_a_lesson_that_fits() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("shared", "rule", "name"),
    [
        ("room_id", ConflictRule.ROOM_BUSY, "Room B12"),
        ("trainer_id", ConflictRule.TRAINER_BUSY, "Grace Hopper"),
        ("class_group_id", ConflictRule.GROUP_BUSY, "DIT-A"),
    ],
)
def test_what_is_booked_is_named_with_the_days(shared: str, rule: ConflictRule, name: str) -> None:
    taken = other(Slot.on_dates(MONDAYS[:2], time(9), time(11)), shared)
    (conflict,) = found(others=[taken])
    assert (conflict.rule, conflict.hard) == (rule, True)
    assert (conflict.entry_ids, list(conflict.dates)) == ((taken.entry_id,), MONDAYS[:2])
    assert conflict.text.startswith(f"{name} is booked 09:00 to 11:00")
    assert "NET2" in conflict.text


def test_alternate_weeks_do_not_collide_and_virtual_rooms_never_do() -> None:
    a = replace(EIGHT, pattern=WeekPattern.A, anchor_date=MONDAYS[0])
    b = replace(a, pattern=WeekPattern.B)
    assert found(line=line(a), others=[other(b, "room_id", "trainer_id", "class_group_id")]) == []
    assert found(room=room(room_type="Virtual", capacity=1), others=[other(EIGHT, "room_id")]) == []


day_off = {MONDAYS[0]: "Founders' day"}
works = Maintenance(datetime(2026, 3, 9, 6, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC), "Paint")  # 09:00-11:00
all_term = Maintenance(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), "Rebuilt")
noon = Slot(1, time(11), time(13), *TERM)
ROWS: Sequence[tuple[dict[str, Any], ConflictRule, bool, str]] = [
    ({"room": room(state=RoomState.CLOSED)}, ConflictRule.ROOM_CLOSED, True, "closed"),
    ({"room_type": "LAB"}, ConflictRule.ROOM_TYPE, True, "is a classroom and the lesson needs a LAB"),
    ({"facilities": frozenset({"projector", "kiln"})}, ConflictRule.ROOM_FACILITIES, True, "has no kiln"),
    ({"room": room(capacity=29)}, ConflictRule.ROOM_CAPACITY, True, "30 trainees and room B12 seats 29"),
    # On some days alone it warns; where no day is left it refuses.
    ({"room": room(maintenance=[works])}, ConflictRule.ROOM_MAINTENANCE, False, "2026-03-09 (Paint)"),
    ({"room": room(maintenance=[all_term])}, ConflictRule.ROOM_MAINTENANCE, True, "4 days"),
    ({"free_days": day_off}, ConflictRule.HOLIDAY, False, "Founders' day"),
    ({"free_days": dict.fromkeys(MONDAYS, "Strike")}, ConflictRule.HOLIDAY, True, "Strike"),
    (
        {"trainer": trainer(absences=[(MONDAYS[1], MONDAYS[1], "")])},
        ConflictRule.TRAINER_ABSENT,
        False,
        "away on Monday 2026-03-09",
    ),
    ({"trainer": trainer(absences=[(*TERM, "")])}, ConflictRule.TRAINER_ABSENT, True, "away on 4 days"),
    (
        {"room": room(bookable_hours=[Window(1, time(8), time(9, 59))])},
        ConflictRule.ROOM_HOURS,
        True,
        "can't be booked at that time",
    ),
    (
        {"trainer": trainer((1, 9, 11, AvailabilityKind.UNAVAILABLE))},
        ConflictRule.TRAINER_UNAVAILABLE,
        True,
        "unavailable from 09:00 to 11:00",
    ),
    (
        {"trainer": trainer((2, 8, 10, AvailabilityKind.AVAILABLE))},
        ConflictRule.TRAINER_UNAVAILABLE,
        True,
        "available at other times only",
    ),
    (
        {"trainer": trainer((1, 8, 12, AvailabilityKind.AVAILABLE), (1, 14, 16, AvailabilityKind.PREFERRED))},
        ConflictRule.NOT_PREFERRED,
        False,
        "prefers other times",
    ),
    (
        {"day_pattern": HOURS, "line": line(replace(EIGHT, start=time(8, 30)))},
        ConflictRule.DAY_PATTERN,
        True,
        "does not start and end with teaching periods",
    ),
    (
        {"day_pattern": HOURS, "line": line(replace(EIGHT, end=time(12)))},
        ConflictRule.DAY_PATTERN,
        True,
        "break from 10:00 to 11:00 lies inside",
    ),
    (
        {"day_pattern": HOURS, "line": line(replace(EIGHT, weekday=2))},
        ConflictRule.DAY_PATTERN,
        True,
        "nothing is taught on that weekday",
    ),
    (
        {"others": [other(noon, "class_group_id")], "policy": TimetablePolicy(max_daily_group_minutes=239)},
        ConflictRule.GROUP_DAILY_LOAD,
        True,
        "4 h on 2026-03-23",
    ),
    (
        {"others": [other(noon, "trainer_id")], "policy": TimetablePolicy(max_daily_trainer_minutes=239)},
        ConflictRule.TRAINER_DAILY_LOAD,
        True,
        "Grace Hopper would have 4 h",
    ),
    (
        {
            "others": [other(replace(noon, start=time(10)), "class_group_id")],
            "policy": TimetablePolicy(max_consecutive_minutes=299),
        },
        ConflictRule.GROUP_CONSECUTIVE,
        True,
        "5 h without a break",
    ),
    (
        {
            "others": [other(replace(noon, start=time(10)), "trainer_id")],
            "policy": TimetablePolicy(max_consecutive_minutes=299),
        },
        ConflictRule.TRAINER_CONSECUTIVE,
        True,
        "5 h without a break",
    ),
    (
        {
            "others": [other(replace(noon, weekday=2), "trainer_id")],
            "trainer": trainer(max_weekly_minutes=239),
        },
        ConflictRule.TRAINER_WEEKLY_LOAD,
        False,
        "4 h in the week of 2026-03-23",
    ),
    (
        {"others": [other(noon, "room_id")], "room": room(max_bookings_per_day=1)},
        ConflictRule.ROOM_DAILY_BOOKINGS,
        True,
        "2 bookings on 2026-03-23",
    ),
]


@pytest.mark.parametrize(("changes", "rule", "hard", "text"), ROWS, ids=[row[1].value for row in ROWS])
def test_each_rule_alone(changes: dict[str, Any], rule: ConflictRule, text: str, *, hard: bool) -> None:
    (conflict,) = found(**changes)
    assert (conflict.rule, conflict.hard) == (rule, hard)
    assert text.lower() in conflict.text.lower()
    assert (conflict.cost > 0) is not hard
    assert conflict.entry_ids == tuple(one.entry_id for one in changes.get("others", ()))  # what it collides with


def test_every_rule_has_a_row() -> None:
    busy = {ConflictRule.ROOM_BUSY, ConflictRule.TRAINER_BUSY, ConflictRule.GROUP_BUSY}
    assert {row[1] for row in ROWS} | busy == set(ConflictRule)


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": TimetablePolicy(max_daily_group_minutes=240, max_daily_trainer_minutes=240)},
        {"policy": TimetablePolicy(max_daily_group_minutes=0, max_daily_trainer_minutes=0, max_consecutive_minutes=0)},
        {"trainer": trainer(max_weekly_minutes=240)},
        {"room": room(max_bookings_per_day=2)},
    ],
)
def test_a_limit_that_is_just_reached_is_kept(changes: dict[str, Any]) -> None:
    beside = [other(noon, "room_id", "trainer_id", "class_group_id")]
    assert found(others=beside, **changes) == []


def test_the_policy_says_what_is_hard_but_for_double_bookings() -> None:
    soft = TimetablePolicy(hard=ALWAYS_HARD, weights={"room_capacity": 7})
    (conflict,) = found(room=room(capacity=1), policy=soft)
    assert (conflict.hard, conflict.cost) == (False, 7)
    (conflict,) = found(others=[other(EIGHT, "room_id")], policy=replace(soft, hard=frozenset()))
    assert conflict.hard


def test_hard_conflicts_come_first_and_all_at_once() -> None:
    conflicts = found(
        room=room(capacity=1, facilities=frozenset()),
        facilities=frozenset({"kiln"}),
        free_days=day_off,
        others=[other(EIGHT, "room_id", "trainer_id", "class_group_id")],
    )
    assert len(conflicts) == 6
    assert [conflict.hard for conflict in conflicts] == [True] * 5 + [False]


def test_an_entry_may_be_allowed_outside_of_the_day_pattern() -> None:
    assert found(day_pattern=HOURS, line=line(replace(EIGHT, start=time(7))), outside_day_pattern=True) == []


@pytest.mark.parametrize(
    ("times", "start", "end", "holds"),
    [
        ([(8, 10)], 8, 10, True),
        ([(8, 9), (9, 10)], 8, 10, True),  # two that touch are one
        ([(9, 10), (8, 9)], 8, 10, True),
        ([(8, 9), (10, 12)], 8, 12, False),
        ([(8, 12), (9, 10)], 8, 12, True),
        ([], 8, 9, False),
    ],
)
def test_windows_hold_a_time_together(times: list[tuple[int, int]], start: int, end: int, *, holds: bool) -> None:
    windows = [Window(1, time(one), time(two)) for one, two in times]
    assert covered(windows, 1, time(start), time(end)) is holds
    assert covered(windows, 2, time(start), time(end)) is False
