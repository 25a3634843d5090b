import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from hub.faces.custody import KeyRing, Sealed, template_context
from hub.faces.errors import TemplateKeyMissing
from hub.secret_files import SecretsUnusable


def test_what_was_sealed_comes_back_after_a_restart(tmp_path: Path) -> None:
    sealed = KeyRing.open(tmp_path).seal(b"encoding", b"row 1")
    assert b"encoding" not in sealed.ciphertext
    assert KeyRing.open(tmp_path).unseal(sealed, b"row 1") == b"encoding"


def test_a_ciphertext_cannot_be_moved_to_another_person(keys: KeyRing) -> None:
    set_id = uuid4()
    sealed = keys.seal(b"encoding", template_context(uuid4(), set_id, 0))
    with pytest.raises(TemplateKeyMissing, match="moved"):
        keys.unseal(sealed, template_context(uuid4(), set_id, 0))


def test_a_changed_ciphertext_is_refused(keys: KeyRing) -> None:
    sealed = keys.seal(b"encoding", b"row")
    changed = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    with pytest.raises(TemplateKeyMissing, match="damaged"):
        keys.unseal(Sealed(sealed.key_id, sealed.nonce, changed), b"row")


def test_the_newest_key_seals_and_former_ones_still_unseal(keys: KeyRing) -> None:
    before = keys.seal(b"old", b"row")
    key_id = keys.add_key()
    assert keys.seal(b"new", b"row").key_id == key_id
    assert keys.unseal(before, b"row") == b"old"
    assert keys.others() == [before.key_id]
    assert abs((keys.made_time(key_id) - datetime.now(UTC)).total_seconds()) < 60


def test_a_key_of_another_hub_is_found_when_it_is_met(tmp_path: Path) -> None:
    ours, theirs = KeyRing.open(tmp_path), KeyRing.open(tmp_path)
    theirs.add_key()
    assert ours.unseal(theirs.seal(b"encoding", b"row"), b"row") == b"encoding"


def test_without_its_key_a_template_says_what_to_do(keys: KeyRing) -> None:
    sealed = keys.seal(b"encoding", b"row")
    keys.add_key()
    keys.destroy(sealed.key_id)
    with pytest.raises(TemplateKeyMissing, match="restore"):
        keys.unseal(sealed, b"row")


def test_keys_are_for_the_hub_s_user_alone(tmp_path: Path) -> None:
    KeyRing.open(tmp_path)
    (key,) = (tmp_path / "template-keys").glob("*.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o640)
    with pytest.raises(SecretsUnusable, match="chmod 600"):
        KeyRing.open(tmp_path)
