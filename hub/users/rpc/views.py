"""Accounts as callers see them, with what other domains know: the present class group and the teaching load."""

from collections.abc import Sequence

from hub.db.unit_of_work import UnitOfWork
from hub.users.college import College, TeachingLoads
from hub.users.models import User
from hub.users.rpc.messages import user_to_proto
from smartroster.users.v1 import users_pb2 as pb


class UserViews:
    def __init__(self, college: College, loads: TeachingLoads) -> None:
        self._college = college
        self._loads = loads

    async def one(self, uow: UnitOfWork, user: User) -> pb.User:
        [view] = await self.all(uow, [user])
        return view

    async def all(self, uow: UnitOfWork, users: Sequence[User]) -> list[pb.User]:
        """In the same order, in a fixed number of queries."""
        today = await self._college.today(uow)
        trainers = [user.id for user in users if user.trainer is not None]
        loads = await self._loads.weekly_loads(uow, trainers, on=today) if trainers else {}
        return [user_to_proto(user, today, loads.get(user.id)) for user in users]
