"""`roster timetable show` and its like, against a hub that runs as a process of its own."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tests.fixtures.terminal import Terminal, enrol_in_networks, open_terminal

TODAY = datetime.now(UTC).date()
NEXT_MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A college with one lesson: Grace teaches DSE-A networks in B12 on Mondays at ten."""
    with open_terminal(tmp_path_factory.mktemp("roster"), in_process=True) as terminal:
        enrol_in_networks(terminal)
        terminal.json(
            "timetable", "add", "--enrolment", "NET1@DSE-A", "--room", "B12", "--day", "mon", "--from", "10:00",
            "--to", "12:00", "--practical",
        )  # fmt: skip
        terminal.json("timetable", "publish")
        yield terminal


def test_a_week_is_shown_as_a_table_by_whoever_it_is_about(terminal: Terminal) -> None:
    week = ("--week", NEXT_MONDAY.isoformat())
    for about, told, untold in (
        (("--group", "DSE-A"), ("NET1 (P)", "B12", "Grace Hopper"), ()),
        (("--trainer", "S-1"), ("NET1 (P)", "B12", "DSE-A"), ("Hopper\n",)),
        (("--room", "B12"), ("NET1 (P)", "DSE-A", "Grace Hopper"), ()),
        (("--department", "ICT"), ("DSE-A, week of", "B12", "Grace Hopper"), ()),
    ):
        shown = terminal.run("timetable", "show", *about, *week).stdout
        assert f"Mon {NEXT_MONDAY:%d %b}" in shown
        for text in (*told, "10:00", "12:00"):
            assert text in shown, (about, text)
        assert not any(text in shown for text in untold)
    own = terminal.run("timetable", "show", *week).stdout
    assert "No lessons in this week." in own
    lessons = terminal.json("timetable", "show", "--group", "DSE-A", *week)["lessons"]
    assert [one["course_code"] for one in lessons] == ["NET1"]
    assert "Give one of" in terminal.refused("timetable", "show", "--group", "DSE-A", "--room", "B12")


def test_a_week_is_exported_in_each_form(terminal: Terminal, tmp_path: Path) -> None:
    for form in ("pdf", "xlsx", "ics"):
        path = tmp_path / f"week.{form}"
        terminal.json(
            "timetable", "export", "--group", "DSE-A", "--week", NEXT_MONDAY.isoformat(), "--format", form,
            "--output", str(path),
        )  # fmt: skip
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF-")
    assert load_workbook(tmp_path / "week.xlsx").sheetnames == ["DSE-A", "Lessons"]
    (event,) = Calendar.from_ical((tmp_path / "week.ics").read_bytes()).walk("VEVENT")
    assert event["SUMMARY"] == "NET1 Networks"


def test_what_is_free_and_used_is_listed(terminal: Terminal) -> None:
    day = ("--day", NEXT_MONDAY.isoformat())
    assert terminal.json("timetable", "free-rooms", *day, "--from", "10:00", "--to", "11:00") == []
    assert "B12" in terminal.run("timetable", "free-rooms", *day, "--from", "08:00", "--to", "10:00").stdout
    assert terminal.json("timetable", "free-trainers", *day, "--from", "11:00", "--to", "13:00") == []
    free = terminal.run("timetable", "free-trainers", *day, "--from", "12:00", "--to", "13:00").stdout
    assert "Grace Hopper" in free
    assert "2 h" in free
    days = ("--first", NEXT_MONDAY.isoformat(), "--last", (NEXT_MONDAY + timedelta(days=6)).isoformat())
    used = terminal.run("timetable", "utilisation", *days).stdout
    assert "4%" in used  # two of 45 hours
    assert terminal.json("timetable", "load", *days)[0]["practical"] == "7200s"
    assert "end_time_of_day" in terminal.refused("timetable", "free-rooms", "--from", "10:00", "--to", "09:00")


def test_a_feed_is_read_without_a_sign_in_until_it_is_revoked(terminal: Terminal) -> None:
    trust = ssl.create_default_context(cafile=str(terminal.hub.data_dir / "ca.pem"))
    made = terminal.run("timetable", "feeds", "create", "--group", "DSE-A").stdout
    url = made.split()[-1]
    with httpx.Client(verify=trust) as client:
        answer = client.get(url)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1
        (feed,) = terminal.json("timetable", "feeds", "list")
        assert (feed["subject_name"], feed["url"]) == ("DSE-A", "")
        turned = terminal.json("timetable", "feeds", "rotate", feed["id"])["url"]
        assert [client.get(one).status_code for one in (url, turned)] == [404, 200]
        assert "answers no more" in terminal.run("timetable", "feeds", "revoke", feed["id"]).stdout
        assert client.get(turned).status_code == 404
