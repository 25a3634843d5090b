"""Reads by primary key, by statements that are made once a class: making one costs more than running it."""

from collections.abc import Collection
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.db.base import Base

Entity = TypeVar("Entity", bound=Base)


class Rows(Protocol):
    """A unit of work, or the database itself for a call that needs one row and no more."""

    async def row(self, entity: type[Entity], key: object) -> Entity | None:
        """The row with this primary key of one column, if there is one."""


async def find(session: AsyncSession, entity: type[Entity], key: object) -> Entity | None:
    """As `session.get`, for a class with a primary key of one column."""
    known = session.identity_map.get(_identity(entity, key))
    if known is not None and not inspect(known).expired:
        return known  # type: ignore[no-any-return] # an identity map has instances of the class it is asked for
    return (await session.scalars(_by_key(entity), {"key": key})).one_or_none()


async def find_all(session: AsyncSession, entity: type[Entity], keys: Collection[object]) -> dict[Any, Entity]:
    """Those of the rows that exist, by key, in one statement; for a class with a primary key of one column."""
    rows = await session.scalars(_by_keys(entity), {"keys": list(keys)})
    return {inspect(row).identity[0]: row for row in rows}


def _identity(entity: type[Base], key: object) -> Any:  # noqa: ANN401 (SQLAlchemy's own key)
    return inspect(entity).identity_key_from_primary_key((key,))


@cache
def _by_key(entity: type[Entity]) -> Select[Entity]:
    (column,) = inspect(entity).primary_key
    return select(entity).where(column == bindparam("key", type_=column.type))


@cache
def _by_keys(entity: type[Entity]) -> Select[Entity]:
    (column,) = inspect(entity).primary_key
    return select(entity).where(column.in_(bindparam("keys", type_=column.type, expanding=True)))
