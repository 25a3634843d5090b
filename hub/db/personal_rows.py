"""Everything that any table keeps about a person, found by its columns: nobody can forget to extend the export."""

from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import Column, ColumnElement, LargeBinary, Table, or_, select

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork

Rows = dict[str, list[dict[str, Any]]]

# What lets somebody act as the person is no answer to "what do you know of me".
_SECRETS = frozenset({"password_hash"})
# Columns that name a person though they are no foreign key: facts may come before the account, or outlive it.
_PERSON_COLUMNS = frozenset({"person_id", "user_id", "trainee_id", "trainer_id", "owner_id"})


async def rows_about(uow: UnitOfWork, model: type[Base], person_id: UUID) -> Rows:
    """The rows that name the row of `model`, most by a foreign key, and the rows that refer to those, by table.

    It sees the tables of every domain, also of those above the caller's. Secrets and sealed columns are left out.
    """
    root = Base.metadata.tables[model.__tablename__]
    rows: Rows = {root.name: await _read(uow, root, root.c.id == person_id)}
    for table in Base.metadata.sorted_tables:
        conditions = _about(table, root, person_id)
        found = await _read(uow, table, or_(*conditions)) if conditions else []
        if found:
            rows[table.name] = found
    return rows


def tables_about(model: type[Base]) -> set[str]:
    """The tables that `rows_about` looks into."""
    root = Base.metadata.tables[model.__tablename__]
    nobody = UUID(int=0)
    return {root.name} | {table.name for table in Base.metadata.sorted_tables if _about(table, root, nobody)}


def _about(table: Table, root: Table, person_id: UUID) -> list[ColumnElement[bool]]:
    """The conditions by which a row is the person's; none when the table knows nobody."""
    of_person: list[ColumnElement[bool]] = [
        key.parent == person_id for key in table.foreign_keys if key.column.table is root
    ]
    by_name: list[ColumnElement[bool]] = [
        column == person_id for column in table.columns if column.name in _PERSON_COLUMNS and not column.foreign_keys
    ]
    # A second step for what hangs on a row that is the person's own by its key (a profile); a third would leave them.
    through: list[ColumnElement[bool]] = [
        key.parent.in_(select(key.column).where(back.parent == person_id))
        for key in table.foreign_keys
        if key.column.table is not root and key.column.table is not table
        for back in key.column.table.foreign_keys
        if back.column.table is root and back.parent.primary_key
    ]
    return [*of_person, *by_name, *through]


async def as_dicts(uow: UnitOfWork, model: type[Base], condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The rows as JSON values by column, without what is secret."""
    return await _read(uow, Base.metadata.tables[model.__tablename__], condition)


async def _read(uow: UnitOfWork, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if _may_be_told(column)]
    found = await uow.session.execute(select(*columns).where(condition))
    return [to_jsonable_python(dict(row._mapping)) for row in found]  # noqa: SLF001 (SQLAlchemy's public name for it)


def _may_be_told(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary) and column.name not in _SECRETS
