"""Asking a signed-in user for the password again, throttled like a sign-in."""

from uuid import UUID

from hub.db.database import Database
from hub.rpc.auth import current_principal
from hub.users import queries
from hub.users.errors import CurrentPasswordWrong
from hub.users.models import User
from hub.users.passwords import Passwords
from hub.users.service import sign_in
from hub.users.service.throttling import KnownWaits


def caller_id() -> UUID:
    """The user who calls."""
    user_id = current_principal().id
    assert user_id is not None  # noqa: S101 (the permission table lets users in alone)
    return user_id


class OwnPassword:
    def __init__(self, database: Database, passwords: Passwords, waits: KnownWaits) -> None:
        self._db = database
        self._passwords = passwords
        self._waits = waits

    async def confirm(self, password: str) -> tuple[User, sign_in.SignInTry]:
        """The caller, whose password this is. Forgive the try once everything else that was asked for is right, too.

        Raises:
            CurrentPasswordWrong, TooManyTries
        """
        async with self._db.unit_of_work(current_principal(), write=False) as uow:
            user = await queries.get_user(uow, caller_id())
        async with self._db.unit_of_work(current_principal()) as uow:
            tried = await sign_in.begin_try(uow, email=user.email, waits=self._waits)
        if not await self._passwords.match(user.password_hash, password):
            raise CurrentPasswordWrong.of("current_password", "is wrong: give the password you sign in with")
        return user, tried
