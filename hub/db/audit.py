"""The audit trail: who changed what, when, from where; append-only, which the database itself enforces."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import DDL, Index, event
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


_SQLITE_REFUSAL = """
CREATE TRIGGER audit_entries_refuse_{operation} BEFORE {operation} ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END
"""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$
"""

_POSTGRESQL_TRIGGER = """
CREATE TRIGGER audit_entries_refuse BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()
"""

for operation in ("UPDATE", "DELETE"):
    event.listen(
        AuditEntry.__table__,
        "after_create",
        DDL(_SQLITE_REFUSAL.format(operation=operation)).execute_if(dialect="sqlite"),
    )
for statement in (_POSTGRESQL_FUNCTION, _POSTGRESQL_TRIGGER):
    event.listen(AuditEntry.__table__, "after_create", DDL(statement).execute_if(dialect="postgresql"))
