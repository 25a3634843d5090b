"""Slowing down who tries too often: counters of an account and of an address, in the database, so replicas agree."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.db.unit_of_work import UnitOfWork
from hub.users.errors import TooManyTries
from hub.users.models import SignInTries
from hub.users.rules import Throttle, email_key

Throttles = Mapping[str, Throttle]

_ACCOUNT = Throttle(free_tries=5)
# A whole college may stand behind one address, and sign in at eight o'clock: open tries count until they succeed.
_ADDRESS = Throttle(free_tries=200)
_MAILS_TO_ONE = Throttle(free_tries=3)
_MAILS_OF_ADDRESS = Throttle(free_tries=50)


def of_sign_in(uow: UnitOfWork, email: str) -> Throttles:
    """The counters of a sign-in, the account's first."""
    return _of(uow, "account", email, _ACCOUNT, "address", _ADDRESS)


def of_mails(uow: UnitOfWork, email: str) -> Throttles:
    """The counters of mails that strangers ask for."""
    return _of(uow, "mail", email, _MAILS_TO_ONE, "mail-address", _MAILS_OF_ADDRESS)


async def refuse_waiting(uow: UnitOfWork, throttles: Throttles) -> None:
    """Refuse who must wait, by reading alone: a flood of tries never gets to the one writer of SQLite.

    Raises:
        TooManyTries: says when to come back.
    """
    rows = await uow.session.scalars(select(SignInTries).where(SignInTries.key.in_(throttles)))
    _refuse(uow, throttles, {row.key: row for row in rows})


async def count(uow: UnitOfWork, throttles: Throttles) -> None:
    """Count one try at each counter, before its outcome is known: many tries at once are all counted.

    Raises:
        TooManyTries: says when to come back; such a try is not counted.
    """
    counters = await _locked(uow, sorted(throttles))
    _refuse(uow, throttles, counters)
    for key, throttle in throttles.items():
        counter = counters[key]
        counter.failures, counter.last_time = _failures(uow, throttle, counter) + 1, uow.now


async def forgive(uow: UnitOfWork, keys: tuple[str, ...]) -> None:
    """The try succeeded: forget the failures of the first key, and this one try of the others."""
    account_key, *rest = keys
    await uow.session.execute(delete(SignInTries).where(SignInTries.key == account_key))
    await uow.session.execute(
        update(SignInTries)
        .where(SignInTries.key.in_(rest), SignInTries.failures > 0)
        .values(failures=SignInTries.failures - 1)
    )


async def forget_old(uow: UnitOfWork) -> None:
    """Delete counters of yesterday."""
    await uow.session.execute(delete(SignInTries).where(SignInTries.last_time < uow.now - timedelta(days=1)))


def _of(
    uow: UnitOfWork, account: str, email: str, account_throttle: Throttle, address: str, address_throttle: Throttle
) -> Throttles:
    # Hashed, so that the table is no list of e-mails that somebody tried.
    throttles = {f"{account}:{sha256(email_key(email).encode()).hexdigest()}": account_throttle}
    if uow.principal.address:
        throttles[f"{address}:{uow.principal.address}"] = address_throttle
    return throttles


def _failures(uow: UnitOfWork, throttle: Throttle, counter: SignInTries) -> int:
    return 0 if counter.last_time + throttle.forgotten_after <= uow.now else counter.failures


def _refuse(uow: UnitOfWork, throttles: Throttles, counters: Mapping[str, SignInTries]) -> None:
    waits = [
        counters[key].last_time + throttle.delay(_failures(uow, throttle, counters[key])) - uow.now
        for key, throttle in throttles.items()
        if key in counters
    ]
    wait = max(waits, default=timedelta(0))
    if wait > timedelta(0):
        raise TooManyTries(
            f"Too many tries: wait {max(1, round(wait.total_seconds()))} s, then try again.", retry_after=wait
        )


async def _locked(uow: UnitOfWork, keys: list[str]) -> dict[str, SignInTries]:
    """The counters of the keys, made where there were none, and locked: tries at the same time count one by one."""
    # Both databases know this insert, by two names.
    insert: Any = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"key": key, "failures": 0, "last_time": uow.now} for key in keys]
    # An update that changes nothing locks a row that was there.
    await uow.session.execute(
        insert(SignInTries)
        .values(rows)
        .on_conflict_do_update(index_elements=["key"], set_={"failures": SignInTries.failures})
    )
    return {row.key: row for row in await uow.session.scalars(select(SignInTries).where(SignInTries.key.in_(keys)))}
