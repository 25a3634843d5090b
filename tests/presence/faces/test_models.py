from pathlib import Path

import pytest

from presence.faces.models import (
    SFACE,
    YUNET,
    ModelCorrupt,
    ModelFile,
    ModelMissing,
    combined_sha256,
    verified,
)

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_file_with_the_right_digest_is_taken_whatever_the_digest_s_case(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.touch()
    assert verified(file, EMPTY_SHA256.upper(), mend="") == file


def test_damaged_file_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"x")
    with pytest.raises(ModelCorrupt, match=r"expected e3b0.*: fetch it again"):
        verified(file, EMPTY_SHA256, mend="fetch it again")


def test_missing_file_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"No such file.*: fetch it"):
        verified(tmp_path / "model.onnx", EMPTY_SHA256, mend="fetch it")


def test_missing_package_names_the_command_that_installs_it() -> None:
    file = ModelFile(package="no_such_package", path="a.onnx", sha256=EMPTY_SHA256, install="no-such-package==1")
    with pytest.raises(ModelMissing, match="pip install no-such-package==1"):
        file.locate()


def test_identity_of_an_engine_s_models_depends_on_each_file() -> None:
    assert len({combined_sha256(YUNET, SFACE), combined_sha256(YUNET), combined_sha256(SFACE, YUNET)}) == 3
