"""What people type and what they read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from provisioning.errors import BadInput
from provisioning.output import duration_text, enum_text, text_of
from provisioning.timespan import day_bounds, parse_duration
from smartroster.devices.v1 import devices_pb2

NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("10min", 600), ("1h30m", 5400), ("2 d", 172_800), ("1.5h", 5400), ("0s", 0)],
)
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "m", "10x", "10m!", "-5m", "ten minutes"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(BadInput, match="90s, 10m, 1h30m"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.25, "0.25 s"), (90, "1 min 30 s"), (3600, "1 h"), (90_061, "1 d 1 h 1 min 1 s"), (-5, "-5 s")],
)
def test_durations_are_shown_in_words(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_a_day_is_as_long_as_its_zone_says() -> None:
    start, end = day_bounds("2026-10-25", ZoneInfo("Europe/Berlin"))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=25)
    assert start.astimezone(UTC) == datetime(2026, 10, 24, 22, tzinfo=UTC)


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(BadInput, match="YYYY-MM-DD"):
        day_bounds("yesterday", UTC)


def test_instants_are_shown_in_the_schools_zone() -> None:
    assert text_of(Timestamp(seconds=0), NAIROBI) == ""
    assert text_of(Timestamp(seconds=1_790_000_000), NAIROBI) == "2026-09-21 17:13:20"
    assert text_of(Duration(seconds=61), NAIROBI) == "1 min 1 s"


def test_states_are_shown_in_words() -> None:
    assert enum_text(devices_pb2.Device(state=devices_pb2.Device.STATE_CLAIMED_PENDING), "state") == "claimed pending"
    assert enum_text(devices_pb2.Device(), "state") == ""
