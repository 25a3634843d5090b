"""The folder in which one hub keeps what is its own: claimed by a lock, and telling others where the hub is."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from hub.errors import FailedPrecondition, Unavailable


class DataFolderInUse(FailedPrecondition):
    pass


class DataFolderUnusable(Unavailable):
    pass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """host:port of each door, as others reach it; `ca_fingerprint` is SHA-256, in pairs of hexadecimal digits."""

    api: str
    device: str
    enrolment: str
    http: str
    mqtt: str
    pid: int
    ca_fingerprint: str


def claim(folder: Path, *others: Path) -> IO[str]:
    """Make the folder (and `others`), for the hub's user alone, and lock it until the answer is closed.

    Raises:
        DataFolderUnusable: it cannot be made or written.
        DataFolderInUse: another hub runs on it.
    """
    try:
        for wanted in (folder, *others):
            wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "hub.lock").open("a", encoding="ascii")
    except OSError as error:
        raise DataFolderUnusable(
            f"Cannot write to the data folder {folder.absolute()} ({error.strerror}): give the hub's user write access "
            "to it, or set data_dir."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DataFolderInUse(
            f"Another hub runs on {folder.absolute()}: stop it, or give this one its own data_dir."
        ) from error
    os.set_inheritable(lock.fileno(), False)
    return lock


def write_endpoints(folder: Path, endpoints: Endpoints) -> Path:
    """Write endpoints.json whole; answers its path."""
    file = folder / "endpoints.json"
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(endpoints), indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
    return file
