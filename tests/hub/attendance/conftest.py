from pathlib import Path

import pytest

from hub.faces.custody import KeyRing


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "secrets")
