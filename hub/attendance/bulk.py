"""Many rows in one statement: on PostgreSQL by `unnest`, which costs a fraction of one INSERT a row."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from hub.db.base import Base, table_of


async def insert_rows(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns. No JSON columns."""
    if not rows:
        return
    table = table_of(model)
    if session.get_bind().dialect.name != "postgresql":
        await session.execute(insert(table), list(rows))
        return
    names = tuple(rows[0])
    connection = await session.connection()
    await connection.exec_driver_sql(_insert_statement(table, names), _arrays(rows, names))


async def update_rows(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Update rows by `id`, all in the same columns. The session's own objects of them are not refreshed."""
    if not rows:
        return
    table = table_of(model)
    names = tuple(rows[0])
    if session.get_bind().dialect.name != "postgresql":
        changed = [name for name in names if name != "id"]
        statement = (
            update(table)
            .where(table.c.id == bindparam("key"))
            .values({name: bindparam(f"new_{name}") for name in changed})
        )
        connection = await session.connection()
        await connection.execute(
            statement, [{"key": row["id"], **{f"new_{name}": row[name] for name in changed}} for row in rows]
        )
        return
    connection = await session.connection()
    await connection.exec_driver_sql(_update_statement(table, names), _arrays(rows, names))


@cache
def _insert_statement(table: Table, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({_parameters(table, names)})"  # noqa: S608 (names of our own tables)


@cache
def _update_statement(table: Table, names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = fresh.{name}" for name in names if name != "id")
    return (
        f"UPDATE {table.name} SET {changes} FROM unnest({_parameters(table, names)}) AS fresh({', '.join(names)}) "  # noqa: S608 (names of our own tables)
        f"WHERE {table.name}.id = fresh.id"
    )


def _parameters(table: Table, names: tuple[str, ...]) -> str:
    return ", ".join(f"%s::{_type_of(table.c[name])}[]" for name in names)


def _type_of(column: Column[Any]) -> str:
    compiled: str = column.type.compile(dialect=postgresql.dialect())
    return compiled


def _arrays(rows: Sequence[Mapping[str, Any]], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(array_literal([row[name] for row in rows]) for name in names)


def array_literal(values: Iterable[Any]) -> str:
    """A PostgreSQL array in its text form. The driver would ask each value for its type and its escapes, which takes
    longer than the INSERT itself. TypeError for a type that no column of these tables has.
    """
    elements = []
    last, text = None, "NULL"
    for value in values:
        # Most columns of a batch hold one and the same object in all rows.
        if value is not last:
            kind = type(value)
            form = _forms.get(kind) or _forms.setdefault(kind, _form_of(kind))
            last, text = value, form(value)
        elements.append(text)
    return "{" + ",".join(elements) + "}"


_forms: dict[type[Any], Callable[[Any], str]] = {}


def _form_of(kind: type[Any]) -> Callable[[Any], str]:
    if issubclass(kind, enum.Enum):
        return lambda value: f'"{value.name}"'
    if issubclass(kind, str):
        return _quoted
    if issubclass(kind, datetime):
        return lambda value: f'"{value.isoformat()}"'
    if issubclass(kind, bytes):
        return lambda value: f'"\\\\x{value.hex()}"'
    if issubclass(kind, UUID | int | float):
        return str
    if kind is type(None):
        return lambda _: "NULL"
    raise TypeError(f"{kind.__name__} has no array form here")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
