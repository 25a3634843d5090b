from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.faces.custody import KeyRing
from hub.faces.encoder import FaceEncoder


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "secrets")


@pytest.fixture(scope="session")
def encoder() -> Iterator[FaceEncoder]:
    encoder = FaceEncoder("sface")
    yield encoder
    encoder.close()
