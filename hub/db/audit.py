"""The audit trail: who changed what, when, from where. Append-only, which the database itself enforces: a person's data
can be taken out of an entry, and that is all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import DDL, Index, event, null, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from hub.db.base import Base


class AuditEntry(Base):
    """`before` and `after` hold the changed fields as JSON; never secrets, encodings or tokens."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "object_type", "object_id"), Index(None, "occurred_time"))

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    occurred_time: Mapped[datetime]
    principal_kind: Mapped[str]
    principal_id: Mapped[UUID | None] = mapped_column(index=True)
    address: Mapped[str | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]


def as_json(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The values as JSON: ids and instants become text."""
    if values is None:
        return None
    converted: dict[str, Any] = to_jsonable_python(dict(values))
    return converted


# What may be taken out of an entry, and nothing put in its place: a person's data, when they are erased.
_REDACTABLE = ("address", "before", "after", "reason")
_LASTING = tuple(column.name for column in AuditEntry.__table__.columns if column.name not in _REDACTABLE)

_SQLITE_DELETE = """
CREATE TRIGGER audit_entries_refuse_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END
"""

_SQLITE_UPDATE = f"""
CREATE TRIGGER audit_entries_refuse_update BEFORE UPDATE ON audit_entries
WHEN NOT ({" AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _LASTING)}
AND {" AND ".join(f'(NEW."{name}" IS NULL OR NEW."{name}" IS OLD."{name}")' for name in _REDACTABLE)})
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END
"""

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'UPDATE' THEN
IF {" AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _LASTING)}
AND {" AND ".join(f'(NEW."{name}" IS NULL OR NEW."{name}" IS NOT DISTINCT FROM OLD."{name}")' for name in _REDACTABLE)}
THEN RETURN NEW; END IF;
END IF;
RAISE EXCEPTION 'audit_entries is append-only'; END $$
"""

_POSTGRESQL_TRIGGER = """
CREATE TRIGGER audit_entries_refuse BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()
"""

for dialect, statements in (
    ("sqlite", (_SQLITE_DELETE, _SQLITE_UPDATE)),
    ("postgresql", (_POSTGRESQL_FUNCTION, _POSTGRESQL_TRIGGER)),
):
    for statement in statements:
        # DDL's own placeholders begin with a percent sign; none of these statements has one.
        event.listen(AuditEntry.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))


async def redact(session: AsyncSession, *, object_type: str, object_id: str, principal_id: UUID) -> int:
    """Take a person's data out of the entries about the object, and the addresses out of those of the principal.

    Who did what to whom, and when, stays. Answers how many entries were changed.
    """
    about = await session.execute(
        update(AuditEntry)
        .where(AuditEntry.object_type == object_type, AuditEntry.object_id == object_id)
        .values(before=null(), after=null(), reason=None, address=None)
        .execution_options(synchronize_session=False)
    )
    by = await session.execute(
        update(AuditEntry)
        .where(AuditEntry.principal_id == principal_id, AuditEntry.address.is_not(None))
        .values(address=None)
        .execution_options(synchronize_session=False)
    )
    return int(about.rowcount + by.rowcount)  # type: ignore[attr-defined] # of an update
