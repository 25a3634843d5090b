"""The keys under which templates are stored. They live in files beside the database, never in it."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid6 import UUID as UUID6
from uuid6 import uuid7

from hub.faces.errors import TemplateKeyMissing
from hub.secret_files import read_secret, write_secret

_NONCE_BYTES = 12  # NIST SP 800-38D, 8.2: 96 bits, random; good for 2^32 encryptions a key


@dataclass(frozen=True, slots=True)
class Sealed:
    key_id: str
    nonce: bytes
    ciphertext: bytes


class KeyRing:
    """AES-256-GCM keys, one a file `template-keys/<UUIDv7>.key` of 32 bytes; the newest encrypts, all decrypt.

    Hubs of one site share the folder: a key that another hub made is read when it is first met.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, AESGCM] = {}
        self._read_folder()

    @classmethod
    def open(cls, secrets_dir: Path) -> "KeyRing":
        """The ring of a secrets folder; makes the first key in an empty one.

        Raises:
            SecretsUnusable: other users can read a key.
        """
        folder = secrets_dir / "template-keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ring = cls(folder)
        if not ring._keys:
            ring.add_key()
        return ring

    @property
    def current_id(self) -> str:
        return max(self._keys)

    def add_key(self) -> str:
        """Make a new key, which encrypts from now on; answers its id."""
        key_id = str(uuid7())
        write_secret(self._folder / f"{key_id}.key", secrets.token_bytes(32))
        self._read_folder()
        return key_id

    def made_time(self, key_id: str) -> datetime:
        return datetime.fromtimestamp(UUID6(key_id).time / 1000, UTC)

    def others(self) -> list[str]:
        """The ids of the keys that are not the newest."""
        self._read_folder()
        return sorted(self._keys.keys() - {self.current_id})

    def destroy(self, key_id: str) -> None:
        """Remove a key for good: what it encrypted can never be read again."""
        (self._folder / f"{key_id}.key").unlink(missing_ok=True)
        self._keys.pop(key_id, None)

    def seal(self, plaintext: bytes, context: bytes) -> Sealed:
        """Encrypt; `context` must be given again to decrypt, so that a ciphertext can't be moved to another row."""
        key_id = self.current_id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return Sealed(key_id, nonce, self._keys[key_id].encrypt(nonce, plaintext, context))

    def unseal(self, sealed: Sealed, context: bytes) -> bytes:
        """Decrypt.

        Raises:
            TemplateKeyMissing: the key is gone, or the stored bytes were changed.
        """
        if sealed.key_id not in self._keys:
            self._read_folder()
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise TemplateKeyMissing(
                f"Face templates are encrypted with key {sealed.key_id}, which is not in the hub's secrets folder: "
                "restore the folder from a backup, or register the faces again."
            )
        try:
            return key.decrypt(sealed.nonce, sealed.ciphertext, context)
        except InvalidTag:
            raise TemplateKeyMissing(
                "A stored face template is damaged or was moved: register the person's face again."
            ) from None

    def _read_folder(self) -> None:
        for path in self._folder.glob("*.key"):
            if path.stem not in self._keys:
                self._keys[path.stem] = AESGCM(read_secret(path))


def template_context(person_id: UUID, set_id: UUID, position: int) -> bytes:
    return f"face template {person_id} {set_id} {position}".encode()


def disk_key_context(device_id: UUID, disk_key_id: UUID) -> bytes:
    return f"gallery key {device_id} {disk_key_id}".encode()
