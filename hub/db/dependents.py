"""Who refers to a row: what a refused deletion names."""

from sqlalchemy import func, inspect, literal, select, union_all

from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork


async def dependents_of(uow: UnitOfWork, row: Base, *, apart_from: frozenset[str] = frozenset()) -> dict[str, int]:
    """How many rows of each table refer to this one by a foreign key, in one query; tables with none are missing.

    It sees the tables of every domain, also of those above the caller's. `apart_from` are tables whose rows go with it.
    """
    table = inspect(type(row)).local_table
    identity = inspect(row).identity
    assert identity is not None  # noqa: S101 (a stored row)
    counts = [
        select(literal(other.name), func.count()).where(key.parent == identity[0])
        for other in Base.metadata.sorted_tables
        if other.name not in apart_from
        for key in sorted(other.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table is table
    ]
    if not counts:
        return {}
    found: dict[str, int] = {}
    for name, count in await uow.session.execute(union_all(*counts)):
        if count:
            found[name] = found.get(name, 0) + count
    return found


def in_words(dependents: dict[str, int]) -> str:
    """The answer of `dependents_of` for people: "3 programmes, 12 trainer profiles"."""
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(dependents.items()))
