"""Reads by primary key, by a statement that is made once a class: making it costs more than running it."""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.db.base import Base

Entity = TypeVar("Entity", bound=Base)


async def find(session: AsyncSession, entity: type[Entity], key: object) -> Entity | None:
    """As `session.get`, for a class with a primary key of one column."""
    known = session.identity_map.get(_identity(entity, key))
    if known is not None and not inspect(known).expired:
        return known  # type: ignore[no-any-return] # an identity map has instances of the class it is asked for
    return (await session.scalars(_by_key(entity), {"key": key})).one_or_none()


def _identity(entity: type[Base], key: object) -> Any:  # noqa: ANN401 (SQLAlchemy's own key)
    return inspect(entity).identity_key_from_primary_key((key,))


@cache
def _by_key(entity: type[Entity]) -> Select[Entity]:
    (column,) = inspect(entity).primary_key
    return select(entity).where(column == bindparam("key", type_=column.type))
