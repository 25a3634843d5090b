"""The room's gallery on the device's disk: sealed with a key that only the device's certificate can fetch."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edge_agent.files import write_whole

_MAGIC = b"SRG1"
_NONCE_BYTES = 12

_log = structlog.get_logger("edge_agent.gallery")


@dataclass(frozen=True, slots=True)
class GalleryKey:
    key_id: str
    key: bytes
    """32 bytes."""


class GalleryVault:
    """`path` holds the sealed gallery; `key_dir`, a folder in memory, the key until the machine is switched off."""

    def __init__(self, path: Path, key_dir: Path | None) -> None:
        self._path = path
        self._key_file = key_dir / "gallery.key" if key_dir else None
        self.key: GalleryKey | None = self._kept_key()

    def _kept_key(self) -> GalleryKey | None:
        try:
            kept = json.loads(self._key_file.read_bytes()) if self._key_file else None
            return GalleryKey(kept["key_id"], bytes.fromhex(kept["key"])) if kept else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the kept gallery key can't be read; the hub is asked for it", error=type(error).__name__)
            return None

    def take_key(self, key: GalleryKey) -> None:
        """Use a key from now on; it is kept for restarts of the agent, not of the machine."""
        self.key = key
        if self._key_file is None:
            return
        try:
            self._key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._key_file, json.dumps({"key_id": key.key_id, "key": key.key.hex()}).encode())
        except OSError as error:
            _log.warning("the gallery key can't be kept; after a restart the hub is asked for it", error=str(error))

    @property
    def sealed_with(self) -> str | None:
        """Id of the key that the file is sealed with; None without a file."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        header = _header(content)
        return header[len(_MAGIC) + 1 :].decode("utf-8", "replace") if header else None

    def open(self) -> bytes | None:
        """The gallery; None when there is none here, the key is not here, or the file can't be opened with it."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        header = _header(content)
        if self.key is None or header is None:
            return None
        nonce, sealed = content[len(header) :][:_NONCE_BYTES], content[len(header) + _NONCE_BYTES :]
        try:
            return AESGCM(self.key.key).decrypt(nonce, sealed, header)
        except (InvalidTag, ValueError):
            _log.warning("the gallery on disk can't be opened; the hub is asked for all of it")
            return None

    def seal(self, gallery: bytes) -> None:
        """Replace the gallery on disk.

        Raises:
            OSError: the disk can't be written; the former gallery is still there.
            ValueError: there is no key.
        """
        if self.key is None:
            raise ValueError("the gallery's key is not here")
        key_id = self.key.key_id.encode()
        header = _MAGIC + bytes([len(key_id)]) + key_id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path, header + nonce + AESGCM(self.key.key).encrypt(nonce, gallery, header))

    def destroy(self) -> None:
        """Erase gallery and key, on disk and in memory."""
        self.key = None
        self._path.unlink(missing_ok=True)
        if self._key_file is not None:
            self._key_file.unlink(missing_ok=True)


def _header(content: bytes) -> bytes | None:
    if not content.startswith(_MAGIC) or len(content) <= len(_MAGIC):
        return None
    return content[: len(_MAGIC) + 1 + content[len(_MAGIC)]]
