import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest

from hub.db.database import Database
from hub.errors import Unavailable
from hub.school.models import Department
from tests.fixtures.database import MakeUow
from tests.fixtures.statements import statements_of

__all__ = ["statements_of"]  # the fixture of this file

Collect = Callable[[], AbstractContextManager[list[str]]]


async def _departments(make_uow: MakeUow) -> list[Department]:
    departments = [Department(code=code, name=code) for code in ("ICT", "BUS", "ENG")]
    async with make_uow() as uow:
        uow.session.add_all(departments)
    return departments


async def test_rows_that_are_asked_for_at_once_are_one_statement(
    database: Database, make_uow: MakeUow, statements_of: Collect
) -> None:
    departments = await _departments(make_uow)
    keys = [departments[0].id, departments[1].id, departments[0].id, uuid4(), departments[2].id]
    with statements_of() as statements:
        found = await asyncio.gather(*(database.row(Department, key) for key in keys))
    assert [row.code if row else None for row in found] == ["ICT", "BUS", "ICT", None, "ENG"]
    assert len([one for one in statements if "departments" in one]) == 1


async def test_row_is_what_was_committed_before_it_was_asked_for(database: Database, make_uow: MakeUow) -> None:
    (department, *_) = await _departments(make_uow)
    for name in ("Computing", "Informatics"):
        async with make_uow() as uow:
            changed = await uow.row(Department, department.id)
            assert changed is not None
            changed.name = name
        found = await database.row(Department, department.id)
        assert found is not None
        assert found.name == name


async def test_unit_of_work_asks_for_a_row_once(make_uow: MakeUow, statements_of: Collect) -> None:
    (department, *_) = await _departments(make_uow)
    async with make_uow(write=False) as uow:
        first = await uow.row(Department, department.id)
        with statements_of() as statements:
            assert await uow.row(Department, department.id) is first
    assert statements == []


async def test_database_that_cannot_be_reached_is_unavailable() -> None:
    database = Database.open("postgresql://nobody:x@127.0.0.1:1/none")
    with pytest.raises(Unavailable):
        await database.row(Department, uuid4())
    await database.dispose()
