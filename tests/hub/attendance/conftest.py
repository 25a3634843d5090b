from pathlib import Path

import pytest

from hub.faces.custody import KeyRing
from tests.fixtures.people_api import api, passwords
from tests.fixtures.statements import statements_of

__all__ = ["api", "passwords", "statements_of"]  # fixtures of this folder, beside those below


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "secrets")
