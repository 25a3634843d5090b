"""Lists in pages (AIP-158), by key and not by offset: a row added meanwhile shifts nothing."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from hub.errors import InvalidArgument

DEFAULT_PAGE_SIZE = 50
# SQLAlchemy loads what belongs to more than 500 rows in several statements; a page reads one row more than it has.
MAX_PAGE_SIZE = 400

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Key:
    """A column to sort by; it must not be null. The last key of a list must be unique."""

    column: InstrumentedAttribute[Any]
    descending: bool = False


def order_keys(
    order_by: str, columns: Mapping[str, InstrumentedAttribute[Any]], *, unique: InstrumentedAttribute[Any]
) -> list[Key]:
    """The keys that `order_by` asks for: fields with commas between, each may end in " desc" (AIP-132).

    Args:
        order_by: as the caller wrote it; empty is the first of `columns`.
        columns: what may be sorted by, none of them null.
        unique: the last key, if it is not asked for anyway.

    Raises:
        InvalidArgument: a field that is not in `columns`, or one twice.
    """
    keys: list[Key] = []
    for part in order_by.split(",") if order_by.strip() else [next(iter(columns))]:
        name, _, direction = " ".join(part.split()).partition(" ")
        column = columns.get(name)
        if column is None or direction not in ("", "asc", "desc") or any(key.column is column for key in keys):
            raise InvalidArgument.of(
                "order_by",
                f'"{part.strip()}" can\'t be sorted by: give {", ".join(columns)}, each once, or with " desc"',
            )
        keys.append(Key(column, descending=direction == "desc"))
    return keys if any(key.column is unique for key in keys) else [*keys, Key(unique)]


async def page(
    session: AsyncSession,
    query: Select[Row],
    *,
    page_size: int,
    page_token: str,
    keys: Sequence[Key | InstrumentedAttribute[Any]],
) -> tuple[list[Row], str]:
    """One page of a query for one entity, and the token of the next page ("" after the last).

    `page_size` 0 means 50; more than 400 is 400. The query must have no ORDER BY or LIMIT of its own.

    Raises:
        InvalidArgument: negative size, or a token that is not from this list with these filters.
    """
    if page_size < 0:
        raise InvalidArgument.of("page_size", "is negative: give 1 to 400, or 0 for the usual 50")
    size = min(page_size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    sorted_by = [key if isinstance(key, Key) else Key(key) for key in keys]
    digest = _digest(query, sorted_by)
    if page_token:
        query = query.where(_after(sorted_by, _decode(page_token, digest, len(sorted_by))))
    query = query.order_by(*(key.column.desc() if key.descending else key.column.asc() for key in sorted_by))
    rows = list((await session.scalars(query.limit(size + 1))).all())
    if len(rows) <= size:
        return rows, ""
    rows = rows[:size]
    return rows, _encode([getattr(rows[-1], key.column.key) for key in sorted_by], digest)


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    # (a > x) or (a = x and b > y) or ...: row comparison does not mix ascending and descending.
    alternatives: list[ColumnElement[bool]] = []
    for i, (key, value) in enumerate(zip(keys, values, strict=True)):
        equal = [earlier.column == v for earlier, v in zip(keys[:i], values[:i], strict=True)]
        beyond = key.column < value if key.descending else key.column > value
        alternatives.append(and_(*equal, beyond))
    return or_(false(), *alternatives)


def _digest(query: Select[Any], keys: Sequence[Key]) -> str:
    compiled = query.compile()
    order = [(str(key.column), key.descending) for key in keys]
    text = f"{compiled}|{sorted(compiled.params.items(), key=lambda item: item[0])!r}|{order}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _encode(values: Sequence[Any], digest: str) -> str:
    raw = json.dumps([digest, [_to_json(value) for value in values]], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _to_json(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def _from_json(value: Any) -> Any:  # noqa: ANN401 (see _to_json)
    match value:
        case {"uuid": text}:
            return UUID(text)
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case str() | int() | float():
            return value
    raise ValueError(value)


def _decode(token: str, digest: str, count: int) -> list[Any]:
    try:
        given, packed = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = [_from_json(value) for value in packed]
    except (ValueError, TypeError):
        given, values = None, []
    if given != digest or len(values) != count:
        raise InvalidArgument.of(
            "page_token", "is not from this list with these filters: begin again without a page_token"
        )
    return values
