"""Storing what was read: twice is once, in few statements."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from hub.courses.college import CollegeOfThisHub
from hub.db.database import Database
from hub.db.principal import SYSTEM
from hub.spreadsheets.reader import read_workbook
from hub.spreadsheets.wire import Outcome
from hub.spreadsheets.writer import write_workbook
from hub.users import queries
from hub.users.models import User
from hub.users.rules import UserState
from hub.users.service import registration
from hub.users.workbook import TRAINEES
from tests.factories.school import make_class_group
from tests.fixtures.database import MakeUow


async def _store(make_uow: MakeUow, rows: Sequence[Mapping[str, Any]]) -> Outcome:
    reading = read_workbook(write_workbook([TRAINEES], title="Trainees", rows={"Trainees": rows}), [TRAINEES])
    async with make_uow() as uow:
        return await registration.register(
            uow, reading, lambda *_: None, kind=registration.TRAINEES, college=CollegeOfThisHub()
        )


_TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


_files = count()


@settings(
    max_examples=12,
    deadline=None,
    # Each example stores; shrinking one that fails would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"given_name": _TEXT, "family_name": _TEXT},
            optional={
                "gender": _TEXT,
                "address": _TEXT,
                "birth_date": st.dates(date(1950, 1, 1), date(2010, 1, 1)),
                "member_since": st.dates(date(2025, 1, 1), date(2027, 1, 1)),
                "guardian_name": _TEXT,
            },
        ),
        max_size=6,
    )
)
async def test_importing_twice_is_importing_once(make_uow: MakeUow, rows: list[dict[str, Any]]) -> None:
    async with make_uow() as uow:
        group = await make_class_group(uow, name="", capacity=0)
    file = next(_files)
    filled = [
        {
            **row,
            "email": f"{file}.{number}@college.example",
            "admission_number": f"{file}/{number}",
            "class_group": group.name,
        }
        for number, row in enumerate(rows)
    ]
    first = await _store(make_uow, filled)
    second = await _store(make_uow, filled)
    assert (first.created, list(first.problems)) == (len(rows), [])
    assert (second.created, second.unchanged, [*second.problems, *second.notices]) == (0, len(rows), [])


async def test_a_thousand_rows_take_few_statements(make_uow: MakeUow, database: Database) -> None:
    async with make_uow() as uow:
        await make_class_group(uow, name="BIG", capacity=0)
    counted = 0

    def count_one(*_args: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count_one)
    rows = [
        {
            "email": f"t{number}@college.example",
            "given_name": "Tia",
            "family_name": f"Wanjiru {number}",
            "admission_number": f"ADM/{number}",
            "class_group": "BIG",
        }
        for number in range(1000)
    ]
    outcome = await _store(make_uow, rows)
    assert outcome.created == 1000
    # A statement a table and 500 rows, at most some more where a driver parts a large one.
    assert counted < 60
    async with database.unit_of_work(SYSTEM, write=False) as uow:
        users = list(await uow.session.scalars(select(User).limit(1)))
        assert users[0].state is UserState.PENDING_VERIFICATION
        assert (await queries.find_by_email(uow, "T7@college.example")) is not None
