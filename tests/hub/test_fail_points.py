import os
import subprocess
import sys

import pytest

from hub.fail_points import FailPoint, parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", None), ("a.b", FailPoint("a.b", 1)), ("a.b:3", FailPoint("a.b", 3))],
)
def test_fail_point_of_the_environment(value: str, expected: FailPoint | None) -> None:
    assert parse({"ROSTER_FAIL_POINT": value}) == expected


@pytest.mark.parametrize("value", [":3", "a.b:x", "a.b:0"])
def test_a_fail_point_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ValueError, match="write"):
        parse({"ROSTER_FAIL_POINT": value})


def test_the_process_dies_at_the_wanted_visit() -> None:
    program = (
        "from hub.fail_points import reach\nfor i in range(5):\n print(i, flush=True)\n reach('other')\n reach('a.b')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"ROSTER_FAIL_POINT": "a.b:3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.split()) == (-9, ["0", "1", "2"])
