"""What every change in this domain does: store, audit, refuse with each bad field named."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation, InvalidArgument
from hub.rpc.fields import check_etag

LONGEST_REASON = 500


class Row(Protocol):
    """A row of one of this domain's tables."""

    id: Any
    etag: Any


class Archivable(Row, Protocol):
    archived: Any


async def store(uow: UnitOfWork, kind: str, row: Base, values: Mapping[str, Any]) -> None:
    """Add a new row, with its audit entry."""
    uow.session.add(row)
    await uow.session.flush()
    row_id: UUID = row.id  # type: ignore[attr-defined] # every table of this domain that is stored so has one
    uow.audit(f"courses.create_{kind}", object_type=kind, object_id=row_id, after=values)


async def change(uow: UnitOfWork, kind: str, row: Row, values: Mapping[str, Any]) -> bool:
    """Set the values and audit those that differ; answers whether any did."""
    before = {field: getattr(row, field) for field, value in values.items() if getattr(row, field) != value}
    if not before:
        return False
    after = {field: values[field] for field in before}
    for field, value in after.items():
        setattr(row, field, value)
    await uow.session.flush()
    uow.audit(f"courses.update_{kind}", object_type=kind, object_id=row.id, before=before, after=after)
    return True


async def set_archived(uow: UnitOfWork, kind: str, row: Archivable, *, archived: bool, etag: str) -> None:
    """Take a row out of use or bring it back; EtagStale as its name says. Repeating it changes nothing."""
    check_etag(row.etag, etag)
    if row.archived is archived:
        return
    row.archived = archived
    await uow.session.flush()
    verb = "archive" if archived else "restore"
    uow.audit(f"courses.{verb}_{kind}", object_type=kind, object_id=row.id, after={"archived": archived})


async def remove(uow: UnitOfWork, kind: str, row: Base, before: Mapping[str, Any]) -> None:
    """Delete a row, with its audit entry."""
    row_id: UUID = row.id  # type: ignore[attr-defined] # see store
    await uow.session.delete(row)
    await uow.session.flush()
    uow.audit(f"courses.delete_{kind}", object_type=kind, object_id=row_id, before=before)


async def one_editor(uow: UnitOfWork) -> None:
    """One at a time edits prerequisites and curriculum maps, on all hubs.

    Two that edit at once would not see each other's edges, and both edges together could close a cycle.
    """
    await uow.take_turn("curriculum")


def too_long(field: str, text: str) -> list[FieldViolation]:
    """A violation for a reason that is longer than 500 characters."""
    if len(text) <= LONGEST_REASON:
        return []
    return [FieldViolation(field, f"has {len(text)} characters: shorten it to {LONGEST_REASON}")]


def refuse(error: type[InvalidArgument], what: str, violations: Sequence[FieldViolation]) -> None:
    """Raise the error when there are violations."""
    if violations:
        told = "; ".join(f"{item.field} {item.description}" for item in violations)
        raise error(f"The {what} can't be stored: {told}.", violations=violations)


def values_of(row: object, fields: Sequence[str]) -> dict[str, Any]:
    """The row's present values, for the audit trail."""
    return {field: getattr(row, field) for field in fields}
