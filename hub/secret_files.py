"""Secrets of the hub that live outside its database: files that only the hub's user can read."""

import os
import tempfile
from pathlib import Path

_OTHERS = 0o077


class SecretsUnusable(Exception):
    """A secret file is missing, damaged or open to others; the message says which and what to do."""


def read_secret(path: Path) -> bytes:
    """The content of a secret file.

    Raises:
        SecretsUnusable: other users of the machine may read it.
        OSError: it can't be read.
    """
    if path.stat().st_mode & _OTHERS:
        raise SecretsUnusable(
            f"{path} can be read by other users: run `chmod 600` on it, or replace it if it may have leaked."
        )
    return path.read_bytes()


def write_secret(path: Path, content: bytes) -> None:
    """Write a new secret file, whole and durable. One that exists already is kept as it is."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-") as scratch:  # made 0600
        scratch.write(content)
        scratch.flush()
        os.fsync(scratch.fileno())
        try:
            path.hardlink_to(scratch.name)
        except FileExistsError:
            return
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def replace_secret(path: Path, content: bytes) -> None:
    """Write a secret file, whole, in the place of the one that may be there."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
