"""What storing, changing, archiving and deleting a part of the school have in common: checks, audit, refusals."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from hub.db.base import Base
from hub.db.dependents import dependents_of, in_words
from hub.db.unit_of_work import UnitOfWork
from hub.errors import FieldViolation
from hub.rpc.fields import check_etag
from hub.school.errors import NameTaken, PartArchived, PartInUse, PeriodsOverlap, SchoolInvalid
from hub.school.models import AcademicYear, CalendarDay, ClassGroup, Department, Programme, School, Term
from hub.school.rules import Period, overlapping

Part = TypeVar("Part", School, Department, Programme, ClassGroup, AcademicYear, Term, CalendarDay)
Archivable = TypeVar("Archivable", Department, Programme, ClassGroup)


async def store(uow: UnitOfWork, kind: str, part: Part, values: Mapping[str, Any]) -> Part:
    """Add the new part; `kind` names it in the audit trail ("class_group")."""
    uow.session.add(part)
    await uow.session.flush()
    uow.audit(f"school.create_{kind}", object_type=kind, object_id=part.id, after=values)
    return part


async def change(uow: UnitOfWork, kind: str, part: Part, values: Mapping[str, Any], verb: str = "update") -> Part:
    """Write the values into the part; nothing is written, and nothing audited, when it has them already."""
    before = {name: getattr(part, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return part
    for name, value in changed.items():
        setattr(part, name, value)
    await uow.session.flush()
    uow.audit(
        f"school.{verb}_{kind}",
        object_type=kind,
        object_id=part.id,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return part


async def set_archived(uow: UnitOfWork, kind: str, part: Archivable, *, archived: bool, etag: str) -> Archivable:
    """Take a part out of use or bring it back; EtagStale when it was changed since it was read."""
    check_etag(part.etag, etag)
    return await change(uow, kind, part, {"archived": archived}, "archive" if archived else "restore")


async def remove(uow: UnitOfWork, kind: str, part: Part, values: Mapping[str, Any], *, etag: str, instead: str) -> None:
    """Delete a part that nothing refers to.

    Raises:
        EtagStale: it was changed since it was read.
        PartInUse: something refers to it, in whichever domain; the message says what, and `instead` what to do.
    """
    check_etag(part.etag, etag)
    dependents = await dependents_of(uow, part)
    if dependents:
        raise PartInUse(f"This has {in_words(dependents)}, which would be lost: {instead}.")
    part_id = part.id
    try:
        async with uow.savepoint():
            await uow.session.delete(part)
            await uow.session.flush()
    except IntegrityError as error:
        # Something came to refer to it since we looked.
        raise PartInUse(f"This is in use since a moment ago: {instead}.") from error
    uow.audit(f"school.delete_{kind}", object_type=kind, object_id=part_id, before=values)


async def lock_calendar(uow: UnitOfWork) -> None:
    """Let one unit of work at a time change years and terms, so that the second sees what the first stored.

    PostgreSQL's exclusion constraint alone would refuse the second without telling with which period it clashes, and
    could deadlock.
    """
    await uow.take_turn("school calendar")


def refuse(violations: list[FieldViolation]) -> None:
    """SchoolInvalid when there is any."""
    if violations:
        raise SchoolInvalid(
            "This can't be stored: " + "; ".join(f"{v.field} {v.description}" for v in violations) + ".",
            violations=violations,
        )


def refuse_archived(part: Department | Programme | ClassGroup, what: str) -> None:
    """PartArchived when it is: nothing new is made in it."""
    if part.archived:
        raise PartArchived(f"The {what} {part.name} is archived: restore it first, or choose another.")


def refuse_overlap(field: str, period: Period, others: list[tuple[str, Period]]) -> None:
    """PeriodsOverlap that names each period that shares a day."""
    shared = overlapping(period, others)
    if shared:
        raise PeriodsOverlap.of(field, f"{period} overlaps {', '.join(shared)}: choose other dates")


async def refuse_taken(
    uow: UnitOfWork, kind: type[Base], taken: ColumnElement[bool], what: str, *, own: Base | None = None
) -> None:
    """NameTaken when another part than `own` has it."""
    if any(other is not own for other in await uow.session.scalars(select(kind).where(taken))):
        raise NameTaken(f"There is {what} already: use that one, or give another.")
