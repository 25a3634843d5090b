"""What this computer knows of a hub: address, pinned CA and sign-in, in one file that only its owner can read."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from provisioning.errors import RosterError, SignInNeeded


class Profile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    """host:port of the hub's API port."""

    ca_pem: str
    """The only authority that this hub's certificate is accepted from; empty for a plaintext hub on this computer."""

    email: str
    access_token: str
    access_token_expire_time: datetime
    refresh_token: str

    def is_fresh(self, now: datetime) -> bool:
        """Whether the access token lasts long enough for one more call."""
        return (self.access_token_expire_time - now).total_seconds() > _SPARE_SECONDS


_SPARE_SECONDS = 30.0  # clocks differ and calls take time


class ProfileStore:
    """Profiles of one folder, a file each."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._file = folder / f"{name}.json"
        self._lock_file = folder / f".{name}.lock"
        self.ca_file = folder / f"{name}-ca.pem"

    def load(self) -> Profile:
        """The profile.

        Raises:
            SignInNeeded: there is none.
            RosterError: the file is damaged.
        """
        try:
            return Profile.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            raise SignInNeeded("You are not signed in to a hub: run `roster login HOST:PORT --email YOU`.") from None
        except ValidationError as error:
            raise RosterError(
                f"{self._file} is damaged: delete it and sign in again. ({error.error_count()} problems)"
            ) from error

    def save(self, profile: Profile) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self._file, profile.model_dump_json(indent=1))
        # paho-mqtt reads its authorities from a file.
        _write(self.ca_file, profile.ca_pem)

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)
        self.ca_file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One `roster` at a time: a refresh token that is used twice ends the whole sign-in."""
        self._lock_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def utc_now() -> datetime:
    return datetime.now(UTC)


def _write(path: Path, text: str) -> None:
    # mkstemp makes the file 0600 from its first moment; the rename replaces the former one whole.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(path)
