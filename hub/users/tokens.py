"""Access tokens (signed, 15 min) and the opaque ones of which the hub keeps only hashes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from uuid6 import uuid7

from hub.secret_files import SecretsUnusable, read_secret, write_secret
from hub.users.errors import AccessTokenRefused

ACCESS_TOKEN_LASTS = timedelta(minutes=15)
_ALGORITHM = "EdDSA"
_FILES = "token-key-*.pem"
_REMEMBERED = 8192


class TokenKeys:
    """Ed25519 keys in a folder. The newest signs; all verify, so that a new key ends no session."""

    def __init__(self, keys: list[Ed25519PrivateKey]) -> None:
        self._keys = {_key_id(key): key for key in keys}
        self.signing_id, self.signing_key = list(self._keys.items())[-1]

    @classmethod
    def load_or_create(cls, folder: Path) -> "TokenKeys":
        """The keys of `folder`/token-key-*.pem, sorted by name; the first one is made when there is none.

        Raises:
            OSError: the folder cannot be read or written.
            SecretsUnusable: a file is no unencrypted Ed25519 key, or open to others; the message names it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob(_FILES)):
            cls.add(folder)
        return cls([_load(path) for path in sorted(folder.glob(_FILES))])

    @classmethod
    def add(cls, folder: Path) -> Path:
        """Make a key which signs from the next start on; answers its file."""
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = folder / f"token-key-{uuid7()}.pem"
        write_secret(path, pem)
        return path

    def verifying_key(self, key_id: str) -> Ed25519PrivateKey | None:
        return self._keys.get(key_id)


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(read_secret(path), password=None)
    except (ValueError, TypeError) as error:
        raise SecretsUnusable(
            f"{path} is no PEM key: restore it from a backup or remove it (all users sign in again)"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretsUnusable(f"{path} is no Ed25519 key: remove it (all users sign in again).")
    return key


def _key_id(key: Ed25519PrivateKey) -> str:
    return sha256(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class AccessToken:
    token: str
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class AccessClaims:
    user_id: UUID
    session_id: UUID


class AccessTokens:
    """Signs and checks access tokens for one audience, such as "smart-roster.local"."""

    def __init__(self, keys: TokenKeys, *, audience: str) -> None:
        self._keys = keys
        self._audience = audience
        # A token comes with each call of its quarter of an hour; a signature costs as much as a small query.
        self._verified = lru_cache(maxsize=_REMEMBERED)(self._verify)

    def issue(self, claims: AccessClaims, now: datetime) -> AccessToken:
        expire_time = now + ACCESS_TOKEN_LASTS
        token = jwt.encode(
            {
                "iss": self._audience,
                "aud": self._audience,
                "sub": str(claims.user_id),
                "sid": str(claims.session_id),
                "iat": int(now.timestamp()),
                "exp": int(expire_time.timestamp()),
            },
            self._keys.signing_key,
            algorithm=_ALGORITHM,
            headers={"kid": self._keys.signing_id},
        )
        return AccessToken(token, datetime.fromtimestamp(int(expire_time.timestamp()), UTC))

    def check(self, token: str, now: datetime) -> AccessClaims:
        """What the token says.

        Raises:
            AccessTokenRefused: malformed, of another key or audience, or expired at `now`.
        """
        claims, expires_at = self._verified(token)
        if now.timestamp() >= expires_at:
            raise AccessTokenRefused("Your access token has expired: refresh it, or sign in again.")
        return claims

    def _verify(self, token: str) -> tuple[AccessClaims, int]:
        """The claims and the second at which they expire; a token that was good stays so until then."""
        try:
            key = self._keys.verifying_key(jwt.get_unverified_header(token).get("kid", ""))
            if key is None:
                raise _refused()
            claims = jwt.decode(
                token,
                key.public_key(),
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=self._audience,
                # Checked in `check` against the hub's clock, which is a parameter.
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub", "sid", "aud", "iss"]},
            )
            return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"])), int(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise _refused() from error


def _refused() -> AccessTokenRefused:
    return AccessTokenRefused("This access token is not one of this hub: sign in again.")


def new_secret() -> tuple[str, bytes]:
    """A random token of 256 bits and the hash under which it is stored."""
    token = secrets.token_urlsafe(32)
    return token, secret_hash(token)


def secret_hash(token: str) -> bytes:
    """SHA-256: enough for a secret that can't be guessed, unlike a password."""
    return sha256(token.encode()).digest()
