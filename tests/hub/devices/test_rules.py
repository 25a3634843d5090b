import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import rules
from hub.devices.rules import Reach

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("silent_for", "expected"),
    [
        (None, Reach.NEVER_SEEN),
        (timedelta(0), Reach.ONLINE),
        (timedelta(seconds=-5), Reach.ONLINE),  # another hub's clock is ahead
        (timedelta(seconds=90), Reach.ONLINE),
        (timedelta(seconds=91), Reach.STALE),
        (timedelta(minutes=10), Reach.STALE),
        (timedelta(minutes=10, seconds=1), Reach.OFFLINE),
    ],
)
def test_reach_follows_the_silence(silent_for: timedelta | None, expected: Reach) -> None:
    seen = None if silent_for is None else NOW - silent_for
    assert rules.reach(seen, NOW) is expected


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=90), 90),
        (timedelta(days=1), 1),
        (timedelta(hours=23), 0),
        (timedelta(0), 0),
        (-timedelta(days=3), 0),
    ],
)
def test_days_left_are_whole_and_never_negative(left: timedelta, days: int) -> None:
    assert rules.days_left(NOW + left, NOW) == days


@given(st.binary(min_size=20, max_size=20), st.binary(min_size=32, max_size=32))
def test_claim_code_gives_back_secret_and_fingerprint(secret: bytes, fingerprint: bytes) -> None:
    version, secret_part, fingerprint_part = rules.claim_code(secret, fingerprint).split(".")
    assert version == "SR1"
    assert rules.decode_secret(secret_part) == secret
    assert rules.decode_secret(f" {secret_part.lower()}\n") == secret
    assert base64.b32decode(fingerprint_part + "====") == fingerprint
    assert "=" not in secret_part + fingerprint_part


@pytest.mark.parametrize("text", ["", "A", "0189", "ÄÖÜ", "A" * 31, "A" * 40, "A" * 10_000])
def test_what_cannot_be_a_secret_is_none(text: str) -> None:
    assert rules.decode_secret(text) is None


def test_renewal_message_is_as_the_proto_says() -> None:
    message = rules.renewal_message(b"certificate", b"request", NOW)
    lines = message.decode().split("\n")
    assert lines == [
        "smartroster renew",
        hashlib.sha256(b"certificate").hexdigest(),
        hashlib.sha256(b"request").hexdigest(),
        "2026-03-02T05:00:00Z",
    ]


def test_device_text_loses_control_characters_and_excess() -> None:
    assert rules.clean("a\x00b\x1b[31mc\nd", 100) == "ab[31mc\nd"
    assert rules.clean("x" * 20, 5) == "xxxxx"


@pytest.mark.parametrize(
    ("text", "right"), [("CAMERA_FAILED", True), ("camera", False), ("A", False), ("A" * 65, False)]
)
def test_alarm_reasons_are_upper_snake(text: str, right: bool) -> None:  # noqa: FBT001 (a table's column)
    assert rules.is_alarm_reason(text) is right
