"""What a database driver's exception means to a caller, and whether repeating the transaction can help."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from hub.errors import Aborted, AlreadyExists, FailedPrecondition, HubError, InvalidArgument, Unavailable


class DatabaseUnavailable(Unavailable):
    pass


class StaleEtag(Aborted):
    pass


class ValueNotStorable(InvalidArgument):
    """A text with a NUL character, or a number that no column can hold."""


class SearchTooLong(InvalidArgument):
    """SQLite takes patterns of up to 50,000 bytes."""


# serialization_failure, deadlock_detected, lock_not_available (PostgreSQL manual, appendix A)
_PG_RETRYABLE = {"40001", "40P01", "55P03"}
_PG_UNIQUE = "23505"
_PG_EXCLUSION = "23P01"
_PG_FOREIGN_KEY = "23503"
_PG_ADVICE = {
    "53100": "the database server's disk is full: free space on it",  # disk_full
    "25006": "the database is read-only: point the hub at the primary server",  # read_only_sql_transaction
}

# SQLite primary result codes (sqlite.org/rescode.html) and what the person who runs the hub can do.
_SQLITE_ADVICE = {
    sqlite3.SQLITE_BUSY: "the database is locked by another program: close it, or run one hub only on a SQLite file",
    sqlite3.SQLITE_LOCKED: "the database is locked by another program: close it, or run one hub only on a SQLite file",
    sqlite3.SQLITE_READONLY: "the database is read-only: give the hub's user write access to the data folder",
    sqlite3.SQLITE_IOERR: "the disk answers with errors: check the disk and the mount of the data folder",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged: stop the hub and restore the last backup",
    sqlite3.SQLITE_NOTADB: "the database file is not a database: stop the hub and restore the last backup",
    sqlite3.SQLITE_FULL: "the disk is full: free space on the disk that holds the data folder",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened: check that the data folder exists and is writable",
}

# "UNIQUE constraint failed: …" is SQLite's own; the others are what the triggers of hub models say where PostgreSQL has
# exclusion constraints.
_SQLITE_CLASHES = ("UNIQUE constraint failed", "overlapping period", "double booking")


def is_retryable(error: BaseException) -> bool:
    """Whether the same transaction, run again from its start, may succeed."""
    if isinstance(error, StaleDataError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return _sqlstate(error) in _PG_RETRYABLE or _sqlite_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def as_hub_error(error: SQLAlchemyError) -> HubError | None:
    """The error to answer, or None for a mistake in the hub's own code (to be logged whole, answered INTERNAL)."""
    if isinstance(error, StaleDataError):
        return StaleEtag("Someone else changed this at the same time: read it again and repeat your change.")
    if isinstance(error, PoolTimeoutError):
        return DatabaseUnavailable("The hub is overloaded: all database connections are busy. Try again in a moment.")
    if isinstance(error, IntegrityError):
        return _integrity_error(error)
    if isinstance(error, DataError):
        return ValueNotStorable(
            "A text or number can't be stored: remove control characters, or give a smaller number."
        )
    if not isinstance(error, DBAPIError):
        return None
    if "pattern too complex" in str(error.orig):
        return SearchTooLong("The text to search for is too long: shorten it.")
    advice = _advice(error)
    return None if advice is None else DatabaseUnavailable(f"Nothing was changed: {advice}. Then try again.")


def _advice(error: DBAPIError) -> str | None:
    state = _sqlstate(error)
    known = _SQLITE_ADVICE.get(_sqlite_code(error) or -1) or _PG_ADVICE.get(state or "")
    if known is not None:
        return known
    if state in _PG_RETRYABLE:
        return "too many changes came at once: wait a moment"
    if error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and _is_connection(state)):
        return "the database server does not answer: check that it runs and that database_url is right"
    return None


def _integrity_error(error: IntegrityError) -> HubError | None:
    text = str(error.orig)
    state = _sqlstate(error)
    if state in (_PG_UNIQUE, _PG_EXCLUSION) or any(mark in text for mark in _SQLITE_CLASHES):
        return AlreadyExists(
            "This clashes with something that exists already: look for it, then change one of the two."
        )
    if state == _PG_FOREIGN_KEY or "FOREIGN KEY constraint failed" in text:
        return FailedPrecondition("Other records depend on this, or what it refers to is gone: archive it instead.")
    return None


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _sqlite_code(error: DBAPIError) -> int | None:
    cause: BaseException | None = error.orig
    while cause is not None and not isinstance(cause, sqlite3.Error):
        cause = cause.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    # Extended codes carry the primary one in their low byte.
    return None if code is None else code & 0xFF


def _is_connection(state: str | None) -> bool:
    # No SQLSTATE: the server never answered. Class 08 is connection_exception; 57P01..57P03 are shutdown and start-up;
    # 53300 is too_many_connections.
    return state is None or state.startswith(("08", "57P")) or state == "53300"
