"""The main job, whole: `make demo` in a folder of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
@pytest.mark.timeout(400)
def test_the_demo_ends_with_the_register_that_its_story_says(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.demo", "--json", "--folder", str(tmp_path / "demo")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["ok"], done.stdout
    assert done.returncode == 0
    assert [(line["trainee"], line["state"]) for line in outcome["register"]] == [
        ("Barack Obama", "present"),
        ("Joe Biden", "present"),
        ("Eileen Collins", "late"),
        ("Katherine Johnson", "absent"),
    ]
    assert outcome["check_ins"] == {"stored": outcome["check_ins"]["stored"], "duplicate": 0, "lost": 0}
    assert (
        outcome["check_ins"]["stored"] >= 6
    )  # four at the doors on time, one while cut off, one while the hub was dead
    assert outcome["alerts"] >= 4


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.demo", "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "give an empty --folder" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
