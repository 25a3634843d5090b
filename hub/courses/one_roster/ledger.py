"""Which thing of the hub each sourcedId is, and how many of them an import made, changed and left."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select

from hub.courses.models import SourcedId
from hub.courses.one_roster.roster import Roster
from hub.db.base import Base
from hub.db.unit_of_work import UnitOfWork
from hub.errors import HubError, InvalidArgument
from hub.spreadsheets.columns import Row, Sheet


class Thing(Protocol):
    id: UUID
    etag: int


T = TypeVar("T", bound=Thing)


class Ledger:
    """One import's view of the mapping; `problems` go to the roster."""

    def __init__(self, uow: UnitOfWork, roster: Roster) -> None:
        self.uow = uow
        self.roster = roster
        self.created = self.updated = self.unchanged = 0
        self._rows: dict[tuple[str, str], SourcedId] = {}

    async def load(self) -> None:
        rows = await self.uow.session.scalars(select(SourcedId))
        self._rows = {(row.kind, row.sourced_id): row for row in rows}

    def id_of(self, kind: str, sourced_id: str) -> UUID | None:
        """The thing's id, if it is known; it may have been deleted since."""
        row = self._rows.get((kind, sourced_id))
        return row.object_id if row else None

    async def find(self, kind: str, sourced_id: str, model: type[Base]) -> Base | None:
        """The thing, if it is known and still there."""
        object_id = self.id_of(kind, sourced_id)
        return await self.uow.session.get(model, object_id) if object_id else None

    def link(self, kind: str, sourced_id: str, object_id: UUID) -> None:
        """The sourcedId is this thing from now on."""
        row = self._rows.get((kind, sourced_id))
        if row is None:
            row = SourcedId(kind=kind, sourced_id=sourced_id, object_id=object_id)
            self._rows[kind, sourced_id] = row
            self.uow.session.add(row)
        row.object_id = object_id

    async def make(self, sheet: Sheet, row: Row, kind: str, making: Awaitable[T], keys: dict[str, str]) -> T | None:
        """Make the row's thing and link it; a refusal becomes a problem of the row (`keys`: field to column)."""
        try:
            made = await making
        except HubError as error:
            self.explain(sheet, row, error, keys)
            return None
        self.created += 1
        self.link(kind, row.values["sourcedId"], made.id)
        return made

    async def change(
        self,
        sheet: Sheet,
        row: Row,
        kind: str,
        thing: T,
        changing: Callable[[], Awaitable[object]],
        keys: dict[str, str],
    ) -> T | None:
        """Bring the thing to what its row says and link it; counted as changed when its etag is another one then."""
        before = thing.etag
        try:
            await changing()
        except HubError as error:
            self.explain(sheet, row, error, keys)
            return None
        self.updated += thing.etag != before
        self.unchanged += thing.etag == before
        self.link(kind, row.values["sourcedId"], thing.id)
        return thing

    def explain(self, sheet: Sheet, row: Row, error: HubError, keys: dict[str, str]) -> None:
        """The error as problems of the row."""
        violations = error.violations if isinstance(error, InvalidArgument) else ()
        for violation in violations:
            key = keys.get(violation.field.rpartition(".")[2], "sourcedId")
            self.roster.tell(sheet, row, key, violation.description)
        if not violations:
            self.roster.tell(sheet, row, "sourcedId", error.message)
