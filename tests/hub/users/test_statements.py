"""Lists take the same number of statements whatever their length."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import event

from hub.db.database import Database
from hub.db.unit_of_work import UnitOfWork
from hub.users.models import User
from hub.users.rules import GuardianDraft, TraineeDraft
from smartroster.users.v1 import account_pb2, users_pb2
from tests.factories.school import make_class_group
from tests.factories.users import make_hod, make_trainee, make_trainer
from tests.fixtures.database import MakeUow
from tests.fixtures.people_api import PeopleApi, sign_in

Metadata = tuple[tuple[str, str], ...]


async def _add_people(uow: UnitOfWork, count: int) -> None:
    group = await make_class_group(uow, capacity=0)
    for number in range(count):
        await make_trainee(
            uow,
            trainee=TraineeDraft(
                admission_number=f"{group.id}/{number}",
                class_group_id=group.id,
                guardians=(GuardianDraft(name="Ma"),),
            ),
        )
        await make_trainer(uow)
        await make_hod(uow)


@pytest.mark.parametrize("listed", ["users", "audit", "sessions"])
async def test_a_list_takes_the_same_statements_for_three_and_for_thirty(
    api: PeopleApi, ada: User, make_uow: MakeUow, database: Database, listed: str
) -> None:
    metadata = await api.sign_in_as(ada.id)

    async def users() -> int:
        return len((await api.users.ListUsers(users_pb2.ListUsersRequest(page_size=400), metadata=metadata)).users)

    async def audit() -> int:
        request = users_pb2.ListAuditEntriesRequest(page_size=400)
        return len((await api.users.ListAuditEntries(request, metadata=metadata)).audit_entries)

    async def sessions() -> int:
        request = account_pb2.ListSignInSessionsRequest(page_size=400)
        return len((await api.account.ListSignInSessions(request, metadata=metadata)).sign_in_sessions)

    calls: dict[str, Callable[[], Awaitable[int]]] = {"users": users, "audit": audit, "sessions": sessions}
    counted = 0

    def count_one(*_args: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count_one)
    statements, lengths = [], []
    for size in (1, 10):
        async with make_uow() as uow:
            await _add_people(uow, size)
        for _ in range(size):
            await sign_in(api)
        counted = 0
        lengths.append(await calls[listed]())
        statements.append(counted)
    assert lengths[1] >= lengths[0] + 10
    assert statements[0] == statements[1]
