from pathlib import Path

import pytest

from hub.devices.authority import Authority
from tests.fixtures.clock import FakeClock

SITE = "college.example"


@pytest.fixture
def secrets_dir(tmp_path: Path) -> Path:
    return tmp_path / "secrets"


@pytest.fixture
def authority(secrets_dir: Path, clock: FakeClock) -> Authority:
    return Authority.open(secrets_dir, SITE, now=clock.now())
