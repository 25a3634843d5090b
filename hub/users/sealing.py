"""The key under which second factors are stored: a file beside the database, never in it."""

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.secret_files import SecretsUnusable, read_secret, write_secret
from hub.users.errors import SecondFactorUnreadable

_KEY_BYTES = 32
_NONCE_BYTES = 12  # NIST SP 800-38D, 8.2: 96 bits, random


class SecretBox:
    """AES-256-GCM under one key, which the hubs of a site share in their secrets folder."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def open(cls, secrets_dir: Path) -> "SecretBox":
        """The box of a secrets folder; makes the key in an empty one.

        Raises:
            OSError: the folder cannot be read or written.
            SecretsUnusable: other users can read the key, or it is damaged.
        """
        secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = secrets_dir / "second-factor.key"
        if not path.exists():
            write_secret(path, secrets.token_bytes(_KEY_BYTES))
        key = read_secret(path)
        if len(key) != _KEY_BYTES:
            raise SecretsUnusable(
                f"{path} is no key of {_KEY_BYTES} bytes: restore it from a backup, or remove it and reset the second "
                "factor of those who have one."
            )
        return cls(key)

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Encrypt; `context` must be given again to decrypt, so that a ciphertext can't be moved to another row."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plaintext, context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt.

        Raises:
            SecondFactorUnreadable: of another key, or the stored bytes were changed or moved.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
        except InvalidTag:
            raise SecondFactorUnreadable(
                "Your second factor can't be read any more: ask an administrator to reset it."
            ) from None
