"""`roster rooms`, `availability` and `timetable`, against a hub that runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.terminal import Terminal, enrol_in_networks, open_terminal

TODAY = datetime.now(UTC).date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A college with one course of two single hours a week and a day pattern; room B12 is there."""
    with open_terminal(tmp_path_factory.mktemp("roster"), in_process=True) as terminal:
        enrol_in_networks(terminal)
        terminal.json("timetable", "pattern", "--days", "mon-fri", "--periods", "08:00-09:00 09:00-10:00 11:00-12:00")
        yield terminal


def test_rooms_have_hours_maintenance_and_a_polygon(terminal: Terminal) -> None:
    corners = [part for corner in ((0, 0), (0, 0.001), (0.001, 0.001)) for part in ("--corner", *map(str, corner))]
    made = terminal.json("rooms", "create", "L9", "--type", "lab", "--has", "kiln", *corners)
    assert len(made["geofence"]["polygon"]["vertices"]) == 3
    changed = terminal.json(
        "rooms", "update", "L9", "--bookable", "mon 08:00-12:00", "--max-bookings", "2", "--capacity", "12"
    )
    assert changed["bookable_hours"] == [{"weekday": 1, "start_time_of_day": "08:00", "end_time_of_day": "12:00"}]
    assert (changed["max_bookings_per_day"], changed["capacity"]) == (2, 12)
    painted = terminal.json("rooms", "maintenance", "L9", "--from", f"{MONDAY}T08:00:00", "--hours", "4")
    assert len(painted["maintenance_windows"]) == 1
    assert [room["code"] for room in terminal.json("rooms", "list", "--has", "kiln")] == ["L9"]
    shown = terminal.run("rooms", "show", "L9").stdout
    for text in ("kiln", "inside of 0, 0 / 0, 0.001 / 0.001, 0.001", f"{MONDAY} 08:00:00 to {MONDAY} 12:00:00"):
        assert text in shown
    assert 'like "mon 08:00-12:00"' in terminal.refused("rooms", "update", "L9", "--bookable", "monday")
    terminal.json("rooms", "delete", "L9")
    assert terminal.json("rooms", "list", "--has", "kiln") == []


def test_availability_and_absences(terminal: Terminal) -> None:
    stored = terminal.json("availability", "set", "S-1", "--unavailable", "fri 08:00-12:00")
    assert stored["windows"][0]["kind"] == "KIND_UNAVAILABLE"
    overlap = ("--preferred", "fri 09:00-10:00", "--unavailable", "fri 08:00-12:00")
    assert "overlap" in terminal.refused("availability", "set", "S-1", *overlap)
    absence = terminal.json("availability", "away", "S-1", "--from", MONDAY.isoformat(), "--reason", "Course")
    assert "away already" in terminal.refused("availability", "away", "S-1", "--from", MONDAY.isoformat())
    assert "Grace Hopper" in terminal.run("availability", "absences").stdout
    terminal.json("availability", "back", absence["id"])
    assert terminal.json("availability", "absences") == []
    assert "unavailable fri 08:00-12:00" in terminal.run("availability", "show", "S-1").stdout


def test_a_plan_is_generated_checked_changed_compared_and_published(terminal: Terminal) -> None:
    terminal.json("availability", "set", "S-1", "--unavailable", "fri 08:00-12:00")
    generated = terminal.run("timetable", "generate", "--moves", "2000", "--cores", "1", "--title", "First")
    assert generated.returncode == 0, generated.stderr
    assert "2 lines, cost" in generated.stdout
    assert "0 not placed" in generated.stdout
    (first,) = terminal.json("timetable", "versions")
    assert (first["title"], first["state"], first["entry_count"]) == ("First", "STATE_DRAFT", 2)
    assert "2 lines: 0 conflicts" in terminal.run("timetable", "check").stdout
    published = terminal.json("timetable", "publish", "--version", first["id"])
    assert published["published_entries"] == 2

    second = terminal.json("timetable", "draft", "--title", "Second")
    lines = terminal.json("timetable", "list", "--version", second["id"])
    taken = lines[1]
    place = (
        "--day", ("mon", "tue", "wed", "thu", "fri")[taken["weekday"] - 1],
        "--from", taken["start_time_of_day"][:5], "--to", taken["end_time_of_day"][:5],
    )  # fmt: skip
    assert "is booked" in terminal.refused("timetable", "move", lines[0]["id"], *place)
    where = ("--enrolment", "NET1@DSE-A", "--room", "B12", *place)
    speaks = {one["rule"] for one in terminal.json("timetable", "add", *where, "--check")}
    assert {"RULE_ROOM_BUSY", "RULE_TRAINER_BUSY", "RULE_GROUP_BUSY"} <= speaks
    assert "unavailable" in terminal.refused(
        "timetable", "move", lines[0]["id"], "--day", "fri", "--from", "08:00", "--to", "09:00"
    )
    free = next(
        (day, start)
        for day in ("mon", "tue", "wed", "thu")
        for start in ("08:00", "09:00", "11:00")
        if all((day, start) != _when(line) for line in lines)
    )
    end = f"{int(free[1][:2]) + 1:02}:00"
    moved = terminal.json("timetable", "move", lines[0]["id"], "--day", free[0], "--from", free[1], "--to", end)
    assert _when(moved) == free
    assert "Pinned: 1 line." in terminal.run("timetable", "lock", moved["id"]).stdout
    told = terminal.run("timetable", "diff", first["id"], second["id"]).stdout
    assert "moved" in told
    assert "NET1@DSE-A" in told
    assert "Different: 1 lesson; the same: 1." in told
    assert "NET1@DSE-A" in terminal.run("timetable", "list", "--version", second["id"]).stdout
    answer = terminal.json("timetable", "publish")
    assert (answer["published_entries"], answer["timetable_version"]["number"]) == (2, second["number"])
    assert {version["state"] for version in terminal.json("timetable", "versions")} == {
        "STATE_PUBLISHED",
        "STATE_ARCHIVED",
    }
    again = terminal.json("timetable", "publish")
    assert again["published_entries"] == 0

    once = terminal.json(
        "timetable", "add", "--once", "--enrolment", "NET1@DSE-A", "--room", "B12", "--any-time",
        "--date", (MONDAY + timedelta(days=5)).isoformat(), "--from", "14:00", "--to", "15:00",
    )  # fmt: skip
    assert (once["kind"], once["state"]) == ("KIND_TEMPORARY", "STATE_PUBLISHED")
    terminal.json("timetable", "remove", once["id"])
    assert "not_preferred" in terminal.run("timetable", "policy").stdout


def _when(line: dict[str, object]) -> tuple[str, str]:
    weekday = line["weekday"]
    assert isinstance(weekday, int)
    return ("mon", "tue", "wed", "thu", "fri")[weekday - 1], str(line["start_time_of_day"])[:5]
